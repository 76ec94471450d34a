import json
import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.delivery.lint.check import lint_message
from monitor.delivery.message import build_message, one_line
from monitor.delivery.tokens import Purpose, read_token
from monitor.model.problem import Severity


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def test_building_twice_gives_the_same_bytes(make):
    first = build_message(make.letter(), make.subscription(), make.sender)
    assert first == build_message(make.letter(), make.subscription(), make.sender)
    other = build_message(make.letter(), make.subscription(8), make.sender)
    assert other.message_id != first.message_id


def test_a_secret_that_was_taken_the_place_of_changes_no_byte(make):
    kept = build_message(make.letter(), make.subscription(), make.sender)
    rotated = replace(make.sender, previous_secrets=(b"older",), suppression_key=b"any")
    assert build_message(make.letter(), make.subscription(), rotated) == kept


def test_text_comes_before_html_and_both_hold_the_readers_own_link(make):
    message = parsed(build_message(make.letter(), make.subscription(), make.sender).body)
    plain, page = message.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    for kind, purpose in (("u", Purpose.UNSUBSCRIBE), ("p", Purpose.MANAGE)):
        link = re.search(rf"https://news\.example\.org/{kind}/([\w-]{{40}})", plain.get_content())
        assert link.group() in page.get_content()
        assert read_token(make.sender.secret, purpose, link[1]).of("weekly")
    assert "Обзор недели" in page.get_content()
    assert "{{" not in plain.get_content() + page.get_content()


def test_header_fields_are_as_the_standards_want_them(make):
    raw = build_message(make.letter(title="Бюлетэнь бяспекі"), make.subscription(), make.sender).body
    message = parsed(raw)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"].endswith("<weekly.news.example.org>")
    assert message["Archived-At"] == "<https://news.example.org/weekly/2019-W10/en/>"
    assert message["To"].addresses[0].addr_spec == "ann@example.org"
    assert message["From"].addresses[0].display_name == "Бюлетэнь бяспекі"
    assert message["Bcc"] is None
    assert raw.isascii()


def test_list_unsubscribe_is_raw_however_long(make):
    raw = build_message(make.letter(), make.subscription(), make.sender).body
    field = re.search(rb"List-Unsubscribe: (.+\r\n(?:[ \t].+\r\n)*)", raw).group(1)
    assert field.startswith(b"<https://news.example.org/u/")
    assert b"=?" not in field
    assert b",\r\n <mailto:u+" in field


def test_one_click_is_not_promised_without_https(make):
    from dataclasses import replace

    message = parsed(
        build_message(make.letter(), make.subscription(), replace(make.sender, base_url="http://localhost:8080")).body
    )
    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    "title", ["x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org", "x\u2028Bcc: e@example.org", "x\x00\x0bBcc: e"]
)
def test_a_title_cannot_add_a_header_field(make, title):
    message = parsed(build_message(make.letter(subject=title), make.subscription(), make.sender).body)
    assert message["Bcc"] is None
    assert message["Subject"].startswith("x")


def test_bidi_controls_are_taken_out_of_a_subject():
    assert one_line("abc\u202egnp.exe\u2066") == "abcgnp.exe"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from('abc NATO Мінск ўзброеныя сілы Łęk «»—, 北京🙂=?_"\\<>()@:;'), min_size=1, max_size=160))
def test_every_subject_comes_back_as_it_was_and_no_line_is_long(make, subject):
    raw = build_message(make.letter(subject=subject), make.subscription(), make.sender).body
    message = parsed(raw)
    assert str(message["Subject"]) == one_line(subject)
    head = raw.split(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 200
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", head))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab Zя ў,"\\.<>@()'), min_size=1, max_size=40).filter(lambda text: one_line(text)))
def test_every_list_title_survives_in_from(make, title):
    message = parsed(build_message(make.letter(title=title), make.subscription(), make.sender).body)
    assert message["From"].addresses[0].addr_spec == "digest@news.example.org"


def test_the_built_message_passes_our_own_lint(make):
    problems = lint_message(build_message(make.letter(), make.subscription(), make.sender).body)
    assert [str(problem) for problem in problems if problem.severity is Severity.ERROR] == []


def test_the_envelope_sender_names_edition_and_subscription_where_bounces_are_read(make):
    from dataclasses import replace

    from monitor.delivery.tokens import Purpose, digest_hash, read_token

    sender = replace(make.sender, bounce="b@bounce.example.org")
    built = build_message(make.letter(), make.subscription(), sender)
    local, _, domain = built.envelope_from.partition("@")
    assert domain == "bounce.example.org"
    assert len(local) == 42
    claim = read_token(sender.secret, Purpose.BOUNCE, local.removeprefix("b+"))
    assert (claim.subscription, claim.digest_hash) == (7, digest_hash("weekly/2019-03-11"))
    assert b"<mailto:u+" in built.body
    assert b"@bounce.example.org?subject=unsubscribe>" in built.body
    assert local.encode() not in built.body


def test_without_an_address_for_bounces_the_envelope_sender_is_the_sender(make):
    assert build_message(make.letter(), make.subscription(), make.sender).envelope_from == "digest@news.example.org"


def test_a_recipient_whose_address_needs_smtputf8_gets_a_message_too(make):
    from dataclasses import replace

    person = replace(make.subscription(), address="мікола@example.org", canonical="мікола@example.org")
    raw = build_message(make.letter(), person, make.sender).body
    assert "\r\nTo: мікола@example.org\r\n".encode() in raw
    assert raw.replace("мікола".encode(), b"").isascii()


def test_a_provider_gets_the_token_of_the_envelope_in_the_header_that_it_gives_back(make):
    headers = (("X-PM-Metadata-monitor", "{token}"), ("X-SMTPAPI", '{"unique_args": {"monitor": "{token}"}}'))
    raw = build_message(make.letter(), make.subscription(), replace(make.sender, references=headers)).body
    message = parsed(raw)
    token = message["X-PM-Metadata-monitor"]
    claim = read_token(make.sender.secret, Purpose.BOUNCE, token)
    assert (claim.subscription, claim.of("weekly/2019-03-11")) == (7, True)
    assert json.loads(message["X-SMTPAPI"]) == {"unique_args": {"monitor": token}}
    assert b"=?" not in raw.partition(b"X-SMTPAPI")[2].partition(b"\r\n\r\n")[0]
    assert "X-SMTPAPI" not in parsed(build_message(make.letter(), make.subscription(), make.sender).body)
