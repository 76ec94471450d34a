"""`monitor feeds`: the catalogue and the health of its feeds."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.feeds_add import add
from monitor.cli.feeds_catalogue import new_feed, own_catalogue
from monitor.cli.feeds_check import check
from monitor.cli.screen import counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.feeds.catalogue import load_feeds
from monitor.feeds.catalogue_writing import append_feed
from monitor.feeds.health import shown_state
from monitor.feeds.opml import read_opml, write_opml
from monitor.model.feed import Feed, FeedHealth, FeedState

COLOURS = {
    FeedHealth.HEALTHY: "green",
    FeedHealth.NEW: "cyan",
    FeedHealth.DISABLED: "dim",
    FeedHealth.MOVED: "yellow",
    FeedHealth.SILENT: "yellow",
}


@click.group()
def feeds() -> None:
    """The catalogue and the health of its feeds."""


feeds.add_command(add)
feeds.add_command(check)


@feeds.command("list")
@as_json
def list_feeds(as_json: bool) -> None:
    """Every feed with its state and the reason for it."""
    here = settings()
    catalogue = load_feeds(bootstrap.folder_of(here, "seeds"))
    states = store(here).feed_states()
    rows = []
    for feed in catalogue:
        state = shown_state(feed, states.get(feed.id))
        if as_json:
            json_line(feed_json(feed, state))
            continue
        colour = COLOURS.get(state.health, "red")
        next_at = f"{state.next_fetch_at:%m-%d %H:%M}" if state.next_fetch_at else ""
        rows.append(
            (
                feed.id,
                feed.kind.value,
                f"[{colour}]{state.health.value}[/{colour}]",
                str(state.entries or ""),
                next_at,
                escape(state.reason),
            )
        )
    if not as_json:
        table(("feed", "kind", "state", "entries", "next", "why"), rows, right=(3,))
        say(f"[dim]{counted(len(catalogue), 'feed')}, {sum(1 for feed in catalogue if not feed.disabled)} polled[/dim]")


def feed_json(feed: Feed, state: FeedState) -> dict[str, object]:
    """A feed as the contract writes it."""
    return {
        "id": feed.id,
        "url": feed.url,
        "state": state.health.value,
        "reason": state.reason,
        "last_status": state.last_status,
        "last_fetch_at": iso(state.last_fetch_at),
        "next_fetch_at": iso(state.next_fetch_at),
        "failures": state.failures,
        "entries": state.entries,
        "kind": feed.kind.value,
        "name": feed.name,
        "country": feed.country,
        "language": feed.language,
        "stance": feed.stance.value,
        "group": feed.group,
        "moved_to": state.moved_to,
    }


@feeds.command("import")
@click.argument("opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--group", default="imported", show_default=True, help="File under seeds/ to write to, without .yml")
def import_opml(opml: Path, group: str) -> None:
    """Add every feed of an OPML file that is not in the catalogue yet."""
    here = settings()
    own, known = own_catalogue(here)
    urls, ids = {feed.url for feed in known}, {feed.id for feed in known}
    fresh = [feed for feed in read_opml(opml.read_bytes()) if feed.url not in urls]
    for feed in fresh:
        new = new_feed(feed, "", feed.stance.value, feed.country, ids)
        ids.add(new.id)
        append_feed(own / f"{group}.yml", new)
    say(f"[green]{counted(len(fresh), 'feed')} added[/green] to {own / f'{group}.yml'}")


@feeds.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default standard output")
def export(out: Path | None) -> None:
    """Write the catalogue as OPML."""
    here = settings()
    document = write_opml(load_feeds(bootstrap.folder_of(here, "seeds")), "monitor", bootstrap.clock_of(here)())
    if out:
        out.write_bytes(document)
        say(f"[green]written[/green] {out}")
    else:
        sys.stdout.buffer.write(document)
