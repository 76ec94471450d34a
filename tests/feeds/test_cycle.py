"""Fetch, parse and schedule together against a real server: what a server sees over several polls."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from monitor.feeds.http import HttpFetcher
from monitor.feeds.parse import parse_feed
from monitor.feeds.schedule import after_failure, after_result, host_block_until, is_due, validators_to_send
from monitor.model.errors import FetchFailed
from monitor.model.feed import Feed, FeedHealth
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest
from monitor.text.urls import host_key

START = datetime(2019, 3, 4, 10, tzinfo=UTC)
BODY = b"<rss version='2.0'><channel><title>T</title><item><title>a</title><link>https://e.org/1</link></item></channel></rss>"


class Reader:
    """The least that a pipeline does with this room."""

    def __init__(self):
        self.states, self.blocks, self.now = {}, {}, START
        self.fetcher = HttpFetcher(FetchPolicy(host_delay_s=0, allow_private=(ip_network("127.0.0.0/8"),)))

    def poll(self, feed):
        state = self.states.get(feed.id)
        if not is_due(feed, state, self.now, self.blocks.get(host_key(feed.url))).due:
            return
        try:
            validators = validators_to_send(feed, state, self.now)
            result = self.fetcher.fetch(FetchRequest(feed.url, Accept.FEED, 10_000, validators))
            parsed = None if result.not_modified else parse_feed(result.body, url=result.final_url, feed_id=feed.id)
            self.states[feed.id] = after_result(feed, state, result, parsed, self.now, 0.0)
        except FetchFailed as error:
            self.states[feed.id] = after_failure(feed, state, error, self.now, 0.0)
            until = host_block_until(error, self.now)
            if until:
                self.blocks[host_key(error.url)] = until

    def poll_daily(self, feed, times):
        for _ in range(times):
            self.poll(feed)
            self.now += timedelta(days=1)


@pytest.fixture
def reader():
    return Reader()


def sent(server, name):
    return [request.headers.get(name) for request in server.requests]


def test_the_third_request_sends_what_the_second_answer_said(reader, http_server):
    for number in (1, 2, 3):
        http_server.reply("/f", BODY, headers={"ETag": f'"v{number}"'})
    reader.poll_daily(Feed("f", http_server.url("/f"), "F"), 3)
    assert sent(http_server, "if-none-match") == [None, b'"v1"', b'"v2"']


def test_a_validator_that_was_dropped_is_not_sent_again(reader, http_server):
    http_server.reply("/f", BODY, headers={"ETag": '"v1"', "Last-Modified": "then"})
    http_server.reply("/f", BODY)
    reader.poll_daily(Feed("f", http_server.url("/f"), "F"), 4)
    assert sent(http_server, "if-none-match")[:3] == [None, b'"v1"', None]
    assert sent(http_server, "if-modified-since")[:3] == [None, b"then", None]


def test_a_page_in_place_of_a_feed_is_never_taken_for_unchanged(reader, http_server):
    http_server.reply("/f", BODY, headers={"ETag": '"v1"'})
    http_server.reply("/f", b"<html><body>sorry</body></html>", headers={"ETag": '"page"'})
    http_server.reply("/f", BODY, headers={"ETag": '"v2"'})
    feed = Feed("f", http_server.url("/f"), "F")
    reader.poll_daily(feed, 2)
    assert reader.states["f"].health is FeedHealth.FAILING
    reader.poll_daily(feed, 1)
    assert sent(http_server, "if-none-match") == [None, b'"v1"', None]
    assert reader.states["f"].health is FeedHealth.HEALTHY


def test_restarts_make_no_request(reader, http_server):
    http_server.reply("/f", BODY, headers={"ETag": '"v1"'})
    feed = Feed("f", http_server.url("/f"), "F")
    reader.poll(feed)
    for _ in range(5):
        again = Reader()
        again.states, again.now = reader.states, reader.now + timedelta(minutes=2)
        again.poll(feed)
    assert len(http_server.requests) == 1


def test_a_busy_host_is_left_alone_by_all_its_feeds(reader, http_server):
    http_server.reply("/a", status=429, headers={"Retry-After": "7200"})
    http_server.reply("/b", BODY)
    one, two = Feed("a", http_server.url("/a"), "A"), Feed("b", http_server.url("/b"), "B")
    reader.poll(one)
    reader.poll(two)
    assert [request.target for request in http_server.requests] == ["/a"]
    reader.now += timedelta(hours=2)
    reader.poll(two)
    assert [request.target for request in http_server.requests] == ["/a", "/b"]


def test_thirty_times_not_found_heals_by_itself(reader, http_server):
    for _ in range(30):
        http_server.reply("/f", status=404)
    http_server.reply("/f", BODY)
    reader.poll_daily(Feed("f", http_server.url("/f"), "F"), 32)
    assert reader.states["f"].health is FeedHealth.HEALTHY
    assert reader.states["f"].failures == 0


def test_gone_is_left_alone_for_a_month(reader, http_server):
    http_server.reply("/f", status=410)
    reader.poll_daily(Feed("f", http_server.url("/f"), "F"), 29)
    assert len(http_server.requests) == 1
    assert reader.states["f"].health is FeedHealth.GONE
