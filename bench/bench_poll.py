"""What a poll costs: CPU per feed beside lemon24/reader on the same loopback server, slow feeds among quick ones, memory.

Ratios of one run; CPU seconds of the whole process with its children, least of several rounds. The peer is installed from the package
registry into an environment of its own at the first run (var/bench-reader). Run: .venv/bin/python bench/bench_poll.py [--quick]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor import bootstrap, pipeline
from monitor.model.feed import Feed
from monitor.model.fetch import PollOutcome
from monitor.rules.engine import Engine
from monitor.settings import Settings

HERE = Path(__file__).parent
PEER = ("reader==3.26", "sgmllib3k")  # the second: its vendored feedparser wants sgmllib, and nothing names it
PATTERN = "http://127.1.{{b}}.{{c}}:{port}/feed/{{n}}"
ROUNDS = 5


class Clock:
    """Stands still during a poll; two hours pass between two."""

    def __init__(self):
        self.at = datetime(2026, 2, 1, 9, tzinfo=UTC)

    def __call__(self):
        return self.at


def feeds(port, count, kind="feed", first=0):
    net = {"feed": 1, "drip": 2}[kind]
    return [
        Feed(id=f"{kind}{n}", url=f"http://127.{net}.{n // 250}.{n % 250 + 1}:{port}/{kind}/{n}", name=f"{kind} {n}")
        for n in range(first, first + count)
    ]


def cpu_s():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def farm():
    process = subprocess.Popen([sys.executable, str(HERE / "feed_farm.py")], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def set_version(port, version):
    urllib.request.urlopen(f"http://127.0.0.1:{port}/version/{version}").read()


@contextmanager
def poller(catalogue, *, rules=True, **fetch):
    """The real thing over a database file: gives a function that polls once. Without `rules` it only reads, as feed readers do."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            home=Path(folder),
            database_url=f"sqlite:///{folder}/bench.db",
            fetch={"allow_private": "127.0.0.0/8", "host_delay_s": 0, **fetch},
        )
        clock = Clock()
        files = replace(bootstrap.load_shipped(), feeds=tuple(catalogue))
        if not rules:
            files = replace(files, engine=Engine(replace(files.engine.ruleset, rules=(), named=())))
        parts = bootstrap.build(settings, clock=clock, files=files)
        bootstrap.settle()  # as the service does once it has started

        def poll():
            clock.at += timedelta(hours=2)
            return pipeline.poll(parts)

        yield poll
        parts.compute.close()
        parts.store.close()


def expect(report, outcome, count):
    found = report.count(outcome)
    assert found == count, f"{found} of {count} {outcome}: {[poll.reason for poll in report.polls][:3]}"


def ours(port, count, *, rules):
    """CPU seconds per feed: (unchanged, changed by one entry of 30, first poll)."""
    set_version(port, 0)
    with poller(feeds(port, count), rules=rules) as poll:
        start = cpu_s()
        expect(poll(), PollOutcome.FETCHED, count)
        first, unchanged, changed = cpu_s() - start, [], []
        for version in range(1, ROUNDS + 1):
            start = cpu_s()
            expect(poll(), PollOutcome.NOT_MODIFIED, count)
            unchanged.append(cpu_s() - start)
            set_version(port, version)
            start = cpu_s()
            report = poll()
            changed.append(cpu_s() - start)
            expect(report, PollOutcome.FETCHED, count)
            assert report.new_articles == count, report.new_articles
    return min(unchanged) / count, min(changed) / count, first / count


def peer_python():
    folder = HERE.parent / "var" / "bench-reader"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEER], check=True)
        (folder / "ready").touch()
    return python


def theirs(port, count):
    """The same of reader."""
    set_version(port, 0)
    with tempfile.TemporaryDirectory() as folder:
        command = [peer_python(), HERE / "peer_reader.py", f"{folder}/reader.db", PATTERN.format(port=port), count]
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def update(entries):
            process.stdin.write("\n")
            process.stdin.flush()
            spent, failed, total = process.stdout.readline().split()
            assert (int(failed), int(total)) == (0, entries), (failed, total, entries)
            return float(spent)

        first, unchanged, changed = update(30 * count), [], []
        for version in range(1, ROUNDS + 1):
            unchanged.append(update((29 + version) * count))
            set_version(port, version)
            changed.append(update((30 + version) * count))
        process.stdin.close()
        process.wait()
    return min(unchanged) / count, min(changed) / count, first / count


def goal(words, value, most):
    print(f"{'met   ' if value <= most else 'MISSED'} {words}: {value:.2f} (goal ≤ {most:.2f})", flush=True)


def compare(port, count):
    mine, peer = ours(port, count, rules=False), theirs(port, count)
    for name, our, their in zip(("unchanged", "changed", "first poll"), mine, peer, strict=True):
        print(f"{name:<10} monitor {our * 1000:6.2f} ms CPU per feed   reader {their * 1000:6.2f} ms   ratio {our / their:.2f}")
    ruled = ours(port, count // 4, rules=True)
    print(
        f"{'changed':<10} with the shipped rules applied to the new article: {ruled[1] * 1000:.2f} ms, ratio {ruled[1] / peer[1]:.2f}"
    )
    goal("unchanged feed, of reader's CPU", mine[0] / peer[0], 1 / 3)
    goal("changed feed (1 new entry of 30), of reader's CPU", mine[1] / peer[1], 1 / 5)


def slow_among_quick(port, count, drips):
    """Wall seconds of a poll of `count` feeds, without and with slow ones among them whose deadline is a second."""
    seconds = []
    for slow in (0, drips):
        catalogue = feeds(port, count) + feeds(port, slow, "drip")
        step = max(len(catalogue) // (slow or 1), 1)
        catalogue = [feed for start in range(step) for feed in catalogue[start::step]]
        with poller(catalogue, rules=False, total_timeout_s=1, pages_per_poll=1) as poll:
            poll()  # the first poll stores the entries
            start = time.monotonic()
            report = poll()
            seconds.append(time.monotonic() - start)
            expect(report, PollOutcome.FAILED, slow)
            assert len(report.polls) == count + slow
    print(f"{count} feeds in {seconds[0]:.1f} s, with {drips} that drip for ever in {seconds[1]:.1f} s")
    goal(f"{drips} feeds that drip for ever among {count}, of the time without them", seconds[1] / seconds[0], 1.1)


def memory(port, count):
    """Peak memory of a poll of many feeds, in a process of its own; and what three more polls add."""
    command = [sys.executable, __file__, "--memory", f"{port}", f"{count}"]
    first, peak, later = map(int, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    print(
        f"poll of {count} feeds: {first / 1024:.0f} MiB before it, {peak / 1024:.0f} MiB at its peak, {later / 1024:.0f} MiB after three more"
    )
    goal(f"peak memory of a poll of {count} feeds, MiB", peak / 1024, 250)
    goal("memory after three more polls, of the peak of the first", later / peak, 1.1)


def measure_memory(port, count):
    with poller(feeds(port, count), rules=True, pages_per_poll=1) as poll:
        sizes = [peak_kib()]
        poll()
        sizes.append(peak_kib())
        for _ in range(3):
            poll()
        sizes.append(peak_kib())
    print(*sizes)


def peak_kib():
    """The most memory this process has held, by the kernel's count for its present program; it starts no children."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="fewer feeds: to see that it runs")
    arguments.add_argument("--memory", nargs=2, type=int, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.memory:
        measure_memory(*given.memory)
        return
    with farm() as port:
        compare(port, 40 if given.quick else 300)
        slow_among_quick(port, *((200, 2) if given.quick else (2000, 20)))
        memory(port, 500 if given.quick else 5000)


if __name__ == "__main__":
    main()
