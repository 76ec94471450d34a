"""Ticks that look for due work: feeds, editions, mail. The one home of APScheduler.

The schedule is data, not timers: each tick asks the database what is due, so a restart, a clock change or a long night lose nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor as JobThreads
from apscheduler.schedulers.background import BackgroundScheduler

from monitor import bootstrap, desk, pipeline, polling
from monitor.delivery.confirmation import FORGET_AFTER
from monitor.digests.due import Due, due_editions
from monitor.health import FILES_REFUSED
from monitor.logs import log, warn
from monitor.metrics import Metrics
from monitor.model.desk import Draft, DraftState
from monitor.model.digest import Digest, Review
from monitor.model.edition import FrozenEdition
from monitor.model.errors import MonitorError
from monitor.model.feed import Feed, FeedState
from monitor.model.fetch import FeedPoll
from monitor.model.problem import Severity
from monitor.parts import Parts
from monitor.pipeline import PublishReport
from monitor.settings import Settings
from monitor.store.promises import Store

STARTED = "started_at"
"""Editions that fell due before the service first ran here are not made up for."""


@dataclass(slots=True)
class Bench:
    """The parts in use; `parts` is replaced as a whole when files were reloaded."""

    parts: Parts
    settings: Settings
    metrics: Metrics
    out: Path


class Ticker:
    """Runs jobs every so many seconds, each one alone with itself, late ones once."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": JobThreads(8)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    def every(self, seconds: float, name: str, job: Callable[[], None]) -> None:
        """Run `job` now and then every `seconds`; an error is logged and the next tick comes all the same."""
        self._scheduler.add_job(_guarded(name, job), "interval", seconds=seconds, id=name, next_run_time=bootstrap.system_clock())

    def start(self) -> None:
        """Begin ticking in threads of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no further job; running ones go on."""
        self._scheduler.shutdown(wait=False)


def _guarded(name: str, job: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 — recorded; a tick must not end the ticking
            warn("tick_failed", job=name, error=f"{type(error).__name__}: {error}")

    return run


class PollTick:
    """Starts a poll of every due host that has none under way: a slow host holds up nobody but itself."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._pool = ThreadPoolExecutor(bench.parts.policy.pool_size, thread_name_prefix="poll")
        self._busy: dict[str, Future[None]] = {}
        self._lock = threading.Lock()
        self._untold = threading.Event()
        # what a service that was killed had stored may have no stories yet
        self._untold.set()

    def tick(self) -> None:
        """Look for due feeds; group stories where new articles came since the last look."""
        parts = self._bench.parts
        if parts.stopping():
            return
        with self._lock:
            self._busy = {host: future for host, future in self._busy.items() if not future.done()}
            due = polling.choose_due(parts, parts.clock(), busy_hosts=frozenset(self._busy))
            for host, feeds in due.by_host.items():
                self._busy[host] = self._pool.submit(self._poll_host, parts, feeds)
        if self._untold.is_set():
            self._untold.clear()
            try:
                polling.tie_stories(parts, parts.clock())
            except BaseException:
                self._untold.set()
                raise

    def idle(self) -> bool:
        """True where no poll is under way."""
        with self._lock:
            return all(future.done() for future in self._busy.values())

    def _poll_host(self, parts: Parts, feeds: list[tuple[Feed, FeedState]]) -> None:
        try:
            polling.poll_host(parts, feeds, self._done)
        except Exception as error:  # noqa: BLE001 — recorded; nobody looks at the future's result
            warn("poll_failed", feeds=[feed.id for feed, _ in feeds], error=f"{type(error).__name__}: {error}")

    def _done(self, poll: FeedPoll) -> None:
        self._bench.metrics.record_poll(poll)
        log("feed_polled", feed=poll.feed.id, outcome=poll.outcome.value, reason=poll.reason, new=poll.new_articles)
        if poll.notice:
            facts = {"state": poll.state.health.value, "last_status": poll.state.last_status}
            warn("feed_state_changed", feed=poll.feed.id, notice=poll.notice, **facts)
        if poll.new_articles:
            self._untold.set()


def _tell_of_aids(report: PublishReport) -> None:
    """What translator and writer did not do."""
    for edition in report.editions.values():
        for aid in edition.aids:
            if aid.failure or aid.refused:
                facts = {"done": aid.done, "refused": aid.refused, "reason": aid.failure, "language": edition.language}
                warn("aid_incomplete", digest=edition.digest, aid=aid.kind.value, engine=aid.engine, **facts)


def publish_due(bench: Bench) -> list[PublishReport]:
    """Make every edition that is due; one that fails does not hold up the others and is tried again at the next tick.

    Where the digest wants a review, an edition is made as a draft; drafts whose time has come, or that were approved, are published.
    """
    parts = bench.parts
    reports = []
    for digest in parts.files.digests:
        if parts.stopping():
            break
        for due in due_now(parts.store, digest, parts.clock()):
            try:
                if digest.review is not Review.NONE:
                    _make_draft(bench, digest, due)
                    continue
                report = pipeline.publish(parts, digest, due, digest.languages, bench.out)
            except MonitorError as error:
                warn("edition_failed", digest=digest.id, key=due.key.isoformat(), error=str(error))
                break
            reports.append(report)
            if not report.fresh:  # another process made it meanwhile
                continue
            _tell_of_edition(bench, report, due.reason)
    return [*reports, *_publish_drafts(bench)]


def _tell_of_edition(bench: Bench, report: PublishReport, reason: str) -> None:
    edition = report.frozen
    bench.metrics.editions.labels(edition.digest).inc()
    _tell_of_aids(report)
    facts = {"digest": edition.digest, "key": edition.key.isoformat(), "week": edition.week, "messages": report.messages}
    log("edition_frozen", **facts, reason=reason, **({"revision": edition.revision} if edition.revision > 1 else {}))


def _make_draft(bench: Bench, digest: Digest, due: Due) -> None:
    """Compose a draft, and tell the operator that a person is waited for."""
    draft, made = desk.make_draft(bench.parts, digest, due, digest.languages)
    if made:
        decision = desk.decision(bench.parts.store, draft, bench.parts.clock())
        warn("draft_waits", edition=draft.id, week=draft.window.week, reason=decision.reason, goes_out_at=draft.goes_out_at)


def _publish_drafts(bench: Bench) -> list[PublishReport]:
    """Publish every draft that may go; one is approved first, so that nobody holds it while it is being printed."""
    parts = bench.parts
    reports = []
    for draft in parts.store.drafts(states=(DraftState.WAITING, DraftState.APPROVED)):
        if parts.stopping():
            break
        try:
            decision = desk.decision(parts.store, draft, parts.clock())
            if not decision.go:
                continue
            report = desk.publish_draft(parts, desk.approve(parts, draft), bench.out)
        except MonitorError as error:
            warn("edition_failed", digest=draft.digest, key=draft.key.isoformat(), error=str(error))
            continue
        if report.fresh:
            _tell_of_edition(bench, report, decision.reason)
            reports.append(report)
    return reports


def due_now(store: Store, digest: Digest, now: datetime) -> list[Due]:
    """What is due of one digest, by what the database holds."""
    started = store.setting(STARTED)
    if started is None:
        store.set_setting(STARTED, now.isoformat())
        started = now.isoformat()
    began = datetime.fromisoformat(started)
    # a past week that somebody asked for does not count: the weeks between it and our beginning are not missed editions
    edition = store.last_edition(digest.id)
    known: list[FrozenEdition | Draft] = [*store.drafts(digest=digest.id), *([edition] if edition else [])]
    made = [(one.key, one.window.end) for one in known if not (one.window.by_publication and one.due_at < began)]
    return list(due_editions(digest, max(made, key=lambda one: one[1], default=None), now, began))


def forget_unwanted(bench: Bench) -> None:
    """Forget wishes that were never confirmed, and limits that nobody came near for as long."""
    now = bench.parts.clock()
    forgotten = bench.parts.store.forget_unconfirmed(now - FORGET_AFTER)
    bench.parts.store.forget_paces(now - FORGET_AFTER)
    if forgotten:
        log("wishes_forgotten", wishes=forgotten)


class ReloadTick:
    """Looks at the three folders; what changed is checked whole and swapped at once, or the old files stay in force."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._seen = self._loaded = self._look()
        self._asked = False

    def ask(self) -> None:
        """Load at the next tick, changed or not, quiet or not: somebody asked for it (SIGHUP)."""
        self._asked = True

    def tick(self) -> None:
        """Reload where something changed and has been quiet for one tick: several files are seldom saved at once."""
        look = self._look()
        quiet, self._seen = look == self._seen, look
        asked, self._asked = self._asked, False
        if not asked and (not quiet or look == self._loaded):
            return
        self._loaded = look
        files, problems = bootstrap.check_files(self._bench.settings, lint=False)
        self._bench.metrics.record_load(refused=files is None)
        if files is None:
            errors = [str(problem) for problem in problems if problem.severity is Severity.ERROR]
            self._bench.parts.store.set_setting(
                FILES_REFUSED, errors[0] + (f" (and {len(errors) - 1} more)" if errors[1:] else "")
            )
            warn("files_refused", problems=errors, kept=self._bench.parts.files.ruleset)
            return
        self._bench.parts.store.set_setting(FILES_REFUSED, "")
        self._bench.parts = replace(self._bench.parts, files=files)
        log("files_loaded", feeds=len(files.feeds), digests=len(files.digests), ruleset=files.ruleset)

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        folders = [bootstrap.folder_of(self._bench.settings, name) for name in ("seeds", "rules", "digests")]
        files = sorted(file for folder in folders for file in folder.rglob("*.y*ml"))
        return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)
