"""What the steps of composing share: the window in days, the language, the desk's names, the rules of the digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digests.inputs import EditionInputs
from monitor.model.match import Mention
from monitor.model.names import Name, NameKind

ACTORS = frozenset((NameKind.PERSON, NameKind.OFFICE, NameKind.COUNTRY, NameKind.ALLIANCE, NameKind.UNIT))
"""Kinds of names that can act; places, exercises and treaties cannot."""

_LATE_FIND = timedelta(days=3)
_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """The view of one edition in one language.

    `opens`..`closes` are the days whose events are news to it: the printed week, the days just before it (a late find is told with its
    own date), and the hours between the week's end and the due moment.
    """

    inputs: EditionInputs
    language: str
    names: Mapping[str, Name]
    zone: ZoneInfo
    opens: date
    closes: date

    def local_day(self, moment: datetime) -> date:
        """The calendar day of a moment where the digest lives."""
        return moment.astimezone(self.zone).date()

    def is_actor(self, mention: Mention) -> bool:
        """Whether the mentioned name can act."""
        name = self.names.get(mention.name)
        return name is not None and name.kind in ACTORS


def scope_of(inputs: EditionInputs, language: str) -> Scope:
    """The scope of an edition."""
    zone = ZoneInfo(inputs.digest.schedule.zone)
    window = inputs.window
    closes = max(window.last_day, (window.end - _A_MOMENT).astimezone(zone).date())
    return Scope(inputs, language, {name.id: name for name in inputs.names}, zone, window.first_day - _LATE_FIND, closes)
