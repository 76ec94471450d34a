"""The site over a small world, served on loopback as the service serves it."""

import http.client
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass

import pytest

from monitor import pipeline
from monitor.delivery.tokens import Purpose, make_token
from monitor.digests.due import due_of_week
from monitor.metrics import Metrics
from monitor.model.delivery import Subscribed, Subscription
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
    """Makes a served site: `make_site(metrics_token="…")`."""
    ends = []

    def make(metrics_token=""):
        world = make_world("north")
        world.out = tmp_path / "out"
        world.article("north", "1", "Talks agreed", BODY)
        pipeline.poll(world.parts)
        metrics = Metrics()
        metrics.watch(world.store)
        site = Site(world.store, lambda: world.parts.files, world.parts.sender, world.clock, metrics, metrics_token)
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
