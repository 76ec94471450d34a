"""Hands frozen messages to a relay by SMTP (RFC 5321). Touches the network; decides nothing about a message's fate.

One connection is kept for up to 100 messages or 300 seconds, as relays like it. A watchdog closes the socket at the deadline, because a
time-out of the library counts from byte to byte.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from monitor.delivery.addresses import needs_smtputf8
from monitor.model.delivery import OutboxMessage, Receipt
from monitor.model.errors import MailAmbiguous, MailDeferred, MailFailed, MailRefused, RelayUnavailable, SenderRefused

MAX_MESSAGES = 100
MAX_AGE_S = 300.0


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail goes. `security` is "none", "starttls" or "tls"; times in seconds."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    security: str = "none"
    timeout_s: float = 60.0
    deadline_s: float = 900.0


class SmtpMailer:
    """A `Mailer` over one reused connection; not for use from several threads at once."""

    def __init__(self, relay: Relay, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._relay = relay
        self._monotonic = monotonic
        self._connection: smtplib.SMTP | None = None
        self._opened_at = 0.0
        self._sent = 0

    def send(self, message: OutboxMessage) -> Receipt:
        """See `Mailer.send`."""
        connection = self._ready()
        watchdog = threading.Timer(self._relay.deadline_s, _shut, [connection])
        watchdog.daemon = True
        watchdog.start()
        try:
            receipt = _transmit(connection, message)
        except (RelayUnavailable, MailAmbiguous):
            self.close()
            raise
        except MailFailed:
            self._reset()
            raise
        finally:
            watchdog.cancel()
        self._sent += 1
        return receipt

    def close(self) -> None:
        """See `Mailer.close`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _ready(self) -> smtplib.SMTP:
        """The open connection, or a new one where it is used up."""
        if self._connection and (self._sent >= MAX_MESSAGES or self._monotonic() - self._opened_at > MAX_AGE_S):
            self.close()
        if self._connection is None:
            self._connection = _connect(self._relay)
            self._opened_at = self._monotonic()
            self._sent = 0
        return self._connection

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _connect(relay: Relay) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP | None = None
    try:
        if relay.security == "tls":
            connection = smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.timeout_s, context=context)
        else:
            connection = smtplib.SMTP(relay.host, relay.port, timeout=relay.timeout_s)
        if relay.security == "starttls":
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        if relay.username:
            connection.login(relay.username, relay.password)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        _close(connection)
        raise SenderRefused(str(error), code=getattr(error, "smtp_code", None)) from error
    except (smtplib.SMTPException, OSError) as error:
        _close(connection)
        raise RelayUnavailable(f"{relay.host}:{relay.port}: {error}") from error
    return connection


def _close(connection: smtplib.SMTP | None) -> None:
    if connection is not None:
        connection.close()


def _shut(connection: smtplib.SMTP) -> None:
    """End a transaction that outlived its deadline; the waiting read fails at once."""
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(2)


def _transmit(connection: smtplib.SMTP, message: OutboxMessage) -> Receipt:
    """One transaction up to the final reply; after the final dot a lost connection is ambiguous (RFC 1047)."""
    options = []
    if needs_smtputf8(message.recipient):
        if not connection.has_extn("smtputf8"):
            raise MailRefused("the relay lacks SMTPUTF8, which this address needs")
        options.append("SMTPUTF8")
    try:
        _expect(connection.mail(message.envelope_from, options), "MAIL FROM", sender=True)
        _expect(connection.rcpt(message.recipient), "RCPT TO")
        _expect(connection.docmd("DATA"), "DATA")
        connection.send(_stuffed(message.body))
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPException, OSError) as error:
        raise RelayUnavailable(f"connection lost before the message was complete: {error}") from error
    try:
        code, text = connection.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailAmbiguous(f"connection lost after the message was complete: {error}") from error
    reply = _expect((code, text), "end of data")
    return Receipt(code, reply, _queue_id(reply))


def _stuffed(body: bytes) -> bytes:
    """Dots doubled at line starts, and the final dot (RFC 5321 4.5.2)."""
    stuffed = body.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _expect(reply: tuple[int, bytes], step: str, *, sender: bool = False) -> str:
    """The reply's text if it is positive; else the error that tells whose fault it is."""
    code, raw = reply
    text = raw.decode("utf-8", "replace").replace("\n", " ")
    if 200 <= code < 400:
        return text
    words = f"{step}: {text}"
    if code in {-1, 421}:
        raise RelayUnavailable(words, code=code)
    if 400 <= code < 500:
        raise MailDeferred(words, code=code)
    if sender or code in {530, 535}:
        raise SenderRefused(words, code=code)
    raise MailRefused(words, code=code)


def _queue_id(text: str) -> str:
    """What Postfix and its kin print after "queued as"."""
    words = text.split("queued as ")
    return words[1].split()[0] if len(words) > 1 and words[1].split() else ""
