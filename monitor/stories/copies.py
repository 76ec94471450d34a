"""Folds articles that carry the same text, exact or lightly edited, and says why. Pure: nothing is fetched, stored or dated here.

The method is containment of 3-word shingles in the shorter text, agreement of its names and numbers, and a quorum: an article
joins a cluster only when more than half of its members match it, so that a round-up never glues the stories it quotes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from monitor.model.story import AnalysedArticle, CopyGroup
from monitor.stories.blocks import own_text
from monitor.stories.order import first_appearance, host_of
from monitor.stories.origin import origin_of
from monitor.stories.pairs import Pair, Side, compare, side_of
from monitor.text.neighbours import sharing_pairs
from monitor.text.shingles import Rarity, rarity_of

MUTUAL = 0.5
"""Resemblance from which two texts are editions of one another, and are joined before teasers and excerpts."""
QUORUM_SAMPLE = 12
"""Members of each cluster that are asked; asking all of two large clusters would take the product of their sizes."""
TITLES = 200
"""Titles with a word in common that are compared: the first ones."""


@dataclass(slots=True)
class _Cluster:
    """Places of articles that carry one text, in order of first appearance."""

    members: list[int]

    @property
    def asked(self) -> list[int]:
        """The members that speak for the cluster."""
        return self.members[:QUORUM_SAMPLE]


@dataclass(slots=True)
class Matcher:
    """Compares pairs of places, each once; `rarity` is that of the words of all texts at hand."""

    sides: Sequence[Side]
    rarity: Rarity
    known: dict[tuple[int, int], Pair] = field(default_factory=dict)

    def pair(self, one: int, other: int) -> Pair:
        """The finding on two places."""
        key = (one, other) if one < other else (other, one)
        if key not in self.known:
            self.known[key] = compare(self.sides[key[0]], self.sides[key[1]], self.rarity)
        return self.known[key]

    def matches(self, one: int, other: int) -> bool:
        """Whether a candidate matches; what does not is forgotten, since most candidates are never asked for again."""
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


def fold_copies(articles: Sequence[AnalysedArticle], rarity: Rarity | None = None) -> tuple[CopyGroup, ...]:
    """Group articles by text. Every article is in exactly one group; the result does not depend on their order.

    Args:
        articles: All of a window.
        rarity: How rare words are, where that is to be judged by other articles than these: as `word_rarity` gives it.

    Returns:
        Groups by first appearance; in each the earliest article leads, and `reasons` says of every other one why it is there.
    """
    ordered = sorted(articles, key=first_appearance)
    sides = sides_of(ordered)
    matcher = Matcher(sides, word_rarity(sides) if rarity is None else rarity)
    groups = [_group(members, ordered, matcher) for members in join(_matching_pairs(sides, matcher), matcher)]
    return tuple(sorted(groups, key=lambda group: first_appearance(group.lead)))


def sides_of(articles: Sequence[AnalysedArticle]) -> list[Side]:
    """Each article made ready for comparing, without what its host prints everywhere."""
    own = [item.article for item in articles]
    return [side_of(article, text) for article, text in zip(own, own_text(own), strict=True)]


def word_rarity(sides: Iterable[Side]) -> Rarity:
    """How rare each word is among texts."""
    return rarity_of(side.words for side in sides)


def join(matching: Iterable[tuple[int, int]], matcher: Matcher) -> list[list[int]]:
    """Cluster the matcher's places, given the pairs that match: of heads, which are the first places of equal texts.

    Places that no chain of equal texts and matching pairs connects have no say in one another's clusters.
    """
    clusters = {place: cluster for cluster in _exact(matcher.sides) for place in cluster.members}
    matching = sorted(matching, key=lambda pair: (-matcher.pair(*pair).strength, pair))
    _merge([pair for pair in matching if matcher.pair(*pair).mutual >= MUTUAL], clusters, matcher)
    # What a teaser belongs to is decided last, by how many texts carry it: else a round-up may have it first.
    support = {pair: matcher.agreeing(clusters[pair[0]], clusters[pair[1]]) for pair in matching}
    _merge(sorted(matching, key=lambda pair: -support[pair]), clusters, matcher)
    distinct = {id(cluster): cluster for cluster in clusters.values()}.values()
    return [sorted(cluster.members) for cluster in distinct]


def _merge(pairs: Iterable[tuple[int, int]], clusters: dict[int, _Cluster], matcher: Matcher) -> None:
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


def _matching_pairs(sides: Sequence[Side], matcher: Matcher) -> set[tuple[int, int]]:
    """Pairs of the first members of exact clusters that match."""
    heads = sorted(cluster.members[0] for cluster in _exact(sides))
    sharing = ((heads[a], heads[b]) for a, b in sharing_pairs([sides[place].shingles for place in heads]))
    return {pair for pair in chain(sharing, _by_title(sides, heads)) if matcher.matches(*pair)}


def _by_title(sides: Sequence[Side], heads: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs that may be the same by title, where one of them has hardly any text."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for place in heads:
        for word in title_words(sides[place]):
            by_word[word].append(place)
    short = [side.is_short for side in sides]
    return set(chain.from_iterable(title_pairs(places, short) for places in by_word.values()))


def title_words(side: Side) -> tuple[str, ...]:
    """The words by which a title is looked up."""
    return tuple(sorted(set(side.title.split()), key=lambda word: (-len(word), word))[:4])


def title_pairs(places: Sequence[int], short: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Pairs, one of which has hardly any text, of places in order whose titles have a word in common: of the first ones only."""
    first = places[:TITLES]
    for one in [place for place in places if short[place]][:TITLES]:
        yield from ((min(one, other), max(one, other)) for other in first if other != one)


def _group(members: Sequence[int], ordered: Sequence[AnalysedArticle], matcher: Matcher) -> CopyGroup:
    reasons = [_reason(place, members, ordered, matcher) for place in members[1:]]
    articles = tuple(ordered[place] for place in members)
    origin = origin_of(articles)
    return CopyGroup(articles, tuple(reasons), origin.name, origin.reason)


def _reason(place: int, members: Sequence[int], ordered: Sequence[AnalysedArticle], matcher: Matcher) -> str:
    """Which earlier member an article copies most closely, in figures."""
    earlier = [other for other in members if other < place][:QUORUM_SAMPLE]
    best = max(earlier, key=lambda other: (matcher.pair(other, place).strength, -other))
    article, original = ordered[place].article, ordered[best].article
    where = f" ({host})" if (host := host_of(article)) else ""
    return f"{article.id}{where} copies {original.id}: {matcher.pair(best, place).reason}"
