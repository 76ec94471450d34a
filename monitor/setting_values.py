"""How values of settings are read from text. It knows no setting by name; what is wrong is a ValueError that says what to write."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

MIN_SECRET = 16
"""Characters of a secret that a stranger could try."""
_HOOK = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_EDITOR = re.compile(r"[\w.@-]{1,64}:scrypt\$[0-9]{1,7}\$[0-9]{1,2}\$[0-9]{1,2}\$[\w-]{22,88}\$[\w-]{43}")


def networks(value: Any) -> Any:
    """Read "10.0.0.0/8,::1/128"."""
    if not isinstance(value, str):
        return value
    return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())


def numbers(value: Any) -> Any:
    """Read "80,443"."""
    return tuple(int(part) for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def pairs(value: Any) -> Any:
    """Read "host=address:port,*.suffix=address:port"."""
    if not isinstance(value, str):
        return value
    found = [part.strip().partition("=") for part in value.split(",") if part.strip()]
    if any(not (host.strip() and target.strip()) for host, _, target in found):
        raise ValueError("write name=value pairs, separated by commas, as the description shows")
    return {host.strip(): target.strip() for host, _, target in found}


def paces(value: Any) -> Any:
    """Read "domain=number,domain=number"."""
    rates = pairs(value)
    if any(isinstance(rate, str) and not re.fullmatch(r"\d+(\.\d+)?", rate) for rate in rates.values()):
        raise ValueError("write domain=messages a second, as gmail.com=2, separated by commas")
    return {domain.lower(): rate for domain, rate in rates.items()}


def bounce_address(address: str) -> str:
    """An address whose part before @ has room for + and a token; "" stays."""
    local, _, domain = address.rpartition("@")
    if address and (not local or not domain or not address.isascii() or " " in address):
        raise ValueError("write an ASCII address such as b@bounce.example.org")
    if len(local) + 41 > 64:
        raise ValueError("the part before @ grows by + and a token of 40 characters, and may hold 64 (RFC 5321): at most 23 here")
    return address


def editor_lines(text: str) -> list[str]:
    """Lines of `monitor web password`, separated by commas or line ends; each name once."""
    lines = [line.strip() for line in re.split(r"[,\n]", text) if line.strip()]
    wrong = [str(number) for number, line in enumerate(lines, start=1) if not _EDITOR.fullmatch(line)]
    if wrong:
        raise ValueError(
            f"entry {', '.join(wrong)} is no line of `monitor web password`; a shell or a compose file wants each $ doubled or quoted"
        )
    names = [line.partition(":")[0] for line in lines]
    if len(names) > len(set(names)):
        raise ValueError("a name stands twice")
    return lines


def hook_secrets(text: str) -> dict[str, str]:
    """Read "name=secret,name=secret", with commas or line ends between: mail providers that may report by HTTP."""
    found: dict[str, str] = {}
    for number, line in enumerate(filter(None, map(str.strip, re.split(r"[,\n]", text))), start=1):
        name, _, secret = line.partition("=")
        if not _HOOK.fullmatch(name.strip()) or name.strip() in found:
            raise ValueError(
                f"entry {number} begins with no provider's name, or with one that stood before: write postmark=user:password"
            )
        if len(secret.strip()) < MIN_SECRET:
            raise ValueError(f"entry {number}: a secret has {MIN_SECRET} characters at least")
        found[name.strip()] = secret.strip()
    return found
