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
from monitor.text.shingles import Rarity, Shingles, WordSet, containment, shared, shingles_of, weighted_cosine, word_set

CONTAINED = 0.25
"""Share of the shorter text's 3-word shingles that the other must have (measured: F1 .984 on edited copies)."""
PARAPHRASED = 0.45
"""Cosine of their words, weighted by rarity, from which two texts are one text in other words..."""
_PARAPHRASE_CONTAINED = 0.12
"""...where they share at least so many of the shingles of the shorter one."""
_PARAPHRASE_LENGTHS = 0.7
"""...and the shorter has at least so much of the longer one's shingles: words in common say nothing of a teaser."""
AGREED = 0.5
"""Share of the shorter text's names and numbers that the other must have: keeps templated reports apart."""
AGREED_PARAPHRASED = 0.7
"""The same where few shingles are shared: two reports of one event have many names in common."""
AGREED_SAME_HOST = 0.85
"""The same within one host, which prints many reports from one template."""
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
    words: WordSet
    """All words of text and title, likewise."""
    title: str
    serial: int = 0
    """Tells it from others where it is remembered."""

    @property
    def is_short(self) -> bool:
        """True where the text is too short to compare."""
        return self.length < SHORT


@dataclass(frozen=True, slots=True)
class Pair:
    """The finding on two texts: whether they match, how strongly (0 to 1), and why, in figures.

    `mutual` is their resemblance (shared of all shingles, 0 to 1): high for two editions of a text, low for a teaser and its text.
    """

    matches: bool
    strength: float
    reason: str
    mutual: float = 0.0
    lasting: bool = True
    """False where it depends on how rare words are among all texts at hand."""


def side_of(article: Article, text: str) -> Side:
    """Make an article ready; `text` is its text without what its site prints everywhere."""
    found, titled = words_of(text), words_of(article.title)
    title = " ".join(titled.words)
    exact = " ".join(found.words) if len(found.words) >= SHORT else ""
    if exact and len(found.words) < _SHORT_EXACT:
        exact = f"{title}\n{exact}"
    return Side(
        published=article.published if has_date(article) else None,
        host=sys.intern(host_of(article)),
        exact=hashlib.blake2b(exact.encode("utf-8", "surrogatepass"), digest_size=16).digest() if exact else b"",
        length=len(found.words),
        shingles=shingles_of(found.words) if len(found.words) >= SHORT else shingles_of(()),
        facts=word_set(found.names | found.numbers),
        words=word_set((*titled.words, *found.words)),
        title=title,
    )


def compare(one: Side, other: Side, rarity: Rarity | None = None) -> Pair:
    """Whether two articles carry the same text; with the `rarity` of words, also where one puts it in other words."""
    if one.exact and one.exact == other.exact:
        return Pair(True, 1.0, "the same words throughout", mutual=1.0)
    days = _days_apart(one, other)
    if one.is_short or other.is_short:
        return _compare_titles(one, other, days)
    share = containment(one.shingles, other.shingles)
    asked = rarity if _may_be_paraphrase(one, other, share) else None
    words = weighted_cosine(one.words, other.words, asked) if asked is not None else 0.0
    return replace(_judge_texts(one, other, share, words, days), lasting=asked is None)


def _judge_texts(one: Side, other: Side, share: float, words: float, days: float) -> Pair:
    """The finding on two texts that are long enough to compare."""
    if share < CONTAINED and words < PARAPHRASED:
        return Pair(False, share, f"only {share:.0%} of the shorter text's 3-word shingles are shared")
    few, many = (one, other) if len(one.shingles) <= len(other.shingles) else (other, one)
    agreed = shared(few.facts, many.words)
    same_host = bool(one.host) and one.host == other.host
    needed = AGREED_SAME_HOST if same_host else AGREED_PARAPHRASED if share < CONTAINED else AGREED
    figures = (
        f"{share:.0%} of its 3-word shingles ({shared(one.shingles, other.shingles)} of {len(few.shingles)}), "
        f"{agreed} of {len(few.facts)} names and numbers"
    ) + (f", words alike by {words:.0%}" if share < CONTAINED else "")
    if agreed < needed * len(few.facts):
        return Pair(False, share, f"{figures}: too few, {needed:.0%} are needed{' on one host' if same_host else ''}")
    if days > _COPY_DAYS:
        return Pair(False, share, f"{figures}, but {days:.0f} days apart")
    common = shared(one.shingles, other.shingles)
    return Pair(True, share, figures, mutual=common / (len(one.shingles) + len(other.shingles) - common))


def _may_be_paraphrase(one: Side, other: Side, share: float) -> bool:
    """Whether two texts that share too few shingles may be one in other words, which their rare words then decide."""
    lengths = sorted((len(one.shingles), len(other.shingles)))
    return _PARAPHRASE_CONTAINED <= share < CONTAINED and lengths[0] >= _PARAPHRASE_LENGTHS * lengths[1]


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
