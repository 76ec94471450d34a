"""The words of an SPF record: its terms, and the macros in them (RFC 7208 5 to 7). Pure; it asks nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import quote

Address = IPv4Address | IPv6Address
LONGEST_NAME = 253


class SpfResult(StrEnum):
    """The results of RFC 7208 2.6."""

    PASS = "pass"  # noqa: S105 — a result, no secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    ERROR = "permerror"


class BrokenRecord(Exception):
    """The record cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Term:
    """A mechanism: what follows where it matches, its kind, its target ("" for the domain itself), and the bits of addresses that count."""

    text: str
    result: SpfResult
    kind: str
    target: str = ""
    bits: tuple[int, int] = (32, 128)
    network: IPv4Network | IPv6Network | None = None


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A record taken apart: its mechanisms in order, and where to look if none matches ("" for nowhere)."""

    terms: tuple[Term, ...]
    redirect: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What macros stand for. `domain` is the one whose record is read, `name` the address's own name where it was proved."""

    sender: str
    domain: str
    address: Address
    helo: str
    name: str = "unknown"


_QUALIFIERS = {"+": SpfResult.PASS, "-": SpfResult.FAIL, "~": SpfResult.SOFTFAIL, "?": SpfResult.NEUTRAL, "": SpfResult.PASS}
_MACRO = re.compile(r"%\{([a-zA-Z])([0-9]*)([rR]?)([-.+,/_=]*)\}|%([%_-])")
_SAID = re.compile(rf"(?:[!-$&-~]|{_MACRO.pattern})*")
_MECHANISM = re.compile(r"([-+~?]?)([a-zA-Z][a-zA-Z0-9_.-]*)(?::([^ ]*?))?(/[0-9]*)?(//[0-9]*)?")
_MODIFIER = re.compile(r"([a-zA-Z][a-zA-Z0-9_.-]*)=(.*)")
_END = re.compile(r"\.(?:[a-zA-Z0-9]*[a-zA-Z][a-zA-Z0-9]*|[a-zA-Z0-9]+-[a-zA-Z0-9-]*[a-zA-Z0-9])\.?\Z")
_LETTERS = frozenset("slodiphv")


def read_record(text: str) -> SpfRecord:
    """The record of a text that begins with v=spf1.

    Raises:
        BrokenRecord: Any word of it is wrong; receivers use no part of it then (4.6).
    """
    terms, named = [], dict[str, str]()
    for word in filter(None, text.split(" ")[1:]):  # no other blank stands between words (4.6.1)
        modifier = _MODIFIER.fullmatch(word)
        if modifier is None:
            terms.append(_term(word))
            continue
        name, value = modifier.group(1).lower(), modifier.group(2)
        if name in {"redirect", "exp"}:
            if name in named:
                raise BrokenRecord(f"{name}= stands twice")
            named[name] = _target(value, word)
        elif not _SAID.fullmatch(value):
            raise BrokenRecord(f"{word!r} holds what is no macro")
    return SpfRecord(tuple(terms), named.get("redirect", ""))


def _term(word: str) -> Term:
    found = _MECHANISM.fullmatch(word)
    if found is None:
        raise BrokenRecord(f"{word!r} is no mechanism of SPF")
    sign, kind, target, four, six = found.groups()
    kind, result = kind.lower(), _QUALIFIERS[sign]
    match kind:
        case "ip4" | "ip6":
            return Term(word, result, kind, network=_network(kind, f"{target or ''}{four or ''}{six or ''}", word))
        case "a" | "mx":
            bits = (_bits(four, 1, 32, word), _bits(six, 2, 128, word))
            return Term(word, result, kind, "" if target is None else _target(target, word), bits)
        case "all" if target is None and not four and not six:
            return Term(word, result, kind)
        case "ptr" if not four and not six:
            return Term(word, result, kind, "" if target is None else _target(target, word))
        case "include" | "exists" if not four and not six:
            return Term(word, result, kind, _target(target or "", word))
    raise BrokenRecord(f"{word!r} is no mechanism of SPF")


def _network(kind: str, text: str, word: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise BrokenRecord(f"{word!r} names no network") from None
    plain = re.fullmatch(r"[^/]+(/(0|[1-9][0-9]*))?", text)
    if not plain or f"ip{network.version}" != kind:
        raise BrokenRecord(f"{word!r} names no network")
    return network


def _bits(text: str | None, slashes: int, most: int, word: str) -> int:
    if text is None:
        return most
    number = text[slashes:]
    if not re.fullmatch(r"0|[1-9][0-9]{0,2}", number) or int(number) > most:
        raise BrokenRecord(f"{word!r} names no number of bits")
    return int(number)


def _target(text: str, word: str) -> str:
    """A name that macros may stand in: its end must be a name's end, or a macro."""
    ends = _END.search(text) or any(found.end() == len(text) and found.group(1) for found in _MACRO.finditer(text))
    if not text or not ends or not _SAID.fullmatch(text):
        raise BrokenRecord(f"{word!r} names no domain")
    if any(found.group(1) and not _is_known(found) for found in _MACRO.finditer(text)):
        raise BrokenRecord(f"{word!r} holds a macro that is none")
    return text


def _is_known(macro: re.Match[str]) -> bool:
    return macro.group(1).lower() in _LETTERS and (not macro.group(2) or int(macro.group(2)) > 0)


def expanded(text: str, given: Circumstances) -> str:
    """A target with its macros filled in (7), cut from its left where it is too long for a name."""

    def fill(found: re.Match[str]) -> str:
        letter, digits, turned, delimiters, sign = found.groups()
        if sign:
            return {"%": "%", "_": " ", "-": "%20"}[sign]
        parts = re.split(f"[{re.escape(delimiters or '.')}]", _value(letter.lower(), given))
        parts = parts[::-1] if turned else parts
        value = ".".join(parts[-int(digits) :] if digits else parts)
        return quote(value, safe="-._~") if letter.isupper() else value

    name = _MACRO.sub(fill, text).removesuffix(".")
    while len(name) > LONGEST_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def is_name(name: str) -> bool:
    """Whether a name could stand in DNS; no record stands under one that could not."""
    return 0 < len(name) <= LONGEST_NAME and all(0 < len(label) <= 63 for label in name.split("."))


def _value(letter: str, given: Circumstances) -> str:
    local, _, domain = given.sender.rpartition("@")
    version = given.address.version
    return {
        "s": given.sender,
        "l": local,
        "o": domain,
        "d": given.domain,
        "i": str(given.address) if version == 4 else ".".join(given.address.exploded.replace(":", "")),
        "p": given.name,
        "v": "in-addr" if version == 4 else "ip6",
        "h": given.helo,
    }[letter]
