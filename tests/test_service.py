"""The service as a process: it polls real feeds, publishes what falls due, mails it, serves it, and ends when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime

import pytest

from monitor.scheduler import STARTED
from monitor.store.open import open_store
from monitor.web.edition_page import undressed

PAGE = """<html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>
<p>{title}, a minister said in the capital, and named the first week of the month for the next steps of both countries.</p>
<p>Both delegations will bring engineers, and the harvest is to be over by then, according to the ministry of transport.</p></body></html>"""


def eventually(found, seconds=30.0):
    """The first truthy thing that `found` gives within so many seconds."""
    until = time.monotonic() + seconds
    while True:
        value = found()
        if value or time.monotonic() > until:
            return value
        time.sleep(0.05)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Service:
    """`monitor run` with quick ticks."""

    def __init__(self, home, environment):
        self.port = free_port()
        self.log = (home / "log").open("wb")
        quick = {
            "MONITOR_WEB__PORT": str(self.port),
            "MONITOR_SERVICE__POLL_TICK_S": "0.2",
            "MONITOR_SERVICE__PUBLISH_TICK_S": "0.2",
            "MONITOR_SERVICE__DELIVER_TICK_S": "0.2",
            "MONITOR_LOG_FORMAT": "json",
        }
        command = [sys.executable, "-m", "monitor", "run"]
        self.process = subprocess.Popen(command, cwd=home, env={**environment, **quick}, stdout=self.log, stderr=self.log)
        self.home = home

    def get(self, path):
        """(status, body), or None while nothing listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return None

    def events(self, name):
        lines = (self.home / "log").read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def terminate(self, seconds=10.0):
        """SIGTERM; (exit code, seconds it took)."""
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(seconds)
        return code, time.monotonic() - began

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.log.close()


@pytest.fixture
def start():
    made = []

    def make(home, monitor):
        made.append(Service(home, monitor.environment))
        return made[-1]

    yield make
    for service in made:
        service.close()


@pytest.fixture
def press(http_server):
    """A feed of two articles on loopback."""
    now = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    items = ""
    for number, title in enumerate(("Neighbours agreed on talks about the bridge", "Harvest ends early in the north")):
        link = http_server.url(f"/{number}.html")
        items += f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{now}</pubDate></item>"
        http_server.reply(
            f"/{number}.html", PAGE.format(title=title).encode(), headers={"Content-Type": "text/html; charset=utf-8"}
        )
    body = (
        f'<rss version="2.0"><channel><title>The Gazette</title><link>{http_server.url()}</link>{items}</channel></rss>'.encode()
    )
    http_server.reply("/feed.xml", body, headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})
    return http_server.url("/feed.xml")


@pytest.fixture
def monitor(small_home, monitor_here, mail_sink, press):
    home = small_home("home", {"gazette": press})
    made = monitor_here(
        home,
        MONITOR_SMTP__HOST="127.0.0.1",
        MONITOR_SMTP__PORT=str(mail_sink.port),
        MONITOR_MAIL__SENDER="digest@news.example.org",
    )
    made.home = home
    return made


def fall_due(home):
    """Write the schedule so that an edition fell due this very minute, in a service that has run for some days."""
    due = datetime.now(UTC).replace(second=0, microsecond=0)
    file = home / "digests" / "weekly" / "digest.yml"
    line = f'schedule: {{weekday: {due.strftime("%A").lower()}, time: "{due:%H:%M}", zone: UTC}}'
    lines = [line if old.startswith("schedule:") else old for old in file.read_text(encoding="utf-8").splitlines()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    store = open_store(f"sqlite:///{home}/var/monitor.db")
    store.set_setting(STARTED, (due - timedelta(days=3)).isoformat())
    store.close()


def test_the_service_polls_serves_tells_its_health_and_ends_within_ten_seconds(monitor, start):
    assert monitor("healthcheck", expect=1).stdout != "well\n"
    service = start(monitor.home, monitor)

    assert eventually(lambda: service.get("/healthz")) == (200, "ok\n")
    assert eventually(lambda: service.events("feed_polled")), "no poll within 30 s"
    assert service.get("/readyz")[0] == 200
    assert monitor("healthcheck").stdout == "well\n"
    articles = [json.loads(line) for line in monitor("articles", "list", "--json").stdout.splitlines()]
    assert [len(article["matches"]) for article in sorted(articles, key=lambda article: article["url"])] == [1, 0]
    assert eventually(lambda: json.loads(monitor("articles", "list", "--matched", "--json").stdout)["story"]), (
        "stories are tied by the next tick"
    )
    assert 'monitor_feed_polls_total{outcome="fetched"} 1.0' in service.get("/metrics")[1]

    code, seconds = service.terminate()
    assert code == 0
    assert seconds < 10
    assert [event["clean"] for event in service.events("service_stopped")] == [True]


def test_the_edition_that_is_due_is_mailed_once_stands_in_the_archive_and_its_reader_can_leave(
    monitor, monitor_here, start, mail_sink
):
    monitor("subscribers", "add", "weekly", "ann@example.org", "bob@example.org")
    monitor_here(monitor.home, MONITOR_NOW=(datetime.now(UTC) - timedelta(minutes=30)).isoformat())("poll", "--once")
    fall_due(monitor.home)
    service = start(monitor.home, monitor)

    assert eventually(lambda: len(mail_sink.mails) == 2)
    assert eventually(lambda: service.events("delivered"))
    outbox = [json.loads(line) for line in monitor("outbox", "list", "--json").stdout.splitlines()]
    assert {(row["recipient"], row["state"], row["attempt"]) for row in outbox} == {
        ("ann@example.org", "sent", 1),
        ("bob@example.org", "sent", 1),
    }
    mail = message_from_bytes(dict(mail_sink.mails)["ann@example.org"])
    assert mail["To"] == "ann@example.org"

    assert eventually(lambda: service.events("edition_frozen"))
    week = service.events("edition_frozen")[0]["week"]
    status, page = service.get(f"/weekly/{week}/en/")
    assert status == 200
    assert "bridge" in page
    folder = monitor.home / "out" / "weekly" / week / "en"
    assert (folder / "index.html").read_text(encoding="utf-8") == undressed(page)

    leave = mail["List-Unsubscribe"].split(">")[0].strip("<").partition("/u/")[2]
    request = urllib.request.Request(
        f"http://127.0.0.1:{service.port}/u/{leave}", data=b"List-Unsubscribe=One-Click", method="POST"
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200
    states = {
        row["address"]: (row["state"], row["how"])
        for row in map(json.loads, monitor("subscribers", "list", "--json").stdout.splitlines())
    }
    assert states == {"ann@example.org": ("ended", "one-click"), "bob@example.org": ("active", "command line")}
    assert service.terminate()[0] == 0
    assert len(mail_sink.mails) == 2
    assert len(service.events("edition_frozen")) == 1


def test_a_port_that_is_taken_ends_it_with_the_reason(monitor, start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monitor.environment["MONITOR_WEB__HOST"] = "127.0.0.1"
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "run"],
            cwd=monitor.home,
            env={**monitor.environment, "MONITOR_WEB__PORT": port},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 3
    assert "address already in use" in done.stderr
    assert port in done.stderr


def test_wrong_files_end_it_at_start_with_every_problem(monitor, monitor_in):
    (monitor.home / "rules" / "talks.yml").write_text("id: talks\n", encoding="utf-8")
    (monitor.home / "seeds" / "press.yml").write_text("feeds:\n  - {id: One}\n", encoding="utf-8")
    told = monitor_in(monitor.home)("run", expect=2).stderr
    assert "talks.yml" in told
    assert "press.yml" in told


def test_a_second_signal_is_no_harm_and_a_held_port_of_the_relay_no_reason_to_be_unwell(monitor, start):
    monitor("subscribers", "add", "weekly", "ann@example.org")
    monitor("publish", "weekly", "--week", "2019-W10")
    monitor.environment["MONITOR_SMTP__PORT"] = str(free_port())
    service = start(monitor.home, monitor)
    assert eventually(lambda: service.events("delivery_stopped"))
    assert "not available" in service.events("delivery_stopped")[0]["reason"]
    assert monitor("healthcheck").stdout == "well\n"
    os.kill(service.process.pid, signal.SIGINT)
    assert service.terminate()[0] == 0
    assert json.loads(monitor("outbox", "list", "--json").stdout)["state"] == "pending"


def test_told_to_end_in_the_middle_of_a_mail_it_lets_that_mail_come_to_its_reply_and_sends_no_other(monitor, start, mail_sink):
    monitor("subscribers", "add", "weekly", *(f"r{number}@example.org" for number in range(5)))
    monitor("publish", "weekly", "--week", "2019-W10")
    mail_sink.delay_s = 1.0
    service = start(monitor.home, monitor)
    assert mail_sink.thinking.wait(30)
    code, seconds = service.terminate()
    assert (code, seconds < 10) == (0, True)
    states = sorted(row["state"] for row in map(json.loads, monitor("outbox", "list", "--json").stdout.splitlines()))
    assert states == ["pending", "pending", "pending", "pending", "sent"]
    assert len(mail_sink.mails) == 1


def test_a_host_that_drips_does_not_hold_up_the_end(small_home, monitor_here, http_server, start):
    http_server.raw("/feed.xml", b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>", drip=b" ", drip_s=0.2)
    home = small_home("home", {"slow": http_server.url("/feed.xml")})
    monitor = monitor_here(home)
    service = start(home, monitor)
    assert eventually(lambda: http_server.requests)
    code, seconds = service.terminate()
    assert (code, seconds < 10) == (0, True)
    [feed] = [json.loads(line) for line in monitor("feeds", "list", "--json").stdout.splitlines()]
    assert (feed["state"], feed["failures"]) == ("new", 0), "it was we who left, not the feed that failed"
