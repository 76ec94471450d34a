"""Which weeks are recorded, when the demo polls in them, and when it publishes: pure arithmetic on dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKS: tuple[str, ...] = ("2016-W13", "2016-W38", "2019-W10", "2019-W47")
"""The recorded ISO weeks, in order of time."""

MINSK = ZoneInfo("Europe/Minsk")
POLL_AT = time(18, 0)
LAST_POLL_AT = time(7, 30)
PUBLISH_AT = time(8, 0)


def monday(week: str) -> date:
    """The first day of an ISO week such as "2019-W10"."""
    return date.fromisoformat(f"{week}-1")


def week_span(week: str) -> tuple[datetime, datetime]:
    """First moment of the week and of the next one, Minsk time."""
    start = datetime.combine(monday(week), time(), MINSK)
    return start, datetime.combine(monday(week) + timedelta(days=7), time(), MINSK)


def poll_moments(week: str) -> tuple[datetime, ...]:
    """Each day of the week at 18:00 Minsk time, and the next Monday at 07:30, half an hour before the edition."""
    days = (datetime.combine(monday(week) + timedelta(days=day), POLL_AT, MINSK) for day in range(7))
    return (*days, datetime.combine(monday(week) + timedelta(days=7), LAST_POLL_AT, MINSK))


def publish_moment(week: str) -> datetime:
    """Monday 08:00 Minsk time after the week: when the edition is due."""
    return datetime.combine(monday(week) + timedelta(days=7), PUBLISH_AT, MINSK)
