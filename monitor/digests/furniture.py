"""What stands around the items: the watch list, the coverage box, "also noted", and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from monitor.digests.citations import address_of, source_ref
from monitor.digests.headline import clean_title
from monitor.digests.prose import Saying, merge, repeats, to_sentence
from monitor.digests.roles import Cast
from monitor.digests.scope import Scope
from monitor.digests.select import Ranked
from monitor.digests.sentences import Told
from monitor.model.edition import Coverage, FailedSource, Note, Role, WatchDate
from monitor.model.feed import FeedHealth
from monitor.text.dates import DateKind

WATCH_AHEAD = timedelta(days=60)
MOST_WATCHED = 6
_UNREADABLE = (FeedHealth.FAILING, FeedHealth.SILENT, FeedHealth.GONE, FeedHealth.BLOCKED)


def watch_list(told: Iterable[Told], scope: Scope) -> tuple[WatchDate, ...]:
    """Days after the window that a source names, by date: up to six within two months, the edition's language first."""
    casts = []
    for one in told:
        day = next(
            (
                found
                for found in one.dates
                if _is_ahead(found.first, scope) and found.is_exact and found.kind is not DateKind.OF_DOCUMENT
            ),
            None,
        )
        if day and not one.unfit and (one.terms or one.names):
            end = day.last if day.last != day.first else None
            casts.append(Cast(one, Role.OUTLOOK, "names a date after the window", day.first, end, day.kind.value))
    kept: list[Saying] = []
    for saying in sorted(merge(casts, scope), key=lambda one: (-one.score, one.cast.told.article.id, one.cast.told.start)):
        told_already = any(saying.cast.day == other.cast.day and _same_matter(saying.cast, other.cast) for other in kept)
        if not told_already and not any(repeats(saying, other) for other in kept):
            kept.append(saying)
    kept = sorted(kept[:MOST_WATCHED], key=lambda one: (one.cast.day, -one.score, one.cast.told.article.id))
    return tuple(WatchDate(one.cast.day, to_sentence(one, scope)) for one in kept)


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


def _same_matter(one: Cast, other: Cast) -> bool:
    """Two sentences on one day that share a name or a rule term tell one date."""
    return bool(one.told.features & other.told.features)


def without_empty(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes that have a title to print."""
    return tuple(one for one in notes if one.title)
