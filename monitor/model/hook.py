"""How a mail provider reports by HTTP: what proves that a request is the provider's, and how its JSON is read. Data, from a file each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

Spot = tuple[str, ...]
"""Keys and list positions from the top of a JSON document to a value: ("event-data", "recipient")."""
Spots = tuple[Spot, ...]
"""Where a value may stand; the first spot that has one counts."""


class HookScheme(StrEnum):
    """What a request proves itself by."""

    HMAC = "hmac"
    """A keyed hash of what the provider sends."""
    BASIC = "basic"
    """User and password (RFC 7617), as in https://user:password@host/."""
    HEADER = "header"
    """A header that holds the secret."""
    PATH = "path"
    """The secret ends the address: /hooks/mail/<name>/<secret>."""


class Meaning(StrEnum):
    """What an event of a provider comes to."""

    HARD = "hard"
    SOFT = "soft"
    SENDER = "sender"
    """Refused for who we are, or for what we send."""
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    LOOK = "look"
    """A person must look: it is kept, and nothing is done."""
    DELAYED = "delayed"
    DELIVERED = "delivered"
    IGNORED = "ignored"
    """Opened, clicked: nothing that is counted here, and none of our business."""


KEPT = frozenset({Meaning.HARD, Meaning.SOFT, Meaning.SENDER, Meaning.COMPLAINT, Meaning.UNSUBSCRIBE, Meaning.LOOK})
"""Meanings whose events are kept; the others are counted and forgotten."""


@dataclass(frozen=True, slots=True)
class HookProof:
    """What a request must bring. `signature`, `signed` and `time` are texts with {body}, {header:Name} and {field:a.b} in them.

    Only `scheme` counts for basic and path; header takes `signature` for its header and `prefix` for what stands before the secret.
    """

    scheme: HookScheme
    signature: str = ""
    prefix: str = ""
    signed: str = "{body}"
    algorithm: str = "sha256"
    encoding: str = "hex"
    time: str = ""
    """Where the moment of signing stands; "" where none is signed."""
    tolerance: timedelta = timedelta(hours=24)
    """How old, or how far ahead, that moment may be: as long as the provider goes on trying."""


@dataclass(frozen=True, slots=True)
class HookFields:
    """Where an event says what. `kind` is looked up in the mapping's meanings: its parts joined by /, () where one stands nowhere."""

    kind: tuple[Spots, ...]
    id: Spots = ()
    address: Spots = ()
    message_id: Spots = ()
    reference: Spots = ()
    """A token of ours, or an address that holds one."""
    status: Spots = ()
    words: Spots = ()
    time: Spots = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """One provider's way to report. `events` is where the list of events stands, or the one; `json` are spots whose text is JSON."""

    name: str
    title: str
    proof: HookProof
    fields: HookFields
    meanings: dict[str, Meaning] = field(hash=False)
    events: Spot = ()
    json: Spots = ()
    header: str = ""
    """A header that carries our token to the provider, which gives it back in its events; "" where none is needed."""
    value: str = "{token}"
    """What that header says, with {token} in it."""


@dataclass(frozen=True, slots=True)
class HookBody:
    """A request that was proved and kept, to be worked off."""

    key: str
    hook: str
    body: bytes
