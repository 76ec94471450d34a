"""The desk's side of an edition: the draft that waits for a person, and what a person changed in it, kept apart from what was composed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.model.digest import Window
from monitor.model.edition import Sentence

DESK = "desk"
"""Whom a sentence cites that a person of the desk wrote."""


class DraftState(StrEnum):
    """What is to become of a draft. `OUT` and `DROPPED` are final."""

    WAITING = "waiting"
    """For a person; or, where it has a time, for that time."""
    HELD = "held"
    APPROVED = "approved"
    """A person let it go; it is published at once, or by the next tick if that was cut short."""
    DROPPED = "dropped"
    OUT = "out"


class EditKind(StrEnum):
    """What an edit changes."""

    HEADLINE = "headline"
    PARAGRAPHS = "paragraphs"
    ORDER = "order"
    """Which members of a list are printed, and in which order: items, notes or dates."""
    NOTE = "note"
    STATUS = "status"
    """The verdict of an item or a section, set by hand: `ids` holds it, `was` the composed one, `text` the reason."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one language of a draft, in place of what was composed there.

    `where` is the id of an item, "section:<id>", the name of a list ("items:<section>", "notes:<section>", "watch"), or "" for the
    desk's note. `was`
    holds what it replaced: hashes of paragraphs in a row, the hash of a headline, or the ids of a list. Paragraphs that are only
    added replace nothing; they come after the one whose hash is `after`, "" for the beginning. `sentences` are whole, with their
    citations: nothing that is composed later can take them away.
    """

    kind: EditKind
    where: str
    was: tuple[str, ...] = ()
    after: str = ""
    text: str = ""
    ids: tuple[str, ...] = ()
    paragraphs: tuple[tuple[Sentence, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that a person may still change: its state, and the edits of each language. The composed text is kept beside it.

    `id` is that of the edition it becomes. `goes_out_at` is None where it waits for an approval, however long. `version` counts what
    was saved of it: who saves gives the number after the one that was read, so that nobody overwrites a change unseen.
    """

    id: str
    digest: str
    key: date
    window: Window
    due_at: datetime
    made_at: datetime
    """When it was composed, the last time."""
    changed_at: datetime
    reason: str = ""
    """Why the edition fell due."""
    state: DraftState = DraftState.WAITING
    why: str = ""
    """Why it is held, or was dropped."""
    goes_out_at: datetime | None = None
    number: int = 0
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    version: int = 1
    revision: int = 1
    """Above 1 it becomes a correction of an edition that is out."""
    mail: bool = True
    """Whether readers get it by mail; else it only takes its place in the archive."""
    what_changed: Mapping[str, str] = field(default_factory=dict)
    """For a correction: language → the sentence that tells readers what changed."""

    @property
    def is_open(self) -> bool:
        """True while it may be edited."""
        return self.state in (DraftState.WAITING, DraftState.HELD)
