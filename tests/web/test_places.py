"""Addresses: the same page on the live site and in a folder of files."""

import re

import pytest

from monitor.digests.load import TAKEN
from monitor.web.app import Site, make_app
from monitor.web.places import FolderLinks, LiveLinks, file_of, in_language, page_file


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/search", "search/index.html"),
        ("/weekly/", "weekly/index.html"),
        ("/weekly/2019-W10/en/#i-1", "weekly/2019-W10/en/index.html#i-1"),
        ("/weekly/feed.en.atom", "weekly/feed.en.atom"),
        ("/search?q=a&page=2", "search/index.html"),
        ("/static/site.1a.css", "static/site.1a.css"),
    ],
)
def test_a_path_has_one_file(path, file):
    assert file_of(path) == file


def test_a_page_in_another_language_is_a_file_beside_it():
    assert page_file("/weekly/", "be", "en") == "weekly/index.be.html"
    assert page_file("/weekly/", "en", "en") == "weekly/index.html"
    assert page_file("/weekly/story/1/#main", "ru", "en") == "weekly/story/1/index.ru.html#main"


@pytest.mark.parametrize(
    ("path", "language", "address"),
    [
        ("/", "be", "/?lang=be"),
        ("/", "", "/"),
        ("/search?q=a", "be", "/search?q=a&lang=be"),
        ("/weekly/#feeds", "ru", "/weekly/?lang=ru#feeds"),
    ],
)
def test_a_language_stands_before_the_anchor(path, language, address):
    assert in_language(path, language) == address


def test_live_links_keep_the_language_that_was_asked_for():
    assert LiveLinks("be").to("/weekly/") == "/weekly/?lang=be"
    assert LiveLinks("be").to("/weekly/", "ru") == "/weekly/?lang=ru"
    assert LiveLinks().to("/weekly/") == "/weekly/"
    assert LiveLinks("be").file("/weekly/2019-W10/be/") == "/weekly/2019-W10/be/"


@pytest.mark.parametrize(
    ("here", "path", "way"),
    [
        ("index.html", "/weekly/", "weekly/index.html"),
        ("weekly/index.html", "/", "../index.html"),
        ("weekly/2019-W10/en/index.html", "/weekly/", "../../index.html"),
        ("weekly/index.html", "/weekly/", "index.html"),
        ("search/index.html", "/static/site.1a.css", "../static/site.1a.css"),
        ("weekly/index.html", "/weekly/2019-W10/en/#i-1", "2019-W10/en/index.html#i-1"),
    ],
)
def test_folder_links_lead_from_file_to_file(here, path, way):
    assert FolderLinks(here, "en", "en").file(path) == way


def test_folder_links_lead_to_the_running_service_only_where_it_has_an_address():
    assert FolderLinks("index.html", "be", "en").service("/weekly/subscribe/") == ""
    links = FolderLinks("index.html", "be", "en", "https://x.example")
    assert links.service("/weekly/subscribe/") == "https://x.example/weekly/subscribe/?lang=be"
    assert links.to("/weekly/") == "weekly/index.be.html"
    assert links.to("/weekly/", "en") == "weekly/index.html"


def test_no_digest_can_take_an_address_of_the_site(site):
    app = make_app(
        Site(site.world.store, lambda: site.world.parts.files, site.world.parts.sender, site.world.clock, site.metrics)
    )
    first = {route.path.split("/")[1] for route in app.routes}
    assert {part for part in first if re.fullmatch(r"[a-z0-9][a-z0-9-]*", part)} <= TAKEN
