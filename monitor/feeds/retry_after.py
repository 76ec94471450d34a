"""How long a server asks us to wait (Retry-After, RFC 9110 10.2.3), and how long its answer stays fresh (RFC 9111). Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)


def http_date(value: str) -> datetime | None:
    """An HTTP-date in any of its forms as aware UTC, or None for anything else."""
    try:
        date = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except OverflowError:
        return None


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds to wait, >= 0; None where `value` says nothing usable. A date that has passed, or a negative number, is 0."""
    text = value.strip()
    if re.fullmatch(r"[+-]?\d{1,12}(\.\d*)?", text):
        return max(0.0, float(text))
    date = http_date(text)
    return max(0.0, (date - now).total_seconds()) if date else None


def fresh_for_s(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the answer stays fresh by its own headers, > 0: max-age first, else Expires - Date; None where they are silent.

    `no-cache`, `max-age=0`, `Expires: 0` and dates in the past say nothing about the time of the next poll (F10).
    """
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    if found:
        return float(found.group(1)) or None
    expires, date = http_date(headers.get("expires", "")), http_date(headers.get("date", ""))
    seconds = (expires - date).total_seconds() if expires and date else 0.0
    return seconds if seconds > 0 else None
