"""Messages a second into a real Postfix, beside a plain smtplib loop in the same run; and what one reader costs before that.

    python bench/bench_mail.py [--quick]

Postfix runs on loopback with its own configuration (tests/postfix/instance.py) and throws all mail away after queueing it. Both sides send
the same frozen bytes (65 kB, an edition in Russian) over reused connections. The loop remembers nothing; ours claims each message, and
writes each reply durably (SQLite, synchronous=FULL) before the next, with a limit that is never reached, as the service has one. Others
use the machine too: rounds are short and take turns; the best of each side is compared, and the median of the ratios of neighbours.
Over a line of 20 ms each way, which a small proxy makes, what counts is how often the two wait for one another.
"""

import argparse
import asyncio
import contextlib
import importlib.util
import multiprocessing
import os
import smtplib
import socket
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from monitor.delivery.copies import copier
from monitor.delivery.message import Letter, build_message
from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.digests.render.rendition import render_edition
from monitor.model.delivery import OutboxState, SenderIdentity, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition, Rendition
from monitor.model.pace import Pace
from monitor.store.open import open_store
from monitor.worker import Delivery, Rates, deliver

ROOT = Path(__file__).parent.parent
NOW = datetime(2019, 3, 11, 5, tzinfo=UTC)
SENDER = SenderIdentity(
    "digest@news.test", "Monitor", "news.test", "https://news.test", b"a bench's secret", bounce="b@news.test"
)
DELAY_S = 0.020
UNREACHED = Pace(1e6, 1e6)


def loaded(name, path):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def letter(turn, language="ru"):
    """The sample edition as it is mailed, of another week each time."""
    page, text = (
        (ROOT / "tests/golden/editions" / f"sample.{language}.mail.{kind}").read_text(encoding="utf-8")
        for kind in ("html", "txt")
    )
    rendition = Rendition(language, "Обзор безопасности, 10-я неделя", "", "", "", "{}", "", page, text)
    key = date(2019, 3, 11) + timedelta(days=7 * turn)
    window = Window(NOW - timedelta(days=7), NOW, f"2019-W{turn:02}", date(2019, 3, 4), date(2019, 3, 10))
    number = FrozenEdition(f"weekly/{key}", "weekly", key, f"2019-W{turn:02}", window, NOW, NOW, 1, "", {language: rendition})
    return Letter(number, rendition, "Обзор безопасности", NOW)


def people(store, count):
    return [
        store.subscribe(Subscription(0, "weekly", f"r{n}@bin.test", f"r{n}@bin.test", "ru", Subscribed.ACTIVE, NOW, NOW))
        for n in range(count)
    ]


class Round:
    """The same messages for all who send, each time those of another edition."""

    def __init__(self, folder, count):
        self.store = open_store(f"sqlite:///{folder}/bench.db")
        self.store.upgrade()
        self.people = people(self.store, count)
        self.turn = 0

    def messages(self):
        self.turn += 1
        one = letter(self.turn)
        copy = copier(one, SENDER)
        return one.edition, [copy(person) for person in self.people]

    def plain(self, port):
        """Messages a second of a loop over smtplib: one connection, nothing remembered."""
        _, messages = self.messages()
        start, cpu = time.perf_counter(), time.process_time()
        with smtplib.SMTP("127.0.0.1", port) as connection:
            for message in messages:
                connection.sendmail(message.envelope_from, [message.recipient], message.body)
        return len(messages) / (time.perf_counter() - start), (time.process_time() - cpu) / len(messages)

    def ours(self, port, connections):
        edition, messages = self.messages()
        self.store.freeze_edition(edition, messages)
        mailers = [SmtpMailer(Relay("127.0.0.1", port)) for _ in range(connections)]
        start, cpu = time.perf_counter(), time.process_time()
        limits = Rates(lambda: NOW, UNREACHED)
        report = deliver(
            Delivery(self.store, mailers[0], lambda: NOW, "bench/1/1", more_mailers=tuple(mailers[1:]), rates=limits)
        )
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        assert report.counts == {"sent": len(messages)}, report
        assert self.store.outbox_counts(edition=edition.id) == {OutboxState.SENT: len(messages)}
        return len(messages) / seconds, cpu / len(messages)


def rates(box, port, rounds, connections):
    """Of each side: messages a second and CPU seconds of this process for a message, one pair a round; they take turns."""
    sides = {"plain": box.plain, **{number: lambda port, number=number: box.ours(port, number) for number in connections}}
    found = {side: [] for side in sides}
    for _ in range(rounds):
        for side, send in sides.items():
            found[side].append(send(port))
    return found


def show(title, found):
    print(f"{title}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    plain = [rate for rate, _ in found["plain"]]
    for side, rounds in found.items():
        name = "plain smtplib, 1 connection" if side == "plain" else f"worker, {side} connection{'s' * (side > 1)}"
        speeds, cpu = zip(*rounds, strict=True)
        paired = statistics.median(rate / other for rate, other in zip(speeds, plain, strict=True))
        each = f"{max(speeds) / max(plain):5.2f} of plain (median {paired:.2f})" if side != "plain" else " " * 28
        least, middle = min(cpu) * 1000, statistics.median(cpu) * 1000
        print(f"  {name:<28}{max(speeds):7.0f} messages/s at best  {each}   {least:5.2f} ms of CPU each (median {middle:.2f})")


async def _hold_up(reader, writer):
    loop = asyncio.get_running_loop()

    def pass_on(data):
        if data:
            writer.write(data)
        else:
            writer.close()

    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            loop.call_later(DELAY_S, pass_on, data)
    loop.call_later(DELAY_S, pass_on, b"")


def _line(listening, port):
    """A line to `port` on which every byte is DELAY_S under way."""

    async def serve(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_hold_up(reader, back), _hold_up(there, writer))

    async def run():
        async with await asyncio.start_server(serve, sock=listening) as server:
            await server.serve_forever()

    asyncio.run(run())


@contextlib.contextmanager
def long_line(port):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = multiprocessing.get_context("fork").Process(target=_line, args=(listening, port), daemon=True)
        process.start()
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            process.join()


def least(work, count, rounds=5):
    """CPU milliseconds of one call, the least of several rounds."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for number in range(count):
            work(number)
        found.append((time.process_time() - start) / count * 1000)
    return min(found)


def per_reader():
    """What an edition costs once, and what each reader costs."""
    sample = loaded("edition_sample", "digests/render/sample.py")
    edition, one = sample.sample_edition(), letter(1)
    render = least(lambda _: render_edition(edition, sample.DIGEST), 3)

    def reader(number):
        address = f"reader{number}@example.org"
        return Subscription(number, "weekly", address, address, "ru", Subscribed.ACTIVE, NOW, NOW)

    built = least(lambda number: build_message(one, reader(number), SENDER), 5)
    copy = copier(one, SENDER)
    copied = least(lambda number: copy(reader(number)), 2000)
    assert copy(reader(1)) == build_message(one, reader(1), SENDER)
    print("CPU time")
    print(f"  rendering an edition, once per language      {render:8.2f} ms")
    print(f"  building a message from its parts            {built:8.2f} ms")
    print(f"  a copy with the reader's own words, each     {copied:8.3f} ms   {built / copied:5.0f} times faster, the same bytes")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true")
    quick = options.parse_args().quick
    per_reader()
    postfix = loaded("postfix_instance", "postfix/instance.py")
    if why := postfix.why_not():
        print(f"no Postfix here: {why}")
        return
    count, rounds = (40, 5) if quick else (100, 15)
    with tempfile.TemporaryDirectory() as folder, postfix.Postfix() as server:
        box = Round(folder, count)
        box.plain(server.port)  # its processes are there afterwards
        show(f"Into Postfix on loopback, {count} messages a round, {rounds} rounds", rates(box, server.port, rounds, (1, 2, 4)))
        box.people = box.people[: 40 if quick else 100]
        with long_line(server.port) as port:
            show(f"Over a line of {DELAY_S * 1000:.0f} ms each way", rates(box, port, 2, (1, 2, 4, 8)))
        box.store.close()


if __name__ == "__main__":
    main()
