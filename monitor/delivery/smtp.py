"""Hands frozen messages to a relay by SMTP (RFC 5321). Touches the network; decides nothing about a message's fate.

One connection is kept for up to 100 messages or 300 seconds, as relays like it. Where the relay offers PIPELINING (RFC 2920) a message
takes two round trips. Every wait has an end by the clock on the wall: a time-out of the library alone counts from byte to byte.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from monitor.delivery.replies import Step, commands, failure, queue_id, stuffed
from monitor.model.delivery import OutboxMessage, Receipt
from monitor.model.errors import ClaimLost, MailAmbiguous, MailFailed, RelayUnavailable, SenderRefused

MAX_MESSAGES = 100
MAX_AGE_S = 300.0
GOODBYE_S = 5.0
"""How long a relay may take over QUIT, and over a last word when it hangs up in the middle of a message."""
_LOST = (smtplib.SMTPException, OSError)


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail goes. `security` is "none", "starttls" or "tls"; times in seconds; `ca_file` "" trusts the system's authorities."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    security: str = "none"
    timeout_s: float = 60.0
    deadline_s: float = 900.0
    ca_file: str = ""


class SmtpMailer:
    """A `Mailer` over one reused connection; not for use from several threads at once."""

    def __init__(self, relay: Relay, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._relay = relay
        self._monotonic = monotonic
        self._connection: Connection | None = None
        self._opened_at = 0.0
        self._sent = 0

    def send(self, message: OutboxMessage, ours: Callable[[], bool] = lambda: True) -> Receipt:
        """See `Mailer.send`."""
        try:
            receipt = self._begin(message, ours).content(message)
        except (RelayUnavailable, MailAmbiguous, ClaimLost):
            # no QUIT: it could be taken for a line of the message
            self._drop()
            raise
        except MailFailed:
            self._reset()
            raise
        self._sent += 1
        return receipt

    def close(self) -> None:
        """See `Mailer.close`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.quit()

    def _begin(self, message: OutboxMessage, ours: Callable[[], bool]) -> Connection:
        """The connection, with the relay waiting for the message. One that went stale is replaced, once.

        Raises:
            ClaimLost: The relay waits, but the message is no longer ours to send.
        """
        connection, used = self._ready()
        connection.expires_in(self._relay.deadline_s)
        try:
            connection.envelope(message)
        except RelayUnavailable:
            self._drop()
            if not used:
                raise
            connection, _ = self._ready()
            connection.expires_in(self._relay.deadline_s)
            connection.envelope(message)
        if not ours():
            raise ClaimLost("the claim was over before the message began")
        return connection

    def _ready(self) -> tuple[Connection, bool]:
        """The open connection, or a new one where it is used up; and whether it was used before."""
        if self._connection and (self._sent >= MAX_MESSAGES or self._monotonic() - self._opened_at > MAX_AGE_S):
            self.close()
        if self._connection is not None:
            return self._connection, True
        self._connection = connect(self._relay)
        self._opened_at = self._monotonic()
        self._sent = 0
        return self._connection, False

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _reset(self) -> None:
        """Make the relay forget a message that came to nothing, so that the next may begin."""
        if self._connection is not None and not self._connection.rset():
            self._drop()


class _Lines:
    """Lines from a socket, until a moment on the clock; in the place of the file that smtplib reads replies from."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rest = b""

    def readline(self, most: int) -> bytes:
        """One line with its end, or as many bytes as there are when the relay hangs up, or `most`.

        Raises:
            TimeoutError: The moment came first.
        """
        while b"\n" not in self._rest and len(self._rest) < most:
            data = self._connection.receive()
            if not data:
                break
            self._rest += data
        end = self._rest.find(b"\n") + 1 or len(self._rest)
        line, self._rest = self._rest[: min(end, most)], self._rest[min(end, most) :]
        return line

    def close(self) -> None:
        """Forget what was not read."""
        self._rest = b""


class Connection(smtplib.SMTP):
    """One connection to a relay. After `expires_in` no wait goes on beyond that moment; what was waited for is lost then."""

    def __init__(self, sock: socket.socket, timeout_s: float, deadline_s: float) -> None:
        super().__init__()
        self.sock = sock
        self._timeout_s = timeout_s
        self.expires_in(deadline_s)

    def expires_in(self, seconds: float) -> None:
        """Give all that comes so many seconds altogether."""
        self._until = time.monotonic() + seconds

    def _patience_s(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the relay took longer than the deadline")
        return min(left, self._timeout_s)

    def receive(self) -> bytes:
        """Some bytes; b"" where the relay hung up."""
        assert self.sock is not None
        patience_s = self._patience_s()
        self.sock.settimeout(patience_s)
        try:
            return self.sock.recv(8192)
        except TimeoutError:
            self._patience_s()
            raise TimeoutError(f"no word for {patience_s:.0f} seconds") from None

    def send(self, s: object) -> None:
        """Send text or bytes; the whole of it must be taken within the time that is left."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        # a message may take as long as the deadline allows: a slow line is no dead one
        self.sock.settimeout(max(self._until - time.monotonic(), 0.001))
        self.sock.sendall(s.encode("ascii") if isinstance(s, str) else bytes(s))  # type: ignore[call-overload]

    def getreply(self) -> tuple[int, bytes]:
        """The next reply: its code, -1 if it has none, and its text."""
        if self.file is None:
            self.file = _Lines(self)
        return super().getreply()

    def ask_for_tls(self) -> None:
        """STARTTLS (RFC 3207); the relay waits for the handshake afterwards.

        Raises:
            SMTPNotSupportedError: It does not offer it.
        """
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("the relay does not offer STARTTLS")
        code, text = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, text)

    def begin_anew(self, sock: socket.socket) -> None:
        """Go on over another socket, and forget all that was said in the open."""
        self.sock = sock
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def envelope(self, message: OutboxMessage) -> None:
        """MAIL, RCPT and DATA, in one round trip where the relay offers that; the relay waits for the message afterwards.

        Raises:
            MailFailed: It does not: RelayUnavailable, SenderRefused, MailDeferred or MailRefused.
        """
        mail, rcpt = commands(message, self.esmtp_features)
        lines = ((Step.MAIL, mail), (Step.RCPT, rcpt), (Step.DATA, b"DATA\r\n"))
        try:
            if self.has_extn("pipelining"):
                self._say_at_once(lines)
            else:
                self._say_in_turn(lines)
        except _LOST as error:
            raise RelayUnavailable(f"connection lost before the message: {_words(error)}") from error

    def _say_in_turn(self, lines: Sequence[tuple[Step, bytes]]) -> None:
        for step, line in lines:
            self.send(line)
            wrong = failure(step, *self._heard())
            if wrong is not None:
                raise wrong

    def _say_at_once(self, lines: Sequence[tuple[Step, bytes]]) -> None:
        self.send(b"".join(line for _, line in lines))
        wrong: MailFailed | None = None
        for step, _ in lines:
            try:
                code, text = self._heard()
            except _LOST:
                if wrong is None:
                    raise
                break  # it hung up after the refusal: that is what counts
            refused = failure(step, code, text)
            if wrong is not None and step is Step.DATA and refused is None:
                self._nothing()
            wrong = wrong or refused
        if wrong is not None:
            raise wrong

    def _nothing(self) -> None:
        """A relay that waits for the message of a refused envelope gets an empty one (RFC 2920 3.1), which it refuses."""
        with suppress(*_LOST):
            self.send(b".\r\n")
            self.getreply()

    def content(self, message: OutboxMessage) -> Receipt:
        """The message and the final dot; the relay's last word.

        Raises:
            MailAmbiguous: That word did not come, or made no sense: the relay has the message, or not (RFC 1047).
            MailFailed: It did not take the message.
        """
        try:
            self.send(stuffed(message.body))
        except _LOST as error:
            wrong = self._last_word()
            self.close()
            raise wrong or RelayUnavailable(f"connection lost in the message: {_words(error)}") from error
        try:
            code, text = self._heard()
        except _LOST as error:
            raise MailAmbiguous(f"connection lost after the message: {_words(error)}") from error
        if not (200 <= code < 300 or 400 <= code < 600):
            raise MailAmbiguous(f"no reply that makes sense after the message: {code} {text}")
        wrong = failure(Step.END, code, text)
        if wrong is not None:
            raise wrong
        return Receipt(code, text, queue_id(text))

    def _last_word(self) -> MailFailed | None:
        """Why a relay hung up in the middle of a message, if it said so. The final dot had not gone out: it cannot have taken it."""
        self.expires_in(GOODBYE_S)
        try:
            code, text = self._heard()
        except _LOST:
            return None
        return failure(Step.END, code, text) if code >= 400 else None

    def _heard(self) -> tuple[int, str]:
        code, raw = self.getreply()
        return code, raw.decode("utf-8", "replace").replace("\n", " ")

    def rset(self) -> bool:  # type: ignore[override]
        """Forget the message; False where the relay would not."""
        try:
            return self.docmd("RSET")[0] == 250
        except _LOST:
            return False

    def quit(self) -> None:  # type: ignore[override]
        """Say goodbye, and do not wait long for the answer."""
        self.expires_in(GOODBYE_S)
        with suppress(*_LOST):
            self.docmd("QUIT")
        self.close()


def connect(relay: Relay) -> Connection:
    """A connection that is greeted, protected and logged in as `relay` says.

    Raises:
        SenderRefused: The relay does not let us in, or does not offer the protection asked for.
        RelayUnavailable: It cannot be reached, does not speak SMTP, or its certificate is not good; trying again may help.
    """
    where = f"{relay.host}:{relay.port}"
    try:
        sock = socket.create_connection((relay.host, relay.port), timeout=min(relay.timeout_s, relay.deadline_s))
    except OSError as error:
        raise RelayUnavailable(f"{where}: {_words(error)}") from error
    # a handshake counts its time from byte to byte
    watchdog = threading.Timer(relay.deadline_s, lambda: _shut(held))
    held = [sock]
    watchdog.daemon = True
    watchdog.start()
    connection: Connection | None = None
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _opened(relay, held)
    except smtplib.SMTPAuthenticationError as error:
        raise _turned_away(error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise SenderRefused(f"{where}: {error}") from error
    except _LOST as error:
        raise RelayUnavailable(f"{where}: {_words(error)}", code=getattr(error, "smtp_code", None)) from error
    finally:
        watchdog.cancel()
        if connection is None:
            held[-1].close()
    return connection


def _opened(relay: Relay, held: list[socket.socket]) -> Connection:
    """The connection over the last of the sockets in `held`, to which those that take its place are added."""
    context = ssl.create_default_context(cafile=relay.ca_file or None) if relay.security != "none" else None
    if context is not None and relay.security == "tls":
        _protect(held, context, relay.host)
    connection = Connection(held[-1], relay.timeout_s, relay.deadline_s)
    code, text = connection.getreply()
    if code != 220:
        raise smtplib.SMTPConnectError(code, text)
    if context is not None and relay.security == "starttls":
        connection.ask_for_tls()
        _protect(held, context, relay.host)
        connection.begin_anew(held[-1])
    connection.ehlo_or_helo_if_needed()
    if relay.username:
        connection.login(relay.username, relay.password)
    return connection


def _protect(held: list[socket.socket], context: ssl.SSLContext, host: str) -> None:
    wrapped = context.wrap_socket(held[-1], server_hostname=host, do_handshake_on_connect=False)
    held.append(wrapped)
    wrapped.do_handshake()


def _turned_away(error: smtplib.SMTPAuthenticationError) -> MailFailed:
    """A login that failed: for good, or for now (454, 421)."""
    kind = RelayUnavailable if 400 <= error.smtp_code < 500 else SenderRefused
    return kind(f"login: {_words(error)}", code=error.smtp_code)


def _shut(held: list[socket.socket]) -> None:
    """End whatever waits on the last of the sockets."""
    with suppress(OSError):
        socket.socket.shutdown(held[-1], socket.SHUT_RDWR)


def _words(error: BaseException) -> str:
    """An error of the library, without its tuple of bytes."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__
