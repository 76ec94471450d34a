"""One message that tries out the way of the mail: built as editions are, marked [TEST], of no edition and for no subscription."""

from __future__ import annotations

import html
from datetime import datetime

from monitor.delivery.message import Letter, build_message
from monitor.model.delivery import OutboxMessage, SenderIdentity, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import UNSUBSCRIBE_TOKEN, FrozenEdition, Rendition

DIGEST = "test"


def trial_message(sender: SenderIdentity, recipient: str, now: datetime, host: str) -> OutboxMessage:
    """A message to `recipient`; its Message-ID and List-Id are apart from those of editions, and the outbox never sees it.

    Args:
        sender: As for editions: the same fields, envelope and signature.
        recipient: A canonical address.
        now: Its date.
        host: The relay it goes through, told to whoever reads it.
    """
    lines = (
        f"This message came from {sender.address} through {host}, on {now:%d %B %Y at %H:%M} UTC.",
        "In its full header, Authentication-Results should say spf=pass, dkim=pass and dmarc=pass.",
        f"The archive: {sender.base_url}/",
    )
    text = "\n\n".join((f"Unsubscribe (leads nowhere: this is a test):\n{UNSUBSCRIBE_TOKEN}", *_broken(lines))) + "\n"
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A test of the way of the mail</title></head><body>'
        f'<p><a href="{UNSUBSCRIBE_TOKEN}">Unsubscribe</a> (leads nowhere: this is a test)</p><h1>A test of the way of the mail</h1>'
        + "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        + "</body></html>"
    )
    rendition = Rendition("en", "[TEST] The way of the mail", "", "", "", "", "", page, text)
    day = now.date()
    window = Window(now, now, "test", day, day)
    edition = FrozenEdition(f"{DIGEST}/{now:%Y%m%dT%H%M%S}", DIGEST, day, "test", window, now, now, 0, "", {"en": rendition})
    person = Subscription(0, DIGEST, recipient, recipient, "en", Subscribed.ACTIVE, now, now)
    return build_message(Letter(edition, rendition, "Test", now), person, sender)


def _broken(lines: tuple[str, ...]) -> list[str]:
    """Prose in lines of 72 characters."""
    broken = []
    for line in lines:
        rows = [""]
        for word in line.split():
            if rows[-1] and len(rows[-1]) + len(word) >= 72:
                rows.append("")
            rows[-1] = f"{rows[-1]} {word}".strip()
        broken.append("\n".join(rows))
    return broken
