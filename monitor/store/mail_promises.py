"""What a store promises of mail: the outbox, and where the sending of each edition stands. Part of `promises.Store`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model.delivery import OutboxMessage, OutboxState, Receipt, Sending, SendingState

SENDER = "sender/"
"""What the name of a sender's heartbeat begins with; its own name, as on its claims, follows."""


class OutboxStore(Protocol):
    """The outbox. Each state change is committed before the call returns, durably (synchronous=FULL)."""

    def enqueue(self, messages: Sequence[OutboxMessage]) -> int:
        """Put frozen messages into the outbox; returns how many were not there yet, by their Message-ID: asking twice is harmless."""
        ...

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
        """Take messages that are pending, deferred and due, or whose lease ran out; attempt + 1.

        Those of no edition come first, those to the domains in `without` and of editions not being sent stay. A message that nobody
        wants any more (see `OutboxKind`) becomes suppressed here and is not returned. One worker gets each message. The bytes of those in
        `sent` that are marked sent are dropped.
        """
        ...

    def give_back(self, owner: str, message_ids: Sequence[int], *, next_at: datetime | None = None, reason: str = "") -> int:
        """Set claims of `owner` that were not tried back to pending, attempt - 1, due at `next_at` or at once; returns how many."""
        ...

    def mark_sent(self, message_id: int, receipt: Receipt, now: datetime) -> bool:
        """Final: accepted by the relay. False where it was marked so before. Its bytes may stay until `claim` or `settle_sending`."""
        ...

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
        """Any other outcome: deferred (with `next_at`), failed, unknown, pending (given back), aborted.

        False, with nothing written, for a row that is final, or is no longer held by the claim that `held` shows.
        """
        ...

    def release(self, owner: str) -> int:
        """Give back all claims of `owner` untouched (drain); returns how many."""
        ...

    def outbox(self, *, edition: str = "", states: Sequence[OutboxState] = (), recipient: str = "") -> tuple[OutboxMessage, ...]:
        """Rows without their `body` (b""), oldest first."""
        ...

    def outbox_counts(self, *, edition: str = "") -> dict[OutboxState, int]:
        """Rows by state."""
        ...

    def retry(
        self,
        *,
        edition: str = "",
        states: Sequence[OutboxState] = (OutboxState.FAILED, OutboxState.UNKNOWN),
        now: datetime | None = None,
    ) -> int:
        """Set rows in `states` back to pending; returns how many. Their editions are being sent again, from `now` on."""
        ...

    def abort(self, *, edition: str, now: datetime | None = None) -> int:
        """Set every unsent row of an edition to aborted; returns how many."""
        ...


class SendingStore(Protocol):
    """Where the sending of each edition stands. It begins when the edition is frozen with messages."""

    def sending(self, edition: str) -> Sending | None:
        """One by the edition's id; None if it has no messages."""
        ...

    def sendings(self, states: Sequence[SendingState] = ()) -> tuple[Sending, ...]:
        """All in `states`, or all; those changed last come last."""
        ...

    def pause_sending(self, edition: str, reason: str, now: datetime) -> bool:
        """Claim no further message of an edition; False, with nothing written, unless it was being sent."""
        ...

    def resume_sending(self, edition: str, now: datetime, *, late: bool = False) -> bool:
        """Go on with an edition that was paused; where `late`, with one that was missed, or would be, too. False for any other."""
        ...

    def release_silent(self, owner: str, beat_at: datetime) -> int:
        """Give back the claims of the sender whose heartbeat `SENDER` + owner still is `beat_at`, and forget it; returns how many."""
        ...

    def forget_sender(self, owner: str) -> None:
        """Forget the heartbeat of a sender that has nothing in hand any more."""
        ...

    def settle_sending(self, now: datetime, max_lateness: timedelta) -> tuple[Sending, ...]:
        """Finish editions of which no message is open, with their counts; one not begun within `max_lateness` is missed.

        The bytes of what was sent of a finished one are dropped, if any are left.

        Returns those that were changed.
        """
        ...
