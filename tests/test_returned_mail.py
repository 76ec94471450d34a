"""Mail that comes back does what it must, once, whichever way it came; what is forged does nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.delivery.bounces import KEEP_RAW
from monitor.delivery.message import envelope_sender, leave_address
from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose, make_token, message_id
from monitor.model.bounce import BounceAct, BounceClass, BounceProof
from monitor.model.delivery import OutboxMessage, OutboxState, Receipt, SendingState, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition
from monitor.model.errors import StoreBusy
from monitor.returned_mail import RAW_BYTES, Returns, accepts, forget_old, take_in
from monitor.testing import SENDER, FixedClock, memory_store

DSN = Path(__file__).parent / "delivery" / "dsn"
NOW = datetime(2019, 3, 11, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
OURS = replace(SENDER, bounce="b@bounce.example.org", suppression_key=b"k" * 32)


class World:
    """A store with subscribers and the editions that went to them."""

    def __init__(self):
        self.store = memory_store()
        self.clock = FixedClock(NOW)
        self.told, self.alarms = [], []
        self.returns = Returns(self.store, OURS, self.clock, self.told.append, lambda *facts: self.alarms.append(facts))

    def subscribe(self, name="ann", digest="weekly", state=Subscribed.ACTIVE):
        address = f"{name}@example.org"
        return self.store.subscribe(Subscription(0, digest, address, address, "en", state, NOW, NOW, "command line"))

    def send(self, people, key=date(2019, 3, 11), digest="weekly"):
        """An edition that the relay took for everybody; gives its id."""
        end = datetime(key.year, key.month, key.day, 5, tzinfo=UTC)
        window = Window(end - WEEK, end, "2019-W10", key - WEEK, key)
        edition = FrozenEdition(f"{digest}/{key}", digest, key, "2019-W10", window, end, end, 10, "h", {})
        messages = [
            OutboxMessage(
                0, edition.id, one.id, one.canonical, "en", message_id(OURS.secret, edition.id, one.id, 1, OURS.domain),
                OutboxState.PENDING, b"mail", created_at=end, envelope_from=envelope_sender(OURS, one.id, edition.id),
            )
            for one in people
        ]  # fmt: skip
        assert self.store.freeze_edition(edition, messages)
        for row in self.store.outbox(edition=edition.id):
            self.store.mark_sent(row.id, Receipt(250, "ok", "Q"), end)
        return edition.id

    def state(self, person):
        return self.store.subscription(person.id).state

    def take(self, raw, envelope=()):
        return take_in(self.returns, raw, envelope)


@pytest.fixture
def world():
    made = World()
    yield made
    made.store.close()


def dsn(
    to, status="5.1.1", *, number=1, about="", action="failed", original="ann@example.org", sender="MAILER-DAEMON@mx.example.net"
):
    returned = f"Message-ID: {about}\r\n" if about else ""
    return (
        f"Return-Path: <>\r\nFrom: {sender}\r\nTo: {to}\r\nSubject: Undelivered\r\nMessage-ID: <{number}@mx.example.net>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nno\r\n'
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Original-Recipient: rfc822;{original}\r\nFinal-Recipient: rfc822;{original}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: weekly\r\n{returned}\r\n--x--\r\n"
    ).encode()


def test_a_hard_bounce_suppresses_the_address_for_every_digest(world):
    ann, other = world.subscribe(), world.subscribe(digest="monthly")
    bob = world.subscribe("bob")
    edition = world.send([ann, bob])
    bounce = world.take(dsn(envelope_sender(OURS, ann.id, edition)))
    assert (bounce.bounce_class, bounce.act, bounce.proof) == (BounceClass.HARD, BounceAct.SUPPRESS, BounceProof.TOKEN)
    assert (bounce.subscription, bounce.edition, bounce.status) == (ann.id, edition, "5.1.1")
    assert [world.state(one) for one in (ann, other, bob)] == [Subscribed.SUPPRESSED, Subscribed.SUPPRESSED, Subscribed.ACTIVE]
    assert world.store.subscription(ann.id).how == "bounce 5.1.1"
    assert world.store.suppressions([address_mac(OURS.suppression_key, "ann@example.org")])[0].reason == "bounce 5.1.1"
    assert world.told == [bounce]
    assert world.alarms == []


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        ("5.1.1", Subscribed.SUPPRESSED, "no such mailbox: the form shall not write to it again"),
        ("5.7.1", Subscribed.WAITING, "refused for its sender: nothing about the person"),
        ("5.2.2", Subscribed.WAITING, "full"),
    ],
)
def test_a_confirmation_that_comes_back_is_about_that_asking_alone(world, status, state, why):
    ann = world.subscribe(state=Subscribed.WAITING)
    edition = world.send([world.subscribe("bob")])
    bounce = world.take(dsn(envelope_sender(OURS, ann.id, ""), status))
    assert (bounce.subscription, bounce.edition, world.state(ann)) == (ann.id, "", state), why
    assert world.store.sending(edition).state is not SendingState.PAUSED


def test_a_suppressed_address_is_not_brought_back_by_an_import(world):
    ann = world.subscribe()
    edition = world.send([ann])
    world.take(dsn(envelope_sender(OURS, ann.id, edition)))
    assert world.subscribe(digest="another").state is Subscribed.SUPPRESSED


def test_the_same_report_counts_once_whichever_way_it_came(world):
    ann = world.subscribe()
    edition = world.send([ann])
    address = envelope_sender(OURS, ann.id, edition)
    first = world.take(dsn(address, "5.2.2"), (address,))
    assert world.take(b"X-Copy: 1\r\n" + dsn(address, "5.2.2")).key == first.key
    assert len(world.told) == len(world.store.bounces()) == 1


def test_who_is_stopped_between_deed_and_note_does_the_same_again(world, monkeypatch):
    ann = world.subscribe()
    edition = world.send([ann])
    raw = dsn(envelope_sender(OURS, ann.id, edition))

    def broken(_):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(world.store, "record_bounce", broken)
        with pytest.raises(RuntimeError):
            world.take(raw)
    assert world.state(ann) is Subscribed.SUPPRESSED
    assert world.take(raw).act is BounceAct.SUPPRESS
    assert len(world.store.bounces()) == len(world.told) == 1


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (lambda ann, edition: dsn("b@bounce.example.org"), "no token, but the subscriber's address"),
        (lambda ann, edition: dsn(f"b+{make_token(b'eve', Purpose.BOUNCE, ann.id, edition)}@bounce.example.org"), "a token of another key"),
        (lambda ann, edition: dsn(f"b+{make_token(OURS.secret, Purpose.UNSUBSCRIBE, ann.id, 'weekly')}@bounce.example.org"), "a token of another purpose"),
        (lambda ann, edition: dsn("b@bounce.example.org", about="<weekly.2019-03-11.00000000000000000000000000000000@news.example.org>"), "a Message-ID made up"),
        (lambda ann, edition: dsn("b@bounce.example.org", sender="ann@example.org"), "from the subscriber, says the header"),
        (lambda ann, edition: (DSN / "forged-token.eml").read_bytes(), "the kept sample"),
    ],
)  # fmt: skip
def test_what_is_forged_suppresses_nobody(world, forge, why):
    ann = world.subscribe()
    edition = world.send([ann])
    bounce = world.take(forge(ann, edition))
    assert world.state(ann) is Subscribed.ACTIVE, why
    assert (bounce.act, bounce.proof, bounce.subscription) == (BounceAct.NOTHING, BounceProof.NONE, 0)
    assert world.store.suppressions([address_mac(OURS.suppression_key, "ann@example.org")]) == ()


def test_the_keyed_message_id_proves_as_much_as_a_token(world):
    ann = world.subscribe()
    edition = world.send([ann])
    about = world.store.outbox(edition=edition)[0].message_id
    bounce = world.take(dsn("digest@news.example.org", about=about))
    assert (bounce.proof, bounce.edition, bounce.act) == (BounceProof.MESSAGE_ID, edition, BounceAct.SUPPRESS)


def test_a_message_id_with_another_recipient_proves_nothing(world):
    ann = world.subscribe()
    edition = world.send([ann])
    about = world.store.outbox(edition=edition)[0].message_id
    bounce = world.take(dsn("digest@news.example.org", about=about, original="eve@example.com"))
    assert (bounce.proof, world.state(ann)) == (BounceProof.NONE, Subscribed.ACTIVE)


def test_three_editions_that_did_not_arrive_suppress(world):
    ann = world.subscribe()
    days = [date(2019, 3, 11), date(2019, 3, 18), date(2019, 3, 25)]
    acts = []
    for number, day in enumerate(days):
        edition = world.send([ann], day)
        acts.append(world.take(dsn(envelope_sender(OURS, ann.id, edition), "5.2.2", number=number)).act)
        world.clock.advance(WEEK)
    assert acts == [BounceAct.NOTHING, BounceAct.NOTHING, BounceAct.SUPPRESS]
    assert world.state(ann) is Subscribed.SUPPRESSED


def test_a_delayed_mail_changes_nothing(world):
    ann = world.subscribe()
    edition = world.send([ann])
    assert world.take(dsn(envelope_sender(OURS, ann.id, edition), "4.4.1", action="delayed")).bounce_class is BounceClass.IGNORED
    assert world.state(ann) is Subscribed.ACTIVE


def test_a_refusal_of_the_sender_suppresses_nobody_and_pauses_the_edition_at_five_in_a_hundred(world):
    people = [world.subscribe(f"p{number}") for number in range(40)]
    edition = world.send(people[:39])
    for number, person in enumerate(people[:2]):
        world.take(dsn(envelope_sender(OURS, person.id, edition), "5.7.26", number=number, original=person.canonical))
    assert [world.state(person) for person in people] == [Subscribed.ACTIVE] * 40
    assert [facts[0] for facts in world.alarms] == [edition, edition]
    assert "2 of 39" in world.alarms[1][1]


def test_an_edition_under_way_is_paused(world):
    people = [world.subscribe(f"p{number}") for number in range(4)]
    end = datetime(2019, 3, 11, 5, tzinfo=UTC)
    window = Window(end - WEEK, end, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    edition = FrozenEdition("weekly/2019-03-11", "weekly", date(2019, 3, 11), "2019-W10", window, end, end, 10, "h", {})
    rows = [
        OutboxMessage(0, edition.id, one.id, one.canonical, "en", f"<{one.id}@x>", OutboxState.PENDING, b"mail") for one in people
    ]
    world.store.freeze_edition(edition, rows)
    for number, person in enumerate(people[:2]):
        world.take(dsn(envelope_sender(OURS, person.id, edition.id), "5.7.1", number=number, original=person.canonical))
    sending = world.store.sending(edition.id)
    assert sending.state is SendingState.PAUSED
    assert "2 of 4 messages were refused for their sender" in sending.reason
    assert world.store.claim("worker", NOW, NOW + WEEK, 10) == ()


def test_a_mail_to_the_address_that_unsubscribes_ends_that_subscription_alone(world):
    ann, other = world.subscribe(), world.subscribe(digest="monthly")
    address = leave_address(OURS, make_token(OURS.secret, Purpose.UNSUBSCRIBE, ann.id, "weekly"))
    raw = f"From: Ann <someone@else.example>\r\nTo: {address}\r\nSubject: unsubscribe\r\nMessage-ID: <u@x>\r\n\r\n".encode()
    bounce = world.take(raw, (address,))
    assert (bounce.bounce_class, bounce.act) == (BounceClass.UNSUBSCRIBE, BounceAct.END)
    assert [world.state(one) for one in (ann, other)] == [Subscribed.ENDED, Subscribed.ACTIVE]
    assert world.store.subscription(ann.id).how == "mail"
    assert world.take(raw.replace(b"<u@x>", b"<v@x>"), (address,)).act is BounceAct.NOTHING, "it had ended before"


def test_an_automatic_reply_to_that_address_ends_nothing(world):
    ann = world.subscribe()
    address = leave_address(OURS, make_token(OURS.secret, Purpose.UNSUBSCRIBE, ann.id, "weekly"))
    world.take(f"From: ann@example.org\r\nTo: {address}\r\nSubject: away\r\nAuto-Submitted: auto-replied\r\n\r\n".encode())
    assert world.state(ann) is Subscribed.ACTIVE


def test_a_complaint_suppresses_by_the_token_inside(world):
    ann = world.subscribe()
    edition = world.send([ann])
    raw = (
        "From: fbl@isp.example\r\nTo: abuse@news.example.org\r\nMessage-ID: <9@isp>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n--x\r\nContent-Type: message/feedback-report\r\n\r\n'
        "Feedback-Type: abuse\r\nVersion: 1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Return-Path: <{envelope_sender(OURS, ann.id, edition)}>\r\nSubject: weekly\r\n\r\nx\r\n--x--\r\n"
    )
    bounce = world.take(raw.encode())
    assert (bounce.bounce_class, bounce.act, bounce.edition) == (BounceClass.COMPLAINT, BounceAct.SUPPRESS, edition)
    assert world.store.subscription(ann.id).how == "complaint"


def test_a_report_on_somebody_who_was_erased_is_kept_and_does_nothing(world):
    ann = world.subscribe()
    edition = world.send([ann])
    from monitor.model.consent import Suppression

    world.store.erase("ann@example.org", Suppression("mac", "", "erased", NOW))
    assert world.take(dsn(envelope_sender(OURS, ann.id, edition))).act is BounceAct.NOTHING


def test_tokens_of_a_secret_that_was_replaced_are_read_still(world):
    ann = world.subscribe()
    edition = world.send([ann])
    raw = dsn(envelope_sender(OURS, ann.id, edition))
    newer = replace(OURS, secret=b"a new one", previous_secrets=(OURS.secret,))
    assert take_in(replace(world.returns, sender=newer), raw).act is BounceAct.SUPPRESS


@pytest.mark.parametrize(
    ("address", "good"),
    [
        (lambda: envelope_sender(OURS, 7, "weekly/2019-03-11"), True),
        (lambda: envelope_sender(OURS, 7, "weekly/2019-03-11").replace("bounce.example.org", "BOUNCE.Example.ORG"), True),
        (lambda: leave_address(OURS, make_token(OURS.secret, Purpose.UNSUBSCRIBE, 7, "weekly")), True),
        (lambda: "b@bounce.example.org", False),
        (lambda: f"u+{make_token(OURS.secret, Purpose.BOUNCE, 7, 'weekly')}@bounce.example.org", False),
        (lambda: f"b+{make_token(OURS.secret, Purpose.UNSUBSCRIBE, 7, 'weekly')}@bounce.example.org", False),
        (lambda: f"b+{make_token(b'eve', Purpose.BOUNCE, 7, 'weekly')}@bounce.example.org", False),
        (lambda: envelope_sender(OURS, 7, "weekly/2019-03-11").replace("bounce.", "other."), False),
        (lambda: "digest@news.example.org", False),
        (lambda: "", False),
    ],
)
def test_only_addresses_of_ours_are_accepted(address, good):
    assert accepts(OURS, address()) is good
    assert not accepts(replace(OURS, bounce=""), address())


def test_raw_mails_are_kept_in_part_and_for_a_month(world):
    ann = world.subscribe()
    edition = world.send([ann])
    bounce = world.take(dsn(envelope_sender(OURS, ann.id, edition)) + b"x" * RAW_BYTES)
    assert len(world.store.bounces_like(bounce.key)[0].raw) == RAW_BYTES
    assert forget_old(world.returns) == 0
    world.clock.advance(KEEP_RAW + timedelta(days=1))
    assert forget_old(world.returns) == 1
    assert world.store.bounces_like(bounce.key)[0].raw == b""


def test_every_kept_sample_is_taken_in_without_an_error(world):
    kept = {world.take(file.read_bytes()).key for file in sorted(DSN.glob("*.eml"))}
    assert len(kept) == len(world.told) > 20


class Failing:
    """A store whose n-th call fails, before or after it was done."""

    def __init__(self, store, number, *, after):
        self._store, self._left, self._after = store, number, after

    def __getattr__(self, name):
        real = getattr(self._store, name)

        def call(*arguments, **named):
            self._left -= 1
            if self._left:
                return real(*arguments, **named)
            if self._after:
                real(*arguments, **named)
            raise StoreBusy(f"{name} failed")

        return call

    @property
    def fired(self):
        return self._left <= 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("status", ["5.1.1", "5.2.2", "5.7.1"])
def test_whichever_step_fails_a_second_reading_comes_to_the_same(status, after):
    def ended(number):
        world = World()
        people = [world.subscribe(f"p{n}") for n in range(3)]
        edition = world.send(people)
        raws = [dsn(envelope_sender(OURS, one.id, edition), status, number=one.id, original=one.canonical) for one in people]
        failing = Failing(world.store, number, after=after)
        for raw in raws:
            try:
                take_in(replace(world.returns, store=failing), raw)
            except StoreBusy:
                world.take(raw)
        kept = [(one.subscription, one.bounce_class, one.act, one.edition) for one in world.store.bounces()]
        states = [*(world.state(one) for one in people), world.store.sending(edition).state]
        world.store.close()
        return failing.fired, (sorted(kept), states)

    fired, undisturbed = ended(10_000)
    assert not fired
    number, fired = 1, True
    while fired:
        fired, outcome = ended(number)
        assert outcome == undisturbed, f"step {number}"
        number += 1
    assert number > 10
