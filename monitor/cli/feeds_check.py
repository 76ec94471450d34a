"""`monitor feeds check`: one look at a source, and in words what was answered, what that means, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.feeds_look import Looker, answer_lines, source_lines
from monitor.cli.screen import iso, json_line, say
from monitor.cli.shared import as_json, settings, store
from monitor.feeds.advice import advice_on_failure, advice_on_success, per_week
from monitor.feeds.catalogue import load_feeds
from monitor.feeds.discover import find_feeds
from monitor.feeds.http import HttpFetcher
from monitor.feeds.schedule import host_blocks_of
from monitor.model.article import ParsedFeed
from monitor.model.errors import FetchFailed, NotAFeed, WrongUse
from monitor.model.feed import Feed, FeedKind, FeedState
from monitor.model.fetch import FetchResult
from monitor.text.urls import host_key, is_http, normalise_url


@dataclass(slots=True)
class Sight:
    """What a look at one source came to."""

    feed: Feed
    state: FeedState | None
    fine: bool = False
    asked: bool = True
    lines: list[tuple[str, str]] = field(default_factory=list)
    meaning: str = ""
    advice: str = ""
    result: FetchResult | None = None
    parsed: ParsedFeed | None = None
    error: FetchFailed | None = None
    named: tuple[str, ...] = ()


@click.command()
@click.argument("source", metavar="[NAME|URL]", required=False)
@as_json
def check(source: str | None, as_json: bool) -> int:
    """Ask a source now and explain what is answered, what that means and what to do.

    NAME is the id of a feed in the catalogue, read as a poll would; without an argument every enabled one is asked. A host that
    asked to wait is not asked. Nothing is stored but that a host asks to wait.
    """
    here = settings()
    catalogue = load_feeds(bootstrap.folder_of(here, "seeds"))
    targets = [_target(source, catalogue)] if source else [feed for feed in catalogue if not feed.disabled]
    box = store(here)
    now = bootstrap.clock_of(here)()
    states = box.feed_states()
    blocks = {key: until for key, until in box.host_blocks().items() if until > now}
    looker = Looker(HttpFetcher(here.fetch_policy()), here.fetch_policy(), now, blocks)
    bad = 0
    for feed in targets:
        sight = look(looker, feed, states.get(feed.id))
        if sight.error is not None and sight.asked:
            for key, until in host_blocks_of(sight.error, feed.url, now).items():
                box.block_host(key, until)
                blocks[key] = until
        bad += not sight.fine
        if as_json:
            json_line(sight_json(sight, looker))
        else:
            _show(sight)
    return 1 if bad else 0


def _target(source: str, catalogue: Sequence[Feed]) -> Feed:
    """The feed meant: by id, else by address, else an address that is not in the catalogue."""
    for feed in catalogue:
        if source == feed.id or (is_http(source) and normalise_url(source) == normalise_url(feed.url)):
            return feed
    if is_http(source):
        return Feed("", source, source)
    near = get_close_matches(source, [feed.id for feed in catalogue], n=1)
    raise WrongUse(f"no feed {source} in the catalogue" + (f"; did you mean {near[0]}?" if near else ", and no address"))


def look(looker: Looker, feed: Feed, state: FeedState | None) -> Sight:
    """Look at one source, unless its host asked to wait."""
    sight = Sight(feed, state, lines=_history(feed, state, looker))
    until = looker.blocks.get(host_key(feed.url))
    if until:
        sight.asked = False
        sight.meaning = f"its host asked us to wait until {until:%Y-%m-%d %H:%M} UTC, so it was not asked now"
        sight.advice = "wait; polls do the same"
        return sight
    if feed.kind is FeedKind.PAGE and not feed.selectors.links:
        sight.asked = False
        sight.meaning = "the seed does not say which links of the page are its news"
        sight.advice = f"`monitor feeds add {feed.url} --dry-run` proposes a selector for `links:`"
        return sight
    try:
        sight.result, sight.parsed = looker.read(feed)
    except FetchFailed as error:
        _failed(sight, error, looker)
        return sight
    sight.fine = True
    sight.lines += source_lines(feed, sight.result, sight.parsed, looker.now)
    sight.meaning, sight.advice = advice_on_success(feed, sight.result, sight.parsed, looker.now)
    return sight


def _failed(sight: Sight, error: FetchFailed, looker: Looker) -> None:
    sight.error = error
    answered = looker.asked.get(sight.feed.url)
    if isinstance(answered, FetchResult):
        sight.result = answered
        sight.lines += answer_lines(answered)
    again = "trying again can help" if error.transient else "trying again will not help"
    no_feed = isinstance(error, NotAFeed) and sight.feed.kind is FeedKind.FEED
    sight.lines.append(("failed", f"no feed: {error.reason}" if no_feed else f"{error.reason} ({again})"))
    sight.meaning, sight.advice = advice_on_failure(error, sight.feed)
    if isinstance(answered, FetchResult) and sight.feed.kind is FeedKind.FEED:
        sight.named = tuple(found.url for found in find_feeds(answered.body or b"", answered.final_url))
        sight.lines += [("feed", f"the page names {url}") for url in sight.named]


def _history(feed: Feed, state: FeedState | None, looker: Looker) -> list[tuple[str, str]]:
    """What is stored of it, and when a poll would ask next."""
    if not feed.id:
        return []
    if feed.disabled:
        return [("polls", f"disabled: {feed.disabled}")]
    if state is None or state.last_fetch_at is None:
        return [("polls", "never polled: it is due")]
    due = state.next_fetch_at
    told = "it is due" if due is None or due <= looker.now else f"the next poll is due at {due:%Y-%m-%d %H:%M} UTC"
    return [("polls", f"{state.health.value} at {state.last_fetch_at:%Y-%m-%d %H:%M} UTC ({state.reason}); {told}")]


def _show(sight: Sight) -> None:
    mark = "[green]✓[/green]" if sight.fine else "[red]✗[/red]"
    name = f"{sight.feed.id}  " if sight.feed.id else ""
    say(f"{mark} {escape(name)}{escape(sight.feed.url)}")
    for word, told in [*sight.lines, ("means", sight.meaning), ("to do", sight.advice)]:
        say(f"    [dim]{word:<11}[/dim]{escape(told)}")


def sight_json(sight: Sight, looker: Looker) -> dict[str, object]:
    """A look for machines."""
    result, parsed = sight.result, sight.parsed
    dated = [date for entry in (parsed.entries if parsed else ()) if (date := entry.published or entry.updated)]
    until = looker.blocks.get(host_key(sight.feed.url))
    return {
        "feed": sight.feed.id or None,
        "url": sight.feed.url,
        "kind": sight.feed.kind.value,
        "asked": sight.asked,
        "ok": sight.fine,
        "status": result.status if result else sight.error.status if sight.error else None,
        "final_url": result.final_url if result else None,
        "hops": [{"status": hop.status, "url": hop.url} for hop in result.hops] if result else [],
        "bytes": len(result.body or b"") if result else None,
        "etag": result.validators.etag if result else None,
        "last_modified": result.validators.last_modified if result else None,
        "title": parsed.title if parsed else None,
        "language": parsed.language if parsed else None,
        "entries": len(parsed.entries) if parsed else None,
        "newest": iso(max(dated)) if dated else None,
        "per_week": round(weekly, 2) if parsed and (weekly := per_week(parsed, looker.now)) else None,
        "warning": parsed.warning if parsed else None,
        "error": sight.error.reason if sight.error else None,
        "means": sight.meaning,
        "to_do": sight.advice,
        "named": list(sight.named),
        "next_fetch_at": iso(sight.state.next_fetch_at) if sight.state else None,
        "blocked_until": iso(until),
    }
