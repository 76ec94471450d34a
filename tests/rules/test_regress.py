from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.article import Article, DateSource, Source
from monitor.model.match import Direction, Document, Match
from monitor.rules.marks import UNJUDGED, Judged, Mark
from monitor.rules.regress import RegressCount, verdict
from monitor.rules.trial import NOTHING, Filed, Outcome

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT, WRONG = Judged(frozenset({"a"}), whole=True), Judged(whole=True)
BETTER, WORSE, NEUTRAL = Direction.IMPROVES, Direction.WORSENS, Direction.NEUTRAL


def filed(name, judged=UNJUDGED, days=0, *, dated=True):
    when = MONDAY + timedelta(days=days)
    article = Article(name, "f", "", "", "", "", name, "", "en", True, when, DateSource.FEED, when, Source("f", "F"))
    return Filed(article, Document(name, name, ""), judged, dated)


def match(direction=NEUTRAL):
    return Outcome((Match("a", 1, "", 3, 3, direction, 0, ()),))


def result(*entries):
    count = RegressCount(["a"])
    for entry in entries:
        count.take(*entry)
    return count.result()[0]


def test_won_and_lost_carry_what_is_known_of_them():
    found = result(
        (filed("kept", RIGHT), match(), match()),
        (filed("lost", RIGHT), match(), NOTHING),
        (filed("rid", WRONG), match(), NOTHING),
        (filed("who-knows"), match(), NOTHING),
        (filed("new", RIGHT), NOTHING, match()),
        (filed("noise", WRONG), NOTHING, match()),
    )
    assert (found.old_hits, found.new_hits) == (4, 3)
    assert {item.article.id: item.mark for item in found.lost} == {
        "lost": Mark.RELEVANT, "rid": Mark.NOT_RELEVANT, "who-knows": Mark.NONE
    }  # fmt: skip
    assert [item.article.id for item in found.won] == ["new", "noise"]
    assert (found.regressions, found.unknown) == (2, 1)


def test_losing_what_was_wrong_and_winning_what_is_right_is_no_regression():
    found = result((filed("rid", WRONG), match(), NOTHING), (filed("new", RIGHT), NOTHING, match()))
    assert (found.regressions, found.unknown) == (0, 0)


def test_a_direction_that_was_right_and_turns_is_a_regression():
    labelled = Judged(frozenset({"a"}), whole=True, direction=WORSE)
    assert result((filed("x", labelled), match(WORSE), match(NEUTRAL))).regressions == 1
    assert result((filed("x", labelled), match(NEUTRAL), match(WORSE))).regressions == 0
    assert len(result((filed("x"), match(WORSE), match(NEUTRAL))).turned) == 1


def test_verdicts_of_weeks_that_change_are_named():
    found = result(
        (filed("a"), match(WORSE), match(NEUTRAL)),
        (filed("b", days=7), match(WORSE), match(WORSE)),
        (filed("c", days=14), NOTHING, match(BETTER)),
    )
    assert [(item.week, item.old, item.new) for item in found.weeks_turned] == [
        ("2026-W10", WORSE, NEUTRAL), ("2026-W12", NEUTRAL, BETTER)
    ]  # fmt: skip
    assert found.weeks == 3


@pytest.mark.parametrize(
    ("improves", "worsens", "neutral", "expected"), [(0, 0, 5, NEUTRAL), (2, 2, 0, NEUTRAL), (2, 1, 9, BETTER), (0, 1, 9, WORSE)]
)
def test_the_side_with_more_articles_is_the_verdict(improves, worsens, neutral, expected):
    assert verdict({BETTER: improves, WORSE: worsens, NEUTRAL: neutral}) is expected
