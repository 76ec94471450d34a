"""Keeps the outbox: who gets which frozen bytes, and what became of it. Each change is durable before its method returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.delivery import OutboxKind, OutboxMessage, OutboxState, Receipt
from monitor.model.errors import WrongUse
from monitor.store.codec import optional_time_text, time_text
from monitor.store.engine import Keeper, Row, Statements, Values, listed
from monitor.store.mail_promises import OutboxStore
from monitor.store.rows import message_row, outbox_message
from monitor.store.sendings import abort_sending, begin_sending, reopen_sending

_PUT = """
    INSERT INTO outbox (kind, edition, subscription, recipient, domain, language, message_id, state, attempt, next_at, lease_owner,
        lease_until, smtp_code, smtp_text, queue_id, created_at, sent_at, envelope_from)
    VALUES (:kind, :edition, :subscription, :recipient, :domain, :language, :message_id, :state, :attempt, :next_at, :lease_owner,
        :lease_until, :smtp_code, :smtp_text, :queue_id, :created_at, :sent_at, :envelope_from)
    {} RETURNING id
"""
_ONCE = "ON CONFLICT (message_id) DO NOTHING"
_PUT_BODY = "INSERT INTO outbox_body (message, body) VALUES (:message, :body)"
# Rows that are final keep no lease and no `next_at` that could make them due: one condition serves all three open states.
_DUE = """
    SELECT o.id, o.kind, s.state AS subscribed FROM outbox o JOIN subscription s ON s.id = o.subscription
    WHERE o.state IN ('pending', 'deferred', 'claimed')
        AND (o.next_at IS NULL OR o.next_at <= :now) AND (o.lease_until IS NULL OR o.lease_until <= :now)
        AND NOT EXISTS (SELECT 1 FROM sending held WHERE held.edition = o.edition AND held.state <> 'sending')
    ORDER BY (o.kind = 'edition'), o.id LIMIT :most @claim_lock(o)
"""
_DUE_ELSEWHERE = _DUE.replace("ORDER BY", "AND o.domain NOT IN @texts(without) ORDER BY")
_CLAIM = """
    UPDATE outbox SET state = 'claimed', attempt = attempt + 1, next_at = NULL, lease_owner = :owner, lease_until = :lease_until
    WHERE id IN @ints(ids) RETURNING *
"""
_GIVE_BACK = """
    UPDATE outbox SET state = 'pending', attempt = attempt - 1, next_at = :next_at, smtp_text = CASE :reason WHEN '' THEN smtp_text
        ELSE :reason END, lease_owner = '', lease_until = NULL
    WHERE id IN @ints(ids) AND state = 'claimed' AND lease_owner = :owner RETURNING id
"""
_BODIES = "SELECT message, body FROM outbox_body WHERE message IN @ints(ids)"
_SUPPRESS = """
    UPDATE outbox SET state = 'suppressed', smtp_text = :reason, next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE id = :id
"""
_SENT = """
    UPDATE outbox SET state = 'sent', smtp_code = :code, smtp_text = :text, queue_id = :queue_id, sent_at = :now,
        next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE id = :id AND state <> 'sent' RETURNING edition
"""
# Nobody needs the bytes once the relay has them; kept, they would be most of the database.
_DROP_BODIES = "DELETE FROM outbox_body WHERE message IN (SELECT id FROM outbox WHERE id IN @ints(ids) AND state = 'sent')"
_MARK = """
    UPDATE outbox SET state = :state, smtp_code = :code, smtp_text = :reason, next_at = :next_at,
        lease_owner = '', lease_until = NULL
    WHERE id = :id AND state NOT IN ('sent', 'suppressed', 'aborted') {} RETURNING id
"""
_HELD = "AND state = 'claimed' AND lease_owner = :owner AND attempt = :attempt"
# Whoever gets the new edition is not sent an older one any more that waits for another try; nor, whatever it waits for, what is corrected.
# A draft that was held long, or a correction of an old edition, comes after newer ones: those stay.
_SUPERSEDE = """
    UPDATE outbox SET state = 'suppressed', smtp_text = :reason, next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE edition IN (SELECT old.id FROM edition old WHERE old.digest = :digest AND old.id <> :edition
            AND (old.key < :key OR old.key LIKE :revisions))
        AND (state = 'deferred' OR (state = 'pending' AND edition IN
            (SELECT old.id FROM edition old WHERE old.digest = :digest AND old.key LIKE :revisions)))
        AND subscription IN (SELECT fresh.subscription FROM outbox fresh WHERE fresh.edition = :edition)
"""
_EXISTS = "SELECT id FROM outbox WHERE id = :id"
_RELEASE = """
    UPDATE outbox SET state = 'pending', lease_owner = '', lease_until = NULL
    WHERE state = 'claimed' AND lease_owner = :owner RETURNING id
"""
_COUNTS = "SELECT state, COUNT(*) AS messages FROM outbox WHERE {} GROUP BY state"
_LIST = "SELECT * FROM outbox WHERE {} ORDER BY id"
_RETRY = """
    UPDATE outbox SET state = 'pending', next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE {} RETURNING edition
"""
_ABORT = """
    UPDATE outbox SET state = 'aborted', next_at = NULL, lease_owner = '', lease_until = NULL
    WHERE edition = :edition AND state NOT IN ('sent', 'aborted') RETURNING id
"""


def put_messages(statements: Statements, messages: Sequence[OutboxMessage], frozen_at: datetime, *, once: bool = False) -> int:
    """Insert messages with new ids, inside a transaction of the caller's; returns how many.

    Args:
        statements: The transaction.
        messages: What to insert; `id` is ignored.
        frozen_at: When they came to be, if they do not say.
        once: Pass over those whose Message-ID is there already, instead of refusing all.
    """
    sql, put = _PUT.format(_ONCE if once else ""), 0
    for message in messages:
        row = message_row(replace(message, created_at=message.created_at or frozen_at))
        for stored in statements.run(sql, row):
            statements.run(_PUT_BODY, {"message": stored["id"], "body": message.body})
            put += 1
    for edition in sorted({message.edition for message in messages if message.edition}):
        begin_sending(statements, edition, frozen_at)
    return put


def supersede(statements: Statements, edition: str, digest: str, key: str) -> None:
    """Suppress what the messages of a new edition take the place of, inside a transaction of the caller's.

    Those are open messages of older editions that were put off, and of earlier revisions of the same date, to the same people.
    """
    reason = f"a newer one took its place: {edition}"
    values: Values = {"edition": edition, "digest": digest, "key": key, "revisions": f"{key}/%", "reason": reason}
    statements.run(_SUPERSEDE, values)


class OutboxKeeper(Keeper, OutboxStore):
    """`OutboxStore` on any engine.

    `sent` is final whatever comes later. An outcome that arrives for a row which was meanwhile aborted or suppressed
    changes nothing, unless it is that the relay took it: then that is the truth.
    """

    def enqueue(self, messages: Sequence[OutboxMessage]) -> int:
        """Put messages that are frozen already into the outbox; returns how many were not there yet, by their Message-ID.

        Raises:
            WrongUse: A message does not say when it was made (`created_at`).
            Invariant: A second message of an edition to one subscription, or one to a subscription that is not stored.
        """
        if not messages:
            return 0
        moments = [message.created_at for message in messages if message.created_at]
        if len(moments) < len(messages):
            raise WrongUse("a message that is put into the outbox says when it was made: set created_at")
        with self._engine.writing() as statements:
            return put_messages(statements, messages, min(moments), once=True)

    def claim(
        self,
        owner: str,
        now: datetime,
        lease_until: datetime,
        limit: int,
        *,
        without: Sequence[str] = (),
        sent: Sequence[int] = (),
    ) -> tuple[OutboxMessage, ...]:
        """Take up to `limit` messages that are due or whose lease ran out, what belongs to no edition first, then oldest first.

        `attempt` + 1. Recipients at the domains in `without`, and editions whose sending is paused or over, are passed over; empty
        only if nothing else is due. A message that nobody wants any more (see `OutboxKind`) becomes suppressed here. The bytes of
        those in `sent` that are marked so are dropped: many at once cost a few pages of the database, one by one a few each.
        """
        with self._engine.writing() as statements:
            if sent:
                statements.run(_DROP_BODIES, {"ids": listed(sent)})
            ids = _due(statements, time_text(now), limit, without)
            if not ids:
                return ()
            values: Values = {"owner": owner, "lease_until": time_text(lease_until), "ids": listed(ids)}
            rows = {row["id"]: row for row in statements.run(_CLAIM, values)}
            bodies = {row["message"]: bytes(row["body"]) for row in statements.run(_BODIES, {"ids": listed(ids)})}
        return tuple(outbox_message(rows[number], bodies[number]) for number in ids)

    def give_back(self, owner: str, message_ids: Sequence[int], *, next_at: datetime | None = None, reason: str = "") -> int:
        """Set claims of `owner` that were not tried back to pending, as if they had not been claimed; returns how many.

        They are due at `next_at`, or at once; `reason` takes the place of what was last said of them, unless it is "".
        """
        values: Values = {
            "ids": listed(message_ids),
            "owner": owner,
            "next_at": optional_time_text(next_at),
            "reason": reason,
        }
        with self._engine.writing() as statements:
            return len(statements.run(_GIVE_BACK, values))

    def mark_sent(self, message_id: int, receipt: Receipt, now: datetime) -> bool:
        """Final: accepted by the relay. The first receipt stands. False where one stood already.

        Whoever holds the claim: that the relay took it is the truth. The bytes of an edition's message are dropped by a later `claim`,
        or when its sending is settled; those of any other at once.

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
            if changed := statements.run(_SENT, values):
                if changed[0]["edition"] is None:
                    statements.run(_DROP_BODIES, {"ids": listed([message_id])})
                return True
            _require(statements, message_id)
        return False

    def mark(
        self,
        message_id: int,
        state: OutboxState,
        reason: str,
        *,
        code: int | None = None,
        next_at: datetime | None = None,
        held: OutboxMessage | None = None,
    ) -> bool:
        """Any other outcome. A pending or deferred row is not claimed before its `next_at`.

        Returns:
            False, with nothing written, if the row is sent, suppressed or aborted meanwhile; or, where `held` gives the message as it
            was claimed, if that claim is over: another sender has it, and its word counts.

        Raises:
            WrongUse: There is no such message; `state` is sent or claimed; deferred lacks `next_at`, or a final state has one.
        """
        _refuse_wrong_mark(state, next_at)
        values: Values = {
            "id": message_id,
            "state": state.value,
            "reason": reason,
            "code": code,
            "next_at": optional_time_text(next_at),
        }
        if held is not None:
            values = {**values, "owner": held.lease_owner, "attempt": held.attempt}
        with self._engine.writing() as statements:
            if statements.run(_MARK.format("" if held is None else _HELD), values):
                return True
            _require(statements, message_id)
        return False

    def release(self, owner: str) -> int:
        """Give back all claims of `owner`, due at once; returns how many. `attempt` goes on counting from where it was."""
        with self._engine.writing() as statements:
            return len(statements.run(_RELEASE, {"owner": owner}))

    def outbox(self, *, edition: str = "", states: Sequence[OutboxState] = (), recipient: str = "") -> tuple[OutboxMessage, ...]:
        """Rows without their `body` (b""), oldest first."""
        where, values = _which(edition, states, recipient)
        with self._engine.reading() as statements:
            return tuple(outbox_message(row) for row in statements.run(_LIST.format(where), values))

    def outbox_counts(self, *, edition: str = "") -> dict[OutboxState, int]:
        """Rows by state, of one edition or of all; a state without rows counts 0."""
        where, values = _which(edition, ())
        with self._engine.reading() as statements:
            return Counter({OutboxState(row["state"]): row["messages"] for row in statements.run(_COUNTS.format(where), values)})

    def retry(
        self,
        *,
        edition: str = "",
        states: Sequence[OutboxState] = (OutboxState.FAILED, OutboxState.UNKNOWN),
        now: datetime | None = None,
    ) -> int:
        """Set rows in `states` back to pending, due at once; returns how many. Their editions are being sent again, from `now` on.

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
            rows = statements.run(_RETRY.format(where), values)
            for name in sorted({row["edition"] for row in rows if row["edition"]}):
                reopen_sending(statements, name, now)
        return len(rows)

    def abort(self, *, edition: str, now: datetime | None = None) -> int:
        """Set every unsent row of an edition to aborted, with what was last said of it kept; returns how many."""
        with self._engine.writing() as statements:
            count = len(statements.run(_ABORT, {"edition": edition}))
            abort_sending(statements, edition, now, whatever=count > 0)
        return count


def _refuse_wrong_mark(state: OutboxState, next_at: datetime | None) -> None:
    if state in (OutboxState.SENT, OutboxState.CLAIMED):
        raise WrongUse(f"a message is not marked {state}: use mark_sent, or claim")
    if next_at is None and state is OutboxState.DEFERRED:
        raise WrongUse("a deferred message needs the time of its next try")
    if next_at is not None and state not in (OutboxState.DEFERRED, OutboxState.PENDING):
        raise WrongUse(f"a message that is {state} has no next try")


_WANTED = {OutboxKind.EDITION: "active", OutboxKind.CONFIRMATION: "waiting", OutboxKind.NOTICE: "active"}
"""The state of the subscription in which somebody wants a message of the kind."""


def _is_wanted(row: Row) -> bool:
    return bool(row["subscribed"] == _WANTED[OutboxKind(row["kind"])])


def _due(statements: Statements, now: str, limit: int, without: Sequence[str]) -> list[int]:
    """Ids to claim, in order, after suppressing those before them that nobody wants any more."""
    sql = _DUE_ELSEWHERE if without else _DUE
    values: Values = {"now": now, "most": limit, **({"without": listed(without)} if without else {})}
    while limit > 0:
        rows = statements.run(sql, values)
        unwanted = [row for row in rows if not _is_wanted(row)]
        statements.run_many(_SUPPRESS, ({"id": row["id"], "reason": f"subscription is {row['subscribed']}"} for row in unwanted))
        if len(unwanted) < len(rows) or not rows:
            return [row["id"] for row in rows if _is_wanted(row)]
    return []


def _require(statements: Statements, message_id: int) -> None:
    if not statements.run(_EXISTS, {"id": message_id}):
        raise WrongUse(f"there is no outbox message {message_id}")


def _which(edition: str, states: Sequence[OutboxState], recipient: str = "") -> tuple[str, dict[str, str]]:
    where = ["edition = :edition"] if edition else []
    where += ["state IN @texts(states)"] if states else []
    where += ["recipient = :recipient"] if recipient else []
    values = {"edition": edition, "states": listed(state.value for state in states), "recipient": recipient}
    return " AND ".join(where) or "1 = 1", values
