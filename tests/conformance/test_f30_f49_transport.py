"""Transport and formats, F30 to F49, as a server sees them."""

import gzip
import zlib
from dataclasses import replace
from ipaddress import ip_network

import pytest

from monitor.feeds.http import HttpFetcher
from monitor.model.errors import FetchForbidden
from monitor.model.feed import FeedHealth, FeedKind
from monitor.model.fetch import DEFAULT_USER_AGENT, Accept, FetchRequest, PollOutcome
from monitor.settings import Settings

TAGGED = {"ETag": '"v"'}


def test_f30_a_drip_ends_at_the_deadline(service):
    service.server.raw("/feed.xml", b"HTTP/1.1 200 OK\r\n\r\n<rss>", drip=b"x", drip_s=0.001)
    service.ticks.step_s = 5.0  # each look at the clock
    assert "not finished within 60 s" in service.poll().reason


def test_f30_silence_ends_before_the_deadline(make_service):
    service = make_service(idle_timeout_s=0.05)
    service.server.raw("/feed.xml", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<", drip=b" ", drip_s=30)
    assert "no data for 0.05 s" in service.poll().reason


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_f31_bodies_stop_at_their_limit_while_they_stream(make_service, headers):
    service = make_service(max_feed_bytes=100_000)
    body = b"<rss>" + b" " * 5_000_000
    service.server.reply("/feed.xml", gzip.compress(body) if headers else body, headers=headers, length=False)
    assert "100000 bytes" in service.poll().reason


def test_f31_nested_codings_are_refused(service):
    service.server.reply("/feed.xml", gzip.compress(gzip.compress(b"<rss/>")), headers={"Content-Encoding": "gzip, gzip"})
    assert "nested" in service.poll().reason


def test_f32_only_what_is_decoded_is_asked_for(service, rss_of):
    bodies = {"gzip": gzip.compress, "deflate": zlib.compress}
    for coding, encode in bodies.items():
        service.server.reply("/feed.xml", encode(rss_of([("", f"By {coding}")])), headers={"Content-Encoding": coding})
    service.server.reply("/feed.xml", b"\x0b\x02\x80", headers={"Content-Encoding": "br"})
    reasons = [service.poll(hours=25).reason for _ in range(3)]
    assert set(service.header("accept-encoding")) == {b"gzip, deflate"}
    assert {article.title for article in service.articles()} == {"By gzip", "By deflate"}
    assert '"br", which was not asked for' in reasons[2]


@pytest.mark.parametrize(
    ("headers", "body", "length"),
    [
        ({}, b"<rss>", 100),
        ({"Transfer-Encoding": "chunked"}, b"ff\r\n<rss>", None),
        ({"Content-Encoding": "gzip"}, b"\x1f\x8b\x08", 3),
    ],
    ids=["length lies", "chunk cut", "gzip cut"],
)
def test_f33_a_body_cut_short_is_an_error_and_keeps_the_old_state(service, headers, body, length):
    service.feed(headers=TAGGED)
    service.server.reply("/feed.xml", body, headers=headers | {"ETag": '"cut"'}, length=length)
    service.poll()
    assert service.poll(hours=2).outcome is PollOutcome.FAILED
    service.poll(hours=2)
    assert service.header("if-none-match") == [None, b'"v"', b'"v"']


def test_f34_certificates_are_verified_and_nothing_falls_back(make_service, tls_server):
    service = make_service({"north": "https://feeds.example/f"}, connect_to={"*": f"127.0.0.1:{tls_server.port}"})
    tls_server.reply("/f", b"<rss/>")
    assert "certificate is not valid" in service.poll().reason
    assert tls_server.requests == []


def test_f35_f36_f37_a_request_says_who_asks_for_what_and_nothing_else(make_service):
    service = make_service(
        {"north": "http://north.example/f?b=2&a=%7e&null#top"}, user_agent=Settings().fetch_policy().user_agent
    )
    for number in range(2):
        service.feed(target="/f?b=2&a=%7e&null", headers={"Set-Cookie": f"s={number}; Path=/"})
    for _ in range(2):
        service.poll(hours=25)
    for request in service.server.requests:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert request.target == "/f?b=2&a=%7e&null"
    first = service.server.requests[0].headers
    assert first["user-agent"].startswith(b"monitor/")
    assert b"; +http" in first["user-agent"]
    assert first["accept"].startswith(b"application/atom+xml, application/rss+xml, application/feed+json")
    assert DEFAULT_USER_AGENT.startswith("monitor ")


@pytest.mark.parametrize(
    "to",
    [
        "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/", "http://100.64.0.1/",
        "http://224.0.0.1/", "http://0.0.0.0/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/",
        "http://[fd00::1]/", "http://south.example:22/",
    ],
)  # fmt: skip
def test_f38_no_way_leads_into_a_private_network(service, http_server, to):
    http_server.reply("/feed.xml", status=302, headers={"Location": to})
    only = replace(
        service.policy,
        connect_to={"north.example": f"127.0.0.1:{http_server.port}"},
        allow_private=(ip_network("127.0.0.1"),),
    )
    fetcher = HttpFetcher(only, resolve=lambda _: ["93.184.216.34"])
    with pytest.raises(FetchForbidden) as caught:
        fetcher.fetch(FetchRequest("http://north.example/feed.xml", Accept.FEED, 100))
    assert caught.value.url == to
    assert len(http_server.requests) == 1


def test_f38_the_address_that_was_checked_is_the_one_connected_to(service, http_server):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    fetcher = HttpFetcher(replace(service.policy, connect_to={}, host_delay_s=0.0), resolve=lambda _: next(answers))
    http_server.reply("/f", b"x")
    url = f"http://rebind.example:{http_server.port}/f"
    assert fetcher.fetch(FetchRequest(url, Accept.FEED, 100)).body == b"x"
    with pytest.raises(FetchForbidden, match="private network"):
        fetcher.fetch(FetchRequest(url, Accept.FEED, 100))


@pytest.mark.parametrize(
    ("status", "body", "read", "words"),
    [
        (200, b"User-agent: *\nDisallow: /1", False, "robots.txt of north.example disallows it"),
        (200, b"User-agent: *\nDisallow: /\n\nUser-agent: monitor\nAllow: /", True, ""),
        (404, b"", True, ""),
        (403, b"", True, ""),
        (500, b"", False, "could not be read"),
    ],
)
def test_f39_article_pages_are_read_as_robots_txt_allows(service, status, body, read, words):
    service.server.reply("/robots.txt", body, status=status)
    service.page("/1")
    service.feed([("http://north.example/1", "One")], headers=TAGGED)
    service.poll()
    [article] = service.articles()
    assert len(service.sent("/1")) == read
    assert words in article.reason
    assert article.title == "One", "the feed's own words stay"


def test_f39_robots_txt_is_asked_once_a_day_also_after_a_restart_and_never_for_feeds(service):
    service.server.reply("/robots.txt", b"User-agent: *\nDisallow: /feed.xml")
    for number in range(1, 5):
        service.page(f"/{number}")
        service.feed([(f"http://north.example/{number}", f"Title number {number}")], headers={"ETag": f'"{number}"'})
    for hours in (0, 2, 2, 24):
        service.restart()
        service.poll(hours=hours)
    assert len(service.sent("/robots.txt")) == 2
    assert len(service.sent("/feed.xml")) == 4


def test_f39_crawl_delay_spaces_the_pages_a_minute_at_most(service):
    service.server.reply("/robots.txt", b"User-agent: *\nCrawl-delay: 900")
    for number in (1, 2):
        service.page(f"/{number}")
    service.feed([("http://north.example/1", "One"), ("http://north.example/2", "Two")], headers=TAGGED)
    service.poll()
    assert service.ticks.slept == [5.0, 60.0, 60.0]


def test_f39_a_page_left_for_a_robots_txt_that_is_down_is_read_when_it_is_back(service):
    service.server.reply("/robots.txt", status=500)
    service.server.reply("/robots.txt", b"")
    service.page("/1")
    service.feed([("http://north.example/1", "One")])
    service.poll()
    assert service.sent("/1") == []
    service.poll(hours=25)
    assert len(service.sent("/1")) == 1
    assert len(service.articles()) == 1


def test_f40_one_http_1_1_connection_for_each_request(service):
    service.feed()
    service.poll()
    assert service.sent()[0].raw.startswith(b"GET /feed.xml HTTP/1.1\r\n")
    assert service.header("connection") == [b"close"]


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("utf-8", "", "application/rss+xml"),
        ("utf-8-sig", "windows-1251", "application/rss+xml; charset=windows-1251"),
        ("windows-1251", "windows-1251", "application/rss+xml"),
        ("windows-1251", "", "text/xml; charset=windows-1251"),
        ("windows-1251", "utf-8", "text/xml; charset=utf-8"),
        ("koi8-r", "koi8-r", "text/xml"),
        ("utf-16", "utf-16", "text/xml"),
        ("utf-8", "unicode", "text/xml"),
    ],
)
def test_f41_charsets(service, charset, declared, header):
    title = "Перамовы ў Мінску" if charset.startswith("utf") else "Переговоры в Минске завершены"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{declaration}<rss version='2.0'><channel><title>T</title><item><title>{title}</title></item></channel></rss>"
    service.server.reply("/feed.xml", text.encode(charset), headers={"Content-Type": header})
    service.poll()
    assert [article.title for article in service.articles()] == [title]


def test_f42_broken_xml_with_entries_is_read_and_without_is_an_error(service):
    service.server.reply("/feed.xml", b"<rss><channel><title>T & T</title><item><title>One & two</title></item></channel>")
    service.server.reply("/feed.xml", b"<rss><channel><title>T & T</title>")
    done = service.poll()
    assert (done.outcome, done.entries) == (PollOutcome.FETCHED, 1)
    good = service.state().last_success_at
    assert service.poll(hours=25).outcome is PollOutcome.FAILED
    assert service.state().last_success_at == good


@pytest.mark.parametrize(
    ("body", "status", "headers", "words"),
    [
        (b"<html>x</html>", 403, {"cf-mitigated": "challenge"}, "a challenge page that only a browser passes"),
        (
            b"<html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script></html>",
            200,
            {},
            "challenge",
        ),
        (b"<html><form><input type=password></form></html>", 200, {}, "login page"),
        (b"<html><title>Before you continue</title></html>", 200, {}, "consent page"),
        (b"<html><title>404 not found</title></html>", 200, {}, "not found"),
        (b"<html><link rel=alternate type=application/rss+xml href=/other.xml></html>", 200, {}, "monitor feeds add"),
    ],
)
def test_f43_a_page_in_place_of_a_feed_is_named_and_not_followed(service, body, status, headers, words):
    service.feed([("", "Old news")], headers=TAGGED)
    service.server.reply("/feed.xml", body, status=status, headers=headers | {"ETag": '"page"'})
    service.poll()
    done = service.poll(hours=2)
    assert done.outcome is PollOutcome.FAILED
    assert words in done.reason
    assert [article.title for article in service.articles()] == ["Old news"]
    assert {request.target for request in service.server.requests} == {"/feed.xml"}
    assert service.state().validators.etag != '"page"'


def test_f44_a_page_names_its_feeds(monitor_here, small_home, http_server, rss_of):
    http_server.reply("/n/", b"<html><head><base href=/b/><link rel=alternate type=application/rss+xml href=f.xml></head></html>")
    http_server.reply("/b/f.xml", rss_of([("/1", "One")]))
    done = monitor_here(small_home("home", {}))("feeds", "add", http_server.url("/n/"))
    assert http_server.url("/b/f.xml") in done.stdout


def test_f44_a_page_that_names_none_has_its_feed_in_a_usual_place(monitor_here, small_home, http_server, rss_of):
    http_server.reply("/", b"<html><head><title>North</title></head><body><p>News</p></body></html>")
    http_server.reply("/rss.xml", rss_of([("/1", "One")]))
    done = monitor_here(small_home("home", {}))("feeds", "add", http_server.url("/"))
    assert http_server.url("/rss.xml") in done.stdout


def test_f45_json_feed_is_read(service):
    body = b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "title": "By JSON"}]}'
    service.server.reply("/feed.xml", body, headers={"Content-Type": "application/feed+json"})
    service.poll()
    assert [article.title for article in service.articles()] == ["By JSON"]


def sitemaps(service, **bodies):
    """Script sitemaps, and make the feed one of `kind: sitemap`."""
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    for name, (root, inner) in bodies.items():
        body = f"<{root} {names}>{inner}</{root}>".encode()
        service.server.reply(f"/{name}.xml", gzip.compress(body) if name == "packed" else body, headers=TAGGED)
    feeds = tuple(
        replace(feed, kind=FeedKind.SITEMAP, url="http://north.example/index.xml") for feed in service.parts.files.feeds
    )
    service.parts = replace(service.parts, files=replace(service.parts.files, feeds=feeds))


def test_f46_an_index_and_its_packed_news_sitemap_are_read(service):
    news = (
        "<url><loc>http://north.example/1</loc><news:news><news:publication><news:name>N</news:name></news:publication>"
        "<news:publication_date>2019-03-06T08:00:00Z</news:publication_date><news:title>Talks agreed</news:title></news:news></url>"
    )
    below = "<sitemap><loc>http://north.example/packed.xml</loc><lastmod>2019-03-06</lastmod></sitemap>"
    sitemaps(service, index=("sitemapindex", below), packed=("urlset", news))
    service.page("/1")
    assert service.poll().outcome is PollOutcome.FETCHED
    [article] = service.articles()
    assert (article.title, article.url) == ("Talks agreed", "http://north.example/1")


def test_f47_a_thousand_entries_and_no_endless_address(service):
    entries = [("", f"Entry {number}") for number in range(1001)]
    service.feed([("http://north.example/" + "a" * 3000, "Long"), *entries])
    done = service.poll()
    assert done.entries == 1000
    assert "only the first 1000 of 1002 entries" in done.reason
    assert [article.url for article in service.articles() if article.title == "Long"] == [""]


@pytest.mark.parametrize(
    "doctype",
    [
        "".join(["<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>", *(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)), "]>"]),
        f"<!DOCTYPE r [<!ENTITY i '{'a' * 100_000}'>]>",
    ],
    ids=["billion laughs", "quadratic"],
)  # fmt: skip
def test_f48_entity_bombs_do_not_unfold(service, doctype):
    text = f"{doctype}<rss version='2.0'><channel><title>T</title><item><title>{'&i;' * 100}</title></item></channel></rss>"
    service.server.reply("/feed.xml", text.encode())
    assert "an XML bomb" in service.poll().reason


def test_f48_external_entities_are_not_read(service, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    text = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss version="2.0"><channel><title>T</title><item><title>A &x; B</title></item></channel></rss>'
    service.server.reply("/feed.xml", text.encode())
    service.poll()
    assert all("secret" not in article.title for article in service.articles())


def test_f49_a_feed_that_runs_empty_is_told_after_the_second_time(service):
    service.feed(headers={"ETag": '"1"'})
    for number in (2, 3):
        service.feed((), headers={"ETag": f'"{number}"'})
    notices = [service.poll(hours=2).notice for _ in range(4)]
    assert [bool(notice) for notice in notices] == [False, False, True, False]
    assert service.state().health is FeedHealth.SILENT
