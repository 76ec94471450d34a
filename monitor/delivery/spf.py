"""Whether a domain lets an address send in its name: SPF (RFC 7208), over records that a function gives. Asks nobody itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Protocol

MAX_LOOKUPS = 10
"""Mechanisms that ask a name server; one more makes the record void (4.6.4)."""
_ASKING = {"include", "a", "mx", "ptr", "exists", "redirect"}


class Records(Protocol):
    """What name servers answer; () where there is nothing. May raise DnsFailed."""

    def txt(self, name: str) -> tuple[str, ...]:
        """TXT records."""
        ...

    def mx(self, name: str) -> tuple[str, ...]:
        """Mail hosts, the preferred one first."""
        ...

    def addresses(self, name: str) -> tuple[str, ...]:
        """IP addresses of a host."""
        ...

    def names_of(self, address: str) -> tuple[str, ...]:
        """Names of an IP address."""
        ...


class SpfResult(StrEnum):
    """The results of RFC 7208 2.6."""

    PASS = "pass"  # noqa: S105 — a result, no secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    ERROR = "permerror"


_QUALIFIERS = {"+": SpfResult.PASS, "-": SpfResult.FAIL, "~": SpfResult.SOFTFAIL, "?": SpfResult.NEUTRAL}


@dataclass(slots=True)
class _Count:
    """Lookups so far, over all records that are included."""

    lookups: int = 0


class _BrokenError(Exception):
    """The record cannot be used, and why."""


def spf_records(records: Records, domain: str) -> tuple[str, ...]:
    """The SPF records of a domain; there must be one."""
    return tuple(text for text in records.txt(domain) if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 "))


def spf_result(records: Records, domain: str, address: str) -> tuple[SpfResult, str]:
    """What a receiver makes of mail from `address` with an envelope sender at `domain`, and why.

    Raises:
        DnsFailed: A name server did not answer; trying again may help.
    """
    try:
        return _evaluate(records, domain, address, _Count())
    except _BrokenError as error:
        return SpfResult.ERROR, str(error)


def _evaluate(records: Records, domain: str, address: str, count: _Count) -> tuple[SpfResult, str]:
    found = spf_records(records, domain)
    if not found:
        return SpfResult.NONE, f"{domain} has no SPF record"
    if len(found) > 1:
        raise _BrokenError(f"{domain} has {len(found)} SPF records: receivers read none of them")
    redirect = ""
    for term in found[0].split()[1:]:
        name, sign, value = term.partition("=")
        if sign and ":" not in name and "/" not in name:
            redirect = value if name.lower() == "redirect" else redirect
            continue
        result = _QUALIFIERS.get(term[0])
        mechanism = term[1:] if result else term
        if _matches(records, domain, address, mechanism, count):
            return result or SpfResult.PASS, f"{term} in the record of {domain}"
    if redirect:
        _count(count)
        return _evaluate(records, redirect, address, count)
    return SpfResult.NEUTRAL, f"nothing in the record of {domain} speaks of {address}"


def _matches(records: Records, domain: str, address: str, mechanism: str, count: _Count) -> bool:
    name, _, rest = mechanism.partition(":")
    name, _, bits = name.partition("/") if ":" not in mechanism else (name, "", "")
    target, _, prefix = rest.partition("/")
    kind = name.lower()
    if kind in _ASKING:
        _count(count)
        if "%" in target:
            raise _BrokenError(f"{mechanism}: macros are not evaluated here")
    if kind in {"ip4", "ip6"}:
        return _inside(address, rest, mechanism)
    host = target or domain
    match kind:
        case "all":
            return True
        case "a":
            return any(_near(address, one, prefix or bits) for one in records.addresses(host))
        case "mx":
            return any(
                _near(address, one, prefix or bits) for exchange in records.mx(host) for one in records.addresses(exchange)
            )
        case "include":
            return _included(records, host, address, count)
        case "exists":
            return bool(records.addresses(host))
        case "ptr":
            return any(one.lower().endswith(host.lower()) for one in records.names_of(address))
    raise _BrokenError(f"{mechanism!r} is no mechanism of SPF")


def _included(records: Records, domain: str, address: str, count: _Count) -> bool:
    result, why = _evaluate(records, domain, address, count)
    if result in {SpfResult.NONE, SpfResult.ERROR}:
        raise _BrokenError(f"include:{domain}: {why}")
    return result is SpfResult.PASS


def _count(count: _Count) -> None:
    count.lookups += 1
    if count.lookups > MAX_LOOKUPS:
        raise _BrokenError(f"more than {MAX_LOOKUPS} lookups: receivers give up (RFC 7208 4.6.4)")


def _inside(address: str, network: str, mechanism: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        raise _BrokenError(f"{mechanism!r} names no network") from None


def _near(address: str, other: str, prefix: str) -> bool:
    bits = prefix.partition("/")[0]
    return _inside(address, f"{other}/{bits}" if bits else other, f"{other}/{bits}")
