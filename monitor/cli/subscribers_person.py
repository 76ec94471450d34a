"""`monitor subscribers show, suppress, forgive, erase`: what is kept of one person, and what a person may ask for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import counted, iso, json_line, say
from monitor.cli.shared import settings, store
from monitor.delivery.addresses import canonical_address
from monitor.delivery.suppression import address_mac
from monitor.model.consent import Consent, Suppression
from monitor.model.delivery import OutboxMessage, Subscription
from monitor.settings import Settings
from monitor.store.promises import Store


def _mac(here: Settings, box: Store, canonical: str) -> str:
    return address_mac(bootstrap.sender_of(here, box).suppression_key, canonical)


@click.command()
@click.argument("address")
@click.option("--digest", default="", help="Only this digest; default all, now and in future")
@click.option("--reason", default="command line", show_default=True, help="Why, as it is kept")
def suppress(address: str, digest: str, reason: str) -> None:
    """Send nothing to ADDRESS any more: no import and no form brings it back."""
    here = settings()
    box, canonical = store(here), canonical_address(address)
    now = bootstrap.clock_of(here)()
    changed = box.suppress(Suppression(_mac(here, box, canonical), digest, reason, now), canonical)
    say(f"{escape(address)}  suppressed; {counted(changed, 'subscription')} changed")


@click.command()
@click.argument("address")
@click.option("--digest", default="", help="Only this digest; default every suppression there is")
@click.option("--reason", default="command line", show_default=True, help="Why, as it is kept")
def forgive(address: str, digest: str, reason: str) -> int:
    """Take ADDRESS from the suppression list; that it was there, and this, stays recorded. It is not subscribed by it."""
    here = settings()
    box, canonical = store(here), canonical_address(address)
    forgiven = box.forgive(_mac(here, box, canonical), digest, canonical, bootstrap.clock_of(here)(), f"forgiven: {reason}")
    if not forgiven:
        say(f"{escape(address)}  [red]is not suppressed[/red]")
        return 1
    say(f"{escape(address)}  forgiven: it may subscribe again, or be added")
    return 0


@click.command()
@click.argument("address")
def erase(address: str) -> None:
    """Erase ADDRESS from subscriptions, consent, outbox and returned mail. A keyed hash of it stays, so that no import brings it back."""
    here = settings()
    box, canonical = store(here), canonical_address(address)
    new = Suppression(_mac(here, box, canonical), "", "erased", bootstrap.clock_of(here)())
    done = box.erase(canonical, new)
    told = f"{counted(len(done.subscriptions), 'subscription')}, {counted(done.messages, 'message')}"
    say(f"erased: {told}; suppressed from now on. Backups made before still hold the address.")


@click.command()
@click.argument("address")
def show(address: str) -> int:
    """Everything that is kept of ADDRESS, as one JSON object: what a person who asks is owed (GDPR, article 15). 1 if there is nothing."""
    here = settings()
    box, canonical = store(here), canonical_address(address)
    found = box.subscriptions(canonical=canonical)
    ids = [one.id for one in found]
    consents, messages = box.consents(ids), box.messages_to(ids)
    listed = box.suppressions([_mac(here, box, canonical)])
    returned = [bounce for one in ids for bounce in box.bounces(subscription=one, limit=0)]
    json_line(
        {
            "address": address.strip(),
            "canonical": canonical,
            "subscriptions": [_subscription(one, consents, messages) for one in found],
            "suppressions": [_suppression(one) for one in listed],
            "returned_mail": [_plain(asdict(bounce)) for bounce in returned],
        }
    )
    return 0 if found or listed else 1


def _subscription(one: Subscription, consents: tuple[Consent, ...], messages: tuple[OutboxMessage, ...]) -> dict[str, Any]:
    return {
        "id": one.id,
        "digest": one.digest,
        "address": one.address,
        "language": one.language,
        "state": one.state.value,
        "how": one.how,
        "created_at": iso(one.created_at),
        "changed_at": iso(one.changed_at),
        "consent": [
            {"act": act.act.value, "at": iso(act.at), "prefix": act.prefix, "agent": act.agent, "wording": act.wording}
            for act in consents
            if act.subscription == one.id
        ],
        "messages": [
            {
                "kind": message.kind.value,
                "edition": message.edition,
                "recipient": message.recipient,
                "language": message.language,
                "state": message.state.value,
                "made_at": iso(message.created_at),
                "sent_at": iso(message.sent_at),
                "reply": message.smtp_text,
                "message_id": message.message_id,
            }
            for message in messages
            if message.subscription == one.id
        ],
    }


def _suppression(one: Suppression) -> dict[str, Any]:
    return {
        "digest": one.digest or "all",
        "reason": one.reason,
        "since": iso(one.since),
        "forgiven_at": iso(one.forgiven_at),
        "forgiven_how": one.forgiven_how,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """A report's fields as JSON; its raw bytes, which may hold others' words, are told by their length."""
    return {name: f"{len(value)} bytes" if isinstance(value, bytes) else value for name, value in values.items()}
