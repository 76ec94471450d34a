"""One download: what is asked, what came back, and what a poll decided from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network

from monitor.model.feed import Feed, FeedState, Validators

DEFAULT_USER_AGENT = "monitor (feed reader)"


class Accept(StrEnum):
    """The Accept header, by what is asked for."""

    FEED = "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.9, */*;q=0.1"
    PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
    ROBOTS = "text/plain, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How politely and how safely to fetch. Times in seconds, sizes in decoded bytes."""

    user_agent: str = DEFAULT_USER_AGENT
    host_delay_s: float = 5.0
    connect_timeout_s: float = 10.0
    idle_timeout_s: float = 20.0
    total_timeout_s: float = 60.0
    max_feed_bytes: int = 10 * 1024 * 1024
    max_page_bytes: int = 5 * 1024 * 1024
    max_redirects: int = 5
    pool_size: int = 8
    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    ports: tuple[int, ...] = (80, 443)
    """Ports that may be asked; any port is fine on an address inside `allow_private`."""
    connect_to: Mapping[str, str] = field(default_factory=dict)
    """Host (or "*.suffix") → "address:port" to connect to instead, like curl's --connect-to; the address is checked all the same."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One GET. `max_bytes` limits the decoded body; `validators` are sent back verbatim."""

    url: str
    accept: Accept
    max_bytes: int
    validators: Validators = field(default_factory=Validators)
    cut: bool = False
    """True where the first `max_bytes` are enough: a longer body is cut there, and is no error."""
    delay_s: float = 0.0
    """Seconds since the last start at its host, where that asks for more than the policy's `host_delay_s`."""
    blocks: Mapping[str, datetime] = field(default_factory=dict)
    """Host keys and addresses → until when they asked not to be asked: no hop goes there."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way: the status and the address it led to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class FetchResult:
    """A usable answer: 200 with `body`, 226 with a partial one, or 304 with `body` None.

    `headers` have lower-case names; `final_url` is the address after `hops`; `elapsed_s` counts everything.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None
    validators: Validators
    elapsed_s: float = 0.0
    hops: tuple[Hop, ...] = ()

    @property
    def not_modified(self) -> bool:
        """True for a 304: nothing to read, the old state stands."""
        return self.status == 304


class PollOutcome(StrEnum):
    """What one look at one feed came to."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not-modified"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class FeedPoll:
    """The decision of one poll of one feed, with its reason, and the state to store."""

    feed: Feed
    outcome: PollOutcome
    reason: str
    state: FeedState
    at: datetime
    entries: int = 0
    new_articles: int = 0
    elapsed_s: float = 0.0
    notice: str = ""
    """Where the feed came into another state by this poll: what an operator should be told, once, with the last answer."""
