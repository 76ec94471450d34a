"""Passwords of editors: made into hashes by scrypt, and compared with them. It keeps nothing and knows nobody.

A hash is `scrypt$N$r$p$salt$key`, salt and key in URL-safe base64 without padding (RFC 7914; cost as OWASP advises).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

LEAST_LETTERS = 12
COST = (1 << 15, 8, 3)
"""N, r and p of scrypt: 32 MB, and about a tenth of a second."""
_KEY_BYTES = 32
_MOST_MEMORY = 256 << 20


def hashed(password: str, cost: tuple[int, int, int] = COST) -> str:
    """The hash of a password, with a salt of its own."""
    salt, (n, r, p) = secrets.token_bytes(16), cost
    return f"scrypt${n}${r}${p}${_text(salt)}${_text(_key(password, salt, n, r, p))}"


def fits(password: str, known: str) -> bool:
    """Whether a password is the one of a hash; takes as long for a wrong one as for the right one.

    Raises:
        ValueError: `known` is no hash of this form, or costs more than 256 MB.
    """
    _, n, r, p, salt, key = known.split("$")
    made = _key(password, _bytes(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, _bytes(key))


@lru_cache(maxsize=1)
def nobody() -> str:
    """A hash that no password fits: what one who does not exist is held against, so that it takes as long."""
    return hashed(secrets.token_urlsafe(32))


def read_editors(text: str) -> Mapping[str, str]:
    """Name → hash, of the setting: "ann:scrypt$…", separated by commas or line ends."""
    lines = [line.strip() for line in re.split(r"[,\n]", text) if line.strip()]
    return {name: known for name, _, known in (line.partition(":") for line in lines)}


def _key(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    # composed, so that an é typed on another keyboard is the same
    plain = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(plain, salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=_KEY_BYTES)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
