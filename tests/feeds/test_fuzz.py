"""Whatever bytes come, feeds and pages are read or refused by an error of the tree, and quickly."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.articles.extract import extract_article
from monitor.feeds.parse import parse_feed
from monitor.feeds.renewed import recall, remember
from monitor.feeds.sitemap import parse_sitemap
from monitor.model.errors import FetchFailed
from monitor.model.feed import Feed, FeedKind

URL = "https://e.org/f.xml"
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
PIECES = [
    '<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.1" encoding="utf-16"?>', "<!DOCTYPE rss [<!ENTITY a '&b;'>", "]>",
    "<rss version='2.0'>", "<channel>", "<item>", "<item/>", "</item>", "</channel>", "</rss>", "<rdf:RDF", " xmlns='", "urn:x", "'", '"', ">",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "</feed>", "<title>", "</title>", "<title type='xhtml'>", "<div>",
    "<link>", "</link>", "<link href='", "http://[", "//e.org:99999/", "javascript:x", "<guid>", "</guid>", "<id>", "</id>", "<pubDate>",
    "</pubDate>", "<updated>", "</updated>", "9999-99-99T99:99:99Z", "Mon, 31 Feb 0000 25:61:61 +9999", "<content:encoded>", "<![CDATA[", "]]>",
    "<!--", "-->", "&amp;", "&#xD800;", "&#0;", "&#99999999999;", "&nbsp;", "&a;", "\0", "\ud7ff", "\ufffe", "\u202e", "xml:base='", "xml:lang='",
    '{"version":"https://jsonfeed.org/version/1","items":[', '{"id":', "1e999", "[", "]", "}", ",", '"\\ud800"', "<media:group>", "<x:y>",
    "<ttl>", "</ttl>", "<skipHours><hour>", "9" * 400, "<html>", "<head>", "<meta charset=", "<body>", "<p>", "</p>", "<table><tr><td>", "<h1>",
    "<time datetime='", "<script type='application/ld+json'>", "</script>", "<base href='", "Слова ", "words and words. ", "<urlset>", "<url>",
    "<loc>", "</loc>", "<lastmod>", "<news:news>", "<sitemapindex>", "<sitemap>", "</sitemap>", "</url>", "</urlset>", "<svg>", "<textarea>",
]  # fmt: skip

soup = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
bodies = st.one_of(
    st.binary(max_size=300),
    soup.map(lambda text: text.encode("utf-8", "surrogatepass")),
    soup.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.tuples(soup, st.binary(max_size=20), soup).map(lambda parts: parts[0].encode() + parts[1] + parts[2].encode()),
)
types = st.sampled_from(
    ["", "text/xml; charset=utf-16", "text/html; charset=zlib", "application/json", "text/html; charset=koi8-r", "\0;charset==="]
)
# what ever is kept must be fit for the database and for a mail
WRITABLE = ("link", "title", "guid", "summary", "content", "author", "language")


@settings(max_examples=300)
@given(bodies, types, st.booleans())
def test_any_bytes_are_a_feed_or_a_named_refusal(body, content_type, partial):
    try:
        parsed = parse_feed(body, url=URL, feed_id="f", content_type=content_type, partial=partial)
    except FetchFailed as refusal:
        reason = refusal.reason
    else:
        reason = ""
    if reason:
        assert reason.isprintable()
        return
    for entry in parsed.entries:
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))
        for name in WRITABLE:
            getattr(entry, name).encode()
    assert len(recall(remember(parsed.entries), "f")) == len(parsed.entries)
    again = parse_feed(body, url=URL, feed_id="f", content_type=content_type, partial=partial, seen=remember(parsed.entries))
    assert len(again.entries) == len(parsed.entries)


@settings(max_examples=150)
@given(bodies, types)
def test_any_bytes_are_a_page_or_a_reason(body, content_type):
    found = extract_article(body, url="https://e.org/1", content_type=content_type, today=date(2026, 3, 4))
    assert found.text or found.reason
    for text in (found.title, found.text, found.author, found.canonical_url):
        text.encode()


@settings(max_examples=150)
@given(bodies, types)
def test_any_bytes_are_a_sitemap_or_a_named_refusal(body, content_type):
    feed = Feed("f", URL, "F", kind=FeedKind.SITEMAP)
    try:
        found = parse_sitemap(body, url=URL, feed=feed, since=NOW, max_bytes=10_000, content_type=content_type)
    except FetchFailed as refusal:
        found, reason = None, refusal.reason
    else:
        reason = "-"
    assert reason
    assert reason.isprintable()
    for entry in found.entries if found else ():
        entry.title.encode()
