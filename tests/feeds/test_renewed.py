"""Entries that were read before are not read again, and what comes out is what the whole document gives."""

from dataclasses import replace
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import parse
from monitor.feeds.parse import parse_feed
from monitor.feeds.renewed import dates_by_digest, digest_of, known_entry, recall, remember, same_document
from monitor.model.article import Entry
from monitor.model.feed import FeedState, Validators
from monitor.model.fetch import FetchResult

URL = "https://e.org/rss/feed.xml"
SPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
)
RDF = ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
HEADS = {
    "rss090": (f'<rdf:RDF{RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"{SPACES}><channel><title>T</title></channel>', "</rdf:RDF>"),
    "rss091": (f'<rss version="0.91"{SPACES}><channel><title>T</title><link>https://e.org/home/</link>', "</channel></rss>"),
    "rss092": (f'<rss version="0.92"{SPACES}><channel><title>T</title><language>ru</language>', "</channel></rss>"),
    "rss10": (
        f'<rdf:RDF{RDF} xmlns="http://purl.org/rss/1.0/"{SPACES}><channel rdf:about="https://e.org/"><title>T</title>'
        "<items><rdf:Seq><rdf:li rdf:resource='x'/></rdf:Seq></items></channel>",
        "</rdf:RDF>",
    ),
    "rss20": (f'<rss version="2.0"{SPACES}><channel><title>T</title><link>https://e.org/home/</link><ttl>90</ttl>', "</channel></rss>"),
    "rss20-base": (f'<rss version="2.0" xml:base="https://o.org/x/"{SPACES}><channel xml:lang="be"><title>T</title>', "</channel></rss>"),
    "atom03": (f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"{SPACES}><title>T</title>', "</feed>"),
    "atom10": (f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="be-BY"{SPACES}><title>T</title><id>f</id>', "</feed>"),
    "atom10-base": (f'<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="/b/"{SPACES}><a:title>T</a:title>', "</a:feed>"),
}  # fmt: skip

words = st.text(st.sampled_from("abc XYZ жЁў'\"&<>/;#.…«-1"), max_size=12)
markup = st.one_of(words, st.sampled_from(["<p>one</p>", "<item>x</item>", "a &amp;lt; b", "<a href='/r'>r</a>", "</entry>"]))
body = st.one_of(markup.map(escape), markup.filter(lambda text: "]]>" not in text).map(lambda text: f"<![CDATA[{text}]]>"))
link = st.sampled_from(["https://e.org/1", "https://e.org/2", "/n/2?a=1&amp;b=2", "n/3", "javascript:alert(1)", ""])
name = st.sampled_from(["", "1", "2", "3", "4", "https://e.org/1", "https://e.org/9", "tag:e.org,2019:1"])
date = st.sampled_from(
    [
        "Mon, 04 Mar 2019 10:00:00 +0300",
        "2019-03-04T10:00:00Z",
        "2019-03-05",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 04 Mar 2199 10:00:00 GMT",
        "4 марта",
        "",
    ]
)
extra = st.sampled_from(
    [
        '<media:group><media:content url="https://e.org/i.jpg"/><media:title>M</media:title></media:group>',
        '<x:y xmlns:x="urn:x">z</x:y>',
        "<dc:creator>C</dc:creator><dc:date>2019-03-04</dc:date>",
        "<dc:identifier>7</dc:identifier>",
        "<!-- <item>no</item> -->",
        "<!-- a -->",
        "<?php <entry> ?>",
        '<source url="https://o.org/">S</source>',
        "<author>desk@e.org (Desk)</author>",
        "<category>x</category>",
        '<title xmlns="urn:other">other</title>',
    ]
)


def tag(name, values, attributes=""):
    return values.map(lambda value: f"<{name}{attributes}>{value}</{name}>")


@st.composite
def rss_items(draw):
    choices = (
        tag("title", body),
        tag("link", link),
        tag("guid", name),
        tag("guid", name, ' isPermaLink="false"'),
        tag("description", body),
        tag("content:encoded", body),
        tag("pubDate", date),
        extra,
    )
    pieces = [draw(st.one_of(st.just(""), choice)) for choice in choices]
    attributes = draw(st.sampled_from(["", ' rdf:about="https://e.org/about"', ' xml:base="https://i.org/"', ' xml:lang="en"']))
    return attributes, "".join(draw(st.permutations(pieces)))


@st.composite
def atom_entries(draw):
    kinds = st.sampled_from(["", ' type="text"', ' type="html"', ' mode="escaped" type="text/html"'])
    choices = (
        tag("title", body, draw(kinds)),
        link.map(lambda href: f'<link href="{href}"/>'),
        tag("id", name),
        tag("summary", body, draw(kinds)),
        st.just('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a <b>b</b></p></div></content>'),
        tag("published", date),
        tag("updated", date),
        st.just('<link rel="self" href="self"/>'),
        extra,
    )
    pieces = [draw(st.one_of(st.just(""), choice)) for choice in choices]
    return draw(st.sampled_from(["", ' xml:base="https://i.org/"', ' xml:lang="en"'])), "".join(draw(st.permutations(pieces)))


@st.composite
def documents(draw):
    kind = draw(st.sampled_from(sorted(HEADS)))
    head, tail = HEADS[kind]
    atom = kind.startswith("atom")
    entries = draw(st.lists(atom_entries() if atom else rss_items(), max_size=5))
    element = ("a:entry" if kind == "atom10-base" else "entry") if atom else "item"
    written = [
        f"<{element}{attributes.replace('rdf:', '') if 'RDF' not in head else attributes}>{inner}</{element}>"
        for attributes, inner in entries
    ]
    if kind == "atom10-base":
        for local in ("title", "link", "id", "summary", "published", "updated"):
            written = [
                text.replace(f"<{local} ", f"<a:{local} ")
                .replace(f"<{local}>", f"<a:{local}>")
                .replace(f"</{local}>", f"</a:{local}>")
                for text in written
            ]
    return (
        head + draw(st.sampled_from(["", "\n"])).join(written) + draw(st.sampled_from(["", "<image><url>u</url></image>"])) + tail
    )


def read(text, seen=""):
    return parse_feed(text.encode(), url=URL, feed_id="f", seen=seen)


def standing(parsed, known):
    """What the whole document gives, with the known entries as such."""
    entries = [known_entry("f", e.digest, known[e.digest]) if e.digest in known else e for e in parsed.entries]
    return replace(parsed, entries=tuple(entries))


@given(documents(), st.data())
def test_what_is_new_is_read_as_in_the_whole_document(text, data):
    whole = read(text)
    cuttable = [entry for entry in whole.entries if entry.digest]
    chosen = data.draw(st.lists(st.sampled_from(cuttable), unique_by=lambda entry: entry.digest)) if cuttable else []
    seen = remember(chosen)
    assert read(text, seen) == standing(whole, dates_by_digest(seen))


def item(number, title="Title", **more):
    return f"<item><title>{title} {number}</title><guid>g{number}</guid><pubDate>Mon, 04 Mar 2019 1{number}:00:00 GMT</pubDate>{''.join(more.values())}</item>"


def feed(*items, kind="rss20"):
    return HEADS[kind][0] + "".join(items) + HEADS[kind][1]


@pytest.fixture
def readings(monkeypatch):
    """The texts that were given to the parsers."""
    given_to = []
    whole = parse._read

    def listened(document, tree, origin):
        given_to.append(document.text)
        return whole(document, tree, origin)

    monkeypatch.setattr(parse, "_read", listened)
    return given_to


@pytest.mark.parametrize("kind", ["rss091", "rss10", "rss20", "rss20-base"])
def test_only_the_new_entry_is_given_to_the_parsers(readings, kind):
    seen = remember(read(feed(item(1), item(2), kind=kind)).entries)
    parsed = read(feed(item(3), item(1), item(2), kind=kind), seen)
    assert [(entry.title, entry.known) for entry in parsed.entries] == [("Title 3", False), ("", True), ("", True)]
    assert "g3" in readings[-1]
    assert "g1" not in readings[-1]


def test_an_edited_entry_is_read_again(readings):
    seen = remember(read(feed(item(1), item(2))).entries)
    parsed = read(feed(item(1), item(2, "Corrected")), seen)
    assert [entry.title for entry in parsed.entries if not entry.known] == ["Corrected 2"]
    assert "g1" not in readings[-1]


def test_dates_of_known_entries_stay_for_the_rhythm():
    first = read(feed(item(1), item(2)))
    again = read(feed(item(1), item(2)), remember(first.entries))
    assert [entry.published for entry in again.entries] == [entry.published for entry in first.entries]
    assert all(entry.known for entry in again.entries)
    assert again.hints == first.hints


def test_another_base_of_links_makes_every_entry_new():
    seen = remember(read(feed(item(1))).entries)
    moved = feed(item(1)).replace("https://e.org/home/", "https://o.org/home/")
    assert not read(moved, seen).entries[0].known


def test_a_guid_that_a_new_entry_shares_with_a_known_one_tells_nothing():
    seen = remember(read(feed(item(1))).entries)
    parsed = read(feed(item(1).replace("Title 1", "Another"), item(1)), seen)
    assert [(entry.guid, entry.title, entry.known) for entry in parsed.entries] == [("", "Another", False), ("", "", True)]


@pytest.mark.parametrize(
    "odd",
    [
        "<description><![CDATA[<item>]]></description>",
        "<!-- <item> -->",
        "</item><image/><item>",
    ],
)
def test_where_a_tag_may_be_text_the_whole_is_read(readings, odd):
    text = feed(item(1, odd=odd), item(2))
    seen = remember(read(text).entries)
    assert read(text, seen) == standing(read(text), dates_by_digest(seen))
    assert all("g1" in given for given in readings)


def test_a_document_that_is_not_well_formed_is_read_whole():
    text = feed(item(1)).replace("</channel>", "")
    parsed = read(text, remember(read(feed(item(1))).entries))
    assert [(entry.title, entry.digest) for entry in parsed.entries] == [("Title 1", "")]


def test_of_very_many_known_entries_the_first_thousand_are_told(readings):
    text = feed(*(f"<item><title>n {n}</title><guid>n{n}</guid></item>" for n in range(1500)))
    first = read(text)
    again = read(text.replace("<title>n 7<", "<title>new<"), remember(first.entries))
    assert (len(first.entries), len(again.entries)) == (1000, 1000)
    assert [entry.title for entry in again.entries if not entry.known] == ["new"]
    assert first.warning == again.warning == "only the first 1000 of 1500 entries were read"
    assert readings[-1].count("<item>") == 1


def test_what_is_remembered_comes_back():
    at = datetime(2019, 3, 4, 10, tzinfo=UTC)
    entries = [
        Entry("f", "https://e.org/1", "one", published=at, digest="00ff00ff00ff00ff"),
        Entry("f", "", "none", digest="11" * 8),
        Entry("f", "", "two", published=at),
    ]
    back = recall(remember(entries), "f")
    assert [(entry.digest, entry.published, entry.known) for entry in back] == [
        ("00ff00ff00ff00ff", at, True),
        ("11" * 8, None, True),
        ("", at, True),
    ]
    assert dates_by_digest(remember(entries)) == {"00ff00ff00ff00ff": at, "11" * 8: None}


@pytest.mark.parametrize("torn", ["!", "AAAA", "жж", "AAA="])
def test_a_torn_memory_is_none(torn):
    assert recall(torn, "f") == ()


def answer(body=b"a", url="https://e.org/", kind="text/xml", status=200):
    return FetchResult(url, url, status, {"content-type": kind}, body, Validators())


def test_a_document_is_the_same_only_with_its_address_and_type():
    answers = [
        answer(),
        answer(b"b"),
        answer(url="https://e.org/x"),
        answer(kind=""),
        answer(status=226),
        answer(None, status=304),
    ]
    assert digest_of(answer()) == digest_of(answer())
    assert len({digest_of(one) for one in answers}) == 5
    assert digest_of(answers[-1]) == digest_of(answers[-2]) == ""


def test_the_same_document_gives_dates_and_wishes_without_being_read():
    first = read(feed(item(1), item(2)))
    state = FeedState("f", seen=remember(first.entries), hint_s=5400.0, skip_hours=(1, 2), skip_days=(6,))
    parsed = same_document(state)
    assert [(entry.known, entry.published) for entry in parsed.entries] == [(True, entry.published) for entry in first.entries]
    assert (parsed.hints.ttl_s, parsed.hints.skip_hours, parsed.hints.skip_days) == (5400.0, {1, 2}, {6})
