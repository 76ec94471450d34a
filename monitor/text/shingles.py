"""Word shingles as sorted arrays of 32-bit hashes: what texts share.

It knows nothing of articles. Hashes are of the words' UTF-8 bytes (CRC-32, mixed), so that results are the same in every run.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Shingles: TypeAlias = npt.NDArray[np.uint32]
"""Distinct hashes in ascending order."""

WordSet: TypeAlias = npt.NDArray[np.uint16]
"""Distinct 16-bit hashes of single words in ascending order: of a text of 400 words, an absent word seems present once in 200 times."""

Places: TypeAlias = npt.NDArray[np.uint8]
"""Where each word of a `WordSet` first stands in its text: 0 at the beginning, 255 at the end."""

PlacedWords: TypeAlias = tuple[WordSet, Places]

Rarity: TypeAlias = npt.NDArray[np.float64]
"""The square of each hash's inverse document frequency, by hash: 65,536 numbers."""

_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63)
"""Odd 64-bit multipliers (golden ratio; the primes of xxHash), one per place in a shingle."""

_LAST_PLACE = 255


def shingles_of(words: Sequence[str], size: int = 3) -> Shingles:
    """The distinct runs of `size` (1 to 5) words; of a text with fewer words, all of it as one run; empty for no words."""
    if not words:
        return np.empty(0, dtype=np.uint32)
    size = min(size, len(words))
    codes = np.fromiter((zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words), dtype=np.uint64, count=len(words))
    mixed = np.zeros(len(words) - size + 1, dtype=np.uint64)
    for place in range(size):
        mixed = (mixed ^ codes[place : len(words) - size + 1 + place]) * np.uint64(_MIX[place])
        mixed ^= mixed >> np.uint64(29)
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def word_set(words: Iterable[str]) -> WordSet:
    """The distinct words of a text, as short hashes."""
    codes = np.fromiter({zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words}, dtype=np.uint64)
    return np.unique((codes * np.uint64(_MIX[0]) >> np.uint64(48)).astype(np.uint16))


def placed_words(words: Sequence[str]) -> PlacedWords:
    """The distinct words of a text, as short hashes, and where each first stands."""
    codes = np.fromiter((zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words), dtype=np.uint64, count=len(words))
    hashes, first = np.unique((codes * np.uint64(_MIX[0]) >> np.uint64(48)).astype(np.uint16), return_index=True)
    return hashes, (first * _LAST_PLACE // max(1, len(words) - 1)).astype(np.uint8)


def shared(one: Shingles | WordSet, other: Shingles | WordSet) -> int:
    """How many shingles, or words, two texts have in common; both of one kind."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    if not len(few):
        return 0
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    return int(np.count_nonzero(many[places] == few))


def rarity_of(texts: Iterable[WordSet], *, prior: int = 60) -> Rarity:
    """How rare each word is among texts (Sparck Jones 1972), as if there were at least `prior` of them."""
    counts = np.zeros(1 << 16, dtype=np.int64)
    number = 0
    for words in texts:
        counts[words] += 1
        number += 1
    weights: Rarity = np.log((max(number, prior) + 1) / (counts + 0.5)) ** 2
    return weights


def without(placed: PlacedWords, left_out: WordSet) -> PlacedWords:
    """The words of a text that are not among these, and their places."""
    words, places = placed
    kept = np.isin(words, left_out, assume_unique=True, invert=True)
    return words[kept], places[kept]


def cosine_in_place(one: PlacedWords, other: PlacedWords, rarity: Rarity, *, within: float = 1.0) -> float:
    """The cosine of two texts as sets of words weighted by rarity, 0 to 1, of words that stand at the same places; 0 if one is empty.

    Args:
        one: As `placed_words` gives them.
        other: Likewise.
        rarity: Of all texts at hand.
        within: How far apart a word may first stand in the two, as a share of their lengths; 1 asks for no order.
    """
    few, many = (one, other) if len(one[0]) <= len(other[0]) else (other, one)
    lengths = float(rarity[few[0]].sum()) * float(rarity[many[0]].sum())
    return float(rarity[few[0][_in_place(few, many, within)]].sum()) / math.sqrt(lengths) if lengths else 0.0


def spread_in_place(
    few: PlacedWords, many: PlacedWords, rarity: Rarity, *, within: float = 1.0, parts: int = 4
) -> tuple[float, ...]:
    """Of each of so many parts of the first text, the share of its words by weight that the second has at the same places; ascending."""
    part = few[1].astype(np.intp) * parts // (_LAST_PLACE + 1)
    weights = rarity[few[0]]
    found = np.bincount(part, weights=weights * _in_place(few, many, within), minlength=parts)
    of_part = np.bincount(part, weights=weights, minlength=parts)
    shares: list[float] = np.divide(found, of_part, out=np.zeros(parts), where=of_part > 0).tolist()
    return tuple(sorted(shares))


def _in_place(few: PlacedWords, many: PlacedWords, within: float) -> npt.NDArray[np.bool_]:
    """Which words of the first text the second has at the same places."""
    if not len(many[0]):
        return np.zeros(len(few[0]), dtype=np.bool_)
    found = np.minimum(np.searchsorted(many[0], few[0]), len(many[0]) - 1)
    apart = np.abs(few[1].astype(np.int16) - many[1][found])
    matched: npt.NDArray[np.bool_] = (many[0][found] == few[0]) & (apart <= _LAST_PLACE * within)
    return matched


def weighted_containment(few: WordSet, many: WordSet, rarity: Rarity) -> float:
    """The share of the words of the first, weighted by rarity, that the second has, 0 to 1; 0 where one is empty."""
    if not len(few) or not len(many):
        return 0.0
    found = many[np.minimum(np.searchsorted(many, few), len(many) - 1)] == few
    return float(rarity[few[found]].sum()) / float(rarity[few].sum())


def containment(one: Shingles, other: Shingles) -> float:
    """The share of the shorter text's shingles that the other has, 0 to 1 (Broder 1997); 0 where one is empty."""
    shorter = min(len(one), len(other))
    return shared(one, other) / shorter if shorter else 0.0
