from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.model.match import Direction
from monitor.model.problem import Severity
from monitor.rules.backtest import Backtest, RuleTally
from monitor.rules.hygiene import History, Limits, history_of, hygiene

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TALLY = RuleTally(
    "harbour", 3, "active", 9, 1.0, 9, 3, 0, 0, 0, (), (), dict.fromkeys(Direction, 3), 0, (), (), {}
)  # fmt: skip
ARCHIVE = Backtest(100, 5, {"en": 80, "ru": 10, "be": 10}, NOW - 89 * DAY, NOW, 0, (TALLY,))


@pytest.fixture
def found(harbour, ruleset):
    """Codes and messages of the harbour rule with texts replaced, under an archive and a history."""

    def made(*replaced, tally=None, archive=None, history=None, hits=None, **limits):
        text = harbour
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new, 1)
        rules = ruleset({"harbour.yml": text})
        looked = replace(archive or ARCHIVE, rules=(replace(TALLY, **(tally or {})),) if rules.rules[0].runs else ())
        told = history or History()
        problems = hygiene(rules, looked, hits or {}, {"harbour": told}, NOW, Limits(**limits))
        return {problem.code: problem for problem in problems}

    return made


def test_a_rule_in_order_has_no_finding(found):
    assert found() == {}


def test_a_rule_without_a_hit_in_an_archive_that_is_old_enough_is_silent(found):
    assert "none of 100 articles of 90 days; 2 came near" in found(tally={"hits": 0, "near": 2})["H101"].message


@pytest.mark.parametrize("first", [None, NOW - 30 * DAY])
def test_a_young_or_empty_archive_calls_no_rule_silent(found, first):
    assert found(tally={"hits": 0}, archive=replace(ARCHIVE, first=first)) == {}


def test_a_rule_of_a_fifth_of_all_articles_is_noisy_in_a_large_archive_only(found):
    assert "25% of 100" in found(tally={"hits": 25})["H102"].message
    assert found(tally={"hits": 25}, noisy_share=0.3) == {}
    assert found(tally={"hits": 10}, archive=replace(ARCHIVE, articles=20)) == {}


def test_labels_that_call_hits_wrong_make_a_rule_noisy_few_labels_do_not(found):
    assert "4 of 6 labelled" in found(tally={"right": 2, "wrong": 4})["H102"].message
    assert found(tally={"right": 1, "wrong": 3}) == {}
    assert found(tally={"right": 8, "wrong": 1}) == {}


FILES = [
    ("no owner", "W121", ("owner: desk\n", "")),
    ("no test of one kind", "W109", ("  should_not_match:", "  todo_match:")),
    ("deprecated without replaces", "W113", ("status: active", "status: deprecated\ndescription: no longer of use")),
    ("a shadow for long", "H103", ("status: active", "status: shadow")),
]


@pytest.mark.parametrize(("what", "code", "replaced"), FILES, ids=[case[0] for case in FILES])
def test_what_a_file_lacks_is_found(found, what, code, replaced):
    assert set(found(replaced)) == {code}, what


def test_a_draft_needs_no_owner_and_no_hits(found):
    assert found(("status: active", "status: draft"), ("owner: desk\n", "")) == {}


def test_a_shadow_counts_from_the_day_it_became_one(found):
    shadow = ("status: active", "status: shadow")
    assert found(shadow, history=History(status_since=date(2026, 11, 1))) == {}
    assert "61 days" in found(shadow, history=History(status_since=date(2026, 9, 21)))["H103"].message


def test_a_change_under_one_version_is_found(found):
    problem = found(history=History(date(2026, 3, 1), ("terms", "match")))["W111"]
    assert "terms, match changed since version 3 was first committed (2026-03-01)" in problem.message
    assert "version: 4" in problem.mend


def test_a_rule_whose_every_article_another_finds_too_is_shadowed(found):
    five = frozenset("abcde")
    assert "by wheat" in found(hits={"harbour": five, "wheat": five | {"f"}})["W114"].message
    assert found(hits={"harbour": five, "wheat": frozenset("abcd")}) == {}
    assert found(hits={"harbour": frozenset("ab"), "wheat": five}) == {}


def test_a_language_without_articles_is_told_and_never_fails(found):
    problem = found(archive=replace(ARCHIVE, languages={"en": 90, "ru": 10}))["I204"]
    assert problem.severity is Severity.INFO


def test_history_walks_back_as_long_as_version_and_status_stand():
    now = {"version": 2, "status": "shadow", "terms": {"a": 1}, "match": {}}
    before = [
        (date(2026, 5, 1), now),
        (date(2026, 4, 1), {**now, "terms": {"a": 0}}),
        (date(2026, 3, 1), {**now, "version": 1, "terms": {}, "match": {"x": 1}}),
        (date(2026, 2, 1), {**now, "version": 1, "status": "draft"}),
    ]
    assert history_of(now, before) == History(date(2026, 4, 1), ("terms",), date(2026, 3, 1))
    assert history_of(now, []) == History()
