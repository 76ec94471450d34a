"""The HTML of a mail as a mail program shows it: narrow and wide, light and dark, without pictures, with nothing fetched from anywhere."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def bodies(world, sink, service):
    """The newest edition's mail in each language, by recipient."""
    readers = ("analyst@reader.example", "chytach@reader.example", "chitatel@reader.example")
    assert world.eventually(lambda: all(world.letters(sink, reader) for reader in readers))
    return {
        reader: next(
            part for part in world.letters(sink, reader)[-1].walk() if part.get_content_subtype() == "html"
        ).get_content()
        for reader in readers
    }


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [600, 320])
def test_mail_reads_well_at_each_width_with_pictures_blocked(chromium, bodies, width, dark):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light")
    asked = []
    page = context.new_page()
    context.route("**/*", lambda route: (asked.append((route.request.resource_type, route.request.url)), route.abort()))
    for reader, body in bodies.items():
        page.set_content(body)
        assert page.evaluate(SIDEWAYS) <= 0, (reader, width)
        found = [
            (one["id"], node["html"][:120])
            for one in Axe().run(page).response["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]
        assert found == [], reader
    context.close()
    assert {kind for kind, _ in asked} <= {"image"}
    assert all(re.match(r"https://monitor\.example/", url) for _, url in asked)


def test_mail_needs_no_picture_no_sheet_and_no_script(bodies):
    for body in bodies.values():
        assert not re.search(r"<script|<link|@import|url\(", body)
        assert all(re.search(r'\balt="[^"]*"', image) for image in re.findall(r"<img[^>]*>", body))
