"""Subscribers and the outbox: one message to one person, its state, and why it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class OutboxState(StrEnum):
    """pending → claimed → sent | deferred | failed | suppressed | unknown | aborted."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"
    ABORTED = "aborted"


class OutboxKind(StrEnum):
    """What a message is, and so who still wants it at the moment it is claimed; whoever does not is suppressed then.

    Confirmations and notices go out before editions: somebody waits for them at a screen.
    """

    EDITION = "edition"
    """One edition to one subscription; wanted while the subscription is active."""
    CONFIRMATION = "confirmation"
    """The link that makes a subscription active; wanted while it is waiting."""
    NOTICE = "notice"
    """Words to one who is subscribed already ("you are, and here you change it"); wanted while the subscription is active."""


class SendingState(StrEnum):
    """Where the sending of an edition stands: sending ⇄ paused; sending → finished | missed | aborted; each can be resumed."""

    SENDING = "sending"
    PAUSED = "paused"
    """No message of it is claimed until somebody resumes it."""
    FINISHED = "finished"
    """No message is open any more; its counts are kept."""
    MISSED = "missed"
    """Not begun in time: a weekly digest days late is spam. It goes out only if somebody says so."""
    ABORTED = "aborted"


class Subscribed(StrEnum):
    """Where a subscription stands."""

    WAITING = "waiting"
    """Asked for, not confirmed."""
    ACTIVE = "active"
    ENDED = "ended"
    SUPPRESSED = "suppressed"
    """Hard bounce or complaint: no import brings it back."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A person's wish for a digest in a language. `address` as typed, `canonical` NFC with the domain in lower-case A-labels."""

    id: int
    digest: str
    address: str
    canonical: str
    language: str
    state: Subscribed
    created_at: datetime
    changed_at: datetime
    how: str = ""
    """How the state came about: "command line", "import", "one-click", "page", "bounce 5.1.1"."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """What messages are signed with (RFC 6376): `pem` is an RSA private key, whose public half stands at <selector>._domainkey.<domain>."""

    selector: str
    domain: str
    pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """Who the mail is from, and the secret that keys tokens and Message-IDs. `domain` is the part after @ in Message-IDs and List-Id.

    `previous_secrets` are those that `secret` took the place of: tokens in mails already sent were made with them.
    `suppression_key` stays the same over all of them (see `delivery.suppression`).
    """

    address: str
    name: str
    domain: str
    base_url: str
    secret: bytes
    reply_to: str = ""
    owner: str = ""
    previous_secrets: tuple[bytes, ...] = ()
    suppression_key: bytes = b""
    bounce: str = ""
    """Where mail comes back: "b@bounce.example.org" makes each envelope sender b+TOKEN@bounce.example.org; "" has it be `address`."""
    dkim: DkimKey | None = None
    """Signs each message when it is built; None leaves it to the relay."""
    references: tuple[tuple[str, str], ...] = ()
    """Headers that carry a message's bounce token to mail providers, which give it back: (name, text with {token} in it)."""

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """All secrets whose tokens are good, the present one first."""
        return (self.secret, *self.previous_secrets)


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One mail to one subscription. `body` is frozen: the same bytes at every try; `attempt` counts claims.

    `edition` is "" for what belongs to none: confirmations and notices.
    """

    id: int
    edition: str
    subscription: int
    recipient: str
    language: str
    message_id: str
    state: OutboxState
    body: bytes
    attempt: int = 0
    next_at: datetime | None = None
    lease_owner: str = ""
    lease_until: datetime | None = None
    smtp_code: int | None = None
    smtp_text: str = ""
    queue_id: str = ""
    created_at: datetime | None = None
    sent_at: datetime | None = None
    envelope_from: str = ""
    kind: OutboxKind = OutboxKind.EDITION


@dataclass(frozen=True, slots=True)
class Sending:
    """Where the sending of an edition stands, since when and why ("" where nothing is to be said).

    `counts` has messages by state as they were when it was last changed: the whole tally once it is finished.
    """

    edition: str
    state: SendingState
    changed_at: datetime
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The relay took the message: its final reply and, where it tells, its queue id."""

    code: int
    text: str
    queue_id: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one pass over the outbox came to: counts by state, why it stopped early, if it did, and editions whose sending changed."""

    counts: Mapping[str, int]
    stopped: str = ""
    changed: tuple[Sending, ...] = ()
