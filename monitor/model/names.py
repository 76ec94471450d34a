"""Named things of a desk: people, places, offices, units, exercises, treaties, with one printed form per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NameKind(StrEnum):
    """What a name names. People, offices and places make an actor of a sentence."""

    PERSON = "person"
    PLACE = "place"
    OFFICE = "office"
    UNIT = "unit"
    EXERCISE = "exercise"
    TREATY = "treaty"
    COUNTRY = "country"
    ALLIANCE = "alliance"


@dataclass(frozen=True, slots=True)
class Name:
    """One entry of `rules/names/*.yml`. `printed` maps language to the form an edition prints; `variants` maps language to terms.

    `of` is the id of the name that this one may stand for: an office's or a capital's country, a command's alliance.
    """

    id: str
    kind: NameKind
    printed: Mapping[str, str]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of: str = ""

    def form(self, language: str) -> str:
        """The printed form in `language`, else English, else any, else the id."""
        return self.printed.get(language) or self.printed.get("en") or next(iter(self.printed.values()), self.id)
