"""How far extractors' texts agree, and which of them the others support most; no training, no threshold of its own. Pure.

An extractor errs alone: of several, the text most like all the others (their medoid) is right more often than any one is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.text.shingles import Shingles, shared, shingles_of

_WORD = re.compile(r"\w+")
_RUN = 4
"""Words in a shingle: the unit in which extraction benchmarks count."""


def agreement(one: str, other: str) -> float:
    """Dice's coefficient of the texts' runs of four words, 0 to 1; 0 where either text is empty."""
    return _dice(_shingles(one), _shingles(other))


def most_agreed(texts: Sequence[str]) -> int:
    """The place of the text that agrees most with the others; the first of equals. Empty texts are chosen only among themselves.

    Args:
        texts: One per extractor, at least one, the most trusted first.
    """
    sets = [_shingles(text) for text in texts]
    support = [sum(_dice(own, other) for place, other in enumerate(sets) if place != at) for at, own in enumerate(sets)]
    return max(range(len(texts)), key=lambda place: (bool(len(sets[place])), support[place]))


def _shingles(text: str) -> Shingles:
    return shingles_of(_WORD.findall(text), _RUN)


def _dice(one: Shingles, other: Shingles) -> float:
    return 2 * shared(one, other) / (len(one) + len(other)) if len(one) and len(other) else 0.0
