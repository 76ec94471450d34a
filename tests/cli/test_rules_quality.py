"""`monitor rules eval`, `label` and `coverage`."""

import json
import re
import xml.etree.ElementTree as ET
from contextlib import closing
from datetime import UTC, datetime

import pytest

from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.store.open import open_store

RIGHT = {"id": "a", "title": "Talks agreed after a week", "text": "", "lang": "en", "labels": ["talks"], "direction": "improves"}
QUIET = {"id": "b", "title": "Harvest ends", "text": "", "lang": "en", "labels": [], "also_ok": [], "direction": "neutral"}
MISSED = {"id": "c", "title": "They met | and agreed", "text": "", "lang": "en", "labels": ["talks"], "direction": "improves"}


def labelled(desk, *rows):
    return desk.write("labelled.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))


def figures(lines, key):
    return next(line for line in lines if key in line)


def test_eval_of_articles_that_are_all_right_ends_with_0(desk):
    out = desk.run("rules", "eval", "--file", labelled(desk, RIGHT, QUIET), "--min-f1", "0.9").stdout
    assert "2 articles: micro F1 1.000" in out
    assert "nothing wrong" in out


def test_eval_lists_what_is_wrong_with_the_reason(desk):
    file = labelled(desk, RIGHT, MISSED)
    out = desk.run("rules", "eval", "--file", file).stdout
    assert "missed" in out
    assert "They met" in out
    assert "require: talks" in out
    lines = desk.lines("rules", "eval", "--file", file, "--cross-validate", "event")
    assert figures(lines, "rule")["recall"] == 0.5
    assert figures(lines, "slip")["article"] == "c"
    assert figures(lines, "held_out")["f1"] <= figures(lines, "articles")["f1"]
    low, high = figures(lines, "articles")["f1_interval"]
    assert low < 2 / 3 < high


def test_eval_below_a_floor_ends_with_1(desk):
    file = labelled(desk, RIGHT, MISSED)
    assert "below the floor" in desk.run("rules", "eval", "--file", file, "--min-f1", "0.9", expect=1).stdout
    assert desk.run("rules", "eval", "--file", file, "--min-rule-f1", "0.9", expect=1)
    assert desk.run("rules", "eval", "--file", file, "--min-direction", "0.5", expect=0)


def test_eval_as_junit_has_a_case_for_each_article(desk):
    file = labelled(desk, RIGHT, QUIET, MISSED)
    suite = ET.fromstring(desk.run("rules", "eval", "--file", file, "--format", "junit").stdout)
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.get("name").split()[0] for case in suite if case.find("failure") is not None] == ["c"]


def test_eval_as_markdown_keeps_its_tables_whole(desk):
    out = desk.run("rules", "eval", "--file", labelled(desk, RIGHT, MISSED), "--format", "md").stdout
    assert re.search(r"\| talks +\| +1 \| +0 \| +1 \|", out)
    assert r"They met \| and agreed" in out


def test_eval_refuses_a_line_without_labels_and_tells_which(desk):
    file = labelled(desk, RIGHT, {"id": "x", "title": "No labels"})
    assert "line 2" in desk.run("rules", "eval", "--file", file, expect=2).stderr
    file = labelled(desk, {**RIGHT, "direction": "upwards"})
    assert "upwards" in desk.run("rules", "eval", "--file", file, expect=2).stderr
    assert "no such rule: nothing" in desk.run("rules", "eval", "nothing", "--file", file, expect=2).stderr


def test_eval_without_marks_says_how_to_get_some(desk):
    assert "monitor rules label" in desk.run("rules", "eval", expect=2).stderr


def test_a_mark_is_a_line_beside_the_rules_and_is_evaluated(desk):
    desk.run("poll")
    articles = {article["title"]: article for article in desk.lines("articles", "list")}
    talks, harvest = articles["Talks agreed"], articles["Harvest ends"]
    desk.run("rules", "label", "talks", talks["id"][:8], "--direction", "improves", "--by", "ann")
    desk.run("rules", "label", "talks", harvest["url"], "--not-relevant", "--by", "ann", "--note", "about grain")
    lines = [json.loads(line) for line in (desk.home / "rules" / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["rule"], line["relevant"], line["by"], line["at"]) for line in lines] == [
        (talks["id"], "talks", True, "ann", "2019-03-06T09:00:00Z"),
        (harvest["id"], "talks", False, "ann", "2019-03-06T09:00:00Z"),
    ]
    assert [mark["relevant"] for mark in desk.lines("rules", "label", "--list")] == [True, False]
    assert "2 marks" in desk.run("rules", "label", "talks", "--list").stdout
    assert figures(desk.lines("rules", "eval"), "articles")["right"] == 1
    exported = desk.write("marked.jsonl", desk.run("rules", "label", "--export").stdout)
    assert figures(desk.lines("rules", "eval", "--file", exported), "articles")["articles"] == 2
    assert desk.run("rules", "check"), "the labels file disturbs no other verb"


def test_a_mark_given_anew_replaces_the_old_one(desk):
    desk.run("poll")
    talks = next(article for article in desk.lines("articles", "list") if article["matches"])
    desk.run("rules", "label", "talks", talks["id"])
    desk.run("rules", "label", "talks", talks["id"], "--not-relevant")
    assert [mark["relevant"] for mark in desk.lines("rules", "label", "--list")] == [False]
    assert figures(desk.lines("rules", "eval"), "articles")["wrong"] == 1


def test_an_article_that_is_not_stored_marks_nothing(desk):
    desk.run("poll")
    talks = next(article for article in desk.lines("articles", "list") if article["matches"])
    told = desk.run("rules", "label", "talks", talks["id"], "zz", expect=2).stderr
    assert "0 stored articles begin with zz" in told
    assert not (desk.home / "rules" / "labels.jsonl").exists()
    assert desk.run("rules", "label", "nothing", talks["id"], expect=2)
    assert desk.run("rules", "label", "talks", talks["id"], "--not-relevant", "--direction", "improves", expect=2)
    assert desk.run("rules", "label", "talks", expect=2)


def answered(desk, article, rule="talks"):
    """A reader's answer in the database, as the page of an edition records it: not relevant."""
    with closing(open_store(f"sqlite:///{desk.home}/var/monitor.db")) as box:
        at = datetime(2019, 3, 5, tzinfo=UTC)
        box.record_marks([Mark(article, rule, MarkVerdict.NOT_RELEVANT, at, MarkSource.EDITION, "weekly/2019-03-04", "s1")])


@pytest.fixture
def polled(desk):
    """(desk, the article that the rule finds, the one that it does not)."""
    desk.run("poll")
    articles = {article["title"]: article for article in desk.lines("articles", "list")}
    return desk, articles["Talks agreed"], articles["Harvest ends"]


def test_readers_answers_are_labels_that_every_verb_reads(polled):
    desk, talks, _harvest = polled
    answered(desk, talks["id"])
    [listed] = desk.lines("rules", "label", "--list")
    assert (listed["id"], listed["relevant"], listed["source"], listed["edition"]) == (
        talks["id"],
        False,
        "edition",
        "weekly/2019-03-04",
    )
    assert "weekly/2019-03-04" in desk.run("rules", "label", "--list").stdout
    assert figures(desk.lines("rules", "eval"), "articles")["wrong"] == 1
    [tally] = [line for line in desk.lines("rules", "backtest") if line["kind"] == "rule"]
    assert (tally["labelled_right"], tally["labelled_wrong"]) == (0, 1)
    desk.run("rules", "label", "talks", talks["id"])
    assert figures(desk.lines("rules", "eval"), "articles")["right"] == 1


def test_a_mark_is_withdrawn_wherever_it_was_made(polled):
    desk, talks, harvest = polled
    answered(desk, talks["id"])
    desk.run("rules", "label", "talks", harvest["id"], "--not-relevant")
    assert "withdrawn" in desk.run("rules", "label", "talks", talks["id"][:6], harvest["url"], "--remove").stdout
    assert desk.lines("rules", "label", "--list") == []
    assert "nothing was withdrawn" in desk.run("rules", "label", "talks", talks["id"], "--remove", expect=2).stderr


def test_import_writes_readers_answers_into_the_file_once(polled):
    desk, talks, _harvest = polled
    answered(desk, talks["id"])
    [line] = desk.lines("rules", "label", "--import")
    assert (line["id"], line["url"], line["source"]) == (talks["id"], talks["url"], "edition")
    assert desk.lines("rules", "label", "--import") == []
    kept = [json.loads(text) for text in (desk.home / "rules" / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["id"], one["relevant"], one["edition"]) for one in kept] == [(talks["id"], False, "weekly/2019-03-04")]


def test_import_does_not_bring_back_what_was_withdrawn(polled):
    desk, talks, _harvest = polled
    answered(desk, talks["id"])
    desk.run("rules", "label", "talks", talks["id"], "--remove")
    assert desk.lines("rules", "label", "--import") == []


def test_a_broken_line_of_marks_is_told_with_its_place(desk):
    desk.write("rules/labels.jsonl", "{}\n")
    assert "labels.jsonl:1:1" in desk.run("rules", "label", "--list", expect=2).stderr


def test_coverage_tells_three_numbers_and_lists_what_is_missing(desk):
    out = desk.run("rules", "coverage", "--missing").stdout
    assert "1/1" in out
    lines = desk.lines("rules", "coverage", "--drop")
    assert figures(lines, "share")["rules_with_both"] == 1
    phrases = [line for line in lines if "phrase" in line]
    assert {line["tested"] for line in phrases} <= {True, False}
    assert all(line["tests_failing_when_dropped"] for line in phrases if line["phrase"] == "talks")
    untested = sum(not line["tested"] for line in phrases)
    assert out.count("untested") == untested


def test_coverage_below_its_floor_ends_with_1(desk):
    file = desk.home / "rules" / "talks.yml"
    text = file.read_text(encoding="utf-8").replace('talks: {en: ["talks"]}', 'talks: {en: ["talks", "parleys"]}')
    file.write_text(text, encoding="utf-8")
    assert "parleys" in desk.run("rules", "coverage", "--missing", "--min-phrases", "1", expect=1).stdout
    suite = ET.fromstring(desk.run("rules", "coverage", "--format", "junit").stdout)
    assert int(suite.get("failures")) == len([case for case in suite if len(case)]) > 0
    assert re.search(r"\| talks +\|", desk.run("rules", "coverage", "--format", "md").stdout)


def test_coverage_counts_an_archive_by_topic_and_language(desk):
    desk.run("poll")
    [rule] = [line for line in desk.lines("rules", "coverage", "--archive") if "archive_hits" in line]
    assert rule["archive_hits"] == {"en": 1}
    assert "matched by no rule 1" in desk.run("rules", "coverage", "--archive").stdout
    file = labelled(desk, RIGHT, RIGHT, QUIET)
    [rule] = [line for line in desk.lines("rules", "coverage", "--file", file) if "archive_hits" in line]
    assert rule["archive_hits"] == {"en": 2}
