"""Entries as feeds give them and the articles made from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.feed import SitemapChild, Stance


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the feed gave it, cleaned of markup in `title`; `content` and `summary` may hold HTML.

    `link` is absolute http(s) or ""; `guid` is "" where the feed gives none or the same one to all its items.
    """

    feed_id: str
    link: str
    title: str
    guid: str = ""
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    """As a news sitemap gives them; they are no text of the article."""
    digest: str = ""
    """Of its piece of the document, 16 hexadecimal digits; "" where it could not be cut out."""
    known: bool = False
    """True for one that was read at an earlier poll and has not changed since: only `digest` and `published` are set."""


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a feed says about its own rhythm; all lower bounds, seconds; None where it is silent."""

    ttl_s: float | None = None
    update_period_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    """Hours and weekdays (Monday 0) in UTC at which the publisher does not want to be asked."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document read: its entries in document order, and its wishes."""

    title: str
    language: str
    entries: tuple[Entry, ...]
    hints: FeedHints = FeedHints()
    partial: bool = False
    """True for 226 IM Used: entries that are absent have not vanished."""
    warning: str = ""
    children: tuple[SitemapChild, ...] = ()
    """Of a sitemap index: what was read below it, for the next poll."""


class DateSource(StrEnum):
    """Where a publication date came from, best first; editions say so when it is not the feed."""

    FEED = "feed"
    PAGE = "page"
    TEXT = "text"
    FIRST_SEEN = "first-seen"


class TextSource(StrEnum):
    """Which text was kept."""

    PAGE = "page"
    FEED = "feed"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page yielded. `text` is paragraphs separated by a newline; "" with a `reason` when nothing could be extracted."""

    title: str
    text: str
    language: str
    language_sure: bool
    published: datetime | None = None
    published_source: DateSource | None = None
    author: str = ""
    canonical_url: str = ""
    reason: str = ""
    author_claims: tuple[tuple[str, str], ...] = ()
    """(voice, name): what the page's JSON-LD and its meta elements name as author, whether they agree or not."""
    updated: datetime | None = None
    """When the page says it was last changed."""
    language_confidence: float = 0.0
    """0 to 1: the share that the language found has of what speaks for any language of the set."""


@dataclass(frozen=True, slots=True)
class Source:
    """The voice behind an article, as an edition cites it."""

    feed_id: str
    name: str
    publisher: str = ""
    country: str = ""
    language: str = ""
    stance: Stance = Stance.INDEPENDENT
    of_record: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """An entry with its full text. Times are aware UTC.

    `id` is a short stable hash of the identity; `url` is what the feed linked, `final_url` where it led, `canonical_url`
    the normalised identity. `published` is never after `first_seen` + 1 hour. `reason` says why text is missing or short.
    """

    id: str
    feed_id: str
    guid: str
    url: str
    final_url: str
    canonical_url: str
    title: str
    text: str
    language: str
    language_sure: bool
    published: datetime
    published_source: DateSource
    first_seen: datetime
    source: Source
    author: str = ""
    text_source: TextSource = TextSource.PAGE
    reason: str = ""
    revision: int = 0
    content_hash: str = ""
    backlog: bool = False
    """True for old entries of a feed's first poll: stored and searchable, but news to no edition."""
    updated: datetime | None = None
    """When the publisher last changed it, by feed or page; None where neither says so, or not later than `published`."""
    agency: str = ""
    """The wire agency that the dateline names ("Reuters"), as printed."""
    dateline: str = ""
    """The dateline of the first paragraph as printed, without the dash after it ("MINSK, 4 March (Agency)")."""
    language_confidence: float = 0.0
    """0 to 1: the share that `language` has of what speaks for any language of the set; 0 where nobody looked."""
