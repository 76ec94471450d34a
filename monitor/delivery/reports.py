"""Reads mail that came back: bytes to a `Report`. Believes nothing, decides nothing, and never fails, whatever the bytes are.

RFC 3464 (delivery status), RFC 6533 (the same beyond ASCII), RFC 5965 (feedback reports), RFC 3834 (automatic replies). Mail systems that
follow none of them are read by the status code or the reply code in their words.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses
from itertools import islice

from monitor.delivery.mime import decoded, parts_in
from monitor.model.bounce import Report, ReportKind

MAX_TEXT = 500
"""Characters kept of a diagnostic."""
MAX_READ = 1 << 20
"""Bytes of a mail that are taken in; what is parsed of them is `MAX_PARSED`: a notice speaks before the mail that it returns."""
_TOKEN_ADDRESS = re.compile(r"[^\s@<>]+\+([A-Za-z0-9_-]{40})@[^\s@<>]+|([A-Za-z0-9_-]{40})")
_LEAVE = re.compile(r"u\+[A-Za-z0-9_-]{40}@", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery (sub)?system", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|delivery (has )?(failed|failure)|returned (mail|to sender)|could ?n.t be delivered|not be delivered|failure notice|\(failure\)",
    re.IGNORECASE,
)
MAX_PARSED = 256 * 1024
MAX_BOUNDARIES = 40
"""The library's parser tries every boundary that is open at every line: a mail made for it would take minutes."""
MAX_PARTS = 100
MAX_FIELD = 10_000
"""Characters of a field that are looked at."""
_ACTIONS = {"failed": ReportKind.FAILED, "delayed": ReportKind.DELAYED}
_DELIVERED = {"delivered", "relayed", "expanded"}
_REPLY_FIELDS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Vacation")


class _AsItCame(Compat32):
    """Fields with the bytes beyond ASCII that they came with, instead of question marks."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The value alone."""
        del name
        return value


_POLICY = _AsItCame()


def read_report(raw: bytes, envelope: Sequence[str] = ()) -> Report:
    """What a mail says, by its form first and by its words last.

    Args:
        raw: The mail as it came.
        envelope: The recipients that the SMTP client named, where there was one; they come before those of the header.
    """
    beginning = raw[:MAX_PARSED]
    if beginning.lower().count(b"boundary") > MAX_BOUNDARIES:
        return Report(ReportKind.UNKNOWN, "it is nested too deeply for a notice", tuple(envelope))
    try:
        return _read(message_from_bytes(beginning, policy=_POLICY), envelope)
    except Exception as error:  # noqa: BLE001 — recorded; a mail that breaks the library's parser must not stop the mailbox
        return Report(ReportKind.UNKNOWN, f"it cannot be read: {type(error).__name__}: {error}"[:MAX_TEXT], tuple(envelope))


def _read(mail: Message, envelope: Sequence[str]) -> Report:
    parts = list(islice(_outer_parts(mail), MAX_PARTS))
    recipients = tuple(dict.fromkeys((*envelope, *_recipients(mail), *_return_paths(parts))))
    for reader in (_feedback, _delivery_status, _failed_recipients, _auto_reply, _leave, _words):
        found = reader(mail, parts, recipients)
        if found:
            return found
    return Report(ReportKind.UNKNOWN, "no notice in a form that is known", recipients, message_id=_id(mail))


def report_key(raw: bytes, report: Report) -> str:
    """Under what a report is remembered: the same when it is read a second time, in another copy too."""
    if not report.message_id:
        return hashlib.sha256(raw).hexdigest()[:32]
    said = (report.message_id, next(iter(report.recipients), ""), report.kind, report.status, report.about)
    return hashlib.sha256("\x1f".join(said).encode(errors="replace")).hexdigest()[:32]


def tokens_in(addresses: Sequence[str]) -> tuple[str, ...]:
    """What has the length of a token, alone or between + and @ of an address, in order; nothing says yet that one is ours."""
    return tuple(match.group(1) or match.group(2) for address in addresses if (match := _TOKEN_ADDRESS.fullmatch(address)))


def _recipients(mail: Message) -> list[str]:
    """The addresses a mail was delivered to: what the mail system wrote down comes before what the sender wrote."""
    fields = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
    values = [_text(value) for field in fields for value in mail.get_all(field) or []]
    return [address for _, address in getaddresses(values) if "@" in address]


def _outer_parts(mail: Message) -> Iterator[Message]:
    """Every part in order, without going into a mail that is returned: its own reports are none of this one's."""
    stack = [mail]
    while stack:
        part = stack.pop(0)
        yield part
        if part.get_content_maintype() == "multipart":
            stack = parts_in(part) + stack


def _feedback(mail: Message, parts: list[Message], recipients: tuple[str, ...]) -> Report | None:
    for part in parts:
        if part.get_content_type() != "message/feedback-report":
            continue
        fields = next(iter(_blocks(part)), Message())
        kind = _text(fields.get("Feedback-Type", "")).strip().lower()
        if kind in {"not-spam", "auth-failure", "dmarc"}:
            return Report(ReportKind.UNKNOWN, f"a feedback report of type {kind}: no complaint", recipients, message_id=_id(mail))
        return Report(
            ReportKind.COMPLAINT,
            f"a feedback report (RFC 5965) of type {kind or 'abuse'}",
            recipients,
            original_recipient=address_in(fields.get("Original-Rcpt-To", "")),
            message_id=_id(mail),
            about=_returned_id(parts),
        )
    return None


def _delivery_status(mail: Message, parts: list[Message], recipients: tuple[str, ...]) -> Report | None:
    for part in parts:
        if part.get_content_type() not in {"message/delivery-status", "message/global-delivery-status"}:
            continue
        groups = [block for block in _blocks(part) if "Action" in block or "Status" in block]
        if not groups:
            continue
        group = min(groups, key=_gravity)
        kind, status = _kind_of(group), _status_of(group)
        return Report(
            kind,
            f"a delivery status (RFC 3464): {kind}",
            recipients,
            status=status,
            diagnostic=short(_diagnostic(group)),
            original_recipient=address_in(group.get("Original-Recipient", "")),
            final_recipient=address_in(group.get("Final-Recipient", "")),
            message_id=_id(mail),
            about=_returned_id(parts),
        )
    return None


def _kind_of(group: Message) -> ReportKind:
    action = _text(group.get("Action", "")).partition("(")[0].strip().lower()
    if action in _DELIVERED:
        return ReportKind.DELIVERED
    if action in _ACTIONS:
        return _ACTIONS[action]
    # a group without an action that the standard knows is judged by its code
    return {"2": ReportKind.DELIVERED, "4": ReportKind.DELAYED}.get(_status_of(group)[:1], ReportKind.FAILED)


def _gravity(group: Message) -> int:
    return [ReportKind.FAILED, ReportKind.DELAYED, ReportKind.DELIVERED].index(_kind_of(group))


def _status_of(group: Message) -> str:
    """The code of a group; where it says nothing ("5.0.0"), the one that the other side gave with its words."""
    status = status_in(_text(group.get("Status", "")))
    told = status_in(_diagnostic(group))
    vague = not status or status[1:] == ".0.0"
    return told if vague and told and status[:1] in {"", told[0]} else status


def _diagnostic(group: Message) -> str:
    return _text(group.get("Diagnostic-Code", "")).partition(";")[2] or _text(group.get("Diagnostic-Code", ""))


def _failed_recipients(mail: Message, parts: list[Message], recipients: tuple[str, ...]) -> Report | None:
    """Exim, and others that name the recipient in the header."""
    failed = _text(mail.get("X-Failed-Recipients", "")).split(",")[0].strip()
    if not failed:
        return None
    words = _plain(parts)
    return Report(
        ReportKind.FAILED,
        "X-Failed-Recipients names who was not reached",
        recipients,
        status=_code_in_words(words),
        diagnostic=short(_line_with_code(words)),
        final_recipient=address_in(failed),
        message_id=_id(mail),
        about=_returned_id(parts),
    )


def _auto_reply(mail: Message, parts: list[Message], recipients: tuple[str, ...]) -> Report | None:
    """RFC 3834, and the fields that came before it. A notice of failure may call itself an automatic reply too, so its words count."""
    auto = _text(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = _text(mail.get("Precedence", "")).strip().lower()
    named = next((field for field in _REPLY_FIELDS if field in mail), "")
    if auto != "auto-replied" and precedence != "auto_reply" and not named:
        return None
    if mail.get_content_type() == "multipart/report" or (_is_from_daemon(mail) and _words(mail, parts, recipients)):
        return None
    words = f"Auto-Submitted: {auto}" if auto == "auto-replied" else (named or f"Precedence: {precedence}")
    return Report(ReportKind.AUTO_REPLY, f"an automatic reply ({words})", recipients, message_id=_id(mail))


def _leave(mail: Message, _parts: list[Message], recipients: tuple[str, ...]) -> Report | None:
    if not any(_LEAVE.match(address) for address in recipients) or _is_from_daemon(mail):
        return None
    return Report(ReportKind.LEAVE, "a mail to the address that unsubscribes", recipients, message_id=_id(mail))


def _words(mail: Message, parts: list[Message], recipients: tuple[str, ...]) -> Report | None:
    """A notice in a form of its own: from a mail system, about a failure, with a code somewhere."""
    subject, words = _text(mail.get("Subject", "")), _plain(parts)
    if not _is_from_daemon(mail) or not (_FAILURE.search(subject) or _FAILURE.search(words)):
        return None
    return Report(
        ReportKind.FAILED,
        "a mail system's own words",
        recipients,
        status=_code_in_words(words),
        diagnostic=short(_line_with_code(words)),
        message_id=_id(mail),
        about=_returned_id(parts),
    )


def _is_from_daemon(mail: Message) -> bool:
    return _text(mail.get("Return-Path", "")).strip() == "<>" or bool(_DAEMON.search(_text(mail.get("From", ""))))


def _code_in_words(words: str) -> str:
    """An enhanced status anywhere; else what a reply code says of its kind; 5.0.0 where there is neither."""
    status = status_in(words, kinds="45")
    if status:
        return status
    reply = _REPLY.search(words)
    return f"{reply.group(1)}.0.0" if reply else "5.0.0"


def status_in(text: str, kinds: str = "245") -> str:
    """The first enhanced status code (RFC 3463) of these kinds in a text, "" without."""
    found = next((match for match in _STATUS.finditer(text) if match.group(1) in kinds), None)
    return f"{found.group(1)}.{int(found.group(2))}.{int(found.group(3))}" if found else ""


def _line_with_code(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return next((line for line in lines if _STATUS.search(line) or _REPLY.search(line)), lines[0] if lines else "")


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields in a report. The library takes apart one kind; the other comes as one mail with the rest for its body."""
    inner = parts_in(part)
    if not inner:
        yield from _fields_of(part)
        return
    if _text(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        # forbidden by RFC 3464, and sent all the same: the library has taken the letters for bodies
        yield from _split(_unbased(b"".join(decoded(one) for one in inner)))
        return
    for one in inner:
        yield one
        yield from _fields_of(one)


def _fields_of(part: Message) -> Iterator[Message]:
    """The groups of fields, with empty lines between them, in the body of a part."""
    yield from _split(decoded(part))


def _split(body: bytes) -> Iterator[Message]:
    yield from (message_from_bytes(block, policy=_POLICY) for block in re.split(rb"\r?\n[ \t]*\r?\n", body) if block.strip())


def _unbased(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return b""


def _returned(parts: list[Message]) -> Message | None:
    """The header of the mail that is returned, whole or alone."""
    for part in parts:
        inner = parts_in(part)
        if part.get_content_type() in {"message/rfc822", "message/global"} and inner:
            return inner[0]
        if part.get_content_type() in {"text/rfc822-headers", "message/global-headers"}:
            return inner[0] if inner else message_from_bytes(decoded(part), policy=_POLICY)
    return None


def _returned_id(parts: list[Message]) -> str:
    """The Message-ID of the mail that is returned; some systems return it in their text alone."""
    inner = _returned(parts)
    if inner is not None:
        return _id(inner)
    found = re.search(r"(?im)^Message-ID:\s*(<[^<>\s]{1,250}>)", _plain(parts))
    return found.group(1) if found else ""


def _return_paths(parts: list[Message]) -> list[str]:
    """Where the mail that is returned would have bounced to: complaints come to one address for all, with the token inside."""
    inner = _returned(parts)
    values = [_text(value) for value in (inner.get_all("Return-Path") or [])] if inner is not None else []
    return [address for _, address in getaddresses(values) if "@" in address]


def _plain(parts: list[Message]) -> str:
    """The words for people, of the first parts that have some."""
    texts = []
    for part in parts:
        if part.get_content_type() not in {"text/plain", "text/html"} or part.is_multipart():
            continue
        texts.append(decoded(part).decode("utf-8", "replace"))
    return "\n".join(texts)


def _id(mail: Message) -> str:
    found = re.search(r"<[^<>\s]{1,250}>", _text(mail.get("Message-ID", "")))
    return found.group() if found else ""


def address_in(value: object) -> str:
    """The address in "rfc822; ann@example.org", "<ann@example.org>" or plain."""
    text = _text(value).strip()
    kind, semicolon, rest = text.partition(";")
    if semicolon and re.fullmatch(r"[A-Za-z0-9-]+", kind.strip()):
        text = rest.strip()
    text = text.removeprefix("<").removesuffix(">").strip()
    return text if "@" in text and len(text) <= 320 else ""


def _text(value: object) -> str:
    """A field as text; bytes beyond ASCII are UTF-8, or shown as damaged."""
    return str(value)[:MAX_FIELD].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def short(text: str) -> str:
    """A text in one line, without controls, cut to `MAX_TEXT`."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_TEXT]
