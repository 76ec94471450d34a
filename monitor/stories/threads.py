"""Finds earlier stories of the same matter, for "similar stories" and for threads that run over weeks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model.story import CopyGroup, Story
from monitor.stories.order import first_appearance
from monitor.stories.profile import Profile, cosine, profiles_of

SIMILAR = 0.12
"""Likeness from which an earlier story is offered."""
SAME_THREAD = 0.2
"""Likeness from which a story continues the earlier one's thread."""
_RULES = 0.08
"""What a rule in common adds: an analyst has said that it is one matter."""


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


def thread_of(story: Story, earlier: Sequence[Story], *, most: int = 5) -> ThreadDecision:
    """Rank earlier stories by names and terms in common with `story`; dates play no part beyond "earlier".

    Args:
        story: The story at hand.
        earlier: Candidates; those that did not appear before it, and itself, are passed over.
        most: How many similar stories to give.
    """
    start = first_appearance(story.articles[0])
    before = [other for other in earlier if other.id != story.id and first_appearance(other.articles[0]) < start]
    profiles = profiles_of([_whole(other) for other in [story, *before]])
    ranked = sorted(
        (_compared(profiles[0], profile, other) for profile, other in zip(profiles[1:], before, strict=True)),
        key=lambda found: (-found.likeness, found.story.id),
    )
    similar = tuple(found for found in ranked if found.likeness >= SIMILAR)[:most]
    if similar and similar[0].likeness >= SAME_THREAD:
        nearest = similar[0]
        return ThreadDecision(
            nearest.story.thread or nearest.story.id, f"continues {nearest.story.id}: {nearest.reason}", similar
        )
    return ThreadDecision(story.id, "no earlier story is alike enough: it begins a thread", similar)


def _whole(story: Story) -> CopyGroup:
    """The story as one group: its lead article speaks, everyone's mentions and matches count."""
    return CopyGroup(story.articles)


def _compared(one: Profile, other: Profile, story: Story) -> Earlier:
    names = cosine(one.names, other.names)
    rules = sorted(one.rules & other.rules)
    value = min(1.0, (names + cosine(one.terms, other.terms)) / 2 if one.language == other.language else names)
    value = min(1.0, value + (_RULES if rules else 0.0))
    shared = sorted(one.named & other.named, key=lambda name: (-len(name), name))[:5]
    parts = [f"likeness {value:.2f}"]
    parts += [f"both name {', '.join(shared)}"] if shared else []
    parts += [f"rules {', '.join(rules)}"] if rules else []
    return Earlier(story, value, "; ".join(parts))
