"""Editions, subscriptions and senders for the tests of delivery."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from monitor.delivery.message import Letter
from monitor.model.delivery import OutboxMessage, OutboxState, SenderIdentity, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition, Rendition

NOW = datetime(2019, 3, 11, 5, 0, tzinfo=UTC)
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Week</title></head>'
    '<body><p><a href="{{UNSUBSCRIBE_URL}}">Unsubscribe</a> <a href="{{PREFERENCES_URL}}">Preferences</a></p><p>Обзор недели — агляд тыдня.</p></body></html>'
)
SENDER = SenderIdentity(
    "digest@news.example.org", "", "news.example.org", "https://news.example.org", b"secret", reply_to="desk@example.org"
)


def rendition(subject="Weekly: Minsk talks", **changes):
    made = Rendition(
        "en",
        subject,
        "<p>page</p>",
        "text",
        "# md",
        "{}",
        "<entry/>",
        PAGE,
        "Leave: {{UNSUBSCRIBE_URL}}\nChange: {{PREFERENCES_URL}}\n\nОбзор.\n",
    )
    return replace(made, **changes)


def letter(subject="Weekly: Minsk talks", title="Security weekly", **changes):
    made = rendition(subject, **changes)
    window = Window(NOW - timedelta(days=7), NOW, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    edition = FrozenEdition("weekly/2019-03-11", "weekly", date(2019, 3, 11), "2019-W10", window, NOW, NOW, 10, "h", {"en": made})
    return Letter(edition, made, title, NOW)


def subscription(number=7, address="ann@example.org", language="en"):
    return Subscription(number, "weekly", address, address, language, Subscribed.ACTIVE, NOW, NOW)


def outbox_message(body=b"Subject: x\r\n\r\nhello\r\n", recipient="ann@example.org", number=1):
    return OutboxMessage(
        number,
        "weekly/2019-03-11",
        7,
        recipient,
        "en",
        f"<{number}@news.example.org>",
        OutboxState.CLAIMED,
        body,
        attempt=1,
        created_at=NOW,
        envelope_from="digest@news.example.org",
    )


@pytest.fixture
def make():
    """Factories for the nouns of delivery."""
    return SimpleNamespace(
        letter=letter, subscription=subscription, message=outbox_message, rendition=rendition, sender=SENDER, now=NOW
    )
