"""The demo: the very pipeline of the service over recorded weeks, served from loopback over real HTTP, under a clock that moves.

Nothing is fetched from elsewhere: the invented outlets live under `.example`, and every connection goes to the site on 127.0.0.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from monitor import bootstrap, pipeline
from monitor.demo.corpus import SEEDS, Corpus, load_corpus
from monitor.demo.site import DemoSite
from monitor.demo.weeks import WEEKS, poll_moments, publish_moment
from monitor.digests.due import due_editions
from monitor.feeds.catalogue import load_feeds
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.fetch import PollOutcome
from monitor.parts import Files, Parts
from monitor.pipeline import PollReport, PublishReport
from monitor.settings import FetchSettings, MailSettings, Settings
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery

READERS = {"en": "analyst@reader.example", "be": "chytach@reader.example", "ru": "chitatel@reader.example"}
SECRET = "demo: not a secret"  # noqa: S105 — the demo's mails must have the same bytes everywhere
BASE_URL = "https://monitor.example"


@dataclass(slots=True)
class Moment:
    """The demo's clock: stands still until it is set."""

    at: datetime

    def __call__(self) -> datetime:
        """The present, aware UTC."""
        return self.at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo did: editions by week, and the totals an analyst asks for."""

    editions: dict[str, PublishReport]
    polls: int
    requests_saved: int
    pages: int
    outlets: int
    articles: int
    matched: int
    stories: int
    copies: int
    troubles: tuple[tuple[str, str, str], ...]
    """Feed, state, reason of each feed that could not be read at the end."""


@dataclass(slots=True)
class Watch:
    """Called as the demo goes on; the command line shows it."""

    polled: Callable[[str, datetime, PollReport], None] = lambda *_: None
    published: Callable[[str, PublishReport], None] = lambda *_: None
    weeks: Sequence[str] = field(default=WEEKS)


def run_demo(out: Path, watch: Watch | None = None, database: str = "sqlite://") -> DemoReport:
    """Poll and publish every recorded week.

    Args:
        out: Folder for the editions.
        watch: Told of each poll and edition.
        database: A store's address; default in memory.

    Raises:
        MonitorError: What any verb of the pipeline raises; the demo hides nothing.
    """
    watch = watch or Watch()
    corpus = load_corpus()
    clock = Moment(poll_moments(watch.weeks[0])[0])
    with DemoSite(corpus, clock) as site:
        parts = _build(site, clock, database)
        editions: dict[str, PublishReport] = {}
        polls = saved = 0
        for week in watch.weeks:
            for moment in poll_moments(week):
                clock.at = moment
                report = pipeline.poll(parts)
                polls += 1
                saved += report.count(PollOutcome.NOT_MODIFIED)
                watch.polled(week, moment, report)
            clock.at = publish_moment(week)
            editions[week] = _publish(parts, week, clock, out)
            watch.published(week, editions[week])
        return _report(parts, corpus, editions, polls, saved)


def _build(site: DemoSite, clock: Moment, database: str) -> Parts:
    """The parts of the service, with the demo's seeds and a fetcher that connects to the site."""
    settings = Settings(
        base_url=BASE_URL,
        secret_key=SECRET,
        database_url=database,
        fetch=FetchSettings(host_delay_s=0, allow_private=(ip_network("127.0.0.0/8"),), connect_to=dict(site.connect_to)),
        mail=MailSettings(sender="digest@monitor.example", reply_to="desk@monitor.example"),
    )
    store = open_store(settings.store_url)
    store.upgrade()
    parts = bootstrap.build(settings, clock=clock, store=store, files=demo_files())
    for language, address in READERS.items():
        for digest in parts.files.digests:
            now = clock()
            store.subscribe(Subscription(0, digest.id, address, address, language, Subscribed.ACTIVE, now, now, "demo"))
    return replace(parts, jitter=0.0)


def demo_files() -> Files:
    """The shipped rules and digests over the demo's own seeds."""
    return replace(bootstrap.load_shipped(), feeds=load_feeds(SEEDS))


def _publish(parts: Parts, week: str, clock: Moment, out: Path) -> PublishReport:
    """The edition that is due, as the service would make it: its window begins with the recorded week, or ends the week before's.

    A service on the same database may have made an edition of the present meanwhile; that is none of the demo's.
    """
    digest = parts.files.digests[0]
    first = poll_moments(week)[0]
    last = parts.store.last_edition(digest.id)
    follows = last is not None and timedelta(0) <= first - last.window.end <= timedelta(days=7)
    since = (last.key, last.window.end) if last and follows else None
    due = due_editions(digest, since, clock(), first)[-1]
    return pipeline.publish(parts, digest, due, digest.languages, out)


def _report(parts: Parts, corpus: Corpus, editions: dict[str, PublishReport], polls: int, saved: int) -> DemoReport:
    store = parts.store
    matched = store.articles(ArticleQuery(matched_only=True))
    stories = store.stories([item.article.id for item in matched])
    names = {feed.id: feed.name for feed in parts.files.feeds}
    troubles = [
        (names.get(state.feed_id, state.feed_id), state.health.value, state.reason)
        for state in store.feed_states().values()
        if state.health.value not in {"healthy", "new", "silent"}
    ]
    english = [next(iter(report.editions.values())) for report in editions.values()]
    return DemoReport(
        editions=editions,
        polls=polls,
        requests_saved=saved,
        pages=len(corpus.pages),
        outlets=len(corpus.outlets),
        articles=store.count_articles(ArticleQuery()),
        matched=len(matched),
        stories=len(set(stories.values())),
        copies=sum(edition.coverage.copies_folded for edition in english),
        troubles=tuple(sorted(troubles)),
    )
