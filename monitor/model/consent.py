"""What is kept of a person's consent, and who must get nothing whatever is imported. It knows addresses only as long as they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.delivery import Subscription


class ConsentAct(StrEnum):
    """What a person did, or what somebody vouches for having seen them do."""

    ASKED = "asked"
    """Sent the form: anybody could have, in anybody's name."""
    CONFIRMED = "confirmed"
    """Pressed the button that only the mailbox's reader could reach: double opt-in."""
    CHANGED = "changed"
    """Turned a digest on, on the page of preferences that the mails lead to."""
    VOUCHED = "vouched"
    """Was subscribed by the operator, who answers for the consent (command line or import)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One act, kept as proof: when, from which network (/24 or /48), with which program, in answer to which wording.

    `wording` names the version and language of the text shown ("subscribe-1/be"); "" for what was not shown by this site.
    """

    act: ConsentAct
    at: datetime
    prefix: str = ""
    agent: str = ""
    wording: str = ""
    subscription: int = 0


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that gets nothing, known by a keyed hash alone (`delivery.suppression`), so that it outlives the address itself.

    `digest` "" stands for all. One that was forgiven is kept, with when and by whom: it counts no more.
    """

    mac: str
    digest: str
    reason: str
    since: datetime
    forgiven_at: datetime | None = None
    forgiven_how: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody to be subscribed: the subscription wanted, the hash to look for in the suppression list, and proof of consent."""

    subscription: Subscription
    mac: str = ""
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Admission:
    """What stands after a wish. `fresh`: it was inserted by this wish."""

    subscription: Subscription
    fresh: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of a person: subscriptions (their ids) and outbox rows that held the address."""

    subscriptions: tuple[int, ...]
    messages: int
