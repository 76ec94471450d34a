"""A real HTTP site on loopback that serves the recorded weeks: virtual hosts, feeds up to a given moment, pages, and troubles."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.demo.corpus import Corpus, Outlet, Page, Syndication, Trouble
from monitor.demo.layouts import Leaf, render_home, render_page
from monitor.demo.syndication import MEDIA_TYPES, feed_document

ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /comment\n"
RECENT = 4
GZIP_FROM = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """One response before compression: `body` in the outlet's charset."""

    status: int
    body: bytes = b""
    media_type: str = "text/html"
    charset: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class DemoSite:
    """The outlets of a corpus behind one loopback port, told apart by Host.

    What is published depends on `now` alone: feeds show the newest entries up to it, pages answer 404 before their time.
    Use as a context manager. `hits` counts answers by (host, status).
    """

    def __init__(self, corpus: Corpus, now: Callable[[], datetime]) -> None:
        self.corpus = corpus
        self.now = now
        self.hits: Counter[tuple[str, int]] = Counter()
        self._hosts = {outlet.host: outlet for outlet in corpus.outlets}
        self._paths = {(page.outlet.host, page.path): page for page in corpus.pages}
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        # Bound and never listening: a connection is refused, and nobody else is given the port meanwhile.
        self._refusing = socket.socket()
        self._refusing.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return int(self._server.server_address[1])

    @property
    def connect_to(self) -> dict[str, str]:
        """For `FetchPolicy.connect_to`: where demo hosts are found; the refusing outlet leads to a port at which nothing listens."""
        closed = f"127.0.0.1:{self._refusing.getsockname()[1]}"
        refusing = {outlet.host: closed for outlet in self.corpus.outlets if outlet.trouble is Trouble.REFUSED}
        return {**refusing, "*.example": f"127.0.0.1:{self.port}"}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._refusing.close()

    def answer(self, host: str, target: str) -> Answer:
        """What `host` says to a GET of `target` (path and query) at this moment; campaign parameters make no difference."""
        outlet = self._hosts.get(host)
        path = without_campaign(target)
        if outlet is None:
            return Answer(404, b"<h1>No such site</h1>")
        if path == "/robots.txt":
            return Answer(200, robots_text(outlet).encode(), "text/plain", "utf-8")
        if path in (outlet.feed_path, outlet.moved_to):
            return self._feed(outlet, path)
        if path == "/":
            return _html(outlet, render_home(outlet, self.corpus.of(outlet, self.now())[:RECENT]))
        page = self._paths.get((host, path))
        if page is None or page.published > self.now():
            return _html(outlet, f"<html><body><h1>404</h1><p>{outlet.name}</p></body></html>", 404)
        return _html(outlet, render_page(self._leaf(page)))

    def _leaf(self, page: Page) -> Leaf:
        others = [other for other in self.corpus.of(page.outlet, page.published) if other.id != page.id]
        return Leaf(page, others[:RECENT], self.corpus.by_id.get(page.similar))

    def _feed(self, outlet: Outlet, path: str) -> Answer:
        with self._lock:
            self._asked[outlet.id] += 1
            first = self._asked[outlet.id] == 1
        troubled = _trouble(outlet, path, first=first)
        if troubled:
            return troubled
        pages = self.corpus.of(outlet, self.now())
        body = feed_document(outlet, pages).encode(outlet.charset, "xmlcharrefreplace")
        headers = {"Cache-Control": "max-age=600"}
        if "etag" in outlet.validators:
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        if "last-modified" in outlet.validators and pages:
            headers["Last-Modified"] = http_date(pages[0].published)
        return Answer(200, body, MEDIA_TYPES[outlet.syndication], outlet.header_charset, headers)


def _trouble(outlet: Outlet, path: str, *, first: bool) -> Answer | None:
    match outlet.trouble:
        case Trouble.SERVER_ERROR:
            return Answer(500, b"<h1>Internal Server Error</h1>")
        case Trouble.GONE:
            return Answer(410, b"<h1>Gone</h1><p>This demo feed was closed.</p>")
        case Trouble.CHALLENGE:
            return Answer(200, CHALLENGE.encode(), "text/html", "utf-8", {"cf-mitigated": "challenge"})
        case Trouble.BUSY_ONCE if first:
            return Answer(429, b"Too Many Requests", "text/plain", "", {"Retry-After": "3600"})
        case Trouble.MOVED if path == outlet.feed_path:
            return Answer(301, b"", "text/html", "", {"Location": f"http://{outlet.host}{outlet.moved_to}"})
    return None


CHALLENGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies "
    "to continue</noscript><script>(function(){window._cf_chl_opt={cType:'managed'};})();</script></body></html>"
)


def robots_text(outlet: Outlet) -> str:
    """The outlet's robots.txt, which names its sitemap."""
    return ROBOTS + (f"Sitemap: {outlet.feed_url}\n" if outlet.syndication is Syndication.SITEMAP else "")


def without_campaign(target: str) -> str:
    """Path and query without utm_… parameters."""
    parts = urlsplit(target)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")])
    return f"{parts.path}?{query}" if query else parts.path


def http_date(moment: datetime) -> str:
    """RFC 9110 IMF-fixdate."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _html(outlet: Outlet, text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(outlet.charset, "xmlcharrefreplace"), "text/html", outlet.header_charset)


def not_modified(answer: Answer, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether the client's copy is current: If-None-Match decides alone where it is sent (RFC 9110 13.1.3)."""
    if answer.status != 200:
        return False
    etag = answer.headers.get("ETag")
    if if_none_match is not None:
        return etag is not None and etag in [part.strip() for part in if_none_match.split(",")]
    changed = answer.headers.get("Last-Modified")
    if if_modified_since is None or changed is None:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: DemoSite


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Answer, with 304 and gzip where they apply."""
        site = self.server.site
        host = (self.headers.get("Host") or "").split(":")[0].lower()
        answer = site.answer(host, self.path)
        if not_modified(answer, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
            answer = Answer(304, headers=answer.headers)
        site.hits[host, answer.status] += 1
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _send(self, answer: Answer) -> None:
        body = answer.body
        zipped = len(body) >= GZIP_FROM and "gzip" in (self.headers.get("Accept-Encoding") or "")
        if zipped:
            body = gzip.compress(body, 5, mtime=0)
        self.send_response(answer.status)
        if answer.status != 304:
            charset = f"; charset={answer.charset}" if answer.charset else ""
            self.send_header("Content-Type", answer.media_type + charset)
            self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - the signature of the base class
        """The Date header tells the demo's time, so that ages and Retry-After make sense."""
        return http_date(self.server.site.now())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of the base class
        """Say nothing: the demo's own report is what people read."""
