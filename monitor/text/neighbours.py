"""Which texts of a collection share enough shingles to be compared; where it changes, only what a change touches is looked up.

It knows nothing of articles. Texts have numbers that their owner gives (small, as arrays are indexed by them) and a rank, their order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from monitor.text.shingles import Shingles

Ranks: TypeAlias = npt.NDArray[np.uint32]
"""The rank of each text by its number; texts that are in have different ones, in the same order as ever."""

_Entries: TypeAlias = npt.NDArray[np.uint64]
_Places: TypeAlias = npt.NDArray[np.int64]
_Chosen: TypeAlias = npt.NDArray[np.bool_]

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_PART = 1 << 20
"""Entries or pairs that are worked on at a time, about: some 30 MB."""
_SHORT = 64
"""Shingles below which a text is looked at in full..."""
_FEW = 16
"""...and below which one in common is enough."""


class Neighbours:
    """Texts by their sampled shingles, each shingle's texts in order of rank: eight bytes for each.

    Args:
        one_in: As in `sharing_pairs`.
        at_least: Likewise.
        neighbours: Likewise. What comes or goes in the midst of more texts than that shifts the horizon of those before it.
    """

    def __init__(self, *, one_in: int = 4, at_least: int = 2, neighbours: int = 12) -> None:
        self._one_in, self._at_least, self._horizon = one_in, at_least, neighbours
        self._entries: _Entries = np.empty(0, dtype=np.uint64)  # shingle in the high half, rank in the low one; ascending
        self._ranks: Ranks = np.empty(0, dtype=np.uint32)
        self._in: _Chosen = np.empty(0, dtype=np.bool_)  # by number
        self._few: _Chosen = np.empty(0, dtype=np.bool_)
        self._number: npt.NDArray[np.uint32] = np.empty(0, dtype=np.uint32)  # by rank

    def remove(self, texts: Collection[int], ranks: Ranks) -> set[int]:
        """Take texts out; gives those that stay and whose pairs with later texts may be others now."""
        self._rank_anew(ranks)
        places = self._places_of(self._chosen(texts))
        shifted = self._shifted(places) - set(texts)
        self._entries = np.delete(self._entries, places)
        self._in[_listed(texts)] = False
        return shifted

    def add(self, texts: Mapping[int, Shingles], ranks: Ranks, only: Shingles | None = None) -> set[int]:
        """Put texts in; gives those that were in before and whose pairs with later texts may be others now.

        With `only`, by those of their shingles alone: for who knows that no other will have company.
        """
        self._rank_anew(ranks)
        alone = not len(self._entries)
        for number, text in texts.items():
            self._in[number], self._few[number] = True, len(text) < _FEW
        self._number_anew()
        added = self._entries_of(texts, only)
        places = np.searchsorted(self._entries, added)
        self._entries = np.insert(self._entries, places, added) if not alone else added
        return set() if alone else self._shifted(places + np.arange(len(places))) - set(texts)

    def shared(self, around: Collection[int], ahead: Collection[int] = ()) -> Iterator[tuple[int, list[int]]]:
        """Texts with those that they share enough with, each pair once: every pair of the texts `around`, and those of the texts
        `ahead` with later ones.
        """
        first = self._chosen(around) | self._chosen(ahead)
        yield from self._enough(self._places_of(first, 1), 1)
        if not first[self._ranks[self._in[: len(self._ranks)]]].all():
            for one, others in self._enough(self._places_of(self._chosen(around), -1), -1):
                if others := [other for other in others if not first[self._ranks[other]]]:
                    yield one, others

    def _rank_anew(self, ranks: Ranks) -> None:
        if len(self._entries):
            new = ranks[self._number].astype(np.uint64)
            for start in range(0, len(self._entries), _PART):
                part = self._entries[start : start + _PART]
                part[:] = (part >> _HALF << _HALF) | new[part & _LOW]
        for name in ("_in", "_few"):
            known = getattr(self, name)
            setattr(self, name, np.concatenate([known, np.zeros(max(0, len(ranks) - len(known)), dtype=np.bool_)]))
        self._ranks = ranks
        self._number_anew()

    def _number_anew(self) -> None:
        """Note which number has which rank."""
        there = np.flatnonzero(self._in)
        self._number = np.zeros(int(self._ranks.max(initial=0)) + 1, dtype=np.uint32)
        self._number[self._ranks[there]] = there

    def _entries_of(self, texts: Mapping[int, Shingles], only: Shingles | None) -> _Entries:
        parts: list[_Entries] = []
        for number, text in texts.items():
            keys = _sampled(text, self._one_in)
            keys = keys if only is None else keys[_among(keys, only)]
            parts.append(keys.astype(np.uint64) << _HALF | np.uint64(self._ranks[number]))
        found = np.concatenate([np.empty(0, dtype=np.uint64), *parts])
        found.sort()
        return found

    def _chosen(self, texts: Collection[int]) -> _Chosen:
        """Which ranks are those of these texts."""
        chosen = np.zeros(len(self._number), dtype=np.bool_)
        chosen[self._ranks[_listed(texts)]] = True
        return chosen

    def _places_of(self, chosen: _Chosen, step: int = 0) -> _Places:
        """Where the entries of ranks are, ascending; with a step those that have company there."""
        found = [np.empty(0, dtype=np.int64)]
        for start in range(0, len(self._entries), _PART):
            places = np.flatnonzero(chosen[self._entries[start : start + _PART] & _LOW]) + start
            found.append(places[self._same(places, places + step)] if step else places)
        return np.concatenate(found)

    def _same(self, places: _Places, others: _Places) -> _Chosen:
        """Whether the entries at two places are of one shingle; False where there is no such place."""
        inside: _Chosen = (others >= 0) & (others < len(self._entries))
        inside &= self._entries[places] >> _HALF == self._entries[np.where(inside, others, 0)] >> _HALF
        return inside

    def _shifted(self, places: _Places) -> set[int]:
        """Texts that see one of these entries and do not see all entries behind them: what is there decides how far they see."""
        found: set[int] = set()
        for step in range(1, self._horizon + 1):
            places = places[self._same(places, places - step)]
            if not len(places):
                break
            before = places[self._same(places, places - step + self._horizon + 1)] - step
            found.update(self._number[self._entries[before] & _LOW].tolist())
        return found

    def _enough(self, places: _Places, step: int) -> Iterator[tuple[int, list[int]]]:
        """The texts at these places (all entries of each) with those within their horizon, before or after, that share enough."""
        ranks = (self._entries[places] & _LOW).astype(np.uint32)
        order = np.argsort(ranks, kind="stable")
        places, ranks = places[order], ranks[order]
        start, part = 0, max(1, _PART // self._horizon)
        while start < len(places):
            # whole texts at a time, or a pair would be counted in two parts
            end = int(np.searchsorted(ranks, ranks[min(start + part, len(places)) - 1], side="right"))
            pairs, times = np.unique(self._seen(places[start:end], step), return_counts=True)
            ones, others = self._number[pairs >> _HALF], self._number[pairs & _LOW]
            enough = (times >= self._at_least) | self._few[ones] | self._few[others]
            found = zip(ones[enough].tolist(), others[enough].tolist(), strict=True)
            for one, run in groupby(found, key=itemgetter(0)):
                yield one, [other for _, other in run]
            start = end

    def _seen(self, places: _Places, step: int) -> _Entries:
        """Ranks at these places (in the high half) with those within their horizon: once for each shingle in common."""
        found = [np.empty(0, dtype=np.uint64)]
        for far in range(1, self._horizon + 1):
            there = places + step * far
            same = self._same(places, there)
            places, there = places[same], there[same]
            if not len(places):
                break
            found.append(self._entries[places] << _HALF | (self._entries[there] & _LOW))
        return np.concatenate(found)


def sharing_pairs(
    texts: Sequence[Shingles], *, one_in: int = 4, at_least: int = 2, neighbours: int = 12
) -> Iterator[tuple[int, int]]:
    """Pairs of places (i < j) of texts that share at least `at_least` sampled shingles, in ascending order.

    Pairs are counted for some thousand first texts at a time, so that those that share a single common phrase are never all held.

    Args:
        texts: The shingles of each text.
        one_in: The share of hashes that is looked at; texts with fewer than 64 shingles are looked at in full.
        at_least: How many sampled shingles a pair has to share (one is enough for texts of fewer than 16 shingles).
        neighbours: A shingle that many texts carry pairs each with only so many of the next ones: enough to connect a family
            of copies, without the square of a common phrase.
    """
    index = Neighbours(one_in=one_in, at_least=at_least, neighbours=neighbours)
    index.add(dict(enumerate(texts)), ranks_of(range(len(texts))), _in_company(texts, one_in))
    for one, others in index.shared(range(len(texts))):
        yield from ((one, other) for other in others)


def ranks_of(ordered: Sequence[int]) -> Ranks:
    """The rank of each number, given in order."""
    ranks = np.zeros(max(ordered, default=-1) + 1, dtype=np.uint32)
    ranks[_listed(ordered)] = np.arange(len(ordered), dtype=np.uint32)
    return ranks


def _sampled(text: Shingles, one_in: int) -> Shingles:
    """A short text is looked at in full; its unsampled hashes meet only those of other short texts."""
    return text if len(text) < _SHORT else text[text % np.uint32(one_in) == 0]


def _in_company(texts: Sequence[Shingles], one_in: int) -> Shingles:
    """The sampled shingles that more than one text has: of made-up texts a few in a hundred, of a week's news a fifth."""
    found = np.empty(sum(len(_sampled(text, one_in)) for text in texts), dtype=np.uint32)
    filled = 0
    for text in texts:
        keys = _sampled(text, one_in)
        found[filled : filled + len(keys)] = keys
        filled += len(keys)
    found.sort()
    return np.unique(found[1:][found[1:] == found[:-1]])


def _among(keys: Shingles, known: Shingles) -> _Chosen:
    """Which of these are among known ones, both ascending."""
    places = np.searchsorted(known, keys)
    inside: _Chosen = places < len(known)
    inside[inside] = known[places[inside]] == keys[inside]
    return inside


def _listed(texts: Collection[int]) -> _Places:
    return np.fromiter(texts, dtype=np.int64, count=len(texts))
