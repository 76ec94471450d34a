"""Bytes from strangers as text: one ladder of charsets for feeds and pages. It parses no markup."""

from __future__ import annotations

import codecs
import re

_META_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LATIN_1 = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252"})
_FEW_BAD = 0.002
"""Bytes are UTF-8 although fewer than this share of the characters do not decode: templates paste, proxies cut."""
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8\xa1\xa2\xb2\xb3\xaa\xba\xaf\xbf]{4,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_TWICE = re.compile("[\u00c3\u00c2\u00d0\u00d1][\u0080-\u00ff\u0152-\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]")
_AT_LEAST_TWICE = 8
_LEADS = "\u00c3\u00c2\u00d0\u00d1"
"""What the first bytes of two-byte UTF-8 look like in windows-1252; the second bytes are the other half of the pattern."""


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type header names, or ""."""
    found = _HEADER.search(content_type)
    return found.group(1) if found else ""


def decode(body: bytes, declared: str | None = None) -> str:
    """Bytes as text, never failing: BOM, UTF-16 by its NULs, UTF-8 where the bytes are UTF-8 (or all but a few are), `declared`
    (the HTTP charset), the document's own declaration, then windows-1251 or KOI8-R.

    A declaration that the bytes contradict is passed over: text of another 8-bit charset is as good as never valid UTF-8, and
    a Latin-1 declaration (a server's default) is not believed where letters above ASCII stand in runs, as in no Western text.
    The last guess is Cyrillic because undeclared 8-bit pages of the region are. Bytes that fit nothing become U+FFFD. UTF-8 that
    was read as windows-1252 and encoded once more is put right where all of it is of that kind.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, errors="replace")
    wide = _utf16_without_bom(body)
    if wide:
        return body.decode(wide, errors="replace")
    utf8 = _as_utf8(body)
    if utf8 is not None and not body.isascii():
        return _once(utf8)
    for name in (declared or "", *_own_declaration(body)):
        if name.lower() in _LATIN_1 and _reads_as_cyrillic(body):
            return _guess(body)
        text = _try(body, name)
        if text is not None:
            return text
    return utf8 if utf8 is not None else _guess(body)


def _as_utf8(body: bytes) -> str | None:
    """The text if the bytes are UTF-8: all of them, or so many that the rest are accidents."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    beyond_ascii = len(body) - len(text) + bad  # every character beyond ASCII takes at least one byte more than one
    return text if bad <= _FEW_BAD * len(text) and bad * 10 <= beyond_ascii else None


def _once(text: str) -> str:
    """Text that was encoded twice, decoded once more; any other as it is."""
    if not any(lead in text for lead in _LEADS) or len(_TWICE.findall(text)) < _AT_LEAST_TWICE:
        return text
    raw = bytearray()
    for character in text:
        code = ord(character)
        if code < 0xA0:
            raw.append(code)
            continue
        try:
            raw += character.encode("windows-1252")
        except UnicodeEncodeError:
            return text
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return text


def _reads_as_cyrillic(body: bytes) -> bool:
    high = len(_HIGH.findall(body))
    return high > 20 and 2 * sum(len(run) for run in _CYRILLIC_RUN.findall(body)) > high


def _guess(body: bytes) -> str:
    """Undeclared, not UTF-8: a few broken bytes in UTF-8, or Cyrillic in one of its 8-bit charsets."""
    loose = body.decode("utf-8", errors="replace")
    bad = loose.count("\ufffd")
    if sum(map(loose.count, "аеиоАЕИО")) > 2 * bad or body.count(b"\xe2\x80") > 2 * bad:
        return loose
    # read by the wrong one of the two, the case of every letter is reversed: prose is mostly lower-case
    guesses = [body.decode(name, errors="replace") for name in ("windows-1251", "koi8-r")]
    return max(guesses, key=lambda text: sum(map(text.count, "аеиотнс")) - sum(map(text.count, "АЕИОТНС")))


def _utf16_without_bom(body: bytes) -> str:
    """UTF-16 shows itself by a NUL beside the first "<" (XML 1.0, appendix F); "" for anything else."""
    if body[:1] == b"<" and body[1:2] == b"\0" and body[2:3] != b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:2] == b"\0<" else ""


def _own_declaration(body: bytes) -> tuple[str, ...]:
    found = _XML_CHARSET.search(body[:1024]) or _META_CHARSET.search(body[:4096])
    return (found.group(1).decode("ascii"),) if found else ()


def _try(body: bytes, name: str) -> str | None:
    """The text, or None where `name` is no text encoding or does not fit. A multi-byte name on 8-bit bytes must not pass."""
    name = name.strip().strip("\"'")
    if not name or name.lower().startswith(("utf-16", "utf16", "ucs", "utf-32", "unicode")):
        # a body that reached this point is ASCII-compatible: such a declaration is wrong (F41 `encoding="unicode"`)
        return _try_utf16(body) if name.lower().startswith("utf-16") else None
    try:
        if not codecs.lookup(name)._is_text_encoding:  # noqa: SLF001 - the codecs module offers no public question
            return None
        return body.decode("windows-1252" if name.lower() in _LATIN_1 and _has_c1(body) else name)
    except (LookupError, UnicodeDecodeError, AttributeError, ValueError):
        return None


def _try_utf16(body: bytes) -> str | None:
    """UTF-16 without BOM and without a leading "<": only where every other byte is NUL, as ASCII markup is."""
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = body[offset:200:2]
        if high and high.count(0) > len(high) * 0.7:
            return body.decode(name, errors="replace")
    return None


def _has_c1(body: bytes) -> bool:
    """Browsers read latin-1 as windows-1252 (WHATWG Encoding): bytes 80..9F are quotes and dashes, not controls."""
    return any(0x80 <= byte <= 0x9F for byte in body)
