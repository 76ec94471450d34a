"""What a sentence does in an item: event, claim, background or outlook; with its day, how that is known, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.digests.scope import Scope
from monitor.digests.sentences import Told
from monitor.model.edition import Role
from monitor.text.dates import DateKind, NamedDate
from monitor.text.speech import SpeechForm

LEAD_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """A sentence in its role. `day_from` is "named", "relative" or "publication"; `role` None means context, which is not printed.

    `exact` is False where only a month or a year is named: `day` then orders the sentence, but is not printed.
    """

    told: Told
    role: Role | None
    reason: str
    day: date
    day_end: date | None = None
    day_from: str = "publication"
    exact: bool = True


def cast(told: Told, scope: Scope) -> Cast:
    """The role of a sentence in an edition. Every sentence gets a day: the one it names, else that of its publication."""
    published = scope.local_day(told.article.published)
    if told.unfit:
        return Cast(told, None, told.unfit, published)
    if not told.terms and not told.actors:
        return Cast(told, None, "no rule term and no actor", published)
    dates = [one for one in told.dates if one.kind is not DateKind.OF_DOCUMENT]
    exact = [one for one in dates if one.is_exact]
    inside = [one for one in exact if one.last >= scope.opens and one.first <= scope.closes]
    after = [one for one in dates if one.first > scope.closes]
    before = [one for one in dates if one.last < scope.opens]
    if inside:
        return _dated(told, _surest(inside), Role.CLAIM if is_claim(told) else Role.EVENT, "dated within the window")
    if after:
        return _dated(told, after[0], Role.OUTLOOK, "names a date after the window")
    if before:
        return _dated(told, max(before, key=_certainty), Role.BACKGROUND, "dated before the window")
    return _undated(told, scope, published)


def tells_the_past(told: Told, scope: Scope) -> bool:
    """Whether all dates that a sentence names lie before the window: what it reports is no news of this edition."""
    dates = [one for one in told.dates if one.kind is not DateKind.OF_DOCUMENT]
    return bool(dates) and all(one.last < scope.opens for one in dates)


def is_claim(told: Told) -> bool:
    """Whether the sentence is above all somebody's word: quoted at length, or its own predicate is a verb of claiming."""
    speech = told.speech
    return speech is not None and (speech.form is SpeechForm.QUOTE or (speech.heads and speech.form is SpeechForm.CLAIM))


def _surest(dates: Sequence[NamedDate]) -> NamedDate:
    """The first; of "Saturday, 1 May" the day and month."""
    same = [one for one in dates if one.first == dates[0].first and one.kind is DateKind.NAMED]
    return same[0] if same else dates[0]


def _certainty(one: NamedDate) -> tuple[bool, date]:
    """Exact days before months and years, later before earlier."""
    return one.is_exact, one.last


def _dated(told: Told, named: NamedDate, role: Role, reason: str) -> Cast:
    end = named.last if named.last != named.first else None
    return Cast(told, role, reason, named.first, end, named.kind.value, named.is_exact)


def _undated(told: Told, scope: Scope, published: date) -> Cast:
    if told.future:
        if told.speech and told.speech.heads:
            return Cast(told, Role.CLAIM, "attributed, speaks of what is to come", published)
        return Cast(told, Role.OUTLOOK, "speaks of what is to come", published)
    if not told.terms:
        return Cast(told, None, "undated, no rule term", published)
    if published < scope.opens - timedelta(days=1):
        return Cast(told, Role.BACKGROUND, "published before the window", published)
    if told.speech:
        return Cast(told, Role.CLAIM, "attributed", published)
    if told.index < LEAD_SENTENCES:
        return Cast(told, Role.EVENT, "in the lead, dated by publication", published)
    return Cast(told, None, "undated, not in the lead", published)
