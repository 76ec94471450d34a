"""The site over a small world, served on loopback as the service serves it."""

import asyncio
import http.client
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_network
from urllib.parse import unquote, urlencode

import pytest

from monitor import pipeline
from monitor.delivery.tokens import Purpose, make_token
from monitor.digests.due import due_of_week
from monitor.metrics import Metrics
from monitor.model.delivery import Receipt, Subscribed, Subscription
from monitor.web.app import Site, make_app
from monitor.web.server import serve

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Client:
    """Asks the site; redirects are answers like others."""

    def __init__(self, world, metrics, port):
        self.world, self.metrics, self.port = world, metrics, port
        self._opener = urllib.request.build_opener(NoRedirect)

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def ask(self, method, path, data=None, headers=None):
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(
            url, data=data, headers={k.replace("_", "-"): v for k, v in (headers or {}).items()}, method=method
        )
        try:
            with self._opener.open(request, timeout=10) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def subscribe(self, address, state=Subscribed.ACTIVE, digest="weekly"):
        """(subscription, address of its unsubscribe page)."""
        now = self.world.clock()
        kept = self.world.store.subscribe(Subscription(0, digest, address, address, "en", state, now, now, "test"))
        return kept, f"/u/{make_token(self.world.parts.sender.secret, Purpose.UNSUBSCRIBE, kept.id, digest)}"

    def publish(self, week, languages=("en", "be")):
        [digest] = self.world.parts.files.digests
        return pipeline.publish(
            self.world.parts, digest, due_of_week(digest, week, self.world.clock()), languages, self.world.out
        )


@pytest.fixture
def make_site(make_world, tmp_path):
    """Makes a served site: `make_site(metrics_token="…")`; `hooks` are mail providers that may report."""
    ends = []

    def make(metrics_token="", hooks=None):
        world = make_world("north")
        world.out = tmp_path / "out"
        world.article("north", "1", "Talks agreed", BODY)
        pipeline.poll(world.parts)
        metrics = Metrics()
        metrics.watch(world.store)
        site = Site(
            world.store, lambda: world.parts.files, world.parts.sender, world.clock, metrics, metrics_token, hooks=hooks or {}
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        stopping = threading.Event()
        thread = threading.Thread(target=serve, args=(make_app(site), "127.0.0.1", port, stopping))
        thread.start()
        ends.append((stopping, thread))
        wait_for(port)
        return Client(world, metrics, port)

    yield make
    for stopping, thread in ends:
        stopping.set()
        thread.join(20)
        assert not thread.is_alive()


def wait_for(port):
    pause = threading.Event()
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.01)
    raise AssertionError("nothing listens")


@pytest.fixture
def site(make_site):
    """A served site without editions."""
    return make_site()


class Door:
    """The site without a server: an answer is complete, with all that is done behind it, when a call returns. Two digests: weekly, grain."""

    def __init__(self, world, trusted=(), hooks=None):
        [weekly] = world.parts.files.digests
        grain = replace(weekly, id="grain", title={"en": "Grain monthly", "ru": "Зерно"}, languages=("en", "ru"))
        self.world, self.store, self.sender, self.clock = world, world.store, world.parts.sender, world.clock
        self.files = replace(world.parts.files, digests=(weekly, grain))
        self.metrics = Metrics()
        self.app = make_app(
            Site(
                world.store, lambda: self.files, self.sender, world.clock, self.metrics, "", tuple(map(ip_network, trusted)),
                hooks=hooks or {},
            )
        )  # fmt: skip

    def get(self, path, **headers):
        return self.ask("GET", path, b"", headers)

    def post(self, path, fields=None, **headers):
        body = fields if isinstance(fields, bytes) else urlencode(fields or {}, doseq=True).encode()
        return self.ask("POST", path, body, {"content-type": "application/x-www-form-urlencoded", **headers})

    def ask(self, method, path, body=b"", headers=None):
        where, _, query = path.partition("?")
        given = {name.replace("_", "-").lower(): value for name, value in (headers or {}).items()}
        peer = given.pop("peer", "192.0.2.7")
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "path": unquote(where), "raw_path": where.encode(),
            "query_string": query.encode(), "headers": [(k.encode(), v.encode()) for k, v in given.items()],
            "client": (peer, 40000), "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "",
        }  # fmt: skip
        messages = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            messages.append(message)

        asyncio.run(self.app(scope, receive, send))
        start = next(message for message in messages if message["type"] == "http.response.start")
        headers = http.client.HTTPMessage()
        for name, value in start["headers"]:
            headers[name.decode()] = value.decode()
        return Answer(start["status"], headers, b"".join(message.get("body", b"") for message in messages))

    def subscribe(self, address="ann@example.org", state=Subscribed.ACTIVE, digest="weekly", language="en"):
        now = self.clock()
        return self.store.subscribe(Subscription(0, digest, address, address, language, state, now, now, "test"))

    def path(self, kind, purpose, kept):
        return f"/{kind}/{make_token(self.sender.secret, purpose, kept.id, kept.digest)}"

    def state(self, kept):
        found = self.store.subscription(kept.id)
        return found.state, found.how

    def mails(self):
        """What the outbox has to send now, as (row, message); it is sent then."""
        claimed = self.store.claim("test", self.clock(), self.clock() + timedelta(minutes=5), 100)
        for row in claimed:
            self.store.mark_sent(row.id, Receipt(250, "ok"), self.clock())
        return [(row, message_from_bytes(row.body, policy=default)) for row in claimed]


@pytest.fixture
def make_door(make_world):
    """Makes a `Door`, over a world of its own if none is given; `trusted` are networks of reverse proxies."""
    return lambda world=None, **given: Door(world or make_world(), **given)


@pytest.fixture
def door(make_door):
    return make_door()
