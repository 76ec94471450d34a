"""How often a feed publishes, from the dates of its entries. Pure; it says nothing on feeds that give no dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from monitor.model.article import Entry

_FEW = 5
_FEW_FOR_SPAN = 10
_SLACK = timedelta(hours=1)


def dates(entries: Sequence[Entry], until: datetime | None = None) -> list[datetime]:
    """The distinct publication dates, oldest first, without those after `until` and an hour (a broken clock's)."""
    known = {entry.published or entry.updated for entry in entries}
    return sorted(date for date in known if date and (until is None or date <= until + _SLACK))


def newest(entries: Sequence[Entry], now: datetime) -> datetime | None:
    """The latest publication date up to now, or None."""
    known = dates(entries, now)
    return known[-1] if known else None


def rhythm_s(entries: Sequence[Entry], now: datetime) -> float | None:
    """The median time between two entries, seconds; None for fewer than five dated ones."""
    known = dates(entries, now)
    if len(known) < _FEW:
        return None
    return median((later - earlier).total_seconds() for earlier, later in pairwise(known))


def span_s(entries: Sequence[Entry]) -> float | None:
    """The time from the oldest to the newest entry, seconds; None for fewer than ten dated ones."""
    known = dates(entries)
    return (known[-1] - known[0]).total_seconds() if len(known) >= _FEW_FOR_SPAN else None
