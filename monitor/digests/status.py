"""Judges whether a story and a section are better, worse or unchanged, and argues it with the cues it counted."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.digests import phrases
from monitor.digests.citations import cite, publisher_of, source_ref
from monitor.digests.phrases import Ground
from monitor.model.article import Article, Source
from monitor.model.edition import Citation, CountedCue, SourceRef, Status, Verdict
from monitor.model.match import Cue, Field, Match
from monitor.model.story import AnalysedArticle, Story
from monitor.text.locale import join_list
from monitor.text.sentences import split_sentences

INDEPENDENT_SOURCES = 2
"""How many independent sources must carry a change, unless a document of record does."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A status with what its 8 to 12 words at a glance are made from."""

    status: Status
    ground: Ground
    glance: str


@dataclass(frozen=True, slots=True)
class _Voice:
    """One feed's word on a story: whose it is, and its counted score."""

    publisher: str
    source: SourceRef
    score: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What a story is judged by: `past` holds the sentences ("article id", start) that tell of a time before the window."""

    rules: Collection[str]
    threshold: float
    language: str
    past: frozenset[tuple[str, int]] = frozenset()


def judge_story(story: Story, bench: Bench) -> Judged:
    """The status of one story.

    Copies count once (their lead speaks for them), and so does each kind of signal within a source; signals in sentences on
    a time before the window do not. A source's cues are summed; the sources of
    one stance are averaged, then the stances, so that each stance weighs the same. Better or worse needs a balance of at least `threshold`,
    carried by two independent sources or by one document of record; everything else is unchanged.
    """
    cues: dict[str, list[CountedCue]] = {}
    sources: dict[str, Source] = {}
    for group in story.copies:
        lead = group.lead
        feed = lead.article.source.feed_id
        sources.setdefault(feed, lead.article.source)
        cues.setdefault(feed, []).extend(_cues_of(lead, bench, cues.get(feed, [])))
    voices = tuple(
        _Voice(publisher_of(source), source_ref(source), math.fsum(cue.score for cue in cues[feed] if cue.counted))
        for feed, source in sources.items()
    )
    return _judged(tuple(cue for told in cues.values() for cue in told), voices, bench.threshold, bench.language)


def judge_section(items: Sequence[Judged], threshold: float, language: str) -> Judged:
    """The status of a section: the mean balance of its items that moved; items that cancel each other out leave it unchanged."""
    moved = [item for item in items if item.status.verdict is not Verdict.UNCHANGED]
    balance = round(math.fsum(item.status.balance for item in moved) / max(1, len(moved)), 2)
    if not items:
        return _unchanged(Ground.QUIET, (), (None, threshold), language)
    if not moved:
        strongest = max(items, key=lambda item: (abs(item.status.balance), len(item.status.cues)))
        return replace(strongest, status=replace(strongest.status, cues=_all_cues(items)))
    if abs(balance) < threshold:
        return _unchanged(Ground.CANCELLED, _all_cues(items), (balance, threshold), language)
    verdict = Verdict.BETTER if balance > 0 else Verdict.WORSE
    leading = max((item for item in moved if item.status.verdict is verdict), key=lambda item: abs(item.status.balance))
    # The section says what its items say: a signal that an item had to outweigh was a contrary one.
    contrary = any(cue.counted and cue.score * balance < 0 for item in moved for cue in item.status.cues)
    sources = max(item.status.independent_sources for item in moved if item.status.verdict is verdict)
    cues = tuple(
        cue if item in moved else replace(cue, counted=False, why_not=cue.why_not or phrases.why_not_counted("outside", language))
        for item in items
        for cue in item.status.cues
    )
    glance = _glance(leading.ground, verdict, cues, sources, language, contrary=contrary)
    status = Status(verdict, phrases.reason(glance, language, balance, threshold), balance, threshold, sources, cues)
    return Judged(status, leading.ground, glance)


def told_elsewhere(titles: Sequence[str], threshold: float, language: str) -> Judged:
    """The status of a section whose stories other sections tell: they are weighed there, and named here."""
    opens, closes = "«»" if language in ("ru", "be") else "“”"
    glance = phrases.glance(
        Ground.ELSEWHERE.value, language, label_words=join_list([f"{opens}{title}{closes}" for title in titles], language)
    )
    return Judged(Status(Verdict.UNCHANGED, phrases.reason(glance, language), 0.0, threshold), Ground.ELSEWHERE, glance)


def balance_of(cues: Iterable[CountedCue], sources: Iterable[SourceRef]) -> float:
    """The balance that counted cues come to, given every independent source of the story; -10 to +10 for single cues, rounded to 0.01."""
    by_feed: dict[str, float] = defaultdict(float)
    for cue in cues:
        by_feed[cue.citation.source.feed] += cue.score if cue.counted else 0.0
    stances: dict[str, list[float]] = defaultdict(list)
    for source in sources:
        stances[source.stance.value].append(by_feed.get(source.feed, 0.0))
    means = [math.fsum(scores) / len(scores) for scores in stances.values()]
    return round(math.fsum(means) / len(means), 2) if means else 0.0


def _cues_of(item: AnalysedArticle, bench: Bench, earlier: Sequence[CountedCue]) -> list[CountedCue]:
    """The cues of one article; within a source each kind counts once, the strongest first."""
    seen = {(cue.rule, _kind(cue.plover, cue.text)) for cue in earlier if cue.counted}
    found: list[CountedCue] = []
    for match, cue in _by_strength(item.analysis.matches, bench.rules):
        sentence, citation = _where(item.article, cue)
        kind = (match.rule, _kind(cue.plover, cue.span.term))
        why_not = cue.cancelled
        if citation.field == "text" and (item.article.id, citation.start) in bench.past:
            why_not = why_not or phrases.why_not_counted("past", bench.language)
        elif kind in seen:
            why_not = why_not or phrases.why_not_counted("same kind", bench.language)
        if not why_not:
            seen.add(kind)
        words = " ".join(cue.span.text.split())
        found.append(CountedCue(match.rule, words, cue.score, cue.plover, sentence, citation, not why_not, why_not))
    return found


def _kind(plover: str, words: str) -> str:
    return plover.partition("/")[0] or words.casefold()


def _by_strength(matches: Iterable[Match], rules: Collection[str]) -> list[tuple[Match, Cue]]:
    pairs = [(match, cue) for match in matches if match.rule in rules and not match.shadow for cue in match.cues]
    return sorted(pairs, key=lambda pair: (-abs(pair[1].score), pair[1].span.field.value, pair[1].span.start, pair[0].rule))


def _where(article: Article, cue: Cue) -> tuple[str, Citation]:
    """The sentence in which a cue begins, and its citation."""
    if cue.span.field is Field.TITLE:
        return article.title, cite(article, "title", 0, len(article.title))
    for span in split_sentences(article.text, article.language):
        if span.start <= cue.span.start < span.end:
            return span.text, cite(article, "text", span.start, span.end)
    return cue.span.text, cite(article, "text", cue.span.start, cue.span.end)


def _judged(cues: tuple[CountedCue, ...], voices: tuple[_Voice, ...], threshold: float, language: str) -> Judged:
    balance = balance_of(cues, (voice.source for voice in voices))
    counted = [cue for cue in cues if cue.counted]
    carrying = [voice for voice in voices if voice.score * balance > 0]
    independent = len({voice.publisher for voice in carrying})
    if not counted:
        return _unchanged(Ground.SILENT, cues, (None, threshold), language)
    if abs(balance) < threshold:
        mixed = any(cue.score > 0 for cue in counted) and any(cue.score < 0 for cue in counted)
        ground = Ground.CANCELLED if mixed or not balance else Ground.WEAK
        return _unchanged(ground, cues, (balance, threshold), language, independent)
    if independent < INDEPENDENT_SOURCES and not any(voice.source.of_record for voice in carrying):
        return _unchanged(Ground.ALONE, cues, (balance, threshold), language, independent)
    verdict = Verdict.BETTER if balance > 0 else Verdict.WORSE
    ground = Ground.CARRIED if independent >= INDEPENDENT_SOURCES else Ground.OF_RECORD
    contrary = any(cue.score * balance < 0 for cue in counted)
    glance = _glance(ground, verdict, cues, independent, language, contrary=contrary)
    status = Status(verdict, phrases.reason(glance, language, balance, threshold), balance, threshold, independent, cues)
    return Judged(status, ground, glance)


def _glance(ground: Ground, verdict: Verdict, cues: Iterable[CountedCue], sources: int, language: str, *, contrary: bool) -> str:
    sign = 1 if verdict is Verdict.BETTER else -1
    weights: dict[str, float] = defaultdict(float)
    for cue in cues:
        if cue.counted and cue.score * sign > 0:
            weights[cue.plover.partition("/")[0]] += abs(cue.score)
    category = max(sorted(weights), key=lambda key: weights[key], default="")
    words = phrases.label(category, verdict.value, language)
    return phrases.glance(f"{ground.value}{'.contrary' if contrary else ''}", language, n=sources, label_words=words)


def _unchanged(
    ground: Ground, cues: tuple[CountedCue, ...], figures: tuple[float | None, float], language: str, sources: int = 0
) -> Judged:
    """The default; `figures` are balance (None where there was nothing to weigh) and threshold."""
    balance, threshold = figures
    direction = ".better" if (balance or 0) > 0 else ".worse"
    glance = phrases.glance(ground.value + (direction if ground in (Ground.WEAK, Ground.ALONE) else ""), language)
    line = phrases.reason(glance, language, balance, threshold)
    return Judged(Status(Verdict.UNCHANGED, line, balance or 0.0, threshold, sources, cues), ground, glance)


def _all_cues(items: Iterable[Judged]) -> tuple[CountedCue, ...]:
    return tuple(cue for item in items for cue in item.status.cues)
