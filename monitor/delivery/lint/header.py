"""Checks of a mail's header: the fields that mailbox providers ask for, and the form that programs on the way can read.

RFC 5322, 2047, 2369, 2919, 3834, 6376, 8058; the sender rules of the large mailbox providers.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime

from monitor.delivery.lint.mail import Field, Finding, Mail, MailKind
from monitor.model.problem import Severity

MAX_SUBJECT = 120
MAX_LIST_ID = 255
_WARN = Severity.WARNING
_WANTED = {
    "M101": ("From", "say who it is from"),
    "M102": ("To", "one recipient a message"),
    "M103": ("Date", "RFC 5322 3.6.1"),
    "M104": ("Message-ID", "RFC 5322 3.6.4; the same at every try"),
    "M105": ("Subject", "say what is inside"),
    "M106": ("List-Id", "RFC 2919; constant for the life of the list"),
    "M107": ("List-Unsubscribe", "RFC 2369: <https://…>, <mailto:…>"),
    "M108": ("MIME-Version", "MIME-Version: 1.0 (RFC 2045 4)"),
}
_OF_LISTS = {"M106", "M107"}
_NEVER = {
    "bcc": "everybody could read it",
    "return-path": "the last server writes it",
    "x-mailer": "it tells versions to attackers",
}
_STRUCTURED = re.compile(
    r"(?i)^(list-(?!id$)|message-id$|date$|content-|mime-version$|feedback-id$|dkim-signature$|archived-at$|precedence$|auto-submitted$)"
)
_WORD = re.compile(r"=\?([^?\s]*)\?([^?\s]*)\?([^?]*)\?=")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COVERED = ("from", "subject", "list-unsubscribe", "list-unsubscribe-post")


def header_findings(mail: Mail) -> Iterator[Finding]:
    """Everything that is wrong in the header."""
    for check in (_missing, _unsubscribe, _people, _identity, _automatic, _words, _form, _signature):
        yield from check(mail)


def _missing(mail: Mail) -> Iterator[Finding]:
    for code, (name, mend) in _WANTED.items():
        found = mail.named(name)
        if mail.kind is MailKind.CONFIRMATION and code in _OF_LISTS:
            continue
        if not found:
            yield Finding(0, code, f"{name} is missing", mend)
        elif len(found) > 1:
            yield Finding(found[1].line, code, f"{name} stands {len(found)} times", "keep one")
    for field in mail.fields:
        if field.name.lower() in _NEVER:
            yield Finding(
                field.line,
                "M121",
                f"{field.name} does not belong into a mail that is sent: {_NEVER[field.name.lower()]}",
                "leave it out",
            )


def _unsubscribe(mail: Mail) -> Iterator[Finding]:
    field = mail.one("List-Unsubscribe")
    if field is None or mail.kind is MailKind.CONFIRMATION:
        return
    if b"=?" in field.raw:
        yield Finding(
            field.line, "M110", "List-Unsubscribe is an encoded word: no program finds the button", "write the addresses raw"
        )
    addresses = re.findall(r"<\s*([^<>\s]+)\s*>", field.value)
    webs = [address for address in addresses if address.lower().startswith("https://")]
    one_click = mail.one("List-Unsubscribe-Post")
    if one_click and not webs:
        yield Finding(
            one_click.line,
            "M111",
            "List-Unsubscribe-Post without an https address",
            "RFC 8058 3.1 wants exactly one https address",
        )
    if webs and (one_click is None or one_click.value != "List-Unsubscribe=One-Click"):
        line = one_click.line if one_click else field.line
        yield Finding(line, "M112", "one-click unsubscribing is not offered", "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    if not webs:
        yield Finding(field.line, "M113", "no https address to unsubscribe at", "set MONITOR_BASE_URL to an https address", _WARN)
    if len(webs) > 1 or (webs and addresses[0] != webs[0]):
        yield Finding(
            field.line, "M114", "the one https address must stand first", "List-Unsubscribe: <https://…>, <mailto:…>", _WARN
        )


def _people(mail: Mail) -> Iterator[Finding]:
    to, sender = mail.one("To"), mail.one("From")
    recipients = getaddresses([field.value for field in mail.named("To") + mail.named("Cc")])
    if to and len(recipients) > 1:
        yield Finding(to.line, "M120", f"{len(recipients)} recipients: they see each other", "one message a person")
    if sender is None:
        return
    authors = [address for _, address in getaddresses([sender.value])]
    if len(authors) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost", authors[0]):
        yield Finding(sender.line, "M125", "From is not one mail address", "From: Name <digest@example.org>")
    elif re.match(r"(?i)(no|do-?not)[-_.]?reply@", authors[0]) and not mail.one("Reply-To"):
        yield Finding(
            sender.line, "M130", "nobody can answer: From is a no-reply address", "add a Reply-To that somebody reads", _WARN
        )


def _identity(mail: Mail) -> Iterator[Finding]:
    date, identifier, list_id = mail.one("Date"), mail.one("Message-ID"), mail.one("List-Id")
    if date and not _is_date(date.value):
        yield Finding(date.line, "M122", "Date cannot be read", "Date: Mon, 11 Mar 2019 05:00:00 +0000 (RFC 5322 3.3)")
    if identifier and not re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", identifier.value):
        yield Finding(identifier.line, "M126", "Message-ID has another form than <unique@domain>", "RFC 5322 3.6.4")
    if list_id:
        inside = re.search(r"<([^<>]*)>\s*$", list_id.value)
        if not inside or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", inside.group(1)) or len(inside.group(1)) > MAX_LIST_ID:
            yield Finding(
                list_id.line, "M127", "List-Id is no name of a list", "List-Id: Title <weekly.news.example.org> (RFC 2919 2)"
            )
    feedback = mail.named("Feedback-ID")
    for field in feedback:
        parts = field.value.split(":")
        if len(feedback) > 1 or len(parts) > 4 or not 5 <= len(parts[-1].strip()) <= 15:
            yield Finding(
                field.line, "M129", "Feedback-ID is not read", "one field, a:b:c:SenderId, the last of 5 to 15 characters", _WARN
            )
            break


def _automatic(mail: Mail) -> Iterator[Finding]:
    auto, precedence = mail.one("Auto-Submitted"), mail.one("Precedence")
    if auto is None or auto.value.lower() != "auto-generated":
        yield Finding(
            auto.line if auto else 0,
            "M124",
            "Auto-Submitted is not auto-generated",
            "RFC 3834: out-of-office replies stay away",
            _WARN,
        )
    if precedence and precedence.value.lower() not in {"bulk", "list"}:
        yield Finding(precedence.line, "M128", "Precedence is neither bulk nor list", "Precedence: bulk", _WARN)
    if not mail.one("Content-Language"):
        yield Finding(0, "M137", "the language is not said", "Content-Language: en (RFC 3282)", _WARN)


def _words(mail: Mail) -> Iterator[Finding]:
    """Encoded words where none may be, and such as cannot be read."""
    for field in mail.fields:
        words = list(_WORD.finditer(field.value))
        if words and _STRUCTURED.match(field.name) and field.name.lower() != "list-unsubscribe":
            yield Finding(
                field.line,
                "M133",
                f"{field.name} holds an encoded word, which programs do not decode there",
                "write it raw (RFC 2047 5)",
            )
            continue
        wrong = next((reason for word in words if (reason := _wrong_word(word, field))), "")
        if wrong:
            yield Finding(
                field.line, "M133", f"{field.name}: {wrong}", "RFC 2047 2: whole characters, at most 75 letters, none in quotes"
            )
    subject = mail.one("Subject")
    if subject is None:
        return
    text = _decoded(subject.value)
    if len(text) > MAX_SUBJECT:
        yield Finding(subject.line, "M123", f"Subject has {len(text)} characters", "70 are seen on a phone", _WARN)
    for field in (subject, *mail.named("From")):
        if _BIDI.search(_decoded(field.value)):
            yield Finding(
                field.line,
                "M140",
                f"{field.name} turns its writing direction: it may show as another text",
                "leave such characters out",
            )


def _wrong_word(word: re.Match[str], field: Field) -> str:
    charset, encoding, text = word.groups()
    if len(word.group()) > 75:
        return f"an encoded word has {len(word.group())} characters"
    before = field.value[: word.start()]
    if before.replace('\\"', "").count('"') % 2:
        return "an encoded word stands between quotes and is shown as it is"
    try:
        raw = base64.b64decode(text, validate=True) if encoding.lower() == "b" else quopri.decodestring(text, header=True)
        raw.decode(charset.partition("*")[0])
    except (binascii.Error, ValueError, LookupError):
        return "an encoded word cannot be decoded: a character is cut in two, or its charset is unknown"
    return "" if encoding.lower() in {"b", "q"} else "an encoded word has an encoding other than b and q"


def _form(mail: Mail) -> Iterator[Finding]:
    head = mail.raw[: mail.head_end]
    for number, line in enumerate(head.split(b"\n"), start=1):
        text = line.rstrip(b"\r")
        if not re.match(rb"[!-9;-~]+:|[ \t]+\S", text) and text:
            why = "an empty folded line" if not text.strip() else "no field: a name, a colon, a value"
            yield Finding(number, "M135", f"the header has a line that is {why}", "RFC 5322 2.2, 2.2.3")
        if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            yield Finding(number, "M136", "a control character in the header", "leave it out")
    for field in mail.fields:
        if not field.raw.isascii():
            to = field.name.lower() == "to"
            mend = "only a relay with SMTPUTF8 takes it (RFC 6531)" if to else "use encoded words (RFC 2047)"
            yield Finding(field.line, "M132", f"{field.name} has bytes beyond ASCII", mend, _WARN if to else Severity.ERROR)


def _signature(mail: Mail) -> Iterator[Finding]:
    """RFC 8058 4: a signature must cover both fields of the button, or the button is not shown."""
    for field in mail.named("DKIM-Signature"):
        tags = dict(re.findall(r"([a-z]+)\s*=\s*([^;]*)", field.value))
        covered = {name.strip().lower() for name in tags.get("h", "").split(":")}
        lacking = [name for name in _COVERED if name not in covered and mail.one(name)]
        if lacking:
            yield Finding(field.line, "M138", f"the signature does not cover {', '.join(lacking)}", "sign them too (h=)")
        if "l" in tags:
            yield Finding(
                field.line,
                "M138",
                "the signature covers a part of the body only (l=)",
                "leave l= out: anybody could add to the mail",
            )


def _is_date(text: str) -> bool:
    try:
        return parsedate_to_datetime(text).tzinfo is not None
    except (ValueError, TypeError):
        return False


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value
