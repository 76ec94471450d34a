"""Groups stories in a window that moves: those of `group_stories`, of which only what a group of copies touches is linked again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from monitor.stories.folding import Members, Regrouped
from monitor.stories.group import NEGLIGIBLE, NEIGHBOURS, SHARED, THRESHOLD, likenesses, lookup_keys
from monitor.stories.linkage import average_link
from monitor.stories.prints import Print
from monitor.stories.profile import Counted, Rarities, Weighed, weigh, with_mentions
from monitor.text.neighbours import Neighbours, Ranks
from monitor.text.weights import Chain, Weights

_WEIGHED = 4_000
"""Weighed groups that are remembered from move to move, some 8 MB; the others are weighed again."""

Story = tuple[Members, ...]
"""Groups of copies, by first appearance."""


class Grouping:
    """The stories among groups of copies, by rarities that stay as they are. A group goes by the number of the print that leads it."""

    def __init__(self, rarities: Rarities) -> None:
        self._rarities = rarities
        self._groups: dict[int, tuple[Print, ...]] = {}
        self._index = Neighbours(at_least=SHARED, neighbours=NEIGHBOURS)
        self._weights = Weights()
        self._weighed: dict[int, Weighed] = {}

    def move(self, groups: Regrouped, prints: Mapping[int, Print], ranks: Ranks) -> Iterator[Story]:
        """Take groups out, put others in; gives the stories that may be others now. `prints` are those of all groups to come."""
        out = {members[0] for members in groups.gone}
        into = {members[0]: tuple(prints[number] for number in members) for members in groups.come}
        same = {number for number in out & into.keys() if _say_the_same(self._groups[number], into[number])}
        for number in out:
            del self._groups[number]
            self._weighed.pop(number, None)
        self._groups |= into
        shifted = self._index.remove(out - same, ranks)
        shifted |= self._index.add({number: lookup_keys(self._profile(number)) for number in into.keys() - same}, ranks)
        shifted -= out
        touched = self._weights.drop(out | into.keys(), shifted) | into.keys()
        touched |= self._weights.add(self._alike(into.keys(), shifted, ranks))
        self._weighed = dict(islice(self._weighed.items(), max(0, len(self._weighed) - _WEIGHED), None))
        for chain in self._weights.chains(THRESHOLD, touched & self._groups.keys()):
            yield from self._stories(chain, ranks)

    def _alike(self, around: Collection[int], ahead: Collection[int], ranks: Ranks) -> Iterator[tuple[int, int, float]]:
        for one, others in self._index.shared(around, ahead):
            found = likenesses(self._profile(one), [self._profile(other) for other in others])
            for other, value in zip(others, found, strict=True):
                if value >= NEGLIGIBLE:
                    yield (one, other, value) if ranks[one] < ranks[other] else (other, one, value)

    def _profile(self, number: int) -> Weighed:
        if (known := self._weighed.get(number)) is None:
            members = self._groups[number]
            known = self._weighed[number] = weigh(
                counted_in(members),
                self._rarities,
                frozenset(rule for member in members for rule in member.rules),
                [member.moment for member in members],
            )
        return known

    def _stories(self, chain: Chain, ranks: Ranks) -> Iterator[Story]:
        """Cluster one chain."""
        numbers, weights = chain
        numbers = sorted(numbers, key=ranks.__getitem__)
        place = {number: here for here, number in enumerate(numbers)}
        similarities = ((place[one], place[other], value) for one, other, value in weights)
        for cluster in average_link(len(numbers), similarities, THRESHOLD):
            yield tuple(tuple(member.number for member in self._groups[numbers[here]]) for here in cluster)


def counted_in(members: Collection[Print]) -> Counted:
    """What a group of copies says."""
    lead = next(iter(members))
    return with_mentions(lead.counted, _mentions(members))


def _mentions(members: Collection[Print]) -> frozenset[str]:
    return frozenset(name for member in members for name in member.mentions)


def _say_the_same(one: Collection[Print], other: Collection[Print]) -> bool:
    """Whether two states of a group have the same words and names."""
    return next(iter(one)) is next(iter(other)) and _mentions(one) == _mentions(other)
