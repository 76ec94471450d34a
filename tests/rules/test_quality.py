"""Judging rules against labels: tallies, directions, intervals, reasons, and events held out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.match import Direction, Document
from monitor.rules.quality import Labelled, Share, Slip, Tally, evaluate_quality, judge, wilson, without_the_event

HALTED = "Harbour halts grain ships from the east for another week"
RESUMED = "Harbour resumes loading grain into ships after a week of rest"
BREAD = "Bakers of the old town win a prize for their bread once again"


def article(name, title, labels=(), *, also=(), direction=None, event="", language="en"):
    return Labelled(Document(name, title, "", language, True), frozenset(labels), frozenset(also), direction, event)


@pytest.fixture
def quay(engine, harbour):
    return engine({"harbour.yml": harbour})


def test_a_label_found_is_right_and_points_right(quay):
    verdict = judge(quay, article("a", HALTED, ["harbour"], direction=Direction.WORSENS), ["harbour"])
    assert verdict.tallies == {"harbour": Tally(right=1)}
    assert verdict.direction_right is True
    assert verdict.wrong == ()


def test_a_label_not_found_tells_where_the_rule_stopped(quay):
    verdict = judge(quay, article("a", BREAD, ["harbour"], direction=Direction.WORSENS), ["harbour"])
    assert verdict.tallies == {"harbour": Tally(missed=1)}
    assert verdict.direction_right is None, "the direction of what was not found is not judged"
    [slip] = verdict.wrong
    assert (slip.slip, slip.rule) == (Slip.MISSED, "harbour")
    assert "grain" in slip.why


def test_a_find_without_label_is_wrong_and_tells_what_proved_it(quay):
    verdict = judge(quay, article("a", HALTED), ["harbour"])
    assert verdict.tallies == {"harbour": Tally(wrong=1)}
    assert "«grain»" in verdict.wrong[0].why


def test_what_is_also_right_is_neither_right_nor_wrong(quay):
    verdict = judge(quay, article("a", HALTED, also=["harbour"]), ["harbour"])
    assert (verdict.tallies, verdict.wrong, verdict.direction_right) == ({}, (), None)


def test_a_wrong_direction_names_the_cues(quay):
    verdict = judge(quay, article("a", HALTED, ["harbour"], direction=Direction.IMPROVES), ["harbour"])
    assert verdict.direction_right is False
    [slip] = verdict.wrong
    assert slip.slip is Slip.DIRECTION
    assert "worsens" in slip.why
    assert "«halts»" in slip.why


def test_figures_are_summed_by_rule_and_language(quay):
    articles = [
        article("a", HALTED, ["harbour"], direction=Direction.WORSENS),
        article("b", HALTED),
        article("c", BREAD, ["harbour"]),
        article("d", BREAD),
        article("e", "Порт приостановил отгрузку зерна в гавани на целую неделю", ["harbour"], language="ru"),
    ]
    seen = []
    quality = evaluate_quality(quay, articles, done=lambda: seen.append(1))
    assert len(seen) == 5
    assert quality.by_rule == {"harbour": Tally(2, 1, 1)}
    assert quality.by_language == {"en": Tally(1, 1, 1), "ru": Tally(1, 0, 0)}
    assert quality.micro.precision == Share(2, 3)
    assert quality.micro.recall == Share(2, 3)
    assert quality.micro.f1 == pytest.approx(2 / 3)
    assert (quality.direction, quality.direction_by_rule) == (Share(1, 1), {"harbour": Share(1, 1)})
    assert [slip.article for slip in quality.wrong] == ["b", "c"]


def test_a_rule_that_nothing_asked_for_has_no_fault():
    assert (Tally().f1, Tally().precision.value, Tally().recall.value) == (1.0, 1.0, 1.0)
    assert Share().interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_that_of_the_tables(part, whole, low, high):
    """Newcombe (Stat. Med. 17, 1998, 857–872) prints the last one for Wilson's method without correction."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.0002)


@given(right=st.integers(0, 200), wrong=st.integers(0, 200), missed=st.integers(0, 200))
def test_every_figure_lies_in_its_interval(right, wrong, missed):
    tally = Tally(right, wrong, missed)
    for value, (low, high) in (
        (tally.precision.value, tally.precision.interval),
        (tally.recall.value, tally.recall.interval),
        (tally.f1, tally.f1_interval),
    ):
        assert 0 <= low <= value + 1e-9
        assert value - 1e-9 <= high <= 1
    if right:
        precision, recall = tally.precision.value, tally.recall.value
        assert math.isclose(tally.f1, 2 * precision * recall / (precision + recall))


def test_a_phrase_that_one_event_alone_backs_is_taken_from_it(ruleset, harbour):
    rules = ruleset({"harbour.yml": harbour})
    alone = [article("a", HALTED, ["harbour"]), article("b", BREAD)]
    assert without_the_event(rules, alone).micro == Tally(missed=1)


def test_a_phrase_that_another_event_backs_stays(ruleset, harbour):
    rules = ruleset({"harbour.yml": harbour})
    two = [article("a", HALTED, ["harbour"]), article("b", RESUMED, ["harbour"])]
    assert without_the_event(rules, two).micro == Tally(right=2)
    told_twice = [article("a", HALTED, ["harbour"], event="x"), article("b", RESUMED, ["harbour"], event="x")]
    assert without_the_event(rules, told_twice).micro == Tally(missed=2), "two articles on one event back each other no more"
