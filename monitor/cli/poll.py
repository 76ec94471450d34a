"""`monitor poll`: one pass over the feeds that are due."""

from __future__ import annotations

import click
from rich.markup import escape

from monitor import pipeline, polling
from monitor.cli.poll_events import MARKS, poll_events
from monitor.cli.screen import counted, say, table
from monitor.cli.shared import as_json, parts
from monitor.model.errors import WrongUse
from monitor.model.fetch import FeedPoll, PollOutcome


@click.command()
@click.argument("feeds", nargs=-1, metavar="[FEED]…")
@click.option("--once", is_flag=True, help="One pass, then end (this is what the verb does; the service polls by itself)")
@click.option("--verbose", "-v", is_flag=True, help="Show feeds that were not due as well")
@as_json
def poll(feeds: tuple[str, ...], once: bool, verbose: bool, as_json: bool) -> None:
    """One pass over the feeds that are due, or over the named ones if they are due."""
    del once
    here = parts()
    unknown = set(feeds) - {feed.id for feed in here.files.feeds}
    if unknown:
        raise WrongUse(f"no such feed: {', '.join(sorted(unknown))}; see monitor feeds list")
    due = [feed for host in polling.choose_due(here, here.clock(), feeds).by_host.values() for feed, _ in host]
    with poll_events(due, as_json=as_json) as events:
        report = pipeline.poll(here, feeds, events.done)
    asked = {feed.id for feed in due}
    rest = [poll for poll in report.polls if poll.outcome is PollOutcome.SKIPPED and poll.feed.id not in asked]
    if as_json or (events.told and (verbose or feeds)):
        for poll in rest:
            events.done(poll)
    if as_json:
        return
    if not events.told:
        shown = [poll for poll in report.polls if verbose or feeds or poll.outcome is not PollOutcome.SKIPPED]
        if shown:
            table(("feed", "outcome", "entries", "new", "why"), [_row(poll) for poll in shown], right=(2, 3))
    for poll in report.polls:
        if poll.notice:
            say(f"[yellow]![/yellow] {escape(poll.feed.id)} {escape(poll.notice)}")
    counts = ", ".join(
        f"{report.count(outcome)} {outcome.value.replace('-', ' ')}" for outcome in PollOutcome if report.count(outcome)
    )
    tail = f", {counted(report.stories, 'story', 'stories')} of late" if report.stories else ""
    say(f"{counted(len(report.polls), 'feed')}: {counts or 'none'}; {counted(report.new_articles, 'new article')}{tail}")


def _row(poll: FeedPoll) -> tuple[str, ...]:
    return (poll.feed.id, MARKS[poll.outcome], str(poll.entries or ""), str(poll.new_articles or ""), escape(poll.reason))
