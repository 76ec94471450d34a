"""`monitor demo`: the main job with no network."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.publish import show_sections
from monitor.cli.screen import advance, counted, progress, say, table
from monitor.demo.run import DemoReport, Watch, run_demo
from monitor.demo.weeks import WEEKS, poll_moments
from monitor.pipeline import PollReport, PublishReport


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/demo"),
    show_default=True,
    help="Folder for the editions",
)
@click.option("--database", default="sqlite://", help="Keep the demo's database, e.g. sqlite:///var/demo.db")
def demo(out: Path, database: str) -> None:
    """Serve four recorded weeks from loopback, poll, match, fold, and publish their editions."""
    began = time.monotonic()
    say("[bold]monitor demo[/bold]  four recorded weeks from invented outlets, served over HTTP from this machine\n")
    with progress("polling", sum(len(poll_moments(week)) for week in WEEKS)) as bar:

        def polled(week: str, moment: datetime, report: PollReport) -> None:
            advance(bar, f"{week} {moment:%a %H:%M}, {counted(report.new_articles, 'new article')}")

        def published(week: str, report: PublishReport) -> None:
            edition = next(iter(report.editions.values()))
            say(f"[bold]{week}[/bold]  {escape(edition.week_line)}")
            show_sections(edition)
            say("")

        report = run_demo(out, Watch(polled, published), database)
    _close(report, out, time.monotonic() - began)


def _close(report: DemoReport, out: Path, seconds: float) -> None:
    say(
        f"{report.pages} pages of {report.outlets} outlets; {report.polls} polls, {report.requests_saved} feeds not modified; "
        f"{counted(report.articles, 'article')}, {report.matched} matched, {counted(report.stories, 'story', 'stories')}, "
        f"{counted(report.copies, 'copy', 'copies')} folded"
    )
    if report.troubles:
        say("\nSources that could not be read, as every edition says too:")
        table(
            ("feed", "state", "why"),
            [(escape(name), f"[yellow]{state}[/yellow]", escape(reason)) for name, state, reason in report.troubles],
        )
    say(f"\n[green]Done[/green] in {seconds:.0f} s. Open the showcase edition:")
    say(f"  {(out / 'security-weekly' / '2019-W10' / 'en' / 'index.html').resolve().as_uri()}")
    say(f"[dim]Every edition as page, mail, text, Markdown and JSON in en, be and ru lies under {out}/[/dim]")
