"""Groups articles that tell one event into stories, across languages and stances, and says why. Pure: copies are folded before.

Two articles are alike by the geometric mean of their terms' and their names' cosines, damped by the days between them; articles
in two languages are alike by names, numbers, days and named things alone. Stories are average-link clusters of that likeness.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from monitor.model.story import CopyGroup, Story
from monitor.stories.linkage import average_link
from monitor.stories.order import days_apart, first_appearance, has_date
from monitor.stories.profile import Kind, Profile, Rarities, Weighed, profiles_of
from monitor.stories.translations import with_translations
from monitor.text.neighbours import sharing_pairs
from monitor.text.shingles import Shingles
from monitor.text.vectors import cosines, cosines_with_part, heaviest, marked, together

THRESHOLD = 0.22
"""Mean likeness from which two clusters are one story."""
MOST_DAYS = 4.0
"""Events of one kind return; articles published further apart than this tell different ones."""
_PER_DAY = 0.05
"""Likeness lost by each day between two articles."""
_OTHER_RULES = 0.8
"""Likeness left where both articles match rules, but none in common."""
_UNDATED = 0.75
"""Likeness left where one of two articles has no date: it may tell last year's event."""
_BY_DAYS = 0.5
"""What days in common may add, as a share of what other names come to: on one day there are many events."""
_SHARED_KEYS = 24
"""Heaviest names and terms of an article by which others are looked up."""
NEGLIGIBLE = 0.03
"""Likeness below this counts as none, which keeps what has to be remembered small."""
SHARED = 2
"""Keys in common from which two are compared..."""
NEIGHBOURS = 150
"""...of each key with the next ones in order of appearance."""


def group_stories(groups: Sequence[CopyGroup], rarities: Rarities | None = None) -> tuple[Story, ...]:
    """Group copies' groups into stories. Every group is in exactly one story; the result does not depend on their order.

    Args:
        groups: As `fold_copies` gives them.
        rarities: How rare terms and names are, where that is to be judged by other groups than these.

    Returns:
        Stories by first appearance. `reasons` has a line per group beyond the first: which earlier one it tells the same event
        as, and by which names, how alike in figures, and how far apart in time.
    """
    profiles = profiles_of(sorted(groups, key=lambda group: first_appearance(group.lead)), rarities)
    clusters = average_link(len(profiles), _alike(profiles), THRESHOLD)
    return tuple(_story([profiles[place] for place in cluster]) for cluster in clusters)


def _alike(profiles: Sequence[Profile]) -> Iterator[tuple[int, int, float]]:
    """Pairs of places (i < j) with their likeness, as far as it counts."""
    keys = [lookup_keys(profile) for profile in profiles]
    for one, pairs in groupby(sharing_pairs(keys, at_least=SHARED, neighbours=NEIGHBOURS), key=lambda pair: pair[0]):
        others = [other for _, other in pairs]
        found = likenesses(profiles[one], [profiles[other] for other in others])
        yield from ((one, other, value) for other, value in zip(others, found, strict=True) if value >= NEGLIGIBLE)


def likeness(one: Weighed, other: Weighed) -> float:
    """How alike two groups of copies are as tellings of one event, 0 to 1; 0 beyond `MOST_DAYS`."""
    return likenesses(one, [other])[0]


def likenesses(one: Weighed, others: Sequence[Weighed]) -> list[float]:
    """The `likeness` of one with each of others."""
    days = [_days_between(one, other) for other in others]
    near = [place for place, apart in enumerate(days) if apart <= MOST_DAYS]
    found = [0.0] * len(others)
    compared = [others[place] for place in near]
    terms = cosines(one.terms, [other.terms for other in compared])
    names = _alike_by_names(one, compared)
    for place, by_terms, by_names in zip(near, terms, names, strict=True):
        found[place] = _judged(one, others[place], by_terms, by_names) * (1 - _PER_DAY * days[place])
    return found


def _judged(one: Weighed, other: Weighed, terms: float, names: float) -> float:
    """How alike two are by what they say, whenever they say it."""
    value = names
    if one.language == other.language:
        value = math.sqrt(terms * names) if len(one.names) and len(other.names) else terms
    if one.rules and other.rules and not one.rules & other.rules:
        value *= _OTHER_RULES
    if (one.moments[0] is None) != (other.moments[0] is None):
        value *= _UNDATED
    return value


def _days_between(one: Weighed, other: Weighed) -> float:
    """The fewest days between their first articles; 0 where one has no date of its own, since then nothing speaks against them."""
    if None in one.moments or None in other.moments:
        return 0.0
    return min(abs(a - b) for a in one.moments for b in other.moments if a is not None and b is not None)


def _alike_by_names(one: Weighed, others: Sequence[Weighed]) -> list[float]:
    """The cosines of their names, of which days in common are no more than `_BY_DAYS` of the rest."""
    totals, of_days = cosines_with_part(one.names, [other.names for other in others], Kind.DAY)
    rest = [total - days for total, days in zip(totals, of_days, strict=True)]
    return [value + min(days, _BY_DAYS * value) for value, days in zip(rest, of_days, strict=True)]


def story_id(earliest_article: str) -> str:
    """The id of the story that an article begins: 12 hexadecimal digits, the same as long as it stays the earliest."""
    return hashlib.blake2b(f"story {earliest_article}".encode(), digest_size=6).hexdigest()


def lookup_keys(profile: Weighed) -> Shingles:
    """The keys by which others are looked up; terms are looked up within their language."""
    names, terms = heaviest(profile.names, _SHARED_KEYS), heaviest(profile.terms, _SHARED_KEYS)
    return together(names, marked(terms, profile.language))


def _story(profiles: Sequence[Profile]) -> Story:
    reasons = tuple(_reason(profile, profiles[:place]) for place, profile in enumerate(profiles) if place)
    groups = with_translations([profile.group for profile in profiles])
    return Story(id=story_id(groups[0].lead.article.id), copies=groups, reasons=reasons)


def _reason(profile: Profile, earlier: Sequence[Profile]) -> str:
    """Which earlier group tells the same event, and what they share."""
    nearest = max(earlier, key=lambda other: likeness(profile, other))
    one, other = profile.group.lead.article, nearest.group.lead.article
    shared = sorted(profile.named & nearest.named, key=lambda name: (-len(name), name))[:5]
    days = days_apart(one, other)
    parts = [f"likeness {likeness(profile, nearest):.2f}"]
    parts += [f"both name {', '.join(shared)}"] if shared else []
    parts += [f"rules {', '.join(sorted(profile.rules & nearest.rules))}"] if profile.rules & nearest.rules else []
    dated = has_date(one) and has_date(other)
    parts.append(("the same day" if days < 1 else f"{days:.0f} days apart") if dated else "undated")
    return f"{one.id} tells the same event as {other.id}: {'; '.join(parts)}"
