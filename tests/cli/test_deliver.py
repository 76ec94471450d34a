"""`monitor deliver` and `monitor outbox`: to a real relay, and what became of each message."""

from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from monitor.delivery.lint import lint_message
from monitor.model.problem import Severity

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
    assert "stopped: the relay is not available" in done.stdout
    [told] = full.lines("deliver", expect=3)
    assert told["counts"] == {"pending": 1}
    full.run = full.at(MONDAY, **full.relay)
    assert full.lines("deliver") == [{"counts": {"sent": 2}, "stopped": ""}]


def test_an_edition_can_be_given_up_and_its_messages_are_never_sent(full):
    assert "2 messages aborted" in full.run("outbox", "abort", "weekly/2019-03-11").stdout
    assert full.run("deliver").stdout == "Nothing is pending.\n"
    assert full.sink.mails == []


def test_retry_sets_failed_messages_back(full):
    assert "0 messages pending again" in full.run("outbox", "retry").stdout
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
