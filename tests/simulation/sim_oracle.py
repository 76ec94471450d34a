"""What must hold, kept apart from the code that is judged: a plain record of who took part, and the promises read off it.

| broken promise | says |
|---|---|
| twice | a message was taken again although neither its reply was lost, nor its sender died, nor a clock was set |
| bytes | two copies of one message differ, or bear two Message-IDs |
| unwanted | a message was claimed for somebody who had left, was suppressed, or whose edition was paused |
| forgotten | a message that was sent is something else later |
| untrue | a message is called sent that no relay took, or failed that nobody refused |
| missed | a subscriber who was there when the edition was frozen has no message, or it never came to an end |
| edition | an edition stands twice, or windows leave a gap or overlap |
| came back | an address that must get nothing is active again |
| order | an edition was claimed while somebody waits for a confirmation that is due |
| wish | a reader has not what was chosen: a complaint about one digest ends another, a choice or a language is lost |
| crowded | two connections of one process speak to a domain with a limit at the same time |
| desk | an edition went out that nobody let go, or without what the desk wrote |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import apsw
from sim_relay import Taken
from sim_world import Broken, Process, World

from monitor.digests.due import due_moment
from monitor.model.delivery import OutboxMessage, OutboxState
from monitor.model.desk import Draft
from monitor.model.digest import CatchUp, Digest
from monitor.store.codec import time_text

SUPERSEDED = "a newer one took its place: "
"""What is said of a mail that was put off until the next edition came; that one's id follows, and it has a row for the same reader."""
FINAL = {"sent", "failed", "suppressed", "aborted"}
_ROWS = "SELECT id, edition, subscription, state, message_id, smtp_text, sent_at, recipient, created_at FROM outbox"
_WAITED_FOR = """
    SELECT o.id FROM outbox o JOIN subscription s ON s.id = o.subscription
    WHERE o.state IN ('pending', 'deferred') AND (o.next_at IS NULL OR o.next_at <= :now) AND o.domain <> 'y.test'
        AND ((o.kind = 'confirmation' AND s.state = 'waiting') OR (o.kind = 'notice' AND s.state = 'active'))
"""
_PEOPLE = "SELECT id, digest, canonical, state FROM subscription"


@dataclass
class Claim:
    process: Process
    jumps: int
    at: datetime


@dataclass
class Copy:
    """One acceptance of a message, and what excuses that there be another."""

    taken: Taken
    claim: Claim
    excuse: str = ""
    committed: bool = False


@dataclass
class Message:
    row: int
    edition: str
    content: bytes
    message_id: str
    recipient: str
    claims: list[Claim] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)


class Oracle:
    """Told of each step; raises `Broken` at the first promise that does not hold."""

    def __init__(self, world: World, digests: tuple[Digest, ...]):
        self.world = world
        self.digests = digests
        self.messages: dict[str, Message] = {}
        self.by_row: dict[int, Message] = {}
        self.failed_at: dict[int, datetime] = {}
        self.taken_before: set[str] = set()
        """Message-IDs that were taken before a backup was restored."""
        self.barred: set[tuple[str, str]] = set()
        """Canonical addresses that must not get a digest, or none ("")."""
        self.ever_barred: set[tuple[str, str]] = set()
        """The same at any time: a copy may be newer than the one that was restored before it."""
        self.mac_of: Callable[[str], str] = str
        self.decided: dict[str, Any] = {}
        """Draft → what the desk said of it."""
        self.changed: set[int] = set()
        """Subscriptions whose state was ever another one."""
        self._standing: dict[int, str] = {}
        self.left: set[int] = set()
        """Subscriptions that ended: no import may make them active."""
        self.doubles: dict[str, int] = defaultdict(int)
        self.expected: dict[str, set[int]] = {}
        """Edition → subscriptions that were active when it was frozen."""
        self.aborted: set[str] = set()
        self._states: dict[int, str] = {}
        self._reader: apsw.Connection | None = None

    def open(self, path: str) -> None:
        self._reader = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def fail(self, promise: str, words: str) -> None:
        raise Broken(f"{promise}: {words}")

    def bar(self, canonical: str, digest: str) -> None:
        self.barred.add((canonical, digest))
        self.ever_barred.add((canonical, digest))

    def is_barred(self, canonical: str, digest: str) -> bool:
        return bool(self.barred & {(canonical, ""), (canonical, digest)})

    # --- what it is told ----------------------------------------------------------------------------------------------

    def claimed(self, process: Process, rows: tuple[OutboxMessage, ...]) -> None:
        people = {row[0]: row for row in self._reader.execute(_PEOPLE)}
        held = {row[0] for row in self._reader.execute("SELECT edition FROM sending WHERE state <> 'sending'")}
        for row in rows:
            _, digest, canonical, state = people[row.subscription]
            wanted = "waiting" if row.kind.value == "confirmation" else "active"
            if state != wanted or self.is_barred(canonical, digest):
                self.fail("unwanted", f"row {row.id} to {row.recipient} was claimed, whose subscription is {state}")
            if row.edition in held:
                self.fail("unwanted", f"row {row.id} was claimed although the sending of {row.edition} is held")
            message = self.messages.setdefault(
                row.message_id, Message(row.id, row.edition, row.body, row.message_id, row.recipient)
            )
            if row.body != message.content:
                self.fail("bytes", f"row {row.id} had other bytes at an earlier claim")
            self.by_row[row.id] = message
            message.claims.append(Claim(process, self.world.jumps, self.world.clock()))
        if any(row.edition for row in rows):
            self._judge_order()

    def _judge_order(self) -> None:
        now = time_text(self.world.clock())
        waiting = self._reader.execute(_WAITED_FOR, {"now": now}).fetchall()
        if waiting:
            self.fail("order", f"an edition was claimed before row {waiting[0][0]}, for which somebody waits at a screen")

    def taken(self, taken: Taken) -> None:
        content = taken.content
        head = content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        message_id = next((line[12:] for line in head.split("\r\n") if line.lower().startswith("message-id: ")), "")
        message = self.messages.get(message_id)
        if message is None:
            self.fail("bytes", f"{taken.recipient} got {message_id}, which nobody claimed")
        if content != message.content or taken.recipient != message.recipient:
            self.fail("bytes", f"what {taken.recipient} got of row {message.row} is not what was frozen")
        mine = [claim for claim in message.claims if claim.process is taken.process]
        if not mine:
            self.fail("unwanted", f"{taken.process.name} sent row {message.row} without a claim of it")
        copy = Copy(taken, mine[-1], excuse="" if taken.heard else "the reply was lost")
        if message.copies:
            self._judge_double(message, copy)
        message.copies.append(copy)

    def _judge_double(self, message: Message, copy: Copy) -> None:
        before = message.copies[-1]
        # a clock that was set forward ends leases of the living: nobody can tell that from hours of silence
        clock = any(one.claim.jumps < self.world.jumps for one in (before, copy))
        excuse = before.excuse or ("a clock was set forward in between" if clock else "")
        if not excuse:
            self.fail(
                "twice",
                f"row {message.row} to {message.recipient}: taken at step {before.taken.step} from {before.taken.process.name}"
                f"{' and recorded' if before.committed else ''}, and at {copy.taken.step} from {copy.taken.process.name}",
            )
        self.doubles[excuse] += 1

    def recorded(self, process: Process, row: int) -> None:
        """A sender wrote down that a message is sent."""
        message = self.by_row.get(row)
        mine = [copy for copy in message.copies if copy.taken.process is process and copy.taken.heard] if message else []
        if not mine:
            self.fail("untrue", f"row {row} is called sent, and the relay told {process.name} nothing of the kind")
        mine[-1].committed = True

    def unrecorded(self, process: Process, row: int, excuse: str) -> None:
        """The database failed when a sender wanted to write that down."""
        for copy in self.by_row[row].copies:
            if copy.taken.process is process and not copy.committed:
                copy.excuse = copy.excuse or excuse

    def killed(self, process: Process) -> None:
        """A sender that dies has one message in hand at most: only the last one that it brought may be brought again."""
        last: dict[str, Copy] = {}
        for copy in (copy for message in self.messages.values() for copy in message.copies if copy.taken.process is process):
            if copy.taken.lane not in last or last[copy.taken.lane].taken.number < copy.taken.number:
                last[copy.taken.lane] = copy
        for copy in last.values():
            if not copy.committed:
                copy.excuse = copy.excuse or "the sender died before it was recorded"

    def frozen(self, edition: str, messages: tuple[OutboxMessage, ...], active: set[int], languages: dict[int, str]) -> None:
        found = {message.subscription for message in messages}
        for message in messages:
            if message.language != languages[message.subscription]:
                self.fail("wish", f"{message.recipient} wants {languages[message.subscription]}, and gets {message.language}")
        if active - found:
            self.fail("missed", f"{edition} was frozen without a message to subscriptions {sorted(active - found)}")
        self.expected[edition] = found

    def restored(self) -> None:
        """An older copy stands: what was sent since is open again, and may be sent again; its history begins anew."""
        self.taken_before |= {name for name, one in self.messages.items() if one.copies}
        self.messages, self.by_row, self._states = {}, {}, {}
        self.expected = defaultdict(set)
        for edition, subscription in self._reader.execute("SELECT edition, subscription FROM outbox"):
            self.expected[edition].add(subscription)
        people = self._reader.execute(_PEOPLE).fetchall()
        kept = set(self._reader.execute("SELECT mac, digest FROM suppression"))
        self.barred = {(name, digest) for name, digest in self.ever_barred if (self.mac_of(name), digest) in kept}
        self._standing = {}
        self.left = {row[0] for row in people if row[3] == "ended"}

    # --- what it looks at itself ------------------------------------------------------------------------------------

    def look(self) -> None:
        """After each change of the database."""
        for number, _, _, state, _, _, _, _, _ in self._reader.execute(_ROWS):
            if self._states.get(number) == "sent" != state:
                self.fail("forgotten", f"row {number} was sent and is {state}")
            if state == "failed" != self._states.get(number):
                self.failed_at[number] = self.world.clock()
            self._states[number] = state
        for number, digest, canonical, state in self._reader.execute(_PEOPLE):
            if self._standing.setdefault(number, state) != state:
                self.changed.add(number)
            self._standing[number] = state
            if state == "active" and self.is_barred(canonical, digest):
                self.fail("came back", f"subscription {number} of {canonical} is active, who must get nothing")
            if state == "active" and number in self.left:
                self.fail("came back", f"subscription {number} of {canonical} is active without having asked again")

    drafts: Callable[[], Iterable[Draft]]

    def look_at_editions(self) -> None:
        rows = self._reader.execute("SELECT id, digest, key, details FROM edition").fetchall()
        waiting = self.drafts()
        for digest in self.digests:
            told = {window_of(row) for row in rows if row[1] == digest.id and "/" not in row[2]}
            told |= {(one.window.start, one.window.end, one.key.isoformat()) for one in waiting if one.digest == digest.id}
            windows = sorted(told)
            keys = [row[2] for row in rows if row[1] == digest.id and "/" not in row[2]]
            if len(set(keys)) < len(keys):
                self.fail("edition", f"{digest.id} has two editions of one date: {sorted(keys)}")
            for (_, end, key), (start, _, following) in pairwise(windows):
                if start < end:
                    self.fail("edition", f"windows of {key} and {following} overlap: {start} before {end}")
                if start > end and digest.schedule.catch_up is not CatchUp.SKIP:
                    self.fail("edition", f"between {key} and {following} nobody tells {end} to {start}")
            for _, end, key in windows:
                if end != due_moment(digest.schedule, datetime.fromisoformat(key).date()):
                    self.fail("edition", f"{key} of {digest.id} ends at {end}, not when it falls due")

    def look_back(self) -> None:
        """When everything is quiet: nobody was missed, nothing is said that is not so."""
        self.look()
        self.look_at_editions()
        rows = self._reader.execute(_ROWS).fetchall()
        by_edition = defaultdict(set)
        for number, edition, subscription, state, message_id, said, _, recipient, created in rows:
            by_edition[edition].add(subscription)
            if state not in FINAL:
                self.fail("missed", f"row {number} to {recipient} is {state} for ever: {said}")
            message = self.messages.get(message_id)
            copies = message.copies if message else []
            if state == "sent" and not copies and message_id not in self.taken_before:
                self.fail("untrue", f"row {number} to {recipient} is called sent, and no relay took it")
            if state == "failed":
                # an erased row has no address any more, and no words about it
                self._judge_failure(
                    number,
                    message.recipient if message else recipient,
                    said if recipient else "given up",
                    datetime.fromisoformat(created),
                )
            if state == "aborted" and edition not in self.aborted:
                self.fail("missed", f"row {number} to {recipient} was aborted by nobody")
            if state == "suppressed" and edition is None:
                if subscription not in self.changed:
                    self.fail("missed", f"row {number} was suppressed although subscription {subscription} never changed")
            elif state == "suppressed":
                newer = said.removeprefix(SUPERSEDED)
                if newer == said or subscription not in {row[2] for row in rows if row[1] == newer}:
                    self._judge_suppressed(number, subscription)
                elif place_of(newer) < place_of(edition):
                    self.fail("missed", f"row {number} of {edition} gave way to {newer}, which is older")
        for edition, people in self.expected.items():
            if people - by_edition[edition]:
                self.fail("missed", f"{edition} has lost its messages to {sorted(people - by_edition[edition])}")

    refusals: dict[str, list[str]]

    def _judge_failure(self, number: int, recipient: str, said: str, created: datetime) -> None:
        hard = [reply for reply in self.refusals.get(recipient, []) if reply.startswith("5")]
        # two days, but for a clock that was set back meanwhile
        late = "given up" in said and self.failed_at.get(number, created) - created > timedelta(hours=12)
        if not hard and not late and recipient:
            self.fail("untrue", f"row {number} to {recipient} failed although no relay refused it: {said}")

    def _judge_suppressed(self, number: int, subscription: int) -> None:
        if subscription not in self.gone:
            self.fail("missed", f"row {number} was suppressed although subscription {subscription} never ended")

    gone: set[int]

    def state_of(self, row: int) -> OutboxState:
        return OutboxState(self._states[row])


def place_of(edition: str) -> tuple[str, int]:
    """Where an edition stands among those of its digest: by its date, then its revision."""
    _, key, *revision = edition.split("/")
    return key, int(revision[0]) if revision else 1


def window_of(row: tuple[str, str, str, str]) -> tuple[datetime, datetime, str]:
    import json

    details = json.loads(row[3])
    window = details["window"]
    return datetime.fromisoformat(window["start"]), datetime.fromisoformat(window["end"]), row[2]
