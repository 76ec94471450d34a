"""Subscribers and the outbox: one message to one person, its state, and why it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
class SenderIdentity:
    """Who the mail is from, and the secret that keys tokens and Message-IDs. `domain` is the part after @ in Message-IDs and List-Id."""

    address: str
    name: str
    domain: str
    base_url: str
    secret: bytes
    reply_to: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One edition to one subscription. `body` is frozen: the same bytes at every try; `attempt` counts claims."""

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


@dataclass(frozen=True, slots=True)
class Receipt:
    """The relay took the message: its final reply and, where it tells, its queue id."""

    code: int
    text: str
    queue_id: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one pass over the outbox came to: counts by state, and why it stopped early, if it did."""

    counts: Mapping[str, int]
    stopped: str = ""
