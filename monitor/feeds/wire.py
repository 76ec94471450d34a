"""The connection under a fetch: names resolved, addresses checked, sockets that keep to a deadline. It knows no HTTP."""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

from monitor.feeds.guard import plain_address
from monitor.model.errors import FeedUnreachable

Resolver = Callable[[str], Sequence[str]]
"""Host name → IP addresses, best first; raises OSError where there is none."""


class Deadline:
    """The total time of one fetch: it runs over all hops, headers and body, and stands still while a turn is awaited."""

    def __init__(self, total_s: float, monotonic: Callable[[], float]) -> None:
        self.total_s = total_s
        self._monotonic = monotonic
        self._start = monotonic()

    def exclude(self, seconds: float) -> None:
        """Do not count so many seconds that were spent waiting."""
        self._start += seconds

    @property
    def elapsed_s(self) -> float:
        """Seconds counted so far."""
        return self._monotonic() - self._start

    def at_most(self, seconds: float) -> float:
        """`seconds`, or what is left if that is less.

        Raises:
            TimeoutError: Nothing is left.
        """
        left = self.total_s - self.elapsed_s
        if left <= 0:
            raise TimeoutError
        return min(seconds, left)

    @property
    def passed(self) -> bool:
        """True where nothing is left."""
        return self.elapsed_s >= self.total_s


class _TimedReader(io.RawIOBase):
    """Reads from a socket; each read waits for the idle time at most, and all of them together for the deadline (F30)."""

    def __init__(self, sock: socket.socket, deadline: Deadline, idle_s: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._idle_s = idle_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.at_most(self._idle_s))
        return self._sock.recv_into(buffer)


class TimedSocket:
    """As much of a socket as `http.client` needs, under a deadline. Its owner closes the socket itself."""

    def __init__(self, sock: socket.socket, deadline: Deadline, idle_s: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._idle_s = idle_s

    def sendall(self, data: bytes) -> None:
        """Send all; the socket's time-out is for the whole."""
        self._sock.settimeout(self._deadline.at_most(self._idle_s))
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """A reader over the socket."""
        return io.BufferedReader(_TimedReader(self._sock, self._deadline, self._idle_s), 16 * 1024)

    def close(self) -> None:
        """Nothing: `http.client` closes early, while the body is still to be read."""


def system_addresses(host: str) -> list[str]:
    """The addresses of a host by the system's resolver.

    Raises:
        OSError: The name has none, or the resolver cannot be asked.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses_of(host: str, resolve: Resolver, timeout_s: float) -> list[str]:
    """The addresses of a name, or the address itself.

    Raises:
        FeedUnreachable: There is none, or the resolver took longer than `timeout_s` (it has no time-out of its own).
    """
    try:
        return [str(plain_address(host))]
    except ValueError:
        pass
    outcome: list[Sequence[str] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            outcome.append(resolve(host))
        except (OSError, UnicodeError) as error:
            outcome.append(error)

    thread = Thread(target=ask, name=f"resolve {host}", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if not outcome:
        raise FeedUnreachable(f"the name service gave no answer for {host} within {timeout_s:.0f} s")
    found = outcome[0]
    if isinstance(found, OSError | UnicodeError):
        raise FeedUnreachable(f"{host} has no address ({getattr(found, 'strerror', None) or found})") from found
    if not found:
        raise FeedUnreachable(f"{host} has no address")
    return list(found)


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to exactly this IP address; no name is looked up.

    Raises:
        OSError: It cannot be made within `timeout_s`.
    """
    family = socket.AF_INET6 if plain_address(address).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout_s)
        sock.connect((address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def tls_context() -> ssl.SSLContext:
    """Certificates and host names are verified, TLS 1.2 at least; there is no way to switch that off (F34)."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
