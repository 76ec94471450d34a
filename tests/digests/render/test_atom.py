"""The feed is well-formed Atom with stable identities and whole editions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from monitor.digests.render.atom import atom_feed, tag_uri
from monitor.digests.render.rendition import render_edition
from monitor.model.edition import FrozenEdition

NS = {"a": "http://www.w3.org/2005/Atom"}


def frozen(edition, digest, **changes):
    rendition = render_edition(edition, digest)
    made = FrozenEdition(
        id=f"{digest.id}/{edition.key}",
        digest=digest.id,
        key=edition.key,
        week=edition.window.week,
        window=edition.window,
        due_at=edition.due_at,
        frozen_at=edition.due_at + timedelta(minutes=5),
        number=edition.number,
        inputs_hash="0",
        renditions={edition.language: rendition},
    )
    return replace(made, **changes), rendition.atom_entry


def test_an_entry_stands_alone_and_says_the_whole_edition(edition, digest):
    entry = ET.fromstring(render_edition(edition, digest).atom_entry)
    assert entry.tag == "{http://www.w3.org/2005/Atom}entry"
    assert entry.findtext("a:id", namespaces=NS) == "tag:monitor.frontier.example,2019-03-11:frontier-weekly/2019-03-11/en"
    assert entry.findtext("a:title", namespaces=NS) == "Frontier Weekly: March 4 – March 10, 2019"
    assert entry.findtext("a:updated", namespaces=NS) == "2019-03-11T05:00:00Z"
    content = entry.find("a:content", NS)
    assert content.get("type") == "html"
    assert content.get("{http://www.w3.org/XML/1998/namespace}base") == edition.permalink
    for section in edition.sections:
        for item in section.items:
            assert item.headline in content.text
    assert "<script" not in content.text
    assert "<style" not in content.text


def test_a_feed_has_what_rfc_4287_asks_for(edition, digest):
    feed = ET.fromstring(atom_feed(digest, "en", [frozen(edition, digest)], "https://monitor.frontier.example/"))
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"a:{name}", namespaces=NS), name
    assert feed.findtext("a:author/a:name", namespaces=NS) == "Frontier Weekly"
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS)}
    assert links == {
        "self": "https://monitor.frontier.example/frontier-weekly/feed.en.atom",
        "alternate": "https://monitor.frontier.example/frontier-weekly/",
    }
    assert len(feed.findall("a:entry", NS)) == 1


def test_updated_moves_only_with_a_correction(edition, digest):
    once = atom_feed(digest, "en", [frozen(edition, digest)], "https://m.example")
    later = atom_feed(digest, "en", [frozen(edition, digest, frozen_at=datetime(2019, 4, 1, tzinfo=UTC))], "https://m.example")
    assert once == later
    corrected = frozen(edition, digest, frozen_at=datetime(2019, 4, 1, tzinfo=UTC), revision=2)
    assert "<updated>2019-04-01T00:00:00Z</updated>" in atom_feed(digest, "en", [corrected], "https://m.example")


def test_hostile_text_keeps_the_feed_well_formed(sample, digest):
    entry = ET.fromstring(render_edition(sample.hostile_edition(), digest).atom_entry)
    assert "<script" not in entry.find("a:content", NS).text


def test_without_an_address_identity_is_still_given(edition, digest):
    text = atom_feed(digest, "en", [frozen(replace(edition, permalink=""), digest)], "")
    feed = ET.fromstring(text)
    assert feed.findtext("a:id", namespaces=NS) == "tag:monitor.invalid,2019-03-11:frontier-weekly/en"
    assert not feed.findall("a:link", NS)


def test_a_feed_of_nothing_is_refused(digest):
    with pytest.raises(ValueError, match="at least one"):
        atom_feed(digest, "en", [], "https://m.example")


def test_tag_addresses_escape_what_they_hold(edition):
    assert tag_uri("https://h.example:8080/x", edition.key, "дайджест/a b") == (
        "tag:h.example,2019-03-11:%D0%B4%D0%B0%D0%B9%D0%B4%D0%B6%D0%B5%D1%81%D1%82/a%20b"
    )
