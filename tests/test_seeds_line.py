"""The documents that the product was asked for with, served from loopback as pages of a site: they must reach the right week by the right rule.

Their text belongs to others and lies beside the checkout, never in it; where it is absent these tests are skipped.
"""

import html
import json
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor import bootstrap, pipeline
from monitor.cli.jsonl import article_json
from monitor.digests.due import due_of_week
from monitor.model.feed import Feed
from monitor.settings import FetchSettings, Settings
from monitor.store.promises import ArticleQuery
from monitor.testing import memory_store

SEEDS = Path(__file__).parents[1] / "../shared/seeds"
NOW = "2019-11-25T05:00:00+00:00"

# number → (published, ISO week, rules one of which must have found it)
EXPECTED = {
    "000": ("2016-03-29T15:40:00+03:00", "2016-W13", {"military-attaches"}),
    "001": ("2016-03-30T19:05:00+03:00", "2016-W13", {"nato-buildup"}),
    "002": ("2019-03-10T12:00:00+03:00", "2019-W10", {"cfe-inspections"}),
    "003": ("2016-09-23T10:28:00+03:00", "2016-W38", {"military-attaches"}),
    "004": ("2019-11-18T18:41:00+03:00", "2019-W47", {"nato-buildup"}),
}
WEEKS = {"2016-W13": ("000", "001"), "2016-W38": ("003",), "2019-W10": ("002",), "2019-W47": ("004",)}
UNWANTED = ("death penalty", "capital punishment", "moratorium")

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the folder with the documents is not beside the checkout")


def documents():
    return {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}


def title_of(text):
    """The line that the page would bear as its heading: the first long one that is no trail of links."""
    return next(line.strip() for line in text.splitlines() if len(line.split()) > 5 and " / " not in line)


def in_paragraphs(text):
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return "\n".join(f"<p>{html.escape(block)}</p>" for block in blocks)


def in_lines(text):
    """One block, its lines broken by <br>: as old content systems print."""
    return "<div>" + "<br>\n".join(html.escape(line) for line in text.splitlines()) + "</div>"


def page(title, body, published):
    dated = f'<meta property="article:published_time" content="{published}">' if published else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>{dated}</head>'
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>"
    )


def feed(server, titles, *, dated):
    items = "".join(
        f"<item><title>{html.escape(titles[number])}</title><link>{server.url(f'/{number}.html')}</link><guid>{number}</guid>"
        + (f"<pubDate>{format_datetime(datetime.fromisoformat(EXPECTED[number][0]))}</pubDate>" if dated else "")
        + "</item>"
        for number in titles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Press review</title>'
        f"<link>{server.url('/')}</link><description>Articles</description>{items}</channel></rss>"
    )


def serve(server, body_of, *, dated):
    texts = documents()
    titles = {number: title_of(text) for number, text in texts.items()}
    kind = {"Content-Type": "text/html; charset=utf-8"}
    for number, text in texts.items():
        published = "" if dated else EXPECTED[number][0]
        server.reply(f"/{number}.html", page(titles[number], body_of(text), published).encode(), headers=kind)
    server.reply("/feed.xml", feed(server, titles, dated=dated).encode(), headers={"Content-Type": "application/rss+xml"})


def write_seeds(home, server):
    (home / "seeds").mkdir()
    (home / "seeds" / "press.yml").write_text(
        f"feeds:\n  - {{id: press, name: Press review, url: '{server.url('/feed.xml')}', language: en, stance: independent}}\n",
        encoding="utf-8",
    )


def number_of(article):
    return article["url"].rpartition("/")[2].removesuffix(".html")


class Commands:
    """The line as a person types it."""

    def __init__(self, home, monitor):
        self.home, self.monitor = home, monitor

    def poll(self):
        polled = [json.loads(line) for line in self.monitor("poll", "--once", "--json").stdout.splitlines()]
        assert [(poll["outcome"], poll["new"]) for poll in polled] == [("fetched", 5)]

    def articles(self):
        return [json.loads(line) for line in self.monitor("articles", "list", "--json").stdout.splitlines()]

    def publish(self, week):
        self.monitor("publish", "security-weekly", "--week", week, "--lang", "en", "--dry-run", "--out", "out")


class Parts:
    """The same in one process, with the shipped files loaded once."""

    def __init__(self, home, parts):
        self.home, self.parts = home, parts

    def poll(self):
        assert pipeline.poll(self.parts).new_articles == 5

    def articles(self):
        return [article_json(item, None) for item in self.parts.store.articles(ArticleQuery())]

    def publish(self, week):
        digest = self.parts.files.digest("security-weekly")
        due = due_of_week(digest, week, self.parts.clock())
        pipeline.publish(self.parts, digest, due, ("en",), self.home / "out", dry_run=True)


def test_each_document_comes_into_its_week_by_its_rule(tmp_path, http_server, monitor_in):
    serve(http_server, in_paragraphs, dated=True)
    write_seeds(tmp_path, http_server)
    check_all_weeks(Commands(tmp_path, monitor_in(tmp_path, MONITOR_NOW=NOW)))


@pytest.mark.parametrize(
    ("body_of", "dated"),
    [
        pytest.param(in_paragraphs, False, id="paragraphs-dated-by-the-page"),
        pytest.param(in_lines, True, id="one-block-of-broken-lines"),
        pytest.param(in_lines, False, id="one-block-dated-by-the-page"),
    ],
)
def test_other_pages_of_the_same_text_come_to_the_same(tmp_path, http_server, shipped, body_of, dated):
    serve(http_server, body_of, dated=dated)
    feed = Feed("press", http_server.url("/feed.xml"), "Press review", language="en")
    settings = Settings(
        now=NOW, secret_key="a test's own", fetch=FetchSettings(host_delay_s=0, allow_private=(ip_network("127.0.0.0/8"),))
    )
    parts = bootstrap.build(settings, files=replace(shipped, feeds=(feed,)), store=memory_store())
    check_all_weeks(Parts(tmp_path, parts))
    parts.store.close()


@pytest.fixture(scope="module")
def shipped():
    return bootstrap.load_shipped()


def check_all_weeks(line):
    line.poll()
    articles = {number_of(article): article for article in line.articles()}
    assert set(articles) == set(EXPECTED)
    for number, (published, _, rules) in EXPECTED.items():
        found = {match["rule"] for match in articles[number]["matches"]}
        assert rules <= found, f"{number}: {rules} expected, {found} found"
        assert datetime.fromisoformat(articles[number]["published"]) == datetime.fromisoformat(published)
    for week, numbers in WEEKS.items():
        line.publish(week)
        others = {articles[number]["id"] for number in set(articles) - set(numbers)}
        check_edition(line.home, week, {number: articles[number]["id"] for number in numbers}, others)


def check_edition(home, week, wanted, others):
    """Each of `wanted` (number → article) is told under its rule, none of `others` is told, nor what stood below an article."""
    folder = home / "out" / "security-weekly" / week / "en"
    edition = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    rules_of = {}
    for item in (item for section in edition["sections"] for item in section["items"]):
        told = {source["article"] for source in item["sources"]} | {sentence["article"] for sentence in item["sentences"]}
        for article in told - {None}:
            rules_of.setdefault(article, set()).update(item["rules"])
    for number, article in wanted.items():
        assert EXPECTED[number][2] <= rules_of.get(article, set()), f"{week}: {number} is told under {rules_of.get(article)}"
    assert not others & set(rules_of), f"{week} tells an article of another week"
    for name in ("index.html", "edition.json", "edition.md", "edition.txt", "message.eml"):
        text = (folder / name).read_text(encoding="utf-8").casefold()
        assert not [words for words in UNWANTED if words in text], f"{week}: {name} tells what stood below another article"
