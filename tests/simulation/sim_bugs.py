"""Bugs put in on purpose: each is a context manager for one scene; the simulation must find every one of them.

They are what somebody might write in earnest, put at the seams (a store or a mailer that differs in one thing) or into one function.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sim_scene import Gate, Scene
from sim_world import Process

import monitor.delivery.confirmation
import monitor.delivery.outbox
import monitor.delivery.smtp
import monitor.desk
import monitor.digests.due
import monitor.heart
import monitor.publishing
import monitor.scheduler
import monitor.store.outbox
import monitor.store.subscribers
import monitor.store.suppressions
import monitor.web.preferences
from monitor.digests.desk.decide import Decision
from monitor.model.delivery import OutboxMessage, Receipt
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable

Bug = Callable[[Scene], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def put(owner: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    assert kept != value, f"{name} is like that already: this bug is none"
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)


def sql(name: str, old: str, new: str) -> Bug:
    """Another statement of the outbox."""

    @contextlib.contextmanager
    def bug(_: Scene) -> Iterator[None]:
        statement = getattr(monitor.store.outbox, name)
        assert old in statement, f"{name} has no {old!r}: mend this bug"
        with put(monitor.store.outbox, name, statement.replace(old, new)):
            yield

    return bug


def by_store(change: Callable[[Gate, str, tuple[Any, ...], dict[str, Any]], Any]) -> Bug:
    """A store that does one thing otherwise: `change` gives the result of a call, or `NotImplemented`."""

    class Otherwise(Gate):
        def _call(self, name: str, attribute: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
            answer = change(self, name, arguments, named)
            return super()._call(name, attribute, arguments, named) if answer is NotImplemented else answer

        def really(self, name: str, *arguments: Any, **named: Any) -> Any:
            return super()._call(name, getattr(self._store, name), arguments, named)

    @contextlib.contextmanager
    def bug(scene: Scene) -> Iterator[None]:
        scene.make_store = Otherwise
        yield

    return bug


def by_mailer(send: Callable[[Any, Scene, OutboxMessage, Callable[..., Any]], Receipt]) -> Bug:
    """A mailer that does one thing otherwise."""

    class Otherwise:
        def __init__(self, scene: Scene, process: Process):
            self._scene, self._process = scene, process
            self._mailer = real(scene, process)

        def send(self, message: OutboxMessage, *more: Any) -> Receipt:
            return send(self, self._scene, message, lambda one: self._mailer.send(one, *more))

        def close(self) -> None:
            self._mailer.close()

    real: Callable[[Scene, Process], Any]

    @contextlib.contextmanager
    def bug(scene: Scene) -> Iterator[None]:
        nonlocal real
        real = scene.make_mailer
        scene.make_mailer = Otherwise
        yield

    return bug


# --- at the mailer ----------------------------------------------------------------------------------------------------


def _new_id(_: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    fresh = message.message_id.replace("<", f"<try{message.attempt}.")
    return go(replace(message, body=message.body.replace(message.message_id.encode(), fresh.encode())))


def _new_date(_: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    head, blank, body = message.body.partition(b"\r\n\r\n")
    lines = [b"Date: " + str(scene.world.clock()).encode() if line.startswith(b"Date:") else line for line in head.split(b"\r\n")]
    return go(replace(message, body=b"\r\n".join(lines) + blank + body))


def _lost_is_sent(_: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    try:
        return go(message)
    except MailAmbiguous:
        return Receipt(250, "surely it arrived")


def _lost_is_failed(_: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    try:
        return go(message)
    except MailAmbiguous as error:
        raise MailRefused(error.text) from error


def _soft_is_hard(_: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    try:
        return go(message)
    except MailDeferred as error:
        raise MailRefused(error.text, code=error.code) from error


def _twice_to_be_sure(_: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    try:
        return go(message)
    except MailDeferred:
        go(message)
        return go(message)


def _recorded_first(mailer: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    Gate(scene, mailer._process).mark_sent(message.id, Receipt(250, "soon"), scene.world.clock())
    return go(message)


# --- at the store -----------------------------------------------------------------------------------------------------


def _short_lease(gate: Any, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    if name != "claim":
        return NotImplemented
    owner, now, until, limit = arguments
    rows = gate.really("claim", owner, now, now, limit, **named)
    return tuple(replace(row, lease_until=until) for row in rows)


def _bodies_shifted(gate: Any, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    if name != "claim":
        return NotImplemented
    rows = gate.really("claim", *arguments, **named)
    bodies = [row.body for row in rows[1:]] + [row.body for row in rows[:1]]
    return tuple(replace(row, body=body) for row, body in zip(rows, bodies, strict=True))


def _recorded_late() -> Bug:
    """Outcomes are kept until the next claim, and written all together."""
    waiting: list[tuple[Any, ...]] = []

    def change(gate: Any, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if name == "mark_sent":
            waiting.append((gate, arguments))
            return True
        if name in {"claim", "settle_sending"}:
            mine = [one for one in waiting if one[0] is gate]
            waiting[:] = [one for one in waiting if one[0] is not gate]
            for _, outcome in mine:
                gate.really("mark_sent", *outcome)
        return NotImplemented

    return by_store(change)


def _anybody_to_anywhere(gate: Any, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return gate.really(name, *arguments, **{**named, "without": ()}) if name == "claim" else NotImplemented


def _one_connection_ends_all(mailer: Any, scene: Scene, message: OutboxMessage, go: Callable[..., Receipt]) -> Receipt:
    """A connection that failed gives back what the process has, and not only what it has itself."""
    try:
        return go(message)
    except (MailDeferred, RelayUnavailable):
        Gate(scene, mailer._process).release(scene.owner(mailer._process))
        raise


def _retry_all(self: Any, *, edition: str = "", states: Any = (), now: Any = None) -> int:
    with self._engine.writing() as statements:
        return len(statements.run("UPDATE outbox SET state = 'pending', next_at = NULL RETURNING id"))


@contextlib.contextmanager
def _restored_and_sending(scene: Scene) -> Iterator[None]:
    import sim_scene

    real = sim_scene.restore

    def restore(source: Any, url: str) -> None:
        real(source, url)
        store = sim_scene.open_store(url)
        store.set_setting(sim_scene.SENDING_PAUSED, "")
        store.close()

    with put(sim_scene, "restore", restore):
        yield


def in_module(module: Any, name: str, value: Any) -> Bug:
    @contextlib.contextmanager
    def bug(_: Scene) -> Iterator[None]:
        with put(module, name, value):
            yield

    return bug


# --- in the schedule --------------------------------------------------------------------------------------------------


def _seven_days(digest: Any, last: Any, now: Any, first: Any) -> Any:
    """A week is seven times twenty-four hours, is it not."""
    made = monitor.digests.due.due_editions(digest, last, now, first)
    return tuple(replace(one, window=replace(one.window, start=one.due_at - timedelta(days=7))) for one in made)


def _until_now(digest: Any, last: Any, now: Any, first: Any) -> Any:
    """An edition tells everything up to the moment when it is made."""
    made = monitor.digests.due.due_editions(digest, last, now, first)
    return tuple(replace(one, window=replace(one.window, end=now)) for one in made)


@contextlib.contextmanager
def _forgets_a_reader(_: Scene) -> Iterator[None]:
    real = monitor.publishing.address_copies

    def address(*arguments: Any) -> Any:
        messages = real(*arguments)
        return messages[: max(1, len(messages) - 1)]

    with put(monitor.publishing, "address_copies", address):
        yield


# --- at the site and at the desk --------------------------------------------------------------------------------------


@contextlib.contextmanager
def _spam_is_spam(_: Scene) -> Iterator[None]:
    """A complaint about one digest ends all that the person has."""
    keeper = monitor.store.suppressions.SuppressionKeeper
    real = keeper.suppress
    with put(keeper, "suppress", lambda self, new, canonical: real(self, replace(new, digest=""), canonical)):
        yield


@contextlib.contextmanager
def _first_language(_: Scene) -> Iterator[None]:
    real = monitor.publishing._letter
    with put(monitor.publishing, "_letter", lambda edition, digest, language: real(edition, digest, digest.languages[0])):
        yield


@contextlib.contextmanager
def _approval_undone(_: Scene) -> Iterator[None]:
    """Holding is taken for a note that somebody looked."""
    with put(monitor.desk, "hold", lambda parts, draft, why: monitor.desk._save(parts, replace(draft, why=why))):
        yield


def _goes_anyway(draft: Any, conflicts: int, now: Any) -> Decision:
    return Decision(draft.is_open or draft.state == "approved", now, "it is time")


def _as_composed(store: Any, draft: Any) -> Any:
    return {language: monitor.desk.apply_edits(one, ()) for language, one in store.composed(draft.id).items()}


@contextlib.contextmanager
def _late_links(_: Scene) -> Iterator[None]:
    import sim_visitors

    def always(subscription: Any, asked: Any, suppressed: bool, now: Any) -> Any:
        return monitor.delivery.confirmation.standing_of(subscription, now, suppressed, now)

    with put(sim_visitors, "standing_of", always):
        yield


BUGS: dict[str, Bug] = {
    "recorded before it is sent": by_mailer(_recorded_first),
    "recorded when the batch is over": _recorded_late(),
    "a new Message-ID at each try": by_mailer(_new_id),
    "a new Date at each try": by_mailer(_new_date),
    "a lost reply counts as sent": by_mailer(_lost_is_sent),
    "a lost reply counts as refused": by_mailer(_lost_is_failed),
    "a 4xx counts as a 5xx": by_mailer(_soft_is_hard),
    "tries twice to be sure": by_mailer(_twice_to_be_sure),
    "no lease": by_store(_short_lease),
    "bodies shifted by one": by_store(_bodies_shifted),
    "claims of the living are given away": in_module(monitor.heart.Heart, "silent", lambda self, others: tuple(others)),
    "who left is not asked for again at the claim": in_module(monitor.store.outbox, "_is_wanted", lambda row: True),
    "a paused edition is sent": sql("_DUE", "held.state <> 'sending'", "held.state = 'none'"),
    "retry takes what was sent": in_module(monitor.store.outbox.OutboxKeeper, "retry", _retry_all),
    "abort takes what was sent": sql("_ABORT", "state NOT IN ('sent', 'aborted')", "state <> 'aborted'"),
    "an import brings back who bounced": in_module(
        monitor.store.subscribers, "_heeding", lambda wish, listed, standing: wish.subscription
    ),
    "erasure leaves nothing, not even the hash": in_module(monitor.store.subscribers, "put_suppression", lambda *_: None),
    "a restored database sends at once": _restored_and_sending,
    "a week has 168 hours": in_module(monitor.scheduler, "due_editions", _seven_days),
    "windows end when the edition is made": in_module(monitor.scheduler, "due_editions", _until_now),
    "given up at once": in_module(monitor.delivery.outbox, "GIVE_UP_AFTER", timedelta()),
    "the last reader is forgotten": _forgets_a_reader,
    "confirmations wait behind editions": sql("_DUE", "ORDER BY (o.kind = 'edition'), o.id", "ORDER BY o.id"),
    "a link works for ever": _late_links,
    "a complaint about one digest shuts out from another": in_module(monitor.web.preferences, "address_mac", lambda *_: ""),
    "a complaint about one digest ends the others": _spam_is_spam,
    "everybody gets the first language": _first_language,
    "a limited domain is spoken to over all connections": by_store(_anybody_to_anywhere),
    "a connection that fails gives back what others have": by_mailer(_one_connection_ends_all),
    "a draft goes out though nobody let it go": in_module(monitor.desk, "decide", _goes_anyway),
    "a held draft goes out at its time": _approval_undone,
    "what the desk wrote is lost": in_module(monitor.desk, "edited", _as_composed),
    "an older edition takes the place of a newer one": sql("_SUPERSEDE", "AND (old.key < :key OR old.key LIKE :revisions)", ""),
    "dots at the start of a line are not doubled": in_module(monitor.delivery.smtp, "stuffed", lambda body: body + b".\r\n"),
}
"""What is wrong, in words → the bug."""

SEEDS = 120
"""Within so many seeds each is found; most are within five."""
LIKELY = {
    "a link works for ever": 64,
    "a complaint about one digest shuts out from another": 73,
    "a connection that fails gives back what others have": 19,
    "recorded when the batch is over": 27,
    "an import brings back who bounced": 20,
    "an older edition takes the place of a newer one": 29,
    "a limited domain is spoken to over all connections": 31,
    "a restored database sends at once": 32,
}
"""Seeds that found it last time are played first: rare ones need not be looked for anew."""


def first_found(name: str, play: Callable[[int, Bug], str]) -> tuple[int, str]:
    """The first seed that finds a bug, and what it says; (-1, "") where none does."""
    bug = BUGS[name]
    for seed in itertools.chain([LIKELY[name]] if name in LIKELY else [], range(SEEDS)):
        if broken := play(seed, bug):
            return seed, broken
    return -1, ""
