"""Markup from strangers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.markup import (
    base_url,
    decode,
    head_title,
    link_rel,
    links,
    meta,
    parse_html,
    parse_page,
    parse_xml,
    text_of,
    tree_text,
    xml_bytes,
    xml_element,
)

PAGE = """<!doctype html><html><head><title>A
 page</title><base href="/b/"><meta property="og:title" content=" OG "><meta name="empty" content="">
<link rel="alternate CANONICAL" href=/x><svg><title>no</title></svg></head>
<body><a href="c?x=1">L <i>k</i></a><a href="javascript:x">n</a><a rel="nofollow ugc" href="//o.org/">o</a></body>"""


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain  text\n here", "plain text here"),
        ("<p>One <b>t</b>wo</p><p>three<br>four</p>", "One two\nthree\nfour"),
        ("a<script>alert('<b>')</script>b<style>p{}</style>", "ab"),
        ("AT&amp;T &laquo;да&raquo; &#8212; x", "AT&T «да» — x"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("AT&T", "AT&T"),
        ("x <!-- no --> y", "x y"),
        ("<b>open <i>never closed", "open never closed"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("nul\x00 and \x0b control\ud800", "nul and control"),
        ("", ""),
    ],
)
def test_text_of_a_fragment(markup, text):
    assert text_of(markup) == text


@given(st.text())
def test_any_text_can_be_stripped(markup):
    text = text_of(markup)
    assert all(line == " ".join(line.split()) and line for line in text.split("\n")) or text == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(body):
    tree_text(parse_html(body))


@pytest.mark.parametrize("body", [b"", b"\0\0", b"<!-- -->", b"<?xml version='1.0'?>", b"<a>" * 50_000, b"\xff\xfe"])
def test_empty_and_hostile_pages_have_no_text(body):
    assert tree_text(parse_html(body)) == ""


def test_questions_to_a_page():
    tree = parse_html(PAGE)
    assert head_title(tree) == "A page"
    assert meta(tree, "empty", "og:title") == "OG"
    assert meta(tree, "none") == ""
    assert link_rel(tree, "canonical") == [{"rel": "alternate CANONICAL", "href": "/x"}]
    assert base_url(tree, "https://e.org/q/") == "https://e.org/b/"
    found = links(tree, "https://e.org/q/")
    assert [(link.url, link.text) for link in found] == [("https://e.org/b/c?x=1", "L k"), ("https://o.org/", "o")]
    assert found[1].rel == ("nofollow", "ugc")


TEXT = "Ваенныя аташэ сустрэліся з кіраўніцтвам брыгады. Министр обороны заявил об этом в понедельник."
RUSSIAN = "Военные атташе встретились с руководством бригады. Министр обороны заявил об этом в понедельник."


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        pytest.param(TEXT.encode(), None, TEXT, id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), "windows-1251", TEXT, id="a BOM beats the header"),
        pytest.param(f"<r>{TEXT}</r>".encode("utf-16"), None, f"<r>{TEXT}</r>", id="UTF-16 with BOM"),
        pytest.param(f"<r>{TEXT}</r>".encode("utf-16-le"), None, f"<r>{TEXT}</r>", id="UTF-16 without BOM"),
        pytest.param(f"<r>{TEXT}</r>".encode("utf-16-be"), "utf-8", f"<r>{TEXT}</r>", id="UTF-16 with a wrong header"),
        pytest.param(RUSSIAN.encode("cp1251"), "windows-1251", RUSSIAN, id="the header says"),
        pytest.param(RUSSIAN.encode("cp1251"), "utf-8", RUSSIAN, id="the header lies"),
        pytest.param(TEXT.encode(), "windows-1251", TEXT, id="the header lies about UTF-8"),
        pytest.param(RUSSIAN.encode("cp1251"), None, RUSSIAN, id="nobody says: windows-1251"),
        pytest.param(RUSSIAN.encode("koi8-r"), None, RUSSIAN, id="nobody says: KOI8-R"),
        pytest.param(RUSSIAN.encode("koi8-r"), "koi8-r", RUSSIAN, id="KOI8-R in the header"),
        pytest.param(TEXT.encode() + b"\xd0", None, TEXT + "\ufffd", id="UTF-8 cut in a letter"),
        pytest.param(b"\x93quoted\x94", "iso-8859-1", "“quoted”", id="latin-1 means windows-1252"),
        pytest.param(b"plain", "unicode", "plain", id="no such charset"),
        pytest.param(b"plain", "hex", "plain", id="a codec that is no charset"),
    ],
)
def test_charset_ladder(body, declared, text):
    assert decode(body, declared) == text


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8"])
def test_a_document_may_declare_its_own_charset(charset):
    xml = f'<?xml version="1.0" encoding="{charset}"?><r>{RUSSIAN}</r>'
    html = f'<html><head><meta charset="{charset}"></head><body>{RUSSIAN}</body>'
    assert decode(xml.encode(charset)) == xml
    assert decode(html.encode(charset)) == html


@given(st.binary(), st.none() | st.text(max_size=12))
def test_decoding_never_fails(body, declared):
    assert isinstance(decode(body, declared), str)


def test_external_entities_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    tree = parse_xml(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]><a>&x;</a>')
    assert "secret" not in "".join(tree.itertext(tag="a"))


def test_entity_bombs_cost_nothing():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    tree = parse_xml(f'<!DOCTYPE a [<!ENTITY l0 "lol">{levels}]><a>&l9;</a>')
    assert tree is None or len(tree_text(tree)) < 100


def test_xml_that_is_not_well_formed():
    assert parse_xml("<a><b></a>", recover=False) is None
    assert parse_xml("<a><b>x</a>").findtext("b") == "x"
    assert parse_xml("") is None


def test_written_xml_leaves_out_what_xml_forbids():
    body = xml_bytes("a", {"x": "\x00q\ud800"}, [xml_element("b", {}, text="t\x0b")])
    assert parse_xml(body).get("x") == "q"
    assert parse_xml(body).findtext("b") == "t"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>One</p></body></html>",
        "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'x/y.dtd'>\n<html><body><p>One</p></body></html>",
        "<html lang='en'/><body><p>One</p></body>",
        "<?xml version='1.0' encoding='utf-8'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><body><p>One</p></body></html>",
        "<p>One</p><p></p>",
    ],
)
def test_a_page_in_any_dress_is_parsed(page):
    tree = parse_page(page)
    assert tree is not None
    assert tree_text(tree) == "One"


@pytest.mark.parametrize("text", ["", " ", "plain words", "<!-- a comment -->", "{}"])
def test_what_is_no_page_has_no_tree(text):
    assert parse_page(text) is None


def test_elements_of_a_page_are_of_one_class_and_comments_are_gone():
    tree = parse_page("<html><body><form><input><!-- x --><select><option>1</select></form></body></html>")
    assert {type(element).__name__ for element in tree.iter()} == {"HtmlElement"}


def test_a_page_of_open_roots_is_parsed_in_time():
    start = time.process_time()
    parse_page("<html " * 300_000)
    assert time.process_time() - start < 5
