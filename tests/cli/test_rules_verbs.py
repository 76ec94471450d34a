"""What all verbs of the rule workbench have in common: no network, and the same forms of report."""

import json
import re
import socket
import xml.etree.ElementTree as ET

import pytest
from rich.cells import cell_len

from monitor.cli.rules import VERBS
from monitor.cli.rules_suggest import VERBS as SUGGESTIONS

ARTICLES = [
    {"id": "a", "title": "Talks agreed after a week", "text": "", "lang": "en", "labels": ["talks"], "published": "2019-03-05"},
    {"id": "b", "title": "Harvest ends | early", "text": "", "lang": "en", "labels": [], "published": "2019-03-05"},
    {"id": "c", "title": "Talk of the town", "text": "", "lang": "en", "labels": ["talks"], "published": "2019-03-05"},
]
CALLS = {
    "check": [()],
    "test": [()],
    "explain": [
        ("--file", "articles.jsonl"),
        ("--why-not", "--file", "articles.jsonl"),
        ("talks", "--near-miss", "--file", "articles.jsonl"),
        ("--article", "http"),
    ],
    "backtest": [("--file", "articles.jsonl"), ()],
    "diff": [("HEAD..WORK", "--file", "articles.jsonl")],
    "coverage": [("--archive", "--drop"), ("--file", "articles.jsonl")],
    "eval": [("--file", "articles.jsonl"), ()],
    "label": [("--list",), ("--import",), ("--export",), ("talks", "http")],
    "hygiene": [("--file", "articles.jsonl"), ()],
    "list": [()],
    "suggest": [],
    "new": [("visits", "--dry-run"), ("visits",)],
    "fmt": [()],
    "schema": [()],
    "words": [()],
}
SUGGESTED = {
    "forms": [("en", "talk", "--file", "articles.jsonl")],
    "variants": [("Minsk", "--file", "articles.jsonl")],
    "terms": [("talks", "--file", "articles.jsonl")],
    "exception": [("talks", "--false", "a,b", "--file", "articles.jsonl")],
    "rule": [("--like", "a,c", "--file", "articles.jsonl")],
}


@pytest.fixture
def workbench(desk):
    desk.write("articles.jsonl", "".join(f"{json.dumps(article)}\n" for article in ARTICLES))
    return desk


@pytest.fixture
def no_network(monkeypatch):
    """Every way to open a connection or to ask for a name is an error that no code takes for a failed download."""
    asked = []

    def refuse(*arguments, **_):
        asked.append(arguments)
        raise AssertionError(f"the network was asked: {arguments}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    return asked


def called(desk, capsys, *arguments):
    """What a verb prints, whatever its exit code is, but no crash."""
    for expect in (0, 1, 2, 3):
        try:
            return desk.run(*arguments, expect=expect)
        except AssertionError as error:
            if f"ended with {expect}" in str(error) or "network was asked" in str(error):
                raise
    raise AssertionError(f"{arguments} ended in no known way")


def test_each_verb_is_called_here():
    assert set(VERBS) <= set(CALLS)
    assert set(SUGGESTED) == set(SUGGESTIONS)


@pytest.mark.parametrize(
    "arguments",
    [(verb, *call) for verb, calls in CALLS.items() if verb in VERBS for call in calls]
    + [("suggest", verb, *call) for verb, calls in SUGGESTED.items() for call in calls],
    ids=" ".join,
)
def test_no_verb_asks_the_network(workbench, no_network, capsys, arguments):
    called(workbench, capsys, "rules", *arguments)
    assert no_network == []


REPORTING = [
    ("check",),
    ("test",),
    ("explain", "--file", "articles.jsonl"),
    ("explain", "--why-not", "--file", "articles.jsonl"),
    ("explain", "talks", "--near-miss", "--file", "articles.jsonl"),
    ("coverage", "--file", "articles.jsonl"),
    ("eval", "--file", "articles.jsonl"),
    ("hygiene", "--file", "articles.jsonl"),
    ("list",),
]


@pytest.mark.parametrize("arguments", REPORTING, ids=" ".join)
def test_each_report_as_junit_is_xml_whose_counts_are_right(workbench, capsys, arguments):
    root = ET.fromstring(called(workbench, capsys, "rules", *arguments, "--format", "junit").stdout)
    cases = root.findall("testcase")
    assert root.attrib["tests"] == str(len(cases))
    assert root.attrib["failures"] == str(len(root.findall("testcase/failure")))
    assert all(case.attrib["name"] and case.attrib["classname"] for case in cases)


@pytest.mark.parametrize("arguments", REPORTING, ids=" ".join)
def test_each_report_as_markdown_has_aligned_tables(workbench, capsys, arguments):
    out = called(workbench, capsys, "rules", *arguments, "--format", "md").stdout
    tables = re.findall(r"(?:^\|.*\n?)+", out, re.MULTILINE)
    for table in tables:
        lines = table.strip().split("\n")
        assert len({cell_len(line) for line in lines}) == 1, table
        assert re.fullmatch(r"\|( -+:? \|)+", lines[1]), table
    assert tables or "No findings." in out


@pytest.mark.parametrize("arguments", REPORTING, ids=" ".join)
def test_json_and_format_json_are_the_same_lines(workbench, capsys, arguments):
    short = called(workbench, capsys, "rules", *arguments, "--json").stdout
    assert short == called(workbench, capsys, "rules", *arguments, "--format", "json").stdout
    assert all(isinstance(json.loads(line), dict) for line in short.splitlines())


@pytest.mark.parametrize("arguments", REPORTING, ids=" ".join)
def test_nothing_is_coloured_where_no_terminal_is(workbench, capsys, arguments):
    assert "\x1b" not in called(workbench, capsys, "rules", *arguments).stdout


def test_why_not_answers_with_the_change_that_mends_it(workbench):
    workbench.write("one.jsonl", json.dumps({"id": "x", "title": "Talkss were held", "text": "", "lang": "en"}))
    out = workbench.run("rules", "explain", "talks", "--why-not", "--file", "one.jsonl", expect=1).stdout
    assert 'add "talkss" to terms.talks.en' in out


def test_why_not_of_a_stored_article_by_its_address(workbench):
    workbench.run("poll")
    harvest = next(item for item in workbench.lines("articles", "list") if not item["matches"])
    [told] = workbench.lines("rules", "explain", "talks", "--why-not", "--article", harvest["url"], expect=1)
    assert (told["id"], told["matched"], told["changes"]) == (harvest["id"], False, [])


def test_near_misses_want_one_rule(workbench):
    assert "one rule" in workbench.run("rules", "explain", "--near-miss", "--file", "articles.jsonl", expect=2).stderr
