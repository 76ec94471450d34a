"""Tells stories from articles at once: copies folded, then grouped, and by which of the articles the rarity of words is judged. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model.story import AnalysedArticle, Story
from monitor.stories.copies import fold_copies, sides_of, word_rarity
from monitor.stories.group import group_stories
from monitor.stories.order import first_appearance
from monitor.stories.profile import counted, rarities_of

ALL_UP_TO = 1_000
"""So many articles are all judged by one another."""
_STEP = 1.25
_LATE = 1 / 16
"""Share of the articles that may still be joined by others that appeared before them: a slow site's are stored minutes later."""


def settled(count: int) -> int:
    """Of so many articles in order of first appearance, the number of the first ones by which rarity is judged.

    It moves in steps of a quarter, so that what was judged stays judged while a few are added: the rarity of a word hardly changes
    by that.
    """
    if count <= ALL_UP_TO:
        return count
    found = float(ALL_UP_TO)
    while found * _STEP <= count * (1 - _LATE):
        found *= _STEP
    return int(found)


def tell_stories(articles: Sequence[AnalysedArticle]) -> tuple[Story, ...]:
    """Fold copies, then group stories; the result does not depend on the order in which articles are given."""
    ordered = sorted(articles, key=first_appearance)
    first = ordered[: settled(len(ordered))]
    if len(first) == len(ordered):
        return group_stories(fold_copies(ordered))
    words = word_rarity(sides_of(first))
    rarities = rarities_of([counted(group) for group in fold_copies(first, words)])
    return group_stories(fold_copies(ordered, words), rarities)
