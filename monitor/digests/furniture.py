"""What stands around the items: the watch list, the coverage box, "also noted", and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from monitor.digests.citations import address_of, source_ref
from monitor.digests.headline import clean_title
from monitor.digests.prose import Saying, merge, repeats, to_sentence
from monitor.digests.roles import Cast
from monitor.digests.scope import Scope
from monitor.digests.select import Ranked
from monitor.digests.sentences import FEWEST_WORDS, Told, balanced
from monitor.model.edition import Coverage, FailedSource, Note, Role, WatchDate
from monitor.model.feed import FeedHealth
from monitor.text.dates import DateKind

WATCH_AHEAD = timedelta(days=60)
MOST_WATCHED = 6
_LONG = 16
"""Words from which a sentence is too long for a list of dates."""
_CLAUSE_END = re.compile(r"[,;]\s|\s[-–—]\s")
_UNREADABLE = (FeedHealth.FAILING, FeedHealth.SILENT, FeedHealth.GONE, FeedHealth.BLOCKED)


def watch_list(told: Iterable[Told], scope: Scope) -> tuple[WatchDate, ...]:
    """Days after the window that a source names, by date: up to six within two months, the edition's language first.

    Sentences on the same day and matter are one entry that cites them all; a long one is cut to the clause that names the day.
    """
    casts = [found for one in told if (found := _ahead(one, scope))]

    def order(one: Saying) -> tuple[bool, float, str, int]:
        return (one.language != scope.language, -one.score, one.cast.told.article.id, one.cast.told.start)

    kept: list[Saying] = []
    for saying in sorted(merge(casts, scope), key=order):
        same = next((place for place, other in enumerate(kept) if _same_date(saying, other) or repeats(saying, other)), None)
        if same is None:
            kept.append(saying)
        else:
            kept[same] = _joined(kept[same], saying)
    ordered = sorted(kept[:MOST_WATCHED], key=lambda one: (one.cast.day, -one.score, one.cast.told.article.id))
    return tuple(WatchDate(one.cast.day, to_sentence(_shortened(one), scope)) for one in ordered)


def _ahead(one: Told, scope: Scope) -> Cast | None:
    """The sentence with the first day after the window that it names, if it can be printed and says whose day it is."""
    days = (day for day in one.dates if day.is_exact and day.kind is not DateKind.OF_DOCUMENT and _is_ahead(day.first, scope))
    day = next(days, None)
    if day is None or one.unfit or not (one.terms or one.names):
        return None
    end = day.last if day.last != day.first else None
    return Cast(one, Role.OUTLOOK, "names a date after the window", day.first, end, day.kind.value)


def _same_date(one: Saying, other: Saying) -> bool:
    """Two sentences on days that meet and with a name or a rule term in common tell one date."""
    first, second = one.cast, other.cast
    meet = first.day <= (second.day_end or second.day) and second.day <= (first.day_end or first.day)
    return meet and bool(first.told.features & second.told.features)


def _joined(kept: Saying, more: Saying) -> Saying:
    """The kept one, vouched for by the articles of the other as well, if both name the same first day."""
    if kept.cast.day != more.cast.day:
        return kept
    known = {one.told.article.id for one in (kept.cast, *kept.also)}
    return replace(kept, also=(*kept.also, *(one for one in (more.cast, *more.also) if one.told.article.id not in known)))


def _shortened(saying: Saying) -> Saying:
    """Up to the end of the clause that names the day, where what follows is a clause of its own; never what somebody is quoted with."""
    told = saying.cast.told
    if told.words <= _LONG or told.speech:
        return saying
    day = next((one for one in told.dates if one.first == saying.cast.day), None)
    stop = _CLAUSE_END.search(told.text, day.end) if day else None
    if stop is None or len(told.text[: stop.start()].split()) < FEWEST_WORDS or not balanced(told.text[: stop.start()]):
        return saying
    text = told.text[: stop.start()]
    return replace(saying, cast=replace(saying.cast, told=replace(told, text=text, end=told.start + len(text))))


def coverage(scope: Scope) -> Coverage:
    """What the edition rests on, and which sources could not be read."""
    inputs = scope.inputs
    groups = [group for story in inputs.stories for group in story.copies]
    failed = tuple(
        FailedSource(feed.id, feed.name, state.reason, state.last_success_at)
        for feed, state in inputs.feeds
        if state and not feed.disabled and state.health in _UNREADABLE
    )
    return Coverage(
        feeds_polled=sum(1 for feed, state in inputs.feeds if state and state.last_fetch_at and not feed.disabled),
        articles_read=inputs.counts.articles_read,
        articles_matched=inputs.counts.articles_matched,
        copies_folded=sum(len(group.articles) - 1 for group in groups),
        stories=len(inputs.stories),
        failed=failed,
        without_text=inputs.counts.without_text,
        by_language=dict(inputs.counts.by_language),
        by_stance=dict(inputs.counts.by_stance),
    )


def note(ranked: Ranked, scope: Scope) -> Note:
    """A story in one line: its earliest article in the edition's language, else its earliest."""
    leads = [group.lead.article for group in ranked.story.copies]
    article = next((one for one in leads if one.language == scope.language), leads[0])
    title = clean_title(article.title, article.source)
    others = max(0, ranked.sources - 1)
    return Note(
        ranked.story.id, title, article.language, address_of(article), source_ref(article.source), article.published, others
    )


def permalink(scope: Scope) -> str:
    """Where this edition stands in the archive; "" without a base address."""
    base, window = scope.inputs.base_url.rstrip("/"), scope.inputs.window
    return f"{base}/{scope.inputs.digest.id}/{window.week}/{scope.language}/" if base else ""


def _is_ahead(day: date, scope: Scope) -> bool:
    return scope.closes < day <= scope.closes + WATCH_AHEAD


def without_empty(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes that have a title to print."""
    return tuple(one for one in notes if one.title)
