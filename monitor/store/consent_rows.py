"""Rows of consent and of the suppression list as dataclasses and back. It runs no SQL."""

from __future__ import annotations

from dataclasses import fields

from monitor.model.consent import Consent, ConsentAct, Suppression
from monitor.store.codec import optional_text_time, plain, text_time
from monitor.store.engine import Row, Value


def consent_row(consent: Consent) -> dict[str, Value]:
    """What the table `consent` keeps, without `id`."""
    return {part.name: plain(getattr(consent, part.name)) for part in fields(Consent)}


def consent(row: Row) -> Consent:
    """The act of a row."""
    values = {part.name: row[part.name] for part in fields(Consent)}
    return Consent(**values | {"act": ConsentAct(row["act"]), "at": text_time(row["at"])})


def suppression_row(suppression: Suppression) -> dict[str, Value]:
    """What the table `suppression` keeps."""
    return {part.name: plain(getattr(suppression, part.name)) for part in fields(Suppression)}


def suppression(row: Row) -> Suppression:
    """The entry of a row."""
    values = {part.name: row[part.name] for part in fields(Suppression)}
    return Suppression(**values | {"since": text_time(row["since"]), "forgiven_at": optional_text_time(row["forgiven_at"])})
