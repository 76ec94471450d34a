from datetime import timedelta

import pytest

from monitor.delivery.outbox import BACKOFF, GIVE_UP_AFTER, after_failure, is_sender_fault
from monitor.model.delivery import OutboxState
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable, SenderRefused


@pytest.mark.parametrize(
    ("error", "state", "stops", "why"),
    [
        (RelayUnavailable("refused"), OutboxState.PENDING, True, "no relay: nothing was sent, nothing is wrong with the row"),
        (SenderRefused("bad login", code=535), OutboxState.PENDING, True, "the relay refuses us: no other row would fare better"),
        (MailDeferred("greylisted", code=450), OutboxState.DEFERRED, False, "this recipient, later"),
        (MailRefused("no such user", code=550), OutboxState.FAILED, False, "this recipient, never"),
        (MailAmbiguous("lost"), OutboxState.DEFERRED, False, "the same bytes may go again: the Message-ID is the same"),
    ],
)
def test_each_reply_has_its_consequence(make, error, state, stops, why):
    step = after_failure(error, 1, make.now, make.now)
    assert (step.state, bool(step.stop)) == (state, stops), why


def test_an_ambiguous_message_is_held_where_the_operator_wants_it(make):
    assert after_failure(MailAmbiguous("lost"), 1, make.now, make.now, hold_ambiguous=True).state is OutboxState.UNKNOWN


def test_waits_grow_and_end(make):
    now, attempt, waits = make.now, 1, []
    while (step := after_failure(MailDeferred("later", code=450), attempt, make.now, now)).state is OutboxState.DEFERRED:
        waits.append(step.next_at - now)
        now, attempt = step.next_at, attempt + 1
    assert waits[: len(BACKOFF)] == list(BACKOFF)
    assert waits == sorted(waits)
    assert sum(waits, timedelta()) <= GIVE_UP_AFTER
    assert step.state is OutboxState.FAILED
    assert "given up" in step.reason


def test_a_policy_refusal_is_about_the_sender():
    assert is_sender_fault(MailRefused("RCPT TO: 5.7.26 unauthenticated", code=550))
    assert not is_sender_fault(MailRefused("RCPT TO: 5.1.1 no such user", code=550))
