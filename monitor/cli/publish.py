"""`monitor publish`: make an edition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from monitor import desk, pipeline
from monitor.cli.screen import counted, json_line, say
from monitor.cli.shared import as_json, settings
from monitor.cli.shared import parts as build_parts
from monitor.digests.due import Due, due_of_week
from monitor.model.digest import Digest, Review
from monitor.model.edition import Edition, Verdict
from monitor.model.errors import WrongUse
from monitor.parts import Parts
from monitor.scheduler import due_now
from monitor.settings import Settings

SHOWN = {Verdict.BETTER: ("green", "↑ better"), Verdict.WORSE: ("red", "↓ worse"), Verdict.UNCHANGED: ("dim", "→ unchanged")}


@click.command()
@click.argument("digest_id", metavar="DIGEST")
@click.option("--week", default="", help="An ISO week such as 2019-W10, by publication date; default: what is due")
@click.option("--lang", "languages", multiple=True, help="Only this language (may be repeated)")
@click.option("--dry-run", is_flag=True, help="Compose and write files, .eml included; freeze nothing, fill no outbox")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the files; default MONITOR_OUT")
@as_json
def publish(digest_id: str, week: str, languages: tuple[str, ...], dry_run: bool, out: Path | None, as_json: bool) -> None:
    """Compose and print an edition; freeze it and fill the outbox, unless --dry-run. With a `review` it waits as a draft: `monitor desk`."""
    here = settings()
    parts = build_parts()
    digest = parts.files.digest(digest_id)
    if digest is None:
        raise WrongUse(
            f"no such digest: {digest_id}; there are {', '.join(digest.id for digest in parts.files.digests) or 'none'}"
        )
    chosen = languages or digest.languages
    strange = set(chosen) - set(digest.languages)
    if strange:
        raise WrongUse(
            f"{digest_id} is not made in {', '.join(sorted(strange))}; its languages are {', '.join(digest.languages)}"
        )
    editions = wanted_editions(parts, digest, week, parts.clock())
    if not editions and not as_json:
        say(f"Nothing is due of {digest_id}. Give a week to compose one by publication date: --week 2019-W10")
    for due in editions:
        if digest.review is not Review.NONE and not dry_run:
            draft_edition(parts, digest, due, chosen, as_json=as_json)
            continue
        folder = out or _archive(here, parts, digest, due, dry_run=dry_run)
        report = pipeline.publish(parts, digest, due, chosen, folder, dry_run=dry_run)
        if as_json:
            json_line(
                {
                    "edition": report.frozen.id,
                    "week": report.frozen.week,
                    "folders": [str(folder) for folder in report.folders],
                    "messages": report.messages,
                    "fresh": report.fresh,
                }
            )
        else:
            show_report(report, dry_run=dry_run)


def draft_edition(parts: Parts, digest: Digest, due: Due, languages: Sequence[str], *, as_json: bool) -> None:
    """Compose an edition that a person looks at before it goes out."""
    draft, made = desk.make_draft(parts, digest, due, languages)
    decision = desk.decision(parts.store, draft, parts.clock())
    if as_json:
        json_line(
            {"edition": draft.id, "week": draft.window.week, "draft": draft.state.value, "fresh": made, "reason": decision.reason}
        )
        return
    words = "a draft was composed" if made else "the draft stands, nothing was composed anew"
    say(f"{draft.id}: {words}; it {escape(decision.reason)}")
    say(f"  [dim]monitor desk show {draft.id}[/dim]")


def wanted_editions(parts: Parts, digest: Digest, week: str, now: datetime) -> list[Due]:
    """The named week, or what is due."""
    return [due_of_week(digest, week, now)] if week else due_now(parts.store, digest, now)


def _archive(here: Settings, parts: Parts, digest: Digest, due: Due, *, dry_run: bool) -> Path:
    """The archive folder; a trial of an edition that was published goes beside it, for what was published never changes."""
    archive = here.under_home(here.out)
    return archive / "dry-run" if dry_run and parts.store.edition(digest.id, due.key) else archive


def show_report(report: pipeline.PublishReport, *, dry_run: bool) -> None:
    """Sections with their status, where the files are, and what went into the outbox."""
    edition = next(iter(report.editions.values()))
    say(f"[bold]{escape(edition.title)}[/bold]  {escape(edition.week_line)}")
    if report.fresh:
        show_sections(edition)
    show_aids(report)
    for folder in report.folders:
        say(f"  [dim]{folder}[/dim]")
    if not report.fresh:
        say("  This edition was frozen before: nothing was composed anew. The files are those of the frozen edition.")
    elif dry_run:
        say("  [dim]dry run: nothing frozen, nothing in the outbox[/dim]")
    else:
        say(f"  {counted(report.messages, 'message')} in the outbox")


def show_aids(report: pipeline.PublishReport) -> None:
    """What translator and writer did in each language, and what they did not."""
    for language, edition in report.editions.items():
        for aid in edition.aids:
            without = f"; the rest without: {aid.failure}" if aid.failure else ""
            told = f"{language}: {aid.kind.value} by {aid.engine}: {aid.done} taken, {aid.refused} refused{without}"
            say(f"  [dim]{escape(told)}[/dim]")


def show_sections(edition: Edition) -> None:
    """A line for each section and item."""
    for section in edition.sections:
        colour, words = SHOWN[section.status.verdict]
        say(f"  [{colour}]{words:<11}[/{colour}]  {escape(section.title)}")
        for item in section.items:
            say(f"               {escape(item.headline)}  [dim]{counted(len(item.sources), 'source')}[/dim]")
