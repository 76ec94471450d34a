"""Average-link hierarchical clustering over sparse similarities. Pure mathematics; it knows nothing of articles."""

from __future__ import annotations

import heapq
from array import array
from collections import defaultdict
from collections.abc import Iterable


def average_link(size: int, similarities: Iterable[tuple[int, int, float]], threshold: float) -> tuple[tuple[int, ...], ...]:
    """Merge the most similar clusters while the mean similarity of their pairs is at least `threshold` (UPGMA).

    Clusters never reach beyond items that a chain of pairs of at least `threshold` connects, so that only pairs within such a
    chain are remembered in full: the others take 16 bytes each while they are given.

    Args:
        size: How many items there are, numbered from 0.
        similarities: Pairs (i < j, each once) with their similarity; a pair that is absent has similarity 0.
        threshold: Above 0.

    Returns:
        The clusters, each ascending, by their first item. Ties go to the lower numbers, so the result is unique.
    """
    firsts, seconds, values = array("I"), array("I"), array("d")
    chain = list(range(size))
    for one, other, value in similarities:
        firsts.append(one)
        seconds.append(other)
        values.append(value)
        if value >= threshold:
            _connect(one, other, chain)
    members: dict[int, tuple[int, ...]] = {item: (item,) for item in range(size)}
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    heap: list[tuple[float, int, int]] = []
    for one, other, value in zip(firsts, seconds, values, strict=True):
        if _end(one, chain) == _end(other, chain):
            sums[one][other] = sums[other][one] = value
            if value >= threshold:
                heap.append((-value, one, other))
    heapq.heapify(heap)
    while heap:
        negative, one, other = heapq.heappop(heap)
        if one not in members or other not in members or _mean(one, other, members, sums) != -negative:
            continue
        _merge(one, other, members, sums)
        for third in sums[one]:
            mean = _mean(one, third, members, sums)
            if mean >= threshold:
                heapq.heappush(heap, (-mean, min(one, third), max(one, third)))
    return tuple(sorted(members.values()))


def _end(item: int, chain: list[int]) -> int:
    """The item that stands for all that are connected with one (Tarjan's union-find, paths halved)."""
    while chain[item] != item:
        chain[item] = chain[chain[item]]
        item = chain[item]
    return item


def _connect(one: int, other: int, chain: list[int]) -> None:
    first, second = _end(one, chain), _end(other, chain)
    chain[max(first, second)] = min(first, second)


def _mean(one: int, other: int, members: dict[int, tuple[int, ...]], sums: dict[int, dict[int, float]]) -> float:
    return sums[one].get(other, 0.0) / (len(members[one]) * len(members[other]))


def _merge(one: int, other: int, members: dict[int, tuple[int, ...]], sums: dict[int, dict[int, float]]) -> None:
    """Put `other` into `one`; sums over pairs add up."""
    members[one] = tuple(sorted((*members[one], *members.pop(other))))
    for third, value in sums.pop(other).items():
        del sums[third][other]
        if third != one:
            sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + value
