"""The hostile line as a folder of files: pages, feeds and the index of its search are clean, and no name leads out of the folder."""

import functools
import http.server
import json
import re
import threading
import urllib.parse
from pathlib import PurePosixPath

import pytest
from lxml import etree

from monitor.model.errors import StoreFailed
from monitor.web import export
from monitor.web.app import site_templates
from monitor.web.pages import Pages

pytestmark = pytest.mark.slow

BASE = "https://monitor.example"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; [^"]*">')
NAME = re.compile(r"[A-Za-z0-9._%-]+")


@pytest.fixture(scope="module")
def pages(line):
    return Pages(line.store, line.parts.files, site_templates(), BASE, line.parts.clock())


@pytest.fixture(scope="module")
def folder(pages, tmp_path_factory):
    out = tmp_path_factory.mktemp("export") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "card_of", lambda *_: b"drawn elsewhere")  # half a second for each
        assert export.export_site(pages, out).written > 300
    assert sorted(one.name for one in out.parent.iterdir()) == ["site"], "nothing beside the folder"
    return out


def files(folder, ending):
    return [file for file in sorted(folder.rglob(f"*{ending}")) if file.is_file()]


def test_every_name_is_plain_and_every_relative_link_leads_to_a_file_of_the_folder(folder):
    for file in folder.rglob("*"):
        assert NAME.fullmatch(file.name), file
    wrong = set()
    for file in files(folder, ".html"):
        tree = etree.fromstring(file.read_bytes(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
        for href in {str(one).partition("#")[0] for one in tree.xpath("//@href | //@src")} - {""}:
            if re.match(r"https?:|mailto:", href) or re.fullmatch(r"\.\./(?:en|be|ru)/index\.html", href):
                continue  # most editions of the line are printed in one language, of a digest that has three
            target = (file.parent / urllib.parse.unquote(href.partition("?")[0])).resolve()
            target = target / "index.html" if target.is_dir() else target
            if folder.resolve() not in target.parents or not target.is_file():
                wrong.add((str(file.relative_to(folder)), href))
    assert wrong == set()


def test_pages_are_clean(folder, oracle, cases):
    sins, shown = {}, ""
    for file in files(folder, ".html"):
        text = file.read_text(encoding="utf-8")
        shown += text
        if 'http-equiv="refresh"' in text:
            [target] = re.findall(r'content="0; url=([^"]*)"', text)
            assert re.fullmatch(r"[./\w-]+", target), target
            text = text.replace('http-equiv="refresh"', "")
        scripts = re.findall(r'<script src="((?:\.\./)*static/search\.\w+\.js)" defer>', text)
        for own in ("<noscript>", "</noscript>"):
            text = text.replace(own, "")
        found = oracle.judge_html(POLICY.sub("", text), scripts=scripts, forms=() if scripts else (BASE,), sent=False)
        if found:
            sins[str(file.relative_to(folder))] = found
    assert sins == {}
    assert sum(case.mark in shown for case in cases) > 0.5 * len(cases)


def test_feeds_are_well_formed_and_clean(folder, oracle):
    sins = set()
    for file in files(folder, ".atom"):
        for content in etree.fromstring(file.read_bytes()).findall("{*}entry/{*}content"):
            sins |= set(oracle.judge_html(content.text))
    feeds = [file for file in files(folder, ".json") if file.name.startswith("feed.")]
    for file in feeds:
        for item in json.loads(file.read_text(encoding="utf-8"))["items"]:
            sins |= {*oracle.judge_html(item["content_html"]), *oracle.judge_text(item["title"])}
    assert len(feeds) >= 3
    assert sins == set()


def test_the_index_of_the_search_leads_to_pages_of_the_folder_alone(folder, oracle):
    for language in ("en", "be", "ru"):
        items = json.loads((folder / "search" / f"stories.{language}.json").read_text(encoding="utf-8"))["items"]
        assert items
        for item in items:
            bare = item["url"].partition("#")[0]
            assert re.fullmatch(r"\.\./[\w./-]+\.html", bare), bare
            assert (folder / "search" / bare).resolve().is_file()
            assert oracle.judge_text(item["headline"] + item["place"]) == ()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_the_search_in_the_browser_shows_hostile_headlines_as_text(folder, chromium, witnesses, cases):
    """The script of the folder runs, the policy does not hold, and nothing of a headline does."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url, asked, shown = f"http://127.0.0.1:{server.server_port}", [], set()
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.add_init_script(witnesses.CANARY)
    page.on("request", lambda request: None if request.url.startswith(url) else asked.append(request.url))
    try:
        page.goto(f"{url}/search/")
        for case in cases[::29]:
            page.locator("input[name=q]").fill(case.mark)
            page.locator("button[type=submit]").click()
            page.wait_for_function("() => document.querySelector('[role=status]').textContent.length > 0")
            shown |= {case.mark} if case.mark in page.locator(".hits").inner_text() else set()
            page.evaluate(witnesses.CLICK)
            assert page.evaluate("() => window.hits") == [], case
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
    assert len(shown) > 5


@pytest.mark.parametrize(
    "name", ["../outside.html", "weekly/story/../index.html", "/etc/x.html", "weekly/story/./index.html", "weekly\\..\\x", "a//b"]
)
def test_a_name_that_leads_elsewhere_writes_nothing(pages, tmp_path, monkeypatch, name):
    monkeypatch.setattr(export, "export_files", lambda _: iter([export.File(name, lambda: b"x")]))
    with pytest.raises(StoreFailed, match="leads elsewhere"):
        export.export_site(pages, tmp_path / "site")
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_ids_of_every_sort_come_out_as_one_part_of_a_name():
    from monitor.web.places import file_of, story_path

    for story in ("a/b", "../../x", "a\\b", "a?b", "a#b", "%2e%2e", "x y", "ß", "\u202ex"):
        name = file_of(story_path("weekly", story))
        assert PurePosixPath(name).parts[:2] == ("weekly", "story"), story
        assert len(PurePosixPath(name).parts) == 4, story
        assert NAME.fullmatch(PurePosixPath(name).parts[2]), story
