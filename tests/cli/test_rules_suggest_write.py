"""`monitor rules suggest rule`, and `--write`: what is written loads, keeps comments, and is written only when asked."""

import json

import pytest

ARTICLES = [
    {
        "id": "n1",
        "lang": "en",
        "title": "Negotiators met about grain",
        "text": "The negotiators of both sides spoke about barges.",
    },
    {"id": "n2", "lang": "en", "title": "Barges wait while negotiators argue", "text": "Nobody moved."},
    {"id": "t1", "lang": "en", "title": "Talks agreed on the border bridge in the capital", "labels": ["talks"]},
    {"id": "t2", "lang": "en", "title": "Ministers agreed to hold talks about grain next month", "labels": ["talks"]},
    {"id": "f1", "lang": "en", "title": "The podcast talks show agreed on a new host for the autumn", "labels": []},
    {"id": "f2", "lang": "en", "title": "A new season of the podcast talks show was agreed on Monday", "labels": []},
    *({"id": f"o{n}", "lang": "en", "title": f"Harvest number {n} ends early", "text": "It rained."} for n in range(9)),
]


@pytest.fixture
def bench(desk):
    desk.write("some.jsonl", "".join(json.dumps(article) + "\n" for article in ARTICLES))
    desk.rule = desk.home / "rules" / "talks.yml"
    return desk


def suggest(bench, *words, **how):
    return bench.run("rules", "suggest", *words, "--file", "some.jsonl", **how)


def test_a_drafted_rule_finds_its_examples_passes_its_tests_and_says_what_else_it_finds(bench):
    out = suggest(bench, "rule", "--like", "n1,n2", "--id", "barges").stdout
    assert "negotiators" in out
    assert "finds 2 of the 2 articles, and 0 of 13 others" in out
    assert not (bench.home / "rules" / "barges.yml").exists()
    assert "barges.yml" in suggest(bench, "rule", "--like", "n1,n2", "--id", "barges", "--write").stdout
    tests = bench.lines("rules", "test", "barges")
    assert [test["outcome"] for test in tests] == ["passed", "passed"]
    assert "there already" in suggest(bench, "rule", "--like", "n1,n2", "--id", "barges", "--write", expect=2).stderr


@pytest.mark.parametrize(
    ("like", "told"),
    [("n1", "2 articles are needed"), ("n1,zz", "no such article: zz"), ("n1,o1", "no telling word"), ("n1,o", "more than one")],
)
def test_a_rule_cannot_be_drafted_from(bench, like, told):
    assert told in suggest(bench, "rule", "--like", like, expect=2).stderr


def test_forms_are_written_into_a_term_and_the_version_is_raised(bench):
    before = bench.rule.read_text(encoding="utf-8")
    suggest(bench, "forms", "en", "negotiators")
    assert bench.rule.read_text(encoding="utf-8") == before
    suggest(bench, "forms", "en", "negotiators", "--write", "talks.talks")
    after = bench.rule.read_text(encoding="utf-8")
    assert '"talks", ' in after
    assert "negotiator" in after
    assert ("version: 2" in after, "modified: 2019-03-06" in after) == (True, True)
    assert bench.lines("rules", "test", "talks")
    assert "already" in suggest(bench, "forms", "en", "negotiators", "--write", "talks.talks", expect=2).stderr


@pytest.mark.parametrize("into", ["talks", "talks.nothing", "other.talks"])
def test_a_place_that_is_not_there_is_refused_with_those_that_are(bench, into):
    before = bench.rule.read_text(encoding="utf-8")
    told = suggest(bench, "forms", "en", "negotiators", "--write", into, expect=2).stderr
    assert "talks" in told
    assert bench.rule.read_text(encoding="utf-8") == before


def test_an_exception_is_written_with_its_tests_and_keeps_the_true_hits(bench):
    suggest(bench, "exception", "talks", "--false", "f1,f2", "--write")
    assert "podcast" in bench.rule.read_text(encoding="utf-8")
    assert {test["outcome"] for test in bench.lines("rules", "test", "talks")} == {"passed"}
    matched = [line["matched"] for line in bench.lines("rules", "explain", "talks", "--file", "some.jsonl")]
    assert matched == [False, False, True, True, False, False] + [False] * 9


def test_rules_that_would_not_load_are_not_left_behind(bench, monkeypatch):
    before = bench.rule.read_text(encoding="utf-8")
    monkeypatch.setattr("monitor.cli.suggest_write.next_version", lambda text, _: text + "\nnonsense: 1\n")
    suggest(bench, "forms", "en", "negotiators", "--write", "talks.talks", expect=2)
    assert bench.rule.read_text(encoding="utf-8") == before
