"""Mail addresses: what a person typed, and the one form that stands for it."""

from __future__ import annotations

import re
import unicodedata

from monitor.model.errors import WrongUse

_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def canonical_address(address: str) -> str:
    """The form under which an address is known: NFC, the domain in lower-case A-labels (RFC 5890). Dots and + stay: they belong to the owner.

    Raises:
        WrongUse: Not an address that mail can be sent to; says why.
    """
    typed = unicodedata.normalize("NFC", address.strip())
    local, sign, domain = typed.rpartition("@")
    if not sign or not local or not domain:
        raise WrongUse(f"{address!r} is no mail address: it needs one @ with a name before and a domain after it")
    if not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise WrongUse(f"{address!r} is no mail address: the part before @ holds what it may not")
    if not local.isascii() and any(unicodedata.category(sign)[0] == "C" for sign in local):
        raise WrongUse(f"{address!r} is no mail address: the part before @ holds a sign that cannot be seen")
    if len(local.encode()) > 64:
        raise WrongUse(f"{address!r} is no mail address: more than 64 bytes before @ (RFC 5321 4.5.3.1.1)")
    canonical = f"{local}@{_ascii_domain(domain, address)}"
    if len(canonical.encode()) > 254:
        raise WrongUse(f"{address!r} is no mail address: more than 254 bytes (RFC 5321 4.5.3.1.3)")
    return canonical


def _ascii_domain(domain: str, address: str) -> str:
    ascii_domain = domain.rstrip(".").lower()
    if not ascii_domain.isascii():
        try:
            ascii_domain = ascii_domain.encode("idna").decode().lower()
        except UnicodeError as error:
            raise WrongUse(f"{address!r} is no mail address: the domain cannot be written in DNS ({error})") from None
    labels = ascii_domain.split(".")
    if len(ascii_domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise WrongUse(f"{address!r} is no mail address: {domain!r} is no domain name")
    if labels[-1].isdigit():
        raise WrongUse(f"{address!r} is no mail address: {domain!r} is a network address, not a domain")
    return ascii_domain


def needs_smtputf8(address: str) -> bool:
    """True where the part before @ is not ASCII: only a relay with SMTPUTF8 can take it (RFC 6531)."""
    return not address.isascii()
