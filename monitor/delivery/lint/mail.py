"""A mail taken apart for checks: its fields with their lines, its parts with theirs. It judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from typing import NamedTuple

from monitor.delivery.mime import decoded, encoded
from monitor.model.problem import Severity


class MailKind(StrEnum):
    """What a mail is, and so what it must have."""

    EDITION = "edition"
    """To many who asked for it: with a list, and a way out."""
    CONFIRMATION = "confirmation"
    """To one who asks for something, and is on no list yet: a confirmation or a notice."""


class Finding(NamedTuple):
    """What a check found: the line in the mail's bytes (0: the whole), the code, what is wrong and how to mend it."""

    line: int
    code: str
    text: str
    mend: str
    severity: Severity = Severity.ERROR


class Field(NamedTuple):
    """One field of the header as its bytes are, folding included, with the line it begins on."""

    name: str
    raw: bytes
    line: int

    @property
    def value(self) -> str:
        """Unfolded; bytes beyond ASCII as UTF-8."""
        return re.sub(rb"\r?\n(?=[ \t])", b"", self.raw).decode("utf-8", "replace").strip()


class Part(NamedTuple):
    """A leaf of the tree: its message object, its encoded content, and the line where that begins."""

    message: Message
    encoded: bytes
    line: int

    @property
    def kind(self) -> str:
        """Its media type in small letters."""
        return self.message.get_content_type()

    @property
    def content(self) -> bytes:
        """Its content, decoded from base64 or quoted-printable."""
        return decoded(self.message)

    @property
    def text(self) -> str:
        """Its content as text, in its charset or else UTF-8."""
        try:
            return self.content.decode(str(self.message.get_content_charset() or "utf-8"), "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail's bytes, its fields and its parts."""

    raw: bytes
    message: Message
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    head_end: int
    """Where the header ends, in bytes."""
    kind: MailKind = MailKind.EDITION

    def named(self, name: str) -> list[Field]:
        """The fields of a name, in order."""
        return [field for field in self.fields if field.name.lower() == name.lower()]

    def one(self, name: str) -> Field | None:
        """The first field of a name."""
        return next(iter(self.named(name)), None)

    def line_of(self, place: int) -> int:
        """The line, from 1, of a place in the bytes."""
        return self.raw.count(b"\n", 0, place) + 1


def take_apart(raw: bytes, kind: MailKind | None = None) -> Mail:
    """The mail of these bytes, CRLF or LF; whatever they are. `kind` None has its fields tell what it is."""
    end = re.search(rb"\r?\n\r?\n", raw)
    head_end = end.start() if end else len(raw)
    message = message_from_bytes(raw)
    fields = tuple(_fields(raw[:head_end]))
    return Mail(raw, message, fields, tuple(_parts(raw, message, head_end)), head_end, kind or _kind(fields))


def _kind(fields: Sequence[Field]) -> MailKind:
    """Written by a program, and without any field of a list: a confirmation. An edition that lacks one of them stays an edition."""
    values = {field.name.lower(): field.value.lower() for field in fields}
    listed = any(name.startswith("list-") or name in {"precedence", "feedback-id", "archived-at"} for name in values)
    return MailKind.CONFIRMATION if values.get("auto-submitted") == "auto-generated" and not listed else MailKind.EDITION


def _fields(head: bytes) -> Iterator[Field]:
    for found in re.finditer(rb"(?m)^([!-9;-~]+)[ \t]*:((?:.|\n[ \t])*)", head):
        yield Field(found.group(1).decode("ascii"), found.group(2).rstrip(b"\r"), head.count(b"\n", 0, found.start()) + 1)


def _parts(raw: bytes, message: Message, head_end: int) -> Iterator[Part]:
    """The leaves in order; each is sought behind the one before it."""
    place = head_end
    for part in message.walk():
        if part.is_multipart():
            continue
        content = encoded(part)
        found = raw.find(content, place) if content else -1
        place = found if found >= 0 else place
        yield Part(part, content, raw.count(b"\n", 0, place) + 1)
        place += len(content) if found >= 0 else 0
