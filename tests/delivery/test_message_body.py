"""Every line of the checklist for parts, sizes and encodings, on the bytes of built messages and of the shipped sample."""

import base64
import quopri
import re
import textwrap
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.delivery.lint.check import lint_message
from monitor.delivery.lint.html import MAX_HTML_BYTES
from monitor.delivery.message import build_message

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "digests").glob("*/sample/*/*/message.eml"))
RUSSIAN = "<p>" + "Слова пра перамовы ў сталіцы. " * 300 + "</p>"
ENGLISH = "<p>" + "Words — on talks in the capital. " * 300 + "</p>"


@pytest.fixture
def build(make):
    def made(**letter):
        return build_message(make.letter(**letter), make.subscription(), make.sender).body

    return made


def page(content):
    return f'<!doctype html><html lang="en"><head><title>W</title></head><body><a href="{{{{UNSUBSCRIBE_URL}}}}">Unsubscribe</a>{content}</body></html>'


def parts(raw):
    return [part for part in message_from_bytes(raw).walk() if not part.is_multipart()]


def codes(raw):
    return {problem.code for problem in lint_message(raw)}


@pytest.fixture(params=SAMPLES, ids=lambda file: file.parent.name)
def sample(request):
    return request.param.read_bytes()


def test_b01_two_parts_the_plain_one_first(build):
    raw = build()
    assert message_from_bytes(raw).get_content_type() == "multipart/alternative"
    assert [(part.get_content_type(), part.get_content_charset()) for part in parts(raw)] == [
        ("text/plain", "utf-8"),
        ("text/html", "utf-8"),
    ]


def test_b02_the_bytes_are_the_same_at_every_build_the_boundary_too(build, make):
    assert build() == build()
    boundary = message_from_bytes(build()).get_boundary()
    other = build_message(make.letter(), make.subscription(8), make.sender).body
    assert re.fullmatch(r"=_[0-9a-f]{32}", boundary)
    assert message_from_bytes(other).get_boundary() != boundary


def test_b03_the_sample_holds_nothing_that_is_blocked(sample):
    assert not codes(sample) & {"M212", "M213", "M217", "M304", "M310", "M311", "M312", "M313", "M334", "M335", "M320"}


@pytest.mark.parametrize(
    ("content", "encoding"), [(RUSSIAN, "base64"), (ENGLISH, "quoted-printable"), ("<p>plain</p>", "quoted-printable")]
)
def test_b04_the_shorter_encoding_is_taken(build, content, encoding):
    raw = build(mail_html=page(content))
    html = parts(raw)[1]
    assert html["Content-Transfer-Encoding"] == encoding
    body = html.get_payload(decode=True)
    assert len(html.get_payload()) <= 1.05 * min(len(base64.encodebytes(body)), len(quopri.encodestring(body))) + 200
    assert raw.isascii()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab é Жў北🙂.\n=-_ "), max_size=3000))
def test_b05_lines_end_in_crlf_and_are_short_whatever_the_text(build, text):
    raw = build(mail_text=text, mail_html=page(text))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 200
    plain, html = (part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in parts(raw))
    assert plain.rstrip("\n") == text.rstrip("\n"), "and it reads back as it was"
    assert text in html


def test_b06_lines_of_the_samples_plain_text_are_short(sample):
    assert "M215" not in codes(sample)
    lines = parts(sample)[0].get_payload(decode=True).decode().splitlines()
    assert [line for line in lines if len(line) > 78 and "://" not in line] == []


def test_b07_the_samples_are_not_clipped_as_they_go_over_the_wire(sample):
    html = parts(sample)[1]
    assert max(len(html.get_payload(decode=True)), len(html.get_payload())) <= MAX_HTML_BYTES
    assert "M301" not in codes(sample)


def test_b08_control_characters_are_taken_out_of_both_parts(build):
    raw = build(mail_text="it\x92s\x07 here\x0c {{UNSUBSCRIBE_URL}}\ttab\n", mail_html=page("<p>it\x92s\x00\x85</p>"))
    texts = [part.get_payload(decode=True).decode() for part in parts(raw)]
    assert not any(re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text) for text in texts)
    assert "\ttab" in texts[0]
    assert not codes(raw) & {"M203", "M316"}


def test_b09_style_blocks_of_the_samples_are_kept(sample):
    assert not codes(sample) & {"M302", "M332"}
    assert b"<style" in parts(sample)[1].get_payload(decode=True)


def test_b10_the_way_out_stands_at_first_sight(sample):
    assert "M317" not in codes(sample)
    plain = parts(sample)[0].get_payload(decode=True).decode()
    assert "/u/" in textwrap.shorten(plain, 600)
    assert plain.count("/u/") >= 2, "and at the end"


def test_b11_the_samples_can_be_read_by_ear(sample):
    assert not codes(sample) & {"M314", "M315", "M319", "M322", "M323", "M324", "M325", "M326", "M329"}


def test_b12_each_readers_links_are_whole_in_both_parts(build, sample):
    raw = build()
    plain, html = (part.get_payload(decode=True).decode() for part in parts(raw))
    link = re.search(r"https://news\.example\.org/u/[\w-]{40}(?=\s)", plain).group()
    assert f'"{link}"' in html
    assert "M318" not in codes(raw) | codes(sample)
