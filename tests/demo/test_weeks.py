from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.demo.weeks import WEEKS, monday, poll_moments, publish_moment, week_span


def test_weeks_are_the_four_of_the_documents_asked_for():
    assert [monday(week).isoformat() for week in WEEKS] == ["2016-03-28", "2016-09-19", "2019-03-04", "2019-11-18"]


@pytest.mark.parametrize("week", WEEKS)
def test_polls_are_daily_and_the_last_precedes_the_edition(week):
    moments = poll_moments(week)
    start, end = week_span(week)
    assert len(moments) == 8
    assert all(later - earlier <= timedelta(days=1) for earlier, later in pairwise(moments))
    assert start < moments[0] < moments[-2] < end < moments[-1] < publish_moment(week)


def test_publishing_is_at_eight_in_minsk():
    assert publish_moment("2019-W10").astimezone(UTC) == datetime(2019, 3, 11, 5, 0, tzinfo=UTC)
