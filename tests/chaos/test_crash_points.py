"""The sender ends at every single point where it touches the world, one after another; the next one puts it right each time."""

import importlib.util
import itertools
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from monitor.model.delivery import OutboxState
from monitor.store.open import open_store

spec = importlib.util.spec_from_file_location("chaos_run", Path(__file__).with_name("run.py"))
chaos = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = chaos
sys.path.insert(0, str(Path(__file__).parent))
spec.loader.exec_module(chaos)

NOW = "2019-03-12T06:00:00+00:00"
PEOPLE = ("ann@one.test", "bob@one.test")
MOST = 200
"""No run has so many points of one kind."""


@pytest.fixture
def relay(request):
    made = chaos.BadRelay(pipelining=request.param)
    yield made
    made.close()


@pytest.fixture
def home(tmp_path):
    files = {
        "rules/talks.yml": chaos.RULE,
        "digests/weekly/digest.yml": chaos.DIGEST,
        "seeds/press.yml": "feeds:\n  []\n",
        "people.csv": "address\n" + "\n".join(PEOPLE) + "\n",
    }
    for path, text in files.items():
        (tmp_path / "home" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home" / path).write_text(text, encoding="utf-8")
    return tmp_path / "home"


@pytest.fixture
def monitor(home, relay, tmp_path, monitor_in):
    """Runs a command, with the point at which it ends; gives its exit code."""
    environment = monitor_in(
        home,
        MONITOR_NOW=NOW,
        MONITOR_SMTP__HOST="127.0.0.1",
        MONITOR_SMTP__PORT=str(relay.port),
        MONITOR_SMTP__RATE_PER_S="100000",
        MONITOR_SMTP__CONNECTIONS="1",
    ).environment
    forked = chaos.Forked(environment, tmp_path / "log", "crashing_monitor.py")

    def run(*arguments, at=""):
        forked.start(*arguments, MONITOR_CRASH_AT=at)
        return forked.end(60)

    yield run
    forked.close()


def each_point(kind):
    return (f"{kind}:{number}" for number in itertools.count(1))


def fresh(home, kept):
    """The database as it was."""
    shutil.rmtree(home / "var")
    shutil.copytree(kept, home / "var")


def rows(home):
    store = open_store(f"sqlite:///{home}/var/monitor.db")
    found = {row.recipient: row for row in store.outbox()}
    editions = store.editions()
    store.close()
    return found, editions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "relay"),
    [("write", True), ("written", True), ("connect", True), ("sent", True), ("send", False), ("heard", False)],
    indirect=["relay"],
    ids=lambda value: {True: "pipelining", False: "one command at a time"}.get(value, value),
)
def test_delivery_that_ends_anywhere_is_finished_by_the_next(home, relay, monitor, kind, tmp_path):
    assert monitor("subscribers", "import", str(home / "people.csv"), "--digest", "weekly") == 0
    assert monitor("publish", "weekly", "--week", "2019-W10") == 0
    shutil.copytree(home / "var", tmp_path / "kept")
    ended, again = 0, []
    for at in itertools.islice(each_point(kind), MOST):
        fresh(home, tmp_path / "kept")
        relay.accepted.clear()
        code = monitor("deliver", at=at)
        if code == 0:
            break
        assert code == -signal.SIGKILL, at
        ended += 1
        taken_before = Counter(one.recipient for one in relay.accepted)
        assert monitor("deliver") == 0, at
        found, _ = rows(home)
        assert {row.state for row in found.values()} == {OutboxState.SENT}, at
        taken = Counter(one.recipient for one in relay.accepted)
        assert set(taken) == set(PEOPLE), f"{at}: somebody got nothing"
        doubles = [person for person, count in taken.items() if count > 1]
        assert sum(taken.values()) <= len(PEOPLE) + 1, f"{at}: more than one message twice"
        assert all(taken_before[person] == 1 for person in doubles), f"{at}: twice although it was not taken before the end"
        assert len({(one.recipient, one.message_id, one.digest) for one in relay.accepted}) == len(PEOPLE), f"{at}: copies differ"
        again += [at] if doubles else []
    assert ended >= (1 if kind == "connect" else len(PEOPLE)), f"{kind}: the fuse never burnt"
    # between the dot and the commit, and nowhere else: one point a message (an answer may be heard in two pieces)
    allowed = {"write": 1, "written": 0, "connect": 0, "send": 0, "sent": 1, "heard": 2}[kind] * len(PEOPLE)
    assert len(again) <= allowed, f"doubles at {again}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["write", "written"])
@pytest.mark.parametrize("relay", [True], indirect=True, ids=["any relay"])
def test_publishing_that_ends_anywhere_leaves_the_whole_edition_or_none(home, relay, monitor, kind, tmp_path):
    assert monitor("subscribers", "import", str(home / "people.csv"), "--digest", "weekly") == 0
    shutil.copytree(home / "var", tmp_path / "kept")
    ended = 0
    for at in itertools.islice(each_point(kind), MOST):
        fresh(home, tmp_path / "kept")
        code = monitor("publish", "weekly", "--week", "2019-W10", at=at)
        if code == 0:
            break
        assert code == -signal.SIGKILL, at
        ended += 1
        found, editions = rows(home)
        assert (len(found), len(editions)) in {(0, 0), (len(PEOPLE), 1)}, f"{at}: half an edition"
        assert monitor("publish", "weekly", "--week", "2019-W10") == 0, at
        found, editions = rows(home)
        assert (sorted(found), len(editions)) == (sorted(PEOPLE), 1), at
    assert ended >= 1, "the fuse never burnt"
