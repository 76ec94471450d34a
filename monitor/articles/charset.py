"""Decodes a page's bytes where its declarations are wrong, as they often are; the plain ladder is `monitor.text.markup.decode`."""

from __future__ import annotations

import re

from monitor.text.markup import decode

_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_FEW_BAD = 0.002
"""A page is UTF-8 although fewer than this share of its characters do not decode: templates paste, proxies cut."""
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8\xa1\xa2\xb2\xb3\xaa\xba\xaf\xbf]{4,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LATIN_1 = re.compile(rb"charset\s*=\s*[\"']?\s*(?:iso-8859-1|latin-?1|windows-1252|cp1252)\b", re.IGNORECASE)


def decode_page(body: bytes, content_type: str = "") -> str:
    """The page as text; any bytes give one.

    The ladder is byte order mark, HTTP header, declaration in the page, UTF-8, windows-1251, with two doubts: bytes that are
    UTF-8 beyond ASCII are UTF-8 whatever is declared, and a Latin-1 declaration (a server's default) is not believed where
    the letters above ASCII stand in runs, as in no Western text.
    """
    if not body.isascii() and (text := _as_utf8(body)) is not None:
        return text.removeprefix("\ufeff")
    claim = _HEADER.search(content_type)
    if _LATIN_1.search(content_type.encode("ascii", "replace") + b" " + body[:4096]) and _reads_as_cyrillic(body):
        return decode(body, "windows-1251")
    return decode(body, claim.group(1) if claim else None)


def _as_utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    beyond_ascii = len(body) - len(text) + bad  # every character beyond ASCII takes at least one byte more than one
    return text if bad <= _FEW_BAD * len(text) and bad * 10 <= beyond_ascii else None


def _reads_as_cyrillic(body: bytes) -> bool:
    high = len(_HIGH.findall(body))
    return high > 20 and 2 * sum(len(run) for run in _CYRILLIC_RUN.findall(body)) > high
