"""Which hits stand close to others, by the numbers of their words; it knows no rule and no text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.rules.text import Hit

_FIELD = 1 << 40
"""What the number of a field weighs in a place: more than any article has words."""


class Operand(NamedTuple):
    """Hits in order of place; `starts` are their places as numbers, the longest of them has `longest` words after its first."""

    hits: Sequence[Hit]
    starts: Sequence[int]
    longest: int


def operand_of(hits: Iterable[Hit]) -> Operand:
    """Make hits ready to be looked for by place; of two in one place the one given first comes first."""
    kept = sorted(hits, key=lambda hit: hit[:3])
    starts = [hit.field * _FIELD + hit.first for hit in kept]
    return Operand(kept, starts, max((hit.last - hit.first for hit in kept), default=0))


def overlap(one: Hit, other: Hit) -> bool:
    """Whether two hits share a word."""
    return one.field == other.field and one.first <= other.last and other.first <= one.last


def taken(hits: Iterable[Hit]) -> set[tuple[int, int]]:
    """The words that hits cover, as field and number."""
    return {(hit.field, at) for hit in hits for at in range(hit.first, hit.last + 1)}


def between(one: Hit, other: Hit) -> int:
    """Words between two hits of one field; 0 where they touch or overlap."""
    return max(0, max(one.first, other.first) - min(one.last, other.last) - 1)


def spread(group: Sequence[Hit]) -> int:
    """The largest distance of a hit from the first one, in words."""
    return max((between(group[0], hit) for hit in group[1:]), default=0)


def closest(others: Operand, group: Sequence[Hit], reach: int, *, ordered: bool) -> Hit | None:
    """The hit closest to the first of a group, at most `reach` words from it, overlapping none of the group; the earlier of two.

    Args:
        ordered: It must stand after the last of the group.
    """
    start, after = group[0], group[-1].last if ordered else -1
    found, least = None, reach + 1
    for hit in _around(others, start, reach):
        distance = between(start, hit)
        if distance < least and hit.first > after and not any(overlap(hit, other) for other in group):
            found, least = hit, distance
    return found


def within_reach(hit: Hit, others: Operand, reach: int) -> Hit | None:
    """The one of `others` closest to a hit, at most `reach` words from it, which it may overlap; the earlier of two."""
    found, least = None, reach + 1
    for other in _around(others, hit, reach):
        distance = between(other, hit)
        if distance < least:
            found, least = other, distance
    return found


def _around(operand: Operand, start: Hit, reach: int) -> Sequence[Hit]:
    """The hits that may stand at most `reach` words from `start`, in order of place; some stand farther."""
    field = start.field * _FIELD
    first = bisect_left(operand.starts, field + start.first - reach - operand.longest - 1)
    return operand.hits[first : bisect_right(operand.starts, field + start.last + reach + 1, first)]
