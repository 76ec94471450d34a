"""The private Postfix itself: what it does with mail to each of its domains, and that nothing of it stays behind."""

import importlib.util
import os
import smtplib
from email import message_from_bytes
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("postfix_instance", Path(__file__).with_name("instance.py"))
instance = importlib.util.module_from_spec(spec)
spec.loader.exec_module(instance)

MAIL = b"Subject: short\r\nMessage-ID: <one@news.test>\r\nDate: Mon, 11 Mar 2019 05:00:00 +0000\r\nFrom: d@news.test\r\n\r\n.a dot\r\n"


def send(port, recipient, sender="b+probe@news.test"):
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail(sender, [recipient], MAIL)


def test_mail_to_somebody_known_lies_in_the_mailbox_as_it_was_handed_in(postfix):
    send(postfix.port, "bob@reader.test")
    [mail] = postfix.wait_for("bob@reader.test")
    assert instance.as_handed_in(mail) == MAIL


@pytest.mark.parametrize(
    ("recipient", "code", "says"),
    [
        ("nobody@reader.test", 550, "5.1.1"),
        ("somebody@elsewhere.example", 550, "5.1.2"),
    ],
)
def test_who_is_unknown_and_what_lies_outside_is_refused_at_once(postfix, recipient, code, says):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(postfix.port, recipient)
    [(number, text)] = refused.value.recipients.values()
    assert (number, says in text.decode()) == (code, True)


@pytest.mark.parametrize(
    ("recipient", "action", "status"),
    [
        ("late@reader.test", "failed", "5.1.1"),
        ("a@full.test", "failed", "5.2.2"),
        ("a@policy.test", "failed", "5.7.1"),
        ("a@gone.test", "failed", "5.1.1"),
        ("a@slow.test", "delayed", "4.2.1"),
    ],
)
def test_what_was_taken_and_cannot_be_delivered_comes_back_to_the_envelope_sender(postfix, recipient, action, status):
    sender = f"b+{recipient.replace('@', '-')}@news.test"
    send(postfix.accepting_port, recipient, sender)
    [mail, *_] = postfix.wait_for(sender)
    report = message_from_bytes(mail).get_payload()[1]
    of_message, of_recipient = report.get_payload()
    assert of_message["Reporting-MTA"] == "dns; mx.reader.test"
    assert (of_recipient["Action"], of_recipient["Status"]) == (action, status)
    assert of_recipient["Final-Recipient"] == f"rfc822; {recipient}"


def test_mail_for_the_bin_is_taken_and_is_nowhere(postfix):
    send(postfix.port, "anybody@bin.test")
    send(postfix.port, "after-the-bin@all.test")
    postfix.wait_for("after-the-bin@all.test")
    assert postfix.mails("anybody@bin.test") == []


def test_closed_nothing_of_it_is_left_and_the_next_one_starts_empty():
    if reason := instance.why_not():
        pytest.skip(reason)
    one = instance.Postfix()
    process = one._master()
    assert Path(f"/proc/{process}").exists()
    one.close()
    assert not one.folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert not instance.answers(one.port)
