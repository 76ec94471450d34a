"""Drops each phrase of the shipped rules in turn: a test of the rule fails, or `coverage --missing --drop` lists the phrase."""

from pathlib import Path

import pytest

from monitor.rules.coverage import cover, drop_each, phrases_of
from monitor.rules.load import load_rules

RULES = Path(__file__).parents[2] / "rules"
SHIPPED = load_rules(RULES)
EXERCISED_AT_LEAST = 0.95
MISSED_AT_LEAST = 0.9
"""Shares of a rule set's phrases: that a passing test exercises, and that a test misses when they are dropped."""


@pytest.fixture(scope="module")
def covered():
    return cover(SHIPPED)


def test_the_tests_of_the_shipped_rules_exercise_their_phrases(covered):
    untested = [f"{use.owner} {use.term}.{use.phrase.language} {use.phrase.text}" for use in covered.phrases if not use.tested]
    assert covered.share >= EXERCISED_AT_LEAST, "\n".join(untested)
    assert all(rule.both for rule in covered.rules)


def test_each_shipped_rule_is_covered_in_each_language(covered):
    for rule in SHIPPED.rules:
        for language in rule.langs:
            uses = [use for use in covered.phrases if (use.owner, use.phrase.language) == (rule.id, language)]
            assert sum(use.tested for use in uses) >= 0.75 * len(uses), (rule.id, language)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule.id for rule in SHIPPED.rules])
def test_a_phrase_that_is_dropped_fails_a_test_or_is_listed(rule, covered):
    """Every phrase is exercised and missed, or stands in one of the two lists; and the lists are short."""
    untested = {(use.term, use.phrase) for use in covered.phrases if use.owner == rule and not use.tested}
    whole = SHIPPED.by_id[rule]
    dropped = list(drop_each(SHIPPED, whole))
    assert len(dropped) == sum(1 for _ in phrases_of(whole))
    missed = {(drop.term, drop.phrase) for drop in dropped if drop.failing}
    assert not missed & untested, "what no test exercises cannot be missed"
    unmissed = [f"{drop.term}.{drop.phrase.language} {drop.phrase.text}" for drop in dropped if not drop.failing]
    assert len(missed) >= MISSED_AT_LEAST * len(dropped), "\n".join(unmissed)
