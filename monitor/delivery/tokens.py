"""Tokens that let a reader act without a login: stateless, keyed, one purpose each. Reads no clock and no store.

40 characters of base64url: version, key id, subscription, list, and 16 bytes of HMAC-SHA256 over purpose and body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum

VERSION = 1
_BODY = struct.Struct(">BBQI")
_MAC_BYTES = 16
TOKEN_LENGTH = 40


class Purpose(StrEnum):
    """What a token allows; a token of one purpose is worthless for another."""

    UNSUBSCRIBE = "unsub"
    CONFIRM = "optin"
    BOUNCE = "bounce"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class TokenClaim:
    """A token that was ours: the subscription it names."""

    subscription: int
    digest_hash: int


def digest_hash(digest: str) -> int:
    """The list part of a token: CRC-32 of the digest's id."""
    return zlib.crc32(digest.encode())


def make_token(secret: bytes, purpose: Purpose, subscription: int, digest: str) -> str:
    """A token for one subscription; the same arguments always give the same token (it never expires by itself)."""
    body = _BODY.pack(VERSION, 0, subscription, digest_hash(digest))
    return base64.urlsafe_b64encode(body + _mac(secret, purpose, body)).decode()


def read_token(secret: bytes, purpose: Purpose, token: str) -> TokenClaim | None:
    """The claim of a genuine token; None for anything else (compared in constant time)."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if not hmac.compare_digest(mac, _mac(secret, purpose, body)):
        return None
    version, _key, subscription, listed = _BODY.unpack(body)
    return TokenClaim(subscription, listed) if version == VERSION else None


def mark_token(secret: bytes, edition: str, story: str) -> str:
    """The token of the page where readers say whether a story of an edition is relevant: 22 characters, the same for every reader."""
    mac = _mac(secret, Purpose.MARK, f"{edition}\x1f{story}".encode())
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def is_mark_token(secret: bytes, edition: str, story: str, token: str) -> bool:
    """Whether `token` was made for this story of this edition (compared in constant time)."""
    return hmac.compare_digest(mark_token(secret, edition, story).encode(), token.encode(errors="replace"))


def message_id(secret: bytes, edition: str, subscription: int, revision: int, domain: str) -> str:
    """The stable Message-ID of one edition to one subscription: keyed, so that nobody can guess who reads what."""
    body = f"{edition}\x1f{subscription}\x1f{revision}".encode()
    mac = hmac.new(secret, b"message-id\x1f" + body, hashlib.sha256).digest()[:16].hex()
    label = edition.replace("/", ".")
    return f"<{label}.{mac}@{domain}>"


def _mac(secret: bytes, purpose: Purpose, body: bytes) -> bytes:
    return hmac.new(secret, purpose.value.encode() + b"\x1f" + body, hashlib.sha256).digest()[:_MAC_BYTES]
