"""Which sentences say the same: by their words within a language, by names, numbers and terms across languages."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{4,}")
_NUMBER = re.compile(r"\d+")
_STEM = 5
_SAME = str.maketrans({"ё": "е", "ў": "у"})
_JACCARD = 0.6
_CONTAINED = 0.8
_FEWEST = 5


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


def say_the_same(one: str, other: str) -> bool:
    """Whether two sentences of one language are the same but for a few words, and do not differ in their numbers."""
    first, second = stems(one), stems(other)
    least = min(len(first), len(second))
    if least < _FEWEST:
        return one == other
    shared = len(first & second)
    alike = shared / len(first | second) >= _JACCARD or shared / least >= _CONTAINED
    if not alike:
        return False
    figures, others = numbers(one), numbers(other)
    return figures <= others or others <= figures
