"""`monitor deliver` and `monitor outbox`: to a real relay, and what became of each message."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest

from monitor.delivery.lint.check import lint_message
from monitor.model.delivery import OutboxState
from monitor.model.problem import Severity
from monitor.store.open import open_store

EDITION = "weekly/2019-03-11"
MONDAY = datetime(2019, 3, 11, 5, tzinfo=UTC)


@pytest.fixture
def full(desk, mail_sink):
    """Two messages in the outbox, and a relay that takes them."""
    desk.run("poll")
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    desk.run("subscribers", "add", "weekly", "bella@example.org", "--lang", "be")
    desk.relay = {
        "MONITOR_SMTP__HOST": "127.0.0.1",
        "MONITOR_SMTP__PORT": str(mail_sink.port),
        "MONITOR_BASE_URL": "https://news.example.org",
    }
    desk.relay["MONITOR_MAIL__SENDER"] = "digest@news.example.org"
    desk.run = desk.at(MONDAY, **desk.relay)
    desk.run("publish", "weekly", "--week", "2019-W10")
    desk.sink = mail_sink
    return desk


def test_everybody_gets_the_edition_in_their_language_and_the_mail_is_sound(full):
    assert full.run("deliver").stdout == "2 sent\n"
    mails = {recipient: message_from_bytes(content) for recipient, content in full.sink.mails}
    assert {recipient: mail["Content-Language"] for recipient, mail in mails.items()} == {
        "ann@example.org": "en",
        "bella@example.org": "be",
    }
    for recipient, content in full.sink.mails:
        assert mails[recipient]["To"] == recipient
        assert [problem for problem in lint_message(content, recipient) if problem.severity is Severity.ERROR] == []
    assert full.run("deliver").stdout == "Nothing is pending.\n"
    assert len(full.sink.mails) == 2


def test_the_outbox_tells_who_got_what(full):
    assert [(row["recipient"], row["state"]) for row in full.lines("outbox", "list")] == [
        ("ann@example.org", "pending"),
        ("bella@example.org", "pending"),
    ]
    full.run("deliver")
    row = full.lines("outbox", "list", "--state", "sent", "--edition", "weekly/2019-03-11")[0]
    assert (row["recipient"], row["attempt"], row["smtp"], row["queue_id"], row["sent_at"]) == (
        "ann@example.org", 1, "250 2.0.0 Ok: queued as Q1", "Q1", "2019-03-11T05:00:00Z"
    )  # fmt: skip
    assert full.lines("outbox", "list", "--state", "failed") == []
    assert "2 messages" in full.run("outbox", "list").stdout


def test_a_relay_that_is_not_there_ends_with_3_and_keeps_everything(full):
    full.run = full.at(MONDAY, **{**full.relay, "MONITOR_SMTP__PORT": "1"})
    done = full.run("deliver", expect=3)
    assert "2 pending" in done.stdout
    assert "stopped: the relay is not available" in done.stdout
    assert full.lines("deliver") == [{"counts": {}, "stopped": "", "changed": []}], "each waits a minute"
    full.run = full.at(MONDAY + timedelta(minutes=2), **full.relay)
    assert full.lines("deliver") == [
        {"counts": {"sent": 2}, "stopped": "", "changed": [{"edition": EDITION, "state": "finished", "reason": ""}]}
    ]


def test_who_got_an_edition_and_who_not_is_told_with_the_reasons(full):
    full.run("subscribers", "remove", "weekly", "ann@example.org")
    full.run("deliver")
    told = full.lines("outbox", "show", EDITION)[0]
    assert (told["state"], told["counts"]) == ("finished", {"sent": 1, "suppressed": 1})
    assert told["reasons"] == [{"state": "suppressed", "reply": "subscription is ended", "messages": 1}]
    assert [row["recipient"] for row in told["without"]] == ["ann@example.org"]
    shown = full.run("outbox", "show", EDITION).stdout
    assert f"{EDITION} finished since 2019-03-11T05:00:00Z" in shown
    assert "1 sent, 1 suppressed" in shown
    assert "subscription is ended" in shown
    assert (
        "no edition weekly/2020-01-01 has messages; the last that have: weekly/2019-03-11"
        in full.run("outbox", "show", "weekly/2020-01-01", expect=2).stderr
    )


def test_replies_that_differ_in_the_address_alone_are_one_reason(full):
    with closing(open_store(f"sqlite:///{full.home}/var/monitor.db")) as box:
        for row in box.claim("w", MONDAY, MONDAY + timedelta(hours=1), 9):
            text = f"<{row.recipient}>: mailbox full"
            box.mark(row.id, OutboxState.DEFERRED, text, code=452, next_at=MONDAY + timedelta(minutes=row.subscription))
    told = full.lines("outbox", "show", EDITION)[0]
    assert told["reasons"] == [{"state": "deferred", "reply": "452 <…>: mailbox full", "messages": 2}]
    assert told["next_at"] == "2019-03-11T05:01:00Z"
    assert "next try at 2019-03-11T05:01:00Z" in full.run("outbox", "show", EDITION).stdout


def test_a_paused_edition_waits_until_it_is_resumed(full):
    assert f"{EDITION} is paused" in full.run("outbox", "pause", EDITION, "--reason", "a wrong number in it").stdout
    full.run("outbox", "pause", EDITION)
    assert full.run("deliver").stdout == "Nothing is pending.\n"
    assert "a wrong number in it" in full.run("outbox", "show", EDITION).stdout
    assert "1 edition resumed" in full.run("outbox", "resume").stdout
    assert "0 editions resumed" in full.run("outbox", "resume", EDITION).stdout
    assert full.run("deliver").stdout == "2 sent\n"
    assert "only what is being sent can be paused" in full.run("outbox", "pause", EDITION, expect=2).stderr
    assert "only what is paused can be resumed" in full.run("outbox", "resume", EDITION, expect=2).stderr


def test_an_edition_that_came_too_late_is_sent_only_on_demand(full):
    full.run = full.at(MONDAY + timedelta(hours=25), **full.relay)
    assert f"{EDITION} is missed" in full.run("deliver").stdout
    assert full.sink.mails == []
    assert "--send-late" in full.run("outbox", "resume", EDITION, expect=2).stderr
    assert full.run("deliver", "--send-late", EDITION).stdout == "2 sent\n"
    assert "only what was missed or paused" in full.run("deliver", "--send-late", EDITION, expect=2).stderr
    assert "no edition none" in full.run("deliver", "--send-late", "none", expect=2).stderr


def test_messages_to_one_reader_are_found_by_address(full):
    assert [row["recipient"] for row in full.lines("outbox", "list", "--recipient", "bella@example.org")] == ["bella@example.org"]
    assert full.lines("outbox", "list", "--recipient", "nobody@example.org") == []


def test_an_edition_can_be_given_up_and_its_messages_are_never_sent(full):
    assert "2 messages aborted" in full.run("outbox", "abort", "weekly/2019-03-11").stdout
    assert full.run("deliver").stdout == "Nothing is pending.\n"
    assert full.sink.mails == []


def test_retry_sets_failed_messages_back(full):
    assert "0 messages pending again" in full.run("outbox", "retry").stdout
    assert "0 messages pending again" in full.run("outbox", "retry", "--failed").stdout
    full.run("outbox", "abort", "weekly/2019-03-11")
    assert "0 messages pending again" in full.run("outbox", "retry", "--edition", "weekly/2019-03-11").stdout


def test_a_restored_copy_sends_nothing_until_a_person_says_so(full):
    full.run("backup", "copy.db")
    full.run("restore", "copy.db")
    done = full.run("deliver", expect=3)
    assert "paused" in done.stderr
    assert full.sink.mails == []
    assert "paused" in full.run("db", "status").stdout
    full.run("db", "resume")
    assert full.run("deliver").stdout == "2 sent\n"


def test_who_left_since_gets_nothing(full):
    full.run("subscribers", "remove", "weekly", "ann@example.org")
    full.run("deliver")
    assert [recipient for recipient, _ in full.sink.mails] == ["bella@example.org"]
    assert full.lines("outbox", "list", "--state", "suppressed")[0]["recipient"] == "ann@example.org"
