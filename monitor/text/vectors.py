"""Sparse vectors of hashed keys in two flat arrays: what a text says, weighed, in some bytes a word. It knows nothing of articles.

A key is a hash of 29 bits and a kind of three, so that one vector can hold words, numbers and days and tell them apart.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Keys: TypeAlias = npt.NDArray[np.uint32]

KINDS = 8
"""Kinds there can be, from 0."""
_KIND = np.uint32(KINDS - 1)
_MIX = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Distinct keys, ascending, each with its weight."""

    keys: Keys
    weights: npt.NDArray[np.float32]

    def __len__(self) -> int:
        """How many keys it has."""
        return len(self.keys)

    def weight(self, key: int) -> float:
        """The weight of one key; 0 where it has none."""
        place = int(np.searchsorted(self.keys, key))
        return float(self.weights[place]) if place < len(self.keys) and self.keys[place] == key else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Rarity:
    """The inverse document frequency of each key that any text had; keys ascending. `unseen` is that of keys that none had."""

    keys: Keys
    weights: npt.NDArray[np.float64]
    unseen: float


def key_of(kind: int, word: str) -> int:
    """The key of a word of a kind (0 to 7), the same in every run: the kind in the low three bits."""
    mixed = (zlib.crc32(word.encode("utf-8", "surrogatepass")) * _MIX) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 32) & ~int(_KIND) | kind


def vector_of(weights: Mapping[int, float]) -> Vector:
    """A vector of keys as `key_of` makes them."""
    keys = np.fromiter(weights.keys(), dtype=np.uint32, count=len(weights))
    order = np.argsort(keys)
    return Vector(keys[order], np.fromiter(weights.values(), dtype=np.float32, count=len(weights))[order])


def rarity_of(vectors: Sequence[Vector], *, prior: int) -> Rarity:
    """How rare each key is among texts (Sparck Jones 1972, smoothed), as if there were at least `prior` of them."""
    keys = np.concatenate([vector.keys for vector in vectors]) if vectors else np.empty(0, dtype=np.uint32)
    keys.sort()
    begins = np.flatnonzero(np.diff(keys, prepend=keys[:1] - np.uint32(1))) if len(keys) else np.empty(0, dtype=np.int64)
    counts = np.diff(begins, append=len(keys))
    texts = max(len(vectors), prior) + 1
    return Rarity(keys[begins], np.log(texts / (counts + 0.5)), math.log(texts / 0.5))


def weighed(vector: Vector, rarity: Rarity) -> Vector:
    """The same keys, weighed by their rarity, brought to Euclidean length 1; an empty vector stays empty."""
    places = np.searchsorted(rarity.keys, vector.keys)
    places[places == len(rarity.keys)] = 0
    rare = np.full(len(vector.keys), rarity.unseen)
    if len(rarity.keys):
        rare = np.where(rarity.keys[places] == vector.keys, rarity.weights[places], rare)
    weights = vector.weights * rare
    length = math.sqrt(float(np.sum(weights * weights)))
    return Vector(vector.keys, (weights / length if length else weights).astype(np.float32))


def joined(one: Vector, other: Vector) -> Vector:
    """Two vectors without a key in common as one."""
    keys = np.concatenate([one.keys, other.keys])
    order = np.argsort(keys)
    return Vector(keys[order], np.concatenate([one.weights, other.weights])[order])


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of two unit vectors, 0 to 1."""
    return cosines(one, [other])[0]


def cosines(one: Vector, others: Sequence[Vector]) -> list[float]:
    """The cosine of one unit vector with each of others, 0 to 1.

    It is symmetric to the last bit: products add up by ascending key.
    """
    products = _products(one, others)
    return _summed(products.owners, products.values, len(others))


def cosines_with_part(one: Vector, others: Sequence[Vector], kind: int) -> tuple[list[float], list[float]]:
    """The same, and what keys of one kind give of it."""
    products = _products(one, others)
    part = products.keys & _KIND == kind
    return (
        _summed(products.owners, products.values, len(others)),
        _summed(products.owners[part], products.values[part], len(others)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Products:
    """The products of the weights of keys in common: of which of the others, of which key."""

    owners: npt.NDArray[np.int64]
    keys: Keys
    values: npt.NDArray[np.float64]


def _products(one: Vector, others: Sequence[Vector]) -> _Products:
    if not one.keys.size or not others:
        return _Products(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.float64))
    keys = np.concatenate([other.keys for other in others])
    places = one.keys.searchsorted(keys)
    places[places == one.keys.size] = 0
    common = np.flatnonzero(one.keys[places] == keys)
    weights = np.concatenate([other.weights for other in others])[common]
    ends = np.cumsum([other.keys.size for other in others])
    return _Products(
        ends.searchsorted(common, side="right"), keys[common], weights.astype(np.float64) * one.weights[places[common]]
    )


def _summed(owners: npt.NDArray[np.int64], values: npt.NDArray[np.float64], size: int) -> list[float]:
    found: list[float] = np.bincount(owners, weights=values, minlength=size).tolist()
    return found


def heaviest(vector: Vector, number: int) -> Keys:
    """The keys of the greatest weights, at most `number`; of equal weights the lower keys."""
    return vector.keys[np.lexsort((vector.keys, -vector.weights))[:number]]


def of_kinds(vector: Vector, kinds: Iterable[int]) -> Vector:
    """The part of a vector that is of these kinds, its weights unchanged."""
    table = np.zeros(KINDS, dtype=np.bool_)
    table[list(kinds)] = True
    wanted = table[vector.keys & _KIND]
    return Vector(vector.keys[wanted], vector.weights[wanted])


def marked(keys: Keys, mark: str) -> Keys:
    """The same keys as no others have that bear another mark."""
    return keys ^ np.uint32(zlib.crc32(mark.encode()))


def together(*keys: Keys) -> Keys:
    """The distinct ones of several, ascending."""
    return np.unique(np.concatenate(keys))
