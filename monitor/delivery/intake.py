"""Takes mail that comes back by SMTP, and no other: each recipient must be an address that we made. The one home of aiosmtpd.

A mail is acknowledged after it was dealt with and kept; until then the other side has it (RFC 5321 4.1.1.4).
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.model.errors import MonitorError, WorldFailed

MAX_BYTES = 4 << 20
"""A notice may return a whole edition."""
MAX_RECIPIENTS = 10
MAX_CLIENTS = 40
IDLE_S = 60.0
Accepts = Callable[[str], bool]
Take = Callable[[bytes, tuple[str, ...]], None]
"""Deals with a mail for these recipients, for good: what it raises has the other side try again."""


class _Handler:
    """The answers of the server."""

    def __init__(self, accepts: Accepts, take: Take, alarm: Callable[[str], None]) -> None:
        self._accepts = accepts
        self._take = take
        self._alarm = alarm

    async def handle_RCPT(  # noqa: N802 — the library looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Only addresses that we made; nothing is passed on to anybody."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not self._accepts(address):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 — as above
        """Deal with it in a thread of its own, so that the database holds up no other client."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await asyncio.to_thread(self._take, content, tuple(envelope.rcpt_tos))
        except MonitorError as error:
            self._alarm(f"{type(error).__name__}: {error}")
            return "451 4.3.0 Not now, please try again"
        return "250 2.0.0 Read"

    async def handle_exception(self, error: Exception) -> str:
        """A bug here must lose no mail."""
        self._alarm(f"{type(error).__name__}: {error}")
        return "451 4.3.0 Not now, please try again"


class _Conversation(SMTP):
    """One client's conversation; too many at once are asked to come back."""

    def __init__(self, open_ones: set[_Conversation], handler: _Handler, **options: Any) -> None:
        super().__init__(handler, **options)
        self._open_ones = open_ones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place, or say that there is none."""
        if len(self._open_ones) < MAX_CLIENTS or not isinstance(transport, asyncio.WriteTransport):
            self._open_ones.add(self)
            super().connection_made(transport)
            return
        transport.write(b"421 4.3.2 Too many connections\r\n")
        transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Give the place back."""
        if self in self._open_ones:
            self._open_ones.discard(self)
            super().connection_lost(error)

    def cut(self) -> None:
        """End it in the middle."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class Intake:
    """The server, in a thread of its own from `start` to `stop`."""

    def __init__(
        self,
        listen: str,
        accepts: Accepts,
        take: Take,
        *,
        hostname: str = "localhost",
        alarm: Callable[[str], None] = lambda _: None,
    ) -> None:
        host, _, port = listen.rpartition(":")
        self._address = (host.strip("[]"), int(port))
        self._handler = _Handler(accepts, take, alarm)
        self._hostname = hostname
        self._open_ones: set[_Conversation] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._thread: threading.Thread | None = None
        self.port = 0
        """The port it listens on, once started."""

    def start(self) -> None:
        """Listen.

        Raises:
            WorldFailed: The address cannot be listened on.
        """
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        try:
            listening = socket.create_server(self._address, family=family, backlog=100)
        except OSError as error:
            host, port = self._address
            raise WorldFailed(f"{host}:{port}: bounces cannot be taken here: {error.strerror}") from error
        self.port = int(listening.getsockname()[1])
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening, ready)), name="intake", daemon=True)
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """End all conversations; a mail that was not acknowledged comes again. Stopping twice is harmless."""
        if self._thread and self._loop:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            self._thread = None

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        server = await self._loop.create_server(self._conversation, sock=listening)
        ready.set()
        await self._stopping.wait()
        server.close()
        for conversation in tuple(self._open_ones):
            conversation.cut()
        while self._open_ones:  # noqa: ASYNC110 — the loop itself tells each of its end, at its next turn
            await asyncio.sleep(0)

    def _conversation(self) -> _Conversation:
        return _Conversation(
            self._open_ones,
            self._handler,
            hostname=self._hostname,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            timeout=IDLE_S,
            ident="monitor",
            loop=self._loop,
        )
