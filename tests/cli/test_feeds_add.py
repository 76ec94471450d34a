"""`monitor feeds add` and `check` for sources without a feed, against a site on loopback."""

import json

import pytest

from monitor.feeds.catalogue import load_feeds
from monitor.model.feed import FeedKind

HTML = {"Content-Type": "text/html; charset=utf-8", "Last-Modified": "Tue, 05 Mar 2019 10:00:00 GMT"}
HEADLINES = ("The minister received the attaché", "Inspection of a brigade was held", "Exercise on the range has ended")


def listing(headlines=HEADLINES, css="news"):
    items = "".join(
        f"<li><h3><a href='/en/{n}/'>{title}</a></h3><time datetime='2019-03-0{n}T10:00:00Z'></time></li>"
        for n, title in enumerate(headlines, 1)
    )
    return f"<html lang='en'><title>News of the ministry</title><ul class='{css}'>{items}</ul></html>".encode()


@pytest.fixture
def site(small_home, monitor_here, http_server):
    """A ministry's site with a list of news and no feed, and `monitor` in an empty home."""
    http_server.reply("/news/", listing(), headers=HTML)

    class Site:
        home = small_home("home", {})
        server = http_server
        run = staticmethod(monitor_here(home, MONITOR_NOW="2019-03-06T09:00:00+00:00"))
        url = staticmethod(http_server.url)

        def seed(self, text):
            (self.home / "seeds" / "press.yml").write_text(f"feeds:\n{text}", encoding="utf-8")

        def asked(self):
            return [request.target for request in self.server.requests]

    return Site()


def test_a_page_without_feed_is_proposed_with_the_selector_of_its_list(site):
    out = site.run("feeds", "add", site.url("/news/"), "--id", "mod", "--group", "mine").stdout
    assert "kind" in out
    assert "page, links: ul.news h3 a" in out
    assert "3 entries, newest 2019-03-03 10:00 UTC" in out
    assert "about 7 a week" in out
    assert HEADLINES[0] in out
    [feed] = load_feeds(site.home / "seeds")
    assert (feed.id, feed.kind, feed.selectors.links, feed.name, feed.language) == (
        "mod",
        FeedKind.PAGE,
        "ul.news h3 a",
        "News of the ministry",
        "en",
    )
    assert site.asked().count("/news/") == 1
    assert "/robots.txt" in site.asked()


def test_a_dry_run_shows_the_block_and_writes_nothing(site):
    before = sorted(file.name for file in (site.home / "seeds").iterdir())
    out = site.run("feeds", "add", site.url("/news/"), "--dry-run", "--links", "ul.news a").stdout
    assert "would be written" in out
    assert "links: " in out
    assert "ul.news a" in out
    assert sorted(file.name for file in (site.home / "seeds").iterdir()) == before
    assert load_feeds(site.home / "seeds") == ()


def test_the_file_keeps_its_comments(site):
    file = site.home / "seeds" / "ministries.yml"
    file.write_text("# ours\nfeeds:\n  # the first\n  - id: a\n    url: https://a.org/  # kept\n", encoding="utf-8")
    site.run("feeds", "add", site.url("/news/"), "--file", file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# ours\nfeeds:\n  # the first\n  - id: a\n    url: https://a.org/  # kept\n")
    assert "kind: page" in text


def test_a_sitemap_of_robots_txt_is_found(site):
    site.server.reply("/robots.txt", f"User-agent: *\nDisallow:\nSitemap: {site.url('/map.xml')}\n".encode())
    site.server.reply(
        "/map.xml", f"<urlset><url><loc>{site.url('/en/1/')}</loc><lastmod>2019-03-05</lastmod></url></urlset>".encode()
    )
    both = site.run("feeds", "add", site.url("/news/"), "--dry-run").stdout
    assert "named by robots.txt" in both
    site.run("feeds", "add", site.url("/news/"), "--kind", "sitemap", "--id", "mod")
    [feed] = load_feeds(site.home / "seeds")
    assert (feed.kind, feed.url) == (FeedKind.SITEMAP, site.url("/map.xml"))


def test_a_sitemap_given_by_its_address_is_one(site):
    site.server.reply("/map.xml", b"<urlset><url><loc>/en/1/</loc><lastmod>2019-03-05</lastmod></url></urlset>")
    site.run("feeds", "add", site.url("/map.xml"))
    assert load_feeds(site.home / "seeds")[0].kind is FeedKind.SITEMAP
    assert site.asked() == ["/map.xml"]


def test_a_page_that_names_its_feeds_costs_two_requests_and_shows_all(site):
    head = "".join(
        f"<link rel=alternate type=application/rss+xml href='/{name}.xml' title='{name}'>"
        for name in ("all", "press", "comments")
    )
    site.server.reply("/", f"<html><head>{head}</head></html>".encode(), headers=HTML)
    site.server.reply("/all.xml", b"<rss version='2.0'><channel><title>All</title></channel></rss>")
    out = site.run("feeds", "add", site.url("/")).stdout
    assert site.url("/press.xml") in out
    assert "comments" not in out
    assert site.asked() == ["/", "/all.xml"]


def test_where_there_is_nothing_it_says_what_was_tried(site):
    site.server.reply("/empty", b"<html><p>Nothing here</p></html>", headers=HTML)
    words = site.run("feeds", "add", site.url("/empty"), expect=2).stderr
    assert "usual places: none is a feed" in words
    assert "robots.txt: no sitemaps" in words
    site.server.reply("/guard", b"<html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>", headers=HTML)
    assert "challenge page" in site.run("feeds", "add", site.url("/guard"), expect=3).stderr
    assert "no CSS selector" in site.run("feeds", "add", site.url("/news/"), "--links", "ul..x", expect=2).stderr


def test_robots_txt_closes_a_page_for_add_and_check(site):
    site.server.reply("/robots.txt", b"User-agent: *\nDisallow: /news/\n")
    assert "disallows it" in site.run("feeds", "add", site.url("/news/"), expect=3).stderr
    site.seed(f"  - {{id: mod, url: '{site.url('/news/')}', kind: page, links: h3 a}}\n")
    out = site.run("feeds", "check", "mod", expect=1).stdout
    assert "its owner asks programs not to read this page" in out


def check(site, *arguments, **how):
    return json.loads(site.run("feeds", "check", *arguments, "--json", **how).stdout)


def test_check_reads_a_page_as_a_poll_would(site):
    site.seed(f"  - {{id: mod, url: '{site.url('/news/')}', kind: page, links: h3 a}}\n")
    seen = check(site, "mod")
    assert (seen["ok"], seen["kind"], seen["entries"], seen["newest"], seen["per_week"]) == (
        True,
        "page",
        3,
        "2019-03-03T10:00:00Z",
        7.0,
    )
    assert seen["last_modified"] == HTML["Last-Modified"]
    assert seen["to_do"] == "nothing"
    out = site.run("feeds", "check", "mod").stdout
    assert "never polled: it is due" in out
    site.run("poll")
    assert "the next poll is due at 2019-03-06 10" in site.run("feeds", "check", "mod").stdout


def test_check_tells_what_a_broken_selector_should_be(site):
    site.seed(f"  - {{id: mod, url: '{site.url('/news/')}', kind: page, links: ul.old a}}\n")
    seen = check(site, "mod", expect=1)
    assert 'the selector "ul.old a" names nothing' in seen["error"]
    assert "`ul.news h3 a` names 3" in seen["error"]
    assert "correct `links:`" in seen["to_do"]


def test_check_does_not_ask_a_host_that_asked_to_wait(site):
    site.seed(f"  - {{id: busy, url: '{site.url('/busy')}'}}\n")
    site.server.reply("/busy", b"", status=429, headers={"Retry-After": "7200"})
    first = check(site, "busy", expect=1)
    assert (first["asked"], first["status"]) == (True, 429)
    again = check(site, "busy", expect=1)
    assert (again["asked"], again["blocked_until"]) == (False, "2019-03-06T11:00:00Z")
    assert site.asked() == ["/busy"]


def test_check_knows_names_and_what_was_meant(site):
    site.seed("  - {id: ministry, url: 'https://m.example/', kind: page, disabled: no selector yet}\n")
    assert "did you mean ministry?" in site.run("feeds", "check", "minstry", expect=2).stderr
    seen = check(site, "ministry", expect=1)
    assert (seen["asked"], seen["to_do"]) == (
        False,
        "`monitor feeds add https://m.example/ --dry-run` proposes a selector for `links:`",
    )


def test_list_tells_the_kind(site):
    site.seed(f"  - {{id: mod, url: '{site.url('/news/')}', kind: page, links: h3 a}}\n")
    [line] = site.run("feeds", "list", "--json").stdout.splitlines()
    assert json.loads(line)["kind"] == "page"


def test_a_moved_source_is_told_its_new_address(site):
    site.server.reply("/old.xml", b"", status=301, headers={"Location": "/new.xml"})
    site.server.reply("/new.xml", b"<rss version='2.0'><channel><title>N</title></channel></rss>")
    seen = check(site, site.url("/old.xml"))
    assert (seen["means"], seen["to_do"]) == ("it has moved for good", f"write url: {site.url('/new.xml')}")
