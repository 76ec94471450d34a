"""What the steps of composing share: the window in days, the language, the desk's names, the rules of the digest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digests.inputs import EditionInputs
from monitor.model.match import Mention
from monitor.model.names import Name, NameKind
from monitor.model.story import Story

ACTORS = frozenset((NameKind.PERSON, NameKind.OFFICE, NameKind.COUNTRY, NameKind.ALLIANCE, NameKind.UNIT))
"""Kinds of names that can act; places, exercises and treaties cannot."""

_LATE_FIND = timedelta(days=3)
_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """The view of one edition in one language.

    `opens`..`closes` are the days whose events are news to it: the printed week, the days just before it (a late find is told with its
    own date), and the hours between the week's end and the due moment. `rarity` says what a name tells: above 0, the more the fewer of
    the edition's and the archive's stories mention it.
    """

    inputs: EditionInputs
    language: str
    names: Mapping[str, Name]
    zone: ZoneInfo
    opens: date
    closes: date
    rarity: Mapping[str, float] = field(default_factory=dict)

    def local_day(self, moment: datetime) -> date:
        """The calendar day of a moment where the digest lives."""
        return moment.astimezone(self.zone).date()

    def whose(self, name: str) -> str:
        """What a name may stand for: an office's or a capital's country; the name itself where it stands for nothing else."""
        found = self.names.get(name)
        return found.of if found and found.of else name

    def is_actor(self, mention: Mention) -> bool:
        """Whether the mentioned name can act."""
        name = self.names.get(mention.name)
        return name is not None and name.kind in ACTORS


def scope_of(inputs: EditionInputs, language: str) -> Scope:
    """The scope of an edition."""
    zone = ZoneInfo(inputs.digest.schedule.zone)
    window = inputs.window
    closes = max(window.last_day, (window.end - _A_MOMENT).astimezone(zone).date())
    names = {name.id: name for name in inputs.names}
    rarity = rarity_of_names((*inputs.stories, *inputs.earlier))
    return Scope(inputs, language, names, zone, window.first_day - _LATE_FIND, closes, rarity)


def names_of(story: Story) -> frozenset[str]:
    """All named things its articles mention."""
    return frozenset(mention.name for item in story.articles for mention in item.analysis.mentions)


def rarity_of_names(stories: Iterable[Story]) -> dict[str, float]:
    """Name → the logarithm of how many stories there are for each that mentions it; a name that all mention is worth a little still."""
    mentioned = [names_of(story) for story in stories]
    counted = Counter(name for names in mentioned for name in names)
    return {name: math.log((1 + len(mentioned)) / count) for name, count in counted.items()}
