"""Follows a matter over weeks: which earlier story a story continues, and which others are of the same matter. Pure.

Two stories are of one matter by the names that they share beyond countries, numbers and days: that both match one rule and speak of
one country says only that an analyst watches both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.model.story import CopyGroup, Story
from monitor.stories.order import first_appearance
from monitor.stories.profile import Kind, Profile, names_country, profiles_of
from monitor.text.neighbours import sharing_pairs
from monitor.text.shingles import Shingles
from monitor.text.vectors import cosine, heaviest, of_kinds, together

SIMILAR = 0.12
"""Likeness from which an earlier story is offered."""
SAME_THREAD = 0.28
"""Likeness from which a story continues the earlier one's thread."""
_FEWEST_NAMES = 2
"""Names that two stories of one matter share, countries not counted."""
_RULES = 0.03
"""What a rule in common adds: an analyst has said that it may be one matter."""
_KEYS = 32
"""Heaviest names of a story by which earlier ones are looked up."""
_NEIGHBOURS = 200
_MOST_SIMILAR = 5
_NAMES = (Kind.NAME, Kind.MENTION)
"""Kinds of keys that stand for something that few events share."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier story with its likeness (0 to 1) and why it was chosen."""

    story: Story
    likeness: float
    reason: str


@dataclass(frozen=True, slots=True)
class ThreadDecision:
    """The thread of a story (its own id where it begins one), why, and the earlier stories of the matter, most alike first."""

    thread: str
    reason: str
    similar: tuple[Earlier, ...]


def follow_threads(stories: Sequence[Story], kept: Mapping[str, str]) -> dict[str, ThreadDecision]:
    """Decide the thread of each story, from those that appeared before it; the result does not depend on their order.

    Args:
        stories: All that is known of the time, those at hand among them; of equal ids the first counts.
        kept: Story id → thread, as decided before: that stands.

    Returns:
        Story id → decision.
    """
    distinct = {story.id: story for story in reversed(stories)}.values()
    ordered = sorted(distinct, key=lambda story: (first_appearance(story.articles[0]), story.id))
    profiles = profiles_of([_whole(story) for story in ordered])
    before: dict[int, list[int]] = defaultdict(list)
    for one, other in sharing_pairs([_keys(profile) for profile in profiles], neighbours=_NEIGHBOURS):
        before[other].append(one)
    decided: dict[str, ThreadDecision] = {}
    for place, story in enumerate(ordered):
        found = [_compared(profiles[place], profiles[other], ordered[other]) for other in before[place]]
        ranked = sorted((one for one in found if one.likeness >= SIMILAR), key=lambda one: (-one.likeness, one.story.id))
        decided[story.id] = _decide(story, ranked[:_MOST_SIMILAR], kept, decided)
    return decided


def with_threads(stories: Sequence[Story], decided: Mapping[str, ThreadDecision]) -> tuple[Story, ...]:
    """The same stories, each with its thread and the reason for it."""
    return tuple(replace(story, thread=decided[story.id].thread, thread_reason=decided[story.id].reason) for story in stories)


def _decide(
    story: Story, ranked: Sequence[Earlier], kept: Mapping[str, str], decided: Mapping[str, ThreadDecision]
) -> ThreadDecision:
    similar = tuple(ranked)
    if story.id in kept:
        return ThreadDecision(kept[story.id], "decided at an earlier edition", similar)
    if ranked and ranked[0].likeness >= SAME_THREAD:
        nearest = ranked[0].story
        return ThreadDecision(decided[nearest.id].thread, f"continues {nearest.id}: {ranked[0].reason}", similar)
    return ThreadDecision(story.id, "no earlier story is alike enough: it begins a thread", similar)


def _whole(story: Story) -> CopyGroup:
    """The story as one group: its lead article speaks, everyone's mentions and matches count."""
    return CopyGroup(story.articles)


def _keys(profile: Profile) -> Shingles:
    return together(heaviest(of_kinds(profile.names, _NAMES), _KEYS))


def _compared(one: Profile, other: Profile, story: Story) -> Earlier:
    """How alike two stories are as steps of one matter; 0 where they share hardly any name."""
    shared = sorted(
        (name for name in one.named & other.named if not name[0].isdigit() and not name.isupper() and not names_country(name)),
        key=lambda name: (-len(name), name),
    )
    names = cosine(of_kinds(one.names, _NAMES), other.names)
    rules = sorted(one.rules & other.rules)
    value = (names + cosine(one.terms, other.terms)) / 2 if one.language == other.language else names
    value = min(1.0, value + (_RULES if rules else 0.0)) if names else 0.0
    if one.language == other.language and len(shared) < _FEWEST_NAMES:
        value = 0.0
    parts = [f"likeness {value:.2f}"]
    parts += [f"both name {', '.join(shared[:5])}"] if shared else []
    parts += [f"rules {', '.join(rules)}"] if rules else []
    return Earlier(story, value, "; ".join(parts))
