"""`monitor desk`: drafts of editions; look at them, edit them, let them go or keep them back, correct what is out."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap, desk
from monitor.cli.desk_screen import draft_json, show_draft, show_list
from monitor.cli.screen import counted, err, json_line, say, show_problems
from monitor.cli.shared import as_json, parts, settings, store
from monitor.digests.desk.decide import moment
from monitor.model.desk import Draft, DraftState
from monitor.model.edition import FrozenEdition
from monitor.model.errors import WrongFiles, WrongUse
from monitor.parts import Parts
from monitor.store.promises import Store


@click.group("desk")
def desk_verbs() -> None:
    """Drafts of editions: look, edit, approve, hold; correct what is out. EDITION is like weekly/2019-03-11, or a digest alone."""


@desk_verbs.command()
@click.argument("edition", required=False, default="")
@click.option("--lang", "language", default="", help="Print the draft of this language as Markdown")
@click.option("--all", "everything", is_flag=True, help="List drafts that are out or dropped as well")
@as_json
def show(edition: str, language: str, everything: bool, as_json: bool) -> None:
    """The drafts that wait, with their age and when they go out; or one of them, with what the desk changed."""
    box, now = store(), bootstrap.clock_of(settings())()
    if not edition:
        states = tuple(DraftState) if everything else (DraftState.WAITING, DraftState.HELD, DraftState.APPROVED)
        show_list(box, box.drafts(states=states), now, as_json=as_json)
        return
    draft = desk.draft_named(box, edition)
    if language and not as_json:
        click.echo(desk.text_of(box, draft, language)[0].text, nl=False)
        return
    if language:
        json_line({**draft_json(box, draft, now), "text": desk.text_of(box, draft, language)[0].text})
        return
    show_draft(box, draft, now, as_json=as_json)


@desk_verbs.command()
@click.argument("edition")
@click.option("--lang", "language", default="", help="Its language; default: the digest's first")
@click.option("--file", "file", default="", help='Take this edited file ("-": standard input) instead of opening $EDITOR')
@click.option("--undo", is_flag=True, help="Drop the desk's edits of the language")
@as_json
def edit(edition: str, language: str, file: str, undo: bool, as_json: bool) -> None:
    """Change a draft: headlines, own words, what is told and in which order. Quotations stay as their sources have them."""
    here = parts()
    draft = desk.draft_named(here.store, edition)
    printed, composed = desk.text_of(here.store, draft, language)
    language = composed.language
    if undo:
        saved = desk.Saved(desk.undo_edits(here, draft, language))
    elif file:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        saved = desk.save_text(here, draft, language, text, "standard input" if file == "-" else file)
    else:
        saved = _in_editor(here, draft, language, printed.text)
    if saved.warnings:
        show_problems(saved.warnings, err())
    after = saved.draft.edits.get(language, ())
    if as_json:
        json_line(draft_json(here.store, saved.draft, here.clock()))
    elif saved.draft is draft:
        say("Nothing was changed.")
    else:
        say(
            f"{saved.draft.id} {language}: {counted(len(after), 'edit')} of the desk. `monitor desk show {saved.draft.id}` lists them."
        )
        if saved.along:
            say(f"What is taken out, put in order or set by hand counts in {', '.join(saved.along)} as well.")


def _in_editor(here: Parts, draft: Draft, language: str, text: str) -> desk.Saved:
    """Open $VISUAL or $EDITOR; a file with problems is kept, and told where."""
    handle, name = tempfile.mkstemp(prefix=f"{draft.digest}-{draft.key}-{language}-", suffix=".md")
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(text)
    click.edit(filename=name)
    try:
        saved = desk.save_text(here, draft, language, path.read_text(encoding="utf-8"), name)
    except (WrongFiles, WrongUse):
        say(f"Your text is kept: mend it, then `monitor desk edit {draft.id} --lang {language} --file {escape(name)}`")
        raise
    path.unlink()
    return saved


@desk_verbs.command()
@click.argument("edition")
@as_json
def approve(edition: str, as_json: bool) -> None:
    """Publish a draft now: freeze it, fill the outbox, lay it into the archive."""
    here, options = parts(), settings()
    draft = desk.approve(here, desk.draft_named(here.store, edition))
    report = desk.publish_draft(here, draft, options.under_home(options.out))
    if as_json:
        folders = [str(folder) for folder in report.folders]
        json_line({"edition": report.frozen.id, "folders": folders, "messages": report.messages, "fresh": report.fresh})
        return
    say(f"{report.frozen.id} is out: {counted(report.messages, 'message')} in the outbox")
    for folder in report.folders:
        say(f"  [dim]{folder}[/dim]")


@desk_verbs.command()
@click.argument("edition")
@click.option("--why", default="", help="Told to whoever looks at it next")
@as_json
def hold(edition: str, why: str, as_json: bool) -> None:
    """Keep a draft back until somebody approves it."""
    here = parts()
    _told(here.store, desk.hold(here, desk.draft_named(here.store, edition), why), here.clock(), as_json=as_json)


@desk_verbs.command()
@click.argument("edition")
@click.option("--why", default="", help="Kept with it")
@as_json
def drop(edition: str, why: str, as_json: bool) -> None:
    """Give a draft up for good. The next edition begins where this one would have ended."""
    here = parts()
    _told(here.store, desk.drop(here, desk.draft_named(here.store, edition), why), here.clock(), as_json=as_json)


@desk_verbs.command()
@click.argument("edition")
@as_json
def recompose(edition: str, as_json: bool) -> None:
    """Compose a draft anew, with what was read since and the rules of today. The desk's edits stay; the waiting time begins again."""
    here = parts()
    draft = desk.recompose(here, desk.draft_named(here.store, edition))
    show_draft(here.store, draft, here.clock(), as_json=as_json)


@desk_verbs.command()
@click.argument("edition")
@click.option("--what", "what", multiple=True, metavar="LANG=TEXT", help="What changed, for the readers of a language")
@click.option("--mail", is_flag=True, help="Mail the correction to all readers; else it only takes its place in the archive")
@as_json
def revise(edition: str, what: tuple[str, ...], mail: bool, as_json: bool) -> None:
    """Begin the correction of an edition that is out: a draft of its next revision. Edit it, then approve it."""
    here = parts()
    told = dict(_language_and_text(one) for one in what)
    draft = desk.revise(here, _frozen(here.store, edition), told, mail=mail)
    show_draft(here.store, draft, here.clock(), as_json=as_json)


def _language_and_text(given: str) -> tuple[str, str]:
    language, equals, text = given.partition("=")
    if not equals or not text.strip():
        raise WrongUse(f'--what "{given}": write a language and what changed: --what en="The name of the minister was wrong."')
    return language.strip(), text.strip()


def _frozen(box: Store, name: str) -> FrozenEdition:
    """The newest revision of a published edition."""
    digest, _, rest = name.partition("/")
    try:
        found = box.edition(digest, date.fromisoformat(rest[:10])) if rest else box.last_edition(digest)
    except ValueError:
        raise WrongUse(f'"{name}" names no edition: write it like weekly/2019-03-11') from None
    if found is None:
        known = ", ".join(edition.id for edition in box.editions(digest)[:5])
        raise WrongUse(f"no edition {name} is out; of this digest there are: {known or 'none'}")
    return found


def _told(box: Store, draft: Draft, now: datetime, *, as_json: bool) -> None:
    if as_json:
        json_line(draft_json(box, draft, now))
    else:
        say(f"{draft.id} {desk.decision(box, draft, now).reason or moment(draft.changed_at)}")
