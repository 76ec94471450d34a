"""A draft beside the saved rule: what it finds, wins, loses and nearly finds, newest first and within bounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.match import Direction
from monitor.rules.marks import Judged, Mark
from monitor.trials.archive import archive_of
from monitor.trials.drafts import check_draft
from monitor.trials.live import Bounds, Version, try_live

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
HITS = "Talks in the capital"


@pytest.fixture
def version(rules):
    def make(text):
        found = check_draft(rules, "talks.yml", text)
        assert found.errors == ()
        return Version.of(found.rule, found.check.ruleset)

    return make


def newest_first(store, labels=None, days=28):
    since = NOW - timedelta(days=days)
    return replace(archive_of(store, labels or {}, since, NOW + timedelta(hours=1)), newest=NOW)


def test_a_draft_is_set_beside_the_saved_rule(keep, article, version, rule_text):
    store = keep(
        article(1, HITS),
        article(2, "Harvest in the capital", "Talks are over.", days_ago=8),
        article(3, "Harvest ends", days_ago=9),
        article(4, "Negotiators in the capital", days_ago=15),
        article(5, HITS, days_ago=99),
    )
    labels = {"a4": Judged(relevant=frozenset({"talks"})), "a1": Judged(not_relevant=frozenset({"talks"}))}
    saved, draft = version(rule_text()), version(rule_text(word="negotiators"))
    for _ in range(2):  # first without kept words, then with them
        found = try_live(draft, saved, newest_first(store, labels), Bounds())
        assert (found.hits, found.old_hits, found.won, found.lost, found.near) == (1, 1, 1, 1, 0)
        assert [(item.article.id, item.mark, item.why_not) for item in found.lost_shown] == [
            ("a1", Mark.NOT_RELEVANT, "require: near(talks, place)")
        ]
        [won] = found.won_shown
        assert (won.article.id, won.mark, won.direction) == ("a4", Mark.RELEVANT, Direction.NEUTRAL)
        assert [(piece.text, piece.term) for piece in won.passages.title] == [
            ("Negotiators", "talks"),
            (" in the ", ""),
            ("capital", "place"),
        ]
        assert (found.seen, found.articles, found.complete, found.cancelled) == (4, 4, True, False)
        assert [(week.week, week.old, week.new) for week in found.weeks] == [
            ("2019-W06", 0, 0),
            ("2019-W07", 0, 0),
            ("2019-W08", 0, 1),
            ("2019-W09", 0, 0),
            ("2019-W10", 1, 0),
        ]
    assert found.read < 4


def test_an_article_that_lacks_a_point_came_near(keep, article, version, rule_text):
    store = keep(article(1, "Harvest", "Talks in the capital."), article(2, "Harvest"))
    found = try_live(version(rule_text(threshold=2.75)), None, newest_first(store), Bounds())
    [near] = found.near_shown
    assert (near.article.id, near.score, found.hits, found.won) == ("a1", 2.5, 0, 0)
    assert near.why_not.startswith("threshold")
    assert near.would_match_if


def test_a_new_rule_wins_nothing_for_there_is_nothing_to_compare_it_with(keep, article, version, rule_text):
    found = try_live(version(rule_text()), None, newest_first(keep(article(1, HITS))), Bounds())
    assert (found.hits, found.won, found.lost) == (1, 0, 0)


def test_a_draft_is_tried_whatever_its_status(keep, article, version, rule_text):
    text = rule_text().replace("status: active", "status: draft")
    assert try_live(version(text), None, newest_first(keep(article(1, HITS))), Bounds()).hits == 1


@pytest.mark.parametrize(
    ("bounds", "seen", "cancelled"),
    [(Bounds(articles=2), 2, False), (Bounds(seconds=-1), 0, False), (Bounds(stopped=lambda: True), 0, True)],
    ids=["articles", "seconds", "somebody asked for it"],
)
def test_a_trial_that_stops_says_how_much_it_saw_the_newest_first(keep, article, version, rule_text, bounds, seen, cancelled):
    store = keep(*(article(number, HITS, days_ago=number) for number in range(5)))
    found = try_live(version(rule_text()), None, newest_first(store), bounds)
    assert (found.seen, found.articles, found.complete, found.cancelled) == (seen, 5, False, cancelled)
    assert [item.article.id for item in found.samples] == [f"a{number}" for number in range(seen)]


def test_a_rule_that_finds_everything_keeps_few_articles_in_mind(keep, article, version, rule_text):
    store = keep(*(article(number, HITS) for number in range(30)))
    found = try_live(version(rule_text()), None, newest_first(store), Bounds())
    assert (found.hits, len(found.samples)) == (30, 20)
