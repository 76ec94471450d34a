"""An edition goes through a real Postfix into a real mailbox, and what lies there is what was frozen, to the byte."""

import contextlib
import importlib.util
import json
import quopri
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from monitor import pipeline
from monitor.delivery.lint.check import lint_message
from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.delivery.tokens import Purpose, read_token
from monitor.digests.due import due_of_week
from monitor.model.delivery import OutboxMessage, OutboxState, Subscribed, Subscription
from monitor.model.errors import MailRefused
from monitor.model.problem import Severity
from monitor.testing import SENDER
from monitor.worker import Delivery, deliver

spec = importlib.util.spec_from_file_location("postfix_instance", Path(__file__).with_name("instance.py"))
instance = importlib.util.module_from_spec(spec)
spec.loader.exec_module(instance)

READERS = {"en": "ann@reader.test", "be": "bob@reader.test", "ru": "cyd@reader.test"}
TITLES = {
    "en": "Neighbours agreed on talks, “at last”, as ministers from both capitals said on the fifth day of a long and cold week",
    "ru": "Соседи договорились о переговорах",
}
TEXT = (
    "The ministers of both neighbours agreed on talks about the bridge, and named the first week of April for the next steps.\n"
    ".A line that begins with a dot stands in the report of the ministry, said the spokesman, and nobody knows why it does.\n"
    "Both delegations will bring engineers; the harvest is to be over by then, according to the ministry of transport."
)


def mailer(postfix):
    return SmtpMailer(Relay("127.0.0.1", postfix.port, timeout_s=30))


def take(store, address, language, now):
    return store.subscribe(Subscription(0, "weekly", address, address, language, Subscribed.ACTIVE, now, now, "test"))


@pytest.fixture
def published(make_world, tmp_path, postfix):
    """The edition of 2019-W10 in three languages, frozen for a reader of each and for one whose address is not ASCII."""
    sender = replace(SENDER, address="digest@news.test", domain="news.test", base_url="https://news.test", name="Агляд «Тыдзень»")
    world = make_world("north", sender=sender)
    world.article("north", "bridge", TITLES["en"], TEXT)
    pipeline.poll(world.parts)
    for language, address in READERS.items():
        take(world.store, address, language, world.clock())
    take(world.store, "кастусь@all.test", "be", world.clock())
    [digest] = world.parts.files.digests
    digest = replace(digest, languages=("en", "be", "ru"), title={**digest.title, "ru": "Переговоры за неделю"})
    world.clock.advance(timedelta(days=7))
    due = due_of_week(digest, "2019-W10", world.clock())
    postfix.forget()
    assert pipeline.publish(world.parts, digest, due, digest.languages, tmp_path).messages == 4
    return world


def frozen(store):
    """Recipient → the bytes that wait for it."""
    now = datetime(2019, 3, 13, tzinfo=UTC)
    rows = store.claim("a look", now, now + timedelta(hours=1), 100)
    store.release("a look")
    return {row.recipient: row for row in rows}


def test_the_edition_lies_in_each_mailbox_byte_for_byte_as_it_was_frozen(published, postfix):
    expected = frozen(published.store)
    report = deliver(Delivery(published.store, mailer(postfix), published.clock, "host/1/2"))
    assert (report.counts, report.stopped) == ({"sent": 4}, "")
    for recipient, row in expected.items():
        [mail] = postfix.wait_for(recipient)
        arrived = instance.as_handed_in(mail)
        assert arrived == row.body, f"{recipient}: {len(arrived)} bytes arrived of {len(row.body)}"
        assert f"Return-Path: <{row.envelope_from}>".encode() in mail.partition(b"\n\n")[0]
    rows = {row.recipient: row for row in published.store.outbox()}
    assert {row.state for row in rows.values()} == {OutboxState.SENT}
    log = postfix.log()
    assert all(row.queue_id and row.queue_id in log for row in rows.values()), (
        "the queue id that was kept is the one in Postfix's log"
    )


def test_what_a_mail_program_reads_in_the_mailbox_is_what_was_meant(published, postfix):
    expected = frozen(published.store)
    deliver(Delivery(published.store, mailer(postfix), published.clock, "host/1/2"))
    for language, recipient in READERS.items():
        [raw] = postfix.wait_for(recipient)
        mail = message_from_bytes(raw, policy=policy.default)
        assert (mail["To"], mail["Message-ID"]) == (recipient, expected[recipient].message_id)
        assert mail["Content-Language"] == language
        assert str(make_header(decode_header(mail["From"]))).startswith("Агляд «Тыдзень»")
        leave, write = message_from_bytes(raw)["List-Unsubscribe"].replace("\n", "").split(", ")
        token = leave.removeprefix("<https://news.test/u/").removesuffix(">")
        claim = read_token(published.parts.sender.secret, Purpose.UNSUBSCRIBE, token)
        assert claim.subscription == expected[recipient].subscription
        assert token in write
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert TITLES["en"].split(",")[0] in plain.replace("\n", " ")
        assert f"https://news.test/u/{token}" in page
        assert [problem for problem in lint_message(instance.as_handed_in(raw)) if problem.severity is Severity.ERROR] == []


BODIES = {
    "a line that is one dot": b"before\r\n.\r\nafter\r\n",
    "dots at every line's start": b".\r\n..\r\n...three\r\n.word\r\n",
    "a dot first and no line end last": b".first\r\nlast without an end",
    "nothing": b"",
    "empty lines at both ends": b"\r\n\r\nmiddle\r\n\r\n\r\n",
    "a line as long as the standard allows": b"x" * 998 + b"\r\n",
    "a thousand lines": b"".join(b"line %d.\r\n.%d\r\n" % (number, number) for number in range(1000)),
    "quoted-printable with soft breaks before dots": quopri.encodestring(("слова. " * 200).encode()).replace(b"\n", b"\r\n"),
    "eight-bit letters": "Прывітанне, чытач.\r\n.Кропка\r\n".encode(),
    "words of the protocol": b"QUIT\r\nDATA\r\nMAIL FROM:<x@y.test>\r\n\r\n.\r\nRSET\r\n",
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_arrives_whole_whatever_its_lines_look_like(postfix, case):
    number = list(BODIES).index(case)
    head = (
        b"From: d@news.test\r\nTo: x@all.test\r\nSubject: s\r\nDate: Mon, 11 Mar 2019 05:00:00 +0000\r\n"
        b"Message-ID: <%d@news.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" % number
    )
    recipient = f"body{number}@all.test"
    with_body(postfix, recipient, head + BODIES[case])
    [mail] = postfix.wait_for(recipient)
    arrived = instance.as_handed_in(mail)
    # the end of the last line belongs to the protocol: SMTP cannot carry a text without it (RFC 5321 4.1.1.4)
    expected = head + BODIES[case]
    assert arrived == (expected if expected.endswith(b"\r\n") else expected + b"\r\n")


def with_body(postfix, recipient, body):
    message = OutboxMessage(
        *(1, "weekly/x", 1, recipient, "en", "<m@news.test>", OutboxState.CLAIMED, body), envelope_from="digest@news.test"
    )
    with contextlib.closing(mailer(postfix)) as sending:
        assert sending.send(message).code == 250


def test_an_address_beyond_ascii_gets_its_mail_and_one_that_nobody_has_is_refused_with_the_servers_words(postfix):
    with_body(postfix, "янка@all.test", b"Subject: s\r\n\r\nhello\r\n")
    assert len(postfix.wait_for("янка@all.test")) == 1
    with pytest.raises(MailRefused) as refused:
        with_body(postfix, "nobody@reader.test", b"Subject: s\r\n\r\nhello\r\n")
    assert refused.value.code == 550
    assert "5.1.1" in refused.value.text


def test_the_mailbox_is_what_a_command_line_fills(small_home, monitor_in, postfix):
    home = small_home("home", {"north": "http://north.example/feed.xml"})
    monitor = monitor_in(
        home,
        MONITOR_NOW="2019-03-12T06:00:00+00:00",
        MONITOR_BASE_URL="https://news.test",
        MONITOR_MAIL__SENDER="digest@news.test",
        MONITOR_SMTP__HOST="127.0.0.1",
        MONITOR_SMTP__PORT=str(postfix.port),
    )
    monitor("subscribers", "add", "weekly", "line@all.test")
    monitor("publish", "weekly", "--week", "2019-W10")
    assert json.loads(monitor("deliver", "--json").stdout)["counts"] == {"sent": 1}
    [mail] = postfix.wait_for("line@all.test")
    (home / "mail.eml").write_bytes(instance.as_handed_in(mail))
    monitor("lint", home / "mail.eml")
