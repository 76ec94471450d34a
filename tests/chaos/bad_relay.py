"""An SMTP server on loopback that behaves as badly as the plan says, and remembers every message whose final dot it accepted."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Manners:
    """How often, 0 to 1, at each chance."""

    soft: float = 0.0
    """450 at RCPT."""
    hard: float = 0.0
    """554 after the dot."""
    closing: float = 0.0
    """421 at MAIL, and it hangs up."""
    cut: float = 0.0
    """It hangs up in the middle of the message."""
    deaf: float = 0.0
    """It hangs up after the dot; half of these messages it has taken."""
    think_s: float = 0.0
    """Seconds before the reply after the dot."""


@dataclass(frozen=True)
class Accepted:
    """One message taken: when (seconds of this process), for whom, which, and whether the sender was told."""

    at: float
    recipient: str
    message_id: str
    digest: str
    heard: bool


@dataclass
class BadRelay:
    """Runs in a thread of its own; `restart()` hangs up on everybody and listens again at the same port."""

    manners: Manners = Manners()
    seed: int = 0
    unknown: frozenset[str] = frozenset()
    accepted: list[Accepted] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    port: int = 0
    pipelining: bool = True

    def __post_init__(self):
        self.changed = threading.Condition()
        self._chance = random.Random(self.seed)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._listen())

    def _do(self, doing):
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(30)

    async def _listen(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self):
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    def restart(self, pause_s: float = 0.0):
        self._do(self._hang_up())
        time.sleep(pause_s)
        self._do(self._listen())

    def close(self):
        self._do(self._hang_up())
        self._do(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def wait_for(self, count: int, seconds: float) -> bool:
        """Whether so many messages were accepted in all within so many seconds."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.accepted) >= count, seconds)

    # --- one connection -------------------------------------------------------------------------------------------------

    def _often(self, rate: float) -> bool:
        return self._chance.random() < rate

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _talk(self, reader, writer):
        def say(text):
            writer.write(text.encode() + b"\r\n")

        say("220 relay.test ESMTP")
        recipient, refused = "", False
        while line := await reader.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"EHLO":
                more = "250-PIPELINING\r\n" if self.pipelining else ""
                say(f"250-relay.test\r\n{more}250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN")
            elif verb == b"MAIL":
                if self._often(self.manners.closing):
                    say("421 4.3.2 the system goes down")
                    return
                recipient, refused = "", False
                say("250 2.1.0 Ok")
            elif verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                refused = self._refuses(recipient, say)
            elif verb == b"DATA":
                if refused:
                    say("554 5.5.1 no recipients")
                    continue
                say("354 go on")
                await writer.drain()
                if not await self._message(reader, say, recipient):
                    return
            elif verb == b"QUIT":
                say("221 2.0.0 Bye")
                return
            else:
                say("250 2.0.0 Ok")
            await writer.drain()

    def _refuses(self, recipient, say) -> bool:
        if recipient in self.unknown:
            self.refused.add(recipient)
            say("550 5.1.1 nobody of that name")
            return True
        if self._often(self.manners.soft):
            say("450 4.2.1 mailbox busy")
            return True
        say("250 2.1.5 Ok")
        return False

    async def _message(self, reader, say, recipient) -> bool:
        """Read it and answer; False where the connection ends with it."""
        lines = []
        cut_after = self._chance.randrange(40) if self._often(self.manners.cut) else -1
        while (line := await reader.readline()) != b".\r\n":
            if not line or len(lines) == cut_after:
                return False
            lines.append(line.removeprefix(b"."))
        content = b"".join(lines)
        if self.manners.think_s:
            await asyncio.sleep(self._chance.uniform(0, 2 * self.manners.think_s))
        if self._often(self.manners.deaf):
            if self._often(0.5):
                self._accept(recipient, content, heard=False)
            return False
        if self._often(self.manners.hard):
            self.refused.add(recipient)
            say("554 5.6.0 this content is not welcome")
            return True
        self._accept(recipient, content, heard=True)
        say(f"250 2.0.0 Ok: queued as B{len(self.accepted)}")
        return True

    def _accept(self, recipient, content, *, heard):
        found = re.search(rb"^Message-ID: (\S+)", content, re.MULTILINE | re.IGNORECASE)
        one = Accepted(time.monotonic(), recipient, found[1].decode(), hashlib.sha256(content).hexdigest(), heard)
        with self.changed:
            self.accepted.append(one)
            self.changed.notify_all()
