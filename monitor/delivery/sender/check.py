"""Judges whether mail of this sender will be believed: SPF, DKIM, DMARC, MX and PTR, each with the record to publish. Asks nobody itself.

RFC 7208 (SPF), 6376 and 8301 (DKIM), 7489 (DMARC), 5321 and 7505 (MX), 8601; the sender rules of the large mailbox providers.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from monitor.delivery.dkim_signing import MIN_BITS, published_form, published_key
from monitor.delivery.sender.spf import Records, spf_records, spf_result
from monitor.delivery.sender.spf_record import SpfResult
from monitor.model.delivery import DkimKey
from monitor.model.errors import DnsFailed
from monitor.text.urls import registrable_domain


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """What is known of the sender before anybody is asked.

    `envelope` is the domain that bounces go to; `sends_from` are IP addresses that receivers will see; `key` and the tags of a
    signature (`signed_as`: selector and domain pairs) are there as far as this program signs.
    """

    domain: str
    envelope: str
    bounces_read_here: bool = False
    sends_from: tuple[str, ...] = ()
    key: DkimKey | None = None
    signed_as: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One finding: `fine` or not; `mend` is the exact record to publish or the step to take; `transient` where asking again may help."""

    name: str
    fine: bool
    message: str
    mend: str = ""
    transient: bool = False


def check_sender(facts: SenderFacts, records: Records) -> tuple[Verdict, ...]:
    """Everything that can be told by names alone, in the order in which to mend it."""
    checks: list[tuple[str, Callable[[SenderFacts, Records], Sequence[Verdict]]]] = [
        ("SPF", _spf),
        ("DKIM", _dkim),
        ("DMARC", _dmarc),
        ("MX", _mx),
        ("PTR", _ptr),
    ]
    verdicts: list[Verdict] = []
    for name, check in checks:
        try:
            verdicts += check(facts, records)
        except DnsFailed as error:
            verdicts.append(Verdict(name, False, f"no name server answers: {error}", "try again later", transient=True))
    return tuple(verdicts)


def _spf(facts: SenderFacts, records: Records) -> list[Verdict]:
    """SPF is about the envelope; DMARC wants its domain to be of the same organisation as From."""
    domain = facts.envelope
    wanted = " ".join(["v=spf1", *(f"ip{ip_address(one).version}:{one}" for one in facts.sends_from), "mx ~all"])
    mend = f'publish: {domain}. TXT "{wanted}"'
    found = spf_records(records, domain)
    if not found:
        return [Verdict("SPF", False, f"{domain}, which envelopes come from, has no SPF record", mend)]
    if len(found) > 1:
        return [Verdict("SPF", False, f"{domain} has {len(found)} SPF records: receivers read none of them", "keep one")]
    if re.search(r"(?i)(^|\s)\+?all(\s|$)", found[0]):
        return [Verdict("SPF", False, f"{domain} lets everybody send in its name ({found[0]})", "end it with ~all or -all")]
    if not facts.sends_from:
        # an address that nobody sends from shows what is wrong with the record itself
        result, why = spf_result(records, domain, "192.0.2.1")
        if result is SpfResult.ERROR:
            return [Verdict("SPF", False, why, "mend the record")]
        return [Verdict("SPF", True, f"{domain}: {found[0]} (name the relay's address with --sends-from to have it tried)")]
    verdicts = []
    for address in facts.sends_from:
        result, why = spf_result(records, domain, address)
        fine = result is SpfResult.PASS
        add = f"add ip{ip_address(address).version}:{address} to the record of {domain}: {found[0]}"
        verdicts.append(Verdict("SPF", fine, f"{address}: {result}, {why}", "" if fine else add))
    return verdicts


def _dkim(facts: SenderFacts, records: Records) -> list[Verdict]:
    names = [(facts.key.selector, facts.key.domain)] if facts.key else list(facts.signed_as)
    if not names:
        words = "messages are not signed here: the relay must do it"
        return [Verdict("DKIM", True, words, "set MONITOR_DKIM__…, or look at a message that --send-to sent")]
    return [_dkim_key(selector, domain, facts, records) for selector, domain in names]


def _dkim_key(selector: str, domain: str, facts: SenderFacts, records: Records) -> Verdict:
    name = f"{selector}._domainkey.{domain}"
    ours = f"v=DKIM1; k=rsa; p={published_form(facts.key.pem)}" if facts.key else ""
    mend = f'publish: {name}. TXT "{ours}"' if ours else f"publish the key at {name}"
    found = [text for text in records.txt(name) if "p=" in text]
    if not found:
        return Verdict("DKIM", False, f"{name} has no key: no signature can be checked", mend)
    if len(found) > 1:
        return Verdict("DKIM", False, f"{name} has {len(found)} keys: receivers may take any of them", "keep one")
    tags = dict(re.findall(r"([a-z]+)\s*=\s*([^;]*)", found[0]))
    key = _decoded(tags.get("p", ""))
    if not key:
        return Verdict("DKIM", False, f"{name}: the key was revoked, or is damaged (p=)", mend)
    numbers = published_key(key)
    if facts.key and numbers != published_key(_decoded(published_form(facts.key.pem))):
        return Verdict("DKIM", False, f"{name} has another key than the one that signs", mend)
    if "y" in tags.get("t", "").replace(" ", "").split(":"):
        return Verdict("DKIM", False, f"{name} is in test mode (t=y): receivers may not count it", "take t=y out")
    if numbers and numbers[0].bit_length() < MIN_BITS:
        return Verdict("DKIM", False, f"{name} has a key of {numbers[0].bit_length()} bits", f"make one of {MIN_BITS} (RFC 8301)")
    if registrable_domain(domain) != registrable_domain(facts.domain):
        return Verdict("DKIM", False, f"{domain} signs, From is at {facts.domain}: not aligned", "sign for the domain of From")
    return Verdict("DKIM", True, f"{name} has the key that signs" if facts.key else f"{name} has a key")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", text), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _dmarc(facts: SenderFacts, records: Records) -> list[Verdict]:
    """The record of the domain, or of its organisation; then whether the envelope is of the same organisation."""
    organisation = registrable_domain(facts.domain)
    place, found = "", []
    for domain in dict.fromkeys((facts.domain, organisation)):
        found = [text for text in records.txt(f"_dmarc.{domain}") if text.lower().replace(" ", "").startswith("v=dmarc1")]
        if found:
            place = f"_dmarc.{domain}"
            break
    if not found:
        record = f'publish: _dmarc.{organisation}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{organisation}"'
        return [Verdict("DMARC", False, f"neither {facts.domain} nor {organisation} has a DMARC record", record)]
    tags = {name.lower(): value.strip() for name, value in re.findall(r"(\w+)\s*=\s*([^;]*)", found[0])}
    policy = (tags.get("sp") if place != f"_dmarc.{facts.domain}" else None) or tags.get("p", "")
    if len(found) > 1 or policy.lower() not in {"none", "quarantine", "reject"}:
        mend = "one record, with p=none, quarantine or reject"
        return [Verdict("DMARC", False, f"{place} cannot be used: {'; '.join(found)}", mend)]
    verdicts = [Verdict("DMARC", True, f"{place}: policy {policy}")]
    if registrable_domain(facts.envelope) != organisation:
        words = f"envelopes come from {facts.envelope}, From is at {facts.domain}: SPF alone does not satisfy DMARC"
        signs = facts.key is not None or bool(facts.signed_as)
        verdicts.append(
            Verdict(
                "DMARC",
                signs,
                words,
                "" if signs else f"use an address below {organisation} for MONITOR_BOUNCE__ADDRESS, or sign",
            )
        )
    elif tags.get("aspf") == "s" and facts.envelope != facts.domain:
        words = f"{place} wants the very domain of From in the envelope (aspf=s); it is {facts.envelope}"
        verdicts.append(Verdict("DMARC", facts.key is not None, words, "aspf=r, or sign for the domain of From"))
    return verdicts


def _mx(facts: SenderFacts, records: Records) -> list[Verdict]:
    """Bounces must find their way back."""
    hosts = records.mx(facts.envelope)
    here = "this host" if facts.bounces_read_here else "the host of its mailbox"
    mend = f"publish: {facts.envelope}. MX 10 <{here}>."
    if hosts == (".",):
        return [
            Verdict("MX", False, f"{facts.envelope} says that it takes no mail: bounces are lost, some receivers refuse it", mend)
        ]
    if not hosts:
        if records.addresses(facts.envelope):
            return [Verdict("MX", True, f"{facts.envelope} has no MX; bounces go to its address")]
        return [Verdict("MX", False, f"{facts.envelope} takes no mail: it has neither MX nor address, bounces are lost", mend)]
    lost = [host for host in hosts if not records.addresses(host)]
    if lost:
        return [Verdict("MX", False, f"{facts.envelope}: {', '.join(lost)} has no address", f"publish: {lost[0]}. A …")]
    return [Verdict("MX", True, f"{facts.envelope} takes bounces at {', '.join(hosts)}")]


def _ptr(facts: SenderFacts, records: Records) -> list[Verdict]:
    """Each address that sends must have a name that leads back to it (Gmail: 550 5.7.25)."""
    verdicts = []
    for address in facts.sends_from:
        if not ip_address(address).is_global:
            continue
        names = records.names_of(address)
        back = [name for name in names if address in records.addresses(name)]
        mend = "have the owner of the address (the provider) set its PTR to the relay's name, and publish that name's address"
        if not names:
            verdicts.append(Verdict("PTR", False, f"{address} has no name", mend))
        elif not back:
            verdicts.append(Verdict("PTR", False, f"{address} is {names[0]}, which does not lead back to it", mend))
        else:
            verdicts.append(Verdict("PTR", True, f"{address} is {back[0]}"))
    return verdicts
