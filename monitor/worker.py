"""Empties the outbox: claim, send, commit, one message at a time on each connection; and says why it stopped.

A message is ours from the moment it is put into the outbox to the relay's final reply. Each reply is committed before the next message.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from monitor.delivery.outbox import FAULTS_IN_A_ROW, Tally, after_failure, spread
from monitor.heart import Heart
from monitor.model.delivery import DeliveryReport, OutboxMessage, OutboxState, Sending
from monitor.model.errors import ClaimLost, MailFailed, RelayUnavailable, SenderRefused
from monitor.model.pace import Pace
from monitor.model.ports import Clock, Mailer
from monitor.patience import patiently
from monitor.store.mail_promises import SENDER
from monitor.store.promises import Store

DEADLINE = timedelta(minutes=15)
"""The longest that one transaction with the relay may take, if nothing else is said."""
SPARE = timedelta(minutes=5)
LEASE = DEADLINE + SPARE
"""Longer than the longest transaction; a claim of a sender that beats no heart is taken over after it."""
BATCH = 40
"""How many messages are claimed at once, by all connections together: each claim waits for the disk once."""
LEAST_BATCH = 5
TOGETHER_S = 0.1
"""What the relay's limit allows in so many seconds is drawn together: each draw is a transaction."""
LOOK_AGAIN_S = 1.0
"""Seconds after which a sender that waits for a domain's limit looks for something else to send."""


class Observer:
    """Hears what becomes of messages and editions while a pass runs, from any of its threads; this one does nothing."""

    def outcome(self, message: OutboxMessage, state: OutboxState, error: MailFailed | None) -> None:
        """A message came to `state`; `error` is None where it was sent."""

    def changed(self, sending: Sending) -> None:
        """The sending of an edition was paused, finished or missed."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast mail may go: to the relay altogether, and to single domains of recipients (lower case). No entry: no limit.

    Kept in the store, so that a restart or a second worker does not begin anew. `clock` is for the buckets alone, and never fixed.
    """

    clock: Clock
    relay: Pace | None = None
    domains: Mapping[str, Pace] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the worker needs: the outbox, a connection to the relay or several, a clock, and its own name on its claims.

    With `more_mailers` each mailer gets a thread of its own; with one the pass runs in the caller's.
    """

    store: Store
    mailer: Mailer
    clock: Clock
    owner: str
    stopping: Callable[[], bool] = lambda: False
    hold_ambiguous: bool = False
    more_mailers: tuple[Mailer, ...] = ()
    rates: Rates | None = None
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = lambda: 0.5
    """Gives 0 ≤ x < 1, drawn anew each time."""
    heart: Heart | None = None
    """Without one, claims are kept by their lease alone."""
    observer: Observer = field(default_factory=Observer)
    max_lateness: timedelta = timedelta(hours=24)
    """An edition that was not begun so long after it was frozen is missed."""
    deadline: timedelta = DEADLINE


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


def release_silent(delivery: Delivery) -> int:
    """Give back the claims of senders whose heart, as this one has seen for a minute, beats no more; returns how many."""
    store, heart = delivery.store, delivery.heart
    if heart is None:
        return 0
    beats = {name.removeprefix(SENDER): at for name, at in store.heartbeats().items() if name.startswith(SENDER)}
    return sum(store.release_silent(owner, beats[owner]) for owner in heart.silent(beats))


def deliver(delivery: Delivery) -> DeliveryReport:
    """Send what is pending until nothing is due, the relay fails, or the service stops. Nothing is held in memory only.

    First gives back the claims of senders that fell silent, and notes which editions came too late; last, which are finished.

    Raises:
        StoreFailed: The database was away for longer than patience lasts. What was claimed and not tried is given back, if it can be.
    """
    one_pass = _Pass(delivery)
    one_pass.settle()
    heart: AbstractContextManager[object] = delivery.heart or nullcontext()
    with heart:
        release_silent(delivery)
        one_pass.run((delivery.mailer, *delivery.more_mailers))
    if delivery.heart is not None:
        delivery.store.forget_sender(delivery.owner)
    one_pass.settle()
    return DeliveryReport(dict(one_pass.counts), one_pass.stop, tuple(one_pass.changed))


class _Pass:
    """One pass over the outbox. What its senders share is changed under `_lock` only; `stop` is "" while it goes on."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.counts: Counter[str] = Counter()
        self.changed: list[Sending] = []
        self.stop = ""
        self._lock = threading.Lock()
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self._faults_in_a_row = 0
        self._fault: MailFailed | None = None
        self._paused: set[str] = set()
        self._at_work = 0
        self._batch = max(LEAST_BATCH, BATCH // (1 + len(delivery.more_mailers)))
        self._held: dict[str, int] = {}
        """Domain with a limit → the sender that has messages to it in hand: one connection to each at a time."""
        self._ready_at: dict[str, datetime] = {}
        """Domain → when its limit allows the next message."""

    def settle(self) -> None:
        """Note which editions came too late or are finished."""
        for sending in self.delivery.store.settle_sending(self.delivery.clock(), self.delivery.max_lateness):
            self._tell(sending)

    def _tell(self, sending: Sending | None) -> None:
        if sending is not None:
            self.changed.append(sending)
            self.delivery.observer.changed(sending)

    def run(self, mailers: Sequence[Mailer]) -> None:
        """Have each mailer send until nothing is due."""
        self._at_work = len(mailers)
        if len(mailers) == 1:
            self._send_all(0, mailers[0])
        else:
            with ThreadPoolExecutor(len(mailers), thread_name_prefix="sender") as pool:
                ends = [pool.submit(self._send_all, number, mailer) for number, mailer in enumerate(mailers)]
            for end in ends:
                end.result()
        if self._fault:
            self.stop = self.stop or _why_stopped(self._fault)

    def _over(self) -> bool:
        if self.delivery.stopping():
            self.stop = self.stop or "the service is stopping"
        if self.delivery.heart is not None and not self.delivery.heart.beats:
            self.stop = self.stop or "the sender's sign of life cannot be written: its claims would not be kept"
        return bool(self.stop)

    def _send_all(self, sender: int, mailer: Mailer) -> None:
        try:
            sent: list[int] = []
            while not self._over():
                claimed_at = self.delivery.heart.clock() if self.delivery.heart else 0.0
                batch = self._take(sender, sent)
                if batch:
                    sent = self._work(mailer, batch, claimed_at)
                elif not self._wait():
                    return
        except BaseException as error:
            self.stop = self.stop or f"a sender failed: {error}"
            raise
        finally:
            mailer.close()

    def _take(self, sender: int, sent: Sequence[int]) -> list[OutboxMessage]:
        """Claim some, but none to a domain whose limit is reached, or which another sender has in hand; done with are those `sent`."""
        delivery, rates = self.delivery, self.delivery.rates
        with self._lock:
            self._held = {domain: holder for domain, holder in self._held.items() if holder != sender}
            if rates is not None:
                moment = rates.clock()
                self._ready_at = {domain: at for domain, at in self._ready_at.items() if at > moment}
            now = delivery.clock()
            until = now + delivery.deadline + SPARE
            without = sorted({*self._held, *self._ready_at})
            batch = delivery.store.claim(delivery.owner, now, until, self._batch, without=without, sent=sent)
            if rates is not None:
                self._held |= {domain_of(one): sender for one in batch if domain_of(one) in rates.domains}
        return list(batch)

    def _wait(self) -> bool:
        """Wait a little where only limits of domains are in the way; False where the sender may go home: the last one stays."""
        rates = self.delivery.rates
        with self._lock:
            soonest = min(self._ready_at.values(), default=None)
            if rates is None or soonest is None or self._at_work > 1:
                self._at_work -= 1
                return False
        self.delivery.sleep(min(LOOK_AGAIN_S, max(0.001, (soonest - rates.clock()).total_seconds())))
        return True

    def _work(self, mailer: Mailer, batch: list[OutboxMessage], claimed_at: float) -> list[int]:
        """Send a batch, one after another; what is not tried is given back. Returns those that were sent."""
        sent: list[int] = []
        allowed = 0
        try:
            while batch and not self._over():
                message = batch[0]
                if not self._ours(message, claimed_at, self.delivery.deadline):
                    break
                if message.edition in self._paused:
                    self._give_back(batch, lambda one: one.edition in self._paused)
                elif self._has_to_wait(message, batch):
                    continue
                elif allowed or (allowed := self._may_go(len(batch))):
                    del batch[0]
                    allowed -= 1
                    sent += [message.id] if self._send(mailer, message, claimed_at) else []
        finally:
            self._give_back(batch, lambda _: True)
        return sent

    def _ours(self, message: OutboxMessage, claimed_at: float, needed: timedelta = timedelta(0)) -> bool:
        """Whether nobody else can have got the message meanwhile, nor will for as long as is needed."""
        delivery = self.delivery
        if delivery.heart is not None and not delivery.heart.trusts(claimed_at):
            return False
        return message.lease_until is None or delivery.clock() + needed <= message.lease_until

    def _give_back(
        self,
        batch: list[OutboxMessage],
        which: Callable[[OutboxMessage], bool],
        next_at: datetime | None = None,
    ) -> None:
        """Take some out of the batch, as if they had not been claimed."""
        numbers = [one.id for one in batch if which(one)]
        batch[:] = [one for one in batch if not which(one)]
        if numbers:
            self.delivery.store.give_back(self.delivery.owner, numbers, next_at=next_at)

    def _has_to_wait(self, message: OutboxMessage, batch: list[OutboxMessage]) -> bool:
        """Give back all to the domain of `message` if its limit is reached; others go on."""
        delivery, rates, domain = self.delivery, self.delivery.rates, domain_of(message)
        pace = rates.domains.get(domain) if rates is not None else None
        if rates is None or pace is None:
            return False
        moment = rates.clock()
        wait_s = delivery.store.draw(f"domain/{domain}", pace, moment)
        if wait_s <= 0:
            return False
        wait = spread(timedelta(seconds=wait_s), delivery.jitter())
        with self._lock:
            self._ready_at[domain] = moment + wait
        self._give_back(batch, lambda one: domain_of(one) == domain, delivery.clock() + wait)
        return True

    def _may_go(self, most: int) -> int:
        """Wait for the relay's limit, which holds for all; how many may go now, `most` at most, 0 if the pass is over before."""
        delivery, rates = self.delivery, self.delivery.rates
        if rates is None or rates.relay is None:
            return most
        many = max(1, min(most, int(min(rates.relay.per_s * TOGETHER_S, rates.relay.burst))))
        while (wait_s := delivery.store.draw("relay", rates.relay, rates.clock(), many)) > 0:
            delivery.sleep(min(wait_s, LOOK_AGAIN_S))
            if self._over():
                return 0
        return many

    def _send(self, mailer: Mailer, message: OutboxMessage, claimed_at: float) -> bool:
        """Send one message and commit its fate; True if it went. A claim that was lost is left to whoever has it now."""
        try:
            receipt = mailer.send(message, lambda: self._ours(message, claimed_at))
        except ClaimLost:
            return False
        except MailFailed as error:
            self._failed(message, error)
            return False
        self._patiently(lambda: self.delivery.store.mark_sent(message.id, receipt, self.delivery.clock()))
        self._note(message, OutboxState.SENT, None)
        return True

    def _failed(self, message: OutboxMessage, error: MailFailed) -> None:
        delivery, store, now = self.delivery, self.delivery.store, self.delivery.clock()
        since, hold, jitter = self._since(message, now), delivery.hold_ambiguous, delivery.jitter()
        step = after_failure(error, message.attempt, since, now, hold_ambiguous=hold, jitter=jitter)
        if step.untried:
            next_at = None if step.pause and message.edition else step.next_at
            self._patiently(lambda: store.give_back(delivery.owner, [message.id], next_at=next_at, reason=step.reason))
        else:
            code, next_at = error.code, step.next_at
            self._patiently(lambda: store.mark(message.id, step.state, step.reason, code=code, next_at=next_at, held=message))
        self._note(message, step.state, error, step.pause)

    def _since(self, message: OutboxMessage, now: datetime) -> datetime:
        """From when on the time of a message runs: a person who resumes an edition gives it time again."""
        sending = self.delivery.store.sending(message.edition) if message.edition else None
        return max([message.created_at or now, *([sending.changed_at] if sending else [])])

    def _note(self, message: OutboxMessage, state: OutboxState, error: MailFailed | None, pause: str = "") -> None:
        """Count an outcome; pause the edition, or stop the pass, where it is not about this message alone."""
        refused: list[int] = []
        with self._lock:
            self.counts[state.value] += 1
            # strangers bring messages of no edition about, by the form: a sender that is refused for those holds up nobody else
            faults = RelayUnavailable | SenderRefused if message.edition else RelayUnavailable
            self._fault = error if isinstance(error, faults) else None
            self._faults_in_a_row = self._faults_in_a_row + 1 if self._fault else 0
            if self._faults_in_a_row >= FAULTS_IN_A_ROW:
                self.stop = self.stop or _why_stopped(self._fault)
            if message.edition and not self._fault:
                tally = self._tallies[message.edition]
                pause = tally.note(message.id, message.attempt, error)
                refused = list(tally.in_a_row) if pause else []
        self.delivery.observer.outcome(message, state, error)
        if pause and message.edition:
            self._pause(message.edition, pause, refused)

    def _pause(self, edition: str, reason: str, refused: Sequence[int]) -> None:
        """Pause an edition; those whom a fault of ours kept from getting it are pending again."""
        store, now = self.delivery.store, self.delivery.clock()
        self._paused.add(edition)
        for number in refused:
            store.mark(number, OutboxState.PENDING, "refused by policy; waits until the edition is resumed")
        if store.pause_sending(edition, reason, now):
            self._tell(store.sending(edition))

    def _patiently(self, call: Callable[[], object]) -> None:
        """Write down what became of a message: it is known to nobody else, so a database that is away is waited for."""
        patiently(call, self.delivery.sleep)


def domain_of(message: OutboxMessage) -> str:
    """The domain of its recipient, as limits name it."""
    return message.recipient.rpartition("@")[2].lower()


def _why_stopped(error: MailFailed | None) -> str:
    if isinstance(error, SenderRefused):
        return f"the relay refuses this sender: {error}"
    return f"the relay is not available: {error}"
