"""Asks a JSON endpoint once over HTTP: one POST within one deadline, the answer capped; it follows nothing and never tries again."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

from monitor.model.errors import AidAway, AidFailed, AidRefused
from monitor.version import __version__

_BUSY = frozenset((408, 429))
_SAID = 200
"""Characters of an endpoint's own words on an error that reach a log."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask: an absolute http or https address, seconds for one whole request, and the most bytes of an answer."""

    url: str
    timeout_s: float
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)


def post_json(endpoint: Endpoint, path: str, payload: object) -> Any:
    """What the endpoint answers to `payload` at `path` below its address, read as JSON.

    Raises:
        AidAway: No connection, the deadline passed, 408, 429 or a 5xx: trying again can help.
        AidRefused: Another status, a redirect, more bytes than allowed, or no JSON.
    """
    parts = urlsplit(endpoint.url)
    connection = _connection(endpoint)
    # A server that drips a byte at a time keeps every single read happy: the whole request has an end of its own.
    late = Event()
    watch = Timer(endpoint.timeout_s, _hang_up, (connection, late))
    watch.daemon = True
    watch.start()
    try:
        body = json.dumps(payload, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": f"monitor/{__version__}"}
        connection.request("POST", parts.path.rstrip("/") + path, body, {**headers, **endpoint.headers})
        answer = connection.getresponse()
        said = _read(answer, endpoint.max_bytes)
        if late.is_set():
            raise TimeoutError
    except (OSError, HTTPException) as error:
        slow = late.is_set() or isinstance(error, TimeoutError)
        raise AidAway(f"no answer within {endpoint.timeout_s:g} s" if slow else f"no answer: {_words(str(error))}") from error
    finally:
        watch.cancel()
        connection.close()
    return _understood(answer.status, said)


def _connection(endpoint: Endpoint) -> HTTPConnection:
    parts = urlsplit(endpoint.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=endpoint.timeout_s)


def _hang_up(connection: HTTPConnection, late: Event) -> None:
    late.set()
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            sock.close()


def _read(answer: HTTPResponse, max_bytes: int) -> bytes:
    body = answer.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise AidRefused(f"the answer is larger than {max_bytes:,} bytes")
    if answer.length:
        raise HTTPException("cut off before its end")
    return body


def _understood(status: int, body: bytes) -> Any:
    if status != 200:
        raise _failure(status, body)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AidRefused(f"the answer is no JSON: {_words(str(error))}") from error


def _failure(status: int, body: bytes) -> AidFailed:
    said = _words(body[: 2 * _SAID].decode("utf-8", "replace"))
    kind = AidAway if status in _BUSY or status >= 500 else AidRefused
    return kind(f"HTTP {status}: {said}" if said else f"HTTP {status}")


def _words(text: str) -> str:
    """One line that is safe to log."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_SAID]
