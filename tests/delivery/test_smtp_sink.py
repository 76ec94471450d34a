"""Postfix's own faulty server: whatever it does wrong, each message ends in the right state, with the right word for the operator.

One pass of the real worker over the real client, against Debian's smtp-sink with one fault each.
"""

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.model.delivery import OutboxMessage, OutboxState, SendingState, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition
from monitor.model.errors import MailAmbiguous
from monitor.store.open import open_store
from monitor.testing import FixedClock
from monitor.worker import Delivery, Observer, deliver

SINK = shutil.which("smtp-sink") or (path if os.access(path := "/usr/sbin/smtp-sink", os.X_OK) else "")
pytestmark = pytest.mark.skipif(not SINK, reason="smtp-sink (of Debian's postfix) is not installed")
NOW = datetime(2019, 3, 11, 5, tzinfo=UTC)
EDITION = "weekly/2019-03-11"
PEOPLE = 8
SENT, DEFERRED, FAILED, PENDING = OutboxState.SENT, OutboxState.DEFERRED, OutboxState.FAILED, OutboxState.PENDING


@pytest.fixture
def sink(tmp_path):
    """Starts smtp-sink with the options given on a free port of loopback; it ends with the test."""
    started = []

    def start(*options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        log = (tmp_path / "sink.log").open("wb")
        started.append((subprocess.Popen([SINK, *user, *options, f"127.0.0.1:{port}", "64"], stdout=log, stderr=log), log))
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                return port
            except ConnectionRefusedError:
                assert started[-1][0].poll() is None, (tmp_path / "sink.log").read_text()
                assert time.monotonic() < until

    yield start
    for process, log in started:
        process.terminate()
        process.wait(10)
        log.close()


class Heard(Observer):
    """Counts what is ambiguous, as the metric does."""

    def __init__(self):
        self.ambiguous = 0

    def outcome(self, message, state, error):
        self.ambiguous += isinstance(error, MailAmbiguous)


@pytest.fixture
def box():
    store = open_store("sqlite://")
    store.upgrade()
    window = Window(NOW - timedelta(days=7), NOW, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    edition = FrozenEdition(EDITION, "weekly", date(2019, 3, 11), "2019-W10", window, NOW, NOW, 10, "h", {})
    messages = []
    for number in range(PEOPLE):
        address = f"r{number}@example.org"
        wish = store.subscribe(Subscription(0, "weekly", address, address, "en", Subscribed.ACTIVE, NOW, NOW))
        body = f"Subject: week\r\nTo: {address}\r\n\r\n.a line with a dot\r\n{'text ' * 2000}\r\n".encode()
        messages.append(
            OutboxMessage(
                0, EDITION, wish.id, address, "en", f"<{number}@x>", PENDING, body, created_at=NOW, envelope_from="b@x.org"
            )
        )
    store.freeze_edition(edition, messages)
    yield store
    store.close()


def one_pass(box, port, *, hold=False, connections=1, clock=None, **relay):
    mailers = [SmtpMailer(Relay("127.0.0.1", port, **{"timeout_s": 10, **relay})) for _ in range(connections)]
    heard = Heard()
    delivery = Delivery(box, mailers[0], clock or FixedClock(NOW), "host/1/2", observer=heard, hold_ambiguous=hold)
    return deliver(replace(delivery, more_mailers=tuple(mailers[1:]))), heard


def states(box):
    return Counter(row.state for row in box.outbox())


ALL_SENT = {SENT: PEOPLE}
ALL_THERE = {PENDING: PEOPLE}
ALL_LATER = {DEFERRED: PEOPLE}
CASES = [
    # options, states, stopped for, an error word in the rows, why
    ((), ALL_SENT, "", "", "all is well, with PIPELINING, 8BITMIME and DSN"),
    (("-p",), ALL_SENT, "", "", "one command at a time"),
    (("-8", "-N", "-E"), ALL_SENT, "", "", "hardly an extension"),
    (("-e",), ALL_SENT, "", "", "no extension: HELO"),
    (("-f", "EHLO"), ALL_SENT, "", "", "a hard no to EHLO is answered with HELO"),
    (("-r", "EHLO"), ALL_SENT, "", "", "a soft one as well"),
    (("-f", "QUIT"), ALL_SENT, "", "", "no goodbye: everything was said"),
    (("-q", "QUIT"), ALL_SENT, "", "", "the same"),
    (("-f", "RSET"), ALL_SENT, "", "", "nothing to be forgotten"),
    (("-q", "CONNECT"), ALL_THERE, "not available", "", "hangs up instead of a greeting"),
    (("-Q", "CONNECT"), ALL_THERE, "not available", "", "421 for a greeting"),
    (("-f", "CONNECT"), ALL_THERE, "not available", "", "a hard no for a greeting: it may be another tomorrow"),
    (("-q", "EHLO"), ALL_THERE, "not available", "", "hangs up at EHLO"),
    (("-Q", "EHLO,HELO"), ALL_THERE, "not available", "", "421 at EHLO"),
    (("-f", "EHLO,HELO"), ALL_THERE, "not available", "", "knows neither greeting"),
    (("-q", "MAIL"), ALL_THERE, "not available", "", "hangs up at MAIL: nothing was sent"),
    (("-Q", "MAIL"), ALL_THERE, "not available", "", "421 at MAIL"),
    (("-r", "MAIL"), ALL_LATER, "", "MAIL FROM", "a soft no to the sender: later"),
    (("-f", "MAIL"), ALL_THERE, "refuses this sender", "", "a hard no to the sender: it is about us, the edition waits"),
    (("-q", "RCPT"), ALL_THERE, "not available", "", "hangs up at RCPT"),
    (("-Q", "RCPT"), ALL_THERE, "not available", "", "421 at RCPT"),
    (("-r", "RCPT"), ALL_LATER, "", "RCPT TO", "a soft no to the recipient"),
    (("-f", "RCPT"), {FAILED: PEOPLE}, "", "RCPT TO", "a hard no to the recipient"),
    (("-q", "DATA"), ALL_THERE, "not available", "", "hangs up at DATA: nothing was sent"),
    (("-Q", "DATA"), ALL_THERE, "not available", "", "421 at DATA"),
    (("-r", "DATA"), ALL_LATER, "", "DATA", "a soft no to DATA"),
    (("-f", "DATA"), {FAILED: PEOPLE}, "", "DATA", "a hard no to DATA"),
    (("-r", "."), ALL_LATER, "", "end of data", "a soft no to the message"),
    (("-f", "."), {FAILED: PEOPLE}, "", "end of data", "a hard no to the message"),
    (("-Q", "."), ALL_THERE, "not available", "", "421 after the dot: it says that it did not take it"),
    (
        ("-q", "."),
        ALL_LATER,
        "",
        "connection lost after the message",
        "hangs up after the dot: nobody knows; the same bytes go again",
    ),
    (("-B", "550 5.7.1 not you", "-f", "RCPT"), ALL_THERE, "", "", "policy: five in a row are about us, the edition waits"),
    (("-B", "552 5.3.4 too large", "-f", "."), ALL_THERE, "refuses this sender", "", "too large for one is too large for all"),
    (("-B", "552 5.2.2 over quota", "-f", "RCPT"), {FAILED: PEOPLE}, "", "over quota", "a full mailbox is the recipient's"),
    (("-B", "530 5.7.0 log in", "-f", "RCPT"), ALL_THERE, "refuses this sender", "", "it wants a login"),
]


@pytest.mark.parametrize(
    ("options", "wanted", "stopped", "words", "why"), CASES, ids=[" ".join(case[0]) or "well" for case in CASES]
)
def test_every_fault_ends_in_the_right_state(sink, box, options, wanted, stopped, words, why):
    report, heard = one_pass(box, sink(*options))
    assert states(box) == wanted, why
    assert stopped in report.stopped, why
    assert bool(report.stopped) == bool(stopped), why
    assert all(words in row.smtp_text for row in box.outbox()), why
    assert heard.ambiguous == (PEOPLE if options == ("-q", ".") else 0)


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ((), SendingState.FINISHED),
        (("-f", "RCPT"), SendingState.FINISHED),
        (("-r", "RCPT"), SendingState.SENDING),
        (("-q", "DATA"), SendingState.SENDING),
        (("-f", "MAIL"), SendingState.PAUSED),
        (("-B", "552 5.3.4 too large", "-f", "."), SendingState.PAUSED),
        (("-B", "550 5.7.26 not signed", "-f", "."), SendingState.PAUSED),
    ],
)
def test_every_fault_leaves_the_edition_where_it_belongs(sink, box, options, state):
    one_pass(box, sink(*options))
    assert box.sending(EDITION).state is state


def test_ambiguous_messages_are_held_where_the_operator_wants_that(sink, box):
    report, heard = one_pass(box, sink("-q", "."), hold=True)
    assert (states(box), heard.ambiguous, report.stopped) == ({OutboxState.UNKNOWN: PEOPLE}, PEOPLE, "")
    assert box.sending(EDITION).state is SendingState.FINISHED
    assert box.retry(edition=EDITION, now=NOW) == PEOPLE
    report, _ = one_pass(box, sink())
    assert report.counts == {"sent": PEOPLE}


def test_ambiguous_messages_go_again_with_the_same_bytes(sink, box):
    one_pass(box, sink("-q", "."))
    report, _ = one_pass(box, sink(), clock=FixedClock(NOW + timedelta(minutes=6)))
    assert report.counts == {"sent": PEOPLE}
    assert {row.attempt for row in box.outbox()} == {2}


def test_a_relay_that_is_slow_within_the_deadline_is_waited_for(sink, box):
    report, _ = one_pass(box, sink("-W", ".:1:12"), connections=2)
    assert report.counts == {"sent": PEOPLE}


@pytest.mark.parametrize(
    ("options", "deadline_s", "wanted", "why"),
    [
        (("-w", "60"), 1.0, ALL_THERE, "before it lets us begin: nothing was sent"),
        (("-W", ".:60"), 2.0, {DEFERRED: 1, PENDING: PEOPLE - 1}, "after the dot: nobody knows of the one it had"),
        (("-A", "0"), 30.0, {FAILED: PEOPLE}, "550 in the middle of the message: the relay's word counts"),
    ],
)
def test_a_relay_that_makes_us_wait_too_long_is_left(sink, box, options, deadline_s, wanted, why):
    port = sink(*options)
    stop = []

    class Once(Heard):
        def outcome(self, message, state, error):
            stop.append(state)

    mailer = SmtpMailer(Relay("127.0.0.1", port, timeout_s=10, deadline_s=deadline_s))
    # where each would be waited for, one is enough
    deliver(
        Delivery(
            box, mailer, FixedClock(NOW), "host/1/2", observer=Once(), stopping=lambda: len(stop) == 1 and FAILED not in wanted
        )
    )
    assert states(box) == wanted, why


def test_two_connections_send_to_a_real_sink_at_once_and_each_message_once(sink, box):
    report, _ = one_pass(box, sink("-c"), connections=2)
    assert (report.counts, states(box)) == ({"sent": PEOPLE}, ALL_SENT)
