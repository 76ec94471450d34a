"""What `monitor desk` shows: the list of drafts, and one draft with the desk's changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.markup import escape

from monitor import desk
from monitor.cli.screen import counted, cut, iso, json_line, say, say_folded, table
from monitor.digests.desk.decide import age
from monitor.digests.desk.edits import Edited
from monitor.digests.desk.marks import one_line
from monitor.model.desk import Draft, DraftState, Edit, EditKind
from monitor.store.promises import Store

COLOURS = {DraftState.WAITING: "yellow", DraftState.HELD: "red", DraftState.APPROVED: "green"}


def show_list(box: Store, drafts: Sequence[Draft], now: datetime, *, as_json: bool) -> None:
    """One draft a line."""
    if as_json:
        for draft in drafts:
            json_line(draft_json(box, draft, now))
        return
    if not drafts:
        say("No draft waits.")
        return
    rows = []
    for draft in drafts:
        colour = COLOURS.get(draft.state, "dim")
        edits = sum(len(one) for one in draft.edits.values())
        reason = escape(desk.decision(box, draft, now).reason)
        rows.append((draft.id, f"[{colour}]{draft.state.value}[/{colour}]", age(draft.made_at, now), str(edits), reason))
    table(("edition", "state", "age", "edits", "what happens"), rows, right=(3,))


def show_draft(box: Store, draft: Draft, now: datetime, *, as_json: bool) -> None:
    """A draft's state, the edits of each language, and what finds no place."""
    if as_json:
        json_line(draft_json(box, draft, now))
        return
    colour = COLOURS.get(draft.state, "dim")
    say(f"[bold]{draft.id}[/bold]  {draft.window.first_day} to {draft.window.last_day}  [{colour}]{draft.state.value}[/{colour}]")
    composed = f"; composed {_ago(draft.made_at, now)}" if draft.is_open else ""
    say(f"  {escape(desk.decision(box, draft, now).reason)}{composed}")
    if draft.revision > 1:
        say(f"  correction, {'mailed to all readers' if draft.mail else 'in the archive alone'}")
    for language, edited in desk.edited(box, draft).items():
        _show_language(draft, language, edited)
    if draft.is_open:
        say(f"  [dim]read it: monitor desk show {draft.id} --lang {next(iter(draft.edits))}[/dim]")


def _ago(since: datetime, now: datetime) -> str:
    told = age(since, now)
    return "just now" if told == "now" else f"{told} ago"


def _show_language(draft: Draft, language: str, edited: Edited) -> None:
    edits = draft.edits.get(language, ())
    items = sum(len(section.items) for section in edited.edition.sections)
    say(f"  [bold]{language}[/bold]  {counted(items, 'item')}, {counted(len(edits), 'edit')}")
    if draft.revision > 1:
        told = draft.what_changed.get(language, "")
        say_folded(f"      what changed: {escape(told)}" if told else "      [yellow]what changed: not said yet[/yellow]", 20)
    standing = {id(conflict.edit) for conflict in edited.conflicts}
    for edit in edits:
        if id(edit) not in standing:
            say_folded(f"      {escape(edit_words(edit))}", 8)
    for conflict in edited.conflicts:
        say_folded(f"      [red]no place:[/red] {escape(edit_words(conflict.edit))} [dim]({escape(conflict.reason)})[/dim]", 8)
    for notice in edited.notices:
        say_folded(f"      [yellow]{escape(notice)}[/yellow]", 8)


def edit_words(edit: Edit) -> str:
    """An edit in one line."""
    match edit.kind:
        case EditKind.NOTE:
            return f"note of the desk: {cut(one_line(edit.text), 90) or 'taken out'}"
        case EditKind.HEADLINE:
            return f"item {edit.where}: headline “{cut(one_line(edit.text), 90)}”"
        case EditKind.ORDER:
            gone = [one for one in edit.was if one not in edit.ids]
            moved = [one for one in edit.was if one in edit.ids] != list(edit.ids)
            return "; ".join(_order_words(edit.where, gone, moved=moved))
    words = " ".join(one.text for paragraph in edit.paragraphs for one in paragraph)
    done = f"{counted(len(edit.was), 'paragraph')} → {len(edit.paragraphs)}" if edit.was else "new paragraph"
    return f"item {edit.where}: {done}{': ' + cut(one_line(words), 80) if words else ''}"


def _order_words(where: str, gone: Sequence[str], *, moved: bool) -> Iterator[str]:
    if gone:
        yield f"{where}: taken out {', '.join(gone)}"
    if moved:
        yield f"{where}: put in another order"


def draft_json(box: Store, draft: Draft, now: datetime) -> dict[str, Any]:
    """A draft for machines."""
    decision = desk.decision(box, draft, now)
    edited = desk.edited(box, draft)
    return {
        "edition": draft.id,
        "digest": draft.digest,
        "key": draft.key.isoformat(),
        "week": draft.window.week,
        "state": draft.state.value,
        "why": draft.why,
        "made_at": iso(draft.made_at),
        "goes_out_at": iso(decision.at),
        "reason": decision.reason,
        "revision": draft.revision,
        "mail": draft.mail,
        "version": draft.version,
        "languages": {
            language: {
                "edits": [edit_words(edit) for edit in draft.edits.get(language, ())],
                "conflicts": [{"edit": edit_words(one.edit), "reason": one.reason} for one in told.conflicts],
                "notices": list(told.notices),
            }
            for language, told in edited.items()
        },
    }
