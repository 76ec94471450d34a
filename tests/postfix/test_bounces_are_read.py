"""Editions go through a real Postfix; what it returns lies in a real mailbox, is read there, and has its consequence."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.delivery.mailbox import Box, read_new
from monitor.delivery.message import Letter, build_message
from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.model.bounce import BounceClass
from monitor.model.delivery import SenderIdentity, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition, Rendition
from monitor.returned_mail import Returns, take_in
from monitor.testing import FixedClock, memory_store

NOW = datetime(2019, 3, 11, 5, tzinfo=UTC)
WEEK = timedelta(days=7)
SENDER = SenderIdentity(
    "digest@news.test",
    "",
    "news.test",
    "https://news.test",
    b"a secret for this test",
    suppression_key=b"k" * 32,
    bounce="b@news.test",
)
PAGE = '<html lang="en"><head><title>W</title></head><body><a href="{{UNSUBSCRIBE_URL}}">Unsubscribe</a></body></html>'
PEOPLE = {
    "nobody@reader.test": (BounceClass.HARD, Subscribed.SUPPRESSED),
    "reader@gone.test": (BounceClass.HARD, Subscribed.SUPPRESSED),
    "reader@full.test": (BounceClass.SOFT, Subscribed.ACTIVE),
    "reader@policy.test": (BounceClass.SENDER, Subscribed.ACTIVE),
    "reader@slow.test": (BounceClass.IGNORED, Subscribed.ACTIVE),
    "ann@reader.test": (None, Subscribed.ACTIVE),
}


@pytest.fixture
def store():
    made = memory_store()
    yield made
    made.close()


def edition():
    rendition = Rendition("en", "Talks weekly, 2019-W10", "", "", "", "", "", PAGE, "Leave: {{UNSUBSCRIBE_URL}}\n")
    window = Window(NOW - WEEK, NOW, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    return FrozenEdition(
        "weekly/2019-03-11", "weekly", date(2019, 3, 11), "2019-W10", window, NOW, NOW, 10, "h", {"en": rendition}
    )


def test_each_kind_of_return_has_its_consequence(postfix, store):
    postfix.forget()
    frozen = edition()
    people = [
        store.subscribe(Subscription(0, "weekly", address, address, "en", Subscribed.ACTIVE, NOW, NOW)) for address in PEOPLE
    ]
    letter = Letter(frozen, frozen.renditions["en"], "Talks weekly", NOW)
    rows = [build_message(letter, person, SENDER) for person in people]
    assert store.freeze_edition(frozen, rows)
    mailer = SmtpMailer(Relay("127.0.0.1", postfix.accepting_port))
    for row in rows:
        assert mailer.send(row).code == 250
    mailer.close()
    for row in rows[:-1]:
        postfix.wait_for(row.envelope_from)
    told = {}
    returns = Returns(store, SENDER, FixedClock(NOW), lambda bounce: told.update({bounce.subscription: bounce}))
    read_new(
        Box(f"maildir://{postfix.folder}/mail/box"), lambda raw: take_in(returns, raw).bounce_class is not BounceClass.UNKNOWN
    )
    for person, (bounce_class, state) in zip(people, PEOPLE.values(), strict=True):
        found = told.get(person.id)
        assert (found.bounce_class if found else None) is bounce_class, person.canonical
        assert store.subscription(person.id).state is state, person.canonical
        assert found is None or found.edition == frozen.id


def test_three_full_weeks_through_postfix_suppress(postfix, store):
    postfix.forget()
    person = store.subscribe(Subscription(0, "weekly", "reader@full.test", "reader@full.test", "en", Subscribed.ACTIVE, NOW, NOW))
    clock = FixedClock(NOW)
    returns = Returns(store, SENDER, clock)
    mailer = SmtpMailer(Relay("127.0.0.1", postfix.accepting_port))
    states = []
    for week in range(3):
        frozen = replace(edition(), id=f"weekly/{date(2019, 3, 11) + week * WEEK}", key=date(2019, 3, 11) + week * WEEK)
        row = build_message(Letter(frozen, frozen.renditions["en"], "Talks weekly", clock()), person, SENDER)
        assert store.freeze_edition(frozen, [row])
        mailer.send(row)
        take_in(returns, postfix.wait_for(row.envelope_from)[0])
        states.append(store.subscription(person.id).state)
        clock.advance(WEEK)
    mailer.close()
    assert states == [Subscribed.ACTIVE, Subscribed.ACTIVE, Subscribed.SUPPRESSED]
