"""Browsers ask for an icon unbidden: they get one, and may keep it."""


def test_the_icon_is_an_image_that_browsers_keep(site):
    answer = site.get("/favicon.ico")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.body.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_pages_of_the_site_name_the_icon(site):
    assert '<link rel="icon" href="/favicon.ico" type="image/png">' in site.get("/").text
