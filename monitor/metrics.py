"""The service's metrics in Prometheus form. The one home of prometheus_client.

States come from the store when asked; counters and durations are kept by the process. No address, URL or feed id is a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from monitor.model.bounce import Bounce, BounceAct
from monitor.model.delivery import OutboxState
from monitor.model.desk import DraftState
from monitor.model.errors import MailAmbiguous, MailFailed
from monitor.model.fetch import FeedPoll, PollOutcome
from monitor.store.promises import Store
from monitor.version import __version__

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class StoreCollector(Collector):
    """Reads gauges from the store at each scrape, so that they are true after a restart too."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families: feeds by health, outbox by state, heartbeats, editions, drafts."""
        yield _family(
            "monitor_feeds", "Feeds by health", "health", _count(s.health.value for s in self._store.feed_states().values())
        )
        yield from _mail_families(self._store)
        yield _family(
            "monitor_heartbeat_timestamp_seconds",
            "Last sign of life of each part",
            "part",
            _by_part(self._store.heartbeats()),
        )
        finished = {edition.digest: edition.frozen_at.timestamp() for edition in reversed(self._store.edition_heads())}
        yield _family(
            "monitor_edition_last_frozen_timestamp_seconds", "When the last edition of a digest was frozen", "digest", finished
        )
        yield _family(
            "monitor_drafts",
            "Drafts of editions by state; waiting and held ones need a person, unless they go out by themselves",
            "state",
            _count(draft.state.value for draft in self._store.drafts()),
        )
        waiting = {
            draft.digest: draft.made_at.timestamp()
            for draft in reversed(self._store.drafts(states=(DraftState.WAITING, DraftState.HELD)))
        }
        yield _family(
            "monitor_draft_waiting_since_timestamp_seconds",
            "Since when the oldest open draft of a digest waits",
            "digest",
            waiting,
        )


def _mail_families(store: Store) -> Iterator[GaugeMetricFamily]:
    """What waits, and where the sending of editions stands."""
    waiting = {state.value: float(count) for state, count in store.outbox_counts().items()}
    yield _family("monitor_outbox_messages", "Outbox messages by state", "state", waiting)
    words = "Editions by the state of their sending; paused and missed ones need a person"
    yield _family("monitor_editions_sending", words, "state", _count(one.state.value for one in store.sendings()))


def _by_part(beats: Mapping[str, datetime]) -> dict[str, float]:
    """The last beat of each part; senders, of which each process has its own, together."""
    parts: dict[str, float] = {}
    for name, at in beats.items():
        part = name.partition("/")[0]
        parts[part] = max(parts.get(part, 0.0), at.timestamp())
    return parts


def _count(values: Iterator[str]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _family(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


@dataclass(slots=True)
class Metrics:
    """What the process counts itself; `exposition` gives all as text."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    fetches: Counter = field(init=False)
    fetch_seconds: Histogram = field(init=False)
    changes: Counter = field(init=False)
    articles: Counter = field(init=False)
    mails_sent: Counter = field(init=False)
    mails_deferred: Counter = field(init=False)
    mails_failed: Counter = field(init=False)
    mails_ambiguous: Counter = field(init=False)
    bounces: Counter = field(init=False)
    hook_requests: Counter = field(init=False)
    hook_events: Counter = field(init=False)
    unsubscribes: Counter = field(init=False)
    editions: Counter = field(init=False)
    file_loads: Counter = field(init=False)
    files_refused: Gauge = field(init=False)

    def __post_init__(self) -> None:
        here = self.registry
        build = Gauge("monitor_build_info", "Version of the program", ["version"], registry=here)
        build.labels(__version__).set(1)
        self.fetches = Counter("monitor_feed_polls", "Looks at feeds by outcome", ["outcome"], registry=here)
        self.changes = Counter("monitor_feed_state_changes", "Feeds that came into another state", ["state"], registry=here)
        self.fetch_seconds = Histogram("monitor_feed_poll_duration_seconds", "Duration of a look at a feed", registry=here)
        self.articles = Counter("monitor_articles_ingested", "Articles stored or revised", registry=here)
        self.unsubscribes = Counter("monitor_unsubscribes", "Subscriptions ended by readers", ["via"], registry=here)
        self.editions = Counter("monitor_editions_frozen", "Editions frozen", ["digest"], registry=here)
        self.file_loads = Counter(
            "monitor_file_loads", "Changed seeds, rules and digests, by outcome", ["outcome"], registry=here
        )
        self.files_refused = Gauge(
            "monitor_files_refused", "1 while files on disk are wrong and the old ones in force", registry=here
        )
        self._count_mail()

    def _count_mail(self) -> None:
        here = self.registry
        self.mails_sent = Counter("monitor_mail_sent", "Messages that the relay took", registry=here)
        self.mails_deferred = Counter(
            "monitor_mail_deferred",
            "Messages to be tried again, by class of the reply (4.2, 4xx; lost: there was none)",
            ["code_class"],
            registry=here,
        )
        self.mails_failed = Counter(
            "monitor_mail_failed", "Messages given up, by class of the reply (5.1, 5xx; lost: held)", ["reason"], registry=here
        )
        self.mails_ambiguous = Counter(
            "monitor_mail_ambiguous", "Messages whose final reply was lost: the relay may have them or not", registry=here
        )
        self.bounces = Counter("monitor_mail_bounces", "Mail that came back, by what it means", ["class"], registry=here)
        self.hook_requests = Counter(
            "monitor_mail_hook_requests",
            "Requests of mail providers, by the status they were answered with",
            ["hook", "status"],
            registry=here,
        )
        self.hook_events = Counter(
            "monitor_mail_hook_events",
            "Events that mail providers reported, by what they mean",
            ["hook", "meaning"],
            registry=here,
        )

    def watch(self, store: Store) -> None:
        """Add the gauges that are read from `store`."""
        self.registry.register(StoreCollector(store))

    def record_poll(self, poll: FeedPoll) -> None:
        """Count one look at one feed."""
        if poll.notice:
            self.changes.labels(poll.state.health.value).inc()
        if poll.outcome is PollOutcome.SKIPPED:
            return
        self.fetches.labels(poll.outcome.value).inc()
        self.fetch_seconds.observe(poll.elapsed_s)
        self.articles.inc(poll.new_articles)

    def record_mail(self, state: OutboxState, error: MailFailed | None, reply: str) -> None:
        """Count what a message came to; `reply` is the class of the relay's reply where it was not sent."""
        if isinstance(error, MailAmbiguous):
            self.mails_ambiguous.inc()
        if state is OutboxState.SENT:
            self.mails_sent.inc()
        elif state in (OutboxState.FAILED, OutboxState.UNKNOWN):
            self.mails_failed.labels(reply).inc()
        else:
            self.mails_deferred.labels(reply).inc()

    def record_bounce(self, bounce: Bounce) -> None:
        """Count a report that came back, and the subscription that it ended."""
        self.bounces.labels(bounce.bounce_class.value).inc()
        if bounce.act is BounceAct.END:
            self.unsubscribes.labels("mail").inc()

    def record_hook(self, hook: str, status: int) -> None:
        """Count a request of a mail provider by its answer."""
        self.hook_requests.labels(hook, str(status)).inc()

    def record_hook_event(self, hook: str, meaning: str) -> None:
        """Count an event that a mail provider reported; one that it repeats counts again."""
        self.hook_events.labels(hook, meaning).inc()

    def record_load(self, *, refused: bool) -> None:
        """Note that changed files were loaded, or refused."""
        self.file_loads.labels("refused" if refused else "loaded").inc()
        self.files_refused.set(refused)

    def exposition(self) -> bytes:
        """All metrics as text."""
        return generate_latest(self.registry)


def metric_names(metrics: Metrics) -> dict[str, str]:
    """Name → what it means, for the reference."""
    return {family.name: family.documentation for family in metrics.registry.collect()}
