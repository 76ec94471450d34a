"""Keeps the outbox: who gets which frozen bytes, and what became of it. Each change is durable before its method returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.delivery import OutboxMessage, OutboxState, Receipt
from monitor.model.errors import WrongUse
from monitor.store.codec import optional_time_text, time_text
from monitor.store.engine import Keeper, Row, Statements, Values, listed
from monitor.store.promises import OutboxStore
from monitor.store.rows import message_row, outbox_message

_PUT = """
    INSERT INTO outbox (edition, subscription, recipient, language, message_id, state, attempt, next_at, lease_owner,
        lease_until, smtp_code, smtp_text, queue_id, created_at, sent_at, envelope_from)
    VALUES (:edition, :subscription, :recipient, :language, :message_id, :state, :attempt, :next_at, :lease_owner,
        :lease_until, :smtp_code, :smtp_text, :queue_id, :created_at, :sent_at, :envelope_from)
    RETURNING id
"""
_PUT_BODY = "INSERT INTO outbox_body (message, body) VALUES (:message, :body)"
# Rows that are final keep no lease and no `next_at` that could make them due: one condition serves all three open states.
_DUE = """
    SELECT o.id, s.state AS subscribed FROM outbox o JOIN subscription s ON s.id = o.subscription
    WHERE o.state IN ('pending', 'deferred', 'claimed')
        AND (o.next_at IS NULL OR o.next_at <= :now) AND (o.lease_until IS NULL OR o.lease_until <= :now)
    ORDER BY o.id LIMIT :most @claim_lock(o)
"""
_CLAIM = """
    UPDATE outbox SET state = 'claimed', attempt = attempt + 1, next_at = NULL, lease_owner = :owner, lease_until = :lease_until
    WHERE id IN @ints(ids) RETURNING *
"""
_BODIES = "SELECT message, body FROM outbox_body WHERE message IN @ints(ids)"
_SUPPRESS = """
    UPDATE outbox SET state = 'suppressed', smtp_text = :reason, next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE id = :id
"""
_SENT = """
    UPDATE outbox SET state = 'sent', smtp_code = :code, smtp_text = :text, queue_id = :queue_id, sent_at = :now,
        next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE id = :id AND state <> 'sent' RETURNING id
"""
# Nobody needs the bytes once the relay has them; kept, they would be most of the database.
_DROP_BODY = "DELETE FROM outbox_body WHERE message = :id"
_MARK = """
    UPDATE outbox SET state = :state, smtp_code = :code, smtp_text = :reason, next_at = :next_at,
        lease_owner = '', lease_until = NULL
    WHERE id = :id AND state NOT IN ('sent', 'suppressed', 'aborted') RETURNING id
"""
_EXISTS = "SELECT id FROM outbox WHERE id = :id"
_RELEASE = """
    UPDATE outbox SET state = 'pending', lease_owner = '', lease_until = NULL
    WHERE state = 'claimed' AND lease_owner = :owner RETURNING id
"""
_COUNTS = "SELECT state, COUNT(*) AS messages FROM outbox GROUP BY state"
_LIST = "SELECT * FROM outbox WHERE {} ORDER BY id"
_RETRY = """
    UPDATE outbox SET state = 'pending', next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE {} RETURNING id
"""
_ABORT = """
    UPDATE outbox SET state = 'aborted', next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE edition = :edition AND state NOT IN ('sent', 'aborted') RETURNING id
"""


def put_messages(statements: Statements, messages: Sequence[OutboxMessage], frozen_at: datetime) -> None:
    """Insert messages with new ids, inside a transaction of the caller's; `frozen_at` is when they came to be, if they do not say."""
    for message in messages:
        row = message_row(replace(message, created_at=message.created_at or frozen_at))
        number = statements.run(_PUT, row)[0]["id"]
        statements.run(_PUT_BODY, {"message": number, "body": message.body})


class OutboxKeeper(Keeper, OutboxStore):
    """`OutboxStore` on any engine.

    `sent` is final whatever comes later. An outcome that arrives for a row which was meanwhile aborted or suppressed
    changes nothing, unless it is that the relay took it: then that is the truth.
    """

    def claim(self, owner: str, now: datetime, lease_until: datetime, limit: int) -> tuple[OutboxMessage, ...]:
        """Take up to `limit` messages that are due or whose lease ran out, oldest first; attempt + 1.

        Empty only if nothing is due. A message whose subscription is no longer active becomes suppressed here.
        """
        with self._engine.writing() as statements:
            ids = _due(statements, time_text(now), limit)
            if not ids:
                return ()
            values: Values = {"owner": owner, "lease_until": time_text(lease_until), "ids": listed(ids)}
            rows = sorted(statements.run(_CLAIM, values), key=_number)
            bodies = {row["message"]: bytes(row["body"]) for row in statements.run(_BODIES, {"ids": listed(ids)})}
        return tuple(outbox_message(row, bodies[row["id"]]) for row in rows)

    def mark_sent(self, message_id: int, receipt: Receipt, now: datetime) -> None:
        """Final: accepted by the relay. The first receipt stands; the bytes are dropped.

        Raises:
            WrongUse: There is no such message.
        """
        values: Values = {
            "id": message_id,
            "code": receipt.code,
            "text": receipt.text,
            "queue_id": receipt.queue_id,
            "now": time_text(now),
        }
        with self._engine.writing() as statements:
            if statements.run(_SENT, values):
                statements.run(_DROP_BODY, {"id": message_id})
            else:
                _require(statements, message_id)

    def mark(
        self, message_id: int, state: OutboxState, reason: str, *, code: int | None = None, next_at: datetime | None = None
    ) -> None:
        """Any other outcome. A pending or deferred row is not claimed before its `next_at`.

        Raises:
            WrongUse: There is no such message; `state` is sent or claimed; deferred lacks `next_at`, or a final state has one.
        """
        if state in (OutboxState.SENT, OutboxState.CLAIMED):
            raise WrongUse(f"a message is not marked {state}: use mark_sent, or claim")
        if next_at is None and state is OutboxState.DEFERRED:
            raise WrongUse("a deferred message needs the time of its next try")
        if next_at is not None and state not in (OutboxState.DEFERRED, OutboxState.PENDING):
            raise WrongUse(f"a message that is {state} has no next try")
        values: Values = {
            "id": message_id,
            "state": state.value,
            "reason": reason,
            "code": code,
            "next_at": optional_time_text(next_at),
        }
        with self._engine.writing() as statements:
            if not statements.run(_MARK, values):
                _require(statements, message_id)

    def release(self, owner: str) -> int:
        """Give back all claims of `owner`, due at once; returns how many. `attempt` goes on counting from where it was."""
        with self._engine.writing() as statements:
            return len(statements.run(_RELEASE, {"owner": owner}))

    def outbox(self, *, edition: str = "", states: Sequence[OutboxState] = ()) -> tuple[OutboxMessage, ...]:
        """Rows without their `body` (b""), oldest first."""
        where, values = _which(edition, states)
        with self._engine.reading() as statements:
            return tuple(outbox_message(row) for row in statements.run(_LIST.format(where), values))

    def outbox_counts(self) -> dict[OutboxState, int]:
        """Rows by state; a state without rows counts 0."""
        with self._engine.reading() as statements:
            return Counter({OutboxState(row["state"]): row["messages"] for row in statements.run(_COUNTS)})

    def retry(self, *, edition: str = "", states: Sequence[OutboxState] = (OutboxState.FAILED, OutboxState.UNKNOWN)) -> int:
        """Set rows in `states` back to pending, due at once; returns how many.

        Raises:
            WrongUse: `states` has sent (nobody gets a mail twice) or claimed (a worker has it until its lease runs out).
        """
        wrong = {OutboxState.SENT, OutboxState.CLAIMED} & set(states)
        if wrong:
            raise WrongUse(f"messages that are {' or '.join(sorted(wrong))} are not tried again")
        if not states:
            return 0
        where, values = _which(edition, states)
        with self._engine.writing() as statements:
            return len(statements.run(_RETRY.format(where), values))

    def abort(self, *, edition: str) -> int:
        """Set every unsent row of an edition to aborted, with what was last said of it kept; returns how many."""
        with self._engine.writing() as statements:
            return len(statements.run(_ABORT, {"edition": edition}))


def _number(row: Row) -> int:
    return int(row["id"])


def _due(statements: Statements, now: str, limit: int) -> list[int]:
    """Ids to claim, after suppressing those before them that nobody wants any more."""
    while limit > 0:
        rows = statements.run(_DUE, {"now": now, "most": limit})
        unwanted = [row for row in rows if row["subscribed"] != "active"]
        statements.run_many(_SUPPRESS, ({"id": row["id"], "reason": f"subscription is {row['subscribed']}"} for row in unwanted))
        if len(unwanted) < len(rows) or not rows:
            return [row["id"] for row in rows if row["subscribed"] == "active"]
    return []


def _require(statements: Statements, message_id: int) -> None:
    if not statements.run(_EXISTS, {"id": message_id}):
        raise WrongUse(f"there is no outbox message {message_id}")


def _which(edition: str, states: Sequence[OutboxState]) -> tuple[str, dict[str, str]]:
    where = ["edition = :edition"] if edition else []
    where += ["state IN @texts(states)"] if states else []
    return " AND ".join(where) or "1 = 1", {"edition": edition, "states": listed(state.value for state in states)}
