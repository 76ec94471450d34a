"""Signs a message with DKIM (RFC 6376) when it is built. The one home of dkimpy; asks no DNS and reads no clock.

Relaxed/relaxed with RSA and SHA-256. What a reader trusts is signed once more than it stands in the message, so that nobody on the way
can add a second Subject or another button to unsubscribe (RFC 6376 5.4.2, 8.15).
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Sequence
from datetime import datetime

import dkim
from dkim.crypto import parse_pem_private_key

from monitor.model.delivery import DkimKey
from monitor.model.errors import WrongFiles
from monitor.model.problem import Place, Problem

MIN_BITS = 2048
"""RFC 8301 3.2: signers use 2048 bits at least."""
SIGNED = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language", "List-Id",
    "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Owner", "List-Archive", "List-Post", "Archived-At", "Feedback-ID",
)  # fmt: skip
"""Fields that are covered where they stand. Oversigned ones are covered where they do not stand, too: they cannot be added."""
OVERSIGNED = ("From", "Subject", "Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_SILENT = logging.getLogger("monitor.delivery.dkim")
_SILENT.addHandler(logging.NullHandler())


class _Dated(dkim.DKIM):  # type: ignore[misc]
    """The library's signer, with the moment given instead of read from the clock: the same message has the same signature."""

    def __init__(self, message: bytes, at: datetime) -> None:
        super().__init__(message, logger=_SILENT, minkey=MIN_BITS)
        self._at = str(int(at.timestamp())).encode()

    def gen_header(self, fields: Sequence[tuple[bytes, bytes]], *rest: object, **more: object) -> bytes:
        dated = [(name, self._at if name == b"t" else value) for name, value in fields]
        header: bytes = super().gen_header(dated, *rest, **more)
        return header


def signed(raw: bytes, key: DkimKey, at: datetime) -> bytes:
    """The message with a DKIM-Signature before its first field; the same arguments give the same bytes.

    Args:
        raw: The whole message with CRLF line ends, as it goes over the wire; a relay that changes it breaks the signature.
        key: As `read_key` gave it.
        at: The t= tag; the message's own date.

    Raises:
        WrongFiles: The key is none.
    """
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    standing = [line.partition(":")[0].lower() for line in head.split("\r\n") if line[:1] not in {" ", "\t"}]
    covered = [name for name in SIGNED for _ in range(standing.count(name.lower()))] + list(OVERSIGNED)
    try:
        field: bytes = _Dated(raw, at).sign(
            key.selector.encode(),
            key.domain.encode(),
            key.pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in covered],
        )
    except (dkim.DKIMException, ValueError) as error:
        raise WrongFiles([_problem("the key", f"it cannot sign: {error}")]) from error
    return field + raw


def read_key(selector: str, domain: str, pem: bytes, name: str) -> DkimKey:
    """The key of a file, checked; `name` is shown in problems.

    Raises:
        WrongFiles: Not an RSA private key in PEM form, or one that is too short.
    """
    lines = pem.replace(b"\r\n", b"\n").strip() + b"\n"
    if b"ENCRYPTED" in lines:
        raise WrongFiles([_problem(name, "the key is locked with a passphrase")])
    if b"PRIVATE KEY-----" not in lines:
        raise WrongFiles([_problem(name, "there is no private key in PEM form")])
    try:
        parts = parse_pem_private_key(lines)
    except (dkim.crypto.UnparsableKeyError, binascii.Error, ValueError, IndexError, KeyError, TypeError) as error:
        words = str(error).partition("\n")[0]
        raise WrongFiles([_problem(name, f"the key cannot be read as RSA: {words}")]) from None
    bits = int(parts["modulus"]).bit_length()
    if bits < MIN_BITS:
        raise WrongFiles([_problem(name, f"the key has {bits} bits; receivers want {MIN_BITS} (RFC 8301)")])
    return DkimKey(selector, domain, lines)


def public_key(pem: bytes) -> tuple[int, int]:
    """Modulus and exponent of the public half of a key that `read_key` took: what DNS must publish."""
    parts = parse_pem_private_key(pem)
    return int(parts["modulus"]), int(parts["publicExponent"])


def published_form(pem: bytes) -> str:
    """The public half as DNS publishes it (p=): base64 of a SubjectPublicKeyInfo (RFC 6376 3.6.1)."""
    modulus, exponent = public_key(pem)
    numbers = _der(0x30, _der_integer(modulus) + _der_integer(exponent))
    algorithm = _der(0x30, bytes.fromhex("06092a864886f70d0101010500"))  # rsaEncryption, no parameters
    return base64.b64encode(_der(0x30, algorithm + _der(0x03, b"\x00" + numbers))).decode()


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _der_integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def published_key(der: bytes) -> tuple[int, int] | None:
    """Modulus and exponent of a key as DNS publishes it (p=, decoded); None where it is no RSA key."""
    try:
        parts = dkim.crypto.parse_public_key(der)
        return int(parts["modulus"]), int(parts["publicExponent"])
    except (dkim.crypto.UnparsableKeyError, ValueError, IndexError, KeyError, TypeError):
        return None


def _problem(name: str, message: str) -> Problem:
    return Problem(Place(name, 1, 1), "G002", message, "openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out FILE")
