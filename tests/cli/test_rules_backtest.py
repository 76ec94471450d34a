"""`monitor rules backtest`, over the database and over files."""

import json
import re
from xml.etree import ElementTree as ET

LINES = [
    {"id": "a", "title": "Talks agreed", "lang": "en", "published": "2019-03-01", "source": "Gazette", "labels": ["talks"]},
    {"id": "b", "title": "Talks on milk prices", "lang": "en", "published": "2019-03-05", "source": "Herald", "labels": []},
    {"id": "c", "title": "Talks again", "lang": "en", "published": "2019-03-05", "source": "Herald"},
    {
        "id": "d",
        "title": "Envoys met in the old town",
        "lang": "en",
        "date": "2019-01-05",
        "source": "Herald",
        "labels": ["talks"],
    },
    {"id": "e", "title": "No date and nothing", "lang": "en", "source": "Herald"},
]


def lines_of(desk):
    return desk.write("some.jsonl", "\n".join(json.dumps(line) for line in LINES) + "\n")


def test_the_archive_of_the_database_is_looked_at_and_left_as_it_is(desk):
    desk.run("poll")
    before = desk.lines("articles", "list")
    archive, rule, *phrases = desk.lines("rules", "backtest", "talks")
    assert (archive["articles"], archive["languages"]) == (2, {"en": 2})
    assert (rule["hits"], rule["stories"], rule["precision"], rule["unlabelled"]) == (1, 1, None, 1)
    assert {phrase["phrase"]: phrase["hits"] for phrase in phrases}["talks"] == 1
    assert desk.lines("articles", "list") == before


def test_labels_of_a_file_bear_out_precision_and_misses(desk):
    _, rule, *_ = desk.lines("rules", "backtest", "--file", lines_of(desk))
    assert (rule["hits"], rule["labelled_right"], rule["labelled_wrong"], rule["precision"]) == (3, 1, 1, 0.5)
    assert [item["id"] for item in rule["missed"]] == ["d"]
    shown = re.sub(r" +", " ", desk.run("rules", "backtest", "--file", lines_of(desk)).stdout)
    assert "no label for 1 of 3 hits: precision covers the labelled part only" in shown
    assert "MISSED 2019-01-05 Herald “Envoys met in the old town”" in shown


def test_labels_beside_the_rules_are_used_by_id_and_by_address(desk):
    desk.run("poll")
    article = next(item for item in desk.lines("articles", "list") if item["matches"])
    for key in ("id", "url"):
        label = {
            "id": "other",
            "url": "http://other.example/",
            "rule": "talks",
            "relevant": False,
            "at": "2019-03-06",
            key: article[key],
        }
        desk.write("rules/labels.jsonl", json.dumps(label) + "\n")
        _, rule, *_ = desk.lines("rules", "backtest")
        assert (rule["labelled_wrong"], rule["precision"]) == (1, 0.0)


def test_only_articles_since_and_until_count(desk):
    file = lines_of(desk)
    for options, hits in ((("--since", "2019-03-04"), 2), (("--since", "3d"), 2), (("--until", "2019-03-04"), 1)):
        assert desk.lines("rules", "backtest", "--file", file, *options)[1]["hits"] == hits


def test_worker_processes_find_the_same(desk):
    file = lines_of(desk)
    assert desk.lines("rules", "backtest", "--file", file, "--jobs", 2) == desk.lines("rules", "backtest", "--file", file)


def test_what_the_database_holds_from_these_very_rules_is_taken_on_wish_and_from_no_others(desk, monkeypatch):
    desk.run("poll")
    afresh = desk.lines("rules", "backtest")
    monkeypatch.setattr("monitor.rules.trial.Trial.run", lambda *_: (_ for _ in ()).throw(AssertionError("matched anew")))
    assert desk.lines("rules", "backtest", "--stored") == afresh
    monkeypatch.undo()
    rule = desk.home / "rules" / "talks.yml"
    rule.write_text(rule.read_text(encoding="utf-8").replace('["talks"]', '["talks", "harvest"]'), encoding="utf-8")
    assert desk.lines("rules", "backtest", "--stored")[1]["hits"] == 2


def test_markdown_is_a_table(desk):
    lines = desk.run("rules", "backtest", "--file", lines_of(desk), "--format", "md").stdout.splitlines()
    assert any(re.match(r"\| talks +\| +3 \|", line) for line in lines)


def test_an_empty_archive_is_told_and_no_figure_is(desk):
    done = desk.run("rules", "backtest")
    assert "No articles" in done.stdout
    assert "precision" not in done.stdout


def test_a_strange_rule_or_date_is_wrong_use(desk):
    assert "no such rule: nope" in desk.run("rules", "backtest", "nope", expect=2).stderr
    assert "no date" in desk.run("rules", "backtest", "--since", "soon", expect=2).stderr


EXPECTATIONS = """\
expectations:
  - {rule: talks, since: 2019-03-01, until: 2019-03-05, exactly: 1}
  - {rule: talks, since: 2019-03-01, until: 2019-04-01, at_least: 5, why: the spring talks}
  - {rule: talks, since: 2018-01-01, until: 2018-02-01, at_most: 3}
"""


def test_counts_are_held_against_what_the_desk_expects(desk):
    file = lines_of(desk)
    desk.write("rules/expectations.yml", EXPECTATIONS)
    told = [
        line for line in desk.lines("rules", "backtest", "--file", file, "--expect", expect=1) if line["kind"] == "expectation"
    ]
    assert [(line["articles"], line["hits"], line["result"]) for line in told] == [
        (1, 1, "kept"),
        (3, 3, "failed"),
        (0, 0, "not judged"),
    ]
    shown = desk.run("rules", "backtest", "--file", file, "--expect", expect=1).stdout
    assert "✗ talks, since 2019-03-01, before 2019-04-01: expected at least 5, found 3 in 3 articles" in shown
    assert "the spring talks" in shown
    assert "3 expectations: 1 kept, 1 failed, 1 not judged for want of articles" in shown
    assert "| failed" in desk.run("rules", "backtest", "--file", file, "--expect", "--format", "md", expect=1).stdout


def test_expectations_that_are_kept_end_well_and_junit_reports_each(desk):
    desk.write("rules/expectations.yml", "expectations: [{rule: talks, at_least: 3}, {rule: talks, langs: [be], at_most: 0}]\n")
    done = desk.run("rules", "backtest", "--file", lines_of(desk), "--expect", "--format", "junit")
    suite = ET.fromstring(done.stdout.encode())
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "0", "1")


def test_mistakes_of_the_expectations_are_told_and_nothing_is_read(desk):
    desk.write("rules/expectations.yml", "expectations: [{rule: walks, at_least: 3}, {rule: talks}]\n")
    told = desk.run("rules", "backtest", "--expect", expect=2).stderr
    assert "E015" in told
    assert "E003" in told


def test_expecting_without_expectations_with_a_span_or_junit_without_expecting_is_wrong_use(desk):
    assert "expects nothing" in desk.run("rules", "backtest", "--expect", expect=2).stderr
    assert "leave out --since" in desk.run("rules", "backtest", "--expect", "--since", "8w", expect=2).stderr
    assert "add --expect" in desk.run("rules", "backtest", "--format", "junit", expect=2).stderr
