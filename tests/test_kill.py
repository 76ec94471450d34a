"""kill -9 at random while polling, publishing and delivering: nothing is lost, nothing is there twice, no mail says two things."""

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.model.delivery import OutboxState
from monitor.settings import SmtpSettings
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery

BATCHES, KILLS_PER_BATCH, PAGES_PER_BATCH = 3, 10, 20
HOSTS = ("north", "south", "west")
START = datetime.fromisoformat("2019-03-04T06:00:00+00:00")
PEOPLE, MAIL_KILLS, PUBLISH_KILLS = 150, 30, 6
CONNECTIONS = SmtpSettings().connections
SEED = int(os.environ.get("MONITOR_TEST_SEED", "20190304"))


class Events:
    """Counts what happens in other threads; a test waits for the next few."""

    def __init__(self):
        self.count = 0
        self._changed = threading.Condition()

    def happened(self):
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait_for(self, count, timeout=20.0):
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= count, timeout), f"only {self.count} of {count}"


class Forked:
    """`monitor` in a child that can be killed."""

    def __init__(self, environment, log):
        self._log = log.open("ab")
        command = [sys.executable, str(Path(__file__).with_name("forked_monitor.py"))]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self._said = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._said.put(int(line))
        self._said.put(None)

    def start(self, *arguments, **environment):
        self._process.stdin.write(json.dumps({"arguments": arguments, "environment": environment}) + "\n")
        self._process.stdin.flush()
        self.pid = self._answer()

    def kill(self):
        """SIGKILL; True if it was still running."""
        os.kill(self.pid, signal.SIGKILL)
        return self.end() == -signal.SIGKILL

    def end(self):
        """The exit code, or the negative number of the signal."""
        return self._answer()

    def _answer(self):
        said = self._said.get(timeout=60)
        assert said is not None, Path(self._log.name).read_text()
        return said

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._reader.join()
        self._process.stdout.close()
        self._log.close()


@pytest.fixture
def forked(tmp_path):
    made = []

    def make(environment):
        made.append(Forked(environment, tmp_path / "log"))
        return made[-1]

    yield make
    for one in made:
        one.close()


def article(host, number):
    """A page that no other one resembles but the copies on the other hosts: every sixth is one of them."""
    words = random.Random(f"{host if number % 6 else 'wire'} {number}")
    sentences = [
        " ".join(
            words.choices(
                [
                    "river",
                    "market",
                    "council",
                    "harvest",
                    "bridge",
                    "winter",
                    "school",
                    "engine",
                    "harbour",
                    "orchard",
                    "signal",
                    "ledger",
                ],
                k=9,
            )
        )
        for _ in range(12)
    ]
    lead = "Neighbours agreed on talks." if number % 4 == 0 else "A plain day."
    text = "".join(f"<p>{lead} Number {words.randint(100, 999)}. {sentence.capitalize()}.</p>" for sentence in sentences)
    return f"Report {number} of {words.choice(['spring', 'autumn'])} {words.randint(1000, 9999)}", text


class Site:
    """Three hosts with a feed each; a batch of pages more in each batch. Every answer takes a little while."""

    def __init__(self):
        self.batch = 0
        self.asked = Events()
        site, delay = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                host = self.headers["Host"].partition(".")[0]
                site.asked.happened()
                delay.wait(0.004)
                kind, body = site.answer(host, self.path)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", f'"{site.batch}"')
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A killed client is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def answer(self, host, path):
        if path == "/robots.txt":
            return "text/plain", b""
        if path != "/feed.xml":
            title, text = article(host, int(path.strip("/")))
            return (
                "text/html; charset=utf-8",
                f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>".encode(),
            )
        items = "".join(self._item(host, number) for number in range((self.batch + 1) * PAGES_PER_BATCH))
        return "application/rss+xml", f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()

    def _item(self, host, number):
        link, at = f"http://{host}.example/{number}", START + timedelta(hours=number // PAGES_PER_BATCH * 3 - 1)
        return f"<item><title>{article(host, number)[0]}</title><link>{link}</link><guid>{link}</guid><pubDate>{format_datetime(at)}</pubDate></item>"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site():
    made = Site()
    yield made
    made.close()


def now_of(batch):
    return (START + timedelta(hours=3 * batch)).isoformat()


def kept(home):
    """What the database holds of articles, stories and feeds."""
    store = open_store(f"sqlite:///{home}/var/monitor.db")
    articles = store.articles(ArticleQuery())
    stories = store.stories([item.article.id for item in articles])
    feeds = {
        state.feed_id: (state.entries, state.failures, state.next_fetch_at, state.validators)
        for state in store.feed_states().values()
    }
    store.close()
    return articles, stories, feeds


@pytest.mark.slow
def test_polls_killed_at_random_store_what_an_undisturbed_run_stores(tmp_path, site, small_home, monitor_in, forked):
    chance = random.Random(SEED)
    feeds = {host: f"http://{host}.example/feed.xml" for host in HOSTS}
    homes = [small_home(name, feeds) for name in ("calm", "killed")]
    calm, killed = (
        forked(monitor_in(home, MONITOR_FETCH__CONNECT_TO=f"*.example=127.0.0.1:{site.port}").environment) for home in homes
    )
    kills = 0
    for batch in range(BATCHES):
        site.batch = batch
        for _ in range(KILLS_PER_BATCH):
            killed.start("poll", "--once", MONITOR_NOW=now_of(batch))
            site.asked.wait_for(site.asked.count + chance.randint(1, 5))
            threading.Event().wait(chance.uniform(0, 0.02))
            kills += killed.kill()
        for run in (killed, calm):
            run.start("poll", "--once", MONITOR_NOW=now_of(batch))
            assert run.end() == 0, (tmp_path / "log").read_text()

    (expected, expected_stories, expected_feeds), (articles, stories, states) = (kept(home) for home in homes)
    assert kills == BATCHES * KILLS_PER_BATCH
    assert len(expected) == len(HOSTS) * BATCHES * PAGES_PER_BATCH
    assert len({item.article.canonical_url for item in articles}) == len(articles), f"an article is there twice (seed {SEED})"
    by_id = {item.article.id: item for item in articles}
    assert by_id == {item.article.id: item for item in expected}, f"articles differ (seed {SEED})"
    assert stories == expected_stories, f"stories differ (seed {SEED})"
    assert len(set(stories.values())) < len(stories)
    assert states == expected_feeds, f"states of feeds differ (seed {SEED})"


class Record(list):
    """Mails as a relay took them."""

    def __init__(self):
        self.taken = Events()

    def append(self, mail):
        super().append(mail)
        self.taken.happened()

    def __iadd__(self, mails):
        for mail in mails:
            self.append(mail)
        return self


@pytest.mark.slow
def test_mail_killed_at_random_reaches_everybody_and_repeats_itself_to_the_letter(
    tmp_path, mail_sink, small_home, monitor_in, forked
):
    chance = random.Random(SEED)
    home = small_home("home", {"north": "http://north.example/feed.xml"})
    people = [f"reader{number}@example.org" for number in range(PEOPLE)]
    (home / "people.csv").write_text("address\n" + "\n".join(people), encoding="utf-8")
    monitor = monitor_in(
        home,
        MONITOR_NOW="2019-03-12T06:00:00+00:00",
        MONITOR_SMTP__HOST="127.0.0.1",
        MONITOR_SMTP__PORT=str(mail_sink.port),
        MONITOR_SMTP__RATE_PER_S="5000",
    )
    monitor("subscribers", "import", home / "people.csv", "--digest", "weekly")
    run = forked(monitor.environment)

    for _ in range(PUBLISH_KILLS):
        run.start("publish", "weekly", "--week", "2019-W10")
        threading.Event().wait(chance.uniform(0, 0.4))
        run.kill()
    run.start("publish", "weekly", "--week", "2019-W10")
    assert run.end() == 0, (tmp_path / "log").read_text()
    store = open_store(f"sqlite:///{home}/var/monitor.db")
    assert [edition.week for edition in store.editions()] == ["2019-W10"]
    assert sorted(row.recipient for row in store.outbox()) == sorted(people), (
        "each person has one message, or the edition is not there at all"
    )

    mail_sink.mails = record = Record()
    kills = 0
    for _ in range(MAIL_KILLS):
        run.start("deliver")
        record.taken.wait_for(record.taken.count + chance.randint(1, 4))
        threading.Event().wait(chance.uniform(0, 0.004))
        kills += run.kill()
    run.start("deliver")
    assert run.end() == 0, (tmp_path / "log").read_text()

    assert kills == MAIL_KILLS
    assert store.outbox_counts() == {OutboxState.SENT: PEOPLE}
    store.close()
    received = defaultdict(list)
    for recipient, content in record:
        received[recipient].append(content)
    assert sorted(received) == sorted(people), f"a mail is lost (seed {SEED})"
    assert all(len(set(contents)) == 1 for contents in received.values()), f"a repeated mail differs (seed {SEED})"
    identifiers = {message_from_bytes(contents[0])["Message-ID"] for contents in received.values()}
    assert len(identifiers) == PEOPLE, "two people share a Message-ID"
    # a kill meets at most one message on each connection between its last byte and its commit
    assert len(record) - PEOPLE <= kills * CONNECTIONS, f"more repeats than kills could make (seed {SEED})"


@pytest.mark.slow
def test_a_desk_killed_at_random_publishes_once_what_was_edited(tmp_path, small_home, monitor_in, forked):
    chance = random.Random(SEED)
    home = small_home("home", {"north": "http://north.example/feed.xml"})
    digest = home / "digests/weekly/digest.yml"
    digest.write_text(digest.read_text(encoding="utf-8").replace("review: none", "review: required"), encoding="utf-8")
    people = [f"reader{number}@example.org" for number in range(PEOPLE)]
    (home / "people.csv").write_text("address\n" + "\n".join(people), encoding="utf-8")
    monitor = monitor_in(home, MONITOR_NOW="2019-03-12T06:00:00+00:00")
    monitor("subscribers", "import", home / "people.csv", "--digest", "weekly")
    run = forked(monitor.environment)

    kills = []

    def killed_often(*arguments):
        for _ in range(PUBLISH_KILLS):
            run.start(*arguments)
            threading.Event().wait(chance.uniform(0, 0.3))
            with suppress(ProcessLookupError):  # it was done before
                os.kill(run.pid, signal.SIGKILL)
            kills.append(run.end() == -signal.SIGKILL)
        run.start(*arguments)
        return run.end()

    assert killed_often("publish", "weekly", "--week", "2019-W10") == 0, (tmp_path / "log").read_text()
    edited = monitor("desk", "show", "weekly", "--lang", "en").stdout.replace("{#note}\n", "{#note}\n\nRead with care.\n")
    (home / "edited.md").write_text(edited, encoding="utf-8")
    killed_often("desk", "edit", "weekly/2019-03-11", "--file", str(home / "edited.md"))
    store = open_store(f"sqlite:///{home}/var/monitor.db")
    assert len(store.draft("weekly/2019-03-11").edits["en"]) == 1, "the edit is there once, whether or not its command was killed"
    killed_often("desk", "approve", "weekly/2019-03-11")
    [draft] = store.drafts()
    assert draft.state.value == "out", (tmp_path / "log").read_text()
    [edition] = store.editions()
    assert "Read with care." in edition.renditions["en"].text
    assert sorted(row.recipient for row in store.outbox()) == sorted(people), "each person has one message"
    assert sum(kills) > PUBLISH_KILLS
    store.close()
