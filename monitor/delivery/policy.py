"""How header fields become bytes: what the standard library gets wrong is written by hand here.

`email.policy.SMTP` turns a long List-Unsubscribe into encoded words (the one-click button vanishes) and, before 3.13.1, damages
mixed-script subjects. This policy writes machine-read fields raw, folding only at commas, and prose fields as whole encoded words.
"""

from __future__ import annotations

import base64
import re
from email.policy import EmailPolicy
from typing import Any

PROSE = frozenset({"subject"})
NAMED = frozenset({"from", "reply-to", "list-id"})
_WIDTH = 76


class MailPolicy(EmailPolicy):
    """An `EmailPolicy` for generating only; CRLF line ends, 7-bit safe."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep our own fields as they were given: the library's parser would read specials into a display name."""
        if name.lower().startswith(("content-", "mime-")) and name.lower() != "content-language":
            return super().header_store_parse(name, value)
        return name, value

    def fold(self, name: str, value: Any) -> str:
        """One field as text with CRLF."""
        return f"{name}: {_folded(name, str(value))}\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One field as bytes with CRLF: ASCII, but for a recipient whose address needs SMTPUTF8 (RFC 6532)."""
        return self.fold(name, value).encode()


def _folded(name: str, value: str) -> str:
    kind = name.lower()
    if kind in PROSE and not _plain(name, value):
        return encoded_words(value, name)
    if kind in NAMED and (not value.isascii() or "=?" in value):
        phrase, sign, address = value.rpartition(" <")
        if phrase.startswith('"') and phrase.isascii():
            phrase = re.sub(r"\\(.)", r"\1", phrase[1:-1])
        return f"{encoded_words(phrase, name)}\r\n <{address}" if sign else value
    return _at_commas(name, value)


def _plain(name: str, value: str) -> bool:
    """ASCII that fits a line, and could not be taken for an encoded word."""
    return value.isascii() and len(name) + 2 + len(value) <= _WIDTH and "=?" not in value


def encoded_words(text: str, name: str) -> str:
    """Text as RFC 2047 encoded words, none over 75 characters, folded between words where a word fits.

    White space between two encoded words is not shown, so a space belongs to the word before it; some parsers show it
    all the same, and then it does least harm between words.
    """
    chunks, room = [""], _BYTES - _octets_of(name)
    for word in re.findall(r"\S*\s*", text):
        for piece in _pieces(word):
            if chunks[-1] and len((chunks[-1] + piece).encode()) > room:
                chunks.append("")
                room = _BYTES
            chunks[-1] += piece
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(chunk.encode()).decode()}?=" for chunk in chunks)


_BYTES = 45
"""UTF-8 bytes whose base64 fits an encoded word of 75 characters: 75 - 12 characters of frame hold 60, 3 bytes in each 4."""


def _octets_of(name: str) -> int:
    """Bytes that the field's name takes from the first line."""
    return (len(name) + 2) * 3 // 4


def _pieces(word: str) -> list[str]:
    """A word whole, or in pieces of whole characters where it is too long for one encoded word."""
    if len(word.encode()) <= _BYTES - 12:
        return [word]
    return list(word)


def _at_commas(name: str, value: str) -> str:
    """Raw, folded only after commas where the line would grow beyond the width."""
    lines = [""]
    for part in value.split(", "):
        glue = ", " if lines[-1] else ""
        prefix = len(name) + 2 if len(lines) == 1 else 1
        if lines[-1] and prefix + len(lines[-1]) + len(glue) + len(part) > _WIDTH:
            lines[-1] += ","
            lines.append(part)
        else:
            lines[-1] += glue + part
    return "\r\n ".join(lines)


MAIL_POLICY = MailPolicy(linesep="\r\n", max_line_length=_WIDTH, cte_type="7bit", utf8=False)
