"""Cuts text into folded words with their places and sentences; it knows nothing of grammar.

Words end at every dash, space and sign; an apostrophe holds a word together only between Cyrillic letters.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import NamedTuple

from monitor.text.fold import INVISIBLE, WORD, fold_class, fold_word

_REMEMBERED = 1 << 16
_SHORT = 48
_TRAILING = re.compile(f"[{INVISIBLE}]+$")
_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*\s")


class Token(NamedTuple):
    """A word: characters `start`..`end` (half open) of the text, its `original` slice, and its forms to compare.

    `folded` is for comparing regardless of case and marks, `exact` keeps the case; `sentence` counts from 0 in the text.
    """

    start: int
    end: int
    folded: str
    original: str
    exact: str
    sentence: int


class Word(NamedTuple):
    """A word before folding: characters `start`..`end` (half open) of the text, the slice itself, and its sentence, from 0."""

    start: int
    end: int
    original: str
    sentence: int


Forms = tuple[str, str]
"""A word as `Token` has it: folded, exact."""


class _Pieces(dict[str, tuple[Forms, ...]]):
    """The words of a piece of text that holds no space, in one folding; remembered, since texts are made of few pieces.

    A word holds no space, and what surrounds a space decides nothing about it: the words of a text are those of its pieces.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, piece: str) -> tuple[Forms, ...]:
        found = tuple(fold_word(_trimmed(word), self.kind) for word in WORD.findall(piece))
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(piece) <= _SHORT:
            self[piece] = found
        return found


_pieces: dict[str, _Pieces] = {}


def folded_words(text: str, kind: str) -> list[Forms]:
    """The words of a text folded, without their places: the same words as `words` gives, several times as fast.

    Args:
        text: As written, in any normal form.
        kind: What `fold_class` gave.
    """
    remembered = _pieces.get(kind) or _pieces.setdefault(kind, _Pieces(kind))
    return list(chain.from_iterable(map(remembered.__getitem__, text.split())))


def words(text: str) -> list[Word]:
    """The words of a text in order; the same in every language."""
    found: list[Word] = []
    sentence = 0
    last_end = 0
    before = ""
    for match in WORD.finditer(text):
        start, end = match.span()
        word = match[0]
        if not word[-1].isalnum():
            word = _trimmed(word)
            end = start + len(word)
        if before and not (start - last_end == 1 and text[last_end] == " ") and _new_sentence(text[last_end:start], before, word):
            sentence += 1
        last_end = end
        before = word
        found.append(Word(start, end, word, sentence))
    return found


def _trimmed(word: str) -> str:
    """A word without the invisible characters at its end."""
    return word if word[-1].isalnum() else _TRAILING.sub("", word)


def tokens(text: str, language: str) -> tuple[Token, ...]:
    """The words of a text in order, folded.

    Args:
        text: As written, in any normal form.
        language: ISO 639-1 code that chooses the folding; "" for unknown.
    """
    kind = fold_class(language)
    found = []
    for start, end, original, sentence in words(text):
        folded, exact = fold_word(original, kind)
        found.append(Token(start, end, folded, original, exact, sentence))
    return tuple(found)


def _new_sentence(gap: str, before: str, after: str) -> bool:
    """Whether a sentence ends between two words: a line end, or a stop and a capital; not after an initial ("A. Lukin")."""
    if "\n" in gap:
        return True
    end = _SENTENCE_END.search(gap)
    if end is None:
        return False
    initial = len(before) == 1 and end[0].startswith(".") and before.isalpha()
    return not initial and not after[0].islower()
