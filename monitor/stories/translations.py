"""Finds the members of a story that say the same in two languages: related, never folded, since words of two languages prove nothing. Pure.

Independent tellings of one event share its names and numbers as well; a translation has them in the same places. Texts are compared by
the first place of each number, country and name (in Latin letters, by its beginning), as a share of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from monitor.model.article import Article
from monitor.model.story import CopyGroup, Related
from monitor.stories.countries import country_of, country_of_acronym
from monitor.stories.romanise import romanise
from monitor.stories.stopwords import STOP_WORDS
from monitor.stories.words import words_of

FEWEST_WORDS = 60
"""Words of a text below which one cannot tell a translation from a short report of the same."""
FEWEST_ANCHORS = 4
AGREED = 0.4
"""Share of the anchors of the text that has more of them that the other must have."""
NUMBERS_AGREED = 0.5
"""The same of all numbers in either."""
APART = 0.05
"""How far apart the same anchors may stand on average, as a share of the text."""
LENGTHS = 0.75
"""Characters of the shorter text, as a share of the longer one's."""
_BEGINNING = 4
_SHORTEST_NAME = 3
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where a text first names each number ("#12"), country ("=NO") and name ("dege"), 0 to 1; its words and characters."""

    places: dict[str, float]
    words: int
    characters: int

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers among them."""
        return frozenset(key for key in self.places if key.startswith("#"))


def anchors_of(article: Article) -> Anchors:
    """The anchors of a title with its text."""
    found = words_of(f"{article.title}\n{article.text}")
    places: dict[str, float] = {}
    for place, word in enumerate(found.words):
        for key in _keys(word, word in found.names):
            places.setdefault(key, place / len(found.words))
    return Anchors(places, len(found.words), len(article.text))


def translation_reason(one: Anchors, other: Anchors) -> str:
    """Why two texts in two languages say the same, in figures; "" where they do not."""
    lengths = sorted((one.characters, other.characters))
    shared = one.places.keys() & other.places.keys()
    most = max(len(one.places), len(other.places))
    if min(one.words, other.words) < FEWEST_WORDS or lengths[0] < LENGTHS * lengths[1] or len(shared) < FEWEST_ANCHORS:
        return ""
    numbers, all_numbers = one.numbers & other.numbers, one.numbers | other.numbers
    apart = sum(abs(one.places[key] - other.places[key]) for key in shared) / len(shared)
    if len(shared) < AGREED * most or len(numbers) < NUMBERS_AGREED * len(all_numbers) or apart > APART:
        return ""
    return (
        f"{len(shared)} of {most} names and numbers, {len(numbers)} of {len(all_numbers)} numbers, {apart:.0%} of the text apart on "
        f"average; lengths alike by {lengths[0] / lengths[1]:.0%}"
    )


def with_translations(groups: Sequence[CopyGroup]) -> tuple[CopyGroup, ...]:
    """The groups of one story, each with those of another language that say the same."""
    related: dict[int, list[Related]] = {}
    if len({group.lead.article.language for group in groups}) > 1:
        anchors = [anchors_of(group.lead.article) for group in groups]
        for one, other in combinations(range(len(groups)), 2):
            first, second = groups[one].lead.article, groups[other].lead.article
            reason = translation_reason(anchors[one], anchors[other]) if first.language != second.language else ""
            if reason:
                related.setdefault(one, []).append(Related(second.id, f"says in {second.language} what this says: {reason}"))
                related.setdefault(other, []).append(Related(first.id, f"says in {first.language} what this says: {reason}"))
    return tuple(replace(group, related=tuple(related.get(place, ()))) for place, group in enumerate(groups))


def _keys(word: str, is_name: bool) -> list[str]:
    if word[0].isdigit():
        return [f"#{digits}" for digits in _DIGITS.findall(word)]
    if country := country_of(word) or (country_of_acronym(word) if is_name else ""):
        return [f"={country}"]
    if not is_name or word in STOP_WORDS:
        return []
    plain = romanise(word)
    return [plain[:_BEGINNING]] if len(plain) >= _SHORTEST_NAME else []
