"""Each finding is found by its code where it is, with its line, and is not found in a good mail."""

import base64
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.delivery.lint.catalogue import CODES
from monitor.delivery.lint.check import kind_of, lint_message
from monitor.delivery.lint.mail import MailKind
from monitor.model.problem import Severity

ROOT = Path(__file__).parents[3]
LONG = "абв" * 60
HEAD = """\
From: Weekly <digest@news.example.org>
To: ann@example.org
Subject: Weekly
Date: Mon, 11 Mar 2019 05:00:00 +0000
Message-ID: <weekly.1@news.example.org>
List-Id: Weekly <weekly.news.example.org>
List-Unsubscribe: <https://news.example.org/u/T>, <mailto:u+T@news.example.org>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: 2019-W10:weekly:weekly:monitor
Precedence: bulk
Auto-Submitted: auto-generated
Content-Language: en
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_b"
"""
TEXT = "Leave: https://news.example.org/u/T\n\nThe week.\n"
PAGE = (
    '<!doctype html><html lang="en"><head><title>Week</title><style>p{color:#222}</style></head><body>\n'
    '<p><a href="https://news.example.org/u/T">Unsubscribe</a></p>\n<h1>Week</h1>\n<h2>Talks</h2>\n'
    '<table role="presentation"><tr><td><img src="https://news.example.org/a.png" width="10" height="10" alt="Stories"></td></tr></table>\n'
    '<table><tr><th scope="col">A</th></tr></table></body></html>\n'
)


def mail(
    head=HEAD,
    text=TEXT,
    page=PAGE,
    text_head="Content-Type: text/plain; charset=utf-8\n",
    page_head="Content-Type: text/html; charset=utf-8\n",
    end="--=_b--\n",
):
    made = f"{head}\n--=_b\n{text_head}\n{text}\n--=_b\n{page_head}\n{page}\n{end}"
    return made.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def header(old, new=""):
    assert old in HEAD
    return mail(HEAD.replace(old, new))


def added(line):
    return mail(HEAD + line)


def body(old, new):
    assert old in PAGE
    return mail(page=PAGE.replace(old, new))


def page(extra):
    return body("</body>", f"{extra}</body>")


def coded(text, how):
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {how}\n"
    return mail(text=text, text_head=head)


CASES = [
    ("M101", header("From: Weekly <digest@news.example.org>\n"), "nobody wrote it"),
    ("M101", added("From: eve@example.org\n"), "two people wrote it"),
    ("M102", header("To: ann@example.org\n"), "to nobody"),
    ("M103", header("Date: Mon, 11 Mar 2019 05:00:00 +0000\n"), "without a date"),
    ("M104", header("Message-ID: <weekly.1@news.example.org>\n"), "without a Message-ID"),
    ("M105", header("Subject: Weekly\n"), "without a subject"),
    ("M105", added("Subject: another\n"), "two subjects"),
    ("M106", header("List-Id: Weekly <weekly.news.example.org>\n"), "of no list"),
    ("M107", header("List-Unsubscribe: <https://news.example.org/u/T>, <mailto:u+T@news.example.org>\n"), "no way out"),
    ("M108", header("MIME-Version: 1.0\n"), "no MIME"),
    ("M110", header("List-Unsubscribe: <https", "List-Unsubscribe: =?utf-8?q?x?= <https"), "the button that vanishes"),
    ("M111", header("<https://news.example.org/u/T>, "), "one click to a mailbox"),
    ("M112", header("List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"), "no one-click"),
    ("M112", header("=One-Click", "=Two-Clicks"), "another word"),
    ("M113", header("<https://news.example.org/u/T>, "), "mail alone"),
    ("M114", header("<https://news.example.org/u/T>, <mailto:u+T@news.example.org>", "<mailto:u@x.org>, <https://x.org/u>"), "mail first"),
    ("M114", header("<mailto:u+T@news.example.org>", "<https://x.org/v>"), "two web addresses"),
    ("M120", header("To: ann@example.org", "To: ann@example.org, eve@example.org"), "recipients that see each other"),
    ("M120", added("Cc: eve@example.org\n"), "by a copy"),
    ("M121", added("Bcc: eve@example.org\n"), "a Bcc that everybody can read"),
    ("M121", added("Return-Path: <b@example.org>\n"), "the envelope's own"),
    ("M121", added("X-Mailer: monitor 1\n"), "a version for attackers"),
    ("M122", header("Date: Mon, 11 Mar 2019 05:00:00 +0000", "Date: last Monday"), "a date nobody can read"),
    ("M122", header("05:00:00 +0000", "05:00:00 -0000"), "no zone"),
    ("M123", header("Subject: Weekly", "Subject: " + "Weekly " * 20), "a long subject"),
    ("M124", header("Auto-Submitted: auto-generated\n"), "replies of absence"),
    ("M125", header("<digest@news.example.org>", "<digest>"), "no address"),
    ("M125", header("From: Weekly <digest@news.example.org>", "From: a@x.org, b@x.org"), "two addresses"),
    ("M126", header("<weekly.1@news.example.org>", "weekly.1@news.example.org"), "no angle brackets"),
    ("M127", header("<weekly.news.example.org>", "<weekly@news.example.org>"), "an address"),
    ("M127", header("<weekly.news.example.org>", "weekly.news.example.org"), "no brackets"),
    ("M127", header("<weekly.news", f"<{'w' * 250}.news"), "too long"),
    ("M128", header("Precedence: bulk", "Precedence: first-class"), "not bulk"),
    ("M129", header(":monitor", ":m"), "the sender's part is too short"),
    ("M129", header("2019-W10:", "2019-W10:x:y:"), "five parts"),
    ("M130", header("digest@news", "no-reply@news"), "nobody reads answers"),
    ("M132", header("Subject: Weekly", "Subject: Неделя"), "raw bytes"),
    ("M132", header("To: ann", "To: аня"), "SMTPUTF8 alone"),
    ("M133", header("Subject: Weekly", f"Subject: =?utf-8?b?{base64.b64encode(LONG.encode()).decode()}?="), "too long a word"),
    ("M133", header("Subject: Weekly", "Subject: =?utf-8?b?0J3Q?="), "half a character"),
    ("M133", header("Subject: Weekly", "Subject: =?klingon?q?x?="), "a charset that is none"),
    ("M133", header("From: Weekly", 'From: "=?utf-8?b?0J3Q?="'), "in quotes"),
    ("M133", header("<weekly.1@news", "<=?utf-8?q?x?=@news"), "in a field for programs"),
    ("M135", header("Precedence: bulk", "Precedence: bulk\nno field at all"), "a line without a colon"),
    ("M135", header("Precedence: bulk", "Precedence: bulk\n   "), "an empty folded line"),
    ("M136", header("Subject: Weekly", "Subject: Week\x07ly"), "a bell"),
    ("M137", header("Content-Language: en\n"), "no language"),
    ("M138", added("DKIM-Signature: v=1; d=x.org; h=from:subject:list-unsubscribe; bh=x; b=x\n"), "half of the button"),
    ("M138", added("DKIM-Signature: v=1; l=10; h=from:subject:list-unsubscribe:list-unsubscribe-post; b=x\n"), "a part of the body"),
    ("M140", header("Subject: Weekly", "Subject: =?utf-8?b?4oCuYWJj?="), "written backwards"),
    ("M201", mail(text="x" * 1000), "a line that servers cut"),
    ("M202", mail().replace(b"\r\n", b"\n"), "bare line feeds"),
    ("M202", mail().replace(b"The week.\r\n", b"The week.\r"), "a bare carriage return"),
    ("M203", mail(text="a\x00b"), "a NUL byte"),
    ("M204", mail(text="Неделя"), "raw bytes"),
    ("M205", coded("Неделя", "8bit"), "recoded on the way"),
    ("M206", mail(end=""), "cut off"),
    ("M206", header('boundary="=_b"', 'boundary="' + "b" * 80 + '"'), "too long a boundary"),
    ("M206", header('; boundary="=_b"'), "no boundary"),
    ("M206", mail(end="--=_b--\n--=_b\n"), "a boundary behind the end"),
    ("M206", coded("QQ", "base64"), "base64 that ends too early"),
    ("M207", coded(base64.b64encode(TEXT.encode()).decode(), "base64"), "ASCII hidden"),
    ("M208", mail(text_head="Content-Type: text/plain; charset=koi8-r\n"), "an old charset"),
    ("M210", mail(text_head="Content-Type: text/html\n", page_head="Content-Type: text/plain\n"), "the plain text last"),
    ("M211", mail(text_head="Content-Type: text/html; charset=utf-8\n"), "no plain text"),
    ("M212", mail(text_head="Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n"), "an attachment"),
    ("M213", mail(text_head="Content-Type: image/png\nContent-Transfer-Encoding: base64\n", text="AAAA"), "a picture inside"),
    ("M214", mail(text=" \n"), "nothing to read"),
    ("M215", mail(text="word " * 30), "long lines"),
    ("M217", mail(text_head="Content-Type: text/x-amp-html; charset=utf-8\n"), "AMP"),
    ("M301", page("<p>" + "word \n" * 20_000), "clipped"),
    ("M302", body("p{color:#222}", "p{color:#222}" * 1500), "a style block that is dropped"),
    ("M303", page("<p>" + "word \n" * 12_600), "nearly clipped"),
    ("M304", body("p{color:#222}", "@import url(https://x.org/a.css)"), "styles from outside"),
    ("M304", body("p{color:#222}", "p{background:url(https://x.org/a.png)}"), "a picture that counts"),
    ("M310", page("<script>1</script>"), "a script"),
    ("M311", page("<form></form>"), "a form"),
    ("M312", page('<img src="data:image/png;base64,AA" width="9" height="9" alt="">'), "data: in an image"),
    ("M312", body("p{color:#222}", "p{background:url(data:image/png;base64,AA)}"), "data: in a style"),
    ("M313", page('<link rel="stylesheet" href="https://x.org/a.css">'), "a style sheet"),
    ("M314", body(' alt="Stories"', ""), "an image without alt"),
    ("M315", body(' lang="en"', ""), "no language"),
    ("M316", page("it\x92s"), "an old apostrophe"),
    ("M316", mail(text="a\x0cb"), "a form feed in the text"),
    ("M317", body("Unsubscribe", "Leave").replace(b'/u/T">Leave', b'/go">Leave'), "no way out in sight"),
    ("M318", page("{{NAME}}"), "a place that was not filled"),
    ("M318", mail(text="Dear {{NAME}}"), "in the text too"),
    ("M319", body(' width="10" height="10"', ""), "an image without a size"),
    ("M320", body('width="10" height="10"', 'width="1" height="1"'), "a pixel that counts readers"),
    ("M320", body('width="10"', 'style="display: none"'), "an image that is hidden"),
    ("M321", body('src="https:', 'src="http:'), "an image by http"),
    ("M322", body(' role="presentation"', ""), "a table read out as data"),
    ("M323", body(' scope="col"', ""), "a heading of nothing"),
    ("M324", page('<a href="https://x.org/">Read more</a>'), "words that say nothing"),
    ("M324", page('<a href="https://x.org/">здесь</a>'), "in Russian"),
    ("M324", page('<a href="https://x.org/"></a>'), "no words"),
    ("M325", body("<h2>Talks</h2>", "<h3>Talks</h3>"), "a level left out"),
    ("M326", body("<title>Week</title>", ""), "no title"),
    ("M328", page('<a href="javascript:1">go there</a>'), "a link that runs a script"),
    ("M329", page('<a href="/weekly/">Archive</a>'), "a link to nowhere"),
    ("M329", body('src="https://news.example.org/a.png"', 'src="a.png"'), "an image from nowhere"),
    ("M332", body("p{color:#222}", "/* a */p{color:#222}"), "a comment first"),
    ("M334", body("<h1>", '<h1 onclick="x()">'), "a script in an attribute"),
    ("M335", page("<iframe></iframe>"), "a frame"),
    ("M335", page("<svg></svg>"), "a drawing"),
]  # fmt: skip


LINK = "https://news.example.org/c/T"
ASKED = re.sub(r"(?m)^(List-.*|Feedback-ID.*|Precedence.*)\n", "", HEAD)
CONFIRM = (
    '<!doctype html><html lang="en"><head><title>Please confirm</title></head><body><h1>Please confirm</h1>\n'
    f'<p><a href="{LINK}">Yes, send me the digest</a></p></body></html>\n'
)


def confirmation(extra="", text=f"You asked for it:\n\n{LINK}\n", page=CONFIRM):
    return mail(ASKED + extra, text=text, page=page)


CONFIRMATION_CASES = [
    ("M141", confirmation("List-Unsubscribe: <https://x.org/u>\n"), "nothing to leave yet"),
    ("M141", confirmation("List-Id: <weekly.x.org>\n"), "on no list"),
    ("M142", confirmation("Precedence: bulk\n"), "somebody waits for it"),
    ("M216", confirmation(text="You asked for it: press the button.\n"), "no way to confirm in plain text"),
    ("M336", confirmation(page=CONFIRM.replace("/c/T", "/c/X")), "two ways to confirm"),
    ("M337", confirmation(page=CONFIRM.replace("</body>", '<img src="https://x.org/a.png" width="9" height="9" alt="us"></body>')), "a picture before consent"),
]  # fmt: skip


def test_a_good_confirmation_has_nothing_to_mend_and_is_told_from_an_edition():
    assert [str(problem) for problem in lint_message(confirmation())] == []
    assert (kind_of(confirmation()), kind_of(mail())) == (MailKind.CONFIRMATION, MailKind.EDITION)
    as_edition = {problem.code for problem in lint_message(confirmation(), kind=MailKind.EDITION)}
    assert as_edition == {"M106", "M107", "M317"}


@pytest.mark.parametrize(("code", "raw", "why"), CONFIRMATION_CASES, ids=[f"{code}-{why}" for code, _, why in CONFIRMATION_CASES])
def test_each_fault_of_a_confirmation_is_found_by_its_code(code, raw, why):
    found = {problem.code for problem in lint_message(raw, kind=MailKind.CONFIRMATION)}
    assert found == {code}, why


@pytest.mark.parametrize("field", ["List-Id", "List-Unsubscribe", "Precedence", "Feedback-ID", "Auto-Submitted"])
def test_an_edition_that_lacks_one_field_is_still_judged_as_an_edition(field):
    assert kind_of(mail(re.sub(rf"(?m)^{field}:.*\n", "", HEAD))) is MailKind.EDITION


def test_what_holds_for_every_mail_holds_for_a_confirmation():
    raw = confirmation("Bcc: eve@example.org\n", page=CONFIRM.replace("</body>", "<script>1</script></body>"))
    assert {problem.code for problem in lint_message(raw)} == {"M121", "M310"}


def test_a_good_mail_has_nothing_to_mend():
    assert [str(problem) for problem in lint_message(mail())] == []


@pytest.mark.parametrize(("code", "raw", "why"), CASES, ids=[f"{code}-{why}" for code, _, why in CASES])
def test_each_fault_is_found_by_its_code(code, raw, why):
    found = [problem for problem in lint_message(raw, "week.eml") if problem.code == code]
    assert found, why
    assert found[0].place.file == "week.eml"
    assert found[0].message
    assert found[0].mend


def test_every_code_is_explained_and_has_a_case():
    told = set()
    for file in (ROOT / "monitor" / "delivery" / "lint").glob("*.py"):
        if file.name != "catalogue.py":
            told |= set(re.findall(r'"(M\d{3})"', file.read_text(encoding="utf-8")))
    assert told == set(CODES) == {code for code, _, _ in CASES + CONFIRMATION_CASES}


@pytest.mark.parametrize(
    ("code", "raw", "words"),
    [
        ("M123", header("Subject: Weekly", "Subject: " + "Weekly " * 20), b"Subject:"),
        ("M121", added("Bcc: eve@example.org\n"), b"Bcc:"),
        ("M105", added("Subject: another\n"), b"Subject: another"),
        ("M201", mail(text="first\n" + "x" * 1000), b"xxx"),
        ("M203", mail(text="one\na\x00b"), b"a\x00b"),
        ("M204", mail(text="one\nНеделя"), b"one"),
        ("M311", page("<form></form>"), b"<!doctype"),
    ],
)
def test_a_finding_names_its_line(code, raw, words):
    found = next(problem for problem in lint_message(raw) if problem.code == code)
    assert raw.split(b"\r\n")[found.place.line - 1].startswith(words)


def test_within_the_html_the_line_is_told_in_words():
    assert any("line 3 of the HTML" in problem.message for problem in lint_message(body("<h1>", '<h1 onclick="x()">')))


def test_no_kind_of_fault_is_told_twice_of_one_page():
    problems = lint_message(page("<form></form><form></form><script></script>"))
    assert [problem.code for problem in problems] == ["M311", "M310"]


def test_html_before_text_is_found():
    from email.message import EmailMessage

    message = EmailMessage()
    message.set_content("<p>x</p>", subtype="html")
    message.add_alternative("x")
    assert "M210" in {problem.code for problem in lint_message(message.as_bytes())}


@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_the_sample_edition_has_no_error(language):
    file = next((ROOT / "digests").glob(f"*/sample/*/{language}/message.eml"))
    wrong = [str(problem) for problem in lint_message(file.read_bytes()) if problem.severity is Severity.ERROR]
    assert wrong == []
    warned = {problem.code for problem in lint_message(file.read_bytes())}
    assert warned <= {"M303"}, "but for its size"


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2500), st.binary(max_size=60), st.integers(0, 40))
def test_whatever_the_bytes_are_they_are_judged(place, noise, cut):
    raw = mail()
    for problem in lint_message(raw[:place] + noise + raw[place + cut :]):
        assert problem.code in CODES
        assert 0 <= problem.place.line <= raw.count(b"\n") + noise.count(b"\n") + 1


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_are_beyond_judging(raw):
    assert lint_message(raw)
