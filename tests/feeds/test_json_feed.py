"""JSON Feed 1 and 1.1, by what the specification says of each field."""

import json
from datetime import UTC, datetime

import pytest

from monitor.feeds.json_feed import parse_json_feed

URL = "https://e.org/feeds/all.json"


def read(*items, **feed):
    data = {"version": "https://jsonfeed.org/version/1.1", "title": "E", "items": items, **feed}
    return parse_json_feed(json.dumps(data), url=URL, feed_id="e")


def one(**item):
    [entry] = read({"id": "1", **item}).entries
    return entry


@pytest.mark.parametrize(
    ("item", "feed", "author"),
    [
        ({"authors": [{"name": "A"}, {"url": "https://a.org"}, {"name": "B"}]}, {}, "A, B"),
        ({"author": {"name": "Of version 1"}}, {}, "Of version 1"),
        ({}, {"authors": [{"name": "Desk"}]}, "Desk"),
        ({"authors": []}, {"author": {"name": "Desk"}}, "Desk"),
        ({"authors": "x"}, {"authors": 5}, ""),
    ],
)
def test_authors_of_the_item_come_before_those_of_the_feed(item, feed, author):
    assert read({"id": "1", **item}, **feed).entries[0].author == author


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ({"url": "https://e.org/1", "external_url": "https://x.org/"}, "https://e.org/1"),
        ({"external_url": "https://x.org/"}, "https://x.org/"),
        ({"id": "https://e.org/by-id"}, "https://e.org/by-id"),
        ({"url": "../2"}, "https://e.org/2"),
        ({"url": "javascript:x"}, ""),
        ({}, ""),
    ],
)
def test_the_link_is_url_then_external_url_then_an_id_that_is_one(item, link):
    assert one(**item).link == link


def test_dates_are_told_apart():
    entry = one(date_published="2019-03-05T10:00:00+03:00", date_modified="2019-03-06T10:00:00Z")
    assert (entry.published, entry.updated) == (datetime(2019, 3, 5, 7, tzinfo=UTC), datetime(2019, 3, 6, 10, tzinfo=UTC))
    assert one(date_modified="2019-03-06T10:00:00Z").published == datetime(2019, 3, 6, 10, tzinfo=UTC)
    assert one(date_published="soon").published is None


def test_ids_that_are_numbers_become_text():
    assert [entry.guid for entry in read({"id": 7}, {"id": True}, {"id": 2.5}).entries] == ["7", "", "2.5"]


def test_what_is_of_no_use_is_passed_over():
    parsed = read(
        {
            "id": "1",
            "attachments": [{"url": "https://e.org/a.mp3", "mime_type": "audio/mpeg"}],
            "tags": ["NATO", 5, " "],
            "_x": {},
        },
        "no item",
        next_url="https://e.org/feeds/2.json",
        hubs=[{"type": "WebSub", "url": "https://hub.org"}],
    )
    [entry] = parsed.entries
    assert (entry.keywords, entry.link, parsed.warning) == (("NATO",), "", "")


def test_language_and_the_end_of_a_feed_are_told():
    parsed = read({"id": "1", "language": "be-tarask"}, {"id": "2"}, language="ru-RU", expired=True)
    assert (parsed.language, [entry.language for entry in parsed.entries]) == ("ru", ["be", ""])
    assert "has ended" in parsed.warning


def test_plain_text_stays_plain():
    entry = one(content_text="1 < 2\n& more", summary="a <b> c")
    assert (entry.content, entry.summary) == ("1 &lt; 2<br>&amp; more", "a &lt;b&gt; c")
