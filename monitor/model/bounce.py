"""Mail that came back: what a report says, whom it concerns, and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReportKind(StrEnum):
    """What a mail that came to a return address is."""

    FAILED = "failed"
    """Not delivered, and not tried again (RFC 3464, or a notice in another form)."""
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    """A feedback report (RFC 5965): the recipient pressed "this is spam"."""
    LEAVE = "leave"
    """A mail to u+TOKEN: the recipient's program unsubscribes."""
    AUTO_REPLY = "auto-reply"
    """Out of office, and other answers that nobody wrote (RFC 3834)."""
    UNKNOWN = "unknown"


class BounceClass(StrEnum):
    """What a report means for the person it concerns."""

    HARD = "hard"
    """There is no such mailbox: it gets nothing any more."""
    SOFT = "soft"
    """Not now, or not this message: what counts is how often."""
    SENDER = "sender"
    """Refused for who we are (5.7.x): nothing about the person, something for the operator."""
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    IGNORED = "ignored"
    """Delayed, delivered, auto-replies."""
    UNKNOWN = "unknown"


class BounceAct(StrEnum):
    """What was done."""

    NOTHING = "nothing"
    SUPPRESS = "suppress"
    """The address gets nothing any more, of any digest."""
    END = "end"
    """This subscription ended."""


class BounceProof(StrEnum):
    """Why a report is believed to be about a mail of ours. Without proof nothing is done: reports are easily forged."""

    NONE = ""
    TOKEN = "token"  # noqa: S105 — the name of a kind
    """It came to an address that only this one mail named."""
    MESSAGE_ID = "message-id"
    """It holds the keyed Message-ID of a mail to this subscription."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says, with the reason it was taken for that. Nothing in it is believed yet.

    `recipients` are the addresses it came to, envelope first; `status` is an enhanced status code (RFC 3463) or "";
    `about` is the Message-ID of the mail that it returns. `hook` is the provider that said it by HTTP, signed; "" for a mail.
    `meant` is a provider's own word for a failure, which counts where no status code is milder.
    """

    kind: ReportKind
    reason: str
    recipients: tuple[str, ...] = ()
    status: str = ""
    diagnostic: str = ""
    original_recipient: str = ""
    final_recipient: str = ""
    message_id: str = ""
    about: str = ""
    hook: str = ""
    meant: BounceClass | None = None


@dataclass(frozen=True, slots=True)
class BounceVerdict:
    """What a report comes to: the class, what to do, why; `alarm` is set where the operator must know."""

    bounce_class: BounceClass
    act: BounceAct
    reason: str
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report as it is kept. `subscription` is 0 and `edition` "" where nobody knows; `raw` may have been cut, and goes after a while."""

    key: str
    """The same for the same report, however often it is read."""
    at: datetime
    kind: ReportKind
    bounce_class: BounceClass
    act: BounceAct
    proof: BounceProof
    reason: str
    subscription: int = 0
    edition: str = ""
    status: str = ""
    diagnostic: str = ""
    recipient: str = ""
    message_id: str = ""
    raw: bytes = b""
    source: str = ""
    """The way it came: "mailbox", "smtp", "file", "hook:postmark"; "" for those from before this was kept."""
