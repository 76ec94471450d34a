"""What a poll shows while it runs: one region that stays in place on a terminal, one line an event elsewhere, JSON Lines for machines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.cli.feeds import feed_json
from monitor.cli.screen import json_line, say
from monitor.model.feed import Feed
from monitor.model.fetch import FeedPoll, PollOutcome

MARKS = {
    PollOutcome.FETCHED: "[green]fetched[/green]",
    PollOutcome.NOT_MODIFIED: "[cyan]not modified[/cyan]",
    PollOutcome.FAILED: "[red]failed[/red]",
    PollOutcome.SKIPPED: "[dim]skipped[/dim]",
}
_WIDEST = len("not modified")
_NAME_FROM = 100
"""Columns of a terminal from which the feed that ended last is named beside the counts."""


class Events(Protocol):
    """Takes the end of each feed's poll, from whichever thread it comes."""

    told: bool
    """True where every event was printed as it came: there is no need for a table of them."""

    def done(self, poll: FeedPoll) -> None:
        """Show that a feed is done."""
        ...


@contextmanager
def poll_events(due: Sequence[Feed], *, as_json: bool) -> Iterator[Events]:
    """Where the events of a poll of `due` feeds go, while it runs."""
    if as_json:
        yield JsonEvents()
    elif sys.stdout.isatty() and sys.stderr.isatty():
        with _region(Console(stderr=True, highlight=False), len(due)) as region:
            yield region
    else:
        yield LineEvents(max((len(feed.id) for feed in due), default=0))


class JsonEvents:
    """One object a line, as each feed ends."""

    told = True

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def done(self, poll: FeedPoll) -> None:
        """Print it, whole."""
        with self._lock:
            outcome = {"outcome": poll.outcome.value, "reason": poll.reason, "new": poll.new_articles, "notice": poll.notice}
            json_line({**feed_json(poll.feed, poll.state), **outcome})
            sys.stdout.flush()


class LineEvents:
    """One line an event, for logs and pipes: feed, outcome, new articles, reason."""

    told = True

    def __init__(self, width: int) -> None:
        self._width = width
        self._lock = threading.Lock()

    def done(self, poll: FeedPoll) -> None:
        """Print it in one piece."""
        mark = MARKS[poll.outcome] + " " * (_WIDEST - len(poll.outcome.value))
        new = f"{poll.new_articles} new: " if poll.new_articles else ""
        with self._lock:
            say(f"{escape(poll.feed.id):<{self._width}}  {mark}  {new}{escape(poll.reason)}")
            sys.stdout.flush()


class Region:
    """Counts in one place of the terminal: feeds done of all, new articles, failures."""

    told = False

    def __init__(self, bar: Progress, feeds: int) -> None:
        self._bar = bar
        self._lock = threading.Lock()
        self._new = self._failed = 0
        self._task = bar.add_task("", total=feeds, counts="", last="")

    def done(self, poll: FeedPoll) -> None:
        """Count it."""
        with self._lock:
            self._new += poll.new_articles
            self._failed += poll.outcome is PollOutcome.FAILED
            failed = f"  [red]{self._failed} failed[/red]" if self._failed else ""
            last = escape(poll.feed.id[:24]) if self._bar.console.width >= _NAME_FROM else ""
            self._bar.update(self._task, advance=1, counts=f"{self._new} new{failed}", last=last)


@contextmanager
def _region(console: Console, feeds: int) -> Iterator[Region]:
    columns = (
        TextColumn("[dim]polling[/dim]"),
        BarColumn(bar_width=20),
        TextColumn("{task.completed:.0f}/{task.total:.0f} feeds"),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[last]}[/dim]"),
    )
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as bar:
        yield Region(bar, feeds)
