"""Reads the date that a list of news prints beside a headline: with or without year, "yesterday", a bare clock. Pure; reads no markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from monitor.feeds.fields import plausible_date
from monitor.text.dates import dates_in
from monitor.text.written_dates import written_dates

_CLOCK = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d.]|:\d\d:)")
_AHEAD = timedelta(days=2)
"""A list tells what was: a day further ahead than this is last year's."""


def listed_date(text: str, language: str, now: datetime) -> datetime | None:
    """The moment a list says an item was published, aware UTC, or None where it says none that can be read.

    Pages print no zone, so their wall time is taken as it stands; midnight where no time is printed. Full dates are read in nine
    languages, days without a year and words such as "yesterday" in those of `text.date_words`.

    Args:
        text: What the list prints for one item.
        language: The source's language, ISO 639-1, or "".
        now: When the list was read, aware UTC.
    """
    full = written_dates(text)
    if full:
        return plausible_date(full[0].moment)
    named = next((date for date in dates_in(text, language, now.date()) if date.is_exact), None)
    if named is not None:
        day = named.first
        if day > now.date() + _AHEAD:
            day = day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
        return datetime.combine(day, _clock(text[: named.start] + " " + text[named.end :]) or time(), UTC)
    clock = _clock(text) if len(text) <= 20 else None
    return datetime.combine(now.date(), clock, UTC) if clock else None


def machine_date(text: str) -> datetime | None:
    """The moment that `<time datetime>` or a sitemap writes (ISO 8601, W3C-DTF); None for less than a day's precision."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return plausible_date((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _clock(text: str) -> time | None:
    found = _CLOCK.search(text)
    return time(int(found.group(1)), int(found.group(2))) if found else None
