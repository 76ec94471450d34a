"""The sentences of an article with all that composing asks of them: dates, speaker, names, rule terms, and whether they can be printed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from monitor.digests.scope import Scope
from monitor.digests.similar import numbers, stems
from monitor.model.article import Article, TextSource
from monitor.model.match import Field
from monitor.model.story import AnalysedArticle
from monitor.text.clauses import stands_aside
from monitor.text.dates import DateKind, NamedDate, dates_in
from monitor.text.pronouns import points_outside
from monitor.text.sentences import SentenceSpan, split_sentences
from monitor.text.speech import (
    Attribution,
    attribution,
    future_at,
    leans_on_previous,
    names_nobody_before_pronoun,
    pronoun_speaks,
    speaks_of_future,
)

FEWEST_WORDS = 6
MOST_WORDS = 45

_ENDS = re.compile(r"[.!][)»”\"’']*$")
_CUT = re.compile(r"(?:\.\.\.|…)[)»”\"’']*$")
_ADDRESS = re.compile(r"https?://|www\.|@\w+\.\w|\[\d+\]")
_CALLS = re.compile(
    r"(?<!\w)(?:subscribe|sign up|read more|click|follow us|photo|advertisement|подпис(?:ывайтесь|аться|ывайся)|подпишитесь|читайте|фото|реклама|"
    r"падпі(?:шыцеся|сацца|свайцеся)|чытайце|фота|рэклама|підпи(?:шіться|суйтесь)|читайте|subskrybuj|czytaj)(?!\w)",
    re.IGNORECASE,
)
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"))


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence at characters `start`..`end` of its article's text; `index` counts sentences from 0. `unfit` says why it is not printed.

    `terms` are rule terms found in it ("rule/term"), `cues` the direction scores in it; `names` are ids of the names files.
    """

    article: Article
    start: int
    end: int
    text: str
    index: int
    dates: tuple[NamedDate, ...]
    speech: Attribution | None
    future: bool
    names: frozenset[str]
    actors: frozenset[str]
    terms: frozenset[str]
    cues: float
    words: int
    unfit: str
    stems: frozenset[str]
    figures: frozenset[str]
    features: frozenset[str]
    """What it shares with a sentence of another language: names, numbers, rule terms."""
    aside: frozenset[int] = frozenset()
    """Where the dates begin that stand in a comparison or a describing clause: they do not date the sentence."""

    @property
    def own_dates(self) -> tuple[NamedDate, ...]:
        """The dates that may date it: no document's, and none that stands aside."""
        return tuple(one for one in self.dates if one.kind is not DateKind.OF_DOCUMENT and one.start not in self.aside)

    @property
    def amounts(self) -> frozenset[str]:
        """Its numbers but those of dates."""
        text = self.text
        for day in reversed(self.dates):
            text = text[: day.start] + " " + text[day.end :]
        return frozenset(number for number in self.figures if number in text)

    @property
    def language(self) -> str:
        """The article's language."""
        return self.article.language


def tell_article(item: AnalysedArticle, rules: Collection[str], scope: Scope) -> tuple[Told, ...]:
    """All sentences of an article but its datelines, in order."""
    article = item.article
    if article.text_source is TextSource.TITLE:
        return ()
    published = scope.local_day(article.published)
    spans = [span for span in split_sentences(article.text, article.language) if not span.dateline]
    told = []
    for index, span in enumerate(spans):
        future = speaks_of_future(span.text, article.language)
        dates = resolve_dates(span.text, article.language, published)
        told.append(_tell(item, index, span, (dates, future), _found(item, span, rules, scope)))
    return tuple(told)


def resolve_dates(text: str, language: str, published: date) -> tuple[NamedDate, ...]:
    """The dates of a sentence; one without its year, or a bare weekday, lies ahead where its own clause speaks of the future."""
    past = dates_in(text, language, published)
    if not past:
        return ()
    plans = {(one.start, one.end): one for one in dates_in(text, language, published, ahead=True)}
    found = []
    for one in past:
        plan = plans.get((one.start, one.end), one)
        found.append(plan if plan != one and future_at(text, one.start, one.end, language) else one)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Found:
    terms: frozenset[str]
    cues: float
    names: frozenset[str]
    actors: frozenset[str]


def _found(item: AnalysedArticle, span: SentenceSpan, rules: Collection[str], scope: Scope) -> _Found:
    """What the rules found within the sentence."""

    def inside(field: Field, start: int, end: int) -> bool:
        return field is not Field.TITLE and span.start <= start and end <= span.end

    matches = [match for match in item.analysis.matches if match.rule in rules]
    terms = {
        f"{match.rule}/{found.term}" for match in matches for found in match.spans if inside(found.field, found.start, found.end)
    }
    cues = math.fsum(
        cue.score
        for match in matches
        for cue in match.cues
        if not cue.cancelled and inside(cue.span.field, cue.span.start, cue.span.end)
    )
    mentions = [mention for mention in item.analysis.mentions if inside(mention.field, mention.start, mention.end)]
    return _Found(
        frozenset(terms),
        cues,
        frozenset(mention.name for mention in mentions),
        frozenset(mention.name for mention in mentions if scope.is_actor(mention)),
    )


def _tell(item: AnalysedArticle, index: int, span: SentenceSpan, when: tuple[tuple[NamedDate, ...], bool], found: _Found) -> Told:
    article = item.article
    words = len(span.text.split())
    figures = numbers(span.text)
    return Told(
        article=article,
        start=span.start,
        end=span.end,
        text=span.text,
        index=index,
        dates=when[0],
        speech=attribution(span.text, article.language),
        future=when[1],
        names=found.names,
        actors=found.actors,
        terms=found.terms,
        cues=found.cues,
        words=words,
        unfit=unfit(span.text, article.language, words),
        stems=stems(span.text),
        figures=figures,
        features=found.names | figures | frozenset(term.partition("/")[2] for term in found.terms),
        aside=frozenset(day.start for day in when[0] if stands_aside(span.text, day.start, day.end, article.language)),
    )


def unfit(text: str, language: str, words: int) -> str:
    """Why a sentence cannot stand alone in an edition; "" if it can."""
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        return f"{words} words"
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("is cut off", lambda: bool(_CUT.search(text))),
        ("does not end with a stop", lambda: not _ENDS.search(text)),
        ("leans on the sentence before", lambda: leans_on_previous(text, language)),
        ("does not say who speaks", lambda: pronoun_speaks(text, language)),
        ("does not say whom it means", lambda: names_nobody_before_pronoun(text, language)),
        ("does not say what it means", lambda: points_outside(text, language)),
        ("a quotation or bracket is left open", lambda: not balanced(text)),
        ("speaks of the page, not of the world", lambda: bool(_ADDRESS.search(text) or _CALLS.search(text))),
        ("is all capitals", text.isupper),
    )
    return next((why for why, fails in checks if fails()), "")


def balanced(text: str) -> bool:
    """Whether every quotation and bracket that it opens is closed."""
    return all(text.count(left) == text.count(right) for left, right in _PAIRS) and text.count('"') % 2 == 0
