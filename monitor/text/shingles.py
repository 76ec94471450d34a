"""Word shingles as sorted arrays of 32-bit hashes: what texts share, and which texts may share enough; home of numpy.

It knows nothing of articles. Hashes are of the words' UTF-8 bytes (CRC-32, mixed), so that results are the same in every run.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Shingles: TypeAlias = npt.NDArray[np.uint32]
"""Distinct hashes in ascending order."""

_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63)
"""Odd 64-bit multipliers (golden ratio; the primes of xxHash), one per place in a shingle."""


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


def shared(one: Shingles, other: Shingles) -> int:
    """How many shingles two texts have in common."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    if not len(few):
        return 0
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    return int(np.count_nonzero(many[places] == few))


def containment(one: Shingles, other: Shingles) -> float:
    """The share of the shorter text's shingles that the other has, 0 to 1 (Broder 1997); 0 where one is empty."""
    shorter = min(len(one), len(other))
    return shared(one, other) / shorter if shorter else 0.0


def sharing_pairs(
    texts: Sequence[Shingles], *, one_in: int = 4, at_least: int = 2, neighbours: int = 12
) -> Iterator[tuple[int, int]]:
    """Pairs of places (i < j) of texts that share at least `at_least` sampled shingles, in ascending order.

    Args:
        texts: The shingles of each text.
        one_in: The share of hashes that is looked at; texts with fewer than 64 shingles are looked at in full.
        at_least: How many sampled shingles a pair has to share (one is enough for texts of fewer than 16 shingles).
        neighbours: A shingle that many texts carry pairs each with only so many of the next ones: enough to connect a family
            of copies, without the square of a common phrase.
    """
    hashes = [text if len(text) < 64 else text[text % np.uint32(one_in) == 0] for text in texts]
    if not hashes:
        return
    owners = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(item) for item in hashes])
    keys = np.concatenate(hashes)
    # A short text is looked at in full; its unsampled hashes meet only those of other short texts.
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order].astype(np.uint64)
    found: list[npt.NDArray[np.uint64]] = []
    for step in range(1, neighbours + 1):
        same = keys[step:] == keys[:-step]
        if not same.any():
            break
        found.append((owners[:-step][same] << np.uint64(32)) | owners[step:][same])
    if not found:
        return
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        first, second = pair >> 32, pair & 0xFFFFFFFF
        if count >= at_least or min(len(texts[first]), len(texts[second])) < 16:
            yield first, second
