"""Where a trial begins, and the newest articles first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.trials.archive import archive_of, last_seen
from monitor.trials.live import weeks_of

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


def ids(archive):
    return [item.id for item in archive]


def test_the_newest_articles_come_first_and_each_comes_once(keep, article):
    store = keep(*(article(number, f"Harvest {number}", days_ago=9 * number) for number in range(5)))
    archive = archive_of(store, {}, NOW - timedelta(days=30))
    assert sorted(ids(archive)) == ["a0", "a1", "a2", "a3"]
    assert ids(replace(archive, newest=NOW)) == ["a0", "a1", "a2", "a3"]
    assert ids(replace(archive, newest=NOW - timedelta(days=100))) == ["a3", "a2", "a1", "a0"]


@pytest.mark.parametrize(("days", "expected"), [(0, NOW), (300, NOW - timedelta(days=300))])
def test_the_end_of_an_archive_is_found_wherever_it_lies(keep, article, days, expected):
    store = keep(article(1, "Harvest", days_ago=days), article(2, "Harvest", days_ago=400))
    assert abs(last_seen(store, NOW) - expected) <= timedelta(hours=1)


def test_an_empty_archive_has_no_end(keep):
    assert last_seen(keep(), NOW) is None


@given(st.integers(0, 400), st.integers(0, 24 * 7))
def test_every_week_of_a_span_is_told_once_in_order(days, hours):
    since = NOW - timedelta(days=days, hours=hours)
    weeks = weeks_of(since, NOW)
    assert weeks[-1] == "2019-W10"
    assert len(weeks) == len(set(weeks)) in range(days // 7 + 1, days // 7 + 4)


@pytest.mark.parametrize("since", [None, NOW - timedelta(days=30)])
def test_articles_that_vanish_meanwhile_are_not_waited_for(keep, article, since):
    store = keep(*(article(number, f"Harvest {number}", days_ago=9 * number) for number in range(3)))
    archive = replace(archive_of(store, {}, since), newest=NOW)
    assert ids(replace(archive, count=archive.count + 1)) == ["a0", "a1", "a2"]
