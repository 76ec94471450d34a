"""Finds who else says what a printed sentence says, in any language: by names, days, figures, cues and rule terms, never by translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from monitor.digests.citations import publisher_of
from monitor.digests.prose import MOST_CITATIONS, Saying
from monitor.digests.scope import Scope
from monitor.digests.sentences import Told
from monitor.digests.similar import overlap

_NAMES = 2
"""Names that two sentences must share at least."""
_NAMES_OVERLAP = 0.5
_MATTER = 0.5
_STEMS = 0.4
_LONGEST_SPAN = timedelta(days=21)


def corroborate(sayings: Sequence[Saying], told: Iterable[Told], scope: Scope) -> list[Saying]:
    """The sayings, each with one sentence of every further publisher that tells the same; the edition's language first, then the earliest.

    A sentence vouches for one saying only, the one that it is most like.

    Args:
        sayings: As chosen for print.
        told: All sentences of the story, those that cannot be printed alone included.
        scope: The edition's language.
    """
    pool = sorted(told, key=lambda one: (one.language != scope.language, one.article.published, one.article.id, one.start))
    pairs = [
        (round(_likeness(saying.cast.told, other), 9), mine, theirs)
        for mine, saying in enumerate(sayings)
        for theirs, other in enumerate(pool)
        if says_the_same(saying.cast.told, other, scope)
    ]
    known = [{publisher_of(one.told.article.source) for one in (saying.cast, *saying.also)} for saying in sayings]
    found: list[list[int]] = [[] for _ in sayings]
    spoken: set[int] = set()
    for _, mine, theirs in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        publisher = publisher_of(pool[theirs].article.source)
        if theirs not in spoken and publisher not in known[mine]:
            spoken.add(theirs)
            known[mine].add(publisher)
            found[mine].append(theirs)
    return [_with(saying, [pool[place] for place in sorted(found[mine])]) for mine, saying in enumerate(sayings)]


def says_the_same(one: Told, other: Told, scope: Scope) -> bool:
    """Whether two sentences tell the same: the same names of the same day, no figure or cue that contradicts, and much else in common.

    Within one language their words must be near as well.
    """
    names = one.names & other.names
    if len(names) < _NAMES or overlap(one.names, other.names) < _NAMES_OVERLAP or one.future is not other.future:
        return False
    if not _days(one, scope) & _days(other, scope) or one.cues * other.cues < 0:
        return False
    mine, theirs = one.amounts, other.amounts
    if not (mine <= theirs or theirs <= mine):
        return False
    if one.language == other.language and overlap(one.stems, other.stems) < _STEMS:
        return False
    return _likeness(one, other) >= _MATTER


def _with(saying: Saying, echoes: Sequence[Told]) -> Saying:
    room = max(0, MOST_CITATIONS - 1 - len(saying.also))
    casts = [replace(saying.cast, told=one, reason="says the same") for one in echoes[:room]]
    return replace(saying, also=(*saying.also, *casts))


def _likeness(one: Told, other: Told) -> float:
    return overlap(_matter(one) | one.amounts, _matter(other) | other.amounts)


def _days(told: Told, scope: Scope) -> set[date]:
    """The days it names, else the day of its publication."""
    named = [day for day in told.own_dates if day.last - day.first <= _LONGEST_SPAN]
    days = {day.first + timedelta(days=step) for day in named for step in range((day.last - day.first).days + 1)}
    return days or {scope.local_day(told.article.published)}


def _matter(told: Told) -> frozenset[str]:
    return told.names | frozenset(term.partition("/")[2] for term in told.terms)
