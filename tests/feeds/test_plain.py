"""The quick reader gives what feedparser gives, or steps back."""

import re
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.document import link_base, read_document
from monitor.feeds.parse import read_with_feedparser
from monitor.feeds.plain import read_plain
from monitor.text.markup import parse_xml

URL = "https://e.org/rss/feed.xml"

words = st.text(st.sampled_from("abc XYZ жЁў'\"&<>/;#\n\t.…«»-1"), max_size=20)
markup = st.one_of(
    words,
    st.sampled_from(
        ["<p>one</p>", "<b>AT&amp;T</b>", "1 < 2", "&nbsp;x", "<script>x</script>", "a &amp;lt; b", "<a href='/r'>r</a>"]
    ),
)
escaped = markup.map(escape)
cdata = markup.filter(lambda text: "]]>" not in text).map(lambda text: f"<![CDATA[{text}]]>")
body = st.one_of(escaped, cdata)
link = st.sampled_from(
    ["https://e.org/1", "/n/2?a=1&amp;b=2", "n/3", "javascript:alert(1)", "", " https://e.org/4 ", "https://e.org/ж"]
)
guid = st.sampled_from(["", "1", "https://e.org/1", "https://e.org/9", "tag:e.org,2019:1"])
rfc822 = st.sampled_from(
    [
        "Mon, 04 Mar 2019 10:00:00 +0300",
        "04 Mar 2019 10:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 04 Mar 2019 10:00 MSK",
        "",
        "4 марта",
        "Fri, 31 Feb 2019 10:00:00 GMT",
    ]
)
rfc3339 = st.sampled_from(["2019-03-04T10:00:00Z", "2019-03-04T10:00:00.123+03:00", "2019-03-04", "2019-13-04T10:00:00Z", ""])
person = st.sampled_from(["", "Desk", "desk@e.org (The Desk)", "desk@e.org", "The Desk &lt;desk@e.org&gt;", "А. Б."])
extra = st.sampled_from(
    [
        "<category>x</category>",
        "<comments>https://e.org/c</comments>",
        '<enclosure url="https://e.org/i.jpg" type="image/jpeg" length="1"/>',
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://e.org/i.jpg"/>',
        '<slash:comments xmlns:slash="http://purl.org/rss/1.0/modules/slash/">3</slash:comments>',
        '<post-id xmlns="com-wordpress:feed-additions:1">7</post-id>',
        '<x:y xmlns:x="urn:x">z</x:y>',
        '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">C</dc:creator>',
        "<title>second</title>",
    ]
)


def tag(name, values, attributes=""):
    return values.map(lambda value: f"<{name}{attributes}>{value}</{name}>")


@st.composite
def rss_items(draw):
    pieces = [
        draw(st.one_of(st.just(""), choice))
        for choice in (
            tag("title", body),
            tag("link", link),
            tag("guid", guid),
            tag("guid", guid, ' isPermaLink="false"'),
            tag("description", body),
            tag("content:encoded", body),
            tag("pubDate", rfc822),
            tag("author", person),
            extra,
        )
    ]
    return "<item>" + "".join(draw(st.permutations(pieces))) + "</item>"


@st.composite
def atom_entries(draw):
    kinds = st.sampled_from(["", ' type="text"', ' type="html"', ' type="xhtml"'])
    pieces = [
        draw(st.one_of(st.just(""), choice))
        for choice in (
            tag("title", body, draw(kinds)),
            link.map(lambda href: f'<link href="{href}"/>'),
            st.just('<link rel="self" href="https://e.org/self"/>'),
            tag("id", guid),
            tag("summary", body, draw(kinds)),
            tag("content", body, draw(kinds)),
            tag("published", rfc3339),
            tag("updated", rfc3339),
            person.map(lambda name: f"<author><name>{name}</name></author>"),
            st.just('<category term="x"/>'),
        )
    ]
    return "<entry>" + "".join(draw(st.permutations(pieces))) + "</entry>"


def as_rss(items, title="T", language="ru"):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>https://e.org/home/</link><language>{language}</language>{''.join(items)}</channel></rss>"
    )


def as_atom(entries, language=' xml:lang="be-BY"'):
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{language}><title>T</title><id>x</id>{"".join(entries)}</feed>'


def both(text):
    document = read_document(text.encode(), "", URL)
    tree = parse_xml(document.text, recover=False)
    base = link_base(tree, URL)
    return read_plain(document, tree, base, "f"), read_with_feedparser(document, base, "f")


@given(st.lists(rss_items(), max_size=3), body)
def test_rss_is_read_as_feedparser_reads_it(items, title):
    quick, slow = both(as_rss(items, title))
    if quick is not None:
        assert quick == slow


@given(st.lists(atom_entries(), max_size=3), st.sampled_from(["", ' xml:lang="be-BY"']))
def test_atom_is_read_as_feedparser_reads_it(entries, language):
    quick, slow = both(as_atom(entries, language))
    if quick is not None:
        assert quick == slow


COMMON = "<item><title>a</title><link>https://e.org/1</link><guid>https://e.org/1</guid><pubDate>Mon, 04 Mar 2019 10:00:00 GMT</pubDate></item>"


def test_the_common_kind_is_read_quickly():
    assert both(as_rss([COMMON]))[0] is not None
    assert (
        both(as_atom(['<entry><title>a</title><link href="/1"/><id>1</id><updated>2019-03-04T10:00:00Z</updated></entry>']))[0]
        is not None
    )


@pytest.mark.parametrize(
    "change",
    [
        ("<item>", '<item xml:base="https://o.org/">'),
        ("<item>", '<item xml:lang="en">'),
        ("<title>a</title>", "<title>a <b>b</b></title>"),
        ("<title>a</title>", "<title>a</title><image><url>x</url></image>"),
        ("<title>a</title>", "<title>a</title><title>b</title>"),
        ("10:00:00 GMT", "10:00 MSK"),
        ('version="2.0"', 'version="0.92"'),
        ("</item>", ""),
        ("<title>a", "<title>\u0093a"),
    ],
    ids=lambda change: re.sub(r"\W+", "-", change[1]) or "cut",
)
def test_what_is_not_common_is_left_to_feedparser(change):
    text = as_rss([COMMON])
    assert change[0] in text
    assert both(text.replace(*change))[0] is None
