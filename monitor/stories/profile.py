"""What an article is about, as two weighted vectors: its terms, and its names, numbers, days and named things. Pure; it groups nothing."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import IntEnum

from monitor.model.article import Article
from monitor.model.story import AnalysedArticle, CopyGroup
from monitor.stories.countries import country_of, country_of_acronym
from monitor.stories.order import has_date
from monitor.stories.romanise import romanise
from monitor.stories.stopwords import STOP_WORDS
from monitor.stories.words import Words, words_of
from monitor.text.dates import DateKind, dates_in
from monitor.text.vectors import Rarity, Vector, joined, key_of, rarity_of, vector_of, weighed

WORDS_READ = 350
"""Words of the text that count: an event is told at the top, background follows."""
_TITLE_WEIGHT = 3
_MENTION_WEIGHT = 2.0
_NUMBER_WEIGHT = 1.0
_COUNTRY_WEIGHT = 1.0
_DATE_WEIGHT = 1.25
_DATES_READ = 1500
"""Characters of the text in which days are looked for."""
_GRAM = 4
_PRIOR_ARTICLES = 60
"""Weights are as if at least this many articles had been read, so that two articles alone are compared sensibly."""
_CYRILLIC = re.compile("[а-я]")
_STEM = {True: 5, False: 7}
"""Letters of a word that are compared, in Cyrillic and in Latin: endings change, and Latin words here are inflected less."""
_DATES_COMPARED = 3
"""Articles of a group whose dates are compared with another's."""
_DAY_S = 86_400


class Kind(IntEnum):
    """What a key of `Profile.names` stands for; terms are all of kind 0."""

    NAME = 0
    """Four letters of a name."""
    NUMBER = 1
    COUNTRY = 2
    MENTION = 3
    """A named thing of the analyst's list that is no country."""
    COUNTRY_MENTION = 4
    DAY = 5


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What a group of copies says, before anything is weighed: it depends on that group alone, and takes some 3 kB."""

    language: str
    """Language and script: terms are compared within it."""
    terms: Vector
    names: Vector
    named_lines: str
    """Names and numbers as they were found, one a line."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """A group of copies as it is compared with others; `terms` and `names` have Euclidean length 1 (or are empty)."""

    language: str
    terms: Vector
    names: Vector
    rules: frozenset[str]
    moments: tuple[float | None, ...]
    """When its first articles were published, in days; None for one that has no date of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile(Weighed):
    """The same with the group itself and its names, for reasons."""

    group: CopyGroup
    named_lines: str

    @property
    def named(self) -> frozenset[str]:
        """Names and numbers as they were found, for reasons."""
        return frozenset(self.named_lines.split("\n")) if self.named_lines else frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Rarities:
    """How rare each term and each name is among groups of copies."""

    terms: Rarity
    names: Rarity


def rarities_of(counts: Sequence[Counted]) -> Rarities:
    """How rare each term and each name is among these, as if there were at least `_PRIOR_ARTICLES`."""
    return Rarities(
        rarity_of([one.terms for one in counts], prior=_PRIOR_ARTICLES),
        rarity_of([one.names for one in counts], prior=_PRIOR_ARTICLES),
    )


def profiles_of(groups: Sequence[CopyGroup], rarities: Rarities | None = None) -> tuple[Profile, ...]:
    """Profiles of groups, weighed by how rare each term is: among them, or as `rarities` say."""
    found = [counted(group) for group in groups]
    rarities = rarities_of(found) if rarities is None else rarities
    return tuple(_profile(group, one, rarities) for group, one in zip(groups, found, strict=True))


def _profile(group: CopyGroup, found: Counted, rarities: Rarities) -> Profile:
    rules = frozenset(rule for item in group.articles for rule in rules_of(item))
    one = weigh(found, rarities, rules, [moment_of(item.article) for item in group.articles])
    return Profile(one.language, one.terms, one.names, one.rules, one.moments, group, found.named_lines)


def weigh(found: Counted, rarities: Rarities, rules: frozenset[str], moments: Sequence[float | None]) -> Weighed:
    """What a group says, weighed; `rules` are those that match any of its articles, `moments` are theirs by first appearance."""
    terms, names = weighed(found.terms, rarities.terms), weighed(found.names, rarities.names)
    return Weighed(found.language, terms, names, rules, tuple(moments[:_DATES_COMPARED]))


def counted(group: CopyGroup) -> Counted:
    """Terms and names of the lead article, with the mentions of all copies."""
    return with_mentions(counted_alone(group.lead.article), {name for item in group.articles for name in mentions_of(item)})


def rules_of(item: AnalysedArticle) -> frozenset[str]:
    """The rules that match an article."""
    return frozenset(match.rule for match in item.analysis.matches)


def mentions_of(item: AnalysedArticle) -> frozenset[str]:
    """The named things found in an article."""
    return frozenset(mention.name for mention in item.analysis.mentions)


def moment_of(article: Article) -> float | None:
    """When an article was published, in days; None where it has no date of its own."""
    return article.published.timestamp() / _DAY_S if has_date(article) else None


def counted_alone(article: Article) -> Counted:
    """Terms and names of an article by its words."""
    title, text = words_of(article.title), words_of(_beginning(article.text))
    # capitals of a headline may be its typography; a name is what the text has as a name, too
    names = text.names | (title.names & (text.names | frozenset(text.words)) if text.words else title.names)
    numbers = {number for number in title.numbers | text.numbers if len(number) > 1}
    countries = {found for word in {*title.words, *text.words} if (found := country_of(word))}
    countries |= {found for name in names if (found := country_of_acronym(name))}
    weights: dict[int, float] = defaultdict(float)
    for name in names - STOP_WORDS:
        if not names_country(name):
            grams = name_grams(name)
            for gram in grams:
                weights[key_of(Kind.NAME, gram)] += 1 / math.sqrt(len(grams))
    weights.update({key_of(Kind.NUMBER, number): _NUMBER_WEIGHT for number in numbers})
    weights.update({key_of(Kind.COUNTRY, country): _COUNTRY_WEIGHT for country in countries})
    weights.update({key_of(Kind.DAY, day): _DATE_WEIGHT for day in _days_named(article)})
    named = (names - STOP_WORDS) | numbers | countries
    return Counted(_written_in(article), _terms(title, text), vector_of(weights), "\n".join(sorted(named)))


def with_mentions(alone: Counted, mentions: AbstractSet[str]) -> Counted:
    """The same with named things, which someone looked for."""
    if not mentions:
        return alone
    keys = vector_of({key_of(_kind_of_mention(mention), mention): _MENTION_WEIGHT for mention in mentions})
    named = {*alone.named_lines.split("\n"), *mentions} - {""}
    return replace(alone, names=joined(alone.names, keys), named_lines="\n".join(sorted(named)))


def names_country(name: str) -> bool:
    """Whether a folded name is a country's."""
    return bool(country_of(name) or country_of_acronym(name))


def _kind_of_mention(name: str) -> Kind:
    return Kind.COUNTRY_MENTION if names_country(name) else Kind.MENTION


def _terms(title: Words, text: Words) -> Vector:
    """The words of an article by their beginnings, each by the logarithm of its count."""
    counts: Counter[str] = Counter()
    for words, weight in ((title.words, _TITLE_WEIGHT), (text.words, 1)):
        for word in words:
            if len(word) >= 3 and word not in STOP_WORDS and not word[0].isdigit():
                counts[stem(word)] += weight
    return vector_of({key_of(0, term): 1 + math.log(count) for term, count in counts.items()})


def _days_named(article: Article) -> frozenset[str]:
    """The days that the beginning of an article names, resolved by its date; the ends of a span."""
    if not has_date(article):
        return frozenset()
    text = f"{article.title}\n{article.text[:_DATES_READ]}"
    found = [one for one in dates_in(text, article.language, article.published.date()) if one.is_exact]
    return frozenset(day.isoformat() for one in found if one.kind is not DateKind.OF_DOCUMENT for day in (one.first, one.last))


def _written_in(article: Article) -> str:
    """The language and, where it is written in either, the script: words of one language in two scripts share no letters."""
    return (
        f"{article.language} in Cyrillic"
        if _CYRILLIC.search(f"{article.title} {article.text[:200]}".casefold())
        else article.language
    )


def _beginning(text: str) -> str:
    """The first `WORDS_READ` words, roughly, cut at the end of a line."""
    limit = WORDS_READ * 8
    return (
        text if len(text) <= limit else text[: text.rfind("\n", limit // 2, limit) if "\n" in text[limit // 2 : limit] else limit]
    )


def stem(word: str) -> str:
    """The beginning of a word, as far as its inflected forms share it."""
    return word[: _STEM[bool(_CYRILLIC.search(word))]]


def name_grams(name: str) -> tuple[str, ...]:
    """The distinct runs of four letters of a name in Latin letters; a short name is one run."""
    plain = romanise(name)
    return tuple(sorted({plain[place : place + _GRAM] for place in range(max(1, len(plain) - _GRAM + 1))}))
