"""Chaos: a large edition, a relay that misbehaves and restarts, a sender that is killed again and again, readers who leave meanwhile.

    python tests/chaos/run.py                                   # 10,000 readers, 100 kills
    python tests/chaos/run.py --readers 500 --kills 10          # a short one

Real processes (`monitor deliver`, killed with SIGKILL), a real SQLite file, real sockets on loopback. The clock of each run is set on by
some minutes, so that what was put off falls due. Afterwards the history is read: who was accepted how often, and why.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bad_relay import BadRelay, Manners

from monitor.model.delivery import OutboxState, SendingState, Subscribed
from monitor.store.open import open_store

HERE = Path(__file__).parent
START = datetime.fromisoformat("2019-03-12T06:00:00+00:00")
MANNERS = Manners(soft=0.03, hard=0.003, closing=0.003, cut=0.003, deaf=0.01, think_s=0.01)
OPEN = (OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.DEFERRED)
RULE = """\
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
match:
  require: [talks]
  score:
    - {term: talks, weight: 2}
tests:
  should_match:
    - {lang: en, title: "Neighbours hold talks"}
  should_not_match:
    - {lang: en, title: "Harvest ends"}
"""
DIGEST = """\
id: weekly
title: {en: Talks weekly}
languages: [en]
schedule: {weekday: monday, time: "08:00", zone: Europe/Minsk}
sections:
  - {id: talks, title: {en: Talks}, rules: [talks], max_items: 3}
review: none
"""


@dataclass
class Report:
    """What a run came to; `broken` is empty where every promise held."""

    readers: int = 0
    kills: int = 0
    restarts: int = 0
    left: int = 0
    """Readers who left before the edition was claimed for them."""
    runs: int = 0
    accepted: int = 0
    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    doubles: int = 0
    doubles_unheard: int = 0
    """Of the doubles, those after a reply that the relay did not give."""
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    def __str__(self):
        return (
            f"{self.readers} readers, {self.kills} kills, {self.restarts} restarts of the relay, {self.runs} runs of the sender: "
            f"{self.sent} sent, {self.failed} refused for good, {self.suppressed} suppressed ({self.left} left before the claim); "
            f"{self.accepted} messages accepted, {self.doubles} of them again ({self.doubles_unheard} after a reply that was lost, "
            f"the others after a kill or a restart); {len(self.broken)} promises broken; {self.seconds:.0f} s"
        )


class Forked:
    """`monitor` in a child that can be killed, forked from a process that has everything imported."""

    def __init__(self, environment, log, script="forked_monitor.py"):
        self._log = log.open("ab")
        place = HERE if (HERE / script).exists() else HERE.parent
        command = [sys.executable, str(place / script)]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self._said = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.pid = 0

    def _read(self):
        for line in self._process.stdout:
            self._said.put(int(line))

    def start(self, *arguments, **environment):
        self._process.stdin.write(json.dumps({"arguments": arguments, "environment": environment}) + "\n")
        self._process.stdin.flush()
        self.pid = self._said.get(timeout=120)

    def kill(self) -> bool:
        """SIGKILL; True if it was still running."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.end() == -signal.SIGKILL

    def end(self, timeout=900) -> int:
        return self._said.get(timeout=timeout)

    def close(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._reader.join(10)
        self._process.stdout.close()
        self._log.close()


class Chaos:
    """One run in a folder of its own."""

    def __init__(self, folder: Path, readers: int, kills: int, seed: int, manners: Manners = MANNERS):
        self.home, self.kills, self.chance = folder / "home", kills, random.Random(seed)
        self.people = [f"r{number:05}@{'one' if number % 3 else 'two'}.test" for number in range(readers)]
        unknown = frozenset(self.chance.sample(self.people, max(1, readers // 200)))
        self.relay = BadRelay(manners, seed, unknown)
        self.report = Report(readers=readers)
        self.now = START
        self.gone: dict[str, tuple[str, float]] = {}
        """Who left → the state of their message right after that was acknowledged."""
        for path, text in {
            "rules/talks.yml": RULE,
            "digests/weekly/digest.yml": DIGEST,
            "seeds/press.yml": "feeds:\n  []\n",
            "people.csv": "address\n" + "\n".join(self.people) + "\n",
        }.items():
            (self.home / path).parent.mkdir(parents=True, exist_ok=True)
            (self.home / path).write_text(text, encoding="utf-8")
        ours = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        settings = {
            "MONITOR_HOME": str(self.home),
            "MONITOR_SECRET_KEY": "of a test",
            "MONITOR_SMTP__HOST": "127.0.0.1",
            "MONITOR_SMTP__PORT": str(self.relay.port),
            "MONITOR_SMTP__RATE_PER_S": "100000",
            "MONITOR_SMTP__TIMEOUT_S": "10",
            "MONITOR_LOG_FORMAT": "json",
            "COLUMNS": "200",
        }
        self.sender = Forked({**ours, **settings}, folder / "log")
        self.log = folder / "log"
        self.store = None

    def close(self):
        if self.store:
            self.store.close()
        self.sender.close()
        self.relay.close()

    def play(self, say=lambda _: None) -> Report:
        began = time.monotonic()
        self._do("subscribers", "import", str(self.home / "people.csv"), "--digest", "weekly")
        self._do("publish", "weekly", "--week", "2019-W10")
        self.store = open_store(f"sqlite:///{self.home}/var/monitor.db")
        say(f"published after {time.monotonic() - began:.0f} s")
        while self.report.kills < self.kills and self._open():
            self._run_and_kill()
            if self.report.kills % 10 == 0:
                say(f"{self.report.kills} kills, {len(self.relay.accepted)} accepted, {time.monotonic() - began:.0f} s")
        self.relay.manners = Manners()
        for _ in range(60):
            self._resume()
            if not self._open():
                break
            self._on(timedelta(minutes=30))
            self._start()
            self.sender.end()
        self._judge()
        self.report.seconds = time.monotonic() - began
        return self.report

    def _open(self) -> int:
        """Messages that are not at their end."""
        counts = self.store.outbox_counts()
        return sum(counts[state] for state in OPEN)

    def _do(self, *arguments):
        self.sender.start(*arguments, MONITOR_NOW=self.now.isoformat())
        code = self.sender.end()
        if code != 0:
            raise RuntimeError(f"{arguments} ended with {code}: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def _on(self, span):
        self.now += span

    def _start(self):
        self.report.runs += 1
        self.sender.start("deliver", MONITOR_NOW=self.now.isoformat())

    def _resume(self):
        for one in self.store.sendings((SendingState.PAUSED, SendingState.MISSED)):
            self.store.resume_sending(one.edition, self.now, late=True)

    def _run_and_kill(self):
        """One run of the sender, with a few accidents; killed after so many messages that all kills together see the whole edition."""
        self._on(timedelta(minutes=5))
        self._resume()
        share = self._open() // (self.kills - self.report.kills + 1)
        begun = len(self.relay.accepted)
        self._start()
        wanted = begun + self.chance.randint(0, share)
        if self.chance.random() < 0.3:
            self.relay.wait_for((begun + wanted) // 2, 3)
            self.relay.restart(self.chance.uniform(0, 0.3))
            self.report.restarts += 1
        for _ in range(self.chance.randint(0, 4)):
            self._leave()
        self.relay.wait_for(wanted, 5)
        time.sleep(self.chance.uniform(0, 0.02))
        self.report.kills += self.sender.kill()

    def _leave(self):
        """Somebody unsubscribes; what state their message is in once that is acknowledged decides whether they may still get it."""
        person = self.chance.choice(self.people)
        if person in self.gone:
            return
        [one] = self.store.subscriptions(canonical=person)
        self.store.set_subscription(one.id, Subscribed.ENDED, self.now, "one-click")
        [row] = self.store.outbox(recipient=person)
        self.gone[person] = (row.state.value, time.monotonic())

    def _judge(self):
        report, broken = self.report, self.report.broken
        rows = {row.recipient: row for row in self.store.outbox()}
        states = Counter(row.state for row in rows.values())
        report.sent, report.failed = states[OutboxState.SENT], states[OutboxState.FAILED]
        report.suppressed = states[OutboxState.SUPPRESSED]
        report.accepted = len(self.relay.accepted)
        copies = defaultdict(list)
        for one in self.relay.accepted:
            copies[one.recipient].append(one)
        if set(rows) != set(self.people):
            broken.append(f"{len(set(self.people) - set(rows))} readers have no message")
        for person, row in rows.items():
            self._judge_one(person, row, copies[person])
        for person, (state, left_at) in self.gone.items():
            if state in ("pending", "deferred"):
                report.left += 1
                # what was taken before they left is not taken back, also where a killed sender had no time to write it down;
                # what a killed sender had said before is taken when it is read, and nobody hears the answer
                if any(one.heard and one.at > left_at for one in copies[person]):
                    broken.append(f"{person} left while the message was {state}, and got it")
        unheard = sum(not one.heard for one in self.relay.accepted)
        most = unheard + 2 * (report.kills + report.restarts)  # two connections at work at each kill
        if report.kills < self.kills:
            broken.append(f"only {report.kills} kills before everything was sent: choose more readers")
        if report.doubles > most:
            broken.append(f"{report.doubles} doubles, and only {most} occasions for one")

    def _judge_one(self, person, row, copies):
        report, broken = self.report, self.report.broken
        if row.state not in (OutboxState.SENT, OutboxState.FAILED, OutboxState.SUPPRESSED):
            broken.append(f"{person} is {row.state} at the end: {row.smtp_text}")
        if row.state is OutboxState.SENT and not copies:
            broken.append(f"{person} is called sent and got nothing")
        if row.state is OutboxState.FAILED and person not in self.relay.refused:
            broken.append(f"{person} failed and was never refused: {row.smtp_text}")
        if row.state is OutboxState.SUPPRESSED and person not in self.gone:
            broken.append(f"{person} was suppressed and never left")
        if len({(one.message_id, one.digest) for one in copies}) > 1:
            broken.append(f"{person} got copies that differ")
        report.doubles += max(0, len(copies) - 1)
        report.doubles_unheard += sum(not one.heard for one in copies[:-1])


def play(readers: int, kills: int, seed: int, say=lambda _: None) -> Report:
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        chaos = Chaos(Path(name), readers, kills, seed)
        try:
            return chaos.play(say)
        finally:
            chaos.close()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--readers", type=int, default=10_000)
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    report = play(options.readers, options.kills, options.seed, lambda words: print(words, file=sys.stderr, flush=True))
    print("\n".join(report.broken[:20]))
    print(report)
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
