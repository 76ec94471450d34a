"""Long feeds: archive documents that stay as they are (RFC 5005), and the same entries as a JSON Feed."""

import json
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.render.atom import PER_ARCHIVE, FeedDocument, atom_feed, feed_documents
from monitor.digests.render.feed_json import json_feed
from monitor.digests.render.rendition import render_edition
from monitor.model.printed import EditionHead

NS = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}


@given(st.integers(0, 400))
def test_every_entry_is_in_exactly_one_document_and_the_feed_itself_is_never_short(count):
    first, *archives = feed_documents(count)
    held = [entry for document in (*archives, first) for entry in range(document.start, document.end)]
    assert held == list(range(count))
    assert first.number == 0
    assert first.end - first.start >= min(count, PER_ARCHIVE)
    assert first.end - first.start < 2 * PER_ARCHIVE
    assert [document.number for document in archives] == list(range(1, len(archives) + 1))


@given(st.integers(0, 400))
def test_an_archive_stays_as_it_is_when_entries_come(count):
    before, after = feed_documents(count)[1:], feed_documents(count + 1)[1:]
    assert [(one.number, one.start, one.end) for one in before] == [
        (one.number, one.start, one.end) for one in after[: len(before)]
    ]


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        (0, {"self": "feed.en.atom", "prev-archive": "feed.en.2.atom"}),
        (1, {"self": "feed.en.1.atom", "current": "feed.en.atom", "next-archive": "feed.en.2.atom"}),
        (2, {"self": "feed.en.2.atom", "current": "feed.en.atom", "prev-archive": "feed.en.1.atom"}),
    ],
)
def test_documents_lead_to_one_another(edition, digest, number, ways):
    entry = render_edition(edition, digest).atom_entry
    head = EditionHead(
        "x",
        digest.id,
        edition.key,
        edition.window.week,
        edition.window,
        edition.due_at,
        edition.due_at + timedelta(minutes=1),
        1,
        "0",
        ("en",),
    )
    feed = ET.fromstring(atom_feed(digest, "en", [(head, entry)], "https://m.example", FeedDocument(number, 0, 1, 2)))
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS) if link.get("rel") != "alternate"}
    assert links == {rel: f"https://m.example/{digest.id}/{name}" for rel, name in ways.items()}
    assert (feed.find("fh:archive", NS) is not None) == bool(number)


def test_a_json_feed_holds_the_whole_edition_under_the_same_identity(edition, digest):
    entry = render_edition(edition, digest).atom_entry
    atom = ET.fromstring(entry)
    feed = json.loads(json_feed(digest, "en", [entry], "https://m.example/", FeedDocument(0, 12, 13, 1)))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"https://m.example/{digest.id}/feed.en.json"
    assert feed["next_url"] == f"https://m.example/{digest.id}/feed.en.1.json"
    [item] = feed["items"]
    for field, name in (("id", "id"), ("title", "title"), ("content_html", "content"), ("date_modified", "updated")):
        assert item[field] == atom.findtext(f"a:{name}", namespaces=NS)
    assert item["url"] == edition.permalink


def test_a_json_feed_without_an_address_leads_nowhere(edition, digest):
    entry = render_edition(replace(edition, permalink=""), digest).atom_entry
    feed = json.loads(json_feed(digest, "en", [entry, "<broken"], "", FeedDocument(0, 0, 2, 0)))
    assert not {"feed_url", "home_page_url", "next_url"} & set(feed)
    [item] = feed["items"]
    assert "url" not in item
