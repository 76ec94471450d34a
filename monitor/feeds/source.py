"""One look at a source without a feed: the requests that a page or a sitemap needs, and what they gave together.

A page may go on on the next one, a sitemap index leads to the sitemaps below it. It does I/O only through the ports given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.feeds.listed_date import machine_date
from monitor.feeds.page_source import PageList, parse_page
from monitor.feeds.sitemap import MAX_CHILDREN, MAX_URLS, ChildLink, Sitemap, horizon_of, parse_sitemap
from monitor.model.article import Entry, ParsedFeed
from monitor.model.errors import FeedBusy, FetchFailed, NotAFeed
from monitor.model.feed import Feed, FeedKind, FeedState, SitemapChild, Validators
from monitor.model.fetch import Accept, FetchResult
from monitor.model.ports import Compute
from monitor.text.urls import normalise_url

_DEPTH = 2
"""An index may name indexes, and those name sitemaps: no further (F46)."""

_REMEMBERED = 200
"""Sitemaps remembered that were not listed at this look."""


class Ask(Protocol):
    """A GET under the caller's policy: its limits, turns and blocks."""

    def __call__(self, url: str, accept: Accept, validators: Validators) -> FetchResult:
        """As `Fetcher.fetch`."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What a look needs of the world.

    `any_known` tells whether one of these entries is stored already: a list goes on on its next page only while all is new.
    `max_bytes` limits an unpacked sitemap.
    """

    ask: Ask
    compute: Compute
    max_bytes: int
    any_known: Callable[[Sequence[Entry]], bool]


def read_source(
    feed: Feed, state: FeedState | None, validators: Validators, now: datetime, means: Means
) -> tuple[FetchResult, ParsedFeed | None]:
    """Look at a feed of `kind: page` or `kind: sitemap`.

    Args:
        feed: As the catalogue has it.
        state: What is stored of it, or None.
        validators: Of its own address, as `schedule.validators_to_send` gives them; empty ones void those of its children too.
        now: Aware UTC.
        means: Fetching and parsing.

    Returns:
        The answer of its own address, and what was read; None where nothing changed.

    Raises:
        FetchFailed: Its own address, or all sitemaps below it, gave nothing; 429 and 503 of any of them.
    """
    if feed.kind is FeedKind.PAGE:
        return _read_page(feed, validators, now, means)
    return _SitemapLook(feed, state, validators, now, means).read()


def _read_page(feed: Feed, validators: Validators, now: datetime, means: Means) -> tuple[FetchResult, ParsedFeed | None]:
    result = means.ask(feed.url, Accept.PAGE, validators)
    if result.not_modified or result.body is None:
        return result, None
    listed = _parse_page(feed, result, now, means)
    parsed, seen = listed.parsed, {normalise_url(feed.url), normalise_url(result.final_url)}
    for _ in range(1, feed.selectors.pages):
        follows = normalise_url(listed.next_url)
        if not follows or follows in seen or means.any_known(listed.parsed.entries):
            break
        seen.add(follows)
        try:
            listed = _parse_page(feed, means.ask(listed.next_url, Accept.PAGE, Validators()), now, means)
        except FeedBusy:
            raise
        except FetchFailed as error:  # the first page was read: that counts
            return result, _with_warning(parsed, f"the page after it was not read: {error.reason}")
        parsed = replace(parsed, entries=_together(parsed.entries, listed.parsed.entries))
    return result, parsed


def _parse_page(feed: Feed, result: FetchResult, now: datetime, means: Means) -> PageList:
    kind = result.headers.get("content-type", "")
    return means.compute.run(page_of, result.body or b"", result.final_url, feed, now, kind)


def page_of(body: bytes, url: str, feed: Feed, now: datetime, content_type: str) -> PageList:
    """`parse_page` with positional arguments, for `Compute.run`."""
    return parse_page(body, url=url, feed=feed, now=now, content_type=content_type)


def sitemap_of(body: bytes, url: str, feed: Feed, since: datetime, max_bytes: int, content_type: str) -> Sitemap:
    """`parse_sitemap` with positional arguments, for `Compute.run`."""
    return parse_sitemap(body, url=url, feed=feed, since=since, max_bytes=max_bytes, content_type=content_type)


@dataclass(slots=True)
class _SitemapLook:
    """One look at a sitemap and what is below it."""

    feed: Feed
    state: FeedState | None
    validators: Validators
    now: datetime
    means: Means
    since: datetime = field(init=False)
    known: dict[str, SitemapChild] = field(default_factory=dict)
    children: dict[str, SitemapChild] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    read_ones: list[Sitemap] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[FetchFailed] = field(default_factory=list)
    asked: int = 0
    left: int = 0

    def __post_init__(self) -> None:
        self.since = horizon_of(self.state, self.now)
        anew = self.state is None or self.state.validators_for != self.feed.url
        weekly = self.state is not None and self.validators == Validators() != self.state.validators
        if self.state and not anew and not weekly:
            self.known = {normalise_url(child.url): child for child in self.state.children}

    def read(self) -> tuple[FetchResult, ParsedFeed | None]:
        result = self.means.ask(self.feed.url, Accept.FEED, self.validators)
        self.children = dict(self.known)
        if result.not_modified or result.body is None:
            # a sitemap that an index names without lastmod may change under an index that does not
            self._read_children([ChildLink(child.url) for child in self.known.values() if not child.lastmod], 1)
            return self._owing(result), self._parsed(None) if self.read_ones else None
        first = self._parse(result)
        if not first.is_index:
            return result, self._parsed(first)
        self._read_children(list(first.children), 1)
        if self.errors and len(self.errors) == self.asked:
            raise self.errors[0]
        return self._owing(result), self._parsed(first)

    def _owing(self, result: FetchResult) -> FetchResult:
        """The answer without validators where something below it was left or failed: its next one must be whole."""
        return replace(result, validators=Validators()) if self.left or self.errors else result

    def _parse(self, result: FetchResult) -> Sitemap:
        arguments = (result.body or b"", result.final_url, self.feed, self.since, self.means.max_bytes)
        return self.means.compute.run(sitemap_of, *arguments, result.headers.get("content-type", ""))

    def _read_children(self, links: list[ChildLink], depth: int) -> None:
        """Ask those that moved, latest first; what is left over is taken up at the next poll."""
        moved = []
        for link in links:
            key = normalise_url(link.url)
            self.listed.add(key)
            known = self.known.get(key)
            if known and known.lastmod and known.lastmod == link.lastmod:
                continue
            if self._may_be_new(link):
                moved.append(link)
        # latest first; of those without lastmod the never read ones, so that none is left over for ever
        moved.sort(key=lambda link: (link.lastmod, normalise_url(link.url) not in self.known), reverse=True)
        for link in moved:
            if self.asked < MAX_CHILDREN:
                self._read_child(link, depth)
            else:
                self.left += 1

    def _may_be_new(self, link: ChildLink) -> bool:
        """Whether a sitemap can hold entries newer than the horizon; one without a usable lastmod can."""
        changed = machine_date(link.lastmod)
        return changed is None or changed >= self.since - timedelta(days=1)

    def _read_child(self, link: ChildLink, depth: int) -> None:
        key = normalise_url(link.url)
        before = self.known.get(key)
        self.asked += 1
        try:
            result = self.means.ask(link.url, Accept.FEED, before.validators if before else Validators())
            read = None if result.not_modified or result.body is None else self._parse(result)
        except FeedBusy:
            raise
        except FetchFailed as error:
            self.children.pop(key, None)
            self.errors.append(error)
            return
        self.children[key] = SitemapChild(link.url, link.lastmod, result.validators)
        if read is None:
            return
        if not read.is_index:
            self.read_ones.append(read)
        elif depth < _DEPTH:
            owed = self.left + len(self.errors)
            self._read_children(list(read.children), depth + 1)
            if self.left + len(self.errors) > owed:
                self.children.pop(key)
        else:
            self.notes.append(f"{link.url} is an index below an index below an index: not read")

    def _parsed(self, first: Sitemap | None) -> ParsedFeed:
        """All that was read as one feed; partial, since what lies before the horizon has not vanished."""
        read = [*([first] if first and not first.is_index else []), *self.read_ones]
        entries = _together(*(one.entries for one in read))[:MAX_URLS]
        total, undated = sum(one.total for one in read), sum(one.undated for one in read)
        if first and not first.is_index and total and undated == total:
            words = f"none of its {total} addresses tells a date, so that news cannot be told from archive: "
            raise NotAFeed(f"{words}look for a news sitemap, or read a list of news with `kind: page`", url=self.feed.url)
        if total and not entries:
            self.notes.append(f"none of its {total} addresses is newer than {self.since:%Y-%m-%d}")
        elif undated:
            self.notes.append(f"{undated} of {total} addresses tell no date and are left out")
        elif not read and not self.errors:
            self.notes.append("no sitemap below it has moved")
        if self.left:
            self.notes.append(f"{self.left} sitemaps below it are left for the next poll")
        self.notes += [f"{error.url} was not read: {error.reason}" for error in self.errors[:2]]
        return ParsedFeed(
            title=next((one.title for one in read if one.title), ""),
            language=next((one.language for one in read if one.language), ""),
            entries=entries,
            partial=first is None or first.is_index or first.total > 0,
            warning="; ".join([*(one.warning for one in read if one.warning), *self.notes]),
            children=self._kept(),
        )

    def _kept(self) -> tuple[SitemapChild, ...]:
        """What to remember: the sitemaps listed now, and the latest of those that an index within the index may still list."""
        now = [child for key, child in self.children.items() if key in self.listed]
        before = [child for key, child in self.children.items() if key not in self.listed]
        return (*before[-_REMEMBERED:], *now[-MAX_URLS:])


def _together(*lists: Sequence[Entry]) -> tuple[Entry, ...]:
    """All entries, each address once, in order."""
    first: dict[str, Entry] = {}
    for entries in lists:
        for entry in entries:
            first.setdefault(normalise_url(entry.link), entry)
    return tuple(first.values())


def _with_warning(parsed: ParsedFeed, words: str) -> ParsedFeed:
    return replace(parsed, warning="; ".join(filter(None, (parsed.warning, words))))
