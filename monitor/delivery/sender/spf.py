"""Whether a domain lets an address send in its name: SPF (RFC 7208), over records that a function gives. Asks nobody itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from monitor.delivery.sender.spf_record import (
    Address,
    BrokenRecord,
    Circumstances,
    SpfResult,
    Term,
    expanded,
    is_name,
    read_record,
)

MAX_LOOKUPS = 10
"""Terms that ask a name server, over all records that are included; one more makes the record void (4.6.4)."""
MAX_VOID = 2
"""Of them, how many may find nothing."""
MAX_NAMES = 10
"""Mail hosts, and names of an address, that are looked at for one term."""
_ASKING = {"include", "a", "mx", "ptr", "exists"}


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


def spf_records(records: Records, domain: str) -> tuple[str, ...]:
    """The SPF records of a domain; there must be one."""
    return tuple(text for text in records.txt(domain) if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 "))


def spf_result(records: Records, domain: str, address: str, *, sender: str = "", helo: str = "") -> tuple[SpfResult, str]:
    """What a receiver makes of mail from `address` with an envelope sender at `domain`, and why.

    Args:
        records: Name servers.
        domain: Of the envelope sender.
        address: IPv4 or IPv6, of who connects.
        sender: The envelope sender itself, which macros may name; default postmaster there, as for an empty one.
        helo: The name that the connecting host gives itself; default the domain.

    Raises:
        DnsFailed: A name server did not answer; trying again may help.
    """
    here: Address = ip_address(address)
    if isinstance(here, IPv6Address) and here.ipv4_mapped:
        here = here.ipv4_mapped
    try:
        return _Check(records).evaluate(Circumstances(sender or f"postmaster@{domain}", domain, here, helo or domain))
    except BrokenRecord as error:
        return SpfResult.ERROR, str(error)


@dataclass(slots=True)
class _Check:
    """One evaluation: what was asked so far, over all records that are included."""

    records: Records
    lookups: int = 0
    void: int = 0

    def evaluate(self, given: Circumstances) -> tuple[SpfResult, str]:
        """The result of a domain's record, and why."""
        found = spf_records(self.records, given.domain) if is_name(given.domain) and "." in given.domain else ()
        if not found:
            return SpfResult.NONE, f"{given.domain} has no SPF record"
        if len(found) > 1:
            raise BrokenRecord(f"{given.domain} has {len(found)} SPF records: receivers read none of them")
        record = read_record(found[0])
        for term in record.terms:
            if self._matches(term, given):
                return term.result, f"{term.text} in the record of {given.domain}"
        if not record.redirect or any(term.kind == "all" for term in record.terms):
            return SpfResult.NEUTRAL, f"nothing in the record of {given.domain} speaks of {given.address}"
        self._count()
        target = self._target(record.redirect, given)
        result, why = self.evaluate(replace(given, domain=target))
        if result is SpfResult.NONE:
            raise BrokenRecord(f"redirect={target}: {why}")
        return result, why

    def _matches(self, term: Term, given: Circumstances) -> bool:
        if term.kind in _ASKING:
            self._count()
        target = self._target(term.target, given) if term.target else given.domain
        match term.kind:
            case "all":
                return True
            case "include":
                return self._includes(replace(given, domain=target))
            case "a":
                return _near(given.address, self._addresses(target), term.bits)
            case "mx":
                return self._is_mail_host(target, given, term)
            case "ptr":
                return bool(self._proved_name(given, target))
            case "exists":
                return bool([one for one in self._addresses(target) if ip_address(one).version == 4])
        return term.network is not None and given.address in term.network

    def _includes(self, given: Circumstances) -> bool:
        result, why = self.evaluate(given)
        if result is SpfResult.NONE:
            raise BrokenRecord(f"include:{given.domain}: {why}")
        return result is SpfResult.PASS

    def _is_mail_host(self, target: str, given: Circumstances, term: Term) -> bool:
        hosts = self._found(self.records.mx(target) if is_name(target) else ())
        if len(hosts) > MAX_NAMES:
            raise BrokenRecord(f"{term.text}: {target} has more than {MAX_NAMES} mail hosts: receivers give up (RFC 7208 4.6.4)")
        return any(_near(given.address, self.records.addresses(host), term.bits) for host in hosts if is_name(host))

    def _proved_name(self, given: Circumstances, target: str) -> str:
        """A name of the address, at the target or below it, that leads back to the address; "" without (5.5)."""
        for name in self._found(self.records.names_of(str(given.address)))[:MAX_NAMES]:
            below = f".{name}".lower().endswith(f".{target}".lower())
            if below and is_name(name) and _near(given.address, self.records.addresses(name), (32, 128)):
                return name
        return ""

    def _target(self, text: str, given: Circumstances) -> str:
        if "%{p" in text.lower():
            given = replace(given, name=self._own_name(given))
        return expanded(text, given)

    def _own_name(self, given: Circumstances) -> str:
        """The name that %{p} stands for: one of the domain, else below it, else any; "unknown" without (7.3)."""
        names = [name for name in self.records.names_of(str(given.address))[:MAX_NAMES] if is_name(name)]
        proved = [name for name in names if _near(given.address, self.records.addresses(name), (32, 128))]
        domain = given.domain.lower()
        near = sorted(proved, key=lambda name: (name.lower() != domain, not name.lower().endswith(f".{domain}")))
        return next(iter(near), "unknown")

    def _addresses(self, name: str) -> tuple[str, ...]:
        return self._found(self.records.addresses(name) if is_name(name) else ())

    def _found(self, answer: tuple[str, ...]) -> tuple[str, ...]:
        """An answer, counted where it is empty."""
        if not answer:
            self.void += 1
            if self.void > MAX_VOID:
                raise BrokenRecord(f"more than {MAX_VOID} lookups find nothing: receivers give up (RFC 7208 4.6.4)")
        return answer

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise BrokenRecord(f"more than {MAX_LOOKUPS} lookups: receivers give up (RFC 7208 4.6.4)")


def _near(address: Address, others: Iterable[str], bits: tuple[int, int]) -> bool:
    """Whether an address is within so many bits of one of the others."""
    length = bits[0] if address.version == 4 else bits[1]
    return any(
        address in ip_network(f"{other}/{length}", strict=False)
        for other in others
        if ip_address(other).version == address.version
    )
