"""Emptying the outbox: each message's fate is committed before the next, and a pass that must stop gives the rest back."""

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor import pipeline
from monitor.digests.due import due_of_week
from monitor.heart import SILENT_S, Heart
from monitor.model.delivery import OutboxKind, OutboxMessage, OutboxState, Receipt, SendingState, Subscribed, Subscription
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused, RelayUnavailable, SenderRefused, StoreBusy
from monitor.model.pace import Pace
from monitor.store.mail_promises import SENDER
from monitor.testing import FakeMailer
from monitor.worker import BATCH, LEASE, Delivery, Observer, Rates, deliver, own_name, release_dead

PEOPLE = 45
EDITION = "weekly/2019-03-04"


class Heard(Observer):
    """Remembers what it was told."""

    def __init__(self):
        self.outcomes, self.changes = [], []

    def outcome(self, message, state, error):
        self.outcomes.append((message, state, error))

    def changed(self, sending):
        self.changes.append(sending)


def confirmation(subscription, now):
    return OutboxMessage(
        0, "", subscription, "new@x.org", "en", "<c@x>", OutboxState.PENDING, b"x", created_at=now, kind=OutboxKind.CONFIRMATION
    )


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
    with world.store._engine.reading() as statements:
        assert statements.run("SELECT message FROM outbox_body") == [], "nobody needs the bytes any more"
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


def test_one_lost_connection_costs_one_message_a_minute_and_holds_up_nobody(world):
    mailer = FakeMailer()
    mailer.fail(person(3), RelayUnavailable("hung up"))
    report = deliver(delivery(world, mailer))
    assert (report.stopped, report.counts) == ("", {"sent": PEOPLE - 1, "pending": 1})
    row = rows(world)[person(3)]
    assert (row.state, row.attempt, row.next_at) == (OutboxState.PENDING, 0, world.clock() + timedelta(minutes=1))
    world.clock.advance(timedelta(minutes=1))
    assert deliver(delivery(world, mailer)).counts == {"sent": 1}


def test_a_relay_that_is_gone_stops_the_pass_and_everything_is_given_back(world):
    mailer = FakeMailer()
    for number in (3, 4, 5):
        mailer.fail(person(number), RelayUnavailable("no route"))
    report = deliver(delivery(world, mailer))
    assert report.stopped == "the relay is not available: no route"
    assert report.counts == {"sent": 3, "pending": 2}
    assert world.store.outbox_counts() == {OutboxState.SENT: 3, OutboxState.PENDING: PEOPLE - 3}
    assert mailer.closed == 1
    assert {row.attempt for row in rows(world).values() if row.state is OutboxState.PENDING} == {0}
    world.clock.advance(timedelta(minutes=1))
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 4, "pending": 1}


def test_the_last_message_that_finds_no_relay_says_so(world):
    mailer = FakeMailer()
    mailer.fail(person(PEOPLE - 1), RelayUnavailable("no route"))
    assert deliver(delivery(world, mailer)).stopped == "the relay is not available: no route"


def test_a_relay_that_refuses_us_pauses_the_edition_with_its_words_and_keeps_every_row(world):
    mailer = FakeMailer()
    mailer.fail(person(3), SenderRefused("authentication failed", code=535))
    report = deliver(delivery(world, mailer))
    assert world.store.outbox_counts() == {OutboxState.SENT: 3, OutboxState.PENDING: PEOPLE - 3}
    [paused] = report.changed
    assert (paused.state, paused.counts) == (
        SendingState.PAUSED,
        {"sent": 3, "claimed": BATCH - 4, "pending": PEOPLE - BATCH + 1},
    )
    assert paused.reason == "the relay refuses this sender: 535 authentication failed"
    assert deliver(delivery(world, mailer)).counts == {}
    assert world.store.resume_sending(EDITION, world.clock())
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 3}


def test_five_policy_refusals_in_a_row_pause_the_edition_and_those_refused_are_pending_again(world):
    mailer = FakeMailer()
    for number in range(2, 9):
        mailer.fail(person(number), MailRefused("5.7.1 not authenticated", code=550))
    report = deliver(delivery(world, mailer))
    assert "5 refusals by policy in a row" in report.changed[0].reason
    assert "SPF, DKIM and DMARC" in report.changed[0].reason
    assert report.counts == {"sent": 2, "failed": 5}
    assert world.store.outbox_counts() == {OutboxState.SENT: 2, OutboxState.PENDING: PEOPLE - 2}
    world.store.resume_sending(EDITION, world.clock())
    again = deliver(delivery(world, mailer))
    assert (again.counts, [one.state for one in again.changed]) == ({"sent": PEOPLE - 4, "failed": 2}, [SendingState.FINISHED])


def test_policy_refusals_of_more_than_a_twentieth_pause_the_edition_and_stay_with_their_reason(world):
    mailer = FakeMailer()
    for number in (1, 2, 3, 4, 6, 7, 8, 9):
        mailer.fail(person(number), MailRefused("5.7.1 not wanted", code=550))
    report = deliver(delivery(world, mailer))
    assert report.counts == {"sent": 2, "failed": 5}
    assert report.changed[0].reason.startswith("5 of 7 recipients refused by policy")
    assert rows(world)[person(1)].state is OutboxState.FAILED


def test_a_paused_edition_does_not_hold_up_what_somebody_waits_for(world):
    mailer = FakeMailer()
    now = world.clock()
    fresh = world.store.subscribe(Subscription(0, "weekly", "new@x.org", "new@x.org", "en", Subscribed.WAITING, now, now, "page"))
    world.store.pause_sending(EDITION, "by hand", now)
    world.store.enqueue([confirmation(fresh.id, now)])
    assert deliver(delivery(world, mailer)).counts == {"sent": 1}
    assert [one.kind for one in mailer.sent] == [OutboxKind.CONFIRMATION]


def test_a_confirmation_that_the_relay_refuses_waits_five_minutes_and_pauses_nothing(world):
    mailer = FakeMailer()
    now = world.clock()
    fresh = world.store.subscribe(Subscription(0, "weekly", "new@x.org", "new@x.org", "en", Subscribed.WAITING, now, now, "page"))
    world.store.enqueue([confirmation(fresh.id, now)])
    mailer.fail("new@x.org", SenderRefused("MAIL FROM: no", code=550))
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE, "pending": 1}
    assert rows(world)["new@x.org"].next_at == now + timedelta(minutes=5)
    assert world.store.sending(EDITION).state is SendingState.FINISHED


def test_many_confirmations_that_the_relay_refuses_do_not_hold_up_the_edition(world):
    mailer, now = FakeMailer(), world.clock()
    for number in range(5):
        address = f"new{number}@x.org"
        fresh = world.store.subscribe(Subscription(0, "weekly", address, address, "en", Subscribed.WAITING, now, now, "page"))
        world.store.enqueue([replace(confirmation(fresh.id, now), recipient=address, message_id=f"<c{number}@x>")])
        mailer.fail(address, SenderRefused("MAIL FROM: no", code=550))
    report = deliver(delivery(world, mailer))
    assert (report.counts, report.stopped) == ({"sent": PEOPLE, "pending": 5}, "")
    assert world.store.sending(EDITION).state is SendingState.FINISHED


def test_an_edition_is_finished_with_its_counts_once_nobody_is_left(world):
    mailer = FakeMailer()
    mailer.fail(person(3), MailRefused("5.1.1 nobody", code=550))
    heard = Heard()
    report = deliver(delivery(world, mailer, observer=heard))
    [ended] = report.changed
    assert (ended.state, ended.counts) == (SendingState.FINISHED, {"sent": PEOPLE - 1, "failed": 1})
    assert heard.changes == [ended]
    assert len(heard.outcomes) == PEOPLE
    assert [(state, error.code) for _, state, error in heard.outcomes if error] == [(OutboxState.FAILED, 550)]


def test_an_edition_that_nobody_began_in_time_is_missed_and_not_sent(world):
    world.clock.advance(timedelta(hours=25))
    mailer = FakeMailer()
    report = deliver(delivery(world, mailer))
    assert ([one.state for one in report.changed], report.counts) == ([SendingState.MISSED], {})
    world.store.resume_sending(EDITION, world.clock(), late=True)
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE}


def test_who_is_resumed_late_is_not_given_up_at_the_first_deferral(world):
    world.clock.advance(timedelta(days=5))
    mailer = FakeMailer()
    mailer.fail(person(3), MailDeferred("greylisted", code=450))
    deliver(delivery(world, mailer))
    world.store.resume_sending(EDITION, world.clock(), late=True)
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 1, "deferred": 1}


# Limits


class Sleeper:
    """A clock that goes on when somebody sleeps, and by nothing else; the sleeps it saw."""

    def __init__(self, clock):
        self.clock, self.slept = clock, []

    def __call__(self, seconds):
        self.slept.append(seconds)
        self.clock.advance(timedelta(seconds=seconds))


def limited(world, mailer, *, relay=None, **domains):
    rates = Rates(world.clock, relay, {domain.replace("_", "."): pace for domain, pace in domains.items()})
    return delivery(world, mailer, rates=rates, sleep=Sleeper(world.clock))


def test_the_relays_limit_is_kept_for_all_and_outlives_the_pass(world):
    began = world.clock()
    deliver(limited(world, FakeMailer(), relay=Pace(2.0, 4.0)))
    assert (world.clock() - began).total_seconds() == pytest.approx((PEOPLE - 4) / 2, abs=0.01)
    assert world.store.draw("relay", Pace(2.0, 4.0), world.clock()) > 0


def at(world, number, address):
    """Let one of the 45 have another address."""
    with world.store._engine.writing() as statements:
        changed = {"address": address, "domain": address.rpartition("@")[2], "old": person(number)}
        statements.run("UPDATE outbox SET recipient = :address, domain = :domain WHERE recipient = :old", changed)


def test_a_domain_at_its_limit_holds_up_nobody_else(world):
    for number in range(10):
        at(world, number, f"r{number}@slow.example")
    mailer = FakeMailer()
    one = limited(world, mailer, slow_example=Pace(0.1))
    began = world.clock()
    deliver(one)
    domains = [message.recipient.partition("@")[2] for message in mailer.sent]
    assert domains[:36] == ["slow.example"] + 35 * ["example.org"], "the others go at once"
    assert len(domains) == PEOPLE, "and those of the slow domain follow as its limit allows"
    assert (world.clock() - began).total_seconds() == pytest.approx(90, abs=2)
    assert {row.attempt for row in rows(world).values()} == {1}


def test_rows_given_back_for_a_limit_say_when_they_are_due_and_count_no_try(world):
    for number in range(3):
        at(world, number, f"r{number}@slow.example")
    mailer = FakeMailer()
    began = world.clock()
    one = replace(limited(world, mailer, slow_example=Pace(0.1)), stopping=lambda: len(mailer.sent) == PEOPLE - 2)
    deliver(one)
    waiting = [row for row in world.store.outbox() if row.state is OutboxState.PENDING]
    assert [(row.recipient, row.attempt, row.next_at) for row in waiting] == [
        (f"r{number}@slow.example", 0, began + timedelta(seconds=10)) for number in (1, 2)
    ]


# Several connections


class Meeting(FakeMailer):
    """Takes a message only when another sender is at it too, so that a pass that uses one connection never ends."""

    together = None

    def send(self, message, ours=lambda: True):
        self.together.wait(10)
        return super().send(message, ours)


def test_each_connection_has_a_sender_of_its_own(world):
    one, two = Meeting(), Meeting()
    one.together = two.together = threading.Barrier(2)
    # as many for each: 40 in two batches, the rest would wait for a third
    world.store.set_subscription(world.store.subscriptions()[0].id, Subscribed.ENDED, world.clock(), "page")
    for subscription in world.store.subscriptions()[:5]:
        world.store.set_subscription(subscription.id, Subscribed.ENDED, world.clock(), "page")
    report = deliver(delivery(world, one, more_mailers=(two,)))
    assert report.counts == {"sent": 40}
    assert (len(one.sent), len(two.sent), one.closed, two.closed) == (20, 20, 1, 1)
    assert len({message.id for message in one.sent + two.sent}) == 40


def test_a_domain_with_a_limit_has_one_connection_at_a_time(world):
    busy, most = [], []

    class Watching(FakeMailer):
        def send(self, message, ours=lambda: True):
            busy.append(message.recipient)
            most.append(len(busy))
            time.sleep(0.001)
            busy.pop()
            return super().send(message, ours)

    mailers = [Watching() for _ in range(3)]
    rates = Rates(lambda: datetime.now(UTC), None, {"example.org": Pace(100000.0, 1000.0)})
    assert deliver(delivery(world, mailers[0], more_mailers=tuple(mailers[1:]), rates=rates)).counts == {"sent": PEOPLE}
    assert max(most) == 1


def test_a_sender_that_fails_stops_the_others_and_its_claims_are_given_back(world):
    class Broken(FakeMailer):
        def send(self, message, ours=lambda: True):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deliver(delivery(world, Broken(), more_mailers=(Broken(),)))
    held = [row for row in world.store.outbox() if row.state is OutboxState.CLAIMED]
    assert len(held) <= 2, "only those whose fate is not known"


# Claims that are lost


def test_a_message_whose_claim_is_over_before_its_first_byte_is_left_to_its_new_sender(world):
    class Slow(FakeMailer):
        def send(self, message, ours=lambda: True):
            if message.recipient == person(0):
                world.clock.advance(LEASE + timedelta(seconds=1))
                assert [one.recipient for one in world.store.claim("other/1/1", world.clock(), world.clock() + LEASE, 1)] == [
                    person(0)
                ]
            return super().send(message, ours)

    mailer = Slow()
    assert deliver(delivery(world, mailer)).counts == {"sent": PEOPLE - 1}
    row = rows(world)[person(0)]
    assert (row.state, row.lease_owner, row.attempt) == (OutboxState.CLAIMED, "other/1/1", 2)
    assert person(0) not in {message.recipient for message in mailer.sent}


def test_the_word_of_a_sender_that_was_stuck_does_not_undo_that_of_its_successor(world):
    class Stuck(FakeMailer):
        def send(self, message, ours=lambda: True):
            if message.recipient == person(0):
                world.store.release("host/1/2")
                [taken] = world.store.claim("other/1/1", world.clock(), world.clock() + LEASE, 1)
                world.store.mark_sent(taken.id, Receipt(250, "by the other"), world.clock())
                raise MailRefused("5.1.1 nobody", code=550)
            return super().send(message, ours)

    deliver(delivery(world, Stuck(), heart=None))
    assert rows(world)[person(0)].smtp_text == "by the other"


def test_the_fate_of_a_message_is_written_down_though_the_database_is_away_for_a_while(world):
    away = [StoreBusy("gone")] * 3

    class Flaky:
        def __getattr__(self, name):
            return getattr(world.store, name)

        def mark_sent(self, *arguments):
            if away:
                raise away.pop()
            return world.store.mark_sent(*arguments)

    mailer = FakeMailer()
    assert deliver(replace(delivery(world, mailer), store=Flaky(), sleep=lambda _: None)).counts == {"sent": PEOPLE}
    assert len(mailer.sent) == PEOPLE


# Signs of life


def hearted(world, mailer, seconds, owner="host/1/2"):
    heart = Heart(lambda: world.store.heartbeat(SENDER + owner, world.clock()), clock=lambda: seconds[0], every_s=3600)
    return delivery(world, mailer, heart=heart, owner=owner)


def test_a_silent_senders_claims_are_given_back_after_a_minute_and_not_after_their_lease(world):
    now = world.clock()
    world.store.claim("gone/1/1", now, now + LEASE, 5)
    world.store.heartbeat(SENDER + "gone/1/1", now)
    seconds, mailer = [1000.0], FakeMailer()
    mine = hearted(world, mailer, seconds)
    assert deliver(mine).counts == {"sent": PEOPLE - 5}
    seconds[0] += SILENT_S - 1
    assert deliver(mine).counts == {}
    seconds[0] += 1
    assert deliver(mine).counts == {"sent": 5}
    assert SENDER + "gone/1/1" not in world.store.heartbeats()


def test_a_sender_that_beats_keeps_its_claims_whatever_the_clocks_on_the_walls_say(world):
    now = world.clock()
    world.store.claim("slow/1/1", now, now + LEASE, 5)
    seconds = [1000.0]
    mine = hearted(world, FakeMailer(), seconds)
    for beat in range(9):
        world.store.heartbeat(SENDER + "slow/1/1", now - timedelta(days=400) + timedelta(seconds=beat))
        deliver(mine)
        seconds[0] += 30
    assert world.store.outbox_counts() == {OutboxState.SENT: PEOPLE - 5, OutboxState.CLAIMED: 5}


def test_a_sender_that_slept_over_its_beats_sends_nothing_of_what_it_had_claimed(world):
    seconds = [1000.0]

    class Asleep(FakeMailer):
        def send(self, message, ours=lambda: True):
            if len(self.sent) == 3:
                seconds[0] += SILENT_S
            return super().send(message, ours)

    mailer = Asleep()
    report = deliver(hearted(world, mailer, seconds))
    assert len(mailer.sent) == 3
    assert "sign of life" in report.stopped
    assert deliver(hearted(world, FakeMailer(), seconds)).counts == {"sent": PEOPLE - 4}
    assert rows(world)[person(3)].state is OutboxState.CLAIMED, "left to its lease: nobody knows who has it"


def test_a_sender_that_went_home_leaves_no_sign_of_life(world):
    deliver(hearted(world, FakeMailer(), [1000.0]))
    assert world.store.heartbeats() == {}


def test_a_service_that_stops_sends_no_further_message_and_gives_back_its_claims(world):
    mailer = FakeMailer()
    report = deliver(delivery(world, mailer, stopping=lambda: len(mailer.sent) == BATCH + 3))
    assert report.stopped == "the service is stopping"
    assert world.store.outbox_counts() == {OutboxState.SENT: BATCH + 3, OutboxState.PENDING: PEOPLE - BATCH - 3}


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
