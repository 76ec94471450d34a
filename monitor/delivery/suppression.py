"""Under what an address is known that must get nothing: a keyed hash, so that the list outlives the address. Keeps nothing itself.

The key is made once from the secret of that time and then kept wrapped by the secret in force: a new secret wraps it anew, and the
hashes stay what they were. The database alone, without the secret, tells neither key nor addresses.
"""

from __future__ import annotations

import hashlib
import hmac

_CHECK_BYTES = 8


def suppression_key(secret: bytes) -> bytes:
    """The key that a secret begins the list with: 32 bytes under a label of their own."""
    return hmac.new(secret, b"suppression\x1fkey", hashlib.sha256).digest()


def wrapped_key(key: bytes, secret: bytes) -> str:
    """`key` as the database keeps it: hidden by the secret, with a check that tells whether it was opened rightly."""
    return (_hidden(key, secret) + _check(key)).hex()


def opened_key(wrapped: str, secret: bytes) -> bytes | None:
    """The key inside `wrapped`; None where another secret wrapped it, or it is damaged."""
    try:
        raw = bytes.fromhex(wrapped)
    except ValueError:
        return None
    if len(raw) != hashlib.sha256().digest_size + _CHECK_BYTES:
        return None
    key = _hidden(raw[:-_CHECK_BYTES], secret)
    return key if hmac.compare_digest(raw[-_CHECK_BYTES:], _check(key)) else None


def address_mac(key: bytes, canonical: str) -> str:
    """The hash of a canonical address: 32 hex digits. Without case: who left as Ann@ must not come back as ann@."""
    return hmac.new(key, canonical.lower().encode(), hashlib.sha256).digest()[:16].hex()


def _hidden(key: bytes, secret: bytes) -> bytes:
    """One pad for each secret hides the one key that there is; hiding twice shows it again."""
    pad = hmac.new(secret, b"suppression\x1fpad", hashlib.sha256).digest()
    return bytes(one ^ other for one, other in zip(key, pad, strict=True))


def _check(key: bytes) -> bytes:
    return hmac.new(key, b"suppression\x1fcheck", hashlib.sha256).digest()[:_CHECK_BYTES]
