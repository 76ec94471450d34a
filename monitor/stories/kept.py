"""Remembers what was found out of single articles and pairs, so that a window that moves a little is not read anew. It decides nothing.

Everything kept depends on what it is kept by and on nothing else, so that stories are the same with a memory and without.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from monitor.model.article import Article
from monitor.model.story import CopyGroup
from monitor.stories.blocks import hashed_lines
from monitor.stories.order import has_date, host_of
from monitor.stories.pairs import Pair, Side, compare, side_of
from monitor.stories.profile import Counted, counted
from monitor.text.shingles import Rarity

K = TypeVar("K")
V = TypeVar("V")


class _Used(Generic[K, V]):
    """Values by key, of which those that nobody asks for between two turns are forgotten."""

    def __init__(self) -> None:
        self._before: dict[K, V] = {}
        self._now: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        if key in self._now:
            return self._now[key]
        if (found := self._before.pop(key, None)) is not None:
            self._now[key] = found
        return found

    def put(self, key: K, value: V) -> V:
        self._now[key] = value
        return value

    def of(self, key: K, make: Callable[[], V]) -> V:
        found = self.get(key)
        return self.put(key, make()) if found is None else found

    def turn(self) -> None:
        self._before, self._now = self._now, {}

    def __len__(self) -> int:
        return len(self._before) + len(self._now)


class Kept:
    """What is known of the articles of the last time; some 7 kB each, and nothing of those that have left the window."""

    def __init__(self) -> None:
        self._lines: _Used[bytes, array[int]] = _Used()
        self._sides: _Used[bytes, Side] = _Used()
        self._counted: _Used[bytes, Counted] = _Used()
        self._pairs: _Used[int, Pair] = _Used()
        self._serial = 0

    def lines(self, text: str) -> array[int]:
        """`hashed_lines`."""
        return self._lines.of(_digest(text), lambda: hashed_lines(text))

    def side(self, article: Article, text: str) -> Side:
        """`side_of`."""
        dated = article.published.isoformat() if has_date(article) else ""
        return self._sides.of(
            _digest(host_of(article), dated, article.title, text), lambda: self._numbered(side_of(article, text))
        )

    def _numbered(self, side: Side) -> Side:
        self._serial += 1
        return replace(side, serial=self._serial)

    def pair(self, one: Side, other: Side, rarity: Rarity) -> Pair:
        """`compare`, of sides that were given here; what depends on the other articles is found out every time.

        Of pairs that do not match only that is kept, as they are many: who asks for their figures has them compared again.
        """
        known = self._pairs.get(_both(one, other))
        if known is not None and known.matches:
            return known
        found = compare(one, other, rarity)
        if found.lasting:
            self._pairs.put(_both(one, other), found if found.matches else _APART)
        return found

    def apart(self, one: Side, other: Side) -> bool:
        """True where two sides are known not to match."""
        known = self._pairs.get(_both(one, other))
        return known is not None and not known.matches

    def counted(self, group: CopyGroup) -> Counted:
        """`counted`."""
        article = group.lead.article
        mentions = sorted({mention.name for item in group.articles for mention in item.analysis.mentions})
        dated = article.published.date().isoformat() if has_date(article) else ""
        key = _digest(article.language, dated, article.title, article.text, *mentions)
        return self._counted.of(key, lambda: counted(group))

    def forget_unused(self) -> None:
        """Drop what was not asked for since the last time."""
        for one in (self._lines, self._sides, self._counted, self._pairs):
            one.turn()

    def __len__(self) -> int:
        """How many findings are kept."""
        return sum(len(one) for one in (self._lines, self._sides, self._counted, self._pairs))


_APART = Pair(False, 0.0, "")
"""Stands for all pairs that do not match."""


def _both(one: Side, other: Side) -> int:
    return min(one.serial, other.serial) << 40 | max(one.serial, other.serial)


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
