"""The words of an article that made a rule find it, marked in the title and in the text around them; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model.match import Document, Field, Match, Span

AROUND = 60
"""Characters shown on either side of a hit in the text."""
MOST = 3
"""Passages of the text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article; `term` and `phrase` say what hit there, "" for the words between."""

    text: str
    term: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Passages:
    """The whole title, and the text around its first hits."""

    title: tuple[Piece, ...]
    text: tuple[tuple[Piece, ...], ...] = ()


def passages(document: Document, match: Match | None = None) -> Passages:
    """The title and text of an article with what proves a match; the title alone where there is none."""
    spans = (*match.spans, *(cue.span for cue in match.cues)) if match else ()
    title = _apart(span for span in spans if span.field is Field.TITLE)
    text = _apart(span for span in spans if span.field is not Field.TITLE)
    return Passages(_pieces(document.title, title, 0, len(document.title)), tuple(_around(document.text, text)))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """In order, each beginning where the one before has ended; of those that overlap the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _around(text: str, spans: Sequence[Span]) -> Iterable[tuple[Piece, ...]]:
    places, end = list(spans), 0
    for _ in range(MOST):
        if not places:
            return
        start = _word_from(text, max(end, places[0].start - AROUND), places[0].start)
        inside = [span for span in places if span.end <= start + 4 * AROUND] or places[:1]
        end = _word_until(text, inside[-1].end, min(len(text), inside[-1].end + AROUND))
        before, after = "…" if start else "", "…" if end < len(text) else ""
        yield (*([Piece(before)] if before else []), *_pieces(text, inside, start, end), *([Piece(after)] if after else []))
        places = [span for span in places if span.start >= end]


def _word_from(text: str, start: int, hit: int) -> int:
    """The first word that begins between `start` and the hit; `start` where none does, as in a script that parts no words."""
    space = text.find(" ", start - 1, hit - 1) if start else -1
    return space + 1 if space >= 0 else start


def _word_until(text: str, hit: int, end: int) -> int:
    """The last word that ends between the hit and `end`; `end` where none does."""
    space = text.rfind(" ", hit, end + 1) if end < len(text) else -1
    return space if space > hit else end


def _pieces(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[Piece, ...]:
    found = []
    for span in spans:
        if span.start > start:
            found.append(Piece(text[start : span.start]))
        found.append(Piece(text[span.start : span.end], span.term, span.phrase))
        start = span.end
    if start < end:
        found.append(Piece(text[start:end]))
    return tuple(found)
