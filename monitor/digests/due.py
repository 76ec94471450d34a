"""When editions fall due and which span each of them tells: arithmetic on a schedule, no timers and no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.model.digest import CatchUp, Digest, Schedule, Window
from monitor.model.errors import WrongUse

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_HALF_DAY = timedelta(hours=12)
_ISO_WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})")


MAX_CAUGHT_UP = 8
"""Weeks; the archive still has what was read before."""


@dataclass(frozen=True, slots=True)
class Due:
    """An edition to be made: `key` is the local date it fell due, `due_at` that moment in UTC, `reason` says why now."""

    key: date
    due_at: datetime
    window: Window
    reason: str


def due_editions(digest: Digest, last: tuple[date, datetime] | None, now: datetime, first_start: datetime) -> tuple[Due, ...]:
    """The editions that are due at `now`, oldest first.

    Windows are half open and begin where the last one ended. At most `MAX_CAUGHT_UP` weeks are made up for: after a longer silence nobody
    waits for the rest, and what was not polled is not there to be told. Catching up follows `schedule.catch_up`: `latest` merges
    what was missed into one edition over the whole span, `all` makes each, `skip` makes the newest with its own week only.

    Args:
        digest: Its schedule counts.
        last: Key and window end of the last edition; None before the first.
        now: Aware.
        first_start: Aware; editions that fell due before the service first ran are not made up for.
    """
    schedule = digest.schedule
    begin = last[0] + _DAY if last else first_start.astimezone(ZoneInfo(schedule.zone)).date()
    after = last[1] if last else first_start
    moments = [(key, at) for key, at in _moments(schedule, begin, now) if at > after]
    if not moments:
        return ()
    if schedule.catch_up is CatchUp.SKIP:
        missed, moments = len(moments) - 1, moments[-1:]
        start = after if last and not missed else due_moment(schedule, moments[0][0] - _WEEK)
        return (_due(schedule, start, moments[0], skipped=missed),)
    skipped = max(0, len(moments) - MAX_CAUGHT_UP)
    moments = moments[skipped:]
    start = after if last and not skipped else due_moment(schedule, moments[0][0] - _WEEK)
    if schedule.catch_up is CatchUp.LATEST:
        return (_due(schedule, start, moments[-1], weeks=len(moments), skipped=skipped),)
    starts = [start, *(at for _, at in moments[:-1])]
    return tuple(_due(schedule, begin_at, moment) for begin_at, moment in zip(starts, moments, strict=True))


def due_moment(schedule: Schedule, key: date) -> datetime:
    """The moment, in UTC, at which the wall clock of the schedule's zone shows its time on `key`.

    Where clocks go forward over that time it is the first moment after the gap; where they go back, the first of the two. A local day
    that was left out altogether (Apia, 30 December 2011) falls due at the same time on the day after.
    """
    zone = ZoneInfo(schedule.zone)
    wall = datetime.combine(key, schedule.at)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    # The wall clock never shows this time (PEP 495): fold 0 reads it after the gap, fold 1 before.
    if first - second >= _DAY:
        return due_moment(schedule, key + _DAY)
    return _first_after_gap(zone, second, first)


def week_window(week: str, zone: str, now: datetime) -> Window:
    """A past ISO week ("2019-W10") by publication: Monday 00:00 in `zone` to the next Monday.

    Raises:
        WrongUse: `week` is no ISO week, or has not begun at `now`.
    """
    found = _ISO_WEEK.fullmatch(week.strip())
    try:
        monday = date.fromisocalendar(int(found["year"]), int(found["week"]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None:
        raise WrongUse(f'"{week}" is not an ISO week: write it like 2019-W10')
    midnight = Schedule(weekday=0, at=time(), zone=zone)
    start, end = due_moment(midnight, monday), due_moment(midnight, monday + _WEEK)
    if start > now:
        raise WrongUse(f"week {_iso_week(monday)} begins on {monday.isoformat()}: it has not come yet")
    return Window(start, end, _iso_week(monday), monday, monday + _WEEK - _DAY, by_publication=True)


def due_of_week(digest: Digest, week: str, now: datetime) -> Due:
    """A past week as an edition of `digest`: keyed by the first scheduled date after the week, told by publication date.

    Raises:
        WrongUse: As `week_window`.
    """
    schedule = digest.schedule
    window = week_window(week, schedule.zone, now)
    following = window.last_day + _DAY
    key = following + timedelta(days=(schedule.weekday - following.weekday()) % 7)
    return Due(key, due_moment(schedule, key), window, f"asked for: week {window.week} by publication date")


def _moments(schedule: Schedule, begin: date, now: datetime) -> Iterator[tuple[date, datetime]]:
    """Every key from `begin` on whose moment has come."""
    key = begin + timedelta(days=(schedule.weekday - begin.weekday()) % 7)
    while (at := due_moment(schedule, key)) <= now:
        yield key, at
        key += _WEEK


def _due(schedule: Schedule, start: datetime, moment: tuple[date, datetime], *, weeks: int = 1, skipped: int = 0) -> Due:
    key, due_at = moment
    zone = ZoneInfo(schedule.zone)
    # Monday 08:00 to Monday 08:00 is printed as Monday to Sunday: a day belongs to the span that holds most of it.
    first_day = (start.astimezone(zone) - _HALF_DAY).date() + _DAY
    last_day = max(first_day, (due_at.astimezone(zone) - _HALF_DAY).date())
    window = Window(start.astimezone(UTC), due_at, _iso_week(last_day), first_day, last_day, weeks=weeks)
    reason = f"due {key.strftime('%A')} {key.isoformat()} {schedule.at:%H:%M} {schedule.zone}"
    if weeks > 1:
        reason += f"; covers {weeks} weeks, {weeks - 1} missed"
    if skipped:
        reason += f"; {skipped} missed before it skipped"
    return Due(key, due_at, window, reason)


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _first_after_gap(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two UTC moments at which the zone's offset changes, to the second."""
    offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()) - 1, int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
