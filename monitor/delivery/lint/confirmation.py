"""Checks of a mail that answers one person's asking (confirm, or "you are subscribed already"): what an edition has, and this must not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.delivery.lint.mail import Finding, Mail
from monitor.model.problem import Severity

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def confirmation_findings(mail: Mail) -> Iterator[Finding]:
    """Everything that is wrong with a confirmation as such."""
    for field in mail.fields:
        if field.name.lower().startswith("list-"):
            words = f"{field.name} in a mail to somebody who is on no list yet"
            yield Finding(field.line, "M141", words, "leave it out: there is nothing to leave")
        elif field.name.lower() == "precedence":
            words = f"Precedence: {field.value} in a mail that somebody waits for"
            yield Finding(field.line, "M142", words, "leave it out", Severity.WARNING)
    yield from _links(mail)


def _links(mail: Mail) -> Iterator[Finding]:
    plain = next((part for part in mail.parts if part.kind == "text/plain"), None)
    page = next((part for part in mail.parts if part.kind == "text/html"), None)
    link = _first_link(plain.text) if plain else ""
    if plain and not link:
        yield Finding(plain.line, "M216", "the plain text holds no address to open", "the whole address on a line of its own")
    if page and link and link not in page.text.replace("&amp;", "&"):
        yield Finding(page.line, "M336", "the HTML does not lead where the plain text does", "the same address in both")
    if page and re.search(r"<img\b[^>]*\bsrc\s*=\s*[\"']?https?:", page.text, re.IGNORECASE):
        words = "a picture from elsewhere, before anybody agreed to anything"
        yield Finding(page.line, "M337", words, "no pictures in a confirmation", Severity.WARNING)


def _first_link(text: str) -> str:
    """The first address that stands on a line of its own, else the first at all; "" without."""
    lines = [line.strip() for line in text.splitlines()]
    alone = next((line for line in lines if _ADDRESS.fullmatch(line)), "")
    found = _ADDRESS.search(text)
    return alone or (found.group().rstrip(".,)") if found else "")
