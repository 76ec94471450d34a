"""Cuts sentences into what the verifier compares: words, numbers, dates and marks, with places that differ in writing only made equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.digests.sentences import resolve_dates
from monitor.text.dates import DateKind, NamedDate
from monitor.text.numerals import CARDINALS, SCALES

_TOKEN = re.compile(
    r"(?P<number>(?<![\w.,])(?:\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?!\d)|\d+)(?:\.\d+|,\d{1,2}(?!\d))?(?![\w-]))"
    r"|(?P<word>[^\W_]+(?:[-‑–’'.][^\W_]+)*)"
    r"|(?P<mark>\S)"
)
_DIGITS = re.compile(r"\d+")
_GROUPS = re.compile(r"[ \u00a0\u202f]|,(?=\d{3}(?!\d))")
_FOLDED = str.maketrans({"’": "'", "ʼ": "'", "‑": "-", "ё": "е", "Ё": "Е"})
_MARKS = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": '"', "’": '"', "'": '"', "—": "–", "-": "–"}


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    DATE = "date"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Piece:
    """A token: equal `key` and `kind` mean the same.

    `relative` marks a day named from the day of publication ("on Tuesday"); `adjunct` a day with the preposition that goes with it.
    """

    kind: Kind
    key: str
    text: str
    relative: bool = False
    adjunct: bool = False

    @property
    def lower(self) -> str:
        """The key regardless of case."""
        return self.key.lower()

    @property
    def is_name(self) -> bool:
        """Whether it is written as names are."""
        return self.kind is Kind.WORD and self.text[:1].isupper()


def pieces(text: str, language: str, published: date, on: frozenset[str] = frozenset()) -> tuple[Piece, ...]:
    """The tokens of a sentence; its dates resolved from the day it was published, numbers in words and figures made equal.

    `on` are the prepositions that belong to a date: "on March 5th" is one piece.
    """
    dates = [one for one in resolve_dates(text, language, published) if one.kind is not DateKind.OF_DOCUMENT]
    return tuple(_with_numbers(list(_raw(text, dates, on))))


def numbers_of(text: str) -> frozenset[str]:
    """The numbers in a text, whether in words or figures, dates' included: "25" for "twenty-five"."""
    return frozenset(piece.key for piece in _with_numbers(list(_tokens(text))) if piece.kind is Kind.NUMBER)


def figures_of(text: str) -> frozenset[str]:
    """The numbers that a text has in figures, those within a word ("12th") too."""
    found: set[str] = set()
    for piece in _with_numbers(list(_tokens(text))):
        digits = _DIGITS.findall(piece.text)
        found.update([piece.key] if digits and piece.kind is Kind.NUMBER else (one.lstrip("0") or "0" for one in digits))
    return frozenset(found)


def _raw(text: str, dates: Sequence[NamedDate], on: frozenset[str]) -> Iterator[Piece]:
    place = 0
    for one in dates:
        before = list(_tokens(text[place : one.start]))
        adjunct = text[one.start : one.end].split(" ", maxsplit=1)[0].lower() in on
        if before and before[-1].lower in on:
            adjunct = bool(before.pop())
        yield from before
        written = text[one.start : one.end]
        yield Piece(Kind.DATE, f"{one.first}/{one.last}", written, one.kind is DateKind.RELATIVE, adjunct)
        place = one.end
    yield from _tokens(text[place:])


def _tokens(text: str) -> Iterator[Piece]:
    for found in _TOKEN.finditer(text):
        written = found.group()
        if found.lastgroup == "number":
            yield Piece(Kind.NUMBER, _figure(written), written)
        elif found.lastgroup == "word":
            yield Piece(Kind.WORD, written.translate(_FOLDED), written)
        else:
            yield Piece(Kind.MARK, _MARKS.get(written, written), written)


def _figure(written: str) -> str:
    """Without grouping, the point for decimals: 1500 for "1,500" and "1 500", 2.5 for "2,5"."""
    plain = _GROUPS.sub("", written).replace(",", ".")
    whole, _, rest = plain.partition(".")
    rest = rest.rstrip("0")
    return f"{int(whole)}.{rest}" if rest else str(int(whole))


def _plain(value: float) -> str:
    """Every digit of it, without needless zeros."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _with_numbers(raw: list[Piece]) -> Iterator[Piece]:
    """Numbers in words as numbers: "twenty-five", "two hundred", "3 million"."""
    place = 0
    while place < len(raw):
        end, total, current = place, 0.0, 0.0
        while end < len(raw) and (value := _value(raw[end], after=end > place)) is not None:
            if value[1]:
                total, current = total + max(current, 1.0) * value[0], 0.0
            elif current and not (current >= 20 > value[0] and current % 10 == 0):
                break
            else:
                current += value[0]
            end += 1
        if end == place:
            yield raw[place]
            place += 1
        else:
            yield Piece(Kind.NUMBER, _plain(total + current), " ".join(one.text for one in raw[place:end]))
            place = end


def _value(piece: Piece, *, after: bool) -> tuple[float, bool] | None:
    """The value of a number or number word, and whether it is a scale; a scale counts only after a number."""
    if piece.kind is Kind.NUMBER:
        return (float(piece.key), False) if not after else None
    if piece.kind is not Kind.WORD:
        return None
    word = piece.lower
    if word in CARDINALS:
        return float(CARDINALS[word]), False
    if after and word in SCALES:
        return float(SCALES[word]), True
    tens, _, unit = word.partition("-")
    if unit in CARDINALS and tens in CARDINALS and CARDINALS[tens] >= 20:
        return float(CARDINALS[tens] + CARDINALS[unit]), False
    return None
