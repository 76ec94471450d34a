"""What an article is about, as two weighted vectors: its terms, and its names, numbers, days and named things. Pure; it groups nothing."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.model.article import Article
from monitor.model.story import CopyGroup
from monitor.stories.countries import country_of, country_of_acronym
from monitor.stories.order import has_date
from monitor.stories.romanise import romanise
from monitor.stories.stopwords import STOP_WORDS
from monitor.stories.words import words_of
from monitor.text.dates import DateKind, dates_in

WORDS_READ = 300
"""Words of the text that count: an event is told at the top, background follows."""
_TITLE_WEIGHT = 2
_MENTION_WEIGHT = 2.0
_NUMBER_WEIGHT = 1.0
_COUNTRY_WEIGHT = 1.0
_DAY = "%"
_DATE_WEIGHT = 1.25
_DATES_READ = 1500
"""Characters of the text in which days are looked for."""
_GRAM = 4
_PRIOR_ARTICLES = 60
"""Weights are as if at least this many articles had been read, so that two articles alone are compared sensibly."""
_CYRILLIC = re.compile("[а-я]")
_STEM = {True: 5, False: 7}
"""Letters of a word that are compared, in Cyrillic and in Latin: endings change, and Latin words here are inflected less."""

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """A group of copies in comparable form; `terms` and `names` have Euclidean length 1 (or are empty)."""

    group: CopyGroup
    language: str
    """Language and script: terms are compared within it."""
    terms: Vector
    names: Vector
    named: frozenset[str]
    """Names and numbers as they were found, for reasons."""
    rules: frozenset[str]
    days: frozenset[str]
    """Those keys of `names` that stand for the days it names."""


def profiles_of(groups: Sequence[CopyGroup]) -> tuple[Profile, ...]:
    """Profiles of groups, weighted by how rare each term is among them."""
    counted = [_count(group) for group in groups]
    rarity_of_terms = _rarity([terms for terms, _, _ in counted])
    rarity_of_names = _rarity([names for _, names, _ in counted])
    return tuple(
        Profile(
            group=group,
            language=_written_in(group),
            terms=_unit({term: (1 + math.log(count)) * rarity_of_terms[term] for term, count in terms.items()}),
            names=_unit({name: weight * rarity_of_names[name] for name, weight in names.items()}),
            named=named,
            rules=frozenset(match.rule for item in group.articles for match in item.analysis.matches),
            days=frozenset(name for name in names if name.startswith(_DAY)),
        )
        for group, (terms, names, named) in zip(groups, counted, strict=True)
    )


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of two unit vectors, 0 to 1."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return math.fsum(weight * many[key] for key, weight in few.items() if key in many)


def _count(group: CopyGroup) -> tuple[dict[str, float], dict[str, float], frozenset[str]]:
    """Term counts, name weights, and the names themselves, of the lead article with the mentions of all copies."""
    article = group.lead.article
    title, text = words_of(article.title), words_of(_beginning(article.text))
    terms: Counter[str] = Counter()
    for words, weight in ((title.words, _TITLE_WEIGHT), (text.words, 1)):
        for word in words:
            if len(word) >= 3 and word not in STOP_WORDS and not word[0].isdigit():
                terms[stem(word)] += weight
    # capitals of a headline may be its typography; a name is what the text has as a name, too
    names = text.names | (title.names & (text.names | frozenset(text.words)) if text.words else title.names)
    numbers = {number for number in title.numbers | text.numbers if len(number) > 1}
    mentions = {mention.name for item in group.articles for mention in item.analysis.mentions}
    countries = {found for word in (*title.words, *text.words) if (found := country_of(word))}
    countries |= {found for name in names if (found := country_of_acronym(name))}
    weights: dict[str, float] = defaultdict(float)
    for name in names - STOP_WORDS:
        if country_of(name) or country_of_acronym(name):
            continue
        grams = name_grams(name)
        for gram in grams:
            weights[gram] += 1 / math.sqrt(len(grams))
    weights.update({f"#{number}": _NUMBER_WEIGHT for number in numbers})
    weights.update({f"={country}": _COUNTRY_WEIGHT for country in countries})
    weights.update({f"@{mention}": _MENTION_WEIGHT for mention in mentions})
    weights.update({f"{_DAY}{day}": _DATE_WEIGHT for day in _days_named(article)})
    return dict(terms), dict(weights), frozenset((names - STOP_WORDS) | numbers | mentions | countries)


def _days_named(article: Article) -> frozenset[str]:
    """The days that the beginning of an article names, resolved by its date; the ends of a span."""
    if not has_date(article):
        return frozenset()
    text = f"{article.title}\n{article.text[:_DATES_READ]}"
    found = [one for one in dates_in(text, article.language, article.published.date()) if one.is_exact]
    return frozenset(day.isoformat() for one in found if one.kind is not DateKind.OF_DOCUMENT for day in (one.first, one.last))


def _written_in(group: CopyGroup) -> str:
    """The language and, where it is written in either, the script: words of one language in two scripts share no letters."""
    article = group.lead.article
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


def _rarity(counted: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Inverse document frequency, smoothed (Sparck Jones 1972)."""
    frequency: Counter[str] = Counter()
    articles = 0
    for terms in counted:
        frequency.update(terms.keys())
        articles += 1
    total = max(articles, _PRIOR_ARTICLES)
    return {term: math.log((total + 1) / (count + 0.5)) for term, count in frequency.items()}


def _unit(weights: dict[str, float]) -> Vector:
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {key: weight / length for key, weight in weights.items()} if length else {}
