"""Sitemaps, news sitemaps and indexes of them."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.sitemap import MAX_URLS, ChildLink, horizon_of, parse_sitemap, unpacked
from monitor.model.errors import FeedUnreachable, FetchTooLarge, NotAFeed
from monitor.model.feed import Feed, FeedKind, FeedState

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
URL = "https://e.org/sitemap.xml"
FEED = Feed("e", URL, "E", kind=FeedKind.SITEMAP)
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*urls):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NS}>{"".join(urls)}</urlset>'.encode()


def url(loc, lastmod="", inner=""):
    return f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}{inner}</url>"


def news(title, date, language="be", keywords=""):
    words = f"<news:keywords>{keywords}</news:keywords>" if keywords else ""
    return (
        f"<news:news><news:publication><news:name>The Gazette</news:name><news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>{words}</news:news>"
    )


def read(body, feed=FEED, since=NOW - timedelta(days=3), **how):
    return parse_sitemap(body, url=URL, feed=feed, since=since, max_bytes=10_000_000, **how)


def links(sitemap):
    return [entry.link for entry in sitemap.entries]


def test_a_news_sitemap_gives_title_date_language_and_keywords():
    found = read(
        urlset(url("https://e.org/1", "", news("Talks &amp; visits", "2019-03-05T12:00+03:00", "be", "Minsk, attaché ,")))
    )
    [entry] = found.entries
    assert (found.title, found.language, found.total) == ("The Gazette", "be", 1)
    assert (entry.link, entry.title, entry.language, entry.keywords) == (
        "https://e.org/1",
        "Talks & visits",
        "be",
        ("Minsk", "attaché"),
    )
    assert (entry.published, entry.updated, entry.guid) == (datetime(2019, 3, 5, 9, tzinfo=UTC), None, "")


def test_lastmod_is_when_the_page_changed_not_when_it_was_published():
    [entry] = read(urlset(url("https://e.org/1", "2019-03-05T10:00:00Z"))).entries
    assert (entry.published, entry.updated) == (None, datetime(2019, 3, 5, 10, tzinfo=UTC))


def test_only_what_is_newer_than_the_horizon_counts_newest_first():
    body = urlset(
        url("/old", "2019-02-01"),
        url("/edge-day", "2019-03-03"),
        url("/edge", "2019-03-03T08:59:00Z"),
        url("/new", "2019-03-05T10:00:00Z"),
        url("/newest", "2019-03-06T08:00:00Z"),
        url("/2019/03/04/by-address"),
        url("/2015/03/04/old-by-address"),
        url("/undated"),
        url("/month", "2019-03"),
    )
    found = read(body)
    assert links(found) == [f"https://e.org{path}" for path in ("/newest", "/new", "/2019/03/04/by-address", "/edge-day")]
    assert (found.total, found.undated) == (9, 2)


def test_a_touched_archive_is_not_dated_by_its_address_alone():
    assert links(read(urlset(url("/2015/03/04/old", "2019-03-05T10:00:00Z")))) == []


def test_patterns_choose_among_the_addresses():
    body = urlset(*(url(f"/{path}", "2019-03-05") for path in ("news/1", "news/video/2", "about")))
    assert links(read(body, replace(FEED, include=("/news/*",), exclude=("*/video/*",)))) == ["https://e.org/news/1"]


def test_the_newest_five_thousand_are_read():
    start = datetime(2019, 3, 5, tzinfo=UTC)
    body = urlset(*(url(f"/{n}", (start + timedelta(seconds=n)).isoformat()) for n in range(MAX_URLS + 10)))
    found = read(body)
    assert (len(found.entries), found.entries[0].link) == (MAX_URLS, f"https://e.org/{MAX_URLS + 9}")
    assert "newest 5000 of 5010" in found.warning


def test_an_index_names_its_sitemaps_once_and_never_itself():
    body = f"""<sitemapindex {NS}><sitemap><loc>/a.xml</loc><lastmod>2019-03-05</lastmod></sitemap>
    <sitemap><loc> https://e.org/b.xml </loc></sitemap><sitemap><loc>https://E.org/a.xml</loc></sitemap>
    <sitemap><loc>{URL}</loc></sitemap><sitemap><loc>ftp://e.org/c</loc></sitemap></sitemapindex>""".encode()
    found = read(body)
    assert (found.is_index, found.children) == (
        True,
        (ChildLink("https://e.org/a.xml", "2019-03-05"), ChildLink("https://e.org/b.xml")),
    )


@pytest.mark.parametrize("kind", ["application/gzip", "application/xml", ""])
def test_a_gzipped_file_is_known_by_its_first_bytes(kind):
    body = gzip.compress(urlset(url("/1", "2019-03-05")))
    assert links(read(body, content_type=kind)) == ["https://e.org/1"]


def test_a_gzip_bomb_ends_at_the_limit():
    with pytest.raises(FetchTooLarge):
        unpacked(gzip.compress(b"x" * 5_000_000), 1_000_000, URL)


def test_a_gzip_file_cut_short_is_told():
    with pytest.raises(FeedUnreachable, match="cut short"):
        unpacked(gzip.compress(urlset(url("/1", "2019-03-05")))[:-20], 1_000_000, URL)


def test_broken_xml_is_read_as_far_as_it_goes():
    body = urlset(url("/1", "2019-03-05"), "<url><loc>/2?a&b</loc><lastmod>2019-03-05</lastmod></url>")
    assert "https://e.org/1" in links(read(body))


def test_entities_are_not_expanded():
    bomb = f'<!DOCTYPE urlset [<!ENTITY a "{"x" * 100}"><!ENTITY b "{"&a;" * 100}">]><urlset {NS}><url><loc>/1&b;</loc><lastmod>2019-03-05</lastmod></url></urlset>'
    assert all(len(link) < 100 for link in links(read(bomb.encode())))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<rss version='2.0'></rss>", "write `kind: feed`"),
        (
            b"<html><title>Just a moment...</title><script>_cf_chl_opt</script></html>",
            "challenge page that only a browser passes (Cloudflare) instead of a sitemap",
        ),
        (b"<html><title>News</title><p>x</p></html>", 'an HTML page instead of a sitemap ("News")'),
        (b"", "an empty body instead of a sitemap"),
        (b"<note>" + b"x" * 200 + b"</note>", "XML that is no sitemap: its root is <note>"),
    ],
)
def test_what_is_no_sitemap_is_told(body, says):
    with pytest.raises(NotAFeed) as caught:
        read(body)
    assert says in caught.value.reason


@pytest.mark.parametrize(
    ("last", "days"),
    [(None, 3), (NOW - timedelta(hours=2), 3), (NOW - timedelta(days=5), 6), (NOW - timedelta(days=90), 14)],
    ids=["first poll", "usual", "after an outage", "after a long one"],
)
def test_the_horizon_reaches_back_over_an_outage(last, days):
    assert horizon_of(FeedState("e", last_success_at=last), NOW) == NOW - timedelta(days=days)
