"""Fixtures for every room: a scripted HTTP server and a mail sink on loopback that speak real bytes, and the command as a process."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib.util
import io
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from hypothesis import settings

from monitor.bootstrap import load_files
from monitor.cli.main import run
from monitor.parts import Parts
from monitor.settings import Settings
from monitor.testing import FakeFetcher, FixedClock, fake_parts

# a loaded machine is slow, not wrong
settings.register_profile("monitor", deadline=None)
# in CI the same examples at every run: a new one is found, and kept as an example, at a developer's machine
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "monitor")


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
        with contextlib.suppress(OSError):  # closed already
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept(): a listener closed under it would go on listening
        self._threads[0].join(5)
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for feeds.example that nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=feeds.example"),
            *("-addext", "subjectAltName=DNS:feeds.example", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def tls_server(http_servers, certificate):
    """As `http_server`, over TLS with `certificate`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return http_servers(tls=context)


@dataclass
class MailSink:
    """A real SMTP server that keeps every message as it arrived: `mails` holds (recipient, bytes), in order.

    It thinks `delay_s` over each message, and sets `thinking` when it begins.
    """

    mails: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0
    delay_s: float = 0.0
    thinking: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, _server, _session, envelope):
        self.thinking.set()
        await asyncio.sleep(self.delay_s)
        self.mails += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return f"250 2.0.0 Ok: queued as Q{len(self.mails)}"


@contextlib.contextmanager
def running_mail_sink():
    """A real SMTP server on a free loopback port, while the block runs."""
    # the controller's self-check wants to know the port, so the kernel is asked for one first
    sink = MailSink(port=_free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def free_port():
    """Gives a port of loopback that nobody listens on: `free_port()`."""
    return _free_port


@pytest.fixture
def mail_sink():
    """A real SMTP server on a free loopback port."""
    with running_mail_sink() as sink:
        yield sink


@pytest.fixture(scope="module")
def module_mail_sink():
    """As `mail_sink`, for all tests of a module."""
    with running_mail_sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id):
    """Makes a folder once for all test processes of a session: `made_once(name, make)` calls `make(folder)` in the first, gives it to all."""
    base = tmp_path_factory.getbasetemp()
    root = base if worker_id == "master" else base.parent

    def give(name, make):
        folder = root / name
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                (folder / "done").touch()
        return folder

    return give


CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium; where it is absent tests are skipped, unless MONITOR_TEST_BROWSER=1 says that it must be there.

    No longer than a module: its event loop runs on in the thread, and tests that begin one of their own would fail beside it.
    """
    if not os.path.exists(CHROMIUM) and os.environ.get("MONITOR_TEST_BROWSER") != "1":
        pytest.skip(f"needs {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postfix():
    """A real Postfix of our own on loopback, with a mailbox (see tests/postfix/instance.py); shared by all tests of a process."""
    spec = importlib.util.spec_from_file_location("postfix_instance", Path(__file__).parent / "postfix" / "instance.py")
    instance = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(instance)
    if reason := instance.why_not():
        pytest.skip(reason)
    with instance.Postfix() as running:
        yield running


def command_environment(home, settings):
    """The environment of a command in `home`: nothing of our own settings, loopback allowed, no pauses."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    quick = {
        "MONITOR_FETCH__ALLOW_PRIVATE": "127.0.0.0/8",
        "MONITOR_FETCH__HOST_DELAY_S": "0",
        "MONITOR_SECRET_KEY": "a test's own",
    }
    return {**ours, "MONITOR_HOME": str(home), "COLUMNS": "200", **quick, **settings}


@pytest.fixture
def monitor_in():
    """Makes `monitor` for a home folder: `monitor_in(home, MONITOR_NOW=…)("poll", "--once")` runs the command as a process of its own.

    The exit code must be `expect` (default 0); the finished process is returned, with text streams.
    """

    def make(home, **settings):
        environment = command_environment(home, settings)

        def monitor(*arguments, expect=0, stdin=""):
            command = [sys.executable, "-m", "monitor", *map(str, arguments)]
            done = subprocess.run(command, cwd=home, env=environment, input=stdin, capture_output=True, text=True, timeout=120)
            assert done.returncode == expect, f"{arguments} ended with {done.returncode}: {done.stderr}{done.stdout}"
            return done

        monitor.environment = environment
        return monitor

    return make


@pytest.fixture
def monitor_here(monkeypatch, capsys):
    """As `monitor_in`, but in this process: quicker, and what is printed is all there is to see."""

    def make(home, **settings):
        def monitor(*arguments, expect=0, stdin=""):
            for name in [name for name in os.environ if name.startswith("MONITOR_")]:
                monkeypatch.delenv(name)
            for name, value in command_environment(home, settings).items():
                monkeypatch.setenv(name, value)
            monkeypatch.chdir(home)
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
            capsys.readouterr()
            code = run([str(argument) for argument in arguments])
            out, err = capsys.readouterr()
            assert code == expect, f"{arguments} ended with {code}: {err}{out}"
            return subprocess.CompletedProcess(arguments, code, out, err)

        monitor.environment = command_environment(home, settings)
        return monitor

    return make


TALKS = """\
schema: 1
id: talks
version: 1
title: Talks
status: active
owner: desk
created: 2019-01-01
modified: 2019-01-01
description: Talks between neighbours.
terms:
  talks: {en: ["talks"]}
  agreed: {en: ["agree*"]}
  broken: {en: ["(broken|collapse*) <2> off"]}
match:
  require: [talks]
  score:
    - {term: talks, weight: 2}
direction:
  window: 12
  anchor: [talks]
  improves:
    - {term: agreed, score: 3}
  worsens:
    - {term: broken, score: -3}
tests:
  should_match:
    - {lang: en, title: "Neighbours hold talks"}
  should_not_match:
    - {lang: en, title: "Harvest ends"}
"""
WEEKLY = """\
id: weekly
title: {en: Talks weekly, be: Перамовы за тыдзень}
languages: [en, be]
schedule: {weekday: monday, time: "08:00", zone: Europe/Minsk}
sections:
  - {id: talks, title: {en: Talks, be: Перамовы}, rules: [talks], max_items: 3}
review: none
"""


@pytest.fixture
def small_home(tmp_path):
    """Makes a home folder with one rule ("talks"), one digest ("weekly") and the feeds given: `small_home(name, {id: url})`."""

    def make(name, feeds):
        home = tmp_path / name
        lines = [
            f"  - {{id: {key}, name: The {key.title()}, url: '{url}', language: en, stance: independent}}"
            for key, url in feeds.items()
        ]
        files = {
            "rules/talks.yml": TALKS,
            "digests/weekly/digest.yml": WEEKLY,
            "seeds/press.yml": "\n".join(["feeds:", *(lines or ["  []"])]) + "\n",
        }
        for path, text in files.items():
            (home / path).parent.mkdir(parents=True)
            (home / path).write_text(text, encoding="utf-8")
        return home

    return make


@dataclass
class World:
    """The pipeline over fakes: a rule ("talks"), a digest ("weekly"), feeds on `<id>.example`, a clock that stands still."""

    parts: Parts
    clock: FixedClock
    fetcher: FakeFetcher

    @property
    def store(self):
        return self.parts.store

    def page(self, host, path, title, text, **answer):
        """Script an article page; returns its address."""
        url = f"http://{host}.example/{path}"
        body = f"<html lang='en'><head><title>{title}</title></head><body><h1>{title}</h1>" + "".join(
            f"<p>{paragraph}</p>" for paragraph in text.split("\n")
        )
        self.fetcher.answer(url, body + "</body></html>", headers={"content-type": "text/html; charset=utf-8"}, **answer)
        return url

    def feed(self, host, entries, **answer):
        """Script a feed of (address, title, published or None)."""
        items = "".join(
            f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
            + (f"<pubDate>{format_datetime(at)}</pubDate>" if at else "")
            + "</item>"
            for url, title, at in entries
        )
        body = f'<rss version="2.0"><channel><title>{host}</title><link>http://{host}.example/</link>{items}</channel></rss>'
        self.fetcher.answer(f"http://{host}.example/feed.xml", body, headers={"content-type": "application/rss+xml"}, **answer)

    def article(self, host, path, title, text, at=None):
        """Script a feed of one article and its page."""
        self.feed(host, [(self.page(host, path, title, text), title, at or self.clock())])


@pytest.fixture
def make_world(small_home):
    """Makes a `World` with feeds on the hosts named: `make_world("north", "south")`."""
    made = []

    def make(*hosts, at=datetime(2019, 3, 6, 9, tzinfo=UTC), **changes):
        home = small_home(f"world{len(made)}", {host: f"http://{host}.example/feed.xml" for host in hosts})
        clock, fetcher = FixedClock(at), FakeFetcher()
        parts = fake_parts(load_files(Settings(home=home)), fetcher=fetcher, clock=clock)
        made.append(World(replace(parts, **changes), clock, fetcher))
        return made[-1]

    yield make
    for world in made:
        world.store.close()
