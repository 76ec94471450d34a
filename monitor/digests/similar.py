"""Which sentences say the same: by their words within a language, by names, numbers and terms across languages."""

from __future__ import annotations

import math
import re

_WORD = re.compile(r"[^\W\d_]{4,}")
_NUMBER = re.compile(r"\d+")
_STEM = 5
_SAME = str.maketrans({"ё": "е", "ў": "у"})
_JACCARD = 0.6
_CONTAINED = 0.8
_FEWEST = 5
_MANY = 6
_MOSTLY = 0.6


def stems(text: str) -> frozenset[str]:
    """The words of four letters and more, cut to five: enough to see through endings."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold().translate(_SAME)))


def numbers(text: str) -> frozenset[str]:
    """All whole numbers in it, as written."""
    return frozenset(_NUMBER.findall(text))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index, 0 to 1; 0 where both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def cosine(one: frozenset[str], other: frozenset[str]) -> float:
    """The cosine of two sets, 0 to 1; 0 where one is empty. It minds a difference in length less than Jaccard's index."""
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences of one language have the same stems but for a few; never for very short ones."""
    least = min(len(one), len(other))
    if least < _FEWEST:
        return False
    shared = len(one & other)
    return shared / len(one | other) >= _JACCARD or shared / least >= _CONTAINED


def mostly_within(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the shorter of two sentences of one language adds little to the other: most of its stems, and many, are there too."""
    shared = len(one & other)
    return shared >= _MANY and shared >= _MOSTLY * min(len(one), len(other))


def figures_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the numbers of two sentences do not contradict each other: one has all that the other has."""
    return one <= other or other <= one
