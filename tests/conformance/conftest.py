"""A whole service that polls a scripted server on loopback under a clock that only the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest

from monitor import pipeline
from monitor.bootstrap import load_files
from monitor.feeds.http import HttpFetcher
from monitor.model.fetch import FetchPolicy
from monitor.settings import Settings
from monitor.store.promises import ArticleQuery
from monitor.testing import FixedClock, fake_parts

START = datetime(2019, 3, 6, 9, tzinfo=UTC)
FEED = "/feed.xml"


@dataclass
class Ticks:
    """A monotonic clock that only sleeping moves, or each look by `step_s`."""

    now: float = 1000.0
    step_s: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self):
        self.now += self.step_s
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


class Service:
    """`poll` as the service does it: real fetcher, parser, extraction and database; all hosts lead to the scripted server."""

    def __init__(self, files, server, **policy):
        self.clock, self.ticks, self.server = FixedClock(START), Ticks(), server
        connect_to = {"*": f"127.0.0.1:{server.port}"}
        self.policy = FetchPolicy(**{"connect_to": connect_to, "allow_private": (ip_network("127.0.0.0/8"),)} | policy)
        parts = fake_parts(files, fetcher=None, clock=self.clock)
        self.parts = replace(parts, policy=self.policy, jitter=0.0)
        self.restart()

    def restart(self):
        """Another process on the same database."""
        ticks = self.ticks
        fetcher = HttpFetcher(self.policy, monotonic=ticks.monotonic, sleep=ticks.sleep, wall=self.clock)
        self.parts = replace(self.parts, fetcher=fetcher)

    def poll(self, *wanted, **after):
        """Go on by a span (`hours=2`), look at what is due; the one poll where there is one feed, else polls by feed."""
        self.clock.advance(timedelta(**after))
        polls = {poll.feed.id: poll for poll in pipeline.poll(self.parts, wanted).polls}
        return next(iter(polls.values())) if len(polls) == 1 else polls

    def state(self, feed="north"):
        return self.parts.store.feed_states()[feed]

    def articles(self):
        return [item.article for item in self.parts.store.articles(ArticleQuery())]

    def sent(self, target=FEED):
        return [request for request in self.server.requests if request.target == target]

    def header(self, name, target=FEED):
        """What each request to `target` sent under `name`."""
        return [request.headers.get(name) for request in self.sent(target)]

    def feed(self, entries=(("", "News without a page"),), *, target=FEED, head="", **answer):
        """Script a feed of (path or link, title) or (path or link, title, further elements)."""
        self.server.reply(target, rss(entries, head), **answer)

    def page(self, target, words="The neighbours agreed on talks, the minister said after a long day of meetings. ", **answer):
        """Script an article."""
        body = f"<html lang='en'><head><title>T</title></head><body><h1>T</h1><p>{words * 8}</p></body></html>"
        self.server.reply(target, body.encode(), headers={"Content-Type": "text/html; charset=utf-8"}, **answer)


def rss(entries=(), head=""):
    items = "".join(f"<item><title>{title}</title><link>{link}</link>{''.join(more)}</item>" for link, title, *more in entries)
    text = f'<rss version="2.0"><channel><title>North</title><link>http://north.example/</link>{head}{items}</channel></rss>'
    return text.encode()


@pytest.fixture
def make_service(small_home, http_server):
    """Makes a `Service`: `make_service({feed id: url}, policy field=…)`; without feeds, one at north.example/feed.xml."""
    made = []

    def make(feeds=None, **policy):
        home = small_home(f"home{len(made)}", feeds or {"north": f"http://north.example{FEED}"})
        made.append(Service(load_files(Settings(home=home)), http_server, **policy))
        return made[-1]

    yield make
    for service in made:
        service.parts.store.close()


@pytest.fixture
def service(make_service):
    """A `Service` with one feed, "north"."""
    return make_service()


@pytest.fixture
def dated():
    """A date element for an entry, so many hours before the start."""
    return lambda hours=0.0: f"<pubDate>{format_datetime(START - timedelta(hours=hours))}</pubDate>"


@pytest.fixture
def rss_of():
    """The bytes of a feed: `rss_of(entries, head)`."""
    return rss
