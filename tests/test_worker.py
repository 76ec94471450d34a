"""Emptying the outbox: each message's fate is committed before the next, and a pass that must stop gives the rest back."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import pipeline
from monitor.digests.due import due_of_week
from monitor.model.delivery import OutboxState, Subscribed, Subscription
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable, SenderRefused
from monitor.testing import FakeMailer
from monitor.worker import BATCH, LEASE, Delivery, deliver, own_name, release_dead

PEOPLE = 45


@pytest.fixture
def world(make_world, tmp_path):
    """An edition frozen for 45 people."""
    made = make_world("north")
    for number in range(PEOPLE):
        address, now = person(number), made.clock()
        made.store.subscribe(Subscription(0, "weekly", address, address, "en", Subscribed.ACTIVE, now, now, "test"))
    [digest] = made.parts.files.digests
    pipeline.publish(made.parts, digest, due_of_week(digest, "2019-W09", made.clock()), ("en",), tmp_path)
    return made


def person(number):
    return f"r{number:02}@example.org"


def delivery(world, mailer, **changes):
    return replace(Delivery(world.store, mailer, world.clock, "host/1/2"), **changes)


def rows(world):
    return {row.recipient: row for row in world.store.outbox()}


def test_everything_pending_is_sent_once_with_its_receipt(world):
    mailer = FakeMailer()
    report = deliver(delivery(world, mailer))
    assert (report.counts, report.stopped) == ({"sent": PEOPLE}, "")
    assert [message.recipient for message in mailer.sent] == [person(number) for number in range(PEOPLE)]
    first = rows(world)[person(0)]
    assert (first.state, first.attempt, first.smtp_code, first.queue_id, first.sent_at) == (
        OutboxState.SENT,
        1,
        250,
        "F1",
        world.clock(),
    )
    assert deliver(delivery(world, mailer)).counts == {}
    assert (len(mailer.sent), mailer.closed) == (PEOPLE, 2)


@pytest.mark.parametrize(
    ("error", "state", "waits"),
    [
        (MailDeferred("mailbox busy", code=450), OutboxState.DEFERRED, True),
        (MailAmbiguous("connection lost"), OutboxState.DEFERRED, True),
        (MailRefused("no such user", code=550), OutboxState.FAILED, False),
    ],
)
def test_a_failure_of_one_message_is_kept_with_its_reason_and_the_others_go_on(world, error, state, waits):
    mailer = FakeMailer()
    mailer.fail(person(3), error)
    report = deliver(delivery(world, mailer))
    assert (report.counts, report.stopped) == ({"sent": PEOPLE - 1, state.value: 1}, "")
    row = rows(world)[person(3)]
    assert (row.state, row.smtp_code) == (state, error.code)
    assert error.text in row.smtp_text
    assert (row.next_at is not None) == waits


def test_a_deferred_message_comes_again_when_it_is_due_with_the_same_bytes(world):
    mailer = FakeMailer()
    mailer.fail(person(3), MailDeferred("mailbox busy", code=450))
    deliver(delivery(world, mailer))
    assert deliver(delivery(world, mailer)).counts == {}
    world.clock.advance(timedelta(minutes=6))
    assert deliver(delivery(world, mailer)).counts == {"sent": 1}
    assert rows(world)[person(3)].attempt == 2


def test_a_message_that_is_deferred_for_two_days_is_given_up(world):
    mailer = FakeMailer()
    mailer.fail(person(3), *[MailDeferred("mailbox busy", code=450)] * 99)
    while rows(world)[person(3)].state in {OutboxState.PENDING, OutboxState.DEFERRED}:
        deliver(delivery(world, mailer))
        world.clock.advance(timedelta(hours=1))
    row = rows(world)[person(3)]
    assert row.state is OutboxState.FAILED
    assert "given up after" in row.smtp_text
    assert world.clock() - row.created_at <= timedelta(hours=49)


def test_an_ambiguous_message_can_be_held_for_a_person_to_decide(world):
    mailer = FakeMailer()
    mailer.fail(person(3), MailAmbiguous("connection lost"))
    deliver(delivery(world, mailer, hold_ambiguous=True))
    assert rows(world)[person(3)].state is OutboxState.UNKNOWN
    world.clock.advance(timedelta(days=1))
    assert deliver(delivery(world, mailer)).counts == {}
    world.store.retry()
    assert deliver(delivery(world, mailer)).counts == {"sent": 1}


@pytest.mark.parametrize(
    ("error", "words"), [(RelayUnavailable("no route"), "not available"), (SenderRefused("not you"), "refuses this sender")]
)
def test_a_fault_of_the_relay_stops_the_pass_and_gives_everything_back(world, error, words):
    mailer = FakeMailer()
    mailer.fail(person(3), error)
    report = deliver(delivery(world, mailer))
    assert words in report.stopped
    assert report.counts == {"sent": 3, "pending": 1}
    assert world.store.outbox_counts() == {OutboxState.SENT: 3, OutboxState.PENDING: PEOPLE - 3}
    assert mailer.closed == 1
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 3}


def test_five_policy_refusals_in_a_row_are_about_us_and_stop_the_pass(world):
    mailer = FakeMailer()
    for number in range(2, 9):
        mailer.fail(person(number), MailRefused("5.7.1 not authenticated", code=550))
    report = deliver(delivery(world, mailer))
    assert "SPF, DKIM and DMARC" in report.stopped
    assert report.counts == {"sent": 2, "failed": 5}
    assert world.store.outbox_counts() == {OutboxState.SENT: 2, OutboxState.FAILED: 5, OutboxState.PENDING: PEOPLE - 7}


def test_policy_refusals_that_a_success_parts_are_the_recipients_affair(world):
    mailer = FakeMailer()
    for number in (1, 2, 3, 4, 6, 7, 8, 9):
        mailer.fail(person(number), MailRefused("5.7.1 not wanted", code=550))
    report = deliver(delivery(world, mailer))
    assert (report.stopped, report.counts) == ("", {"sent": PEOPLE - 8, "failed": 8})


def test_a_service_that_stops_sends_no_further_message_and_gives_back_its_claims(world):
    mailer = FakeMailer()
    report = deliver(delivery(world, mailer, stopping=lambda: len(mailer.sent) == BATCH + 3))
    assert report.stopped == "the service is stopping"
    assert world.store.outbox_counts() == {OutboxState.SENT: BATCH + 3, OutboxState.PENDING: PEOPLE - BATCH - 3}


def test_the_pace_is_kept_before_each_message(world):
    paces = []
    deliver(delivery(world, FakeMailer(), pause=lambda: paces.append(1)))
    assert len(paces) == PEOPLE


def test_who_unsubscribed_meanwhile_gets_nothing(world):
    [ann] = [one for one in world.store.subscriptions() if one.canonical == person(3)]
    world.store.set_subscription(ann.id, Subscribed.ENDED, world.clock(), "page")
    mailer = FakeMailer()
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 1}
    assert rows(world)[person(3)].state is OutboxState.SUPPRESSED


def test_claims_of_a_worker_elsewhere_are_taken_over_when_their_lease_ran_out(world):
    now = world.clock()
    world.store.claim("another/1/1", now, now + LEASE, 5)
    mailer = FakeMailer()
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 5}
    world.clock.advance(LEASE)
    assert deliver(delivery(world, mailer)).counts == {"sent": 5}
    assert len({message.id for message in mailer.sent}) == PEOPLE


def test_claims_of_a_dead_process_of_this_host_are_given_back_at_once(world):
    with subprocess.Popen(
        [sys.executable, "-c", "from monitor.worker import own_name; print(own_name())"], stdout=subprocess.PIPE, text=True
    ) as child:
        dead = child.stdout.read().strip()
    now = world.clock()
    world.store.claim(dead, now, now + LEASE, 5)
    assert release_dead(world.store) == 5
    assert world.store.outbox_counts() == {OutboxState.PENDING: PEOPLE}


@pytest.mark.parametrize(
    "owner",
    [own_name(), "elsewhere/1/1", f"{socket.gethostname()}/not-a-number", "odd"],
    ids=["own", "elsewhere", "no number", "odd"],
)
def test_claims_of_a_living_process_or_another_host_are_left(world, owner):
    now = world.clock()
    world.store.claim(owner, now, now + LEASE, 5)
    assert release_dead(world.store) == 0


def test_a_process_that_got_the_number_of_a_dead_one_is_not_taken_for_it(world):
    now = world.clock()
    world.store.claim(f"{socket.gethostname()}/{os.getpid()}/1", now, now + LEASE, 5)
    assert release_dead(world.store) == 5


def test_a_name_is_the_same_throughout_a_process_and_says_host_and_process():
    assert own_name() == own_name()
    assert own_name().startswith(f"{socket.gethostname()}/{os.getpid()}/")
