"""Keeps where the sending of each edition stands: under way, paused with a reason, finished with its counts, missed, aborted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model.delivery import Sending, SendingState
from monitor.store.codec import dump, time_text
from monitor.store.engine import Keeper, Row, Statements, listed
from monitor.store.mail_promises import SENDER, SendingStore
from monitor.store.rows import sending

_FORGET = "DELETE FROM heartbeat WHERE name = :name AND beat_at = :beat_at RETURNING name"
_GONE = "DELETE FROM heartbeat WHERE name = :name"
_RELEASE = """
    UPDATE outbox SET state = 'pending', lease_owner = '', lease_until = NULL
    WHERE state = 'claimed' AND lease_owner = :owner RETURNING id
"""
# A sender that died may have left some.
_DROP_BODIES = "DELETE FROM outbox_body WHERE message IN (SELECT id FROM outbox WHERE edition = :edition AND state = 'sent')"
_BEGIN = """
    INSERT INTO sending (edition, state, reason, counts, changed_at) VALUES (:edition, 'sending', '', :counts, :now)
    ON CONFLICT (edition) DO NOTHING
"""
_CHANGE = """
    UPDATE sending SET state = :state, reason = :reason, counts = :counts, changed_at = COALESCE(:now, changed_at)
    WHERE edition = :edition AND state IN @texts(before) RETURNING *
"""
_COUNTS = "SELECT state, COUNT(*) AS messages FROM outbox WHERE edition = :edition GROUP BY state"
_ONE = "SELECT * FROM sending WHERE edition = :edition"
_LIST = "SELECT * FROM sending WHERE {} ORDER BY changed_at, edition"
_OPEN = """
    SELECT o.id FROM outbox o WHERE o.edition = :edition AND o.state IN ('pending', 'deferred', 'claimed') LIMIT 1
"""
# A relay that answered for one message has begun with the edition; so has a sender that is about to ask it.
_BEGUN = """
    SELECT o.id FROM outbox o WHERE o.edition = :edition AND (o.smtp_code IS NOT NULL OR o.state IN ('sent', 'claimed')) LIMIT 1
"""


def _change(
    statements: Statements,
    edition: str,
    state: SendingState,
    before: Sequence[SendingState],
    now: datetime | None,
    reason: str = "",
) -> Row | None:
    """Bring an edition into `state` from one of those in `before`, with its present counts; the row, or None if it was in none."""
    counts = {row["state"]: row["messages"] for row in statements.run(_COUNTS, {"edition": edition})}
    changed = statements.run(
        _CHANGE,
        {
            "edition": edition,
            "state": state.value,
            "reason": reason,
            "counts": dump(counts),
            "now": None if now is None else time_text(now),
            "before": listed(one.value for one in before),
        },
    )
    return next(iter(changed), None)


def begin_sending(statements: Statements, edition: str, now: datetime) -> None:
    """Note that an edition has messages, inside a transaction of the caller's; what is known of it already stays."""
    statements.run(_BEGIN, {"edition": edition, "counts": dump({}), "now": time_text(now)})


def reopen_sending(statements: Statements, edition: str, now: datetime | None) -> None:
    """Note that an edition that was over has open messages again; one that is paused or missed stays so."""
    _change(statements, edition, SendingState.SENDING, (SendingState.FINISHED, SendingState.ABORTED), now)


def abort_sending(statements: Statements, edition: str, now: datetime | None, *, whatever: bool) -> None:
    """Note that an edition was given up: one that was not over, or `whatever` it was."""
    before = [SendingState.SENDING, SendingState.PAUSED, SendingState.MISSED, *([SendingState.FINISHED] if whatever else [])]
    _change(statements, edition, SendingState.ABORTED, before, now)


class SendingKeeper(Keeper, SendingStore):
    """`SendingStore` on any engine."""

    def sending(self, edition: str) -> Sending | None:
        """Where the sending of an edition stands; None if it has no messages."""
        with self._engine.reading() as statements:
            return next((sending(row) for row in statements.run(_ONE, {"edition": edition})), None)

    def sendings(self, states: Sequence[SendingState] = ()) -> tuple[Sending, ...]:
        """All in `states`, or all; those changed last come last."""
        with self._engine.reading() as statements:
            rows = statements.run(
                _LIST.format("state IN @texts(states)" if states else "1 = 1"), {"states": listed(one.value for one in states)}
            )
        return tuple(sending(row) for row in rows)

    def pause_sending(self, edition: str, reason: str, now: datetime) -> bool:
        """Claim no further message of an edition; False, with nothing written, unless it was being sent."""
        with self._engine.writing() as statements:
            return _change(statements, edition, SendingState.PAUSED, (SendingState.SENDING,), now, reason) is not None

    def resume_sending(self, edition: str, now: datetime, *, late: bool = False) -> bool:
        """Go on with an edition that was paused; where `late`, with one that was missed, or would be, too. False for any other."""
        # one under way may be late as well, and only not have been looked at yet
        before = (SendingState.PAUSED, *((SendingState.MISSED, SendingState.SENDING) if late else ()))
        with self._engine.writing() as statements:
            return _change(statements, edition, SendingState.SENDING, before, now) is not None

    def release_silent(self, owner: str, beat_at: datetime) -> int:
        """Give back the claims of a sender whose last beat was at `beat_at`, and forget it; 0 if it has beaten again since."""
        with self._engine.writing() as statements:
            if not statements.run(_FORGET, {"name": SENDER + owner, "beat_at": time_text(beat_at)}):
                return 0
            return len(statements.run(_RELEASE, {"owner": owner}))

    def forget_sender(self, owner: str) -> None:
        """Forget the sign of life of a sender that has nothing in hand any more."""
        with self._engine.writing(relaxed=True) as statements:
            statements.run(_GONE, {"name": SENDER + owner})

    def settle_sending(self, now: datetime, max_lateness: timedelta) -> tuple[Sending, ...]:
        """Finish editions of which no message is open any more, with their counts; those that came too late are missed.

        Too late is an edition for which no relay ever answered, and that was frozen, or last resumed, more than `max_lateness` ago.
        Of those finished no bytes are kept that were sent.

        Returns:
            Those that were changed.
        """
        under_way = self.sendings((SendingState.SENDING,))
        if not under_way:
            return ()
        with self._engine.reading() as statements:
            over = {one.edition: _over(statements, one, now, max_lateness) for one in under_way}
        if not any(over.values()):
            return ()
        changed = []
        with self._engine.writing() as statements:
            for one in under_way:
                end = over[one.edition] and _over(statements, one, now, max_lateness)
                row = _change(statements, one.edition, end, (SendingState.SENDING,), now, _why(one, end, now)) if end else None
                changed += [sending(row)] if row else []
                if end is SendingState.FINISHED:
                    statements.run(_DROP_BODIES, {"edition": one.edition})
        return tuple(changed)


def _over(statements: Statements, one: Sending, now: datetime, max_lateness: timedelta) -> SendingState | None:
    """What an edition has come to: finished, missed, or None while it goes on."""
    if not statements.run(_OPEN, {"edition": one.edition}):
        return SendingState.FINISHED
    if now - one.changed_at > max_lateness and not statements.run(_BEGUN, {"edition": one.edition}):
        return SendingState.MISSED
    return None


def _why(one: Sending, end: SendingState, now: datetime) -> str:
    if end is not SendingState.MISSED:
        return ""
    hours = (now - one.changed_at).total_seconds() / 3600
    age = f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
    return f"{age} old and never begun: `monitor deliver --send-late {one.edition}` sends it all the same"
