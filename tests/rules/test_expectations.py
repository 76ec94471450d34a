from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.model.match import Direction, Match
from monitor.model.problem import Place
from monitor.rules.expectations import Checked, Expectation, ExpectationCount, read_expectations
from monitor.rules.trial import NOTHING, Outcome, PassedOver

HIT = Outcome((Match("harbour", 3, "h", 3.0, 3.0, Direction.NEUTRAL, 0.0, ()),))


@pytest.fixture
def read(harbour, ruleset):
    """Reads an expectations file beside the rule "harbour" and the draft "sketch"."""

    def read(text):
        draft = harbour.replace("id: harbour", "id: sketch").replace("status: active", "status: draft")
        rules = ruleset({"harbour.yml": harbour, "sketch.yml": draft, "expectations.yml": text})
        return read_expectations(Path(rules.folder), rules.by_id)

    return read


def test_every_key_is_read_with_its_place(read):
    text = """\
expectations:
  - {rule: harbour, since: 2019-01-01, until: 2019-04-01, langs: [en, ru], at_least: 2, at_most: 9, why: spring}
  - rule: harbour
    exactly: 0
"""
    found, problems = read(text)
    assert not problems
    first, second = found
    assert (first.since, first.until, first.langs) == (date(2019, 1, 1), date(2019, 4, 1), ("en", "ru"))
    assert (first.part, first.wish) == ("since 2019-01-01, before 2019-04-01, en ru", "at least 2, at most 9")
    assert (first.why, first.place.line, second.place.line) == ("spring", 2, 3)
    assert (second.part, second.wish) == ("all articles", "exactly 0")


def test_a_folder_without_the_file_expects_nothing(tmp_path):
    assert read_expectations(tmp_path, {}) == ((), [])


@pytest.mark.parametrize(
    ("entry", "code", "message"),
    [
        ("{rule: harbor, exactly: 1}", "E015", 'no rule has the id "harbor"'),
        ("{rule: sketch, exactly: 1}", "E015", "is a draft"),
        ("{exactly: 1}", "E003", '"rule" is missing'),
        ("{rule: harbour}", "E003", "no count is expected"),
        ("{rule: harbour, exactly: 1, at_most: 2}", "E004", "leaves no room"),
        ("{rule: harbour, at_least: 5, at_most: 2}", "E004", "cannot both be"),
        ("{rule: harbour, at_least: few}", "E004", "whole number"),
        ("{rule: harbour, at_least: -1}", "E004", "at least 0"),
        ("{rule: harbour, atleast: 1, exactly: 1}", "E002", "atleast"),
        ("{rule: harbour, since: soon, exactly: 1}", "E004", "must be a date"),
        ("{rule: harbour, since: 2019-02-01, until: 2019-02-01, exactly: 1}", "E004", "no day lies"),
        ("{rule: harbour, langs: [by], exactly: 1}", "E009", '"by" is no language code'),
        ("harbour", "E004", "must be a mapping"),
    ],
)
def test_a_mistake_is_told_with_its_place(read, entry, code, message):
    _, (problem,) = read(f"expectations:\n  - {entry}\n")
    assert problem.code == code
    assert message in problem.message
    assert (problem.place.file.endswith("expectations.yml"), problem.place.line) == (True, 2)


def test_all_mistakes_are_told_at_once(read):
    _, problems = read("expectations:\n  - {rule: a, exactly: 1}\n  - {rule: harbour}\n")
    assert [problem.place.line for problem in problems] == [2, 3]


def test_an_empty_file_and_a_strange_key_are_mistakes(read):
    assert [problem.code for problem in read("expectation: []\n")[1]] == ["E002"]
    assert [problem.code for problem in read("expectations:\n")[1]] == ["E003"]


def expectation(**given):
    return Expectation("harbour", Place("f", 1, 1), **given)


def seen(day, language="en", dated=True):
    return PassedOver("a", "t", "s", language, datetime(2019, 3, day, 23, tzinfo=UTC), dated=dated)


@pytest.mark.parametrize(
    ("given", "article", "covered"),
    [
        ({}, seen(1, dated=False), True),
        ({"since": date(2019, 3, 2)}, seen(1), False),
        ({"since": date(2019, 3, 2)}, seen(2), True),
        ({"until": date(2019, 3, 2)}, seen(1), True),
        ({"until": date(2019, 3, 2)}, seen(2), False),
        ({"until": date(2019, 3, 2)}, seen(1, dated=False), False),
        ({"langs": ("ru",)}, seen(1), False),
        ({"langs": ("ru", "en")}, seen(1), True),
    ],
)
def test_a_part_of_the_archive_is_from_a_day_to_before_another_in_some_languages(given, article, covered):
    assert expectation(**given).covers(article) == covered


@pytest.mark.parametrize(
    ("given", "hits", "holds"),
    [
        ({"exactly": 2}, 2, True),
        ({"exactly": 2}, 3, False),
        ({"exactly": 0}, 0, True),
        ({"at_least": 2}, 1, False),
        ({"at_least": 2}, 2, True),
        ({"at_most": 2}, 3, False),
        ({"at_least": 1, "at_most": 2}, 2, True),
    ],
)
def test_counts_are_held_against_what_is_expected(given, hits, holds):
    assert expectation(**given).holds(hits) == holds


def test_hits_of_the_part_are_counted_and_an_empty_part_is_not_judged():
    count = ExpectationCount([expectation(at_least=1, until=date(2019, 3, 5)), expectation(at_most=0, langs=("be",))])
    for day, outcome in ((1, HIT), (2, NOTHING), (9, HIT)):
        count.take(seen(day), outcome)
    first, second = count.checked
    assert (first.articles, first.hits, first.failed, first.idle) == (2, 1, False, False)
    assert first.told == "expected at least 1, found 1 in 2 articles"
    assert (second.articles, second.failed, second.idle) == (0, False, True)


def test_an_empty_part_fails_whoever_expects_something_of_it():
    checked = Checked(expectation(at_least=1))
    assert (checked.failed, checked.idle) == (True, False)
    assert "the archive has none of these articles" in checked.told
