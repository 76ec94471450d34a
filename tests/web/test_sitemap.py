"""What search engines are told."""

from xml.etree import ElementTree as ET

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BASE = "https://news.example.org"


def test_every_public_page_is_listed_with_its_languages_and_answers(site):
    site.publish("2019-W09")
    site.publish("2019-W10")
    root = ET.fromstring(site.get("/sitemap.xml").body)
    urls = {url.findtext("s:loc", "", NAMES): url for url in root.findall("s:url", NAMES)}
    for path in ("/?lang=en", "/weekly/?lang=be", "/sources/?lang=ru", "/weekly/2019-W09/be/", "/weekly/2019-W10/en/"):
        assert BASE + path in urls, path
    assert any("/weekly/story/" in url for url in urls)
    for url in urls:
        assert url.startswith(BASE)
        assert site.get(url.removeprefix(BASE)).status == 200, url
    edition = urls[f"{BASE}/weekly/2019-W10/en/"]
    others = {link.get("hreflang"): link.get("href") for link in edition.findall("x:link", NAMES)}
    assert others == {"en": f"{BASE}/weekly/2019-W10/en/", "be": f"{BASE}/weekly/2019-W10/be/"}
    assert edition.findtext("s:lastmod", "", NAMES) == "2019-03-06T09:00:00Z"


def test_robots_are_kept_from_what_is_private_and_endless(site):
    text = site.get("/robots.txt").text
    assert f"Sitemap: {BASE}/sitemap.xml" in text
    for path in ("/u/", "/mark/", "/desk/", "/search?"):
        assert f"Disallow: {path}\n" in text


def test_pages_say_where_they_stand_and_what_they_look_like_when_shared(site):
    site.publish("2019-W10")
    page = site.get("/weekly/?lang=be").text
    assert f'<link rel="canonical" href="{BASE}/weekly/?lang=be">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{BASE}/weekly/">' in page
    assert f'<meta property="og:image" content="{BASE}/weekly/2019-W10/card.be.png">' in page
    edition = site.get("/weekly/2019-W10/en/").text
    assert f'<meta property="og:image" content="{BASE}/weekly/2019-W10/card.en.png">' in edition
    assert '<link rel="alternate" type="application/feed+json" href="/weekly/feed.en.json">' in edition
    assert site.get("/weekly/2019-W10/card.en.png").body.startswith(b"\x89PNG")
    assert site.get("/weekly/2019-W10/card.ru.png").status == 404
