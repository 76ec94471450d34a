"""Checks of a mail's lines, parts and encodings: what servers on the way refuse or change. RFC 2045, 2046, 5322."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from monitor.delivery.lint.mail import Finding, Mail, Part
from monitor.delivery.mime import decoded, parts_in
from monitor.model.problem import Severity

MAX_LINE = 998
MAX_TEXT_LINE = 78
_WARN = Severity.WARNING
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_DEFECTS = {
    "NoBoundaryInMultipartDefect": "a multipart names no boundary",
    "StartBoundaryNotFoundDefect": "the boundary of a multipart stands nowhere",
    "CloseBoundaryNotFoundDefect": "the last boundary is missing: the end was cut off, or forgotten",
    "MultipartInvariantViolationDefect": "a multipart has no parts",
    "InvalidMultipartContentTransferEncodingDefect": "a multipart has an encoding of its own",
    "InvalidBase64PaddingDefect": "base64 ends too early",
    "InvalidBase64CharactersDefect": "base64 holds letters that are none of its own",
    "InvalidBase64LengthDefect": "base64 has an impossible length",
}


def body_findings(mail: Mail) -> Iterator[Finding]:
    """Everything that is wrong with lines, structure and encodings."""
    for check in (_lines, _structure, _boundaries, _encodings, _plain):
        yield from check(mail)


def _lines(mail: Mail) -> Iterator[Finding]:
    lines = mail.raw.split(b"\n")
    number, longest = max(enumerate((len(line.rstrip(b"\r")) for line in lines), start=1), key=lambda pair: pair[1])
    if longest > MAX_LINE:
        yield Finding(number, "M201", f"a line has {longest} bytes", f"RFC 5322 2.1.1: at most {MAX_LINE}")
    bare = re.search(rb"(?<!\r)\n|\r(?!\n)", mail.raw)
    if bare:
        yield Finding(mail.line_of(bare.start()), "M202", "line ends are not CRLF throughout", "RFC 5322 2.3")
    null = mail.raw.find(b"\x00")
    if null >= 0:
        yield Finding(mail.line_of(null), "M203", "a NUL byte", "leave it out (RFC 5322 4)")


def _structure(mail: Mail) -> Iterator[Finding]:
    kinds = [part.kind for part in mail.parts]
    if mail.message.get_content_type() == "multipart/alternative" and kinds != ["text/plain", "text/html"]:
        yield Finding(0, "M210", f"parts in this order: {', '.join(kinds)}", "text/plain first, text/html last (RFC 2046 5.1.4)")
    if "text/plain" not in kinds:
        yield Finding(0, "M211", "no plain text", "add a text/plain part")
    for part in mail.parts:
        if part.message.get_content_disposition() == "attachment":
            name = part.message.get_filename() or part.kind
            yield Finding(part.line, "M212", f"an attachment: {name}", "link to it", _WARN)
        elif part.kind.startswith("image/"):
            yield Finding(part.line, "M213", "a picture inside the mail", "show it from an https address", _WARN)
        elif part.kind == "text/x-amp-html":
            yield Finding(
                part.line, "M217", "an AMP part: two providers show it, and only to registered senders", "leave it out", _WARN
            )


def _boundaries(mail: Mail) -> Iterator[Finding]:
    for part in mail.message.walk():
        decoded(part)  # what is wrong with base64 is noted when it is decoded
        for defect in part.defects:
            words = _DEFECTS.get(type(defect).__name__)
            if words:
                yield Finding(0, "M206", words, "RFC 2046 5.1")
        boundary = part.get_boundary()
        if boundary is None:
            continue
        if not _BOUNDARY.fullmatch(boundary):
            yield Finding(
                0,
                "M206",
                f"the boundary {boundary[:80]!r} has another form",
                "1 to 70 letters, digits and '()+_,-./:=? (RFC 2046 5.1.1)",
            )
        ours = len(parts_in(part))
        if _marks(mail.raw, boundary) > ours:
            yield Finding(0, "M206", "the boundary stands in the content too, and cuts it", "choose one that does not")


def _marks(raw: bytes, boundary: str) -> int:
    """How often a boundary opens a part."""
    mark = re.escape(b"--" + boundary.encode("utf-8", "replace"))
    return len(re.findall(rb"(?m)^" + mark + rb"[ \t]*\r?$", raw))


def _encodings(mail: Mail) -> Iterator[Finding]:
    for part in mail.parts:
        how = _encoding(part.message)
        if how in {"7bit", ""} and not part.encoded.isascii():
            yield Finding(
                part.line,
                "M204",
                f"{part.kind} has bytes beyond ASCII and no encoding",
                "quoted-printable or base64 (RFC 2045 6)",
            )
        if how in {"8bit", "binary"}:
            yield Finding(
                part.line,
                "M205",
                f"{part.kind} is {how}: a relay without 8BITMIME recodes it, which breaks signatures",
                "quoted-printable or base64",
                _WARN,
            )
        if not part.kind.startswith("text/"):
            continue
        charset = str(part.message.get_content_charset() or "")
        if charset not in {"utf-8", "us-ascii"} and not (charset == "" and part.content.isascii()):
            yield Finding(
                part.line, "M208", f"{part.kind} has the charset {charset or 'that nobody knows'}", "charset=utf-8", _WARN
            )
        if how == "base64" and part.content and _ascii_share(part.content) > 0.95:
            yield Finding(part.line, "M207", f"{part.kind} is ASCII in base64, as spam is", "quoted-printable", _WARN)


def _encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _ascii_share(content: bytes) -> float:
    return sum(byte < 128 for byte in content) / len(content)


def _plain(mail: Mail) -> Iterator[Finding]:
    for part in mail.parts:
        if part.kind != "text/plain":
            continue
        text = part.text
        if not text.strip():
            yield Finding(part.line, "M214", "the plain text is empty", "say there what the HTML says")
        long = [line for line in text.splitlines() if len(line) > MAX_TEXT_LINE and not _one_address(line)]
        if long:
            yield Finding(
                part.line, "M215", f"{len(long)} lines of the plain text are over {MAX_TEXT_LINE} characters", "break them", _WARN
            )
        yield from control_characters(part, "the plain text")


def _one_address(line: str) -> bool:
    """Whether a line is long for an address that must not be broken."""
    return max((len(word) for word in line.split()), default=0) > 40 and "://" in line


def control_characters(part: Part, where: str) -> Iterator[Finding]:
    """C0 and C1 controls: mail programs stop, or clip, where they meet one."""
    found = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", part.text)
    if found:
        line = part.text.count("\n", 0, found.start()) + 1
        yield Finding(
            part.line,
            "M316",
            f"{where} has a control character (U+{ord(found.group()):04X}, its line {line}): it makes Gmail clip",
            "leave it out",
        )
    if "{{" in part.text:
        yield Finding(part.line, "M318", f"{where} has a place that was not filled: {{{{…}}}}", "fill it before sending")
