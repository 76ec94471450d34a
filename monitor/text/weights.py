"""Weights of pairs of numbered things as flat arrays, and the chains that heavy pairs make. It knows nothing of articles."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Chain: TypeAlias = tuple[list[int], list[tuple[int, int, float]]]
"""Numbers that heavy pairs connect, and all weights between them."""

_Numbers: TypeAlias = npt.NDArray[np.int64]


class Weights:
    """The weight of each pair that has one: 16 bytes a pair."""

    def __init__(self) -> None:
        self._ones: npt.NDArray[np.uint32] = np.empty(0, dtype=np.uint32)
        self._others: npt.NDArray[np.uint32] = np.empty(0, dtype=np.uint32)
        self._values: npt.NDArray[np.float64] = np.empty(0, dtype=np.float64)

    def __len__(self) -> int:
        """How many pairs have a weight."""
        return len(self._values)

    def drop(self, ends: Collection[int], firsts: Collection[int]) -> set[int]:
        """Forget pairs with one of `ends`, and those whose first is one of `firsts`; gives both ends of them all."""
        if not len(self) or not (ends or firsts):
            return set()
        size = int(max(self._ones.max(), self._others.max(), *ends, *firsts)) + 1
        gone, first = _table(ends, size), _table(firsts, size)
        lost = gone[self._ones] | gone[self._others] | first[self._ones]
        touched = {*self._ones[lost].tolist(), *self._others[lost].tolist()}
        if touched:
            self._ones, self._others, self._values = self._ones[~lost], self._others[~lost], self._values[~lost]
        return touched

    def add(self, found: Iterable[tuple[int, int, float]]) -> set[int]:
        """Note weights of pairs that have none; gives both ends of them all."""
        ones, others, values = array("I"), array("I"), array("d")
        for one, other, value in found:
            ones.append(one)
            others.append(other)
            values.append(value)
        self._ones = np.concatenate([self._ones, np.frombuffer(ones, dtype=np.uint32)])
        self._others = np.concatenate([self._others, np.frombuffer(others, dtype=np.uint32)])
        self._values = np.concatenate([self._values, np.frombuffer(values, dtype=np.float64)])
        return {*ones, *others}

    def chains(self, least: float, around: Collection[int]) -> Iterator[Chain]:
        """The chains that hold these numbers: what pairs of at least so much weight connect; a number alone where none does."""
        if not around:
            return
        size = int(max(self._ones.max(initial=0), self._others.max(initial=0), *around)) + 1
        ends = self._ends(least, size)
        wanted = np.zeros(size, dtype=np.bool_)
        wanted[ends[_listed(around)]] = True
        numbers = np.unique(np.concatenate([np.flatnonzero(wanted[ends] & self._heavy(least, size)), _listed(around)]))
        numbers = numbers[np.argsort(ends[numbers], kind="stable")]
        inside = np.flatnonzero((ends[self._ones] == ends[self._others]) & wanted[ends[self._ones]])
        inside = inside[np.argsort(ends[self._ones[inside]], kind="stable")]
        heads, begins = np.unique(ends[numbers], return_index=True)
        found = ends[self._ones[inside]]
        for head, members in zip(heads, np.split(numbers, begins[1:]), strict=True):
            part = inside[np.searchsorted(found, head, side="left") : np.searchsorted(found, head, side="right")]
            weights = zip(self._ones[part].tolist(), self._others[part].tolist(), self._values[part].tolist(), strict=True)
            yield members.tolist(), list(weights)

    def _heavy(self, least: float, size: int) -> npt.NDArray[np.bool_]:
        """Which numbers are in any pair of at least so much weight."""
        found = np.zeros(size, dtype=np.bool_)
        heavy = self._values >= least
        found[self._ones[heavy]] = found[self._others[heavy]] = True
        return found

    def _ends(self, least: float, size: int) -> _Numbers:
        """For each number the lowest one that pairs of at least so much weight connect it with."""
        heavy = self._values >= least
        ones, others = self._ones[heavy], self._others[heavy]
        ends = np.arange(size)
        while len(ones):
            lowest = np.minimum(ends[ones], ends[others])
            before = ends.copy()
            for side in (ones, others):
                np.minimum.at(ends, ends[side], lowest)
                np.minimum.at(ends, side, lowest)
            ends = ends[ends]
            if np.array_equal(before, ends):
                break
        return ends


def frequent(sets: Iterable[array[int]], least: int) -> frozenset[int]:
    """The numbers (below 2**64) that at least so many of some sets have."""
    all_of_them = np.concatenate([np.empty(0, dtype=np.uint64), *(np.frombuffer(one, dtype=np.uint64) for one in sets)])
    numbers, times = np.unique(all_of_them, return_counts=True)
    return frozenset(numbers[times >= least].tolist())


def _listed(numbers: Collection[int]) -> _Numbers:
    return np.fromiter(numbers, dtype=np.int64, count=len(numbers))


def _table(numbers: Collection[int], size: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(size, dtype=np.bool_)
    found[_listed(numbers)] = True
    return found
