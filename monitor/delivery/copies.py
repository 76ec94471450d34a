"""Makes many copies of one mail fast: the mail is built once, then what differs from reader to reader is put in its places.

The bytes are those of `message.build_message`, to the last one; each letter is checked for that before its first copy. What differs are
five words of known length: recipient, Message-ID, boundary, and the tokens to leave and to change preferences. They are letters and digits
that stand for themselves, so that where lines end does not depend on them; in base64 the lines that hold one are encoded anew.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.delivery.dkim_signing import signed
from monitor.delivery.message import Letter, boundary, build_message, envelope_sender
from monitor.delivery.tokens import Purpose, make_token, message_id
from monitor.model.delivery import OutboxMessage, SenderIdentity, Subscribed, Subscription

Copier = Callable[[Subscription], OutboxMessage]
_PROBES = (2**33 + 7, 2**33 + 1034)
"""Ids of subscriptions that there are not, for the mail that is taken apart and for the one that is compared."""
_BYTES_A_LINE = 57
"""What a line of 76 characters of base64 holds."""
_BASE64 = re.compile(
    rb"^content-transfer-encoding: *base64\r\n(?:[^\r\n]+\r\n)*\r\n((?:[A-Za-z0-9+/=]+\r\n)+)", re.IGNORECASE | re.MULTILINE
)


class Slot(StrEnum):
    """What differs from copy to copy."""

    RECIPIENT = "recipient"
    MESSAGE_ID = "message id"
    BOUNDARY = "boundary"
    LEAVE = "token to leave"
    MANAGE = "token of preferences"


Words = Mapping[Slot, bytes]


@dataclass(frozen=True, slots=True)
class Hole:
    """A place for the part of a word from `start` to `end`: a soft line break may go through it."""

    slot: Slot
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of base64 whose content has holes; it begins where a line begins."""

    content: tuple[bytes | Hole, ...]


Piece = bytes | Hole | Lines


def copier(letter: Letter, sender: SenderIdentity) -> Copier:
    """A function that gives the outbox row for one subscription, as `build_message` does; the letter is built twice, here and at once."""
    here = replace(sender, dkim=None)
    first, second = (_probe(letter, number) for number in _PROBES)
    made = build_message(letter, first, here)
    pieces = take_apart(made.body, words_of(letter, first, here))
    if put_together(pieces, words_of(letter, second, here)) != build_message(letter, second, here).body:
        return lambda subscription: build_message(letter, subscription, sender)

    def copy(subscription: Subscription) -> OutboxMessage:
        if not subscription.canonical.isascii() or subscription.digest != letter.edition.digest:
            return build_message(letter, subscription, sender)
        words = words_of(letter, subscription, sender)
        body = put_together(pieces, words)
        return replace(
            made,
            subscription=subscription.id,
            recipient=subscription.canonical,
            message_id=words[Slot.MESSAGE_ID].decode(),
            body=signed(body, sender.dkim, letter.sent_at) if sender.dkim else body,
            envelope_from=envelope_sender(sender, subscription.id, letter.edition.id),
        )

    return copy


def _probe(letter: Letter, number: int) -> Subscription:
    address = f"probe-{number}@copies.invalid"
    at = letter.sent_at
    return Subscription(number, letter.edition.digest, address, address, letter.rendition.language, Subscribed.ACTIVE, at, at)


def words_of(letter: Letter, subscription: Subscription, sender: SenderIdentity) -> Words:
    """What stands in the slots of one copy."""
    edition, secret, number = letter.edition, sender.secret, subscription.id
    identifier = message_id(secret, edition.id, number, edition.revision, sender.domain)
    return {
        Slot.RECIPIENT: subscription.canonical.encode(),
        Slot.MESSAGE_ID: identifier.encode(),
        Slot.BOUNDARY: boundary(identifier).encode(),
        Slot.LEAVE: make_token(secret, Purpose.UNSUBSCRIBE, number, edition.digest).encode(),
        Slot.MANAGE: make_token(secret, Purpose.MANAGE, number, subscription.digest).encode(),
    }


def take_apart(body: bytes, words: Words) -> tuple[Piece, ...]:
    """A mail as pieces: what stays, and where the words are that it holds now."""
    pieces: list[Piece] = []
    after = 0
    for part in _BASE64.finditer(body):
        pieces += _holes(body[after : part.start(1)], words)
        pieces += _holes_in_base64(part.group(1), words)
        after = part.end(1)
    return tuple(_joined([*pieces, *_holes(body[after:], words)]))


def _holes(text: bytes, words: Words) -> list[Piece]:
    """Holes for words that stand as they are, or with a soft line break of quoted-printable in them."""
    names = {slot: f"w{place}" for place, slot in enumerate(words)}
    choices = (rf"(?P<{names[slot]}>{_breakable(word)})" for slot, word in words.items())
    pieces: list[Piece] = []
    after = 0
    for found in re.finditer("|".join(choices).encode(), text):
        slot = next(slot for slot, name in names.items() if found.group(name) is not None)
        pieces.append(text[after : found.start()])
        start = 0
        for place, part in enumerate(found.group().split(b"=\r\n")):
            pieces += [b"=\r\n"] if place else []
            pieces.append(Hole(slot, start, start + len(part)) if len(part) < len(words[slot]) else Hole(slot))
            start += len(part)
        after = found.end()
    return [*pieces, text[after:]]


def _breakable(word: bytes) -> str:
    return "(?:=\r\n)?".join(re.escape(chr(byte)) for byte in word)


def _holes_in_base64(lines: bytes, words: Words) -> list[Piece]:
    """Runs of lines that hold a word become `Lines`; the others stay as they are."""
    content = binascii.a2b_base64(lines)
    pattern = b"|".join(re.escape(word) for word in words.values())
    runs: list[list[int]] = []
    for found in re.finditer(pattern, content):
        first, last = found.start() // _BYTES_A_LINE, (found.end() - 1) // _BYTES_A_LINE + 1
        if runs and first <= runs[-1][1]:
            runs[-1][1] = max(last, runs[-1][1])
        else:
            runs.append([first, last])
    kept = lines.splitlines(keepends=True)
    pieces: list[Piece] = []
    after = 0
    for first, last in runs:
        inside = _holes(content[first * _BYTES_A_LINE : last * _BYTES_A_LINE], words)
        pieces += [b"".join(kept[after:first]), Lines(tuple(one for one in inside if not isinstance(one, Lines)))]
        after = last
    return [*pieces, b"".join(kept[after:])]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that stay, next to one another, as one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, bytes) and isinstance(last, bytes):
            joined[-1] = last + piece
        elif piece != b"":
            joined.append(piece)
    return joined


def put_together(pieces: Sequence[Piece], words: Words) -> bytes:
    """The mail with these words in it."""
    return b"".join([_filled(piece, words) for piece in pieces])


def _filled(piece: Piece, words: Words) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, Hole):
        word = words[piece.slot]
        return word if piece.end is None else word[piece.start : piece.end]
    content = b"".join([_filled(one, words) for one in piece.content])
    starts = range(0, len(content), _BYTES_A_LINE)
    return b"".join([binascii.b2a_base64(content[at : at + _BYTES_A_LINE], newline=False) + b"\r\n" for at in starts])
