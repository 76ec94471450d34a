"""Fixtures for every room: a scripted HTTP server on loopback that speaks real bytes."""

from __future__ import annotations

import socket
import ssl
import threading
from collections import defaultdict
from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it came over the wire: `raw` is the whole head, `headers` has lower-case names and untouched values."""

    method: str
    target: str
    headers: dict[str, bytes]
    raw: bytes


@dataclass(frozen=True)
class ScriptedReply:
    """What to send. `raw` replaces everything; `drip_s` sends `drip` again and again at that interval until the client leaves."""

    raw: bytes
    drip: bytes = b""
    drip_s: float = 0.0


@dataclass
class HttpServer:
    """Serves scripted replies by request target; the last reply of a target repeats. Unknown targets get 404.

    `requests` holds what was asked, in order.
    """

    tls: ssl.SSLContext | None = None
    requests: list[RecordedRequest] = field(default_factory=list)

    def __post_init__(self):
        self._scripts = defaultdict(list)
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def scheme(self):
        return "https" if self.tls else "http"

    def url(self, target="/", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{target}"

    def reply(self, target, body=b"", status=200, headers=None, *, length=None):
        """Script one reply: `headers` is a dict or a list of pairs; Content-Length is added unless `length` is False or a number."""
        pairs = [(_bytes(k), _bytes(v)) for k, v in (headers.items() if isinstance(headers, dict) else headers or [])]
        if length is not False and not any(name.lower() == b"transfer-encoding" for name, _ in pairs):
            pairs.append((b"Content-Length", str(len(body) if length is None else length).encode()))
        head = b"".join(name + b": " + value + b"\r\n" for name, value in pairs)
        return self.raw(target, b"HTTP/1.1 %d Scripted\r\n" % status + head + b"\r\n" + body)

    def raw(self, target, data, *, drip=b"", drip_s=0.0):
        """Script one reply byte by byte."""
        self._scripts[target].append(ScriptedReply(data, drip, drip_s))
        return self

    def close(self):
        self._stop.set()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            thread.start()

    def _serve(self, client):
        try:
            if self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
            with client:
                client.settimeout(5)
                self._answer(client)
        except OSError:
            client.close()  # the client left, or refused our certificate: that is what some tests are about

    def _answer(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                return
            head += piece
        request = _parse(head)
        self.requests.append(request)
        script = self._scripts.get(request.target)
        if not script:
            client.sendall(b"HTTP/1.1 404 Scripted\r\nContent-Length: 0\r\n\r\n")
            return
        reply = script.pop(0) if len(script) > 1 else script[0]
        client.sendall(reply.raw)
        while reply.drip and not self._stop.wait(reply.drip_s):
            client.sendall(reply.drip)


def _bytes(value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


def _parse(head):
    first, *lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")
    method, target, _ = first.decode("latin-1").split(" ", 2)
    pairs = (line.split(b":", 1) for line in lines)
    return RecordedRequest(method, target, {name.decode().lower(): value.strip(b" ") for name, value in pairs}, head)


@pytest.fixture
def http_server():
    """A scripted HTTP server on a free loopback port."""
    server = HttpServer()
    yield server
    server.close()


@pytest.fixture
def http_servers():
    """Makes more servers: call it, optionally with `tls=` a server context."""
    made = []

    def make(tls=None):
        made.append(HttpServer(tls=tls))
        return made[-1]

    yield make
    for server in made:
        server.close()
