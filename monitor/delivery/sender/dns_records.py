"""Asks name servers for records. The one home of dnspython; judges nothing, keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence

import dns.exception
import dns.flags
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename

from monitor.model.errors import DnsFailed, WrongUse


class NameServers:
    """Answers of the system's name servers, or of those given. What does not exist is (); an answer is asked for once."""

    def __init__(self, servers: Sequence[str] = (), *, port: int = 53, timeout_s: float = 5.0) -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration as error:
            raise WrongUse(f"this machine names no name server: {error}") from error
        if servers:
            self._resolver.nameservers = list(servers)
            self._resolver.port = port
        self._resolver.lifetime = timeout_s
        self._resolver.timeout = timeout_s / 2
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def txt(self, name: str) -> tuple[str, ...]:
        """TXT records, the strings of each put together.

        Raises:
            DnsFailed: Nobody answered, or not so that it could be read; trying again may help.
        """
        return self._ask(name, "TXT")

    def mx(self, name: str) -> tuple[str, ...]:
        """Hosts that take a domain's mail, the preferred one first; "." is a domain that takes none (RFC 7505). Raises as `txt`."""
        return self._ask(name, "MX")

    def addresses(self, name: str) -> tuple[str, ...]:
        """IPv4 and IPv6 addresses of a host. Raises as `txt`."""
        return (*self._ask(name, "A"), *self._ask(name, "AAAA"))

    def names_of(self, address: str) -> tuple[str, ...]:
        """Names of an IP address (PTR). Raises as `txt`."""
        return self._ask(dns.reversename.from_address(address).to_text(), "PTR")

    def _ask(self, name: str, kind: str) -> tuple[str, ...]:
        key = (name.lower(), kind)
        if key not in self._known:
            self._known[key] = self._asked(name, kind)
        return self._known[key]

    def _asked(self, name: str, kind: str) -> tuple[str, ...]:
        try:
            answer = self._resolver.resolve(dns.name.from_text(name), kind, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return ()
        except dns.exception.DNSException as error:
            raise DnsFailed(f"{name} {kind}: {_words(error)}") from error
        if answer.rrset is None:
            return ()
        if kind == "TXT":
            return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer.rrset)
        if kind == "MX":
            found = sorted((record.preference, record.exchange.to_text(omit_final_dot=True)) for record in answer.rrset)
            return tuple(host or "." for _, host in found)
        if kind == "PTR":
            return tuple(record.target.to_text(omit_final_dot=True) for record in answer.rrset)
        return tuple(record.address for record in answer.rrset)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
