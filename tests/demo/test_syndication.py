import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from monitor.demo.corpus import Syndication, load_corpus
from monitor.demo.syndication import NEWEST, feed_document

CORPUS = load_corpus()
AFTER = CORPUS.pages[-1].published + timedelta(days=1)
PUBLISHING = [outlet for outlet in CORPUS.outlets if CORPUS.of(outlet, AFTER)]
ENTRY = {
    Syndication.RSS: ".//item",
    Syndication.ATOM: "{http://www.w3.org/2005/Atom}entry",
    Syndication.RDF: "{http://purl.org/rss/1.0/}item",
    Syndication.SITEMAP: "{http://www.sitemaps.org/schemas/sitemap/0.9}url",
    Syndication.PAGE: ".//li[@class='notice']",
}


@pytest.mark.parametrize("outlet", PUBLISHING, ids=lambda outlet: outlet.id)
def test_feed_is_well_formed_and_shows_the_newest_entries(outlet):
    pages = CORPUS.of(outlet, AFTER)
    text = feed_document(outlet, pages)
    shown = min(len(pages), NEWEST)
    if outlet.syndication is Syndication.JSON:
        assert [item["title"] for item in json.loads(text)["items"]] == [page.title for page in pages[:shown]]
        return
    tree = ET.fromstring(text.encode(outlet.charset, "xmlcharrefreplace"))
    entries = tree.findall(ENTRY[outlet.syndication])
    assert len(entries) == shown
    for entry, page in zip(entries, pages, strict=False):
        assert page.title in "".join(entry.itertext())


@pytest.mark.parametrize("outlet", CORPUS.outlets, ids=lambda outlet: outlet.id)
def test_feed_without_entries_is_well_formed_too(outlet):
    text = feed_document(outlet, ())
    if outlet.syndication is Syndication.JSON:
        assert json.loads(text)["items"] == []
    else:
        assert ET.fromstring(text.encode(outlet.charset)) is not None
