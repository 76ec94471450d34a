"""How header fields become bytes: what the standard library gets wrong is written by hand here.

`email.policy.SMTP` turns a long List-Unsubscribe into encoded words (the one-click button vanishes) and, before 3.13.1, damages
mixed-script subjects. This policy writes machine-read fields raw, folding only at commas, and prose fields as whole encoded words.
"""

from __future__ import annotations

from email.header import Header
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
        """One field as ASCII bytes with CRLF."""
        return self.fold(name, value).encode("ascii")


def _folded(name: str, value: str) -> str:
    kind = name.lower()
    if kind in PROSE and not _plain(name, value):
        return encoded_words(value, name)
    if kind in NAMED and not value.isascii():
        phrase, sign, address = value.rpartition(" <")
        return f"{encoded_words(phrase, name)}\r\n <{address}" if sign else value
    return _at_commas(name, value)


def _plain(name: str, value: str) -> bool:
    """ASCII that fits a line, and could not be taken for an encoded word."""
    return value.isascii() and len(name) + 2 + len(value) <= _WIDTH and "=?" not in value


def encoded_words(text: str, name: str) -> str:
    """Text as RFC 2047 encoded words, none over 75 characters, never splitting a character."""
    return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


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
