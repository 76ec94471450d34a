from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.outbox import (
    BACKOFF,
    GIVE_UP_AFTER,
    REFUSALS_IN_A_ROW,
    REFUSED_FOR,
    REFUSED_SHARE,
    UNAVAILABLE_FOR,
    Tally,
    after_failure,
    code_class,
    is_sender_fault,
    spread,
)
from monitor.model.delivery import OutboxState
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable, SenderRefused


@pytest.mark.parametrize(
    ("error", "state", "untried", "pauses", "why"),
    [
        (
            RelayUnavailable("refused"),
            OutboxState.PENDING,
            True,
            False,
            "no relay: nothing was sent, nothing is wrong with the row",
        ),
        (SenderRefused("bad login", code=535), OutboxState.PENDING, True, True, "it refuses us: no other row would fare better"),
        (MailDeferred("greylisted", code=450), OutboxState.DEFERRED, False, False, "this recipient, later"),
        (MailRefused("no such user", code=550), OutboxState.FAILED, False, False, "this recipient, never"),
        (MailAmbiguous("lost"), OutboxState.DEFERRED, False, False, "the same bytes may go again: the Message-ID is the same"),
    ],
)
def test_each_reply_has_its_consequence(make, error, state, untried, pauses, why):
    step = after_failure(error, 1, make.now, make.now)
    assert (step.state, step.untried, bool(step.pause)) == (state, untried, pauses), why
    assert (step.next_at is None) == (state is OutboxState.FAILED)


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 9))
def test_a_wait_is_spread_by_a_tenth_either_way(jitter, attempt):
    from datetime import UTC, datetime

    now = datetime(2019, 3, 11, tzinfo=UTC)
    wait = after_failure(MailDeferred("later", code=450), attempt, now, now, jitter=jitter).next_at - now
    plain = BACKOFF[min(attempt, len(BACKOFF)) - 1]
    assert 0.9 * plain <= wait <= 1.1 * plain
    assert spread(plain, 0.5) == plain


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
    assert not is_sender_fault(MailRefused("RCPT TO: 5.1.1 see 15.7.1 of our terms", code=550))
    assert not is_sender_fault(MailDeferred("4.7.1 greylisted", code=450))


POLICY = MailRefused("5.7.1 not you", code=550)
NOBODY = MailRefused("5.1.1 nobody", code=550)


@pytest.mark.parametrize(
    ("outcomes", "paused_at", "why"),
    [
        ([POLICY] * 9, 5, "five in a row"),
        ([POLICY] * 4 + [None] + [POLICY] * 9, 6, "not in a row, but more than a twentieth"),
        ([POLICY, POLICY, NOBODY] * 9, 7, "the same, between other refusals"),
        ([None] * 200 + [POLICY, None] * 9, None, "a few among many"),
        ([None] * 200 + [POLICY, None] * 15, 223, "no longer a few: the twelfth of 223"),
        ([NOBODY] * 50, None, "unknown people are not about us"),
    ],
)
def test_refusals_by_policy_pause_an_edition_once_they_are_about_us(outcomes, paused_at, why):
    tally = Tally()
    reasons = [tally.note(number, 1, error) for number, error in enumerate(outcomes)]
    assert next((number for number, reason in enumerate(reasons, 1) if reason), None) == paused_at, why


def test_who_is_refused_again_after_somebody_looked_does_not_pause_the_edition_again():
    tally = Tally()
    assert not any(tally.note(number, 2, POLICY) for number in range(20))


@given(st.lists(st.sampled_from([None, POLICY, NOBODY]), max_size=60))
def test_a_tally_pauses_exactly_where_its_rule_says(outcomes):
    tally, run, refused = Tally(), 0, 0
    for tried, error in enumerate(outcomes, 1):
        run = run + 1 if error is POLICY else 0
        refused += error is POLICY
        about_us = run >= REFUSALS_IN_A_ROW or (refused >= REFUSALS_IN_A_ROW and refused > REFUSED_SHARE * tried)
        assert bool(tally.note(tried, 1, error)) == (about_us and error is POLICY)
        assert len(tally.in_a_row) == run


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (MailDeferred("RCPT TO: 4.2.0 greylisted", code=450), "4.2"),
        (MailRefused("RCPT TO: 5.7.26 no", code=550), "5.7"),
        (MailDeferred("RCPT TO: busy", code=451), "4xx"),
        (MailRefused("no", code=550), "5xx"),
        (MailAmbiguous("lost"), "lost"),
        (RelayUnavailable("x", code=-1), "lost"),
    ],
)
def test_replies_are_counted_by_class_and_never_by_their_words(error, name):
    assert code_class(error) == name


def test_the_waits_are_minutes_then_hours_and_two_days_are_the_end():
    minutes = [wait.total_seconds() / 60 for wait in BACKOFF]
    assert minutes == [5, 15, 60, 180, 480]
    assert timedelta(days=2) == GIVE_UP_AFTER
    assert (timedelta(minutes=1), timedelta(minutes=5)) == (UNAVAILABLE_FOR, REFUSED_FOR)


def test_a_next_try_at_the_very_end_of_two_days_is_made_and_none_after_it():
    error, now = MailDeferred("450 busy", code=450), datetime(2019, 3, 13, 6, tzinfo=UTC)
    since = now + BACKOFF[0] - GIVE_UP_AFTER
    assert after_failure(error, 1, since, now).state is OutboxState.DEFERRED
    assert after_failure(error, 1, since - timedelta(microseconds=1), now).state is OutboxState.FAILED
