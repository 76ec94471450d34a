"""What a reply of the relay means for a message: pure decisions over the errors of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model.delivery import OutboxState
from monitor.model.errors import MailAmbiguous, MailDeferred, MailFailed, MailRefused, RelayUnavailable, SenderRefused

BACKOFF = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3), timedelta(hours=8))
GIVE_UP_AFTER = timedelta(hours=48)
"""A weekly digest days late is spam."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What becomes of a message: its state, when to try again, why, and whether the whole pass must stop ("" or the reason)."""

    state: OutboxState
    reason: str
    next_at: datetime | None = None
    stop: str = ""


def after_failure(
    error: MailFailed, attempt: int, created_at: datetime, now: datetime, *, hold_ambiguous: bool = False
) -> NextStep:
    """Decide what follows a failure.

    Args:
        error: What the mailer raised.
        attempt: How often the message was claimed, this time included, >= 1.
        created_at: When the message was frozen.
        now: The present.
        hold_ambiguous: Hold a message whose fate is unknown and show it, instead of sending the same bytes again.

    Returns:
        The step; `stop` is set where going on with other messages would fail the same way.
    """
    if isinstance(error, RelayUnavailable):
        return NextStep(OutboxState.PENDING, error.text, stop=f"the relay is not available: {error}")
    if isinstance(error, SenderRefused):
        return NextStep(OutboxState.PENDING, error.text, stop=f"the relay refuses this sender: {error}")
    if isinstance(error, MailAmbiguous) and hold_ambiguous:
        return NextStep(OutboxState.UNKNOWN, f"the relay's last word was lost: {error.text}")
    if isinstance(error, MailRefused) or not isinstance(error, MailAmbiguous | MailDeferred):
        return NextStep(OutboxState.FAILED, error.text)
    wait = BACKOFF[min(attempt, len(BACKOFF)) - 1]
    if now + wait - created_at > GIVE_UP_AFTER:
        return NextStep(OutboxState.FAILED, f"given up after {attempt} tries: {error.text}")
    return NextStep(OutboxState.DEFERRED, error.text, next_at=now + wait)


SENDER_FAULTS_IN_A_ROW = 5
"""So many policy refusals one after another are about us, not about the recipients: the pass stops and the operator is told."""


def is_sender_fault(error: MailFailed) -> bool:
    """True for a refusal by policy (enhanced status 5.7.x, RFC 3463): SPF, DKIM, DMARC, reputation."""
    return isinstance(error, MailRefused) and "5.7." in error.text
