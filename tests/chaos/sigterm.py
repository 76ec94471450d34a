"""The service is told to end, again and again, at random moments with its outbox full: nothing is lost, nothing is sent twice.

    python tests/chaos/sigterm.py               # 50 times
    python tests/chaos/sigterm.py --times 5

A real `monitor run` on loopback before a relay that does nothing wrong: here a double has no excuse.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import run as chaos

from monitor.model.delivery import OutboxState

EACH = 30
"""Messages for each time, so that the outbox is full at every one."""


@dataclass
class Report:
    """What it came to: exit codes, messages lost and doubled, the longest wait for an end."""

    times: int = 0
    readers: int = 0
    lost: int = 0
    doubled: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    longest_s: float = 0.0
    left_claimed: int = 0
    """Times after which a claim was left behind."""

    def __str__(self):
        return (
            f"told to end {self.times} times with {self.readers} messages: {self.lost} lost, {self.doubled} doubled; exit codes "
            f"{dict(self.codes)}, the longest end took {self.longest_s:.1f} s, claims left behind {self.left_claimed} times"
        )


def play(times: int, seed: int = 1) -> Report:
    """Start the service so often, and once more to finish."""
    chance = random.Random(seed)
    report = Report(times=times, readers=EACH * times)
    with tempfile.TemporaryDirectory(prefix="sigterm-") as name:
        made = chaos.Chaos(Path(name), report.readers, 0, seed, chaos.Manners(think_s=0.01))
        made.relay.unknown = frozenset()
        try:
            made._do("subscribers", "import", str(made.home / "people.csv"), "--digest", "weekly")
            made._do("publish", "weekly", "--week", "2019-W10")
            made.store = chaos.open_store(f"sqlite:///{made.home}/var/monitor.db")
            for _ in range(times):
                told_at = chance.randint(1, 2 * EACH - 10)
                _end_once(made, report, told_at, chance.uniform(0, 0.03))
            _end_once(made, report, 10**9, 0.0)
            report.codes[0] -= 1  # of the last run, which was for the rest
            _judge(made, report)
        finally:
            made.close()
    return report


def _end_once(made: chaos.Chaos, report: Report, after: int, then_s: float) -> None:
    """Start the service, let it send, tell it to end; it must do so by itself."""
    wanted = min(len(made.relay.accepted) + after, report.readers)
    made.sender.start(
        "run",
        MONITOR_NOW=made.now.isoformat(),
        MONITOR_WEB__PORT="0",
        MONITOR_SERVICE__DELIVER_TICK_S="0.2",
        MONITOR_SERVICE__PROCESSES="0",
    )
    made.relay.wait_for(wanted, 120)
    time.sleep(then_s)
    began = time.monotonic()
    with suppress(ProcessLookupError):
        os.kill(made.sender.pid, signal.SIGTERM)
    report.codes[made.sender.end(90)] += 1
    report.longest_s = max(report.longest_s, time.monotonic() - began)
    report.left_claimed += made.store.outbox_counts()[OutboxState.CLAIMED] > 0


def _judge(made: chaos.Chaos, report: Report) -> None:
    copies = Counter(one.recipient for one in made.relay.accepted)
    rows = {row.recipient: row.state for row in made.store.outbox()}
    report.lost = sum(not copies[person] or rows[person] is not OutboxState.SENT for person in made.people)
    report.doubled = sum(count > 1 for count in copies.values())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--times", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    report = play(options.times, options.seed)
    print(report)
    return 1 if report.lost or report.doubled or set(+report.codes) != {0} else 0


if __name__ == "__main__":
    sys.exit(main())
