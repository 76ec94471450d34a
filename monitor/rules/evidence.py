"""The words of an article that did something for a rule, and the stretches around them, for people to look at; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.model.match import Document, Field
from monitor.rules.engine import proving
from monitor.rules.evaluate import Evaluation
from monitor.rules.text import FIELDS, Reading

AROUND = 48
"""Characters shown on either side of a hit."""
MOST = 4
"""Stretches of an article."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the title or text; `hits` are (start, end) in `text`, in order and apart."""

    field: Field
    text: str
    hits: tuple[tuple[int, int], ...]


def evidence(found: Evaluation, reading: Reading) -> dict[Field, tuple[tuple[int, int], ...]]:
    """Characters of the hits behind conditions that hold, scores and cues, by field; hits that touch are one."""
    checks = [*found.requires, *(scored.check for scored in found.scored), *(veto.check for veto in found.vetoes)]
    hits = [*(hit for check in checks for hit in proving(check)), *(cue.hit for cue in found.cues)]
    spans: dict[Field, list[tuple[int, int]]] = {}
    for hit in hits:
        spans.setdefault(FIELDS[hit.field], []).append(reading.span(hit))
    return {field: tuple(_joined(sorted(set(places)))) for field, places in spans.items()}


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current and start <= current[1]:
            current = current[0], max(end, current[1])
        else:
            if current:
                yield current
            current = start, end
    if current:
        yield current


def stretches(document: Document, spans: dict[Field, tuple[tuple[int, int], ...]]) -> list[Stretch]:
    """The whole title, and the text around its first hits; none where nothing was found."""
    found = []
    if spans.get(Field.TITLE):
        found.append(Stretch(Field.TITLE, document.title, spans[Field.TITLE]))
    places = spans.get(Field.TEXT, ())
    while places and len(found) < MOST:
        start = max(0, places[0][0] - AROUND)
        inside = [span for span in places if span[1] <= start + 3 * AROUND] or [places[0]]
        end = min(len(document.text), inside[-1][1] + AROUND)
        before, after = "…" if start else "", "…" if end < len(document.text) else ""
        # a line break counts one character, as its blank does: places stay where they are
        text = before + "".join(" " if letter.isspace() else letter for letter in document.text[start:end]) + after
        shift = len(before) - start
        found.append(Stretch(Field.TEXT, text, tuple((one + shift, other + shift) for one, other in inside)))
        places = places[len(inside) :]
    return found
