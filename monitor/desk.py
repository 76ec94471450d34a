"""The desk's steps: compose an edition as a draft, take a person's edits and decisions, publish it, correct it afterwards.

Each step is one transaction, and the next one can be told from what the store holds: a process that is killed between two of them
loses nothing, and whoever comes next goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from monitor import publishing
from monitor.digests.desk.decide import Decision, decide, moment
from monitor.digests.desk.edits import Edited, apply_edits, edits_of, shared_with
from monitor.digests.desk.read import read_draft
from monitor.digests.desk.write import DraftText, write_draft
from monitor.digests.due import Due
from monitor.model.desk import Draft, DraftState
from monitor.model.digest import Digest
from monitor.model.edition import Correction, Edition, FrozenEdition
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.problem import Problem, Severity
from monitor.parts import Parts
from monitor.pipeline import PublishReport, compose, lay_down
from monitor.store.promises import Store


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft after an edit, with what was worth a warning in the file."""

    draft: Draft
    warnings: tuple[Problem, ...] = ()
    along: tuple[str, ...] = ()
    """Other languages that changed with it: what is taken out, put in order or set by hand counts in all."""


def make_draft(parts: Parts, digest: Digest, due: Due, languages: Sequence[str]) -> tuple[Draft, bool]:
    """Compose an edition and keep it as a draft; (the draft, whether it was made now). One that stands is left as it is."""
    known = publishing.edition_id(digest.id, due.key)
    standing = parts.store.draft(known)
    if standing:
        return standing, False
    if parts.store.edition(digest.id, due.key):
        raise WrongUse(f"{known} is out already: `monitor desk revise {known}` begins a correction")
    editions = _compose(parts, digest, due, languages)
    draft = publishing.draft_of(editions, digest, due, parts.clock())
    made = parts.store.save_draft(draft, editions)
    return (draft, True) if made else (draft_named(parts.store, known), False)


def recompose(parts: Parts, draft: Draft) -> Draft:
    """Compose a draft anew, from what was read since and by the rules of today; its edits stay, and its time begins again."""
    _must_be_open(draft)
    digest = digest_of(parts, draft)
    before = parts.store.composed(draft.id)
    due = Due(draft.key, draft.due_at, draft.window, draft.reason)
    editions = _compose(parts, digest, due, tuple(before))
    editions = {language: replace(one, corrections=before[language].corrections) for language, one in editions.items()}
    now = parts.clock()
    wait = draft.goes_out_at - draft.made_at if draft.goes_out_at else None
    changed = replace(draft, made_at=now, goes_out_at=now + wait if wait else None)
    return _save(parts, changed, editions)


def _compose(parts: Parts, digest: Digest, due: Due, languages: Sequence[str]) -> dict[str, Edition]:
    composed = compose(parts, digest, due, languages)
    publishing.keep_threads(parts, composed.inputs)
    return dict(composed.editions)


def draft_named(store: Store, name: str) -> Draft:
    """The draft of an edition ("weekly/2019-03-11"); of a digest alone, the one that is open.

    Raises:
        WrongUse: There is none, or several.
    """
    found = store.draft(name)
    if found:
        return found
    drafts = [draft for draft in store.drafts(digest=name) if draft.is_open]
    if len(drafts) == 1:
        return drafts[0]
    listed = ", ".join(draft.id for draft in drafts or store.drafts() if draft.is_open)
    raise WrongUse(f"no draft of {name}; open are: {listed or 'none'}" if not drafts else f"{name} has several: {listed}")


def digest_of(parts: Parts, draft: Draft) -> Digest:
    """The digest of a draft.

    Raises:
        WrongUse: Its file is gone.
    """
    digest = parts.files.digest(draft.digest)
    if digest is None:
        raise WrongUse(f"the digest {draft.digest} is gone: its draft {draft.id} cannot be printed")
    return digest


def edited(store: Store, draft: Draft) -> dict[str, Edited]:
    """The editions of a draft with the desk's edits, by language."""
    return {
        language: apply_edits(composed, draft.edits.get(language, ())) for language, composed in store.composed(draft.id).items()
    }


def decision(store: Store, draft: Draft, now: datetime) -> Decision:
    """Whether a draft goes out at `now`, and why."""
    conflicts = 0
    if draft.is_open and any(draft.edits.values()):
        conflicts = sum(len(one.conflicts) for one in edited(store, draft).values())
    return decide(draft, conflicts, now)


def text_of(store: Store, draft: Draft, language: str = "") -> tuple[DraftText, Edition]:
    """A draft of one language (its first) as Markdown, and what was composed.

    Raises:
        WrongUse: It is not made in that language.
    """
    composed = store.composed(draft.id)
    language = language or next(iter(composed))
    if language not in composed:
        raise WrongUse(f"{draft.id} is not made in {language}; its languages are {', '.join(composed)}")
    return write_draft(draft, composed[language]), composed[language]


def save_text(parts: Parts, draft: Draft, language: str, text: str, file: str) -> Saved:
    """Take an edited file: what it changed of what was composed is kept as edits.

    Raises:
        WrongFiles: With everything that is wrong in the file; nothing is kept.
        WrongUse: The draft may not be edited any more, or somebody was faster.
    """
    _must_be_open(draft)
    printed, composed = text_of(parts.store, draft, language)
    reading, problems = read_draft(text, printed, composed, file)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise WrongFiles(problems)
    edits = edits_of(composed, reading, printed.edited.conflicts)
    if edits == draft.edits.get(composed.language, ()):
        return Saved(draft, problems)
    others = {
        language: shared_with(other, draft.edits.get(language, ()), edits)
        for language, other in parts.store.composed(draft.id).items()
        if language != composed.language
    }
    along = tuple(language for language, new in others.items() if new != draft.edits.get(language, ()))
    return Saved(_save(parts, replace(draft, edits={**draft.edits, **others, composed.language: edits})), problems, along)


def undo_edits(parts: Parts, draft: Draft, language: str) -> Draft:
    """Drop every edit of a language, or of all where it is ""."""
    _must_be_open(draft)
    kept = {known: edits for known, edits in draft.edits.items() if language and known != language}
    return _save(parts, replace(draft, edits={**dict.fromkeys(draft.edits, ()), **kept}))


def approve(parts: Parts, draft: Draft) -> Draft:
    """Let a draft go. The next step is `publish_draft`.

    Raises:
        WrongUse: It is no longer open; an edit finds no place; a correction does not say what it changed.
    """
    if draft.state is DraftState.APPROVED:
        return draft
    _must_be_open(draft)
    conflicts = {language: len(one.conflicts) for language, one in edited(parts.store, draft).items() if one.conflicts}
    if conflicts:
        words = ", ".join(f"{count} in {language}" for language, count in conflicts.items())
        raise WrongUse(f"edits of {draft.id} find no place any more ({words}): settle them with `monitor desk edit {draft.id}`")
    silent = [language for language in draft.edits if draft.revision > 1 and not draft.what_changed.get(language)]
    if silent:
        raise WrongUse(f"{draft.id} must tell its readers what changed, in {', '.join(silent)}: revise --what {silent[0]}=…")
    return _save(parts, replace(draft, state=DraftState.APPROVED, why=""))


def hold(parts: Parts, draft: Draft, why: str) -> Draft:
    """Keep a draft back until it is approved."""
    _must_be_open(draft)
    return _save(parts, replace(draft, state=DraftState.HELD, why=why))


def drop(parts: Parts, draft: Draft, why: str) -> Draft:
    """Give a draft up: the edition does not appear, and the next one begins where it would have ended."""
    _must_be_open(draft)
    return _save(parts, replace(draft, state=DraftState.DROPPED, why=why))


def publish_draft(parts: Parts, draft: Draft, out: Path) -> PublishReport:
    """Print, freeze with the outbox, and lay into the archive what was approved; doing it again changes nothing."""
    digest = digest_of(parts, draft)
    now = parts.clock()
    editions = {
        language: publishing.asking(one.edition, digest, parts.sender) for language, one in edited(parts.store, draft).items()
    }
    if draft.revision > 1:
        editions = {language: _corrected(one, draft, now) for language, one in editions.items()}
    frozen = publishing.freeze_editions(editions, digest, frozen_at=now, revision=draft.revision)
    messages = publishing.address_copies(parts, frozen, digest) if draft.mail else ()
    put = parts.store.freeze_revision if draft.revision > 1 else parts.store.freeze_edition
    fresh = put(frozen, messages)
    standing = frozen if fresh else parts.store.edition(digest.id, draft.key) or frozen
    folders = lay_down(parts, digest, standing, out)
    _save(parts, replace(draft, state=DraftState.OUT))
    return PublishReport(standing, editions, folders, len(messages) if fresh else 0, fresh)


def _corrected(edition: Edition, draft: Draft, now: datetime) -> Edition:
    told = Correction(draft.revision, now, draft.what_changed[edition.language])
    return replace(edition, corrections=(*edition.corrections, told))


def revise(parts: Parts, edition: FrozenEdition, what: Mapping[str, str], *, mail: bool) -> Draft:
    """Begin a correction of an edition that is out: a draft of its next revision, with the text as it was published.

    Where one is begun already, what it tells and whom are changed. An edition of which no draft was kept is composed anew over its window.

    Raises:
        WrongUse: The digest is gone, or `what` names a language in which the edition is not made.
    """
    revision = edition.revision + 1
    name = publishing.edition_id(edition.digest, edition.key, revision)
    strange = set(what) - set(edition.renditions)
    if strange:
        raise WrongUse(f"{edition.id} is not made in {', '.join(sorted(strange))}; it is in {', '.join(edition.renditions)}")
    begun = parts.store.draft(name)
    if begun and begun.is_open:
        return _save(parts, replace(begun, what_changed={**begun.what_changed, **what}, mail=mail))
    before = parts.store.draft(edition.id)
    due = Due(edition.key, edition.due_at, edition.window, f"correction of {edition.id}")
    digest = parts.files.digest(edition.digest)
    if digest is None:
        raise WrongUse(f"the digest {edition.digest} is gone: {edition.id} cannot be printed anew")
    composed = parts.store.composed(edition.id) if before else _compose(parts, digest, due, tuple(edition.renditions))
    composed = {language: replace(one, corrections=_corrections(edition, language)) for language, one in composed.items()}
    now = parts.clock()
    edits = before.edits if before else dict.fromkeys(composed, ())
    draft = replace(
        publishing.draft_of(composed, digest, due, now),
        id=name, revision=revision, mail=mail, goes_out_at=None, edits=edits, what_changed=dict(what),
    )  # fmt: skip
    if begun:  # dropped before: begin again
        return _save(parts, replace(draft, version=begun.version), composed)
    if not parts.store.save_draft(draft, composed):
        raise WrongUse(f"somebody else has just begun {name}: look at it first")
    return draft


def _corrections(edition: FrozenEdition, language: str) -> tuple[Correction, ...]:
    """The corrections that stand in an edition already, from its data."""
    told = json.loads(edition.renditions[language].json).get("corrections", ()) if language in edition.renditions else ()
    return tuple(Correction(one["revision"], datetime.fromisoformat(one["at"]), one["text"]) for one in told)


def _must_be_open(draft: Draft) -> None:
    if not draft.is_open:
        raise WrongUse(f"{draft.id} is {draft.state.value} since {moment(draft.changed_at)}: it cannot be changed any more")


def _save(parts: Parts, draft: Draft, composed: Mapping[str, Edition] | None = None) -> Draft:
    """The next version of a draft, stored.

    Raises:
        WrongUse: Somebody else saved one in the meantime.
    """
    saved = replace(draft, version=draft.version + 1, changed_at=parts.clock())
    if not parts.store.save_draft(saved, composed):
        raise WrongUse(f"somebody else has just changed {draft.id}: look at it again")
    return saved
