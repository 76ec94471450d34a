"""Reads a provider's JSON into reports: what happened, to which mail. Believes nothing, decides nothing, and never fails on any JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.delivery.hooks.files import folded
from monitor.delivery.hooks.json_paths import moment, text_at, unwrapped, value_at
from monitor.delivery.reports import MAX_TEXT, address_in, short, status_in
from monitor.model.bounce import BounceClass, Report, ReportKind
from monitor.model.hook import KEPT, Hook, Meaning

MAX_EVENTS = 5000
"""Of one request; far more than any provider sends."""
_MEANT = {Meaning.HARD: BounceClass.HARD, Meaning.SOFT: BounceClass.SOFT, Meaning.SENDER: BounceClass.SENDER}
_KINDS = {Meaning.COMPLAINT: ReportKind.COMPLAINT, Meaning.UNSUBSCRIBE: ReportKind.LEAVE, Meaning.LOOK: ReportKind.UNKNOWN}


@dataclass(frozen=True, slots=True)
class HookEvent:
    """One event: its meaning, the report it makes, under what it is remembered, when it was, and its JSON as it came."""

    meaning: Meaning
    report: Report
    key: str
    at: datetime | None
    raw: bytes

    @property
    def kept(self) -> bool:
        """Whether it is kept; what is not is counted alone."""
        return self.meaning in KEPT


def read_events(hook: Hook, document: object) -> tuple[HookEvent, ...]:
    """The events of a document, in order.

    Raises:
        ValueError: It holds neither an event nor a list of events where the mapping says.
    """
    inside = unwrapped(document, hook.json)
    found = value_at(inside, hook.events)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or len(found) > MAX_EVENTS or not all(isinstance(one, dict) for one in found):
        raise ValueError("no event and no list of events")
    return tuple(_event(hook, one) for one in found)


def _event(hook: Hook, event: object) -> HookEvent:
    kind = "/".join(text_at(event, spots) for spots in hook.fields.kind).rstrip("/")
    meaning = _meaning(hook, kind)
    report = _report(hook, event, kind, meaning)
    time = text_at(event, hook.fields.time)
    said = [hook.name, report.message_id or time, report.final_recipient, folded(kind), report.about, *report.recipients]
    if meaning is None:
        # once for each kind, so that a provider's new events flood nothing
        said = [hook.name, "unknown", folded(kind)[:200]]
    key = hashlib.sha256("\x1f".join(said).encode(errors="replace")).hexdigest()[:32]
    raw = json.dumps(event, ensure_ascii=True).encode()
    return HookEvent(meaning or Meaning.LOOK, report, key, moment(time), raw)


def _meaning(hook: Hook, kind: str) -> Meaning | None:
    """What a kind comes to: by all of its parts, else without the last ones; None where the mapping does not know it."""
    return next((hook.meanings[one] for one in _shorter(folded(kind)) if one in hook.meanings), None)


def _shorter(kind: str) -> Iterator[str]:
    while kind:
        yield kind
        kind = kind.rpartition("/")[0]


def _report(hook: Hook, event: object, kind: str, meaning: Meaning | None) -> Report:
    fields = hook.fields
    words = short(text_at(event, fields.words))
    told = f"{hook.title} says {short(kind)[:100] or 'nothing that its mapping looks at'}"
    report = Report(
        ReportKind.FAILED,
        told,
        tuple(filter(None, (text_at(event, fields.reference)[:MAX_TEXT],))),
        status=status_in(text_at(event, fields.status), kinds="45") or status_in(words, kinds="45"),
        diagnostic=words,
        final_recipient=address_in(text_at(event, fields.address)),
        message_id=short(text_at(event, fields.id))[:200],
        about=_identifier(text_at(event, fields.message_id)),
        hook=hook.name,
    )
    if meaning is None:
        return replace(report, kind=ReportKind.UNKNOWN, reason=f"{told}, which its mapping does not know: {words}".rstrip(": "))
    if meaning is Meaning.LOOK:
        return replace(report, kind=ReportKind.UNKNOWN, reason=f"{told}: {words}".rstrip(": "))
    if meaning in _MEANT:
        return replace(report, meant=_MEANT[meaning])
    return replace(report, kind=_KINDS.get(meaning, ReportKind.DELIVERED))


def _identifier(text: str) -> str:
    """A Message-ID with its angle brackets, which some leave out; "" for what is none."""
    inner = text.removeprefix("<").removesuffix(">")
    return f"<{inner}>" if inner and "@" in inner and len(inner) <= 250 and not set(inner) & set("<> \t\r\n") else ""
