"""The service in one process: scheduler, worker and web; and its orderly end."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor import bootstrap
from monitor.delivery.outbox import code_class
from monitor.health import FILES_REFUSED
from monitor.logs import log, warn
from monitor.mailroom import delivery_of
from monitor.metrics import Metrics
from monitor.model.delivery import OutboxMessage, OutboxState, Sending, SendingState
from monitor.model.errors import MailFailed
from monitor.return_ticks import ReturnTicks, returns_of
from monitor.scheduler import Bench, PollTick, ReloadTick, Ticker, forget_unwanted, publish_due
from monitor.settings import Settings
from monitor.store.backup import SENDING_PAUSED
from monitor.version import __version__
from monitor.web.app import Site, make_app
from monitor.web.server import serve
from monitor.web.workbench.made import workbench_of
from monitor.worker import Delivery, Observer, deliver, own_name, release_dead

HEARTBEAT_S = 10.0
RELOAD_S = 5.0
FORGET_S = 3600.0
POLLS_END_S = 5.0
"""How long polls may take to end after SIGTERM; what they had not stored is read again at the next start."""


@dataclass(slots=True)
class Running:
    """What has to be ended."""

    ticker: Ticker
    polls: PollTick
    reload: ReloadTick
    delivering: threading.Lock
    returns: ReturnTicks


def run(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code. SIGHUP loads the files anew within `RELOAD_S`.

    Raises:
        WrongFiles: The files cannot be loaded at start; once running, wrong files leave the old ones in force.
    """
    stopping = threading.Event()
    metrics = Metrics()
    parts = replace(bootstrap.build(settings, processes=settings.service.processes), stopping=stopping.is_set)
    metrics.watch(parts.store)
    bench = Bench(parts, settings, metrics, settings.under_home(settings.out))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    log("service_started", version=__version__, feeds=len(parts.files.feeds), ruleset=parts.files.ruleset)
    release_dead(parts.store)
    parts.store.set_setting(FILES_REFUSED, "")
    bootstrap.settle()
    running = _start(bench, stopping.is_set)
    signal.signal(signal.SIGHUP, lambda *_: running.reload.ask())
    site = Site(
        parts.store,
        lambda: bench.parts.files,
        parts.sender,
        parts.clock,
        metrics,
        settings.web.metrics_token.get_secret_value(),
        settings.web.trusted_proxies,
        workbench_of(settings, parts.sender.secret, running.reload.ask, lambda: bench.parts),
        bootstrap.hooks_of(settings),
    )
    serve(make_app(site), settings.web.host, settings.web.port, stopping)
    stopping.set()
    return _drain(bench, running)


def _start(bench: Bench, stopping: Callable[[], bool]) -> Running:
    service = bench.settings.service
    polls, reload_files, ticker, delivering = PollTick(bench), ReloadTick(bench), Ticker(), threading.Lock()

    def publish() -> None:
        publish_due(bench)

    parts = bench.parts
    delivery = delivery_of(bench.settings, parts.store, clock=parts.clock, stopping=stopping, observer=Told(bench.metrics))

    def send() -> None:
        with delivering:
            _deliver_tick(bench, delivery)

    ticker.every(HEARTBEAT_S, "heartbeat", lambda: bench.parts.store.heartbeat("scheduler", bootstrap.system_clock()))
    ticker.every(service.poll_tick_s, "poll", polls.tick)
    ticker.every(service.publish_tick_s, "publish", publish)
    ticker.every(service.deliver_tick_s, "deliver", send)
    ticker.every(RELOAD_S, "reload", reload_files.tick)
    ticker.every(FORGET_S, "forget", lambda: forget_unwanted(bench))
    returns = ReturnTicks(
        bench.settings, returns_of(parts.store, parts.sender, parts.clock, bench.metrics), bootstrap.hooks_of(bench.settings)
    )
    returns.start(ticker.every)
    ticker.start()
    return Running(ticker, polls, reload_files, delivering, returns)


class Told(Observer):
    """Counts messages, and logs what becomes of editions."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def outcome(self, message: OutboxMessage, state: OutboxState, error: MailFailed | None) -> None:  # noqa: ARG002 — what `Observer` promises
        """See `Observer.outcome`. The log names no address."""
        self._metrics.record_mail(state, error, code_class(error) if error else "")

    def changed(self, sending: Sending) -> None:
        """See `Observer.changed`."""
        facts = {"edition": sending.edition, "reason": sending.reason, **sending.counts}
        if sending.state is SendingState.FINISHED:
            log("sending_finished", **facts)
        else:
            warn(f"sending_{sending.state.value}", **facts)


def _deliver_tick(bench: Bench, delivery: Delivery) -> None:
    store = bench.parts.store
    if delivery.stopping() or store.setting(SENDING_PAUSED):
        return
    store.heartbeat("worker", bootstrap.system_clock())
    report = deliver(delivery)
    if report.counts:
        log("delivered", **report.counts)
    if report.stopped:
        warn("delivery_stopped", reason=report.stopped)


def _drain(bench: Bench, running: Running) -> int:
    """Begin nothing new, let the mail in hand come to its reply, then leave. Polls are safe to leave at any point."""
    running.ticker.stop()
    running.returns.stop()
    clean = running.delivering.acquire(timeout=bench.settings.service.drain_s)
    until = time.monotonic() + POLLS_END_S
    while not running.polls.idle() and time.monotonic() < until:
        time.sleep(0.05)
    bench.parts.store.release(own_name())
    # the store first: a poll that loses its parser now must not write that down as the feed's failure
    bench.parts.store.close()
    bench.parts.compute.close()
    log("service_stopped", clean=clean)
    sys.stdout.flush()
    sys.stderr.flush()
    # threads that still wait for a slow host would hold up the interpreter's end
    os._exit(0 if clean else 1)
