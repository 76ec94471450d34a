"""What a provider reports by HTTP does what the same bounce does by mail: with proof, once, and not before it is kept."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.delivery.hooks.events import read_events
from monitor.delivery.hooks.files import MAPPINGS, check_hook
from monitor.delivery.message import envelope_sender
from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose, make_token, message_id
from monitor.hook_reports import Hooked, keep_request, work_off
from monitor.model.bounce import BounceAct, BounceClass, BounceProof
from monitor.model.delivery import OutboxMessage, OutboxState, Receipt, SendingState, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition
from monitor.model.errors import StoreBusy
from monitor.returned_mail import LATE, Returns
from monitor.testing import SENDER, FixedClock, memory_store

NOW = datetime(2019, 3, 11, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
OURS = replace(SENDER, bounce="b@bounce.example.org", suppression_key=b"k" * 32)
HOOKS = {name: Hooked(check_hook(MAPPINGS / f"{name}.yml")[0], "secret") for name in ("postmark", "mailgun", "brevo")}


class World:
    """A store with an edition that went to two subscribers."""

    def __init__(self):
        self.store, self.clock, self.told, self.alarms = memory_store(), FixedClock(NOW), [], []
        self.returns = Returns(self.store, OURS, self.clock, self.told.append, lambda *facts: self.alarms.append(facts))
        self.ann, self.bob = self.subscribe("ann"), self.subscribe("bob")
        self.edition = self.send([self.ann, self.bob], date(2019, 3, 11))

    def subscribe(self, name):
        address = f"{name}@example.org"
        return self.store.subscribe(Subscription(0, "weekly", address, address, "en", Subscribed.ACTIVE, NOW, NOW, "test"))

    def send(self, people, key):
        end = datetime(key.year, key.month, key.day, 5, tzinfo=UTC)
        edition = FrozenEdition(
            f"weekly/{key}",
            "weekly",
            key,
            "2019-W10",
            Window(end - WEEK, end, "2019-W10", key - WEEK, key),
            end,
            end,
            10,
            "h",
            {},
        )
        rows = [
            OutboxMessage(
                0, edition.id, one.id, one.canonical, "en", message_id(OURS.secret, edition.id, one.id, 1, OURS.domain), OutboxState.PENDING, b"mail",
                created_at=end, envelope_from=envelope_sender(OURS, one.id, edition.id),
            )
            for one in people
        ]  # fmt: skip
        assert self.store.freeze_edition(edition, rows)
        for row in self.store.outbox(edition=edition.id):
            self.store.mark_sent(row.id, Receipt(250, "ok", "Q"), end)
        return edition.id

    def token(self, person, edition=None):
        return make_token(OURS.secret, Purpose.BOUNCE, person.id, self.edition if edition is None else edition)

    def come(self, name, *documents):
        """Requests come and are worked off; the reports that were kept."""
        for document in documents:
            body = json.dumps(document).encode()
            keep_request(self.store, HOOKS[name].hook, body, read_events(HOOKS[name].hook, document), self.clock())
        work_off(self.returns, HOOKS)
        return self.store.bounces()

    def state(self, person):
        return self.store.subscription(person.id).state


@pytest.fixture
def world():
    made = World()
    yield made
    made.store.close()


def postmark(token, kind="HardBounce", number=1, **more):
    return {
        "RecordType": "Bounce",
        "Type": kind,
        "ID": number,
        "Email": "ann@example.org",
        "Metadata": {"monitor": token},
        **more,
    }


def mailgun(about, event="failed", recipient="ann@example.org", **more):
    message = {"headers": {"message-id": about.strip("<>")}}
    return {
        "event-data": {"event": event, "severity": "permanent", "recipient": recipient, "message": message, "id": "e1", **more}
    }


def test_a_hard_bounce_with_our_token_suppresses_the_address(world):
    [bounce] = world.come("postmark", postmark(world.token(world.ann), Details="smtp;550 5.1.1 no such user"))
    assert (bounce.bounce_class, bounce.act, bounce.proof, bounce.source) == (
        BounceClass.HARD,
        BounceAct.SUPPRESS,
        BounceProof.TOKEN,
        "hook:postmark",
    )
    assert (bounce.subscription, bounce.edition, bounce.status) == (world.ann.id, world.edition, "5.1.1")
    assert [world.state(one) for one in (world.ann, world.bob)] == [Subscribed.SUPPRESSED, Subscribed.ACTIVE]
    assert world.store.suppressions([address_mac(OURS.suppression_key, "ann@example.org")])[0].reason == "bounce 5.1.1"
    assert len(world.told) == 1


def test_the_message_id_of_the_mail_proves_it_with_its_recipient(world):
    about = message_id(OURS.secret, world.edition, world.ann.id, 1, OURS.domain)
    [bounce] = world.come("mailgun", mailgun(about, "complained"))
    assert (bounce.act, bounce.proof, bounce.bounce_class) == (BounceAct.SUPPRESS, BounceProof.MESSAGE_ID, BounceClass.COMPLAINT)
    assert world.state(world.ann) is Subscribed.SUPPRESSED


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (lambda world: ("postmark", postmark("")), "no token"),
        (lambda world: ("postmark", postmark("A" * 40)), "a token made up"),
        (lambda world: ("postmark", postmark(make_token(b"eve", Purpose.BOUNCE, world.ann.id, world.edition))), "of another key"),
        (lambda world: ("postmark", postmark(make_token(OURS.secret, Purpose.UNSUBSCRIBE, world.ann.id, "weekly"))), "of another purpose"),
        (lambda world: ("mailgun", mailgun("<weekly.2019-03-11.0123@news.example.org>")), "a Message-ID made up"),
        (lambda world: ("mailgun", mailgun(message_id(OURS.secret, world.edition, world.ann.id, 1, OURS.domain), recipient="bob@example.org")), "about somebody else"),
        (lambda world: ("postmark", postmark(world.token(world.ann), "NewKind")), "a kind that nobody knows"),
    ],
)  # fmt: skip
def test_without_proof_nothing_is_done_whoever_signed_it(world, document, why):
    [bounce] = world.come(*document(world))
    assert bounce.act is BounceAct.NOTHING, why
    assert [world.state(one) for one in (world.ann, world.bob)] == [Subscribed.ACTIVE] * 2
    assert world.store.suppressions([address_mac(OURS.suppression_key, f"{name}@example.org") for name in ("ann", "bob")]) == ()


def test_what_is_repeated_counts_once_before_and_after_it_was_worked_off(world):
    report = postmark(world.token(world.ann), "SoftBounce")
    world.come("postmark", report, report)
    world.clock.advance(timedelta(hours=1))
    assert len(world.come("postmark", report, {**report, "Tag": "new"})) == len(world.told) == 1


def test_nothing_is_acted_on_before_it_is_worked_off_and_a_stop_in_between_loses_nothing(world, monkeypatch):
    document = [postmark(world.token(world.ann)), postmark(world.token(world.bob), number=2, Email="bob@example.org")]
    assert keep_request(
        world.store, HOOKS["postmark"].hook, json.dumps(document).encode(), read_events(HOOKS["postmark"].hook, document), NOW
    )
    assert world.state(world.ann) is Subscribed.ACTIVE
    known = type(world.store).record_bounce

    def once(store, bounce):
        if bounce.subscription == world.bob.id:
            raise StoreBusy("locked")
        return known(store, bounce)

    with monkeypatch.context() as patch:
        patch.setattr(type(world.store), "record_bounce", once)
        with pytest.raises(StoreBusy):
            work_off(world.returns, HOOKS)
    assert len(world.store.waiting_hooks(10)) == 1
    assert work_off(world.returns, HOOKS) == 1
    assert world.store.waiting_hooks(10) == ()
    assert [world.state(one) for one in (world.ann, world.bob)] == [Subscribed.SUPPRESSED] * 2
    assert len(world.store.bounces()) == len(world.told) == 2


def test_three_editions_that_a_provider_could_not_deliver_suppress(world):
    for number in range(3):
        edition = world.send([world.ann], date(2019, 3, 18) + number * WEEK)
        world.clock.advance(WEEK)
        assert world.state(world.ann) is Subscribed.ACTIVE
        world.come("postmark", postmark(world.token(world.ann, edition), "SoftBounce", number))
    assert world.state(world.ann) is Subscribed.SUPPRESSED


def test_refusals_of_the_sender_pause_the_edition_and_leave_people_alone(world):
    more = [world.subscribe(f"p{number}") for number in range(4)]
    edition = world.send(more, date(2019, 3, 18))
    world.store.resume_sending(edition, NOW)
    documents = [
        postmark(world.token(one, edition), "HardBounce", number, Details="550 5.7.26 DMARC")
        for number, one in enumerate(more[:2])
    ]
    world.come("postmark", *documents)
    assert {world.state(one) for one in more} == {Subscribed.ACTIVE}
    assert world.store.sending(edition).state is SendingState.PAUSED
    assert any(edition == where for where, _ in world.alarms)


def test_leaving_by_the_providers_own_link_ends_that_subscription_alone(world):
    [bounce] = world.come("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "ManualSuppression",
                                       "Recipient": "ann@example.org", "Metadata": {"monitor": world.token(world.ann)}})  # fmt: skip
    assert (bounce.act, bounce.bounce_class) == (BounceAct.END, BounceClass.UNSUBSCRIBE)
    assert (world.state(world.ann), world.store.subscription(world.ann.id).how) == (Subscribed.ENDED, "mail provider")
    assert world.store.suppressions([address_mac(OURS.suppression_key, "ann@example.org")]) == ()


def test_what_arrived_or_was_opened_is_not_kept_at_all(world):
    for document in (
        {"RecordType": "Delivery", "Recipient": "ann@example.org"},
        {"RecordType": "Open", "Recipient": "ann@example.org"},
    ):
        assert not keep_request(world.store, HOOKS["postmark"].hook, b"x", read_events(HOOKS["postmark"].hook, document), NOW)
    assert world.store.waiting_hooks(10) == ()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (NOW - timedelta(hours=5), NOW - timedelta(hours=5)),
        (NOW - LATE - timedelta(seconds=1), NOW),
        (NOW + timedelta(seconds=1), NOW),
    ],
)
def test_a_report_counts_from_when_it_says_that_it_was_unless_that_is_absurd(world, said, kept):
    [bounce] = world.come("postmark", postmark(world.token(world.ann), BouncedAt=said.isoformat()))
    assert bounce.at == kept


def test_a_request_whose_mapping_went_is_told_and_holds_up_nothing(world):
    document = postmark(world.token(world.ann))
    keep_request(
        world.store,
        replace(HOOKS["postmark"].hook, name="gone"),
        b"[]",
        read_events(HOOKS["postmark"].hook, document),
        NOW - WEEK,
    )
    assert len(world.come("postmark", document)) == 1
    assert world.store.waiting_hooks(10) == ()
    assert "gone" in world.alarms[0][1]


def test_the_raw_event_can_be_looked_at_and_goes_after_a_month(world):
    [bounce] = world.come("postmark", postmark(world.token(world.ann)))
    assert json.loads(world.store.bounces_like(bounce.key)[0].raw)["Type"] == "HardBounce"
