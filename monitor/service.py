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
from monitor.health import FILES_REFUSED
from monitor.logs import log, warn
from monitor.metrics import Metrics
from monitor.scheduler import Bench, PollTick, ReloadTick, Ticker, publish_due
from monitor.settings import Settings
from monitor.store.backup import SENDING_PAUSED
from monitor.version import __version__
from monitor.web.app import Site, make_app
from monitor.web.server import serve
from monitor.worker import Delivery, deliver, own_name, release_dead

HEARTBEAT_S = 10.0
RELOAD_S = 5.0
POLLS_END_S = 5.0
"""How long polls may take to end after SIGTERM; what they had not stored is read again at the next start."""


@dataclass(slots=True)
class Running:
    """What has to be ended."""

    ticker: Ticker
    polls: PollTick
    reload: ReloadTick
    delivering: threading.Lock


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
    )
    serve(make_app(site), settings.web.host, settings.web.port, stopping)
    stopping.set()
    return _drain(bench, running)


def _start(bench: Bench, stopping: Callable[[], bool]) -> Running:
    service = bench.settings.service
    polls, reload_files, ticker, delivering = PollTick(bench), ReloadTick(bench), Ticker(), threading.Lock()

    def publish() -> None:
        publish_due(bench)

    def send() -> None:
        with delivering:
            _deliver_tick(bench, stopping)

    ticker.every(HEARTBEAT_S, "heartbeat", lambda: bench.parts.store.heartbeat("scheduler", bootstrap.system_clock()))
    ticker.every(service.poll_tick_s, "poll", polls.tick)
    ticker.every(service.publish_tick_s, "publish", publish)
    ticker.every(service.deliver_tick_s, "deliver", send)
    ticker.every(RELOAD_S, "reload", reload_files.tick)
    ticker.start()
    return Running(ticker, polls, reload_files, delivering)


def _deliver_tick(bench: Bench, stopping: Callable[[], bool]) -> None:
    store, settings = bench.parts.store, bench.settings
    if stopping() or store.setting(SENDING_PAUSED):
        return
    store.heartbeat("worker", bootstrap.system_clock())
    report = deliver(
        Delivery(
            store=store,
            mailer=bootstrap.mailer_of(settings),
            clock=bench.parts.clock,
            owner=own_name(),
            pause=bootstrap.pacer(settings.smtp.rate_per_s, time.monotonic, time.sleep),
            stopping=stopping,
            hold_ambiguous=settings.smtp.on_ambiguous == "hold",
        )
    )
    bench.metrics.record_delivery(report.counts)
    if report.counts:
        log("delivered", **report.counts)
    if report.stopped:
        warn("delivery_stopped", reason=report.stopped)


def _drain(bench: Bench, running: Running) -> int:
    """Begin nothing new, let the mail in hand come to its reply, then leave. Polls are safe to leave at any point."""
    running.ticker.stop()
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
