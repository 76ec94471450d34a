"""Foreign text and addresses cannot turn, break or arm what they are printed in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.render.clean import anchor, legible, printable, safe_url, without_controls, without_fragment_directive

CONTROLS = {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]}
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_printable_holds_no_controls_no_turns_and_no_token(text):
    clean = printable(text)
    assert not set(clean) & (CONTROLS | TURNING)
    assert "{{" not in clean
    assert clean == clean.strip()
    assert printable(clean) == clean
    clean.encode("utf-8")


@given(st.text())
def test_legible_takes_controls_and_turns_away_and_nothing_else(text):
    clean = legible(text)
    assert not set(clean) & (CONTROLS - set("\t\n\r") | TURNING)
    assert legible(clean) == clean
    assert [c for c in text if c.isalnum() or c in " \t\n{}<>"] == [c for c in clean if c.isalnum() or c in " \t\n{}<>"]
    clean.encode("utf-8")


def test_without_controls_keeps_direction_marks_for_who_edits_a_file():
    assert without_controls("a\x9bb\u200fc\n\ud800") == "ab\u200fc\n"


@given(st.text(st.characters(categories=["L", "Nd", "Po", "Sc"], exclude_characters="{"), min_size=1))
def test_plain_words_stay_as_they_are(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "clean", "sentence"),
    [
        ("two\n  lines\tand\u2028more", "two lines and more", "All white space is one space."),
        ("a\u202egnp.exe", "agnp.exe", "A direction override would hide an ending."),
        ("co\u00adop\u200beration", "cooperation", "Soft hyphens and zero-width spaces go."),
        ("\x07bell\x85", "bell", "Controls go, C1 too: some clients clip at them."),
        ("{{UNSUBSCRIBE_URL}}", "{ {UNSUBSCRIBE_URL}}", "What delivery replaces cannot come from an article."),
        ("{\u200b{UNSUBSCRIBE_URL}}", "{ {UNSUBSCRIBE_URL}}", "Nor in pieces."),
        ("Ад’езд — «не»", "Ад’езд — «не»", "Typography stays."),
        ("نص‌ها", "نص‌ها", "A zero-width non-joiner spells words and stays."),
    ],
)
def test_printable_cases(text, clean, sentence):
    assert printable(text) == clean, sentence


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1#:~:text=a,b", "https://a.example/x?y=1#:~:text=a,b"),
        ("http://a.example/шлях", "http://a.example/шлях"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/?{{UNSUBSCRIBE_URL}}", "https://a.example/?%7B%7BUNSUBSCRIBE_URL%7D%7D"),
        ("https://a.example/a b\n", "https://a.example/a%20b"),
        ("https://a.example/\u202ex", "https://a.example/%E2%80%AEx"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example/x", ""),
        ("/x", ""),
        ("https:///x", ""),
        ("https://[::1", ""),
        ("mailto:desk@a.example", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_pass(url, safe):
    assert safe_url(url) == safe


def test_mail_addresses_pass_where_asked_for():
    assert safe_url("mailto:desk@a.example", schemes=("https", "mailto")) == "mailto:desk@a.example"


@given(st.text())
def test_a_safe_url_cannot_leave_its_attribute(url):
    assert not set(safe_url("https://a.example/" + url)) & set('"<>{}` \n')


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://a.example/x#:~:text=a", "https://a.example/x"),
        ("https://a.example/x#part:~:text=a", "https://a.example/x#part"),
        ("https://a.example/x#part", "https://a.example/x#part"),
        ("https://a.example/x", "https://a.example/x"),
    ],
)
def test_text_fragment_is_taken_off(url, bare):
    assert without_fragment_directive(url) == bare


@given(st.text())
def test_an_anchor_is_a_plain_name(identity):
    name = anchor("i", identity)
    assert name.startswith("i-")
    assert all(character.isascii() and (character.isalnum() or character in "-_") for character in name)
    assert unicodedata.is_normalized("NFC", name)
