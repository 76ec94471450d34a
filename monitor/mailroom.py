"""Puts together what sends mail, for the service and for the command line: connections, limits, sign of life, and who is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from monitor import bootstrap
from monitor.heart import Heart
from monitor.model.pace import Pace
from monitor.model.ports import Clock
from monitor.settings import Settings
from monitor.store.mail_promises import SENDER
from monitor.store.promises import Store
from monitor.worker import Delivery, Observer, Rates, own_name


def delivery_of(
    settings: Settings,
    store: Store,
    *,
    clock: Clock | None = None,
    stopping: Callable[[], bool] = lambda: False,
    observer: Observer | None = None,
) -> Delivery:
    """All that a pass over the outbox needs; for any number of passes, one after another.

    Args:
        settings: The relay, its limits, and what to do where its last word was lost.
        store: The outbox.
        clock: The present for messages; default the system's, or the fixed one. Limits and signs of life go by the system's always.
        stopping: True once nothing new shall be begun.
        observer: Who hears of messages and editions.
    """
    smtp, owner = settings.smtp, own_name()
    mailers = [bootstrap.mailer_of(settings) for _ in range(smtp.connections)]
    return Delivery(
        store=store,
        mailer=mailers[0],
        more_mailers=tuple(mailers[1:]),
        clock=clock or bootstrap.clock_of(settings),
        owner=owner,
        stopping=stopping,
        hold_ambiguous=smtp.on_ambiguous == "hold",
        rates=rates_of(settings),
        jitter=random.random,
        heart=Heart(lambda: store.heartbeat(SENDER + owner, bootstrap.system_clock())),
        observer=observer or Observer(),
        max_lateness=timedelta(hours=settings.mail.max_lateness_h),
        deadline=timedelta(seconds=smtp.deadline_s),
    )


def rates_of(settings: Settings) -> Rates:
    """The limits in force. What a second allows may go at once, so that a pause to look around loses nothing."""
    smtp = settings.smtp
    return Rates(
        clock=bootstrap.system_clock,
        relay=_pace(smtp.rate_per_s),
        domains={domain: _pace(rate) for domain, rate in smtp.domain_rates.items()},
    )


def _pace(per_s: float) -> Pace:
    return Pace(per_s, burst=max(1.0, per_s))
