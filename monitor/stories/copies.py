"""Folds articles that carry the same text, exact or lightly edited, and says why. Pure: nothing is fetched, stored or dated here.

The method is containment of 3-word shingles in the shorter text, agreement of its names and numbers, and a quorum: an article
joins a cluster only when more than half of its members match it, so that a round-up never glues the stories it quotes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from monitor.model.story import AnalysedArticle, CopyGroup
from monitor.stories.blocks import own_text
from monitor.stories.kept import Kept
from monitor.stories.order import first_appearance, host_of
from monitor.stories.origin import origin_of
from monitor.stories.pairs import Pair, Side, compare, side_of
from monitor.text.shingles import Rarity, rarity_of, sharing_pairs

MUTUAL = 0.5
"""Resemblance from which two texts are editions of one another, and are joined before teasers and excerpts."""
QUORUM_SAMPLE = 12
"""Members of each cluster that are asked; asking all of two large clusters would take the product of their sizes."""


@dataclass(slots=True)
class _Cluster:
    """Places of articles that carry one text, in order of first appearance."""

    members: list[int]

    @property
    def asked(self) -> list[int]:
        """The members that speak for the cluster."""
        return self.members[:QUORUM_SAMPLE]


@dataclass(slots=True)
class _Matcher:
    """Compares pairs of places, each once."""

    sides: Sequence[Side]
    rarity: Rarity
    kept: Kept | None
    known: dict[tuple[int, int], Pair] = field(default_factory=dict)

    def pair(self, one: int, other: int) -> Pair:
        key = (one, other) if one < other else (other, one)
        if key not in self.known:
            make = self.kept.pair if self.kept is not None else compare
            self.known[key] = make(self.sides[key[0]], self.sides[key[1]], self.rarity)
        return self.known[key]

    def matches(self, one: int, other: int) -> bool:
        """Whether a candidate matches; what does not is forgotten, since most candidates are never asked for again."""
        if self.kept is not None and self.kept.apart(self.sides[one], self.sides[other]):
            return False
        found = self.pair(one, other)
        if not found.matches:
            del self.known[min(one, other), max(one, other)]
        return found.matches

    def agreeing(self, one: _Cluster, other: _Cluster) -> int:
        """How many pairs across two clusters match."""
        return sum(self.pair(a, b).matches for a in one.asked for b in other.asked if a != b)

    def quorum(self, one: _Cluster, other: _Cluster) -> bool:
        """True where more than half of the pairs across match."""
        return 2 * self.agreeing(one, other) > len(one.asked) * len(other.asked)


def fold_copies(articles: Sequence[AnalysedArticle], kept: Kept | None = None) -> tuple[CopyGroup, ...]:
    """Group articles by text. Every article is in exactly one group; the result does not depend on their order.

    Args:
        articles: All of a window.
        kept: What is remembered of them from before, if anything; it changes nothing but the price.

    Returns:
        Groups by first appearance; in each the earliest article leads, and `reasons` says of every other one why it is there.
    """
    ordered = sorted(articles, key=first_appearance)
    own = [item.article for item in ordered]
    make_side, lines = (kept.side, kept.lines) if kept is not None else (side_of, None)
    sides = [make_side(article, text) for article, text in zip(own, own_text(own, lines), strict=True)]
    clusters = {place: cluster for cluster in _exact(sides) for place in cluster.members}
    matcher = _Matcher(sides, rarity_of(side.words for side in sides), kept)
    matching = _matching_pairs(sides, clusters, matcher)
    _merge([pair for pair in matching if matcher.pair(*pair).mutual >= MUTUAL], clusters, matcher)
    # What a teaser belongs to is decided last, by how many texts carry it: else a round-up may have it first.
    support = {pair: matcher.agreeing(clusters[pair[0]], clusters[pair[1]]) for pair in matching}
    _merge(sorted(matching, key=lambda pair: -support[pair]), clusters, matcher)
    distinct = {id(cluster): cluster for cluster in clusters.values()}.values()
    groups = [_group(sorted(cluster.members), ordered, matcher) for cluster in distinct]
    return tuple(sorted(groups, key=lambda group: first_appearance(group.lead)))


def _merge(pairs: Iterable[tuple[int, int]], clusters: dict[int, _Cluster], matcher: _Matcher) -> None:
    """Join the clusters of each pair in turn where more than half of their members match."""
    for pair in pairs:
        one, other = clusters[pair[0]], clusters[pair[1]]
        if one is not other and matcher.quorum(one, other):
            one.members = sorted([*one.members, *other.members])
            clusters.update(dict.fromkeys(other.members, one))


def _exact(sides: Sequence[Side]) -> list[_Cluster]:
    """Clusters of equal texts; every other article is a cluster of its own."""
    by_text: dict[bytes, _Cluster] = defaultdict(lambda: _Cluster([]))
    for place, side in enumerate(sides):
        by_text[side.exact or str(place).encode()].members.append(place)
    return list(by_text.values())


def _matching_pairs(sides: Sequence[Side], clusters: dict[int, _Cluster], matcher: _Matcher) -> list[tuple[int, int]]:
    """Pairs of the first members of clusters that match, strongest first."""
    heads = sorted({cluster.members[0] for cluster in clusters.values()})
    sharing = ((heads[a], heads[b]) for a, b in sharing_pairs([sides[place].shingles for place in heads]))
    matching = {pair for pair in chain(sharing, _by_title(sides, heads)) if matcher.matches(*pair)}
    return sorted(matching, key=lambda pair: (-matcher.pair(*pair).strength, pair))


def _by_title(sides: Sequence[Side], heads: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs that may be the same by title, where one of them has hardly any text."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for place in heads:
        for word in sorted(set(sides[place].title.split()), key=lambda word: (-len(word), word))[:4]:
            by_word[word].append(place)
    found = set()
    for places in by_word.values():
        short = [place for place in places if sides[place].is_short]
        for one in short[:200]:
            found |= {(min(one, other), max(one, other)) for other in places[:200] if other != one}
    return found


def _group(members: Sequence[int], ordered: Sequence[AnalysedArticle], matcher: _Matcher) -> CopyGroup:
    reasons = [_reason(place, members, ordered, matcher) for place in members[1:]]
    articles = tuple(ordered[place] for place in members)
    origin = origin_of(articles)
    return CopyGroup(articles, tuple(reasons), origin.name, origin.reason)


def _reason(place: int, members: Sequence[int], ordered: Sequence[AnalysedArticle], matcher: _Matcher) -> str:
    """Which earlier member an article copies most closely, in figures."""
    earlier = [other for other in members if other < place][:QUORUM_SAMPLE]
    best = max(earlier, key=lambda other: (matcher.pair(other, place).strength, -other))
    article, original = ordered[place].article, ordered[best].article
    where = f" ({host})" if (host := host_of(article)) else ""
    return f"{article.id}{where} copies {original.id}: {matcher.pair(best, place).reason}"
