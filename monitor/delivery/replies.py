"""The words of SMTP: commands with the extensions that a relay offers, and what its replies mean. Pure; it touches no network.

RFC 5321; 1870 SIZE, 6152 8BITMIME, 6531 SMTPUTF8, 3461 DSN, 2034 and 3463 enhanced status codes.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from enum import StrEnum

from monitor.delivery.addresses import needs_smtputf8
from monitor.model.delivery import OutboxMessage
from monitor.model.errors import MailDeferred, MailFailed, MailRefused, RelayUnavailable, SenderRefused


class Step(StrEnum):
    """Where in a transaction a reply came, as people read it."""

    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    END = "end of data"


_WANTED: Mapping[Step, Container[int]] = {
    Step.MAIL: range(200, 300),
    Step.RCPT: range(200, 300),
    Step.DATA: (354,),
    Step.END: range(200, 300),
}
_SIZE = re.compile(r"\b5\.3\.4\b")
_MAILBOX = re.compile(r"\b5\.2\.\d\b")
_UNSENDABLE = re.compile("[\x00-\x1f\x7f<>]")
_NOT_XTEXT = re.compile("[^!-*,-<>-~]")


def failure(step: Step, code: int, text: str) -> MailFailed | None:
    """What a reply means: None where it is the one hoped for, else the error that tells whose fault it is.

    A refused sender, a login that is asked for, and a message too large for the relay are about us; 421, and a reply that does not
    belong there, about the relay; all else about the recipient.
    """
    if code in _WANTED[step]:
        return None
    words = f"{step.value}: {text}"
    if code == 421 or not 400 <= code < 600:
        return RelayUnavailable(words, code=code if code > 0 else None)
    if code < 500:
        return MailDeferred(words, code=code)
    if step is Step.MAIL or code in {530, 534, 535, 538} or _is_about_size(step, code, text):
        return SenderRefused(words, code=code)
    return MailRefused(words, code=code)


def _is_about_size(step: Step, code: int, text: str) -> bool:
    """552 is a message too large for all, but from a mailbox that is full, which says so at RCPT or by 5.2.x."""
    if _SIZE.search(text):
        return True
    return code == 552 and step in (Step.DATA, Step.END) and not _MAILBOX.search(text)


def commands(message: OutboxMessage, offered: Mapping[str, str]) -> tuple[bytes, bytes]:
    """MAIL and RCPT for a message, with CRLF, using what the relay offers (name in lower case → its parameters).

    Raises:
        MailRefused: The relay cannot take this message or this address, whenever it is asked.
        SenderRefused: The message is larger than the relay says it takes.
    """
    for address in (message.envelope_from, message.recipient):
        if _UNSENDABLE.search(address):
            raise MailRefused(f"an address that SMTP cannot carry: {address!r}")
    mail = [f"MAIL FROM:<{message.envelope_from}>", *_mail_options(message, offered)]
    rcpt = [f"RCPT TO:<{message.recipient}>"]
    if "dsn" in offered:
        rcpt.append("NOTIFY=FAILURE,DELAY")
        rcpt += [f"ORCPT=rfc822;{xtext(message.recipient)}"] if message.recipient.isascii() else []
    return (" ".join(mail) + "\r\n").encode(), (" ".join(rcpt) + "\r\n").encode()


def _mail_options(message: OutboxMessage, offered: Mapping[str, str]) -> list[str]:
    options = []
    if "size" in offered:
        limit = offered["size"].strip()
        if limit.isdigit() and 0 < int(limit) < len(message.body):
            raise SenderRefused(f"the message has {len(message.body)} bytes, the relay takes {limit}")
        options.append(f"SIZE={len(message.body)}")
    if not message.body.isascii():
        if "8bitmime" not in offered:
            raise MailRefused("the relay lacks 8BITMIME, which this message needs")
        options.append("BODY=8BITMIME")
    if needs_smtputf8(message.recipient) or needs_smtputf8(message.envelope_from):
        if "smtputf8" not in offered:
            raise MailRefused("the relay lacks SMTPUTF8, which this address needs")
        options.append("SMTPUTF8")
    if "dsn" in offered:
        options += ["RET=HDRS", f"ENVID={message.id}"]
    return options


def xtext(text: str) -> str:
    """Printable ASCII with plus, equals and space written as +XX (RFC 3461 4)."""
    return _NOT_XTEXT.sub(lambda found: f"+{ord(found.group()):02X}", text)


def stuffed(body: bytes) -> bytes:
    """Dots doubled at line starts, and the final dot (RFC 5321 4.5.2)."""
    text = body.replace(b"\r\n.", b"\r\n..")
    if text.startswith(b"."):
        text = b"." + text
    return text + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def queue_id(text: str) -> str:
    """What Postfix and its kin print after "queued as"."""
    words = text.split("queued as ")
    return words[1].split()[0] if len(words) > 1 and words[1].split() else ""
