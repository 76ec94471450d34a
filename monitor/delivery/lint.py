"""Checks the real bytes of a mail against what mailbox providers ask and readers need. Reads no network.

Sources: RFC 5322, 2045, 2047, 2369, 2919, 8058, 3834; the sender rules of the large mailbox providers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from monitor.model.problem import Place, Problem, Severity

MAX_HTML_BYTES = 98_000
MAX_STYLE_BYTES = 16_384
MAX_LINE = 998
_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.IGNORECASE | re.DOTALL)
_WANTED = {
    "M101": ("From", "say who it is from"),
    "M102": ("To", "one recipient a message"),
    "M103": ("Date", "RFC 5322 3.6.1"),
    "M104": ("Message-ID", "RFC 5322 3.6.4; the same at every try"),
    "M105": ("Subject", "say what is inside"),
    "M106": ("List-Id", "RFC 2919; constant for the life of the list"),
    "M107": ("List-Unsubscribe", "RFC 2369: <https://…>, <mailto:…>"),
}

Check = Callable[[Message, bytes], Iterator[tuple[str, str, str, Severity]]]


def lint_message(raw: bytes, name: str = "message") -> tuple[Problem, ...]:
    """Every finding in a mail, in the order of the checks; M1xx header, M2xx structure, M3xx HTML.

    Args:
        raw: The message as it would go over the wire, CRLF or LF.
        name: File name shown in places.
    """
    message = message_from_bytes(raw)
    findings = []
    for check in (_missing, _unsubscribe, _fields, _lines, _structure, _html):
        findings += [Problem(Place(name), code, text, mend, severity) for code, text, mend, severity in check(message, raw)]
    return tuple(findings)


def _missing(message: Message, _raw: bytes) -> Iterator[tuple[str, str, str, Severity]]:
    for code, (field, mend) in _WANTED.items():
        values = message.get_all(field) or []
        if not values:
            yield code, f"{field} is missing", mend, Severity.ERROR
        elif len(values) > 1:
            yield code, f"{field} stands {len(values)} times", "keep one", Severity.ERROR


def _unsubscribe(message: Message, raw: bytes) -> Iterator[tuple[str, str, str, Severity]]:
    field = str(message.get("List-Unsubscribe", ""))
    if not field:
        return
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    line = re.search(rb"^List-Unsubscribe:(?:.|\n[ \t])*", head, re.MULTILINE | re.IGNORECASE)
    if line and b"=?" in line.group():
        yield (
            "M110",
            "List-Unsubscribe is an encoded word: no program finds the button",
            "write the addresses raw",
            Severity.ERROR,
        )
    has_https = "<https://" in field
    one_click = str(message.get("List-Unsubscribe-Post", ""))
    if one_click and not has_https:
        yield "M111", "List-Unsubscribe-Post without an https address", "RFC 8058 wants https", Severity.ERROR
    if has_https and one_click != "List-Unsubscribe=One-Click":
        yield (
            "M112",
            "one-click unsubscribing is not offered",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            Severity.ERROR,
        )
    if not has_https:
        yield "M113", "no https address to unsubscribe at", "set MONITOR_BASE_URL to an https address", Severity.WARNING


def _fields(message: Message, _raw: bytes) -> Iterator[tuple[str, str, str, Severity]]:
    recipients = getaddresses(message.get_all("To") or [])
    if len(recipients) > 1:
        yield "M120", f"{len(recipients)} recipients in To: they see each other", "one message a person", Severity.ERROR
    for field in ("Bcc", "Return-Path", "X-Mailer"):
        if message.get(field):
            yield "M121", f"{field} does not belong into a mail that is sent", "leave it out", Severity.ERROR
    try:
        parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        yield "M122", "Date cannot be read", "RFC 5322 3.3", Severity.ERROR
    subject = str(make_header(decode_header(str(message.get("Subject", "")))))
    if len(subject) > 120:
        yield "M123", f"Subject has {len(subject)} characters", "70 are seen on a phone", Severity.WARNING
    if message.get("Auto-Submitted") != "auto-generated":
        yield "M124", "Auto-Submitted is not auto-generated", "RFC 3834: out-of-office replies stay away", Severity.WARNING


def _lines(_message: Message, raw: bytes) -> Iterator[tuple[str, str, str, Severity]]:
    longest = max((len(line) for line in raw.splitlines()), default=0)
    if longest > MAX_LINE:
        yield "M201", f"a line has {longest} bytes", f"RFC 5322 2.1.1: at most {MAX_LINE}", Severity.ERROR
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "M202", "line ends are not CRLF throughout", "RFC 5322 2.1", Severity.ERROR


def _structure(message: Message, _raw: bytes) -> Iterator[tuple[str, str, str, Severity]]:
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if message.get_content_type() == "multipart/alternative" and kinds != ["text/plain", "text/html"]:
        yield (
            "M210",
            f"parts in this order: {', '.join(kinds)}",
            "text/plain first, text/html last (RFC 2046 5.1.4)",
            Severity.ERROR,
        )
    if "text/plain" not in kinds:
        yield "M211", "no plain text", "add a text/plain part", Severity.ERROR
    for part in message.walk():
        if part.get_content_disposition() == "attachment":
            yield "M212", f"an attachment: {part.get_filename() or part.get_content_type()}", "link to it", Severity.WARNING


def _html(message: Message, _raw: bytes) -> Iterator[tuple[str, str, str, Severity]]:
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        body = part.get_payload(decode=True)
        page = body if isinstance(body, bytes) else b""
        size = max(len(page), len(str(part.get_payload())))
        if size > MAX_HTML_BYTES:
            yield "M301", f"the HTML part has {size} bytes", f"mail programs clip beyond {MAX_HTML_BYTES}", Severity.ERROR
        for style in _STYLE.findall(page):
            if len(style) > MAX_STYLE_BYTES:
                yield "M302", f"a style block has {len(style)} bytes", f"at most {MAX_STYLE_BYTES}", Severity.ERROR
        yield from _html_words(page.decode("utf-8", "replace"))


def _html_words(page: str) -> Iterator[tuple[str, str, str, Severity]]:
    low = page.lower()
    tests = {
        "M310": ("<script" in low, "a script: no mail program runs it, many reject it", "leave it out"),
        "M311": ("<form" in low, "a form", "link to a page"),
        "M312": ("data:image" in low or "url(data:" in low, "a data: address", "no large mail program shows it"),
        "M313": ("<link" in low, "an outside style sheet", "put the styles inline"),
        "M314": (bool(re.search(r"<img(?![^>]*\balt=)", low)), "an image without alt", 'alt="" where it decorates'),
        "M315": (not re.search(r"<html[^>]*\blang=", low), "no language on <html>", 'lang="en"'),
        "M316": (bool(re.search("[\x80-\x9f]", page)), "a C1 control character: it makes Gmail clip", "leave it out"),
        "M317": (
            "unsubscribe" not in low and "/u/" not in low,
            "no way to unsubscribe in sight",
            "a link in the first screen and at the end",
        ),
        "M318": ("{{" in page, "a place that was not filled: {{…}}", "fill it before sending"),
    }
    for code, (found, text, mend) in tests.items():
        if found:
            yield code, text, mend, Severity.ERROR if code != "M317" else Severity.WARNING
