"""`monitor feeds`: the catalogue and the health of its feeds."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.feeds.catalogue import load_feeds
from monitor.feeds.catalogue_writing import append_feed
from monitor.feeds.discover import find_feeds
from monitor.feeds.health import shown_state
from monitor.feeds.http import HttpFetcher
from monitor.feeds.opml import read_opml, write_opml
from monitor.feeds.parse import parse_feed
from monitor.model.errors import FetchFailed, NotAFeed, WrongUse
from monitor.model.feed import Feed, FeedHealth, FeedState, Stance
from monitor.model.fetch import Accept, FetchRequest, FetchResult
from monitor.settings import Settings
from monitor.text.urls import host_of

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
            (feed.id, f"[{colour}]{state.health.value}[/{colour}]", str(state.entries or ""), next_at, escape(state.reason))
        )
    if not as_json:
        table(("feed", "state", "entries", "next", "why"), rows, right=(2,))
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
        "name": feed.name,
        "country": feed.country,
        "language": feed.language,
        "stance": feed.stance.value,
        "group": feed.group,
        "moved_to": state.moved_to,
    }


@feeds.command()
@click.argument("url")
@click.option("--group", default="own", show_default=True, help="File under seeds/ to write to, without .yml")
@click.option("--id", "feed_id", default="", help="Stable name of the feed; made from its host if not given")
@click.option("--stance", default="independent", show_default=True, help="Whose voice it is")
@click.option("--country", default="", help="ISO 3166-1 alpha-2")
def add(url: str, group: str, feed_id: str, stance: str, country: str) -> None:
    """Find the feed at URL (or on the page at URL) and add it to the catalogue."""
    here = settings()
    fetcher = HttpFetcher(here.fetch_policy())
    found = _find(fetcher, url, here.fetch.max_feed_bytes)
    own, known = own_catalogue(here)
    twin = next((feed for feed in known if feed.url == found.url), None)
    if twin:
        raise WrongUse(f"{found.url} is in the catalogue already, as {twin.id}")
    feed = _new_feed(found, feed_id, stance, country, {feed.id for feed in known})
    file = own / f"{group}.yml"
    append_feed(file, feed)
    say(f"[green]added[/green] {feed.id}  {escape(feed.name)}  {escape(feed.url)}")
    say(f"[dim]to {file}; its next poll will be its first[/dim]")


def own_catalogue(here: Settings) -> tuple[Path, tuple[Feed, ...]]:
    """The folder `seeds` under home and what it holds. Where there is none, the shipped seeds are copied there first:
    a folder of one's own takes their place, and they should not be lost by adding to them.
    """
    own = here.home / "seeds"
    if not own.is_dir():
        shutil.copytree(bootstrap.shipped("seeds"), own)
        say(f"[dim]the shipped seeds were copied to {own}: they are yours to change now[/dim]")
    return own, load_feeds(own)


def _new_feed(found: Feed, feed_id: str, stance: str, country: str, taken: set[str]) -> Feed:
    if stance not in {item.value for item in Stance}:
        raise WrongUse(f"unknown stance {stance}; one of {', '.join(item.value for item in Stance)}")
    base = feed_id or host_of(found.url).removeprefix("www.").replace(".", "-")
    name, number = base, 2
    while name in taken:
        if feed_id:
            raise WrongUse(f"the id {feed_id} is taken; give another one")
        name, number = f"{base}-{number}", number + 1
    return replace(found, id=name, stance=Stance(stance), country=country.upper())


def _find(fetcher: HttpFetcher, url: str, limit: int, *, from_page: bool = False) -> Feed:
    """The feed behind an address: itself, or the first one that the page there names. At most two requests (F29)."""
    result = fetcher.fetch(FetchRequest(url, Accept.FEED, limit))
    body, kind = result.body or b"", result.headers.get("content-type", "")
    try:
        parsed = parse_feed(body, url=result.final_url, feed_id="new", content_type=kind)
        return Feed(id="new", url=result.final_url, name=parsed.title or url, language=parsed.language.lower()[:2])
    except NotAFeed as error:
        candidates = () if from_page else find_feeds(body, result.final_url)
        if not candidates:
            raise WrongUse(f"{url} is no feed ({error.reason}), and the page names none") from None
    for candidate in candidates:
        say(f"[dim]the page names[/dim] {escape(candidate.url)}  {escape(candidate.title)}")
    return _find(fetcher, candidates[0].url, limit, from_page=True)


@feeds.command()
@click.argument("url", required=False)
def check(url: str | None) -> int:
    """Explain what a poll sees at URL, or at every enabled feed of the catalogue."""
    here = settings()
    fetcher = HttpFetcher(here.fetch_policy())
    targets = [url] if url else [feed.url for feed in load_feeds(bootstrap.folder_of(here, "seeds")) if not feed.disabled]
    bad = 0
    for target in targets:
        lines, fine = explain_poll(fetcher, target, here.fetch.max_feed_bytes)
        bad += not fine
        mark = "[green]✓[/green]" if fine else "[red]✗[/red]"
        say(f"{mark} {escape(target)}")
        for line in lines:
            say(f"    {escape(line)}")
    return 1 if bad else 0


def explain_poll(fetcher: HttpFetcher, url: str, limit: int) -> tuple[list[str], bool]:
    """What was asked, what came back, what was read; and whether it is a feed."""
    try:
        result = fetcher.fetch(FetchRequest(url, Accept.FEED, limit))
    except FetchFailed as error:
        again = "trying again can help" if error.transient else "trying again will not help"
        return [f"{type(error).__name__}: {error.reason} ({again})"], False
    lines = _answer_lines(result)
    try:
        parsed = parse_feed(
            result.body or b"", url=result.final_url, feed_id="check", content_type=result.headers.get("content-type", "")
        )
    except NotAFeed as error:
        lines.append(f"no feed: {error.reason}")
        lines.extend(f"the page names {candidate.url}" for candidate in find_feeds(result.body or b"", result.final_url))
        return lines, False
    dated = [entry.published for entry in parsed.entries if entry.published]
    newest = f", newest {max(dated):%Y-%m-%d %H:%M} UTC" if dated else ", none with a date"
    entries = counted(len(parsed.entries), "entry", "entries")
    lines.append(f"“{parsed.title}”, {entries}{newest}")
    if parsed.warning:
        lines.append(parsed.warning)
    return lines, True


def _answer_lines(result: FetchResult) -> list[str]:
    lines = [f"{hop.status} → {hop.url}" for hop in result.hops]
    kind = result.headers.get("content-type", "no content type")
    lines.append(f"{result.status}, {len(result.body or b'')} bytes of {kind} in {result.elapsed_s:.2f} s")
    if result.validators.etag or result.validators.last_modified:
        known = {"ETag": result.validators.etag, "Last-Modified": result.validators.last_modified}
        lines.append(
            "asked again only if changed, by " + " and ".join(f"{name} {value}" for name, value in known.items() if value)
        )
    else:
        lines.append("no ETag and no Last-Modified: it will be asked at most once a day")
    return lines


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
        new = _new_feed(feed, "", feed.stance.value, feed.country, ids)
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
