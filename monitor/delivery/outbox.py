"""What a reply of the relay means for a message, and for its whole edition: pure decisions over the errors of the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.delivery import OutboxState
from monitor.model.errors import MailAmbiguous, MailDeferred, MailFailed, MailRefused, RelayUnavailable, SenderRefused

BACKOFF = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3), timedelta(hours=8))
GIVE_UP_AFTER = timedelta(hours=48)
"""A weekly digest days late is spam."""
UNAVAILABLE_FOR = timedelta(minutes=1)
"""How long a message waits whose connection was lost: the others first, so that one which a relay hangs up on holds up nobody."""
REFUSED_FOR = timedelta(minutes=5)
"""How long a message of no edition waits when the relay refused us; an edition is paused instead."""
SPREAD = 0.2
"""Waits are drawn from 90 to 110 %, so that what was deferred together does not come back together."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What becomes of a message: its state, why, and when to try again.

    `untried` says that nothing was learnt of this recipient, so that the try does not count; `pause` why its whole edition must wait
    for a person ("": it need not).
    """

    state: OutboxState
    reason: str
    next_at: datetime | None = None
    untried: bool = False
    pause: str = ""


def after_failure(
    error: MailFailed, attempt: int, since: datetime, now: datetime, *, hold_ambiguous: bool = False, jitter: float = 0.5
) -> NextStep:
    """Decide what follows a failure.

    Args:
        error: What the mailer raised.
        attempt: How often the message was claimed, this time included, >= 1.
        since: When the message was frozen, or its edition last resumed, whichever came later: from then on its time runs.
        now: The present.
        hold_ambiguous: Hold a message whose fate is unknown and show it, instead of sending the same bytes again.
        jitter: 0 ≤ x < 1, drawn anew each time; 0.5 gives the plain waits.

    Returns:
        The step. Where the fault is the relay's or the sender's the message stays pending: no other one would fare better.
    """
    if isinstance(error, RelayUnavailable):
        return NextStep(OutboxState.PENDING, error.text, now + spread(UNAVAILABLE_FOR, jitter), untried=True)
    if isinstance(error, SenderRefused):
        pause = f"the relay refuses this sender: {error}"
        return NextStep(OutboxState.PENDING, error.text, now + spread(REFUSED_FOR, jitter), untried=True, pause=pause)
    if isinstance(error, MailAmbiguous) and hold_ambiguous:
        return NextStep(OutboxState.UNKNOWN, f"the relay's last word was lost: {error.text}")
    if isinstance(error, MailRefused) or not isinstance(error, MailAmbiguous | MailDeferred):
        return NextStep(OutboxState.FAILED, error.text)
    wait = spread(BACKOFF[min(max(attempt, 1), len(BACKOFF)) - 1], jitter)
    if now + wait - since > GIVE_UP_AFTER:
        return NextStep(OutboxState.FAILED, f"given up after {attempt} tries: {error.text}")
    return NextStep(OutboxState.DEFERRED, error.text, next_at=now + wait)


def spread(wait: timedelta, jitter: float) -> timedelta:
    """A wait within `SPREAD` of itself; `jitter` is 0 ≤ x < 1."""
    return wait * (1 + SPREAD * (jitter - 0.5))


FAULTS_IN_A_ROW = 2
"""So many failures of the relay itself one after another, and the pass stops: one alone may be about one message."""
REFUSALS_IN_A_ROW = 5
"""So many policy refusals one after another are about us, not about the recipients."""
REFUSED_SHARE = 0.05
"""More than this share of all recipients tried, and at least as many as would do in a row, are about us as well."""
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


def is_sender_fault(error: MailFailed) -> bool:
    """True for a refusal by policy (enhanced status 5.7.x, RFC 3463): SPF, DKIM, DMARC, reputation."""
    status = _ENHANCED.search(error.text)
    return isinstance(error, MailRefused) and status is not None and status.group(1, 2) == ("5", "7")


@dataclass(slots=True)
class Tally:
    """What became of the messages of one edition in one pass, as far as it tells whether the fault is ours."""

    tried: int = 0
    refused: int = 0
    in_a_row: list[int] = field(default_factory=list)
    """The messages refused by policy since another outcome came."""

    def note(self, message_id: int, attempt: int, error: MailFailed | None) -> str:
        """Count an outcome (`error` None: sent); why the edition must be paused, or "".

        A message that is refused by policy a second time, after somebody resumed, is its recipient's affair: it counts as any other.
        """
        self.tried += 1
        if error is None or attempt > 1 or not is_sender_fault(error):
            self.in_a_row.clear()
            return ""
        self.refused += 1
        self.in_a_row.append(message_id)
        words = "look at SPF, DKIM and DMARC of the sender, then `monitor outbox resume`"
        if len(self.in_a_row) >= REFUSALS_IN_A_ROW:
            return f"{len(self.in_a_row)} refusals by policy in a row, the last: {error}; {words}"
        if self.refused >= REFUSALS_IN_A_ROW and self.refused > REFUSED_SHARE * self.tried:
            return f"{self.refused} of {self.tried} recipients refused by policy, the last: {error}; {words}"
        return ""


def code_class(error: MailFailed) -> str:
    """The class of a reply for a metric: "4.2", "5.7" from an enhanced status, else "4xx", "5xx", else "lost"."""
    status = _ENHANCED.search(error.text)
    if status is not None:
        return f"{status.group(1)}.{status.group(2)}"
    return f"{error.code // 100}xx" if error.code and error.code > 0 else "lost"
