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

Secrets = bytes | tuple[bytes, ...]
"""One secret, or all that are in force: the present one first, then those it took the place of."""


class Purpose(StrEnum):
    """What a token allows; a token of one purpose is worthless for another."""

    UNSUBSCRIBE = "unsub"
    CONFIRM = "optin"
    BOUNCE = "bounce"
    MANAGE = "manage"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class TokenClaim:
    """A token that was ours: the subscription it names."""

    subscription: int
    digest_hash: int

    def of(self, digest: str) -> bool:
        """Whether it was made for a subscription of this digest."""
        return self.digest_hash == digest_hash(digest)


def digest_hash(digest: str) -> int:
    """The list part of a token: CRC-32 of the digest's id."""
    return zlib.crc32(digest.encode())


def key_id(secret: bytes) -> int:
    """The name of a secret inside tokens, 1 to 255: which of two it was, not what it is. 0 stood there before keys had names."""
    return 1 + hmac.new(secret, b"key-id", hashlib.sha256).digest()[0] % 255


def make_token(secret: bytes, purpose: Purpose, subscription: int, digest: str) -> str:
    """A token for one subscription; the same arguments always give the same token (it never expires by itself)."""
    body = _BODY.pack(VERSION, key_id(secret), subscription, digest_hash(digest))
    return base64.urlsafe_b64encode(body + _mac(secret, purpose, body)).decode()


def read_token(secrets: Secrets, purpose: Purpose, token: str) -> TokenClaim | None:
    """The claim of a token made for `purpose` with one of the secrets; None for anything else (compared in constant time)."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    version, key, subscription, listed = _BODY.unpack(body)
    for secret in _all(secrets):
        if key in (0, key_id(secret)) and hmac.compare_digest(mac, _mac(secret, purpose, body)):
            return TokenClaim(subscription, listed) if version == VERSION else None
    return None


def mark_token(secret: bytes, edition: str, story: str) -> str:
    """The token of the page where readers say whether a story of an edition is relevant: 22 characters, the same for every reader."""
    mac = _mac(secret, Purpose.MARK, f"{edition}\x1f{story}".encode())
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def is_mark_token(secrets: Secrets, edition: str, story: str, token: str) -> bool:
    """Whether `token` was made for this story of this edition with one of the secrets (compared in constant time)."""
    given = token.encode(errors="replace")
    return any(hmac.compare_digest(mark_token(secret, edition, story).encode(), given) for secret in _all(secrets))


def message_id(secret: bytes, edition: str, subscription: int, revision: int, domain: str) -> str:
    """The stable Message-ID of one edition to one subscription: keyed, so that nobody can guess who reads what."""
    body = f"{edition}\x1f{subscription}\x1f{revision}".encode()
    mac = hmac.new(secret, b"message-id\x1f" + body, hashlib.sha256).digest()[:16].hex()
    label = edition.replace("/", ".")
    return f"<{label}.{mac}@{domain}>"


def _all(secrets: Secrets) -> tuple[bytes, ...]:
    return (secrets,) if isinstance(secrets, bytes) else secrets


def _mac(secret: bytes, purpose: Purpose, body: bytes) -> bytes:
    return hmac.new(secret, purpose.value.encode() + b"\x1f" + body, hashlib.sha256).digest()[:_MAC_BYTES]
