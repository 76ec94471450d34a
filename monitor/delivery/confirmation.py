"""Double opt-in: what follows when an address is typed into the form, and when the link in its mail is opened; and that mail's bytes.

Pure: it reads no clock and no store. RFC 3834 (automatic answers); the mail carries no List-Unsubscribe, for there is nothing to leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

from monitor.delivery.dkim_signing import signed
from monitor.delivery.message import assembled, envelope_sender, one_line, phrase, reference_fields
from monitor.delivery.tokens import Purpose, make_token, message_id
from monitor.model.consent import Consent, ConsentAct, Suppression
from monitor.model.delivery import OutboxKind, OutboxMessage, OutboxState, SenderIdentity, Subscribed, Subscription
from monitor.model.pace import Pace

LINK_LIFE = timedelta(days=7)
"""How long the link of a confirmation works, from when it was asked for."""
FORGET_AFTER = timedelta(days=30)
"""A wish that was never confirmed is forgotten then."""
PER_SITE = Pace(per_s=300 / 3600, burst=300)
PER_VISITOR = Pace(per_s=10 / 3600, burst=10)
PER_ADDRESS = Pace(per_s=3 / 86400, burst=3)
"""Mails to one address that anybody may have typed: a fourth in a day would be harassment by our hand."""
NOTICES = Pace(per_s=1 / 86400, burst=1)


class Answer(StrEnum):
    """What an address gets that was typed into the form. The page says the same in every case."""

    CONFIRMATION = "confirmation"
    NOTICE = "notice"
    """It is subscribed: words that say so, with the page of its preferences."""
    NOTHING = "nothing"


class Standing(StrEnum):
    """Where the link of a confirmation leads."""

    OPEN = "open"
    DONE = "done"
    """Confirmed before: pressing twice is harmless."""
    EXPIRED = "expired"
    OVER = "over"
    """Ended or forgotten since: to come back is to ask anew."""
    REFUSED = "refused"
    """The address may get nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """What such a mail says, in both forms."""

    list_title: str
    language: str
    subject: str
    text: str
    page: str


def answer_to(standing: Subscription) -> Answer:
    """What follows from asking, given what stands for the address by now."""
    if standing.state is Subscribed.SUPPRESSED:
        return Answer.NOTHING
    return Answer.NOTICE if standing.state is Subscribed.ACTIVE else Answer.CONFIRMATION


def is_suppressed(entries: Iterable[Suppression], rows: Iterable[Subscription], digest: str) -> bool:
    """Whether an address may not have a digest.

    Args:
        entries: Those of the address in the suppression list.
        rows: Its subscriptions. A suppressed one that the list does not name keeps the address from every digest.
        digest: The digest wanted.
    """
    named = {entry.digest for entry in entries if entry.forgiven_at is None}
    if named & {"", digest}:
        return True
    return any(row.state is Subscribed.SUPPRESSED and (row.digest == digest or row.digest not in named) for row in rows)


def asked_at(subscription: Subscription, consents: Iterable[Consent]) -> datetime:
    """When it was last asked for, as kept; a wish from before consent was kept counts from its last change."""
    asked = [consent.at for consent in consents if consent.act is ConsentAct.ASKED]
    return max(asked, default=subscription.changed_at)


def standing_of(subscription: Subscription | None, asked: datetime, suppressed: bool, now: datetime) -> Standing:
    """Where a genuine link leads now; `subscription` is None where the wish was forgotten."""
    if subscription is None or subscription.state is Subscribed.ENDED:
        return Standing.OVER
    if suppressed or subscription.state is Subscribed.SUPPRESSED:
        return Standing.REFUSED
    if subscription.state is Subscribed.ACTIVE:
        return Standing.DONE
    return Standing.OPEN if now - asked <= LINK_LIFE else Standing.EXPIRED


def confirmation_url(sender: SenderIdentity, subscription: Subscription) -> str:
    """The page with the one button that confirms."""
    return f"{sender.base_url}/c/{make_token(sender.secret, Purpose.CONFIRM, subscription.id, subscription.digest)}"


def build_answer(
    answer: Answer, words: Words, subscription: Subscription, sender: SenderIdentity, asked: datetime
) -> OutboxMessage:
    """The outbox row that answers one asking, its bytes frozen; asking once gives one Message-ID, however often this is called."""
    kind = OutboxKind.CONFIRMATION if answer is Answer.CONFIRMATION else OutboxKind.NOTICE
    name = f"{kind.value}.{asked:%Y%m%d%H%M%S}"
    identifier = message_id(sender.secret, name, subscription.id, 1, sender.domain)
    fields = {
        "From": f"{phrase(sender.name or words.list_title)} <{sender.address}>",
        "To": subscription.canonical,
        "Subject": one_line(words.subject),
        "Date": format_datetime(asked),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Message-ID": identifier,
    }
    if sender.reply_to:
        fields["Reply-To"] = f"<{sender.reply_to}>"
    fields |= reference_fields(sender, subscription.id, "")
    body = assembled(fields, words.language, words.text, words.page)
    return OutboxMessage(
        id=0,
        edition="",
        subscription=subscription.id,
        recipient=subscription.canonical,
        language=words.language,
        message_id=identifier,
        state=OutboxState.PENDING,
        body=signed(body, sender.dkim, asked) if sender.dkim else body,
        created_at=asked,
        # not <>: see docs/why/029
        envelope_from=envelope_sender(sender, subscription.id, ""),
        kind=kind,
    )
