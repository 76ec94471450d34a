"""Feeds read into entries."""

import json
import pickle
import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from monitor.feeds.parse import parse_feed
from monitor.model.errors import NotAFeed

URL = "https://e.org/rss/feed.xml"


def parse(body, **changes):
    body = body.encode() if isinstance(body, str) else body
    return parse_feed(body, **{"url": URL, "feed_id": "f"} | changes)


def rss(*items, head="", attributes='version="2.0"', root="rss"):
    return f"<{root} {attributes}><channel><title>T</title><link>https://e.org/</link>{head}{''.join(items)}</channel></{root}>"


def item(title="t", link="https://e.org/1", extra=""):
    return f"<item><title>{title}</title><link>{link}</link>{extra}</item>"


ODD = '<itunes:explicit xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">no</itunes:explicit>'
"""An element that sends a document to feedparser."""
both_readers = pytest.mark.parametrize("odd", ["", ODD], ids=["plain", "feedparser"])


@both_readers
def test_an_entry_is_read_whole(odd):
    body = rss(
        item(
            "Attach&#233;s &amp;amp; &lt;b&gt;brigades&lt;/b&gt;",
            "/news/1",
            '<guid isPermaLink="false">g-1</guid><pubDate>Mon, 04 Mar 2019 10:00:00 +0300</pubDate>'
            "<description>&lt;p&gt;short&lt;/p&gt;</description>"
            '<x:encoded xmlns:x="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>long</p>]]></x:encoded>'
            f"<author>desk@e.org (The desk)</author>{odd}",
        ),
        head="<language>ru-RU</language>",
    )
    feed = parse(body)
    entry = feed.entries[0]
    assert (feed.title, feed.language, feed.warning) == ("T", "ru", "")
    assert (entry.title, entry.link, entry.guid) == ("Attachés & brigades", "https://e.org/news/1", "g-1")
    assert entry.published == datetime(2019, 3, 4, 7, tzinfo=UTC)
    assert (entry.summary, entry.content, entry.author) == ("<p>short</p>", "<p>long</p>", "The desk")


@both_readers
def test_links_that_are_no_web_pages_are_dropped(odd):
    feed = parse(
        rss(item("a", "javascript:alert(1)", odd), item("b", "data:text/html,x"), item("c", "https://e.org/" + "x" * 2048))
    )
    assert [entry.link for entry in feed.entries] == ["", "", ""]


@both_readers
def test_relative_links_start_from_the_channels_link(odd):
    body = rss(item("a", "n/1", odd)).replace("<link>https://e.org/</link>", "<link>/home/</link>")
    assert parse(body).entries[0].link == "https://e.org/home/n/1"


def test_relative_links_of_atom_start_from_the_document_and_from_xml_base():
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry{}><title>a</title><id>urn:1</id><link href="n/1"/></entry></feed>'
    assert parse(atom.format("")).entries[0].link == "https://e.org/rss/n/1"
    assert parse(atom.format(' xml:base="https://o.org/x/"')).entries[0].link == "https://o.org/x/n/1"


@both_readers
def test_a_guid_shared_by_all_items_tells_nothing(odd):
    same = '<guid isPermaLink="false">https://e.org/</guid>'
    feed = parse(rss(*(item(f"t{n}", f"https://e.org/{n}", same + odd) for n in range(3))))
    assert [entry.guid for entry in feed.entries] == ["", "", ""]
    assert len({entry.link for entry in feed.entries}) == 3


def test_an_item_given_twice_is_read_once():
    feed = parse(
        rss(
            item("a", "https://e.org/1", "<guid>1</guid>"),
            item("b", "https://e.org/2"),
            item("a", "https://e.org/1", "<guid>1</guid>"),
        )
    )
    assert [entry.title for entry in feed.entries] == ["a", "b"]


@both_readers
def test_a_guid_is_the_link_only_where_it_is_an_address(odd):
    feed = parse(
        rss(f"<item><title>a</title><guid>https://e.org/9</guid>{odd}</item>", "<item><title>b</title><guid>12345</guid></item>")
    )
    assert [(entry.guid, entry.link) for entry in feed.entries] == [("https://e.org/9", "https://e.org/9"), ("12345", "")]


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "", "Mon, 99 Mar 2019 10:00:00 GMT", "Mon, 04 Mar 99999 10:00:00 GMT"]
)
def test_dates_that_cannot_be_are_none(date):
    assert parse(rss(item("a", extra=f"<pubDate>{date}</pubDate>"))).entries[0].published is None


def test_full_text_of_yandex_feeds_is_taken():
    body = rss(item("a", extra='<y:full-text xmlns:y="http://news.yandex.ru">all</y:full-text>'))
    assert parse(body).entries[0].content == "all"


def test_at_most_a_thousand_entries_are_read_and_it_is_said():
    feed = parse(rss(*(item(f"t{n}", f"https://e.org/{n}") for n in range(1500))))
    assert len(feed.entries) == 1000
    assert feed.warning == "only the first 1000 of 1500 entries were read"


def test_a_broken_feed_with_entries_is_read_with_a_warning():
    feed = parse(rss(item("a", "https://e.org/1"), item("b & c", "https://e.org/2")))
    assert [entry.link for entry in feed.entries] == ["https://e.org/1", "https://e.org/2"]
    assert "not well formed" in feed.warning


def test_an_empty_feed_is_a_feed():
    assert parse(rss()).entries == ()


def test_other_formats_are_read():
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>https://e.org/</link></channel>'
        '<item rdf:about="https://e.org/1"><title>a</title><link>https://e.org/1</link><dc:date>2019-03-04T10:00:00+03:00</dc:date></item></rdf:RDF>'
    )
    entry = parse(rdf).entries[0]
    assert (entry.link, entry.published) == ("https://e.org/1", datetime(2019, 3, 4, 7, tzinfo=UTC))
    rss091 = rss(item("a"), attributes='version="0.91"').replace(
        "<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x/rss.dtd"><rss', 1
    )
    assert parse(rss091).entries[0].title == "a"


def test_partial_lists_are_marked():
    assert parse(rss(item()), partial=True).partial


# JSON Feed (F45)


def test_json_feed_is_read():
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T <b>x</b>",
        "language": "be",
        "items": [
            {
                "id": 1,
                "url": "/1",
                "title": "a",
                "content_html": "<p>x</p>",
                "date_published": "2019-03-04T10:00:00+03:00",
                "authors": [{"name": "N"}],
            },
            {"id": "2", "external_url": "https://o.org/2", "content_text": "1 < 2\nthree", "author": {"name": "M"}},
            {"id": "3", "url": "javascript:alert(1)", "title": "c", "date_published": "soon"},
            "no item",
        ],
    }
    feed = parse(b"\xef\xbb\xbf" + json.dumps(data).encode(), content_type="application/feed+json")
    first, second, third = feed.entries
    assert (feed.title, feed.language) == ("T x", "be")
    assert (first.guid, first.link, first.published, first.author) == (
        "1",
        "https://e.org/1",
        datetime(2019, 3, 4, 7, tzinfo=UTC),
        "N",
    )
    assert (second.link, second.content, second.author) == ("https://o.org/2", "1 &lt; 2<br>three", "M")
    assert (third.link, third.published) == ("", None)


@pytest.mark.parametrize("body", ["{", "{}", '{"version": "https://jsonfeed.org/version/1"}', '{"a":' * 20_000, '{"version": 1}'])
def test_other_json_is_no_feed(body):
    with pytest.raises(NotAFeed, match="JSON"):
        parse(body)


# What is no feed (F42, F43)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"tiny bytes.",
        b"<html><body>x</body></html>",
        b"<urlset/>" + b" " * 200,
        b"<rss><chan",
        b"\x00\x01\x02" * 100,
        b"<rss>",
    ],
    ids=["nothing", "blank", "zombie", "page", "other XML", "cut", "binary", "hollow"],
)
def test_bodies_without_a_feed_are_told_as_such(body):
    with pytest.raises(NotAFeed) as caught:
        parse(body)
    assert caught.value.reason
    assert caught.value.url == URL


def test_the_error_survives_a_process_border():
    with pytest.raises(NotAFeed) as caught:
        parse(b"tiny")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.reason, again.url) == (caught.value.reason, URL)
    assert pickle.loads(pickle.dumps(parse(rss(item())))) == parse(rss(item()))


def test_a_path_in_the_body_opens_no_file(tmp_path):
    (tmp_path / "feed.xml").write_text(rss(item("secret")))
    with pytest.raises(NotAFeed):
        parse(str(tmp_path / "feed.xml"))


# Hostile XML (F48)


@pytest.mark.parametrize(
    "dtd",
    [
        '<!ENTITY a "xxxxxxxxxx">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>|&j;",
        f'<!ENTITY a "{"x" * 100_000}">]>|{"&a;" * 10_000}',
        '<!ENTITY a "&b;"><!ENTITY b "&a;">]>|&a;',
    ],
    ids=["billion laughs", "quadratic", "circle"],
)
def test_entity_bombs_are_refused_cheaply(dtd):
    declarations, use = dtd.split("|")
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{declarations}' + rss(item(use))
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(NotAFeed, match="bomb"):
        parse(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert time.process_time() - begun < 2


def test_small_entities_are_harmless():
    body = '<!DOCTYPE rss [<!ENTITY org "OSCE">]>' + rss(item("&org; mission"))
    assert parse(body).entries[0].title == "OSCE mission"


def test_external_entities_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    body = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>' + rss(item("a &x; b"))
    assert "secret" not in str(parse(body))


@pytest.mark.parametrize(
    "body", ["<rss>" + "<" * 500_000, "<rss><channel>" + "<item>" * 200_000, "<rss><channel>" + "<item><title><![CDATA[" * 80_000]
)
def test_endless_markup_is_not_repaired(body):
    with pytest.raises(NotAFeed, match="too large to repair"):
        parse(body)


# Charsets (F41)


@pytest.mark.parametrize(
    ("declared", "real", "header"),
    [
        ("koi8-r", "koi8-r", ""),
        ("windows-1251", "windows-1251", "text/xml"),
        ("windows-1251", "windows-1251", "text/xml; charset=utf-8"),
        ("utf-8", "windows-1251", "application/rss+xml; charset=windows-1251"),
        ("windows-1251", "utf-8", "text/xml; charset=windows-1251"),
        ("utf-16", "utf-16", ""),
        ("unicode", "utf-8", ""),
        ("utf-8", "windows-1251", ""),
    ],
)
def test_charsets_declared_and_misdeclared(declared, real, header):
    title = "Министр обороны принял военных атташе"
    body = f'<?xml version="1.0" encoding="{declared}"?>' + rss(item(title))
    assert parse(body.encode(real), content_type=header).entries[0].title == title


def test_control_characters_do_not_break_a_feed():
    feed = parse(rss(item("a\x0b\x00b\x1f")))
    assert feed.entries[0].title == "ab"
    assert feed.warning == ""


# Hints (F23)


def test_hints_are_read_from_either_reader():
    head = (
        "<ttl>120</ttl><skipHours><hour>0</hour><hour>24</hour><hour> 5 </hour><hour>99</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
        '<s:updatePeriod xmlns:s="http://purl.org/rss/1.0/modules/syndication/">dayly</s:updatePeriod>'
        '<s:updateFrequency xmlns:s="http://purl.org/rss/1.0/modules/syndication/">4</s:updateFrequency>'
    )
    for body in (rss(item(), head=head), rss(item(extra=ODD), head=head), rss(item(), head=head).replace("</rss>", "")):
        hints = parse(body).hints
        assert (hints.ttl_s, hints.update_period_s) == (7200, 21_600)
        assert hints.skip_hours == {0, 5}
        assert hints.skip_days == {5, 6}


@pytest.mark.parametrize(
    "head", ["<ttl>soon</ttl>", "<ttl>-5</ttl>", "<ttl>0</ttl>", "<skipHours/>", "<skipHours><hour>x</hour></skipHours>"]
)
def test_hints_that_say_nothing(head):
    hints = parse(rss(item(), head=head)).hints
    assert (hints.ttl_s, hints.update_period_s, hints.skip_hours) == (None, None, frozenset())
