"""The judges can find what they look for: each way in which a case could live is seen when it is put there."""

import pytest

SOUND = (
    '<!doctype html><html lang="en"><head><title>x</title></head><body><p><a href="https://a.example/">x</a></p></body></html>'
)


@pytest.mark.parametrize(
    ("piece", "sentence"),
    [
        ("<script>x</script>", "A script."),
        ("<img src=x onerror=x>", "A handler."),
        ("<svg></svg>", "Another namespace."),
        ('<a href="javascript:x">x</a>', "A scheme that acts."),
        ('<a href="java\tscript:x">x</a>', "The same, spelt so that only browsers read it."),
        ('<img src="https://hit.invalid/1">', "An image of another host."),
        ('<link rel="stylesheet" href="//hit.invalid/1">', "A sheet of another host."),
        ("<style>a{background:url(x)}</style>", "A style that loads."),
        ('<p style="background:url(x)">x</p>', "The same in an attribute."),
        ('<meta http-equiv="refresh" content="0">', "A page that leaves by itself."),
        ('<form action="https://hit.invalid/">x</form>', "A form that posts elsewhere."),
        ("<base href=/x>", "A base that turns every address."),
        ("<!-- x -->", "A comment, in which old readers see conditions."),
        ("{{UNSUBSCRIBE_URL}}", "What delivery fills."),
        ("\x9b", "A control."),
        ("\u202e", "A turn."),
    ],
)
def test_a_sin_in_a_page_is_found(oracle, piece, sentence):
    assert oracle.judge_html(SOUND) == ()
    assert oracle.judge_html(SOUND.replace("<p>", f"<p>{piece}")) != (), sentence


def test_most_raw_cases_of_markup_are_sins_where_nothing_guards(oracle, cases):
    caught = [case for case in cases if oracle.judge_html(SOUND.replace("<p>", f"<p>{case.text}"))]
    assert len(caught) > 0.8 * len(cases)


MAIL = (
    b"From: a@b.example\r\nTo: r@b.example\r\nSubject: x\r\nList-Id: <x.b.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="z"\r\n\r\n--z\r\nContent-Type: text/plain\r\n\r\nx\r\n'
    b"--z\r\nContent-Type: text/html\r\n\r\nx\r\n--z--\r\n"
)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"Subject: x", b"Subject: x\r\nBcc: all@hit.invalid", "A field that is none of ours."),
        (b"Subject: x", b"Subject: x\r\nSubject: y", "A field twice."),
        (b"Subject: x", b"Subject: x\ny", "A bare line feed."),
        (b"Subject: x", b"Subject: =?utf-8?q?x=0D=0Ay?=", "A line break inside an encoded word."),
        (b"Subject: x", b"Subject: x\x1b[2J", "An escape."),
        (b"To: r@b.example", b"To: r@b.example, all@hit.invalid", "A second recipient."),
        (b"--z--", b"--z\r\nContent-Type: text/html\r\n\r\ny\r\n--z--", "A third part."),
        (b"\r\nx\r\n--z--", b"\r\n" + b"x" * 999 + b"\r\n--z--", "A line that relays cut."),
    ],
)
def test_a_sin_in_a_mail_is_found(oracle, old, new, sentence):
    assert oracle.judge_mail(MAIL, "r@b.example") == ()
    assert oracle.judge_mail(MAIL.replace(old, new, 1), "r@b.example") != (), sentence
