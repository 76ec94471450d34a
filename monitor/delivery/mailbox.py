"""Reads new mail from a mailbox: IMAP, maildir or mbox. Touches network and disk; what a mail means is for the caller to say.

A mail counts as read only after the caller has dealt with it: whoever is stopped between the two meets it again. Mail that is not
understood stays unread for people, and is told from new mail by a keyword of its own.
"""

from __future__ import annotations

import imaplib
import mailbox
import os
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from monitor.delivery.reports import MAX_READ
from monitor.model.errors import MailboxAway, MailboxRefused

TIMEOUT_S = 60.0
AT_ONCE = 500
"""Mails read in one pass; the rest is there at the next."""
KEYWORD = "$MonitorSeen"
_FOR_NOW = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)
"""Refusals that pass (RFC 5530 3)."""
Take = Callable[[bytes], bool]
"""Deals with a mail, of which it gets the first MiB; True where it was understood."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where mail lies. `url` is imaps://user@host/INBOX, imap:// (which starts TLS), maildir:///path or mbox:///path."""

    url: str
    password: str = ""


def read_new(box: Box, take: Take, at_once: int = AT_ONCE) -> int:
    """Hand each new mail to `take`, then mark it; returns how many.

    Raises:
        MailboxAway: It cannot be reached now, or another program holds it; trying again helps.
        MailboxRefused: It does not exist, or does not let us in; only the operator can help.
    """
    address = urlsplit(box.url)
    try:
        match address.scheme:
            case "maildir":
                return _read_maildir(Path(unquote(address.path)), take, at_once)
            case "mbox":
                return _read_mbox(Path(unquote(address.path)), take, at_once)
        return _read_imap(box, take, at_once)
    except ssl.SSLCertVerificationError as error:
        raise MailboxRefused(f"{address.hostname}: the certificate does not hold: {error.verify_message}") from error
    except (mailbox.ExternalClashError, mailbox.NotEmptyError) as error:
        raise MailboxAway(f"{address.path}: another program holds the mailbox: {error}") from error
    except (mailbox.NoSuchMailboxError, FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise MailboxRefused(f"{address.path}: {getattr(error, 'strerror', None) or 'there is no such mailbox'}") from error
    except imaplib.IMAP4.abort as error:
        raise MailboxAway(f"{address.hostname}: the connection was lost: {error}") from error
    except imaplib.IMAP4.error as error:
        kind = MailboxAway if _FOR_NOW.search(_words(error)) else MailboxRefused
        raise kind(f"{address.hostname}: {_words(error)}") from error
    except (OSError, EOFError) as error:
        raise MailboxAway(f"{address.hostname or address.path}: {error}") from error


def _read_maildir(folder: Path, take: Take, at_once: int) -> int:
    """What lies in new/ goes to cur/ once it is dealt with, with the flag S where it was understood."""
    if not (folder / "cur").is_dir():
        raise NotADirectoryError(20, f"{folder} is no maildir: it has no cur/")
    new = sorted(path for path in (folder / "new").iterdir() if not path.name.startswith("."))[:at_once]
    for path in new:
        with path.open("rb") as file:
            raw = file.read(MAX_READ)
        flag = "S" if take(raw) else ""
        path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,{flag}")
    return len(new)


def _read_mbox(file: Path, take: Take, at_once: int) -> int:
    """Mails without a Status get one: RO where they were understood, O ("old") where not. The file is locked meanwhile."""
    box = mailbox.mbox(os.fspath(file), create=False)
    read = 0
    try:
        box.lock()
        for key in box.iterkeys():
            message = box.get_message(key)
            if message.get_flags():
                continue
            with box.get_file(key) as content:
                raw = content.read(MAX_READ)
            message.set_flags("RO" if take(raw) else "O")
            box[key] = message
            read += 1
            if read >= at_once:
                break
        box.flush()
    finally:
        box.close()
    return read


def _read_imap(box: Box, take: Take, at_once: int) -> int:
    connection = _connect(box)
    try:
        _, known = connection.response("PERMANENTFLAGS")
        own_flags = any(part and rb"\*" in part for part in known or [])
        wanted = ("UNSEEN", "UNKEYWORD", KEYWORD) if own_flags else ("UNSEEN",)
        numbers = b" ".join(_done(connection.uid("SEARCH", *wanted))).split()[:at_once]
        for number in numbers:
            uid = number.decode()
            answer = _done(connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_READ}>)"))
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is None:  # another program took it away meanwhile
                continue
            understood = take(raw)
            flags = [*(["\\Seen"] if understood or not own_flags else []), *([KEYWORD] if own_flags else [])]
            _done(connection.uid("STORE", uid, "+FLAGS.SILENT", f"({' '.join(flags)})"))
        return len(numbers)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            connection.logout()


def _connect(box: Box) -> imaplib.IMAP4:
    """Log in and open the folder, over TLS whose certificate holds; without TLS to this machine only."""
    address = urlsplit(box.url)
    host, context = address.hostname or "", ssl.create_default_context()
    if address.scheme == "imaps":
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, address.port or 993, ssl_context=context, timeout=TIMEOUT_S)
    else:
        connection = imaplib.IMAP4(host, address.port or 143, timeout=TIMEOUT_S)
    try:
        if address.scheme == "imap" and not (_is_here(host) and "STARTTLS" not in connection.capabilities):
            connection.starttls(ssl_context=context)
        connection.login(unquote(address.username or ""), box.password)
        folder = unquote(address.path).strip("/") or "INBOX"
        _done(connection.select('"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'))
    except (imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            connection.shutdown()
        raise
    return connection


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False


def _done(answer: tuple[str, Any]) -> list[Any]:
    """The data of an answer that is OK: lines, and literals as pairs."""
    state, data = answer
    if state != "OK":
        raise imaplib.IMAP4.error(data[0] if data else state)
    return [part for part in data if part is not None]


def _words(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
