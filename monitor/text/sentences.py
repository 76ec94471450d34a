"""Splits article text into sentences that keep their place in it. It knows no grammar, only stops, abbreviations and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.text.dateline import dateline_end
from monitor.text.sentence_words import NEVER_ENDS, SELDOM_ENDS, STARTERS

_STOP = re.compile(r"(?:[.!?…]+)[)\]}»”“\"’']*(?=\s)")
_LAST_WORD = re.compile(r"(?:[^\W_]|[.’'-])+$")
_NEXT = re.compile(r"\s+(?P<open>[(\[{«„“\"‘'—–-]*\s*)(?P<word>[^\W_]+)?")
_YEAR_BEFORE = re.compile(r"\d\s*$")
_LONGEST_WORD = 60
_FEW_WORDS = 3
_LIST_MARK = re.compile(r"\s*(?:\d{1,2}|[^\W\d_])\.?$")


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """Characters `start`..`end` (half open) of the text, and the same as `text`. `dateline` marks "MINSK, 4 March (Agency) –"."""

    start: int
    end: int
    text: str
    dateline: bool = False


def split_sentences(text: str, language: str) -> tuple[SentenceSpan, ...]:
    """The sentences of a text whose paragraphs are lines.

    A sentence never crosses a line. Every character that is not white space lies in exactly one span; spans are in order and
    `text[start:end]` is the span's text.

    Args:
        text: The article's text.
        language: ISO 639-1; abbreviations of all known languages are tried where it is unknown or "".
    """
    words = _Words(language)
    spans: list[SentenceSpan] = []
    offset = 0
    for line in text.split("\n"):
        begin = dateline_end(line)
        if begin:
            spans.extend(_trimmed(line, 0, begin, offset, dateline=True))
        for start, end in _sentences_of(line, begin, words):
            spans.extend(_trimmed(line, start, end, offset))
        offset += len(line) + 1
    return tuple(spans)


class _Words:
    """The word lists of one language, or of all."""

    def __init__(self, language: str) -> None:
        known = [language] if language in NEVER_ENDS else sorted(NEVER_ENDS)
        self.never = frozenset[str]().union(*(NEVER_ENDS[code] for code in known))
        self.seldom = frozenset[str]().union(*(SELDOM_ENDS[code] for code in known))
        self.starters = frozenset[str]().union(*(STARTERS[code] for code in known))


def _sentences_of(line: str, begin: int, words: _Words) -> Iterator[tuple[int, int]]:
    start = begin
    for stop in _STOP.finditer(line, begin):
        if _ends_here(line, start, stop, words):
            yield start, stop.end()
            start = stop.end()
    if start < len(line):
        yield start, len(line)


def _ends_here(line: str, start: int, stop: re.Match[str], words: _Words) -> bool:
    follows = _NEXT.match(line, stop.end())
    if not follows or not follows["word"]:
        return bool(line[stop.end() :].strip())
    first = follows["word"]
    if first[0].islower():
        return False
    marks = stop.group().rstrip(")]}»”“\"’'")
    if marks != "." or stop.group() != ".":
        return True
    return _plain_stop_ends(line[start : stop.start()], first, words)


def _plain_stop_ends(before: str, first: str, words: _Words) -> bool:
    """Whether a single stop after `before` ends the sentence when `first` comes next."""
    if _LIST_MARK.fullmatch(before):
        return False
    tail = before[-_LONGEST_WORD:]
    found = _LAST_WORD.search(tail)
    if not found:
        return True
    word = found.group().strip("'’-").casefold()
    preceded_by_number = bool(_YEAR_BEFORE.search(tail[: found.start()]))
    if word in words.seldom:
        # "… подписан в 2019 г. Министр" ends; "В 2019 г. Минск" has said nothing yet
        said_something = before.count(" ") > _FEW_WORDS
        return said_something and (preceded_by_number or first.casefold() in words.starters)
    if word in words.never:
        return False
    is_initial = len(word) == 1 and found.group()[-1].isupper()
    return not (is_initial and not preceded_by_number)


def _trimmed(line: str, start: int, end: int, offset: int, *, dateline: bool = False) -> Iterator[SentenceSpan]:
    piece = line[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = left + len(piece.strip())
    if right > left:
        yield SentenceSpan(offset + left, offset + right, line[left:right], dateline)
