"""One look at a source from the command line: what is asked, each address once, and what a poll would read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.cli.screen import counted
from monitor.compute import InlineCompute
from monitor.feeds.advice import per_week
from monitor.feeds.parse import parse_feed
from monitor.feeds.robots import LIMIT, may_fetch, origin_of, product_token, robots_of_body, robots_of_failure
from monitor.feeds.source import Means, read_source
from monitor.model.article import ParsedFeed
from monitor.model.errors import FeedUnreachable, FetchFailed, FetchForbidden
from monitor.model.feed import Feed, FeedKind, Validators
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest, FetchResult
from monitor.model.ports import Fetcher


@dataclass(slots=True)
class Looker:
    """Asks without conditions (F29), never the same address twice; `blocks` are hosts that asked to wait."""

    fetcher: Fetcher
    policy: FetchPolicy
    now: datetime
    blocks: dict[str, datetime] = field(default_factory=dict)
    asked: dict[str, FetchResult | FetchFailed] = field(default_factory=dict)

    def get(self, url: str, accept: Accept = Accept.FEED, delay_s: float = 0.0) -> FetchResult:
        """The answer of an address, asked for at most once; `delay_s` seconds after the last request to its host, if that is more.

        Raises:
            FetchFailed: As `Fetcher.fetch`.
        """
        known = self.asked.get(url)
        if known is None:
            robots = accept is Accept.ROBOTS
            limit = LIMIT if robots else self.policy.max_feed_bytes
            try:
                known = self.fetcher.fetch(FetchRequest(url, accept, limit, cut=robots, delay_s=delay_s, blocks=self.blocks))
            except FetchFailed as error:
                known = error
            self.asked[url] = known
        if isinstance(known, FetchFailed):
            raise known
        return known

    def robots(self, url: str) -> bytes:
        """The robots.txt of an address's site; empty where there is none."""
        try:
            return self.get(f"{origin_of(url)}/robots.txt", Accept.ROBOTS).body or b""
        except FetchFailed:
            return b""

    def read(self, feed: Feed) -> tuple[FetchResult, ParsedFeed]:
        """What a first poll of this feed would read.

        Raises:
            FetchFailed: It could not be asked, or holds nothing of its kind.
        """
        if feed.kind is FeedKind.FEED:
            result = self.get(feed.url)
            kind = result.headers.get("content-type", "")
            parsed = parse_feed(result.body or b"", url=result.final_url, feed_id=feed.id, content_type=kind)
            return result, parsed
        means = Means(self._ask, InlineCompute(), self.policy.max_feed_bytes, lambda _: True)
        result, listed = read_source(feed, None, Validators(), self.now, means)
        return result, listed or ParsedFeed("", "", ())

    def _ask(self, url: str, accept: Accept, validators: Validators) -> FetchResult:
        del validators  # a look asks for the whole
        return self.get(url, accept, self._robots_delay_s(url) if accept is Accept.PAGE else 0.0)

    def _robots_delay_s(self, url: str) -> float:
        """The pause that robots.txt asks for before this page; FetchForbidden or FeedUnreachable where it lets nobody in."""
        origin = origin_of(url)
        try:
            body = self.get(f"{origin}/robots.txt", Accept.ROBOTS).body or b""
            robots = robots_of_body(origin, body, product_token(self.policy.user_agent), self.now)
        except FetchFailed as error:
            robots = robots_of_failure(origin, error, None, self.now)
        decision = may_fetch(robots, url)
        if not decision.allowed:
            raise (FeedUnreachable if decision.passing else FetchForbidden)(decision.reason, url=url)
        return decision.delay_s


def source_lines(feed: Feed, result: FetchResult, parsed: ParsedFeed, now: datetime) -> list[tuple[str, str]]:
    """What a look saw, as pairs of a word and what it is."""
    dated = [entry.published or entry.updated for entry in parsed.entries]
    known = sorted(date for date in dated if date)
    newest = f", newest {known[-1]:%Y-%m-%d %H:%M} UTC" if known else ", none with a date"
    some = f" ({len(known)} with a date)" if 0 < len(known) < len(dated) else ""
    weekly = per_week(parsed, now)
    kind = feed.kind.value + (f", links: {feed.selectors.links}" if feed.selectors.links else "")
    lines = [
        ("kind", kind),
        ("what", f"“{parsed.title}”, {counted(len(parsed.entries), 'entry', 'entries')}{newest if parsed.entries else ''}{some}"),
        ("language", parsed.language or feed.language or "not told: each article is looked at"),
        ("rhythm", _rhythm_words(weekly)),
        *answer_lines(result),
    ]
    return [*lines, ("note", parsed.warning)] if parsed.warning else lines


def _rhythm_words(weekly: float | None) -> str:
    if weekly is None:
        return "not known: too few dates"
    return f"about {weekly:.3g} a week" if weekly >= 0.5 else f"about one in {1 / weekly:.0f} weeks"


def answer_lines(result: FetchResult) -> list[tuple[str, str]]:
    """What was answered, and what that means for the polls to come."""
    kind = result.headers.get("content-type", "no content type")
    lines = [("redirect", f"{hop.status} → {hop.url}") for hop in result.hops]
    lines.append(("answer", f"{result.status}, {len(result.body or b'')} bytes of {kind} in {result.elapsed_s:.2f} s"))
    told = {"ETag": result.validators.etag, "Last-Modified": result.validators.last_modified}
    known = " and ".join(f"{name} {value}" for name, value in told.items() if value)
    often = "no ETag and no Last-Modified: it will be asked at most once a day, unless entries would be lost"
    lines.append(("politeness", f"asked again only if changed, by {known}" if known else often))
    wishes = [
        f"{name}: {result.headers[name.lower()]}" for name in ("Cache-Control", "Expires") if result.headers.get(name.lower())
    ]
    return [*lines, ("freshness", ", ".join(wishes))] if wishes else lines


def entry_rows(parsed: ParsedFeed, most: int = 8) -> list[tuple[str, str, str]]:
    """The first entries: when, title, address."""
    rows = []
    for entry in parsed.entries[:most]:
        date = entry.published or entry.updated
        rows.append((f"{date:%Y-%m-%d %H:%M}" if date else "no date", entry.title or "(titled by its page)", entry.link))
    return rows
