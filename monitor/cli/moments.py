"""Moments as options give them (`--since`, `--until`): a date, a moment, or an age; the one reader of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from monitor.bootstrap import clock_of
from monitor.cli.jsonl import moment_from
from monitor.cli.shared import settings
from monitor.model.errors import WrongUse

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, now: datetime) -> datetime:
    """A date ("2026-08-01"), an ISO moment, or an age before `now`: minutes, hours, days or weeks ("30m", "12h", "90d", "8w").

    Raises:
        WrongUse: It is none of them.
    """
    found = moment_from(text)
    if text[:-1].isdecimal() and text[-1:].lower() in UNITS:
        with suppress(OverflowError):
            found = now - timedelta(**{UNITS[text[-1].lower()]: int(text[:-1])})
    if found is None:
        raise WrongUse(f'"{text}" is no date like 2026-08-01, no moment, and no age like 8w, 90d or 12h')
    return found


def given_moment(text: str | None) -> datetime | None:
    """An option as a moment; None where it is not given.

    Raises:
        WrongUse: As `moment`.
    """
    return moment(text, clock_of(settings())()) if text else None
