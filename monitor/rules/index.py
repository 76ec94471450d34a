"""Finds many word sequences in one pass over a text; it knows neither rules nor languages.

Each sequence is filed under its most telling word, whole or as a prefix, and checked around the places where that word stands: what an
article costs depends on its length and on what is in it, hardly on the number of sequences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Listed
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from monitor.rules.terms import Sequence, Step
from monitor.text.tokens import Forms, words_of_pieces

_REMEMBERED = 200_000
_SHORT = 48
_NOTHING: tuple[tuple[int, ...], ...] = ((),)
"""What most pieces hold: one word, with no sequence filed under it."""
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class _Word:
    """A step made ready: what one word may be."""

    gap: int
    whole: frozenset[str]
    prefixes: tuple[str, ...]
    exact: frozenset[str]
    exact_prefixes: tuple[str, ...]

    def accepts(self, folded: str, exact: str) -> bool:
        return (
            folded in self.whole
            or (bool(self.prefixes) and folded.startswith(self.prefixes))
            or exact in self.exact
            or (bool(self.exact_prefixes) and exact.startswith(self.exact_prefixes))
        )


@dataclass(slots=True)
class _Entry:
    """A sequence; `key` is the step it is filed under, `plain` tells that finding the key is finding it all,
    `close` that no other words may stand between its own.

    Its steps are made ready when the key is first met: of many sequences few ever are.
    """

    sequence: Sequence
    key: int
    plain: bool
    close: bool
    ready: tuple[_Word, ...] = ()

    def words(self) -> tuple[_Word, ...]:
        if not self.ready:
            self.ready = tuple(_ready(step) for step in self.sequence)
        return self.ready


Words = Listed[str]
_Words = Mapping[int, Forms] | Listed[Forms]
Found = dict[int, list[tuple[int, int]]]
"""Number of a sequence → its places as first and last word, by first word; for each first word the nearest last one."""


class _Remembered(dict[str, _Kept]):
    """What was looked up, kept for the next time the word comes by."""

    def __init__(self, look_up: Callable[[str], _Kept]) -> None:
        super().__init__()
        self.look_up = look_up

    def __missing__(self, word: str) -> _Kept:
        found = self.look_up(word)
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(word) <= _SHORT:
            self[word] = found
        return found


class _Near(dict[int, Forms]):
    """The words of a text by their number, cut from its pieces where a sequence may stand and nowhere else."""

    def __init__(
        self, pieces: list[str], called: list[tuple[tuple[int, ...], ...]], words: Mapping[str, tuple[Forms, ...]]
    ) -> None:
        super().__init__()
        self._pieces = pieces
        self._words = words
        self.ends = list(accumulate(map(len, called)))
        self.count = self.ends[-1] if self.ends else 0

    def __missing__(self, at: int) -> Forms:
        piece = bisect_right(self.ends, at)
        forms = self._words[self._pieces[piece]]
        for number, found in enumerate(forms, start=self.ends[piece] - len(forms)):
            self[number] = found
        return self[at]


class SequenceIndex:
    """Sequences of one folding. Add all, then find; equal sequences share a number."""

    def __init__(self) -> None:
        self._numbers: dict[Sequence, int] = {}
        self._entries: list[_Entry] = []
        self._whole: dict[str, list[int]] = {}
        self._prefix: dict[str, list[int]] = {}
        self._lengths: set[int] = set()
        self._remembered: dict[str, tuple[int, ...]] = _Remembered(self._look_up)
        self._by_piece: dict[str, dict[str, tuple[tuple[int, ...], ...]]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, sequence: Sequence) -> int:
        """File a sequence and give its number."""
        known = self._numbers.get(sequence)
        if known is not None:
            return known
        number = self._numbers[sequence] = len(self._entries)
        key = max(range(len(sequence)), key=lambda at: telling(sequence[at])) if len(sequence) > 1 else 0
        plain = len(sequence) == 1 and not any(pattern.exact for pattern in sequence[0].words)
        close = not any(step.gap for step in sequence[1:])
        self._entries.append(_Entry(sequence, key, plain, close))
        for pattern in sequence[key].words:
            if pattern.prefix:
                self._prefix.setdefault(pattern.folded, []).append(number)
                self._lengths.add(len(pattern.folded))
            else:
                self._whole.setdefault(pattern.folded, []).append(number)
        self._remembered.clear()
        self._by_piece.clear()
        return number

    def find(self, folded: Words, exact: Words) -> Found:
        """All places of all sequences in a text of folded words; `exact` are the same words with their case."""
        filed = enumerate(map(self._remembered.__getitem__, folded))
        forms = list(zip(folded, exact, strict=True))
        return self._around_all([entry for entry in filed if entry[1]], forms, len(forms))

    def find_in(self, text: str, kind: str, only: AbstractSet[int] | None = None) -> Found:
        """As `find`, in a text that is not yet cut: words are looked at only where a sequence may stand.

        Args:
            text: As written.
            kind: The folding of all sequences here.
            only: The numbers of sequences that are wanted; None for all.
        """
        pieces = text.split()
        called = list(map(self._pieces(kind).__getitem__, pieces))
        hot = [at for at, found in enumerate(called) if found is not _NOTHING]
        if not hot:
            return {}
        near = _Near(pieces, called, words_of_pieces(kind))
        filed = [entry for at in hot for entry in enumerate(called[at], start=near.ends[at] - len(called[at])) if entry[1]]
        if only is not None:
            filed = [(at, tuple(number for number in numbers if number in only)) for at, numbers in filed]
        return self._around_all(filed, near, near.count)

    def _pieces(self, kind: str) -> dict[str, tuple[tuple[int, ...], ...]]:
        """For pieces of text: the sequences filed under each of their words."""
        known = self._by_piece.get(kind)
        if known is None:
            words = words_of_pieces(kind)

            def look_up(piece: str) -> tuple[tuple[int, ...], ...]:
                found = tuple(self._remembered[folded] for folded, _ in words[piece])
                return found if found != _NOTHING else _NOTHING

            known = self._by_piece[kind] = _Remembered(look_up)
        return known

    def _around_all(self, filed: Iterable[tuple[int, Iterable[int]]], forms: _Words, count: int) -> Found:
        """The sequences that do stand around the words that they are filed under."""
        found: Found = {}
        entries = self._entries
        nearest: dict[int, dict[int, int]] = {}
        for at, numbers in filed:
            for number in numbers:
                entry = entries[number]
                if entry.plain:
                    found.setdefault(number, []).append((at, at))
                    continue
                for first, last in _around(entry, at, forms, count):
                    ends = nearest.setdefault(number, {})
                    ends[first] = min(last, ends.get(first, last))
        for number, ends in nearest.items():
            found[number] = sorted(ends.items())
        return found

    def _look_up(self, word: str) -> tuple[int, ...]:
        """The sequences filed under a word."""
        numbers = list(self._whole.get(word, ()))
        for length in sorted(self._lengths):
            if length > len(word):
                break
            numbers.extend(self._prefix.get(word[:length], ()))
        return tuple(dict.fromkeys(numbers))


def telling(step: Step) -> int:
    """How much a step narrows the search down: the letters of its shortest pattern; a whole word counts one more."""
    return min(len(pattern.folded) * 2 + (not pattern.prefix) for pattern in step.words)


def _ready(step: Step) -> _Word:
    plain = [pattern for pattern in step.words if not pattern.exact]
    cased = [pattern for pattern in step.words if pattern.exact]
    return _Word(
        step.gap,
        frozenset(pattern.folded for pattern in plain if not pattern.prefix),
        tuple(sorted(pattern.folded for pattern in plain if pattern.prefix)),
        frozenset(pattern.exact for pattern in cased if not pattern.prefix),
        tuple(sorted(pattern.exact for pattern in cased if pattern.prefix)),
    )


def _around(entry: _Entry, at: int, forms: _Words, count: int) -> Iterable[tuple[int, int]]:
    """The places of a sequence whose key word is at `at`: each possible first word with the nearest last one."""
    words, key = entry.words(), entry.key
    if not entry.close:
        return _around_gaps(words, key, at, forms, count)
    first = at - key
    last = first + len(words) - 1
    if first < 0 or last >= count:
        return ()
    for place, word in enumerate(words, start=first):
        if not word.accepts(*forms[place]):
            return ()
    return ((first, last),)


def _around_gaps(words: tuple[_Word, ...], key: int, at: int, forms: _Words, count: int) -> Iterable[tuple[int, int]]:
    """As `_around`, where other words may stand between."""
    if not words[key].accepts(*forms[at]):
        return ()
    ahead = {at}
    for word in words[key + 1 :]:
        ahead = {
            place
            for start in ahead
            for place in range(start + 1, min(count, start + 2 + word.gap))
            if word.accepts(*forms[place])
        }
        if not ahead:
            return ()
    behind = {at}
    for step in range(key, 0, -1):
        gap, word = words[step].gap, words[step - 1]
        behind = {place for end in behind for place in range(max(0, end - 1 - gap), end) if word.accepts(*forms[place])}
    last = min(ahead)
    return [(first, last) for first in behind]
