"""One GET at a time over HTTP/1.1: polite, bounded in time and size, and never to where the guard forbids. It never retries.

Redirects are followed here, each hop checked anew. There are no cookies, no Referer, no proxies from the environment, no
cache-busters. http.client speaks the protocol; what it asks of a socket is answered by `wire.TimedSocket`.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from socket import socket
from urllib.parse import urlsplit

from monitor.feeds.answers import error_for, validators_after
from monitor.feeds.decoding import CODINGS, Body, coding_of
from monitor.feeds.guard import check_url, forbidden_address, forbidden_port, is_allowed_private
from monitor.feeds.turns import HostTurns, Turn
from monitor.feeds.wire import Deadline, Resolver, TimedSocket, addresses_of, connect, system_addresses, tls_context
from monitor.model.errors import FeedBusy, FeedRefused, FeedUnreachable, FetchFailed, FetchForbidden, FetchTooLarge
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest, FetchResult, Hop
from monitor.model.ports import Clock
from monitor.text.urls import absolute_url, host_key, host_of, port_of, request_target, without_fragment

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READ = 64 * 1024


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where one hop connects: checked addresses, and the keys of the hosts whose turn it takes."""

    url: str
    addresses: tuple[str, ...]
    port: int
    keys: tuple[str, ...]


class HttpFetcher:
    """`model.ports.Fetcher` over HTTP. Threads may share it; it holds no connection between fetches.

    Args:
        policy: Limits and permissions.
        monotonic: A clock that never goes back, seconds.
        sleep: Waits for so many seconds; only called between two requests to one host.
        resolve: Host name → addresses.
        wall: The present, for a Retry-After date in an answer that has no Date.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Resolver = system_addresses,
        wall: Clock = _utc_now,
    ) -> None:
        self._policy = policy
        self._monotonic = monotonic
        self._resolve = resolve
        self._wall = wall
        self._turns = HostTurns(policy.host_delay_s, monotonic, sleep)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return tls_context()

    def fetch(self, request: FetchRequest) -> FetchResult:
        """GET one address; waits for the turn at its host, then follows at most `max_redirects` redirects.

        The total time runs from the first look-up to the last byte, hops included; waiting for a turn does not count.

        Raises:
            FeedUnreachable: DNS, connection, TLS, time, a body cut short, an unexpected 304, 408, 5xx but 503. Trying again can help.
            FeedBusy: 429, 503. Trying again can help, after `retry_after_s`.
            FeedGone: 410.
            FeedRefused: Another 4xx, redirects without end or aim.
            FetchForbidden: The address, or one it redirects to, may not be fetched.
            FetchTooLarge: The body is over `max_bytes`, or its codings are nested.
        """
        deadline = Deadline(self._policy.total_timeout_s, self._monotonic)
        turn = Turn(self._turns)
        url, hops = without_fragment(request.url), list[Hop]()
        try:
            while True:
                answer = self._hop(url, request, turn, deadline)
                if isinstance(answer, _Answer):
                    return answer.result(request, tuple(hops), deadline.elapsed_s)
                url = self._next_url(url, answer, request.url, hops)
                hops.append(Hop(answer.status, url))
        finally:
            turn.close()

    def _next_url(self, url: str, answer: _Redirect, start: str, hops: list[Hop]) -> str:
        """Where a redirect leads, checked; the guard looks at the address again before the next hop."""
        target = without_fragment(absolute_url(url, answer.location)) if answer.location else ""
        if not target:
            said = f'to "{answer.location[:80]}"' if answer.location else "without an address"
            raise FeedRefused(f"redirected {said}, which cannot be followed", url=url, status=answer.status)
        if url.lower().startswith("https:") and target.lower().startswith("http:"):
            raise FetchForbidden("redirected from https to http", url=target, status=answer.status)
        if target in {without_fragment(start), *(hop.url for hop in hops)}:
            raise FeedRefused("redirected in a circle", url=target, status=answer.status)
        if len(hops) >= self._policy.max_redirects:
            raise FeedRefused(f"redirected more than {self._policy.max_redirects} times", url=target, status=answer.status)
        return target

    def _hop(self, url: str, request: FetchRequest, turn: Turn, deadline: Deadline) -> _Answer | _Redirect:
        """One request and its answer, with every failure told in this program's words."""
        stage = "looked up"
        keys: tuple[str, ...] = ()
        try:
            target = self._target(url, deadline)
            self._check_blocks(target, request)
            keys = target.keys
            deadline.exclude(turn.move_to(keys, request.delay_s))
            stage = "connected"
            with self._connection(target, deadline) as sock:
                stage = "answered"
                return self._ask(sock, url, request, deadline)
        except FetchFailed as error:
            error.url, error.keys = error.url or url, keys
            raise
        except TimeoutError as error:
            raise FeedUnreachable(self._timeout_words(stage, deadline), url=url) from error
        except ssl.SSLCertVerificationError as error:
            raise FeedUnreachable(f"TLS: the certificate is not valid: {error.verify_message}", url=url) from error
        except ssl.SSLError as error:
            raise FeedUnreachable(f"TLS failed: {error.reason or error}", url=url) from error
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise FeedUnreachable(_broken_words(error), url=url) from error

    def _timeout_words(self, stage: str, deadline: Deadline) -> str:
        if deadline.passed:
            return f"not finished within {deadline.total_s:g} s"
        if stage == "connected":
            return f"no connection within {self._policy.connect_timeout_s:g} s"
        return f"no data for {self._policy.idle_timeout_s:g} s"

    def _target(self, url: str, deadline: Deadline) -> _Target:
        """Resolve once; keep the addresses that may be connected to."""
        check_url(url, self._policy)
        host, port = host_of(url), port_of(url)
        place, place_port = self._mapped(host, port)
        found = addresses_of(place, self._resolve, deadline.at_most(self._policy.connect_timeout_s))
        refusals = {
            address: forbidden_address(address, self._policy)
            or forbidden_port(port, address, self._policy)
            or forbidden_port(place_port, address, self._policy)
            for address in found
        }
        allowed = tuple(address for address, reason in refusals.items() if not reason)
        if not allowed:
            raise FetchForbidden(f"{host} may not be fetched: {next(iter(refusals.values()))}", url=url)
        key = host_key(url)
        # an allowed private address is a test server or a neighbour: each port there is a host of its own
        keys = (f"{key}|{place_port}",) if is_allowed_private(allowed[0], self._policy) else (key, allowed[0])
        return _Target(url, allowed, place_port, keys)

    def _check_blocks(self, target: _Target, request: FetchRequest) -> None:
        """Refuse a hop to a host or an address that asked us to wait (F20): nobody is asked."""
        names = (host_key(target.url), *target.keys)
        until = max((request.blocks[name] for name in names if name in request.blocks), default=None)
        wait_s = (until - self._wall()).total_seconds() if until else 0.0
        if until and wait_s > 0:
            raise FeedBusy(f"the host asked us to wait until {until:%Y-%m-%d %H:%M} UTC", url=target.url, retry_after_s=wait_s)

    def _mapped(self, host: str, port: int) -> tuple[str, int]:
        """Where to connect for a host by `connect_to`: an exact name first, then the longest "*.suffix"."""
        labels = host.split(".")
        names = (host, *(f"*.{'.'.join(labels[start:])}" for start in range(1, len(labels))), "*")
        for name in names:
            if name in self._policy.connect_to:
                place, _, place_port = self._policy.connect_to[name].rpartition(":")
                return place.strip("[]"), int(place_port)
        return host, port

    def _connection(self, target: _Target, deadline: Deadline) -> socket:
        """Connect to the first address that answers, with TLS where the address says https."""
        last: OSError = OSError("no address")
        for address in target.addresses[:4]:
            try:
                sock = connect(address, target.port, deadline.at_most(self._policy.connect_timeout_s))
                break
            except OSError as error:
                last = error
        else:
            raise last
        if urlsplit(target.url).scheme.lower() != "https":
            return sock
        try:
            sock.settimeout(deadline.at_most(self._policy.connect_timeout_s))
            return self._tls.wrap_socket(sock, server_hostname=host_of(target.url))
        except BaseException:
            sock.close()
            raise

    def _ask(self, sock: socket, url: str, request: FetchRequest, deadline: Deadline) -> _Answer | _Redirect:
        connection = http.client.HTTPConnection(host_of(url), port_of(url))
        connection.sock = TimedSocket(sock, deadline, self._policy.idle_timeout_s)
        connection.putrequest("GET", request_target(url), skip_host=True, skip_accept_encoding=True)
        for name, value in self._headers(url, request).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        headers = _header_map(response)
        status = response.status
        if status in _REDIRECTS:
            return _Redirect(status, _location(headers.get("location", "")))
        conditional = request.validators.etag or request.validators.last_modified
        if status == 304 and conditional:
            return _Answer(url, status, headers, None)
        if status not in {200, 203, 226}:
            raise error_for(status, headers, url, self._wall())
        return _Answer(url, 200 if status == 203 else status, headers, _read_body(response, headers, request, url))

    def _headers(self, url: str, request: FetchRequest) -> dict[str, str]:
        """The whole head of a request, in the order sent."""
        parts = urlsplit(url)
        host = host_of(url)
        name = f"[{host}]" if ":" in host else host
        headers = {
            "Host": name if parts.port is None else f"{name}:{parts.port}",
            "User-Agent": self._policy.user_agent,
            "Accept": request.accept.value,
            "Accept-Encoding": ", ".join(CODINGS),
            "Connection": "close",
        }
        sent = {"If-None-Match": request.validators.etag, "If-Modified-Since": request.validators.last_modified}
        if request.validators.etag and request.accept is Accept.FEED:
            headers["A-IM"] = "feed"  # of a feed that it can tell from the one we have, the new entries are enough (F11)
        return headers | {name: value for name, value in sent.items() if value}


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None

    def result(self, request: FetchRequest, hops: tuple[Hop, ...], elapsed_s: float) -> FetchResult:
        """The answer as the port promises it."""
        return FetchResult(
            url=request.url,
            final_url=self.url,
            status=self.status,
            headers=self.headers,
            body=self.body,
            validators=validators_after(self.status, self.headers, request.validators),
            elapsed_s=elapsed_s,
            hops=hops,
        )


def _header_map(response: http.client.HTTPResponse) -> dict[str, str]:
    """Names in lower case, bytes as latin-1; repeated fields joined, but of a repeated validator only the first."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        key, text = name.lower(), str(value)
        if key not in headers:
            headers[key] = text
        elif key not in {"etag", "last-modified", "location", "set-cookie"}:
            headers[key] += f", {text}"
    return headers


def _location(value: str) -> str:
    """Servers send raw UTF-8 in Location, which arrives as latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _read_body(response: http.client.HTTPResponse, headers: Mapping[str, str], request: FetchRequest, url: str) -> bytes:
    """The decoded body, read in pieces; truncation is an error, never a shorter body (F33)."""
    coding, limit = coding_of(headers.get("content-encoding", ""), url), request.max_bytes
    promised = response.length  # None for chunked and for bodies that end with the connection
    if promised is not None and promised > limit and not request.cut:
        raise FetchTooLarge(f"the body is {promised} bytes, more than {limit}", url=url)
    body, received = Body(coding, limit, url), 0
    while promised is None or received < promised:
        piece = response.read1(_READ if promised is None else min(_READ, promised - received))
        if not piece:
            break
        received += len(piece)
        try:
            body.add(piece)
        except FetchTooLarge:
            if request.cut:
                return body.beginning()
            raise
    if not received and promised is None and not response.chunked:
        # the head may have been cut as well: http.client takes the end of the connection for the end of the head
        raise FeedUnreachable("the connection ended before any body", url=url)
    if promised is not None and received < promised:
        raise FeedUnreachable(f"the body was cut short: {received} of {promised} bytes", url=url)
    return body.finish()


def _broken_words(error: Exception) -> str:
    """What broke, for people."""
    if isinstance(error, http.client.IncompleteRead):
        return "the body was cut short"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the server closed the connection without an answer"
    if isinstance(error, OSError):
        return f"connection failed: {error.strerror or error}"
    words = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(error)[:120])
    return f"the answer is not HTTP: {type(error).__name__} {words}".rstrip()
