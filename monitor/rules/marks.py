"""What people said of articles: which rules should match them and which should not. It reads no labels file: see `labels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitor.model.match import Direction


class Mark(StrEnum):
    """What is known of one rule and one article. `EITHER`: it may match or not, neither counts; `NONE`: nobody looked."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not relevant"
    EITHER = "either"
    NONE = "unlabelled"


@dataclass(frozen=True, slots=True)
class Judged:
    """The labels of one article. `whole`: somebody looked at it with every rule in mind, so a rule not named should not match."""

    relevant: frozenset[str] = frozenset()
    not_relevant: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    whole: bool = False
    direction: Direction | None = None

    def mark(self, rule: str) -> Mark:
        """What is known of this article and a rule; the last word on a rule stands above a whole judgement."""
        if rule in self.relevant:
            return Mark.RELEVANT
        if rule in self.not_relevant:
            return Mark.NOT_RELEVANT
        if rule in self.either:
            return Mark.EITHER
        return Mark.NOT_RELEVANT if self.whole else Mark.NONE

    def joined(self, later: Judged) -> Judged:
        """These labels and later ones; where both speak of a rule the later ones hold."""
        spoken = later.relevant | later.not_relevant | later.either
        return Judged(
            (self.relevant - spoken) | later.relevant,
            (self.not_relevant - spoken) | later.not_relevant,
            (self.either - spoken) | later.either,
            self.whole or later.whole,
            later.direction or self.direction,
        )


UNJUDGED = Judged()


def judged_article(value: Mapping[str, Any]) -> Judged:
    """The labels that an article brings along: `labels` (all rules that should match), `also_ok`, `direction`.

    A line without a list `labels` is not labelled.
    """
    labels = value.get("labels")
    if not isinstance(labels, list):
        return UNJUDGED
    also = value.get("also_ok")
    return Judged(
        frozenset(map(str, labels)),
        either=frozenset(map(str, also)) - frozenset(map(str, labels)) if isinstance(also, list) else frozenset(),
        whole=True,
        direction=_direction(value.get("direction")),
    )


def _direction(value: Any) -> Direction | None:
    return Direction(value) if value in {direction.value for direction in Direction} else None
