"""The exported archive: every link of it leads somewhere, over real HTTP and on the live site; nothing private is in its bytes."""

import http.server
import json
import re
import threading
import urllib.error
import urllib.request
from functools import partial
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from monitor import desk
from monitor.web.app import site_templates
from monitor.web.export import MANIFEST, export_site, without_marks
from monitor.web.pages import Pages

BASE = "https://news.example.org"


def pages_of(site, base=BASE):
    world = site.world
    return Pages(world.store, world.parts.files, site_templates(), base, world.clock())


@pytest.fixture
def published(site):
    """A site with three editions, one of them corrected, of a digest that asks its readers, with a subscriber."""
    from dataclasses import replace

    world = site.world
    [digest] = world.parts.files.digests
    files = replace(world.parts.files, digests=(replace(digest, ask_relevance=True),))
    world.parts = replace(world.parts, files=files)
    site.subscribe("ann.reader@example.com")
    for week in ("2019-W08", "2019-W09", "2019-W10"):
        site.publish(week)
    edition = world.store.edition_of_week("weekly", "2019-W10")
    draft = desk.revise(world.parts, edition, {"en": "A name.", "be": "Імя."}, mail=False)
    desk.publish_draft(world.parts, desk.approve(world.parts, draft), world.out)
    return site


class Links(HTMLParser):
    """What a page leads to, what it loads, and its anchors."""

    def __init__(self):
        super().__init__()
        self.leads, self.loads, self.ids = set(), set(), set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        loads = tag in {"img", "script", "iframe", "source"} or (tag == "link" and given.get("rel") in {"stylesheet", "icon"})
        for name in ("href", "src", "action"):
            if given.get(name):
                (self.loads if loads else self.leads).add(given[name])
        if tag == "form" and given.get("data-index"):
            self.loads.add(given["data-index"])
        if tag == "meta" and given.get("http-equiv") == "refresh":
            self.leads.add(given["content"].partition("url=")[2])


def crawl(start, get, *, service=()):
    """Every page that can be reached; fails on the first link that leads nowhere. Returns address → parsed page.

    Addresses of the site's own are followed here; those that end in one of `service` only the running service has.
    """

    def here(url):
        return start + url.removeprefix(f"{BASE}/") if url.startswith(f"{BASE}/") and not url.endswith(tuple(service)) else url

    def inside(url):
        return url.startswith(start)

    seen, waiting, found = set(), [start], {}
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        status, kind, body, final = get(url)
        assert status == 200, f"{url}: {status}"
        if not kind.startswith("text/html"):
            continue
        links = found[url] = Links()
        links.feed(body.decode())
        assert all(inside(urljoin(final, one)) for one in links.loads), f"{url} loads {links.loads}"
        for link in links.leads | links.loads:
            target = here(urldefrag(urljoin(final, link)).url)
            if inside(target):
                waiting.append(target)
    for url, links in found.items():
        for link in links.leads:
            target, anchor = urldefrag(urljoin(url, link))
            if anchor and target in found and not anchor.startswith(":~:"):
                assert unquote(anchor) in found[target].ids, f"{url} leads to {link}, and there is no such place"
    return found


def asking(opener):
    def get(url):
        try:
            with opener.open(url, timeout=20) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read(), answer.url
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], b"", url

    return get


@pytest.fixture
def folder(published, tmp_path):
    out = tmp_path / "export"
    export_site(pages_of(published), out)
    return out


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_link_of_the_folder_leads_somewhere_over_http(served, folder):
    found = crawl(
        served, asking(urllib.request.build_opener()), service=("/subscribe/", "/frozen.html", "lang=be", "lang=ru", "lang=en")
    )
    names = {unquote(url.removeprefix(served)) for url in found}
    for name in (
        "index.ru.html",
        "weekly/index.be.html",
        "weekly/2019-W08/en/index.html",
        "weekly/2019-W10/en-r1/index.html",
        "search/index.html",
    ):
        assert name in names, name
    assert any(name.startswith("weekly/story/") for name in names)
    everything = {str(file.relative_to(folder)) for file in folder.rglob("*.html")}
    unreached = everything - {name + "index.html" if name.endswith("/") or not name else name for name in names}
    assert unreached <= {f"weekly/{week}/index.html" for week in ("2019-W08", "2019-W09", "2019-W10", "latest")}


def test_every_link_of_the_live_site_leads_somewhere(published):
    start = f"http://127.0.0.1:{published.port}/"
    found = crawl(start, asking(urllib.request.build_opener()))
    paths = {url.removeprefix(start[:-1]) for url in found}
    assert {"/", "/weekly/", "/sources/", "/search", "/weekly/2019-W09/be/", "/weekly/2019-W10/en-r1/index.html"} <= paths


def test_no_file_holds_a_token_a_reader_or_a_return_path(folder, published):
    secret = published.world.parts.sender.secret
    live = published.get("/weekly/2019-W10/en/").text
    assert "/mark/weekly/" in live
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "robots.txt" and file.suffix not in {".png", ".ico"}:
            body = file.read_bytes()
            for private in (
                b"/mark/",
                b"/u/",
                b"{{",
                b"ann.reader",
                b"example.com",
                b"bounce",
                secret,
                b"List-Unsubscribe",
            ):
                assert private not in body, f"{private!r} in {file.name}"
            assert not re.findall(rb"[\w.+-]+@[\w-]+\.[a-z]{2,}", body), file.name


def test_an_export_done_again_writes_nothing_and_a_new_edition_only_what_it_changes(folder, published):
    assert export_site(pages_of(published), folder).written == 0
    old = (folder / "weekly/2019-W08/en/index.html").stat().st_mtime_ns
    published.publish("2019-W07")
    report = export_site(pages_of(published), folder)
    assert 0 < report.written < report.written + report.unchanged
    assert (folder / "weekly/2019-W07/be/index.html").is_file()
    assert (folder / "weekly/2019-W08/en/index.html").stat().st_mtime_ns != old, "its way back is new"


def test_what_is_gone_is_removed_and_what_others_put_there_stays(folder, published):
    (folder / "CNAME").write_text("news.example.org")
    manifest = json.loads((folder / MANIFEST).read_text())
    stray = folder / "weekly/1999-W01/en/index.html"
    stray.parent.mkdir(parents=True)
    stray.write_text("old")
    (folder / MANIFEST).write_text(json.dumps(manifest | {"weekly/1999-W01/en/index.html": "x", "../outside": "x"}))
    (folder.parent / "outside").write_text("mine")
    assert export_site(pages_of(published), folder).removed == 1
    assert not (folder / "weekly/1999-W01").exists()
    assert (folder / "CNAME").exists()
    assert (folder.parent / "outside").exists()


def test_without_an_address_nothing_leads_to_one(published, tmp_path):
    export_site(pages_of(published, ""), tmp_path)
    page = (tmp_path / "weekly/index.html").read_text()
    assert "canonical" not in page
    assert "og:" not in page
    assert "subscribe/" not in page
    assert not (tmp_path / "sitemap.xml").exists()


def test_the_same_page_in_a_folder_names_its_own_address_there(folder):
    page = (folder / "weekly/index.be.html").read_text()
    assert f'<link rel="canonical" href="{BASE}/weekly/index.be.html">' in page
    assert f'hreflang="x-default" href="{BASE}/weekly/"' in page
    sitemap = (folder / "sitemap.xml").read_text()
    assert f"<loc>{BASE}/weekly/index.be.html</loc>" in sitemap
    assert "lang=" not in sitemap.replace("hreflang=", "")


def test_the_index_for_the_browser_holds_what_a_search_compares(folder):
    index = json.loads((folder / "search/stories.en.json").read_text())
    [first, *_] = index["items"]
    assert first["headline"] == "Talks agreed"
    assert "bridg" in first["terms"].split()
    assert first["url"].startswith("../weekly/2019-W10/en/index.html#i-")
    page = (folder / "search/index.html").read_text()
    assert "<script src=" in page
    assert page.count("Talks agreed") == 1, "the list is whole without the script"
    assert "<script" not in (folder / "index.html").read_text()


@pytest.mark.parametrize(
    "text",
    [
        '<p class="why ask">Relevant? <a href="https://x.example/mark/w/2019/s/TOKEN?lang=en">Yes</a> · <a href="/mark/w/TOKEN">No</a></p>\n',
        '&lt;p class="why ask"&gt;Relevant? &lt;a href="https://x.example/mark/w/TOKEN"&gt;Yes&lt;/a&gt;&lt;/p&gt;',
        'A template of its own: <a href="https://x.example/mark/w/TOKEN">Yes</a>',
    ],
)
def test_questions_to_readers_are_left_out_with_their_tokens(text):
    assert "TOKEN" not in without_marks(f"<p>before</p>{text}<p>after</p>")
    assert without_marks(f"<p>before</p>{text}<p>after</p>").startswith("<p>before</p>")
