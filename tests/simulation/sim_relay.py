"""A relay inside the process: the real SMTP client speaks to it through a socket that is none, and it misbehaves as the plan says.

`Relay.taken` is what it is answerable for: every message whose final dot it accepted, whether or not the client heard of it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sim_world import Process, World


@dataclass(frozen=True)
class Weather:
    """How often things go wrong, 0 to 1, at each place where they can."""

    refused: float = 0.0
    """No connection, or a greeting of 421."""
    soft: float = 0.0
    """4xx at RCPT, DATA or after the dot."""
    hard: float = 0.0
    """5xx at RCPT or after the dot."""
    policy: float = 0.0
    """5.7.1 after the dot."""
    closing: float = 0.0
    """421, and it hangs up, at any command."""
    cut: float = 0.0
    """The connection is lost before the message is whole."""
    deaf: float = 0.0
    """The connection is lost after the dot, the message taken or not."""
    mute: float = 0.0
    """No reply after the dot until the client's patience ends."""
    slow: float = 0.0
    """A reply takes up to five minutes."""
    sender: float = 0.0
    """It refuses the sender at MAIL."""


CALM = Weather()


@dataclass(frozen=True)
class Taken:
    """One acceptance: who brought it, whether the client was told."""

    number: int
    step: int
    process: Process
    lane: str
    """The sender within the process: each has one message in hand at a time."""
    recipient: str
    content: bytes
    heard: bool


@dataclass
class Relay:
    """`taken` and `refused` (recipient → replies) are its memory; `on_taken` is told at once."""

    world: World
    weather: Weather = CALM
    unknown: frozenset[str] = frozenset()
    """Recipients that get 550 for ever."""
    grey: dict[str, int] = field(default_factory=dict)
    """Recipients that get 450 so many times."""
    down_until: float = 0.0
    pipelining: bool = False
    taken: list[Taken] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)
    on_taken: Callable[[Taken], None] = lambda _: None
    on_command: Callable[[str], None] = lambda _: None
    alone: frozenset[str] = frozenset()
    """Domains to which one connection of a process may speak at a time; `busy` are those who do."""
    busy: list[Line] = field(default_factory=list)
    crowded: Callable[[str], None] = lambda _: None

    def connect(self, process: Process) -> Line:
        process.must_live()
        self.world.step(f"{process.name} connects")
        if self.world.mono < self.down_until or self.world.often(self.weather.refused / 2):
            raise ConnectionRefusedError(111, "Connection refused")
        line = Line(self, process)
        line.say("421 4.3.2 not now" if self.world.often(self.weather.refused / 2) else "220 relay.test ESMTP")
        return line

    def refuse(self, recipient: str, reply: str) -> str:
        self.refused.setdefault(recipient, []).append(reply)
        return reply


class Line:
    """The client's end of a connection, as far as smtplib uses a socket; the server's wits are behind it."""

    def __init__(self, relay: Relay, process: Process):
        self._relay = relay
        self._world = relay.world
        self._process = process
        self._out = b""
        self._in = b""
        self._open = True
        self._data = False
        self._begun = False
        self._refused = True
        self._recipient = ""
        self._lane = self._world.running.name

    # --- a socket's face ---------------------------------------------------------------------------------------------

    def sendall(self, data: bytes, *_: object) -> None:
        self._process.must_live()
        if not self._open:
            raise BrokenPipeError(32, "Broken pipe")
        self._in += data
        self._work()

    def makefile(self, *_: object, **__: object) -> Line:
        return self

    def readline(self, *_: object) -> bytes:
        self._process.must_live()
        if not self._out and self._open:
            self._world.sleep(60)
            raise TimeoutError("timed out")
        line, end, rest = self._out.partition(b"\r\n")
        self._out = rest
        return line + end

    def recv(self, size: int, *_: object) -> bytes:
        self._process.must_live()
        if not self._out and self._open:
            self._world.sleep(60)
            raise TimeoutError("timed out")
        given, self._out = self._out[:size], self._out[size:]
        return given

    def settimeout(self, *_: object) -> None:
        pass

    def setsockopt(self, *_: object) -> None:
        pass

    def getpeername(self) -> tuple[str, int]:
        return "127.0.0.1", 25

    getsockname = getpeername

    def shutdown(self, *_: object) -> None:
        self._open = False

    def close(self) -> None:
        self._rest()

    def _speak_to(self, recipient: str) -> None:
        """A message to a domain that wants one connection at a time begins."""
        domain = recipient.rpartition("@")[2]
        if domain not in self._relay.alone:
            return
        if any(one is not self and one._process is self._process and one._recipient.endswith(domain) for one in self._relay.busy):
            self._relay.crowded(f"{self._process.name} speaks to {domain} over two connections")
        self._relay.busy.append(self)

    def _rest(self) -> None:
        """No message is under way here."""
        self._relay.busy = [one for one in self._relay.busy if one is not self]

    # --- the server ---------------------------------------------------------------------------------------------------

    def say(self, reply: str) -> None:
        if self._world.often(self._relay.weather.slow):
            self._world.sleep(self._world.chance.uniform(1, 300))
        self._process.must_live()
        if not (reply or self._open):
            return
        self._out += reply.encode() + b"\r\n"

    def _hang_up(self, *, last: str = "") -> None:
        if last:
            self.say(last)
        self._open = False
        self._rest()

    def _work(self) -> None:
        while self._open:
            if self._data:
                # the dot of an empty message has no line before it
                whole = b"\r\n" + self._in
                if b"\r\n.\r\n" not in whole:
                    if self._world.often(self._relay.weather.cut):
                        self._hang_up()
                    return
                text, _, self._in = whole.partition(b"\r\n.\r\n")
                self._data = False
                self._after_dot(text.replace(b"\r\n.", b"\r\n")[2:] + b"\r\n")
                continue
            line, end, rest = self._in.partition(b"\r\n")
            if not end:
                return
            self._in = rest
            self._command(line.decode())

    def _command(self, line: str) -> None:
        verb = line.partition(" ")[0].upper()
        self._relay.on_command(verb)
        self._world.step(f"{self._process.name} says {line[:60]}")
        self._process.must_live()
        weather, often = self._relay.weather, self._world.often
        if self._world.mono < self._relay.down_until or (verb != "QUIT" and often(weather.cut)):
            self._hang_up()
        elif verb in {"MAIL", "RCPT", "DATA"} and often(weather.closing):
            self._hang_up(last="421 4.3.2 the system goes down")
        elif verb == "EHLO":
            self.say(
                f"250-relay.test\r\n{'250-PIPELINING' if self._relay.pipelining else '250-HELP'}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN"
            )
        elif verb == "MAIL":
            self._rest()
            self._begun = not often(weather.sender)
            self._refused = True
            self.say("250 2.1.0 Ok" if self._begun else "550 5.7.1 this sender is not known here")
        elif verb == "RCPT":
            self._recipient = line.partition("<")[2].partition(">")[0]
            self._speak_to(self._recipient)
            reply = self._reply_to_recipient() if self._begun else "503 5.5.1 nobody sends"
            self._refused = not reply.startswith("2")
            self.say(reply)
        elif verb == "DATA":
            if self._refused:
                self.say("554 5.5.1 no recipients")
            elif often(weather.soft):
                self.say(self._relay.refuse(self._recipient, "451 4.3.0 try again"))
            else:
                self._data = True
                self.say("354 go on")
        elif verb == "RSET":
            self._rest()
            self.say("250 2.0.0 Ok")
        elif verb == "QUIT":
            self._hang_up(last="221 2.0.0 Bye")
        else:
            self.say("250 2.0.0 Ok")

    def _reply_to_recipient(self) -> str:
        relay, recipient, often = self._relay, self._recipient, self._world.often
        if recipient in relay.unknown:
            return relay.refuse(recipient, "550 5.1.1 nobody of that name")
        if relay.grey.get(recipient, 0) > 0:
            relay.grey[recipient] -= 1
            return relay.refuse(recipient, "450 4.2.0 come again later")
        if often(relay.weather.soft):
            return relay.refuse(recipient, "450 4.2.1 mailbox busy")
        if often(relay.weather.hard):
            return relay.refuse(recipient, "550 5.1.1 nobody of that name")
        return "250 2.1.5 Ok"

    def _after_dot(self, content: bytes) -> None:
        relay, weather, often = self._relay, self._relay.weather, self._world.often
        self._world.step(f"{self._process.name} ended the message to {self._recipient}")
        self._process.must_live()
        self._rest()
        if often(weather.deaf):
            if self._world.chance.random() < 0.6:
                self._take(content, heard=False)
            self._hang_up()
        elif often(weather.mute):
            self._take(content, heard=False)
        elif often(weather.soft):
            self.say(relay.refuse(self._recipient, "451 4.3.0 the queue is full"))
        elif often(weather.policy):
            self.say(relay.refuse(self._recipient, "550 5.7.1 unsolicited"))
        elif often(weather.hard):
            self.say(relay.refuse(self._recipient, "554 5.6.0 this content is not welcome"))
        else:
            self._take(content, heard=True)
            self.say(f"250 2.0.0 Ok: queued as S{len(relay.taken)}")

    def _take(self, content: bytes, *, heard: bool) -> None:
        taken = Taken(len(self._relay.taken), self._world.steps, self._process, self._lane, self._recipient, content, heard)
        self._relay.taken.append(taken)
        self._world.say(f"the relay takes {self._recipient}{'' if heard else ', unheard'}")
        self._relay.on_taken(taken)


@contextmanager
def dialled(connect: Callable[[], Line]) -> Iterator[None]:
    """Whoever opens a connection gets one to the relay."""
    real, name = socket.create_connection, socket.getfqdn
    socket.create_connection = lambda *_, **__: connect()
    socket.getfqdn = lambda *_: "sender.test"
    try:
        yield
    finally:
        socket.create_connection, socket.getfqdn = real, name
