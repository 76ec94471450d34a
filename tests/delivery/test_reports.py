"""What mail systems send back, in their own forms, is read for what it says."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.delivery.reports import MAX_BOUNDARIES, MAX_READ, MAX_TEXT, read_report, report_key, tokens_in
from monitor.delivery.tokens import Purpose, make_token
from monitor.model.bounce import ReportKind

DSN = Path(__file__).parent / "dsn"
TOKEN = make_token(b"secret", Purpose.BOUNCE, 7, "weekly/2019-03-11")
B = f"b+{TOKEN}@bounce.example.org"
U = f"u+{make_token(b'secret', Purpose.UNSUBSCRIBE, 7, 'weekly')}@bounce.example.org"


def dsn(*groups, head="", returned="", to=B, kind="delivery-status"):
    status = "\r\n\r\n".join(("Reporting-MTA: dns; mx.example.net", *groups))
    mail = (
        f"Return-Path: <>\r\n{head}From: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMessage-ID: <1@mx>\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered. 550 5.9.9\r\n"
        f"--x\r\nContent-Type: message/{kind}\r\n\r\n{status}\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\n{returned or 'Subject: weekly'}\r\n\r\nhello\r\n--x--\r\n"
    )
    return mail.encode()


def group(action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 no such user", recipient="ann@example.org"):
    return f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}"


def plain(subject, body, sender="MAILER-DAEMON@mx.example.net", to=B, **fields):
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{head}From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <1@mx>\r\n\r\n{body}\r\n".encode()


@pytest.mark.parametrize(
    ("name", "kind", "status", "recipient"),
    [
        ("postfix-unknown-user", ReportKind.FAILED, "5.1.1", "nobody@reader.test"),
        ("postfix-unknown-user-asked", ReportKind.FAILED, "5.1.1", "nobody@reader.test"),
        ("postfix-unknown-user-beyond-ascii", ReportKind.FAILED, "5.1.1", "ніхто@reader.test"),
        ("postfix-mailbox-full", ReportKind.FAILED, "5.2.2", "reader@full.test"),
        ("postfix-mailbox-full-asked", ReportKind.FAILED, "5.2.2", "reader@full.test"),
        ("postfix-no-such-domain", ReportKind.FAILED, "5.1.2", "reader@elsewhere.example"),
        ("postfix-policy", ReportKind.FAILED, "5.7.1", "reader@policy.test"),
        ("postfix-delayed", ReportKind.DELAYED, "4.2.1", "reader@slow.test"),
        ("postfix-delayed-asked", ReportKind.DELAYED, "4.2.1", "reader@slow.test"),
    ],
)
def test_what_a_real_postfix_returned_is_understood(name, kind, status, recipient):
    report = read_report((DSN / f"{name}.eml").read_bytes())
    assert (report.kind, report.status, report.original_recipient) == (kind, status, recipient)
    assert report.about == "<weekly.2019-03-11.7@news.test>"
    assert len(tokens_in(report.recipients)) == 1


@pytest.mark.parametrize(
    ("raw", "kind", "status", "why"),
    [
        (dsn(group()), ReportKind.FAILED, "5.1.1", "the usual case"),
        (dsn(group("Failed (permanent)")), ReportKind.FAILED, "5.1.1", "a comment behind the action"),
        (dsn(group("delayed", "4.4.1")), ReportKind.DELAYED, "4.4.1", "the other side is away for now"),
        (dsn(group("delivered", "2.0.0")), ReportKind.DELIVERED, "2.0.0", "a success that somebody asked for"),
        (dsn(group("relayed", "2.0.0")), ReportKind.DELIVERED, "2.0.0", "handed to a system that tells nothing"),
        (dsn(group("failed", "4.4.7", "x")), ReportKind.FAILED, "4.4.7", "given up after days of trying"),
        (dsn(group("failed", "5.0.0", "smtp; 550-5.1.1 The email account")), ReportKind.FAILED, "5.1.1", "the code in the words"),
        (dsn(group("failed", "5.0.0", "smtp; 450 4.2.2 full")), ReportKind.FAILED, "5.0.0", "words that contradict the code"),
        (dsn(group("failed", "5.2.2 (mailbox full)")), ReportKind.FAILED, "5.2.2", "a comment behind the code"),
        (dsn(group("odd", "5.1.1")), ReportKind.FAILED, "5.1.1", "an action that no standard knows"),
        (dsn(group("", "4.2.1")), ReportKind.DELAYED, "4.2.1", "no action, a transient code"),
        (dsn(group("delayed", "4.2.1"), group("failed", "5.1.1")), ReportKind.FAILED, "5.1.1", "two groups: the graver counts"),
        (dsn(group(), kind="global-delivery-status"), ReportKind.FAILED, "5.1.1", "RFC 6533"),
        (dsn(group(), head="Auto-Submitted: auto-replied\r\n"), ReportKind.FAILED, "5.1.1", "a notice is no auto-reply"),
        (plain("Out of office", "I am away", "ann@example.org", Auto_Submitted="auto-replied"), ReportKind.AUTO_REPLY, "", "RFC 3834"),
        (plain("Away", "until 5.1.2019", "ann@example.org", Precedence="auto_reply"), ReportKind.AUTO_REPLY, "", "before RFC 3834"),
        (plain("Away", "x", "ann@example.org", X_Autoreply="yes"), ReportKind.AUTO_REPLY, "", "a field of its own"),
        (plain("unsubscribe", "", "ann@example.org", U), ReportKind.LEAVE, "", "a mail program unsubscribes"),
        (plain("Re: unsubscribe", "away", "a@b.org", U, Auto_Submitted="auto-replied"), ReportKind.AUTO_REPLY, "", "no wish of anybody"),
        (dsn(group(), to=U), ReportKind.FAILED, "5.1.1", "a notice to the wrong address unsubscribes nobody"),
        (plain("Hello", "what is this?", "ann@example.org"), ReportKind.UNKNOWN, "", "somebody wrote by hand"),
        (plain("Undelivered mail", "5.1.1", "eve@example.org"), ReportKind.UNKNOWN, "", "words of a notice by nobody's daemon"),
        (b"", ReportKind.UNKNOWN, "", "nothing at all"),
        (b"\xff\xfe\x00" * 50, ReportKind.UNKNOWN, "", "no mail"),
    ],
)  # fmt: skip
def test_the_kind_of_a_report(raw, kind, status, why):
    report = read_report(raw)
    assert (report.kind, report.status) == (kind, status), why
    assert report.reason


@pytest.mark.parametrize(
    ("subject", "body", "status", "why"),
    [
        ("failure notice", "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver\n\n<ann@example.org>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown", "5.1.1", "qmail"),
        ("Mail delivery failed: returning message to sender", "A message could not be delivered.\n  ann@example.org\n    SMTP error: 552 5.2.2 over quota", "5.2.2", "Exim"),
        ("Returned mail: User unknown", "   ----- The following addresses had permanent fatal errors -----\n550 ann@example.org... User unknown", "5.0.0", "old sendmail: a reply code alone"),
        ("Undeliverable: weekly", "Your message did not reach some or all of the intended recipients.\n#< #4.4.7 smtp;450 expired>", "4.4.7", "Exchange"),
        ("Undelivered Mail Returned to Sender", "nothing that anybody could read", "5.0.0", "no code at all"),
        ("Delivery Status Notification (Failure)", "The response was: 550-5.1.1 The email account that you tried to reach does not exist", "5.1.1", "in words only"),
    ],
)  # fmt: skip
def test_a_notice_in_a_form_of_its_own_is_read_by_its_words(subject, body, status, why):
    report = read_report(plain(subject, body))
    assert (report.kind, report.status) == (ReportKind.FAILED, status), why


def test_exim_names_the_recipient_in_the_header():
    report = read_report(plain("Mail delivery failed", "550 5.1.1 no", X_Failed_Recipients="ann@example.org"))
    assert (report.final_recipient, report.status) == ("ann@example.org", "5.1.1")
    assert report.diagnostic == "550 5.1.1 no"


def test_a_date_or_an_address_in_the_words_is_no_status():
    report = read_report(plain("Undeliverable", "from 192.168.5.1.1 on 15.1.1.2019: rejected"))
    assert report.status == "5.0.0"


def test_a_complaint_names_the_mail_it_is_about():
    mail = (
        "From: fbl@isp.example\r\nTo: abuse@news.example.org\r\nSubject: FW: weekly\r\nMessage-ID: <2@isp>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nspam\r\n'
        "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: X/1\r\nVersion: 1\r\n"
        "Original-Rcpt-To: <ann@example.org>\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <{B}>\r\nMessage-ID: <weekly.2019-03-11.abc@news.example.org>\r\n"
        "Subject: weekly\r\n\r\nx\r\n--x--\r\n"
    )
    report = read_report(mail.encode())
    assert report.kind is ReportKind.COMPLAINT
    assert report.original_recipient == "ann@example.org"
    assert report.about == "<weekly.2019-03-11.abc@news.example.org>"
    assert tokens_in(report.recipients) == (TOKEN,), "the token stands in the return path of the mail inside"
    assert read_report(mail.replace("Feedback-Type: abuse", "Feedback-Type: not-spam").encode()).kind is ReportKind.UNKNOWN


def test_a_report_inside_the_returned_mail_is_not_this_mails_own():
    inner = dsn(group("failed", "5.1.1")).decode()
    outer = f"From: ann@example.org\r\nTo: {B}\r\nSubject: Fwd\r\nContent-Type: message/rfc822\r\n\r\n{inner}"
    assert read_report(outer.encode()).kind is ReportKind.UNKNOWN


def test_the_envelope_comes_before_what_the_header_says():
    raw = dsn(group(), to="somebody@example.org", head="Delivered-To: other@example.org\r\n")
    assert read_report(raw, ["b@one.example"]).recipients == ("b@one.example", "other@example.org", "somebody@example.org")


def test_the_key_is_the_same_for_another_copy_and_another_for_another_mail():
    one, copy = dsn(group()), dsn(group(), head="X-Copy: 2\r\n")
    assert report_key(one, read_report(one)) == report_key(copy, read_report(copy))
    other = one.replace(b"<1@mx>", b"<2@mx>")
    assert report_key(other, read_report(other)) != report_key(one, read_report(one))
    nameless = one.replace(b"Message-ID", b"X-ID")
    assert report_key(nameless, read_report(nameless)) != report_key(one, read_report(one))


def test_only_addresses_with_a_token_have_one():
    assert tokens_in([B, "b+short@x.org", "b@x.org", f"b+{TOKEN}x@x.org", f"{TOKEN}@x.org"]) == (TOKEN,)
    assert tokens_in([TOKEN, f"{TOKEN}x", f" {TOKEN}"]) == (TOKEN,)


def test_long_words_are_cut_and_control_characters_taken_out():
    report = read_report(dsn(group(diagnostic="smtp; 550 \x1b[31mred\x07 " + "x" * 5000)))
    assert len(report.diagnostic) == MAX_TEXT
    assert "\x1b" not in report.diagnostic


def test_a_mail_that_was_made_to_take_long_does_not():
    began = time.process_time()
    many = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 150_000
    assert read_report(many).kind is ReportKind.UNKNOWN
    level = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    deep = b"".join(level % (n, n) for n in range(2_000))
    assert "too deeply" in read_report(deep).reason
    lines = b"".join(level % (n, n) for n in range(MAX_BOUNDARIES // 2)) + b"\r\n" * 400_000
    assert read_report(lines).kind is ReportKind.UNKNOWN
    assert time.process_time() - began < 20, "seconds of the processor, which would be minutes"
    assert read_report(dsn(group()) + b"x" * (2 * MAX_READ)).kind is ReportKind.FAILED


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2000), st.sampled_from(sorted(DSN.glob("*.eml"))))
def test_whatever_is_damaged_nothing_fails_and_no_token_is_invented(noise, at, file):
    whole = file.read_bytes()
    raw = whole[:at] + noise + whole[at:]
    report = read_report(raw)
    assert not report.reason.startswith("it cannot be read")
    assert all(token.encode() in raw for token in tokens_in(report.recipients))
    assert report_key(raw, report)


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: text/rfc822-headers; charset=utf-8\r\n\r\nMessage-ID: <a\xac@b>\r\nX: \xff\xfe",
        b"Content-Type: text/rfc822-headers; charset=\xac\xff\r\n\r\nX: \xff",
        b"Content-Type: message/delivery-status; charset=x-unknown\r\n\r\nStatus: \xff5.1.1\r\n\r\nAction: \xac",
        b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: \xac\r\n\r\n\xff\xac",
    ],
)
def test_bytes_that_the_librarys_parser_fails_on_are_read_past(part):
    raw = dsn(group()).replace(b"--x--", b"--x\r\n" + part + b"\r\n--x--")
    assert raw != dsn(group())
    assert read_report(raw).status == "5.1.1"
    first = raw.replace(b"\r\n--x\r\n", b"\r\n--x\r\n" + part + b"\r\n--x\r\n", 1)
    assert not read_report(first).reason.startswith("it cannot be read")
