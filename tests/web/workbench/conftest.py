"""The workbench over a small desk, served on loopback as the service serves it, and browsers that ask it."""

import contextlib
import html
import http.client
import re
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from monitor.metrics import Metrics
from monitor.model.article import Article, DateSource, Source
from monitor.model.feed import FeedState
from monitor.polling import document_of
from monitor.settings import Settings
from monitor.web.app import Site, make_app
from monitor.web.server import serve
from monitor.web.workbench.made import workbench_of
from monitor.web.workbench.passwords import hashed

BODY = "The harvest ended early this year, the ministry said after a long summer without rain in the south.\n" * 4
PASSWORD = "correct horse battery"
CHEAP = (16, 1, 1)
HASHES = {"ann": hashed(PASSWORD, CHEAP), "bob": hashed("staple of another kind", CHEAP)}
NOBODY = hashed("nobody at all", CHEAP)


def article(number, title, text, now):
    url, seen = f"https://north.example/{number}", now - timedelta(hours=2 + number)
    source = Source("north", "The North")
    return Article(
        f"a{number}", "north", url, url, url, url, title, text, "en", True, seen, DateSource.FEED, seen, source, content_hash=url
    )


class Answer:
    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def plain(self):
        """What a reader sees, on one line."""
        return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)).split())

    @property
    def location(self):
        return self.headers["Location"]


class Browser:
    """Asks the workbench and keeps its cookie; redirects are answers like others."""

    def __init__(self, port):
        self.port, self.cookie = port, ""

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def post(self, path, fields=(), **headers):
        """Post a form, with the token of the login unless one is given."""
        fields = {"csrf": self.csrf, **dict(fields)} if self.cookie else dict(fields)
        return self.ask(
            "POST", path, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    def ask(self, method, path, body=None, headers=None):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
            connection.request(method, path, body, {**({"Cookie": self.cookie} if self.cookie else {}), **given})
            answer = Answer(connection.getresponse())
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    def log_in(self, name="ann", password=PASSWORD):
        answer = self.post("/desk/login/", {"name": name, "password": password})
        assert answer.status == 303, answer.plain
        self.csrf = re.search(r'name="csrf" value="(\w+)"', self.get("/desk/rules/").text)[1]
        return self

    def fields(self, name="talks.yml"):
        """What the form of a rule's page holds."""
        page = self.get(f"/desk/rules/{name}/").text
        text = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])
        return {"yaml": text, "base": re.search(r'name="base" value="(\w*)"', page)[1], "days": "28"}

    def send(self, action, name="talks.yml", **fields):
        """Press a button of a rule's page."""
        return self.post(f"/desk/rules/{name}/{action}", {**self.fields(name), **fields})

    def save(self, text, why="", name="talks.yml"):
        return self.send("save", name, yaml=text, why=why)


@pytest.fixture
def make_desk(make_world, tmp_path):
    """Makes a served desk with the rule "talks" and a few articles; settings of `web` as keywords."""
    ends = []

    def make(*, articles=None, base_url="http://localhost:8080", proxies=(), editors=HASHES, **web):
        world = make_world("north")
        told = articles or [("Talks agreed", BODY), ("Harvest ends", BODY), ("Negotiators meet", BODY)]
        made = [article(number, title, body, world.clock()) for number, (title, body) in enumerate(told)]
        engine = world.parts.files.engine
        world.store.save_poll([(one, engine.analyse(document_of(one))) for one in made], FeedState("north"))
        home = tmp_path / "world0"
        lines = ",".join(f"{name}:{known}" for name, known in editors.items())
        settings = Settings(home=home, base_url=base_url, web={"editors": lines, "trusted_proxies": proxies, **web})
        reloads = []
        bench = workbench_of(settings, b"secret", lambda: reloads.append(1), lambda: world.parts)
        sender = replace(world.parts.sender, base_url=base_url)
        site = Site(
            world.store,
            lambda: world.parts.files,
            sender,
            world.clock,
            Metrics(),
            "",
            settings.web.trusted_proxies,
            workbench=bench,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        stopping = threading.Event()
        thread = threading.Thread(target=serve, args=(make_app(site), "127.0.0.1", port, stopping))
        thread.start()
        ends.append((stopping, thread))
        wait_for(port)
        return SimpleNamespace(
            world=world,
            store=world.store,
            bench=bench,
            reloads=reloads,
            rules=home / "rules",
            rule=home / "rules" / "talks.yml",
            browser=lambda: Browser(port),
            later=lambda **span: world.clock.advance(timedelta(**span)),
        )

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
def desk(make_desk):
    """A served desk with two editors, ann and bob."""
    return make_desk()


@pytest.fixture
def ann(desk):
    """ann's browser, logged in."""
    return desk.browser().log_in()


@pytest.fixture
def password():
    """That of ann."""
    return PASSWORD


@pytest.fixture(autouse=True)
def quick_nobody(monkeypatch):
    """Who does not exist is held against a hash as cheap as those of the tests."""
    monkeypatch.setattr("monitor.web.workbench.login.nobody", lambda: NOBODY)


@pytest.fixture
def told(monkeypatch):
    """What is written to the log: (event, facts)."""
    found = []
    for module in ("login", "saving", "teaching"):
        monkeypatch.setattr(f"monitor.web.workbench.{module}.log", lambda event, **facts: found.append((event, facts)))
    monkeypatch.setattr("monitor.web.workbench.login.warn", lambda event, **facts: found.append((event, facts)))
    return found
