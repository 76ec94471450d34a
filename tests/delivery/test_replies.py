"""The words of SMTP: commands, escapes and replies, without a network. What whole conversations come to is in test_smtp.py."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.replies import Step, commands, failure, queue_id, stuffed, xtext
from monitor.model.errors import MailDeferred, MailRefused, RelayUnavailable, SenderRefused


@given(st.text(st.characters(min_codepoint=1, max_codepoint=126)))
def test_xtext_holds_nothing_that_ends_a_parameter_and_can_be_read_back(text):
    coded = xtext(text)
    assert re.fullmatch(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*", coded)
    assert re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found.group(1), 16)), coded) == text


def unstuffed(data):
    """What a server makes of the data, line by line (RFC 5321 4.5.2); and what is left behind the final dot."""
    lines = []
    rest = data
    while True:
        line, end, rest = rest.partition(b"\r\n")
        assert end, "no final dot"
        if line == b".":
            return b"".join(lines), rest
        lines.append((line[1:] if line.startswith(b".") else line) + b"\r\n")


@given(st.lists(st.sampled_from([b".", b"..", b"\r\n", b"a", b".\r\n", b"\r\n.\r\n"]), max_size=20).map(b"".join))
def test_whatever_a_message_holds_the_server_reads_it_whole_and_nothing_behind_it(body):
    read, rest = unstuffed(stuffed(body))
    assert rest == b""
    assert read == (body if body.endswith(b"\r\n") or not body else body + b"\r\n") or (not body and read == b"\r\n")


@pytest.mark.parametrize(
    ("step", "code", "text", "error", "why"),
    [
        (Step.MAIL, 250, "ok", None, "the reply hoped for"),
        (Step.RCPT, 251, "will forward", None, "another one"),
        (Step.DATA, 354, "go on", None, "it waits for the message"),
        (Step.DATA, 250, "ok", RelayUnavailable, "it does not wait: the two are out of step"),
        (Step.RCPT, 354, "go on", RelayUnavailable, "the same"),
        (Step.RCPT, -1, "gibberish", RelayUnavailable, "no code at all"),
        (Step.RCPT, 421, "4.3.2 shutting down", RelayUnavailable, "the server, not the recipient"),
        (Step.RCPT, 450, "4.2.0 greylisted", MailDeferred, "later"),
        (Step.MAIL, 452, "4.3.1 disk full", MailDeferred, "later, too"),
        (Step.MAIL, 550, "5.7.1 not you", SenderRefused, "whoever is refused at MAIL is us"),
        (Step.RCPT, 534, "5.7.9 a stronger login", SenderRefused, "a login"),
        (Step.RCPT, 550, "5.7.1 policy", MailRefused, "one recipient's policy; many in a row are another matter"),
        (Step.END, 554, "5.6.0 content", MailRefused, "the content"),
        (Step.END, 554, "5.3.4 too large", SenderRefused, "the size, whatever the code"),
        (Step.END, 552, "too large", SenderRefused, "552 without a status, of a whole message"),
        (Step.END, 552, "5.2.3 too large for this mailbox", MailRefused, "one mailbox's limit"),
        (Step.RCPT, 552, "mailbox full", MailRefused, "552 before the message is about room"),
    ],
)
def test_each_reply_says_whose_fault_it_is(step, code, text, error, why):
    found = failure(step, code, text)
    assert (None if found is None else type(found)) == error, why
    if found is not None:
        assert step.value in found.text
        assert found.code == (None if code < 0 else code)


@given(st.sampled_from(list(Step)), st.integers(-1, 999), st.text(max_size=20))
def test_no_reply_is_without_a_meaning(step, code, text):
    found = failure(step, code, text)
    assert (found is None) == (code == 354 if step is Step.DATA else 200 <= code < 300)


@pytest.mark.parametrize(
    ("text", "number"), [("2.0.0 Ok: queued as 4ABC", "4ABC"), ("Ok", ""), ("queued as ", ""), ("Ok: queued as A1 (x)", "A1")]
)
def test_the_queue_id_is_taken_from_the_words_that_postfix_uses(text, number):
    assert queue_id(text) == number


def test_a_bounce_address_is_the_sender_of_the_envelope(make):
    mail, rcpt = commands(make.message(), {})
    assert (mail, rcpt) == (b"MAIL FROM:<digest@news.example.org>\r\n", b"RCPT TO:<ann@example.org>\r\n")
