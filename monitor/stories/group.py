"""Groups articles that tell one event into stories, across languages and stances, and says why. Pure: copies are folded before.

Two articles are alike by the geometric mean of their terms' and their names' cosines, damped by the days between them; articles
in two languages are alike by names, numbers, days and named things alone. Stories are average-link clusters of that likeness.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence

from monitor.model.story import CopyGroup, Story
from monitor.stories.linkage import average_link
from monitor.stories.order import days_apart, first_appearance, has_date
from monitor.stories.profile import Profile, cosine, profiles_of
from monitor.text.shingles import sharing_pairs, shingles_of

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
_NEGLIGIBLE = 0.03
"""Likeness below this counts as none, which keeps what has to be remembered small."""
_NEIGHBOURS = 150
"""Articles with which one is compared over one common key: the next ones in order of appearance."""


def group_stories(groups: Sequence[CopyGroup]) -> tuple[Story, ...]:
    """Group copies' groups into stories. Every group is in exactly one story; the result does not depend on their order.

    Returns:
        Stories by first appearance. `reasons` has a line per group beyond the first: which earlier one it tells the same event
        as, and by which names, how alike in figures, and how far apart in time.
    """
    ordered = sorted(groups, key=lambda group: first_appearance(group.lead))
    profiles = profiles_of(ordered)
    alike = {
        pair: value for pair in _candidates(profiles) if (value := likeness(profiles[pair[0]], profiles[pair[1]])) >= _NEGLIGIBLE
    }
    return tuple(_story([profiles[place] for place in cluster]) for cluster in average_link(len(profiles), alike, THRESHOLD))


def likeness(one: Profile, other: Profile) -> float:
    """How alike two groups of copies are as tellings of one event, 0 to 1; 0 beyond `MOST_DAYS`."""
    days = min(days_apart(a.article, b.article) for a in one.group.articles[:3] for b in other.group.articles[:3])
    if days > MOST_DAYS:
        return 0.0
    names = _alike_by_names(one, other)
    if one.language == other.language:
        value = math.sqrt(cosine(one.terms, other.terms) * names) if one.names and other.names else cosine(one.terms, other.terms)
    else:
        value = names
    if one.rules and other.rules and not one.rules & other.rules:
        value *= _OTHER_RULES
    if has_date(one.group.lead.article) != has_date(other.group.lead.article):
        value *= _UNDATED
    return value * (1 - _PER_DAY * days)


def _alike_by_names(one: Profile, other: Profile) -> float:
    """The cosine of their names, of which days in common are no more than `_BY_DAYS` of the rest."""
    days = math.fsum(one.names[day] * other.names[day] for day in one.days & other.days)
    rest = cosine(one.names, other.names) - days
    return rest + min(days, _BY_DAYS * rest)


def story_id(earliest_article: str) -> str:
    """The id of the story that an article begins: 12 hexadecimal digits, the same as long as it stays the earliest."""
    return hashlib.blake2b(f"story {earliest_article}".encode(), digest_size=6).hexdigest()


def _candidates(profiles: Sequence[Profile]) -> Iterator[tuple[int, int]]:
    """Pairs that share at least two of their heaviest names and terms (one, where they have few)."""
    return sharing_pairs([shingles_of(_heaviest(profile), 1) for profile in profiles], at_least=2, neighbours=_NEIGHBOURS)


def _heaviest(profile: Profile) -> list[str]:
    """The keys by which others are looked up; terms are looked up within their language."""
    keys = []
    for vector, mark in ((profile.names, "name"), (profile.terms, profile.language)):
        keys += [f"{mark} {key}" for key in sorted(vector, key=lambda key: (-vector[key], key))[:_SHARED_KEYS]]
    return keys


def _story(profiles: Sequence[Profile]) -> Story:
    reasons = tuple(_reason(profile, profiles[:place]) for place, profile in enumerate(profiles) if place)
    groups = tuple(profile.group for profile in profiles)
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
