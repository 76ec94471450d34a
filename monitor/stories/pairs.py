"""Whether two texts are the same text, and the figures that say so. Pure; clusters are decided in `copies`."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.model.article import Article
from monitor.stories.order import has_date, host_of
from monitor.stories.words import fold_word, words_of
from monitor.text.shingles import (
    PlacedWords,
    Places,
    Rarity,
    Shingles,
    WordSet,
    containment,
    cosine_in_place,
    placed_words,
    shared,
    shingles_of,
    spread_in_place,
    weighted_containment,
    without,
    word_set,
)

CONTAINED = 0.25
"""Share of the shorter text's 3-word shingles that the other must have (measured: F1 .984 on edited copies)."""
VERBATIM = 0.4
"""Share of them from which names and numbers alone have to agree besides; below it the other words are asked..."""
WORDS_CONTAINED = 0.55
"""...of which, weighted by rarity, the other text must have so much: else one quotes a paragraph of the other."""
RETOLD = 0.2
"""Cosine of their words, weighted by rarity, of those at the same places, from which two texts are one text in other words: of words
that are no names and numbers, since two articles may share a list of these and tell nothing else alike..."""
_RETOLD_THROUGHOUT = 0.2
"""...and of all words, of three quarters of the text at least so large a share, since two articles may share a paragraph..."""
_RETOLD_WITHIN = 0.1
"""...where a word is at the same place if it first stands no farther apart than this share of the texts..."""
_RETOLD_CONTAINED = 0.06
"""...and they share at least so many of the shingles of the shorter one..."""
_RETOLD_LENGTHS = 0.7
"""...and the shorter has at least so much of the longer one's shingles: places in a teaser are not those of its text."""
AGREED = 0.5
"""Share of the shorter text's names and numbers that the other must have: keeps templated reports apart."""
AGREED_SAME_HOST = 0.85
"""The same within one host, which prints many reports from one template, as a share of what the words altogether agree in."""
NUMBERS_AGREED = 1 / 3
"""Share of the numbers alone that have to agree: a daily report has the same names every day..."""
_FEWEST_NUMBERS = 3
"""...where both texts have so many of them."""
SHORT = 20
"""Words below which a text cannot be compared, and the title decides."""
_SHORT_EXACT = 50
"""Words below which equal texts need equal titles as well: "Read on in the app" is no article."""
_TITLE_CHARACTERS = 32
_TITLE_ALIKE = 0.75
_TITLE_DAYS = 3.0
_COPY_DAYS = 14.0
"""A text that returns later is a template or an anniversary, unless it is the same to the letter."""


@dataclass(frozen=True, slots=True)
class Side:
    """One article, made ready for comparing."""

    published: datetime | None
    """None where it has no date of its own."""
    host: str
    exact: bytes
    """A digest that equal texts share; empty where the text is too short to say."""
    length: int
    shingles: Shingles
    facts: WordSet
    """Names and numbers, as short hashes of single words: a window of 100,000 articles has to fit into memory."""
    numbers: WordSet
    """The numbers among them."""
    words: WordSet
    """All words of text and title, likewise."""
    places: Places
    """Where each of them first stands."""
    title: str

    @property
    def is_short(self) -> bool:
        """True where the text is too short to compare."""
        return self.length < SHORT

    @property
    def placed(self) -> PlacedWords:
        """Its words with their places."""
        return self.words, self.places

    def plain_without(self, other: Side) -> PlacedWords:
        """Its words that are no name or number of its own nor of another text, with their places."""
        return without(without(self.placed, self.facts), other.facts)


@dataclass(frozen=True, slots=True)
class Pair:
    """The finding on two texts: whether they match, how strongly (0 to 1), and why, in figures.

    `mutual` is their resemblance (shared of all shingles, 0 to 1): high for two editions of a text, low for a teaser and its text.
    """

    matches: bool
    strength: float
    reason: str
    mutual: float = 0.0


def side_of(article: Article, text: str) -> Side:
    """Make an article ready; `text` is its text without what its site prints everywhere."""
    found, titled = words_of(text), words_of(article.title)
    title = " ".join(titled.words)
    exact = " ".join(found.words) if len(found.words) >= SHORT else ""
    if exact and len(found.words) < _SHORT_EXACT:
        exact = f"{title}\n{exact}"
    words, places = placed_words((*found.words, *titled.words))
    return Side(
        published=article.published if has_date(article) else None,
        host=sys.intern(host_of(article)),
        exact=hashlib.blake2b(exact.encode("utf-8", "surrogatepass"), digest_size=16).digest() if exact else b"",
        length=len(found.words),
        shingles=shingles_of(found.words) if len(found.words) >= SHORT else shingles_of(()),
        facts=word_set(found.names | found.numbers),
        numbers=word_set(found.numbers),
        words=words,
        places=places,
        title=title,
    )


def compare(one: Side, other: Side, rarity: Rarity) -> Pair:
    """Whether two articles carry the same text, the same to the letter or edited, cut, or put in other words; `rarity` is of all at hand."""
    if one.exact and one.exact == other.exact:
        return Pair(True, 1.0, "the same words throughout", mutual=1.0)
    days = _days_apart(one, other)
    if one.is_short or other.is_short:
        return _compare_titles(one, other, days)
    share = containment(one.shingles, other.shingles)
    if share < CONTAINED and not _may_be_retold(one, other, share):
        return Pair(False, share, f"only {share:.0%} of the shorter text's 3-word shingles are shared")
    found = _judge_facts(one, other, share, days)
    return found if share >= VERBATIM or not found.matches else _judge_words(one, other, found, rarity)


def _judge_facts(one: Side, other: Side, share: float, days: float) -> Pair:
    """The finding on two texts that share enough: whether their names, numbers and dates agree as well."""
    few, many = (one, other) if len(one.shingles) <= len(other.shingles) else (other, one)
    agreed, named = _agreement((one.facts, other.words), (other.facts, one.words))
    needed, where = AGREED, ""
    if one.host and one.host == other.host:
        needed, where = max(AGREED, AGREED_SAME_HOST * shared(few.words, many.words) / len(few.words)), " on one host"
    common = shared(one.shingles, other.shingles)
    figures = f"{share:.0%} of its 3-word shingles ({common} of {len(few.shingles)}), {agreed} of {named} names and numbers"
    if agreed < needed * named:
        return Pair(False, share, f"{figures}: too few, {needed:.0%} are needed{where}")
    same, numbers = _agreement((one.numbers, other.words), (other.numbers, one.words))
    if same < NUMBERS_AGREED * numbers and min(len(one.numbers), len(other.numbers)) >= _FEWEST_NUMBERS:
        return Pair(False, share, f"{figures}, but only {same} of {numbers} numbers")
    if days > _COPY_DAYS:
        return Pair(False, share, f"{figures}, but {days:.0f} days apart")
    return Pair(True, share, figures, mutual=common / (len(one.shingles) + len(other.shingles) - common))


def _agreement(*ways: tuple[WordSet, WordSet]) -> tuple[int, int]:
    """How many of some words a text has, and how many they are, the way that agrees best: an edit may put in names as well as drop some."""
    counts = [(shared(wanted, words), len(wanted)) for wanted, words in ways]
    return max(counts, key=lambda count: (count[0] / max(1, count[1]), count[1]))


def _judge_words(one: Side, other: Side, found: Pair, rarity: Rarity) -> Pair:
    """The finding on two texts that share shingles and facts, but not most of them: what their other words say."""
    few, many = (one, other) if len(one.shingles) <= len(other.shingles) else (other, one)
    has = weighted_containment(few.words, many.words, rarity)
    if found.strength >= CONTAINED and has >= WORDS_CONTAINED:
        return replace(found, reason=f"{found.reason}, {has:.0%} of its words by weight")
    alike = cosine_in_place(few.plain_without(many), many.plain_without(few), rarity, within=_RETOLD_WITHIN)
    throughout = spread_in_place(few.placed, many.placed, rarity, within=_RETOLD_WITHIN)[1]
    retold = alike >= RETOLD and throughout >= _RETOLD_THROUGHOUT and _may_be_retold(one, other, found.strength)
    reason = (
        f"{found.reason}, {has:.0%} of its words by weight, of other words than names alike by {alike:.0%} at the same places, "
        f"of all in three of its quarters by {throughout:.0%}"
    )
    return replace(found, matches=retold, reason=reason)


def _may_be_retold(one: Side, other: Side, share: float) -> bool:
    """Whether two texts that share too few shingles may be one in other words, which their rare words then decide."""
    lengths = sorted((len(one.shingles), len(other.shingles)))
    return share >= _RETOLD_CONTAINED and lengths[0] >= _RETOLD_LENGTHS * lengths[1]


def _days_apart(one: Side, other: Side) -> float:
    """Days between two publications; 0 where one of them has no date of its own, since then nothing speaks against them."""
    if one.published is None or other.published is None:
        return 0.0
    return abs((one.published - other.published).total_seconds()) / 86_400


def _compare_titles(one: Side, other: Side, days: float) -> Pair:
    """Titles alone: alike in at least three quarters of their letter trigrams, with the same numbers, within three days."""
    alike = _trigram_dice(one.title, other.title)
    figures = f"title alike by {alike:.0%}, {'one has' if not (one.is_short and other.is_short) else 'both have'} hardly any text"
    if min(len(one.title), len(other.title)) < _TITLE_CHARACTERS and one.title != other.title:
        return Pair(False, alike, f"{figures}; the titles are too short to tell")
    if _numbers(one) != _numbers(other):
        return Pair(False, alike, f"{figures}; their numbers differ")
    if days > _TITLE_DAYS:
        return Pair(False, alike, f"{figures}; {days:.0f} days apart")
    return Pair(alike >= _TITLE_ALIKE and len(one.title) >= SHORT, alike, figures, mutual=alike)


def _numbers(side: Side) -> frozenset[str]:
    return frozenset(word for word in side.title.split() if word[0].isdigit())


def _trigram_dice(one: str, other: str) -> float:
    """The Dice coefficient of letter trigrams, 0 to 1."""
    first, second = _trigrams(one), _trigrams(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _trigrams(text: str) -> Counter[str]:
    padded = f"  {fold_word(text)} "
    return Counter(padded[place : place + 3] for place in range(len(padded) - 2))
