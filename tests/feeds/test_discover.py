"""The feeds that a page names."""

from monitor.feeds.discover import FeedCandidate, find_feeds, named_sitemaps, well_known_feeds

URL = "https://e.org/news/"


def head(*links, base=""):
    return f"<html><head>{base}{''.join(links)}</head><body></body></html>"


def alternate(href, kind="application/rss+xml", title="", rel="alternate"):
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


def test_all_kinds_are_found_in_order_relative_to_the_base():
    body = head(
        alternate("rss.xml", title=" All\n news "),
        alternate("/atom", "application/atom+xml; charset=utf-8"),
        alternate("//f.org/feed.json", "application/feed+json", rel="ALTERNATE home"),
        base='<base href="/b/">',
    )
    assert find_feeds(body, URL) == (
        FeedCandidate("https://e.org/b/rss.xml", "All news", "RSS"),
        FeedCandidate("https://e.org/atom", "", "Atom"),
        FeedCandidate("https://f.org/feed.json", "", "JSON Feed"),
    )


def test_what_is_no_feed_is_left_out():
    body = head(
        alternate("/comments/feed/"),
        alternate("/feed/", title="T » Лента комментариев"),
        alternate("/be/", "text/html"),
        alternate("/wp-json/oembed/1.0", "application/json"),
        alternate("javascript:x"),
        alternate(""),
        alternate("/style", rel="stylesheet"),
    )
    assert find_feeds(body, URL) == ()


def test_one_address_is_named_once():
    assert len(find_feeds(head(alternate("/f"), alternate("https://E.org/f#x")), URL)) == 1


def test_links_in_the_text_are_the_second_choice():
    body = '<body><a href="/export/rss2/index.xml">x</a><a href="/rss">RSS feed</a><a href="/comments/rss">c</a><a href="/embrasse">no</a></body>'
    assert [(found.url, found.found) for found in find_feeds(body, URL)] == [("https://e.org/rss", "anchor")]
    assert [found.url for found in find_feeds(head(alternate("/f")) + body, URL)] == ["https://e.org/f"]


def test_well_known_places_are_beside_the_page_then_at_the_root():
    urls = [found.url for found in well_known_feeds("https://e.org/be")]
    assert urls[0] == "https://e.org/be/feed"
    assert "https://e.org/rss.xml" in urls
    assert len(urls) == len(set(urls))
    assert len(well_known_feeds("https://e.org/")) == len(urls) / 2


def test_robots_txt_names_sitemaps_once_whatever_the_case():
    body = b"\xef\xbb\xbfUser-agent: *\nSITEMAP: /a.xml # main\n sitemap : https://e.org/b.xml.gz\nSitemap: https://E.org/a.xml\nSitemap: ftp://x\nSitemap:\n"
    assert named_sitemaps(body, "https://e.org/robots.txt") == ("https://e.org/a.xml", "https://e.org/b.xml.gz")
    assert named_sitemaps(b"", "https://e.org/") == ()
