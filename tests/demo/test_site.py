import gzip
import http.client
import socket
from datetime import timedelta
from ipaddress import ip_network

import pytest

from monitor.demo.corpus import Trouble, load_corpus
from monitor.demo.site import DemoSite, http_date, without_campaign
from monitor.demo.weeks import poll_moments, publish_moment
from monitor.feeds.http import HttpFetcher
from monitor.model.errors import FeedBusy, FeedGone, FeedRefused, FeedUnreachable
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest

CORPUS = load_corpus()
PAGE = CORPUS.by_id["w10-cfe-vestnik-en"]


class Clock:
    def __init__(self, moment):
        self.moment = moment

    def __call__(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock(publish_moment("2019-W10"))


@pytest.fixture
def site(clock):
    with DemoSite(CORPUS, clock) as running:
        yield running


def get(site, host, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    try:
        connection.request(
            "GET", path, headers={"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def fetcher(site):
    policy = FetchPolicy(host_delay_s=0, allow_private=(ip_network("127.0.0.0/8"),), connect_to=site.connect_to)
    return HttpFetcher(policy)


def request(outlet):
    return FetchRequest(outlet.feed_url, Accept.FEED, 1_000_000)


def outlet(name):
    return next(outlet for outlet in CORPUS.outlets if outlet.id == name)


def test_page_is_missing_before_its_time_and_there_after(site, clock):
    clock.moment = PAGE.published - timedelta(minutes=1)
    assert get(site, PAGE.outlet.host, PAGE.path)[0] == 404
    clock.moment = PAGE.published
    status, _, body = get(site, PAGE.outlet.host, PAGE.path)
    assert status == 200
    assert PAGE.paragraphs[2] in body.decode()


def test_page_belongs_to_its_host_alone(site):
    assert get(site, "alliance.example", PAGE.path)[0] == 404
    assert get(site, "stranger.example", "/")[0] == 404


def test_feed_shows_what_is_published_by_now(site, clock):
    clock.moment = poll_moments("2019-W10")[1]
    early = get(site, PAGE.outlet.host, PAGE.outlet.feed_path)[2].decode()
    clock.moment = publish_moment("2019-W10")
    late = get(site, PAGE.outlet.host, PAGE.outlet.feed_path)[2].decode()
    assert PAGE.title not in early
    assert PAGE.title in late
    assert "respectful relations" in early


def test_campaign_parameters_make_no_difference(site):
    assert get(site, PAGE.outlet.host, f"{PAGE.path}?utm_source=rss&utm_medium=feed")[0] == 200
    page = CORPUS.by_id["w10-cfe-svodka"]
    assert get(site, page.outlet.host, f"{page.path}&utm_source=rss")[0] == 200
    assert get(site, page.outlet.host, "/news.php?id=1")[0] == 404
    assert without_campaign("/a?utm_x=1&id=2&id=3") == "/a?id=2&id=3"


@pytest.mark.parametrize(
    ("name", "header", "validator"),
    [("prystan", "If-None-Match", "ETag"), ("register", "If-Modified-Since", "Last-Modified")],
)
def test_unchanged_feed_answers_304_until_something_is_published(site, clock, name, header, validator):
    source = outlet(name)
    clock.moment = poll_moments("2019-W10")[3]
    value = get(site, source.host, source.feed_path)[1][validator]
    clock.moment = poll_moments("2019-W10")[3] + timedelta(hours=1)
    status, headers, body = get(site, source.host, source.feed_path, **{header: value})
    assert (status, body) == (304, b"")
    assert headers[validator] == value
    clock.moment = publish_moment("2019-W47")
    assert get(site, source.host, source.feed_path, **{header: value})[0] == 200


def test_etag_decides_alone_where_both_are_sent(site):
    source = outlet("vestnik")
    headers = {"If-None-Match": '"other"', "If-Modified-Since": http_date(publish_moment("2019-W47"))}
    assert get(site, source.host, source.feed_path, **headers)[0] == 200


def test_malformed_date_is_no_condition(site):
    source = outlet("register")
    assert get(site, source.host, source.feed_path, If_Modified_Since="yesterday")[0] == 200


def test_outlet_without_validators_sends_none(site):
    source = outlet("holas")
    headers = get(site, source.host, source.feed_path)[1]
    assert headers["ETag"] is None
    assert headers["Last-Modified"] is None


def test_body_is_gzipped_when_asked(site):
    status, headers, body = get(site, PAGE.outlet.host, PAGE.path, Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert PAGE.paragraphs[0] in gzip.decompress(body).decode()


def test_windows_1251_is_sent_with_a_true_and_with_a_false_header(site):
    for name, claimed in (("holas", "windows-1251"), ("telegraf", "utf-8")):
        source = outlet(name)
        _, headers, body = get(site, source.host, source.feed_path)
        assert headers.get_content_charset() == claimed
        assert source.name in body.decode("windows-1251")
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_dates_of_answers_are_the_demos(site, clock):
    assert get(site, PAGE.outlet.host, "/")[1]["Date"] == http_date(clock.moment)


def test_robots_are_welcome(site):
    status, _, body = get(site, PAGE.outlet.host, "/robots.txt")
    assert status == 200
    assert b"Disallow: /search" in body


def test_head_has_the_headers_and_no_body(site):
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as line:
        line.sendall(f"HEAD / HTTP/1.1\r\nHost: {PAGE.outlet.host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")


def test_moved_feed_is_followed_to_its_new_place(site):
    result = fetcher(site).fetch(request(outlet("courier")))
    assert result.status == 200
    assert [(hop.status, hop.url) for hop in result.hops] == [(301, "http://courier.example/feed.xml")]


def test_busy_feed_asks_to_wait_once(site):
    client, source = fetcher(site), outlet("svodka")
    with pytest.raises(FeedBusy) as caught:
        client.fetch(request(source))
    assert caught.value.retry_after_s == 3600
    assert get(site, source.host, source.feed_path)[0] == 200


@pytest.mark.parametrize(("name", "error"), [("tishina", FeedUnreachable), ("zachynena", FeedUnreachable), ("former", FeedGone)])
def test_dead_feeds_fail_by_their_kind(site, name, error):
    with pytest.raises(error):
        fetcher(site).fetch(request(outlet(name)))


def test_challenge_page_stands_in_place_of_xml(site):
    source = next(outlet for outlet in CORPUS.outlets if outlet.trouble is Trouble.CHALLENGE)
    status, headers, body = get(site, source.host, source.feed_path)
    assert (status, headers["cf-mitigated"]) == (200, "challenge")
    assert b"<html" in body


def test_hits_are_counted_by_host_and_status(site):
    get(site, PAGE.outlet.host, "/nowhere")
    get(site, PAGE.outlet.host, PAGE.path)
    assert site.hits[PAGE.outlet.host, 404] == 1
    assert site.hits[PAGE.outlet.host, 200] == 1


def test_unknown_host_reaches_the_site_and_is_refused(site):
    with pytest.raises(FeedRefused):
        fetcher(site).fetch(FetchRequest("http://nobody.example/feed", Accept.FEED, 1000))
