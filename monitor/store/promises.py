"""What a store promises. SQLite and PostgreSQL keep the same words; one contract suite holds both to them.

Times go in and come out as aware UTC. Every method that writes is one transaction. A method never calls the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from monitor.model.article import Article
from monitor.model.delivery import OutboxMessage
from monitor.model.desk import Draft, DraftState
from monitor.model.edition import Edition, FrozenEdition
from monitor.model.feed import FeedState
from monitor.model.mark import Mark
from monitor.model.match import Analysis, ArticleWords
from monitor.model.pace import Pace
from monitor.model.robots import Robots
from monitor.model.site import SiteLines
from monitor.model.story import AnalysedArticle, ThreadedStory
from monitor.store.bounce_promises import BounceStore
from monitor.store.editor_promises import EditorStore
from monitor.store.hook_promises import HookStore
from monitor.store.mail_promises import OutboxStore, SendingStore
from monitor.store.printed_promises import PrintedStore
from monitor.store.subscriber_promises import SubscriberStore, SuppressionStore


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """As much of a stored article as identity needs."""

    id: str
    feed_id: str
    guid: str
    url: str
    canonical_url: str
    title: str
    content_hash: str
    revision: int
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Which articles to list; every condition given must hold. Half-open spans; `limit` 0 means all."""

    seen_from: datetime | None = None
    seen_until: datetime | None = None
    published_from: datetime | None = None
    published_until: datetime | None = None
    rules: tuple[str, ...] = ()
    feed: str = ""
    ids: tuple[str, ...] = ()
    matched_only: bool = False
    without_backlog: bool = False
    stale_for: str = ""
    """Only articles whose analysis was made under another rule set than this hash (or never)."""
    limit: int = 0
    without_analysis: bool = False
    """The articles alone: what was found in them stays unread and is given empty."""


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """As much of a stored article as lists and tallies need. `words` is None where none of the form asked for are kept."""

    id: str
    url: str
    title: str
    published: datetime
    source: str
    language: str
    words: ArticleWords | None


@dataclass(frozen=True, slots=True)
class ArticleStamp:
    """A stored article without anything that is in it: `state` tells it, as it is and as the rules read it, from what it was before.

    `story` is the story it was last found in, or "".
    """

    id: str
    state: bytes
    story: str


class FeedStore(Protocol):
    """States of feeds, the hosts that asked us to wait, and what is known of sites."""

    def feed_states(self) -> dict[str, FeedState]:
        """All stored states by feed id."""
        ...

    def host_blocks(self) -> dict[str, datetime]:
        """Host key → until when no request may go there. Past blocks may be absent."""
        ...

    def block_host(self, host: str, until: datetime) -> None:
        """Remember a 429/503 over restarts; a later `until` wins."""
        ...

    def robots(self, origin: str) -> Robots | None:
        """What robots.txt of an origin said when it was last asked, however long ago; None if it never was, or is forgotten."""
        ...

    def save_robots(self, robots: Robots, forget_before: datetime) -> None:
        """Insert or replace one, and forget those asked before `forget_before`."""
        ...

    def site_lines(self, host: str) -> SiteLines | None:
        """What was learnt of a host's pages; None if none was read, or it is forgotten."""
        ...

    def save_site_lines(self, site: SiteLines, forget_before: datetime) -> None:
        """Insert or replace one, and forget hosts of which no page was read since `forget_before`."""
        ...


class ArticleStore(Protocol):
    """Articles, what the rules found in them, and the stories they belong to."""

    def known_articles(
        self, feed_id: str, guids: Iterable[str], urls: Iterable[str], titles: Iterable[str] = ()
    ) -> tuple[KnownArticle, ...]:
        """Those that share a guid or a title with this feed, or an `url`/`final_url`/`canonical_url` with any feed."""
        ...

    def save_poll(self, articles: Sequence[tuple[Article, Analysis]], state: FeedState | None) -> None:
        """Store new and revised articles with their analyses (and words) AND the feed's state, where one is given, in one transaction.

        An article whose id exists is replaced, keeping its `first_seen`; words kept of it go.
        """
        ...

    def save_analyses(self, analyses: Sequence[Analysis]) -> None:
        """Replace what the rules found (after the rules changed)."""
        ...

    def articles(self, query: ArticleQuery) -> tuple[AnalysedArticle, ...]:
        """By `first_seen`, then id. An article never analysed has an empty analysis."""
        ...

    def count_articles(self, query: ArticleQuery) -> int:
        """How many `articles` would give."""
        ...

    def stamps(self, query: ArticleQuery) -> tuple[ArticleStamp, ...]:
        """The same articles in the same order, none of them read: whoever knows them sees which have changed."""
        ...

    def heads(self, query: ArticleQuery, form: str) -> tuple[ArticleHead, ...]:
        """The same articles in the same order, without their texts; with the words kept of them, as far as they are of this form."""
        ...

    def save_words(self, made: Sequence[tuple[Article, ArticleWords]]) -> None:
        """Keep words of stored articles that came without; those of an article that was revised since it was read are dropped."""
        ...

    def stories(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Article id → story id, for those that have one."""
        ...

    def save_stories(self, story_of: Mapping[str, str]) -> None:
        """Insert or replace article id → story id."""
        ...


class EditionStore(Protocol):
    """Frozen editions; `(digest, key)` names one, in its newest revision wherever nothing else is said."""

    def last_edition(self, digest: str) -> FrozenEdition | None:
        """The one with the latest window end, renditions included; None if none was published."""
        ...

    def edition(self, digest: str, key: date) -> FrozenEdition | None:
        """One by its local date."""
        ...

    def edition_of_week(self, digest: str, week: str) -> FrozenEdition | None:
        """One by its ISO week ("2019-W10"); the latest where a week has several."""
        ...

    def editions(self, digest: str = "", *, until: datetime | None = None, most: int | None = None) -> tuple[FrozenEdition, ...]:
        """Newest window first: all, or the newest `most` of those whose window ended at `until` at the latest.

        Each comes with all that it prints: where its head will do, `edition_heads` is far cheaper.
        """
        ...

    def freeze_edition(self, edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> bool:
        """Store the edition and its outbox rows in one transaction (`OutboxMessage.id` is ignored and given here).

        Returns:
            False, with nothing written, if the edition exists already: asking twice is harmless.
        """
        ...

    def revisions(self, digest: str, key: date) -> tuple[FrozenEdition, ...]:
        """Every revision of an edition, the first one first; () where there is none."""
        ...

    def freeze_revision(self, edition: FrozenEdition, messages: Sequence[OutboxMessage]) -> bool:
        """As `freeze_edition`, for a correction: it takes the place of the revision before it, which is kept.

        Returns:
            False, with nothing written, unless the newest revision is the one before `edition.revision`.
        """
        ...


class DraftStore(Protocol):
    """Editions that wait for the desk."""

    def draft(self, draft_id: str) -> Draft | None:
        """One by id."""
        ...

    def drafts(self, *, digest: str = "", states: Sequence[DraftState] = ()) -> tuple[Draft, ...]:
        """By date, then id."""
        ...

    def composed(self, draft_id: str) -> dict[str, Edition]:
        """Language → edition as composed, without any edit; empty where there is no such draft."""
        ...

    def save_draft(self, draft: Draft, composed: Mapping[str, Edition] | None = None) -> bool:
        """Insert version 1, or replace the version before; without `composed` what was composed stays.

        Returns:
            False, with nothing written, if another version stands: read again.
        """
        ...


class ThreadStore(Protocol):
    """Which thread each story belongs to. What was decided stands, so that a thread keeps its id and its stories over months."""

    def save_threads(self, stories: Sequence[ThreadedStory]) -> None:
        """Insert those that are not there yet; the others stay as they are."""
        ...

    def threads(self, story_ids: Sequence[str]) -> dict[str, str]:
        """Story id → thread, for those that have one."""
        ...

    def thread(self, thread: str) -> tuple[ThreadedStory, ...]:
        """The stories of one thread, oldest first; none where there is no such thread."""
        ...


class MarkStore(Protocol):
    """What people said of articles: labels for the rules. A mark names no reader."""

    def record_marks(self, marks: Sequence[Mark]) -> None:
        """Insert them in one transaction; each replaces the one of the same article, rule, source and edition."""
        ...

    def marks(self, since: datetime | None = None) -> tuple[Mark, ...]:
        """Those made at `since` or later, oldest first; all without it. The article of a mark may be gone."""
        ...


class AnswerStore(Protocol):
    """What a translator or a writer answered, so that an edition composed anew has the same bytes and asks nobody."""

    def answers(self, keys: Iterable[str]) -> dict[str, str]:
        """Those kept, by key."""
        ...

    def keep_answers(self, made: Mapping[str, str], now: datetime) -> None:
        """Insert them; the first answer to a key stays."""
        ...


class PaceStore(Protocol):
    """How often something may be done, remembered over restarts and between processes."""

    def draw(self, name: str, pace: Pace, now: datetime, many: int = 1) -> float:
        """Take one from the bucket `name`, or `many` together; the seconds to wait before asking again, 0 where they were taken.

        A loss of power may give back what was taken last.
        """
        ...

    def forget_paces(self, before: datetime) -> int:
        """Drop buckets that nobody drew from since `before`; returns how many."""
        ...


class ServiceStore(Protocol):
    """What the service keeps about itself."""

    def heartbeat(self, name: str, now: datetime, note: str = "") -> None:
        """Record that `name` ("scheduler", "worker") is alive."""
        ...

    def heartbeats(self) -> dict[str, datetime]:
        """Last beat by name."""
        ...

    def setting(self, key: str) -> str | None:
        """A small kept value (the generated secret, the pause flag), or None."""
        ...

    def set_setting(self, key: str, value: str) -> None:
        """Insert or replace one."""
        ...

    def keep_setting(self, key: str, value: str) -> str:
        """Insert one unless it is there; returns the one that stands, the same to all who ask at once."""
        ...

    def schema_version(self) -> tuple[int, int]:
        """(version of the database, version this program knows)."""
        ...

    def upgrade(self) -> tuple[str, ...]:
        """Apply missing migrations, each in its transaction under a lock; returns their names."""
        ...

    def backup(self, target: Path) -> None:
        """Write a consistent copy (temporary name, checked, renamed)."""
        ...

    def close(self) -> None:
        """End all connections."""
        ...


class Store(
    FeedStore,
    ArticleStore,
    EditionStore,
    PrintedStore,
    DraftStore,
    OutboxStore,
    SendingStore,
    SubscriberStore,
    SuppressionStore,
    MarkStore,
    ThreadStore,
    AnswerStore,
    PaceStore,
    EditorStore,
    BounceStore,
    HookStore,
    ServiceStore,
    Protocol,
):
    """All promises together."""
