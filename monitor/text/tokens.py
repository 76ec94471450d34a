"""Cuts text into folded words with their places and sentences; it knows nothing of grammar.

Words end at every dash, space and sign; an apostrophe holds a word together only between Cyrillic letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, overload

from monitor.text.fold import INVISIBLE, WORD, fold_class, fold_word
from monitor.text.sentence_words import NEVER_ENDS

_REMEMBERED = 1 << 16
_SHORT = 48
_TRAILING = re.compile(f"[{INVISIBLE}]+$")
_PLACED = re.compile(rf"{WORD.pattern}(?<![{INVISIBLE}])")
_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*\s")
_STOP = re.compile(r"[.!?…\n]")
# Of all languages, since a text may be of any; not those that are words as well.
_ABBREVIATIONS = frozenset().union(*NEVER_ENDS.values()) - {"no", "art", "fig", "in"}


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
    return list(chain.from_iterable(map(words_of_pieces(kind).__getitem__, text.split())))


def words_of_pieces(kind: str) -> Mapping[str, tuple[Forms, ...]]:
    """The folded words of any piece of text that holds no space; those of a text are those of its pieces, `text.split()`."""
    found = _pieces.get(kind)
    return _pieces.setdefault(kind, _Pieces(kind)) if found is None else found


class Words(Sequence[Word]):
    """The words of a text in order; the same in every language. Sentences are told apart when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = list(map(re.Match.span, _PLACED.finditer(text)))
        self._firsts: list[int] | None = None

    def __len__(self) -> int:
        return len(self._spans)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> list[Word]: ...
    def __getitem__(self, at: int | slice) -> Word | list[Word]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        start, end = self._spans[at]
        return Word(start, end, self._text[start:end], self.sentence(at))

    def __iter__(self) -> Iterator[Word]:
        sentence = 0
        firsts = [*self.firsts(), -1]
        for at, (start, end) in enumerate(self._spans):
            if at == firsts[sentence]:
                sentence += 1
            yield Word(start, end, self._text[start:end], sentence)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Characters from the word `first` to the end of the word `last`, half open."""
        return self._spans[first][0], self._spans[last][1]

    def sentence(self, at: int) -> int:
        """The number of the sentence that a word stands in, from 0."""
        return bisect_right(self.firsts(), at)

    def before(self, end: int) -> int:
        """How many words begin before the character `end`."""
        return bisect_left(self._spans, (end, 0))

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The first and last word of which characters `start`..`end` (half open) hold a part; none where the last is the smaller one."""
        return bisect_right(self._spans, start, key=lambda span: span[1]), self.before(end) - 1

    def firsts(self) -> list[int]:
        """The words that begin a sentence, but for that of the text."""
        if self._firsts is None:
            gaps = {self.before(found.start()) for found in _STOP.finditer(self._text)} - {0, len(self._spans)}
            self._firsts = sorted(filter(self._begins, gaps))
        return self._firsts

    def _begins(self, at: int) -> bool:
        """Whether a sentence ends before a word: a line end, or a stop and a capital; not after an initial or a title ("Gen. A. Lukin")."""
        last_start, last_end = self._spans[at - 1]
        start, _ = self._spans[at]
        gap = self._text[last_end:start]
        if "\n" in gap:
            return True
        end = _SENTENCE_END.search(gap)
        if end is None:
            return False
        before = self._text[last_start:last_end]
        short = end[0].startswith(".") and ((before.isalpha() and len(before) == 1) or before.lower() in _ABBREVIATIONS)
        return not short and not self._text[start].islower()


def words(text: str) -> Words:
    """The words of a text in order; the same in every language."""
    return Words(text)


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
