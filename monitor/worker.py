"""Empties the outbox: claim, send, commit, one message at a time; and says why it stopped."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.delivery.outbox import SENDER_FAULTS_IN_A_ROW, after_failure, is_sender_fault
from monitor.model.delivery import DeliveryReport, OutboxMessage, OutboxState
from monitor.model.errors import MailFailed
from monitor.model.ports import Clock, Mailer
from monitor.store.promises import Store

LEASE = timedelta(minutes=20)
"""Longer than the longest transaction; a claim of a killed worker is taken over after it."""
BATCH = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the worker needs: the outbox, the relay, a clock, a way to wait, and its own name on its claims."""

    store: Store
    mailer: Mailer
    clock: Clock
    owner: str
    pause: Callable[[], None] = lambda: None
    """Called before each message; keeps to the rate."""
    stopping: Callable[[], bool] = lambda: False
    hold_ambiguous: bool = False


def own_name() -> str:
    """The name under which the process signs its claims: host, process id, start time; no other process ever has the same."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def release_dead(store: Store) -> int:
    """Give back the claims of processes of this host that are gone (killed between claim and reply); returns how many."""
    owners = {message.lease_owner for message in store.outbox(states=(OutboxState.CLAIMED,))}
    return sum(store.release(owner) for owner in owners if _is_dead(owner))


def _is_dead(owner: str) -> bool:
    host, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    return host == socket.gethostname() and pid.isdigit() and _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot; "" if there is no such process. Elsewhere than on Linux: "?"."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "" if Path("/proc/self").exists() else "?"
    return stat.rpartition(")")[2].split()[19]


def deliver(delivery: Delivery) -> DeliveryReport:
    """Send what is pending until the outbox is empty, the relay fails, or the service stops. Nothing is held in memory only."""
    counts: Counter[str] = Counter()
    stop = ""
    faults = 0
    while not stop:
        now = delivery.clock()
        claimed = delivery.store.claim(delivery.owner, now, now + LEASE, BATCH)
        if not claimed:
            break
        for message in claimed:
            if delivery.stopping():
                stop = "the service is stopping"
                break
            state, stop, fault = _send(delivery, message)
            counts[state.value] += 1
            faults = faults + 1 if fault else 0
            if faults >= SENDER_FAULTS_IN_A_ROW:
                stop = f"{faults} refusals by policy in a row: look at SPF, DKIM and DMARC of the sender"
            if stop:
                break
        if stop:
            delivery.store.release(delivery.owner)
    delivery.mailer.close()
    return DeliveryReport(dict(counts), stop)


def _send(delivery: Delivery, message: OutboxMessage) -> tuple[OutboxState, str, bool]:
    """Send one message and commit its fate; (state, reason to stop or "", a policy refusal?)."""
    delivery.pause()
    try:
        receipt = delivery.mailer.send(message)
    except MailFailed as error:
        now = delivery.clock()
        step = after_failure(error, message.attempt, message.created_at or now, now, hold_ambiguous=delivery.hold_ambiguous)
        delivery.store.mark(message.id, step.state, step.reason, code=error.code, next_at=step.next_at)
        return step.state, step.stop, is_sender_fault(error)
    delivery.store.mark_sent(message.id, receipt, delivery.clock())
    return OutboxState.SENT, "", False
