"""What commands and logs print of strangers' words cannot command the terminal, forge a line, or colour what it is not."""

import io
import json
import re
import subprocess
import sys

import pytest

ORDERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@pytest.fixture
def monitor(line, monitor_here):
    return monitor_here(line.home, MONITOR_DATABASE_URL=f"sqlite:///{line.home}/line.db", MONITOR_NOW="2019-03-06T09:00:00+00:00")


@pytest.mark.parametrize(
    "arguments",
    [("articles", "list"), ("articles", "list", "--matched"), ("feeds", "list"), ("outbox", "list"), ("subscribers", "list")],
    ids=" ".join,
)
def test_lists_hold_no_order_to_the_terminal(monitor, arguments):
    assert ORDERS.findall(monitor(*arguments).stdout) == []


def test_an_article_is_shown_without_orders_to_the_terminal(monitor, line):
    from monitor.store.promises import ArticleQuery

    hostile = [
        item.article for item in line.store.articles(ArticleQuery()) if ORDERS.search(item.article.title + item.article.text)
    ]
    assert hostile, "the store keeps what was written"
    for article in hostile[:6]:
        shown = monitor("articles", "show", article.id).stdout
        assert ORDERS.findall(shown) == [], repr(article.title)


def test_data_for_machines_is_one_object_a_line_whatever_the_titles_hold(monitor, cases):
    lines = monitor("articles", "list", "--json").stdout.split("\n")
    assert len([json.loads(one) for one in lines if one]) > 0.9 * len(cases)


LOGGING = """
import json, sys
from monitor.logs import configure_logs, log
configure_logs(sys.argv[1])
for text in json.load(sys.stdin):
    log("feed polled", reason=text)
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_log_has_a_line_for_each_event_and_no_order_to_the_terminal(cases, form):
    texts = [case.text.encode("utf-8", "replace").decode() for case in cases if case.family in {"plain", "header"}]
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, form], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    lines = [line for line in io.StringIO(done.stderr, newline="\n").read().split("\n") if line]
    assert len(lines) == len(texts)
    bare = [re.sub(r"\x1b\[\d+m", "", line) if form == "console" else line for line in lines]
    assert [line for line in bare if ORDERS.search(line)] == []
