"""Folds copies in a window that moves: the groups of `fold_copies`, of which only what an article touches is folded again. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from monitor.stories.copies import TITLES, Matcher, join, title_pairs, title_words
from monitor.stories.pairs import compare
from monitor.stories.prints import Print
from monitor.text.neighbours import Neighbours, Ranks
from monitor.text.shingles import Rarity

Members = tuple[int, ...]
"""Numbers of prints, by first appearance."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Groups that are no more, and those that are new."""

    gone: frozenset[Members]
    come: frozenset[Members]


class Folding:
    """The groups of copies among prints, by a rarity of words that stays as it is."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._prints: dict[int, Print] = {}
        self._equal: dict[bytes, list[int]] = {}
        self._index = Neighbours()
        self._by_text: dict[int, set[int]] = defaultdict(set)
        self._titles: dict[str, list[int]] = {}
        self._by_title: dict[int, Counter[int]] = defaultdict(Counter)
        self._group: dict[int, Members] = {}

    def move(self, gone: Iterable[Print], come: Iterable[Print], ranks: Ranks) -> Regrouped:
        """Take prints out, put others in; `ranks` has the order of all of them, those that go included."""
        out = {known.number: known for known in gone}
        into = {made.number: made for made in come}
        fresh, stale, touched = self._exchange(out, into, ranks)
        touched |= self._link_texts(stale, fresh, ranks)
        touched |= self._link_titles(stale, fresh, ranks)
        for number in out:
            del self._prints[number]
        before = {self._group.pop(number) for number in out}
        after: set[Members] = set()
        seen: set[int] = set()
        for number in touched & self._prints.keys():
            if number not in seen:
                chain = self._chain(number)
                seen |= chain
                before |= {self._group[member] for member in chain if member in self._group}
                after |= self._fold(chain, ranks)
        return Regrouped(frozenset(before - after), frozenset(after - before))

    def _exchange(self, out: dict[int, Print], into: dict[int, Print], ranks: Ranks) -> tuple[set[int], set[int], set[int]]:
        """Keep who has equal texts: the new heads, those that are heads no more, and all whose equals are others now."""
        self._prints |= into
        heads: dict[bytes, int | None] = {}
        for number, known in out.items():
            equals = self._equal[_text_of(known)]
            heads.setdefault(_text_of(known), equals[0])
            equals.remove(number)
        for number, made in into.items():
            equals = self._equal.setdefault(_text_of(made), [])
            heads.setdefault(_text_of(made), equals[0] if equals else None)
            equals.append(number)
        touched: set[int] = set()
        fresh: set[int] = set()
        stale: set[int] = set()
        for text, head in heads.items():
            equals = self._equal[text]
            equals.sort(key=ranks.__getitem__)
            touched.update(equals)
            now = equals[0] if equals else None
            if now != head and now is not None:
                fresh.add(now)
            if now != head and head is not None:
                stale.add(head)
            if not equals:
                del self._equal[text]
        return fresh, stale, touched

    def _link_texts(self, stale: Collection[int], fresh: Collection[int], ranks: Ranks) -> set[int]:
        """Keep which heads match by what their texts share; gives those of which that has changed."""
        shifted = self._index.remove(stale, ranks)
        shifted |= self._index.add({number: self._prints[number].side.shingles for number in fresh}, ranks)
        shifted -= set(stale)
        touched: set[int] = set()
        for number in stale:
            touched |= self._part(number, self._by_text.pop(number, set()))
        for number in shifted:
            touched |= self._part(number, {other for other in self._by_text[number] if ranks[other] > ranks[number]})
        for number, others in self._index.shared(fresh, shifted):
            for other in others:
                if self._match(number, other, ranks):
                    self._by_text[number].add(other)
                    self._by_text[other].add(number)
                    touched |= {number, other}
        return touched

    def _part(self, number: int, others: set[int]) -> set[int]:
        for other in others:
            self._by_text[other].discard(number)
        if number in self._by_text:
            self._by_text[number] -= others
        return {number, *others} if others else set()

    def _link_titles(self, stale: Collection[int], fresh: Collection[int], ranks: Ranks) -> set[int]:
        """Keep which heads match by their titles; gives those of which that has changed."""
        changed: dict[str, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
        for place, numbers in enumerate((stale, fresh)):
            for number in numbers:
                for word in title_words(self._prints[number].side):
                    changed[word][place].add(number)
        known: dict[tuple[int, int], bool] = {}
        touched: set[int] = set()
        for word, (out, into) in changed.items():
            before = self._titles.pop(word, [])
            after = sorted((number for number in (*before, *into) if number not in out), key=ranks.__getitem__)
            if after:
                self._titles[word] = after
            if before[:TITLES] == after[:TITLES] and self._short(before) == self._short(after):
                continue
            was, now = self._titled(before), self._titled(after)
            touched |= self._count_titles(was - now, -1, known, ranks)
            touched |= self._count_titles(now - was, 1, known, ranks)
        return touched

    def _count_titles(
        self, pairs: Iterable[tuple[int, int]], step: int, known: dict[tuple[int, int], bool], ranks: Ranks
    ) -> set[int]:
        """Count the words by which titles that match are looked up."""
        touched: set[int] = set()
        for pair in pairs:
            if pair not in known:
                known[pair] = self._match(*pair, ranks)
            if known[pair]:
                touched |= set(pair)
                for one, other in (pair, pair[::-1]):
                    self._by_title[one][other] += step
                    if not self._by_title[one][other]:
                        del self._by_title[one][other]
        return touched

    def _titled(self, numbers: Sequence[int]) -> set[tuple[int, int]]:
        """Pairs that are compared for a word in their titles, first appearance first."""
        pairs = title_pairs(range(len(numbers)), [self._prints[number].side.is_short for number in numbers])
        return {(numbers[one], numbers[other]) for one, other in pairs}

    def _short(self, numbers: Sequence[int]) -> list[int]:
        return [number for number in numbers if self._prints[number].side.is_short][:TITLES]

    def _match(self, one: int, other: int, ranks: Ranks) -> bool:
        first, second = (one, other) if ranks[one] < ranks[other] else (other, one)
        return compare(self._prints[first].side, self._prints[second].side, self._rarity).matches

    def _linked(self, head: int) -> set[int]:
        """Heads that match one."""
        return self._by_text.get(head, set()) | self._by_title.get(head, Counter()).keys()

    def _chain(self, number: int) -> set[int]:
        """All that equal texts and matching heads connect with one."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            one = waiting.pop()
            if one not in found:
                equals = self._equal[_text_of(self._prints[one])]
                found.update(equals)
                waiting += self._linked(equals[0]) - found
        return found

    def _fold(self, chain: Collection[int], ranks: Ranks) -> set[Members]:
        """Decide the groups of one chain."""
        members = sorted(chain, key=ranks.__getitem__)
        clusters = [[0]]
        if len(members) > 1:
            place = {number: here for here, number in enumerate(members)}
            matching = {
                (min(place[one], place[other]), max(place[one], place[other])) for one in members for other in self._linked(one)
            }
            clusters = join(matching, Matcher([self._prints[number].side for number in members], self._rarity))
        groups = {tuple(members[here] for here in cluster) for cluster in clusters}
        for group in groups:
            self._group.update(dict.fromkeys(group, group))
        return groups


def _text_of(known: Print) -> bytes:
    """What equal texts share; a text too short to tell is its own."""
    return known.side.exact or known.number.to_bytes(8, "big")
