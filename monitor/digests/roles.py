"""What a sentence does in an item: event, claim, background or outlook; with its day, how that is known, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.digests.scope import Scope
from monitor.digests.sentences import Told
from monitor.model.edition import Role
from monitor.model.feed import Stance
from monitor.text.dates import DateKind, NamedDate
from monitor.text.speech import SpeechForm
from monitor.text.tense import tells_a_habit, tells_of_something_done

LEAD_SENTENCES = 3
_WEEK = 6
_TOLD = (Role.EVENT, Role.CLAIM)


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
    exact = [one for one in told.own_dates if one.is_exact]
    days = [one for one in exact if (one.last - one.first).days < _WEEK or one.kind is not DateKind.RELATIVE]
    inside = [one for one in days if one.last >= scope.opens and one.first <= scope.closes]
    after = [one for one in dates if one.first > scope.closes]
    before = [one for one in dates if one.last < scope.opens]
    if inside:
        if is_comment(told):
            return _dated(told, _surest(inside), Role.CLAIM, "a comment, dated within the window")
        return _dated(told, _surest(inside), Role.CLAIM if is_claim(told) else Role.EVENT, "dated within the window")
    if any(one.first <= published <= one.last for one in exact if one not in days) and not told.future:
        return Cast(told, Role.CLAIM if is_claim(told) or is_comment(told) else Role.EVENT, "of this week", published)
    if after:
        return _dated(told, after[0], Role.OUTLOOK, "names a date after the window")
    if before:
        return _dated(told, max(before, key=_certainty), Role.BACKGROUND, "dated before the window")
    return _undated(told, scope, published)


def settle(casts: Sequence[Cast], scope: Scope) -> list[Cast]:
    """The same, but that what an article only looks back on is background: below its lead, of a day before its own and the main event's.

    The main event's day is the one that most articles name or are published on, the later of equals.
    """
    told: dict[date, set[str]] = {}
    for one in casts:
        if one.role in _TOLD and one.exact and one.told.index < LEAD_SENTENCES:
            told.setdefault(one.day, set()).add(one.told.article.id)
    if not told:
        return list(casts)
    main = max(told, key=lambda day: (len(told[day]), day))

    def looks_back(one: Cast) -> bool:
        ended = one.day_end or one.day
        published = scope.local_day(one.told.article.published)
        return one.role in _TOLD and one.told.index >= LEAD_SENTENCES and ended < main and ended < published

    return [replace(one, role=Role.BACKGROUND, reason="before the main event") if looks_back(one) else one for one in casts]


def tells_the_past(told: Told, scope: Scope) -> bool:
    """Whether all dates that a sentence names lie before the window: what it reports is no news of this edition."""
    dates = [one for one in told.dates if one.kind is not DateKind.OF_DOCUMENT]
    return bool(dates) and all(one.last < scope.opens for one in dates)


def is_claim(told: Told) -> bool:
    """Whether the sentence is above all somebody's word: quoted at length, or its own predicate is a verb of claiming."""
    speech = told.speech
    return speech is not None and (speech.form is SpeechForm.QUOTE or (speech.heads and speech.form is SpeechForm.CLAIM))


def is_comment(told: Told) -> bool:
    """Whether its source weighs events instead of reporting them: what a think tank says is its view."""
    return told.article.source.stance is Stance.THINK_TANK


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
    return _reported(told, published)


def _reported(told: Told, published: date) -> Cast:
    """The role of a sentence that names no day and was published in the window."""
    if told.index and tells_a_habit(told.text, told.language):
        return Cast(told, Role.BACKGROUND, "says what is done again and again", published, exact=False)
    if told.speech:
        return Cast(told, Role.CLAIM, "attributed", published)
    if told.index >= LEAD_SENTENCES:
        return Cast(told, None, "undated, not in the lead", published)
    if is_comment(told):
        return Cast(told, Role.CLAIM, "a comment, dated by publication", published)
    if told.index and not tells_of_something_done(told.text, told.language):
        return Cast(told, None, "undated, says how things are", published)
    return Cast(told, Role.EVENT, "in the lead, dated by publication", published)
