"""Average-link hierarchical clustering over sparse similarities. Pure mathematics; it knows nothing of articles."""

from __future__ import annotations

import heapq
from collections.abc import Mapping


def average_link(size: int, similarities: Mapping[tuple[int, int], float], threshold: float) -> tuple[tuple[int, ...], ...]:
    """Merge the most similar clusters while the mean similarity of their pairs is at least `threshold` (UPGMA).

    Args:
        size: How many items there are, numbered from 0.
        similarities: For pairs (i < j); a pair that is absent has similarity 0.
        threshold: Above 0.

    Returns:
        The clusters, each ascending, by their first item. Ties go to the lower numbers, so the result is unique.
    """
    members: dict[int, tuple[int, ...]] = {item: (item,) for item in range(size)}
    sums: dict[int, dict[int, float]] = {item: {} for item in range(size)}
    heap: list[tuple[float, int, int]] = []
    for (one, other), value in similarities.items():
        sums[one][other] = sums[other][one] = value
        if value >= threshold:
            heapq.heappush(heap, (-value, one, other))
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


def _mean(one: int, other: int, members: dict[int, tuple[int, ...]], sums: dict[int, dict[int, float]]) -> float:
    return sums[one].get(other, 0.0) / (len(members[one]) * len(members[other]))


def _merge(one: int, other: int, members: dict[int, tuple[int, ...]], sums: dict[int, dict[int, float]]) -> None:
    """Put `other` into `one`; sums over pairs add up."""
    members[one] = tuple(sorted((*members[one], *members.pop(other))))
    for third, value in sums.pop(other).items():
        del sums[third][other]
        if third != one:
            sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + value
