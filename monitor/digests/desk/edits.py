"""What the desk changed: taken from an edited draft, laid over what was composed, and shown as conflicts where it finds no place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TypeVar

from monitor.digests.desk import by_hand
from monitor.digests.desk.judge import judge_again
from monitor.digests.desk.marks import WATCH, items_of, lists_of, notes_of, paragraph_hashes, text_hash, watch_id
from monitor.model.desk import DESK, Edit, EditKind
from monitor.model.edition import Edition, EditionSection, Item, Sentence, Verdict

T = TypeVar("T")
Paragraphs = tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an edited draft says, whole: everything it does not name is removed. Items in `bodies` have paragraphs of their own."""

    note: str
    order: Mapping[str, tuple[str, ...]]
    headlines: Mapping[str, str]
    bodies: Mapping[str, Paragraphs]
    statuses: Mapping[str, tuple[Verdict, str]] = field(default_factory=dict)
    """Verdict and reason by item id or section name, where they were set by hand."""
    kept: frozenset[int] = frozenset()
    """Numbers of the conflicts that were left standing."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that finds no place in what is composed now; its words are kept until somebody decides."""

    number: int
    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Edited:
    """An edition with the desk's edits laid over it; `notices` say what came since, without harm."""

    edition: Edition
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class _Told:
    conflicts: list[tuple[Edit, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def edits_of(composed: Edition, reading: Reading, conflicts: Sequence[Conflict] = ()) -> tuple[Edit, ...]:
    """The fewest edits that make of `composed` what a draft says, and the conflicts it left standing."""
    edits = []
    if text_hash(reading.note) != text_hash(composed.note):
        edits.append(Edit(EditKind.NOTE, "", (text_hash(composed.note),), text=reading.note))
    for name, ids in lists_of(composed):
        now = reading.order.get(name, ids)
        if now != ids:
            edits.append(Edit(EditKind.ORDER, name, ids, ids=now))
    for section in composed.sections:
        for item in section.items:
            edits += _item_edits(item, reading)
    edits += _statuses(composed, reading)
    return (*edits, *(conflict.edit for conflict in conflicts if conflict.number in reading.kept))


def _statuses(composed: Edition, reading: Reading) -> Iterator[Edit]:
    for section in composed.sections:
        named = ((by_hand.section_name(section), section.status), *((item.id, item.status) for item in section.items))
        yield from (edit for where, status in named if (edit := by_hand.edit_of(where, status, reading.statuses.get(where))))


def shared_with(composed: Edition, own: Sequence[Edit], edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits of another language of the draft, once `edits` were made in one: statuses, and what is printed in which order, go along.

    Args:
        composed: The edition of the other language, without edits.
        own: Its edits so far; a status that it has a reason for in its own words keeps them.
        edits: Those of the language that was edited.
    """
    lists = dict(lists_of(composed))
    reasons = {(edit.where, edit.ids): edit.text for edit in own if edit.kind is EditKind.STATUS}
    shared = []
    for edit in edits:
        if edit.kind is EditKind.STATUS:
            shared.append(replace(edit, text=reasons.get((edit.where, edit.ids), edit.text)))
        elif _is_shared_list(edit):
            there = lists.get(edit.where, ())
            ids = (*(one for one in edit.ids if one in there), *(one for one in there if one not in edit.was))
            shared += [Edit(EditKind.ORDER, edit.where, there, ids=ids)] if ids != there else []
    return (*(edit for edit in own if edit.kind is not EditKind.STATUS and not _is_shared_list(edit)), *shared)


def _is_shared_list(edit: Edit) -> bool:
    return edit.kind is EditKind.ORDER and edit.where != WATCH


def _item_edits(item: Item, reading: Reading) -> Iterable[Edit]:
    headline = reading.headlines.get(item.id, item.headline)
    if text_hash(headline) != text_hash(item.headline):
        yield Edit(EditKind.HEADLINE, item.id, (text_hash(item.headline),), text=headline)
    new = reading.bodies.get(item.id, item.paragraphs)
    was, now = paragraph_hashes(item.paragraphs), paragraph_hashes(new)
    for tag, start, end, new_start, new_end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            after = was[start - 1] if start else ""
            yield Edit(EditKind.PARAGRAPHS, item.id, tuple(was[start:end]), after, paragraphs=tuple(new[new_start:new_end]))


def apply_edits(composed: Edition, edits: Sequence[Edit]) -> Edited:
    """Lay edits over a composed edition, the same or a newer one than they were made on.

    An edit applies where what it replaced is still composed as it was. Lists are merged: what was removed stays away, what stands
    keeps the desk's order, what is new comes last and is told.
    """
    told = _Told()
    known = {item.id for section in composed.sections for item in section.items}
    known |= {by_hand.section_name(section) for section in composed.sections}
    for edit in edits:
        if edit.kind in (EditKind.HEADLINE, EditKind.PARAGRAPHS, EditKind.STATUS) and edit.where not in known:
            told.conflicts.append((edit, "the item it belongs to is not composed any more"))
    sections = tuple(_section(section, composed, edits, told) for section in composed.sections)
    watch = _ordered(composed.watch, lambda one: watch_id(one.sentence), _order(edits, WATCH), told)
    note = next((edit.text for edit in edits if edit.kind is EditKind.NOTE), composed.note)
    edition = replace(composed, sections=sections, watch=tuple(sorted(watch, key=lambda one: one.day)), note=note)
    conflicts = tuple(Conflict(number, edit, reason) for number, (edit, reason) in enumerate(told.conflicts, start=1))
    return Edited(edition, conflicts, tuple(told.notices))


def _section(section: EditionSection, edition: Edition, edits: Sequence[Edit], told: _Told) -> EditionSection:
    items = tuple(
        _item(item, edition.language, [edit for edit in edits if edit.where == item.id], told) for item in section.items
    )
    kept = _ordered(items, lambda item: item.id, _order(edits, items_of(section)), told)
    notes = _ordered(section.notes, lambda note: note.story, _order(edits, notes_of(section)), told)
    changed = replace(section, items=kept, notes=notes)
    if len(kept) != len(items) or [item.status for item in items] != [item.status for item in section.items]:
        changed = judge_again(changed, edition.language)
    name = by_hand.section_name(section)
    for edit in edits:
        if edit.kind is EditKind.STATUS and edit.where == name:
            # held against what was composed: what the items make of the section now is the desk's own doing
            status = by_hand.laid_over(section.status, edit)
            if isinstance(status, str):
                told.conflicts.append((edit, status))
            else:
                changed = replace(changed, status=replace(changed.status, verdict=status.verdict, override=status.override))
    return changed


def _item(item: Item, language: str, edits: Sequence[Edit], told: _Told) -> Item:
    """The item with its headline and paragraphs as the desk has them."""
    placed: list[tuple[int, int, Paragraphs]] = []
    hashes = paragraph_hashes(item.paragraphs)
    for edit in edits:
        if edit.kind is EditKind.HEADLINE:
            if edit.was == (text_hash(item.headline),):
                item = replace(item, headline=edit.text, headline_from=DESK, headline_language=language)
            elif text_hash(item.headline) != text_hash(edit.text):
                told.conflicts.append((edit, "another headline is composed now"))
        elif edit.kind is EditKind.STATUS:
            item = _set_by_hand(item, edit, told)
        elif edit.kind is EditKind.PARAGRAPHS:
            place = _place(hashes, edit)
            if place is None:
                words = (
                    "what it replaced is not composed any more"
                    if edit.was
                    else "the paragraph it follows is not composed any more"
                )
                told.conflicts.append((edit, words))
            else:
                placed.append((*place, edit.paragraphs))
    paragraphs = list(item.paragraphs)
    for start, end, new in sorted(placed, key=lambda one: one[:2], reverse=True):
        paragraphs[start:end] = new
    return replace(item, paragraphs=tuple(paragraphs)) if placed else item


def _set_by_hand(item: Item, edit: Edit, told: _Told) -> Item:
    status = by_hand.laid_over(item.status, edit)
    if isinstance(status, str):
        told.conflicts.append((edit, status))
        return item
    return replace(item, status=status)


def _place(hashes: Sequence[str], edit: Edit) -> tuple[int, int] | None:
    """Where an edit belongs among the paragraphs composed now: after the same one if there are several such places."""
    length = len(edit.was)
    if not length:
        if not edit.after:
            return (0, 0)
        return (hashes.index(edit.after) + 1,) * 2 if edit.after in hashes else None
    starts = [start for start in range(len(hashes) - length + 1) if tuple(hashes[start : start + length]) == edit.was]
    best = next((start for start in starts if (hashes[start - 1] if start else "") == edit.after), starts[0] if starts else None)
    return None if best is None else (best, best + length)


def _order(edits: Sequence[Edit], name: str) -> Edit | None:
    return next((edit for edit in edits if edit.kind is EditKind.ORDER and edit.where == name), None)


def _ordered(members: tuple[T, ...], identity: Callable[[T], str], edit: Edit | None, told: _Told) -> tuple[T, ...]:
    if edit is None:
        return members
    by_id = {identity(member): member for member in members}
    new = [one for one in by_id if one not in edit.was]
    if new:
        told.notices.append(f"{edit.where}: {len(new)} new since the desk's edit, put last: {', '.join(new)}")
    return tuple(by_id[one] for one in (*(one for one in edit.ids if one in by_id), *new))
