"""What the private Postfix returns, kept as files for those who read bounces: the kept notice still says what a fresh one says.

`UPDATE_GOLDEN=1` writes tests/delivery/dsn/postfix-*.eml anew.
"""

import os
import smtplib
from email import message_from_bytes
from pathlib import Path

import pytest

from monitor.delivery.tokens import Purpose, make_token
from monitor.testing import SENDER

KEPT = Path(__file__).parent.parent / "delivery" / "dsn"
ORIGINAL = (
    "From: Talks weekly <digest@news.test>\r\nTo: {to}\r\nSubject: Talks weekly, 2019-W10\r\n"
    "Date: Mon, 11 Mar 2019 05:00:00 +0000\r\nMessage-ID: <weekly.2019-03-11.7@news.test>\r\n"
    "List-Id: Talks weekly <weekly.news.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe week.\r\n"
)
CASES = {
    "unknown-user": "nobody@reader.test",
    "mailbox-full": "reader@full.test",
    "policy": "reader@policy.test",
    "no-such-domain": "reader@elsewhere.example",
    "delayed": "reader@slow.test",
    "unknown-user-beyond-ascii": "ніхто@reader.test",
}


def returned(postfix, case, options=()):
    """The notice that comes back for a mail which was taken."""
    recipient = CASES[case]
    # one subscription for each case, so that its notice is told from the others by the token alone
    number = 2 * list(CASES).index(case) + bool(options) + 1
    sender = f"b+{make_token(SENDER.secret, Purpose.BOUNCE, number, 'weekly')}@news.test"
    known_utf8 = [] if recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    with smtplib.SMTP("127.0.0.1", postfix.accepting_port, timeout=30) as client:
        client.ehlo()
        client.mail(sender, [*known_utf8, *(["RET=HDRS", "ENVID=outbox-41"] if options else [])])
        assert client.rcpt(recipient, options)[0] == 250
        assert client.data(ORIGINAL.format(to=recipient).encode())[0] == 250
    return postfix.wait_for(sender)[0]


def told(notice):
    """What a program reads in a notice: the kind of its parts, and the fields that do not change from one day to the next."""
    mail = message_from_bytes(notice)
    parts = [part.get_content_type() for part in mail.get_payload()]
    fields = [
        (name, value)
        for block in mail.get_payload()[1].get_payload()
        for name, value in (block.items() if hasattr(block, "items") else ())
        if name not in {"X-Postfix-Queue-ID", "Arrival-Date", "Will-Retry-Until", "X-Postfix-Sender"}
    ]
    return mail.get_content_type(), mail.get_param("report-type"), parts, fields


@pytest.mark.parametrize("asked", [False, True], ids=["plain", "asked-by-dsn-options"])
@pytest.mark.parametrize("case", CASES)
def test_a_notice_that_was_kept_says_what_postfix_says_today(postfix, case, asked):
    if asked and not CASES[case].isascii():
        pytest.skip("an original recipient beyond ASCII is written in another form")
    options = ("NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{CASES[case]}") if asked else ()
    notice = returned(postfix, case, options)
    kept = KEPT / f"postfix-{case}{'-asked' if asked else ''}.eml"
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(notice)
    assert told(notice) == told(kept.read_bytes())
    if asked:
        assert b"Original-Envelope-Id: outbox-41" in notice
        assert b"The week." not in notice, "only the header was asked back"
