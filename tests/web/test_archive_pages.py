"""The archive over HTTP: addresses that never change, the bytes as frozen, feeds, and what is not there."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from monitor.testing import SENDER
from monitor.web.edition_page import undressed


def test_home_lists_the_digests(site):
    answer = site.get("/")
    assert answer.status == 200
    assert '<a href="/weekly/">Talks weekly</a>' in answer.text


def test_a_digest_without_editions_says_so(site):
    answer = site.get("/weekly/")
    assert answer.status == 200
    assert "No edition has been published yet." in answer.text
    for path in ("/weekly/latest/", "/weekly/feed.en.atom", "/weekly/2019-W10/"):
        assert site.get(path).status == 404


def test_editions_are_listed_newest_first_with_their_languages(site):
    site.publish("2019-W09")
    site.publish("2018-W52", ("be",))
    site.publish("2019-W08")
    page = site.get("/weekly/").text
    assert re.findall(r'<h3><a class="week" href="/weekly/(\d{4}-W\d\d)/', page) == ["2019-W09", "2019-W08", "2018-W52"]
    assert re.findall(r'href="/weekly/2018-W52/(\w+)/" hreflang="(\w+)"', page) == [("be", "be")]
    assert set(re.findall(r'href="/weekly/2019-W09/(\w+)/"', page)) == {"en", "be"}
    assert page.index(">2019</h2>") < page.index(">2018</h2>")


def test_an_edition_is_served_in_the_bytes_that_were_frozen(site):
    site.publish("2019-W10")
    frozen = site.world.store.edition_of_week("weekly", "2019-W10").renditions["be"]
    forms = {
        "frozen.html": ("text/html", frozen.html),
        "edition.json": ("application/json", frozen.json),
        "edition.md": ("text/markdown", frozen.markdown),
        "edition.txt": ("text/plain", frozen.text),
    }
    for name, (kind, text) in forms.items():
        answer = site.get(f"/weekly/2019-W10/be/{name}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, f"{kind}; charset=utf-8")
        assert answer.text == text
        assert answer.headers["Last-Modified"] == "Wed, 06 Mar 2019 09:00:00 GMT"


def test_the_page_of_an_edition_is_what_was_frozen_with_pieces_put_in_between(site):
    for week in ("2019-W09", "2019-W10"):
        site.publish(week)
    frozen = site.world.store.edition_of_week("weekly", "2019-W10").renditions["be"].html
    answer = site.get("/weekly/2019-W10/be/")
    assert answer.text != frozen
    assert undressed(answer.text) == frozen
    assert answer.headers["Last-Modified"] == "Wed, 06 Mar 2019 09:00:00 GMT"


def test_the_archive_folder_and_the_site_say_the_same(site):
    site.publish("2019-W10")
    for language in ("en", "be"):
        folder = site.world.out / "weekly" / "2019-W10" / language
        for name in ("edition.json", "edition.md", "edition.txt"):
            assert site.get(f"/weekly/2019-W10/{language}/{name}").body == (folder / name).read_bytes()
        assert site.get(f"/weekly/2019-W10/{language}/frozen.html").body == (folder / "index.html").read_bytes()


def test_a_reader_who_has_the_page_is_told_so(site):
    site.publish("2019-W10")
    first = site.get("/weekly/2019-W10/en/")
    again = site.get("/weekly/2019-W10/en/", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert site.get("/weekly/2019-W10/en/", If_None_Match='"other"').status == 200


def test_an_edition_once_frozen_stays_though_rules_and_digest_change(site):
    site.publish("2019-W10")
    before = undressed(site.get("/weekly/2019-W10/en/").text)
    [digest] = site.world.parts.files.digests
    renamed = replace(digest, title={"en": "Another title"})
    site.world.parts = replace(site.world.parts, files=replace(site.world.parts.files, digests=(renamed,)))
    assert "Another title" in site.get("/").text
    assert undressed(site.get("/weekly/2019-W10/en/").text) == before


def test_shorter_addresses_lead_to_the_digests_first_language(site):
    site.publish("2019-W09", ("be",))
    site.publish("2019-W10")
    for path, target in [
        ("/weekly/latest/", "/weekly/2019-W10/en/"),
        ("/weekly/2019-W10/", "/weekly/2019-W10/en/"),
        ("/weekly/2019-W09/", "/weekly/2019-W09/be/"),
    ]:
        answer = site.get(path)
        assert (answer.status, answer.headers["Location"]) == (302, target)


def test_feed_and_json_can_be_read_by_machines(site):
    site.publish("2019-W09")
    site.publish("2019-W10")
    answer = site.get("/weekly/feed.en.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.body)
    atom = "{http://www.w3.org/2005/Atom}"
    links = [entry.find(f"{atom}link").get("href") for entry in root.findall(f"{atom}entry")]
    assert [link.removeprefix(SENDER.base_url) for link in links] == ["/weekly/2019-W10/en/", "/weekly/2019-W09/en/"]
    again = site.get("/weekly/feed.en.atom", If_None_Match=answer.headers["ETag"])
    assert again.status == 304
    assert json.loads(site.get("/weekly/2019-W10/en/edition.json").text)["window"]["week"] == "2019-W10"


def test_links_of_an_edition_that_lead_into_the_archive_are_answered(site):
    site.publish("2019-W10")
    page = site.get("/weekly/2019-W10/en/").text
    base = "/weekly/2019-W10/en/"
    targets = {link for link in re.findall(r'(?:href|src)="([^"#]+)', page) if not link.startswith(("http", "mailto:", "data:"))}
    inside = {link.removeprefix(SENDER.base_url) for link in re.findall(r'href="(https://news\.example\.org[^"#]*)', page)}
    for path in {urljoin(base, target) for target in targets} | inside:
        assert site.get(path).status in {200, 301, 302}, f"{path} is linked and not there"


def test_what_is_not_there_is_a_page_that_says_so(site):
    site.publish("2019-W10")
    for path in (
        "/another/",
        "/weekly/2019-W11/",
        "/weekly/2019-W10/ru/",
        "/weekly/2019-W10/en/edition.pdf",
        "/weekly/2019-W10/en/message.eml",
        "/weekly/feed.ru.atom",
        "/weekly/..%2f..%2fetc/passwd",
        "/nothing/",
        "/weekly/2019-W10/en/../../../etc/passwd",
    ):
        answer = site.get(path)
        assert answer.status == 404, path
        assert "There is no such page here." in answer.text, path


def test_hostile_words_in_an_address_are_not_printed(site):
    answer = site.get("/%3Cscript%3Ealert(1)%3C/script%3E/")
    assert answer.status == 404
    assert "<script>" not in answer.text


def test_head_asks_for_no_body_and_writing_is_refused(site):
    site.publish("2019-W10")
    head = site.ask("HEAD", "/weekly/2019-W10/en/")
    assert (head.status, head.body) == (200, b"")
    assert site.ask("POST", "/weekly/2019-W10/en/", b"x").status == 405
    assert site.ask("DELETE", "/weekly/2019-W10/en/").status == 405


def test_every_answer_carries_the_safe_headers_and_sets_no_cookie(site):
    site.publish("2019-W10")
    for path in ("/", "/weekly/", "/weekly/2019-W10/en/", "/nothing/", "/healthz", "/u/x"):
        headers = site.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer"), path
        assert headers["Set-Cookie"] is None, path
        assert headers["Server"] is None, path


def test_pages_need_no_script_and_fetch_nothing_from_elsewhere(site):
    site.publish("2019-W10")
    for path in ("/", "/weekly/", "/weekly/2019-W10/en/"):
        page = site.get(path).text
        assert "<script" not in page.lower().replace('<script type="application/ld+json">', "")
        loaded = re.findall(r'(?:src|<link[^>]+rel="(?:stylesheet|icon)"[^>]*href)="([^"]+)"', page)
        assert all(address.startswith(("/static/", "../stories-", "/favicon.ico")) for address in loaded), (path, loaded)


def test_pictures_of_a_page_are_served_as_they_lie_in_the_archive_folder(site):
    site.publish("2019-W10")
    (source,) = set(re.findall(r'<img src="([^"]+)"', site.get("/weekly/2019-W10/en/").text))
    answer = site.get(urljoin("/weekly/2019-W10/en/", source))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.body == (site.world.out / "weekly" / "2019-W10" / source.removeprefix("../")).read_bytes()
    again = site.get(urljoin("/weekly/2019-W10/en/", source), If_None_Match=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert site.get("/weekly/2019-W10/stories-weather.png").status == 404
    assert site.get("/weekly/2019-W11/stories-talks.png").status == 404


def test_an_edition_of_a_digest_that_is_gone_from_the_files_is_still_served(site):
    site.publish("2019-W10")
    site.world.parts = replace(site.world.parts, files=replace(site.world.parts.files, digests=()))
    site.world.clock.advance(timedelta(days=1))
    assert site.get("/weekly/2019-W10/en/").status == 200
    assert site.get("/weekly/").status == 404
    assert "No digest is defined yet." in site.get("/").text
