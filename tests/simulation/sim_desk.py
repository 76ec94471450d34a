"""The editor of a digest that waits for a look: notes, holding, approval and corrections, by the desk's own code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import monitor.desk
from monitor.digests.due import Due
from monitor.model.delivery import OutboxState
from monitor.model.desk import Draft, DraftState, Edit, EditKind
from monitor.model.digest import Digest, Review
from monitor.model.edition import Coverage, Edition, FrozenEdition
from monitor.model.errors import WrongUse

NO_COVERAGE = Coverage(0, 0, 0, 0, 0)


def bare_edition(digest: Digest, due: Due, language: str) -> Edition:
    """An edition without a story: the desk may write a note above it."""
    fixed = {"sections": (), "watch": (), "coverage": NO_COVERAGE}
    return Edition(digest.id, digest.id, language, due.window, due.key, due.due_at, 1, "", **fixed)


@dataclass
class Decided:
    """What the desk last said of a draft, as the judge remembers it."""

    word: str = ""
    """"held", "approved", or "" where it was left to its time."""
    notes: dict[str, str] = field(default_factory=dict)


class Editors:
    """Doings of the desk; mixed into the scene's people."""

    scene: Any
    world: Any

    def _open_drafts(self) -> list[Draft]:
        return [draft for draft in self.store.drafts() if draft.is_open]

    def _decided(self, draft: Draft) -> Decided:
        return self.scene.oracle.decided.setdefault(draft.id, Decided())

    def desk(self) -> None:
        """Somebody looks at what waits, and does one thing to each."""
        for draft in self._open_drafts():
            doing = self.world.chance.choice((self._write, self._write, self._hold, self._approve))
            self._try(doing, draft)

    def _try(self, doing: Any, draft: Draft) -> None:
        try:
            doing(draft)
        except WrongUse as error:  # somebody was faster
            self.world.say(f"desk: {error}")

    def _write(self, draft: Draft) -> None:
        notes = {language: f"note {self.world.steps} in {language}" for language in LANGUAGES}
        edits = {language: (Edit(EditKind.NOTE, "", text=text),) for language, text in notes.items()}
        monitor.desk._save(self.scene.parts, replace(draft, edits=edits))
        self._decided(draft).notes = notes
        self.world.say(f"desk: {draft.id} has a note")

    def _hold(self, draft: Draft) -> None:
        monitor.desk.hold(self.scene.parts, draft, "somebody asks")
        self._decided(draft).word = "held"
        self.world.say(f"desk: {draft.id} is held")

    def _approve(self, draft: Draft) -> None:
        monitor.desk.approve(self.scene.parts, draft)
        self._decided(draft).word = "approved"
        self.world.say(f"desk: {draft.id} is approved")

    def correct(self) -> None:
        """A revision of an edition, mostly the last: another edition, to everybody who is there when it goes out."""
        editions = self.store.editions(self._digest())
        if not editions:
            return
        waits = self.store.outbox_counts(edition=editions[0].id)[OutboxState.DEFERRED]
        last = editions[min(1, len(editions) - 1)] if waits else self.world.chance.choice((editions[0], *editions))
        what = {language: f"mended at {self.world.steps} in {language}" for language in LANGUAGES}
        try:
            draft = monitor.desk.revise(self.scene.parts, last, what, mail=True)
            self._decided(draft).notes = what
            self._approve(draft)
        except WrongUse as error:
            self.world.say(f"desk: {error}")

    def clear_desk(self) -> None:
        """At the end everything that waits is let go."""
        for draft in self._open_drafts():
            self._try(self._approve, draft)


LANGUAGES = ("en", "be")


def judge_frozen(oracle: Any, digest: Digest, edition: FrozenEdition, draft: Draft | None, now: datetime) -> None:
    """An edition that waits for a look goes out when it may, and says what the desk wrote."""
    decided = oracle.decided.get(edition.id, Decided())
    if edition.revision > 1 or digest.review is not Review.NONE:
        if draft is None or draft.state not in (DraftState.APPROVED, DraftState.OUT):
            oracle.fail("desk", f"{edition.id} is out, and its draft is {draft and draft.state}")
        by_itself = draft.goes_out_at is not None and draft.goes_out_at <= now and decided.word == ""
        if decided.word != "approved" and not by_itself:
            oracle.fail("desk", f"{edition.id} is out, which was {decided.word or 'approved by nobody'}")
    for language, note in decided.notes.items():
        if note not in edition.renditions[language].mail_text:
            oracle.fail("desk", f"{edition.id} does not say what the desk wrote: {note}")
