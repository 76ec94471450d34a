"""Finds values in a provider's JSON, whatever that holds: it never fails on what is not there, and judges nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from monitor.model.hook import Spot, Spots

MAX_TEXT = 2000
"""Characters of a value that are looked at."""
_MILLISECONDS = 10**11
"""A number of seconds that large is thousands of years away."""


def parsed(body: bytes) -> object:
    """The JSON document of these bytes.

    Raises:
        ValueError: It is none, or one that no provider sends: nested without end, numbers without end.
    """
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def unwrapped(document: object, spots: Spots) -> object:
    """The document with the texts at these spots read as the JSON they hold; a text that holds none stays."""
    for spot in spots:
        document = _replaced(document, spot)
    return document


def value_at(document: object, spot: Spot) -> object:
    """What stands there; None where nothing does."""
    for step in spot:
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and len(step) < 6 and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def text_at(document: object, spots: Spots) -> str:
    """The first of these spots that says something, as text; "" where none does."""
    return next((text for spot in spots if (text := first_text(value_at(document, spot)))), "")


def first_text(value: object) -> str:
    """A text, a number, true or false as text that can be kept; "" for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)[:MAX_TEXT]
    if not isinstance(value, str):
        return ""
    return value[:MAX_TEXT].encode("utf-8", "replace").decode().replace("\x00", "").strip()


def moment(text: str) -> datetime | None:
    """A moment in UTC from seconds or milliseconds since 1970, or ISO 8601 with a zone; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return _iso(text)
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _replaced(document: object, spot: Spot) -> object:
    if not spot:
        if not isinstance(document, str):
            return document
        try:
            return parsed(document.encode("utf-8", "replace"))
        except ValueError:
            return document
    if isinstance(document, dict) and spot[0] in document:
        return {**document, spot[0]: _replaced(document[spot[0]], spot[1:])}
    return document
