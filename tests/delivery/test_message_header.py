"""Every line of the checklist for headers, on the bytes of built messages. docs/reference/mail-conformance.md is made of these."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.delivery.addresses import canonical_address
from monitor.delivery.message import build_message, one_line
from monitor.delivery.tokens import Purpose, read_token
from monitor.model.errors import WrongUse

SLOW = [HealthCheck.function_scoped_fixture]
MIXED = st.text(alphabet=st.sampled_from('ab NATO Мінск ўзброеныя сілы Łęk «»—, 北京🙂=?_"\\<>()@:;.'), min_size=1, max_size=120)


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def head(raw):
    return raw.partition(b"\r\n\r\n")[0]


@pytest.fixture
def build(make):
    """The bytes of a message: `build(title=…)`, with other fields of sender or subscription."""

    def made(person=None, sender=None, **letter):
        return build_message(make.letter(**letter), person or make.subscription(), sender or make.sender).body

    return made


@pytest.fixture
def field(build):
    """The raw bytes of a field, folding included."""

    def found(name, raw=None, **letter):
        match = re.search(rb"(?m)^" + name.encode() + rb": ((?:.|\n[ \t])*)\r$", raw or build(**letter))
        return match.group(1) if match else None

    return found


def test_h01_from_is_one_address_with_the_lists_name(build, make):
    sender = parsed(build(title="Security weekly"))["From"]
    assert [str(one) for one in sender.addresses] == ["Security weekly <digest@news.example.org>"]
    named = parsed(build(sender=replace(make.sender, name="The desk")))["From"]
    assert named.addresses[0].display_name == "The desk"


@settings(suppress_health_check=SLOW, max_examples=80, deadline=None)
@given(MIXED.filter(lambda text: one_line(text)))
def test_h01_every_name_reads_back_as_it_was(make, title):
    made = build_message(make.letter(title=title), make.subscription(), make.sender)
    address = parsed(made.body)["From"].addresses
    assert [one.addr_spec for one in address] == ["digest@news.example.org"]
    # the library's parser shows the white space between encoded words, which RFC 2047 6.2 has readers drop
    assert address[0].display_name.replace(" ", "") == one_line(title).replace(" ", "")


def test_h02_to_is_the_one_recipient_of_the_envelope(make):
    made = build_message(make.letter(), make.subscription(), make.sender)
    message = parsed(made.body)
    assert [one.addr_spec for one in message["To"].addresses] == [made.recipient]
    assert message["Cc"] is message["Bcc"] is None


LOCAL = st.text(alphabet="abcXYZ019!#$%&'*+-/=?^_`{|}~.", min_size=1, max_size=40)
DOMAIN = st.lists(st.text(alphabet="abcабвßü01", min_size=1, max_size=10), min_size=2, max_size=3).map(".".join)


@settings(suppress_health_check=SLOW, max_examples=80, deadline=None)
@given(LOCAL, DOMAIN)
def test_h02_every_address_reads_back_as_it_was(make, local, domain):
    try:
        canonical = canonical_address(f"{local}@{domain}")
    except WrongUse:
        return
    person = replace(make.subscription(), address=f"{local}@{domain}", canonical=canonical)
    message = parsed(build_message(make.letter(), person, make.sender).body)
    assert [one.addr_spec for one in message["To"].addresses] == [canonical]


def test_h03_reply_to_is_there_where_it_is_set(build, make):
    assert parsed(build())["Reply-To"].addresses[0].addr_spec == "desk@example.org"
    assert parsed(build(sender=replace(make.sender, reply_to="")))["Reply-To"] is None


@settings(suppress_health_check=SLOW, max_examples=120, deadline=None)
@given(MIXED)
def test_h04_every_subject_reads_back_as_it_was_in_short_words(make, subject):
    raw = build_message(make.letter(subject=subject), make.subscription(), make.sender).body
    assert str(parsed(raw)["Subject"]) == one_line(subject)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", head(raw)))


READ = """
import json, sys
from email import message_from_bytes, policy
raws = [bytes.fromhex(one) for one in json.load(sys.stdin)]
mails = [message_from_bytes(raw, policy=policy.default) for raw in raws]
print(json.dumps([[str(mail["Subject"]), mail["From"].addresses[0].display_name.replace(" ", ""), mail["To"].addresses[0].addr_spec] for mail in mails]))
"""
SUBJECTS = (
    "Belarus security weekly: 4–10 March 2019", "Бяспека Беларусі за тыдзень: 4–10 сакавіка 2019 года", "Ж" * 60, "a" * 70, "a " * 60,
    "Ministers met (again), «и снова»: 北京 🙂 =?utf-8?q?x?=", "NATO, СНГ and the EU: what next? " * 4, '"quoted" \\ back',
)  # fmt: skip


def pythons():
    here = {shutil.which(f"python3.{minor}") for minor in range(6, 20)}
    kept = Path.home() / ".pyenv" / "versions"
    here |= {str(found) for found in kept.glob("3.*/bin/python3")} if kept.is_dir() else set()
    return sorted(python for python in here if python)


@pytest.mark.parametrize(
    "python", pythons() or ["none"], ids=lambda path: next((p for p in Path(path).parts if p.startswith("3.")), Path(path).name)
)
def test_h04_the_parser_of_every_python_reads_subject_and_names(make, python):
    if python == "none" or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip("no such Python")
    raws = [build_message(make.letter(subject=text, title=text), make.subscription(), make.sender).body for text in SUBJECTS]
    done = subprocess.run(
        [python, "-c", READ], input=json.dumps([raw.hex() for raw in raws]), capture_output=True, text=True, check=True, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    wanted = [[one_line(text), one_line(text).replace(" ", ""), "ann@example.org"] for text in SUBJECTS]
    assert json.loads(done.stdout) == wanted


def test_h05_date_is_frozen_with_its_offset(build, field, make):
    assert field("Date") == b"Mon, 11 Mar 2019 05:00:00 +0000"
    assert parsed(build())["Date"].datetime == make.now


def test_h06_message_id_is_keyed_and_the_same_at_every_try(make):
    one = build_message(make.letter(), make.subscription(), make.sender)
    again = build_message(make.letter(), make.subscription(), make.sender)
    assert re.fullmatch(r"<weekly\.2019-03-11\.[0-9a-f]{32}@news\.example\.org>", one.message_id)
    assert parsed(one.body)["Message-ID"] == one.message_id == again.message_id
    letter = make.letter()
    revised = replace(letter, edition=replace(letter.edition, revision=2))
    others = [
        build_message(make.letter(), make.subscription(8), make.sender),
        build_message(make.letter(), make.subscription(), replace(make.sender, secret=b"other")),
        build_message(revised, make.subscription(), make.sender),
    ]
    assert len({one.message_id, *(other.message_id for other in others)}) == 4


def test_h07_mime_version(field):
    assert field("MIME-Version") == b"1.0"


def test_h08_list_id_is_constant_over_editions(field, make):
    letter = make.letter()
    later = replace(
        letter, sent_at=make.now + timedelta(days=7), edition=replace(letter.edition, id="weekly/2019-03-18", week="2019-W11")
    )
    first = field("List-Id")
    assert first == b"Security weekly <weekly.news.example.org>"
    assert field("List-Id", build_message(later, make.subscription(8), make.sender).body) == first
    assert len(first) <= 255


def test_h09_list_unsubscribe_is_raw_and_folded_at_the_comma(field, make):
    found = field("List-Unsubscribe")
    web, mail = found.split(b",\r\n ")
    token = re.fullmatch(rb"<https://news\.example\.org/u/([\w-]{40})>", web).group(1).decode()
    assert mail == f"<mailto:u+{token}@news.example.org?subject=unsubscribe>".encode()
    assert read_token(make.sender.secret, Purpose.UNSUBSCRIBE, token).subscription == 7
    long = replace(make.sender, base_url="https://news.example.org/" + "a" * 300)
    raw = build_message(make.letter(), make.subscription(), long).body
    assert b"=?" not in field("List-Unsubscribe", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_h10_one_click_only_where_there_is_https(build, field, make):
    assert field("List-Unsubscribe-Post") == b"List-Unsubscribe=One-Click"
    assert field("List-Unsubscribe-Post", build(sender=replace(make.sender, base_url="http://localhost:8080"))) is None


def test_h11_the_other_fields_of_the_list(field):
    assert field("List-Help") == field("List-Archive") == b"<https://news.example.org/weekly/>"
    assert field("List-Owner") == b"<mailto:desk@example.org>"
    assert field("List-Post") == b"NO"


def test_h12_archived_at_is_the_permalink_of_the_edition(field):
    assert field("Archived-At") == b"<https://news.example.org/weekly/2019-W10/en/>"


def test_h13_precedence(field):
    assert field("Precedence") == b"bulk"


def test_h14_auto_submitted(field):
    assert field("Auto-Submitted") == b"auto-generated"


def test_h15_auto_response_suppress(field):
    assert field("X-Auto-Response-Suppress") == b"OOF, AutoReply"


def test_h16_feedback_id_names_nobody(field, make):
    found = field("Feedback-ID")
    assert found == b"2019-W10:weekly:weekly:monitor"
    assert field("Feedback-ID", build_message(make.letter(), make.subscription(8), make.sender).body) == found


def test_h17_content_language(field, make):
    assert field("Content-Language") == b"en"
    letter = make.letter()
    russian = replace(letter, rendition=replace(letter.rendition, language="ru"))
    raw = build_message(russian, make.subscription(), make.sender).body
    assert field("Content-Language", raw) == b"ru"
    assert raw.count(b"Content-Language") == 1


def test_h19_nothing_is_there_that_does_not_belong(build):
    names = {name.lower() for name in parsed(build())}
    assert not names & {"return-path", "sender", "bcc", "cc", "x-mailer", "user-agent", "received", "x-originating-ip"}


def test_h20_the_envelope_sender_names_the_message_and_fits(make):
    made = build_message(make.letter(), make.subscription(), replace(make.sender, bounce="b" * 23 + "@bounce.example.org"))
    local = made.envelope_from.partition("@")[0]
    assert len(local) == 64
    assert read_token(make.sender.secret, Purpose.BOUNCE, local.partition("+")[2]).subscription == 7
    assert local.encode() not in made.body


@pytest.mark.parametrize(
    "evil",
    [
        "x\r\nBcc: eve@example.org",
        "x\nBcc: e",
        "x\r\n\r\n<script>",
        "x\u2028Bcc: e",
        "x\x85Bcc: e",
        "\u202egnp.exe",
        "x\x00\x1b[31m",
    ],
)
def test_h21_nothing_hostile_adds_a_field_or_turns_the_writing(build, make, evil):
    honest = {name.lower() for name in parsed(build())}
    raw = build(subject=evil, title=evil, sender=replace(make.sender, name=evil))
    message = parsed(raw)
    assert {name.lower() for name in message} == honest
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]",
        str(message["Subject"]) + str(message["From"]) + str(message["List-Id"]),
    )


def test_h22_addresses_beyond_ascii(build, make):
    domain = replace(make.subscription(), canonical=canonical_address("ann@пример.example"))
    assert parsed(build(domain))["To"].addresses[0].addr_spec == "ann@xn--e1afmkfd.example"
    local = replace(make.subscription(), canonical="мікола@example.org")
    assert "\r\nTo: мікола@example.org\r\n".encode() in build(local)
