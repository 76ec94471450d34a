"""Editions fall due by the wall clock of their zone; windows join without a gap and without an overlap."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.due import due_editions, due_moment, due_of_week, week_window
from monitor.model.digest import CatchUp, Digest, Schedule
from monitor.model.errors import WrongUse

ZONES = [
    "Europe/Minsk", "Europe/Berlin", "Europe/London", "Europe/Warsaw", "Europe/Kyiv", "Europe/Moscow", "Europe/Lisbon", "America/New_York",
    "America/Sao_Paulo", "America/St_Johns", "America/Havana", "Asia/Tehran", "Asia/Kolkata", "Asia/Gaza", "Asia/Beirut", "Australia/Lord_Howe",
    "Australia/Sydney", "Pacific/Apia", "Pacific/Auckland", "Africa/Cairo", "UTC",
]  # fmt: skip


def digest(zone="Europe/Minsk", at="08:00", weekday=0, catch_up=CatchUp.LATEST):
    return Digest("d", {"en": "D"}, ("en",), Schedule(weekday, time.fromisoformat(at), zone, catch_up), ())


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("Europe/Minsk", "08:00", "2019-03-11", "2019-03-11T05:00"),
        ("Europe/Berlin", "02:30", "2024-03-31", "2024-03-31T01:00"),
        ("Europe/Berlin", "02:30", "2024-10-27", "2024-10-27T00:30"),
        ("Australia/Lord_Howe", "02:15", "2024-10-06", "2024-10-05T15:30"),
        ("Pacific/Apia", "05:00", "2011-12-30", "2011-12-30T15:00"),
        ("America/Havana", "00:30", "2024-03-10", "2024-03-10T05:00"),
    ],
    ids=["plain", "gap: first moment after it", "overlap: the first", "half an hour's gap", "a day left out", "gap at midnight"],
)
def test_due_moment_follows_the_wall_clock(zone, at, day, expected):
    assert due_moment(digest(zone, at).schedule, date.fromisoformat(day)) == utc(expected)


def test_nothing_is_due_before_its_time():
    last = (date(2019, 3, 4), utc("2019-03-04T05:00"))
    assert due_editions(digest(), last, utc("2019-03-11T04:59:59"), utc("2019-01-01T00:00")) == ()


def test_edition_is_due_at_its_moment_and_told_from_the_end_of_the_last():
    last = (date(2019, 3, 4), utc("2019-03-04T05:00"))
    (due,) = due_editions(digest(), last, utc("2019-03-11T05:00"), utc("2019-01-01T00:00"))
    assert (due.key, due.due_at) == (date(2019, 3, 11), utc("2019-03-11T05:00"))
    assert (due.window.start, due.window.end) == (utc("2019-03-04T05:00"), utc("2019-03-11T05:00"))
    assert (due.window.week, due.window.first_day, due.window.last_day) == ("2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    assert "Monday 2019-03-11 08:00 Europe/Minsk" in due.reason


def test_first_edition_tells_one_week_and_none_from_before_the_service_ran():
    (due,) = due_editions(digest(), None, utc("2019-03-12T00:00"), utc("2019-03-06T00:00"))
    assert due.key == date(2019, 3, 11)
    assert due.window.end - due.window.start == timedelta(weeks=1)
    assert due_editions(digest(), None, utc("2019-03-12T00:00"), utc("2019-03-11T06:00")) == ()


LAST = (date(2019, 3, 4), utc("2019-03-04T05:00"))
LATE = utc("2019-03-26T00:00")


def test_catching_up_with_latest_makes_one_edition_over_the_whole_span():
    (due,) = due_editions(digest(), LAST, LATE, utc("2019-01-01T00:00"))
    assert (due.key, due.window.weeks) == (date(2019, 3, 25), 3)
    assert (due.window.start, due.window.end) == (LAST[1], utc("2019-03-25T05:00"))
    assert "covers 3 weeks" in due.reason


def test_catching_up_with_all_makes_each_edition():
    found = due_editions(digest(catch_up=CatchUp.ALL), LAST, LATE, utc("2019-01-01T00:00"))
    assert [due.key.day for due in found] == [11, 18, 25]
    assert [due.window.start for due in found] == [LAST[1], found[0].due_at, found[1].due_at]


def test_catching_up_with_skip_makes_the_newest_with_its_own_week():
    (due,) = due_editions(digest(catch_up=CatchUp.SKIP), LAST, LATE, utc("2019-01-01T00:00"))
    assert due.key == date(2019, 3, 25)
    assert due.window.start == utc("2019-03-18T05:00")
    assert "2 missed" in due.reason


def test_skip_on_time_leaves_no_gap():
    (due,) = due_editions(digest(catch_up=CatchUp.SKIP), LAST, utc("2019-03-12T00:00"), utc("2019-01-01T00:00"))
    assert due.window.start == LAST[1]


def test_edition_published_by_hand_past_the_moment_is_not_made_again():
    last = (date(2019, 3, 11), utc("2019-03-11T09:00"))
    assert due_editions(digest(), last, utc("2019-03-12T00:00"), utc("2019-01-01T00:00")) == ()


MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
SCHEDULES = st.builds(
    Schedule,
    weekday=st.integers(0, 6),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(ZONES),
    catch_up=st.sampled_from([CatchUp.LATEST, CatchUp.ALL]),
)


@given(SCHEDULES, MOMENTS, st.lists(st.integers(1, 40 * 24), min_size=1, max_size=12))
def test_windows_join_whatever_the_lateness(schedule, start, pauses):
    one = Digest("d", {"en": "D"}, ("en",), schedule, ())
    now, last, windows, keys = start, None, [], []
    for hours in pauses:
        now += timedelta(hours=hours)
        for due in due_editions(one, last, now, start):
            assert due.due_at <= now
            windows.append(due.window)
            keys.append(due.key)
            last = (due.key, due.window.end)
    assert all(one.end == two.start and one.start < one.end for one, two in pairwise(windows))
    assert all(one.last_day + timedelta(days=1) == two.first_day for one, two in pairwise(windows))
    assert keys == sorted(set(keys))
    assert len({window.week for window in windows}) == len(windows)


@given(SCHEDULES, st.dates(date(2005, 1, 1), date(2030, 1, 1)))
def test_due_moment_shows_the_wall_time_or_the_first_time_after_a_gap(schedule, day):
    moment = due_moment(schedule, day)
    zone = ZoneInfo(schedule.zone)
    shown = moment.astimezone(zone)
    wall = datetime.combine(day, schedule.at)
    before = (moment - timedelta(seconds=1)).astimezone(zone)
    assert shown.replace(tzinfo=None) >= wall
    assert shown.replace(tzinfo=None) == wall or before.replace(tzinfo=None) < wall or shown.date() > day
    if shown.replace(tzinfo=None) == wall:
        assert shown.fold == 0


@given(st.dates(date(2005, 1, 1), date(2029, 1, 1)), st.sampled_from(ZONES))
def test_week_windows_join(day, zone):
    now = datetime(2031, 1, 1, tzinfo=UTC)
    weeks = [
        f"{(day + shift).isocalendar().year}-W{(day + shift).isocalendar().week:02d}"
        for shift in (timedelta(0), timedelta(weeks=1))
    ]
    one, two = (week_window(week, zone, now) for week in weeks)
    assert one.end == two.start
    assert one.first_day <= day <= one.last_day
    assert one.by_publication


@pytest.mark.parametrize("week", ["2019-W54", "2019", "W10", "2019-W1", "next", "2019-W00"])
def test_word_that_is_no_week_is_refused_with_an_example(week):
    with pytest.raises(WrongUse, match="2019-W10"):
        week_window(week, "UTC", utc("2020-01-01T00:00"))


def test_week_to_come_is_refused():
    with pytest.raises(WrongUse, match="has not come yet"):
        week_window("2019-W10", "UTC", utc("2019-03-01T00:00"))


def test_week_asked_for_is_keyed_by_the_scheduled_day_after_it():
    due = due_of_week(digest(weekday=2), "2019-W10", utc("2020-01-01T00:00"))
    assert due.key == date(2019, 3, 13)
