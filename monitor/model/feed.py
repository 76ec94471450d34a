"""A feed: a source we poll, what we know of its last polls, and why it will be asked next when it will."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Stance(StrEnum):
    """Whose voice a source is. Editions show it and weigh each stance alike."""

    STATE = "state"
    INDEPENDENT = "independent"
    EXILE = "exile"
    WESTERN_GOVERNMENT = "western-government"
    ALLIANCE = "alliance"
    RUSSIAN_STATE = "russian-state"
    THINK_TANK = "think-tank"
    NEIGHBOUR = "neighbour"


class FeedKind(StrEnum):
    """How the address is read: RSS/Atom/JSON Feed, a page with links, or a sitemap."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"


STATE_SIDE = frozenset((Stance.STATE, Stance.RUSSIAN_STATE))
"""Stances that speak for a government at home or next door: one side of "who says what"; all others are the other."""


class FeedHealth(StrEnum):
    """The state of a feed as an operator sees it; a feed never dies silently."""

    NEW = "new"
    HEALTHY = "healthy"
    SILENT = "silent"
    FAILING = "failing"
    MOVED = "moved"
    GONE = "gone"
    BLOCKED = "blocked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Selectors:
    """How a `kind: page` is read: CSS selectors (level 3), "" where the reader finds its own way.

    `links` names the links of the list, or the elements that hold one each; `title` and `date` are looked for within such an
    item; `next` leads to the following page, of which at most `pages` are read in one poll; `base` is what links start from.
    """

    links: str = ""
    title: str = ""
    date: str = ""
    next: str = ""
    pages: int = 1
    base: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One source of the catalogue (`seeds/<group>.yml`).

    `language` is the main language as a lower-case ISO 639-1 code, `country` ISO 3166-1 alpha-2 or "";
    `interval` is at least 15 minutes; `disabled` is the reason why the feed is kept but not polled;
    `seen` is the provenance: where and when the address was found.
    """

    id: str
    url: str
    name: str
    publisher: str = ""
    country: str = ""
    language: str = ""
    stance: Stance = Stance.INDEPENDENT
    group: str = ""
    kind: FeedKind = FeedKind.FEED
    home: str = ""
    interval: timedelta = timedelta(minutes=60)
    disabled: str = ""
    seen: str = ""
    note: str = ""
    of_record: bool = False
    """True where the source publishes documents of record (a ministry, a law portal, an alliance)."""
    selectors: Selectors = Selectors()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns with * over path and query (or the whole address): which links of a page or sitemap count, and which do not."""


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as received, bytes as latin-1 text; None where the server sent none (RFC 9110 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class SitemapChild:
    """A sitemap that an index names, as it was when last read: `lastmod` as written, "" where the index gives none."""

    url: str
    lastmod: str = ""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls; survives a restart.

    `failures` counts consecutive failed polls, `empty_polls` consecutive 200s without an entry. `first_polled_at`
    is None until the first success: entries of that poll older than the backlog limit are kept out of editions.
    """

    feed_id: str
    health: FeedHealth = FeedHealth.NEW
    reason: str = "not polled yet"
    validators: Validators = field(default_factory=Validators)
    validators_for: str = ""
    """The URL the validators belong to; another URL in the catalogue makes them void."""
    last_status: int | None = None
    last_fetch_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_entry_at: datetime | None = None
    last_unconditional_at: datetime | None = None
    next_fetch_at: datetime | None = None
    first_polled_at: datetime | None = None
    failures: int = 0
    empty_polls: int = 0
    entries: int = 0
    """Entries in the last feed that was read."""
    moved_to: str = ""
    moved_seen: int = 0
    moved_since: datetime | None = None
    hint_s: float | None = None
    """The least time between two polls that the feed itself asked for when it was last read, seconds."""
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    """Hours and weekdays (Monday 0) in UTC at which its publisher does not want to be asked."""
    rhythm_s: float | None = None
    """The usual time between two of its entries, seconds; None until enough dated entries were read."""
    children: tuple[SitemapChild, ...] = ()
    """The sitemaps below a sitemap index, by address: only those that moved are asked again."""
    health_since: datetime | None = None
    """When it came into its present health."""
    seen: str = ""
    """Digests and dates of the entries of the last document that need no further reading, packed (`feeds/renewed.py`)."""
    document: str = ""
    """Digest of the last document where all of it was read and settled: the same bytes again cost no parse."""
    reader: int = 1
    """Version of the reading (`feeds/schedule.py`) that what is remembered of documents belongs to."""
