"""Conditional requests, F1 to F11, as a server sees them."""

import pytest

from monitor.feeds import schedule
from monitor.feeds.http import HttpFetcher
from monitor.model.errors import FeedUnreachable
from monitor.model.feed import FeedHealth, Validators
from monitor.model.fetch import Accept, FetchRequest, PollOutcome

DAY = 24
TAGGED = {"ETag": '"v"'}


@pytest.mark.parametrize("etag", [b'W/"a b"', b'"x', b"abc", b'"caf\xe9"', b'"a:b,c"'])
@pytest.mark.parametrize("modified", [b"Tue, 1 Jan 2030 0:00:00 GMT", b"yesterday"])
def test_f01_validators_go_back_byte_for_byte(service, etag, modified):
    service.feed(headers=[("ETag", etag), ("Last-Modified", modified)])
    service.poll()
    service.poll(hours=2)
    sent = service.sent()[1].raw
    assert b"\r\nIf-None-Match: " + etag + b"\r\n" in sent
    assert b"\r\nIf-Modified-Since: " + modified + b"\r\n" in sent


def test_f02_nothing_is_invented(service, dated):
    service.feed([("/1", "One", dated())], head="<lastBuildDate>Wed, 06 Mar 2019 08:00:00 GMT</lastBuildDate>")
    service.poll()
    service.poll(hours=DAY + 2)
    assert service.header("if-modified-since") == service.header("if-none-match") == [None, None]


def test_f03_both_validators_are_sent(service):
    service.feed(headers={"ETag": '"v"', "Last-Modified": "Mon, 04 Mar 2019 10:00:00 GMT"})
    service.poll()
    service.poll(hours=2)
    assert service.header("if-none-match")[1] == b'"v"'
    assert service.header("if-modified-since")[1] == b"Mon, 04 Mar 2019 10:00:00 GMT"


def test_f04_validators_are_replaced_though_the_body_is_the_same(service, dated):
    for number in range(1, 5):
        service.feed([("/1", "One", dated())], headers={"ETag": f'"v{number}"', "Last-Modified": "then"})
    for _ in range(4):
        service.poll(hours=2)
    assert service.header("if-none-match") == [None, b'"v1"', b'"v2"', b'"v3"']


def test_f05_a_validator_that_is_missing_is_dropped(service):
    service.feed(headers={"ETag": '"v1"', "Last-Modified": "then"})
    service.feed(headers={"Last-Modified": "later"})
    for _ in range(3):
        service.poll(hours=2)
    assert service.header("if-none-match") == [None, b'"v1"', None]
    assert service.header("if-modified-since") == [None, b"then", b"later"]


def test_f06_a_304_renews_validators(service):
    service.feed(headers={"ETag": '"v1"', "Last-Modified": "then"})
    service.server.reply("/feed.xml", status=304, headers={"ETag": '"v2"', "Cache-Control": "max-age=18000"})
    service.poll()
    assert service.poll(hours=2).outcome is PollOutcome.NOT_MODIFIED
    assert service.poll(hours=4).outcome is PollOutcome.SKIPPED, "the 304's max-age holds"
    service.poll(hours=2)
    assert service.header("if-none-match") == [None, b'"v1"', b'"v2"']


def test_f06_a_304_nobody_asked_for_is_an_error(service):
    service.server.reply("/feed.xml", status=304)
    done = service.poll()
    assert (done.outcome, service.state().health) == (PollOutcome.FAILED, FeedHealth.FAILING)
    assert "no condition" in done.reason


def test_f07_the_whole_document_is_asked_for_once_a_week(service):
    service.feed(headers={"ETag": '"v"'})
    service.server.reply("/feed.xml", status=304, headers={"ETag": '"v"'})
    for _ in range(7):
        service.poll(hours=DAY)
    service.server._scripts["/feed.xml"].clear()
    service.feed([("", "News that the 304s concealed")], headers={"ETag": '"v"'})
    assert service.poll(hours=DAY).new_articles == 1
    service.poll(hours=DAY)
    assert service.header("if-none-match") == [None, *[b'"v"'] * 6, None, b'"v"']
    assert {request.target for request in service.server.requests} == {"/feed.xml"}, "no cache-buster"


@pytest.mark.parametrize("body", [b"<html><body>sorry</body></html>", b"", b"<rss><channel><item>"])
def test_f08_a_broken_body_does_not_become_the_known_state(service, body):
    service.feed(headers={"ETag": '"v1"'})
    service.server.reply("/feed.xml", body, headers={"ETag": '"broken"'})
    service.feed(headers={"ETag": '"v2"'})
    for hours in (0, 2, 2):
        service.poll(hours=hours)
    assert service.header("if-none-match") == [None, b'"v1"', None]
    assert service.state().health is FeedHealth.HEALTHY


def test_f08_another_version_of_the_reader_reads_the_document_anew(service, monkeypatch):
    service.feed(headers=TAGGED)
    service.poll()
    monkeypatch.setattr(schedule, "READER", schedule.READER + 1)
    for _ in range(2):
        service.poll(hours=2)
    assert service.header("if-none-match") == [None, None, b'"v"']


@pytest.mark.parametrize("broken", ["Tue, 19 Jan 2038 03:14:07 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_f09_a_broken_clocks_date_is_not_kept(service, broken):
    service.feed(headers={"Last-Modified": broken, "ETag": '"v"'})
    service.poll()
    service.poll(hours=2)
    assert service.header("if-modified-since") == [None, None]


def test_f10_expires_0_takes_nothing_from_validators(service):
    service.feed(headers={"ETag": '"v"', "Expires": "0", "Cache-Control": "no-cache"})
    service.poll()
    service.poll(hours=2)
    assert service.header("if-none-match") == [None, b'"v"']


def test_f11_new_entries_alone_are_asked_for_and_the_others_stay(service, dated):
    service.feed([("/1", "One", dated(3)), ("/2", "Two", dated(2))], headers={"ETag": '"v1"'})
    service.feed([("/3", "Three", dated(1))], status=226, headers={"ETag": '"v2"', "IM": "feed"})
    service.feed([("/4", "Four", dated(0))], status=226, headers={"ETag": '"v3"', "IM": "feed"})
    service.server.reply("/feed.xml", status=304)
    reasons = [service.poll(hours=2).reason for _ in range(4)]
    assert service.header("a-im") == [None, b"feed", b"feed", b"feed"]
    assert service.header("if-none-match") == [None, b'"v1"', b'"v2"', b'"v3"']
    assert {article.title for article in service.articles()} == {"One", "Two", "Three", "Four"}
    assert not any("possible loss" in reason for reason in reasons)
    assert service.state().entries == 2


def test_f11_pages_are_not_asked_for_by_difference(http_server, service):
    http_server.reply("/p", status=304)
    fetcher = service.parts.fetcher
    fetcher.fetch(FetchRequest("http://north.example/p", Accept.PAGE, 1000, Validators('"v"')))
    assert service.header("a-im", "/p") == [None]
    with pytest.raises(FeedUnreachable):
        HttpFetcher(service.policy).fetch(FetchRequest("http://north.example/p", Accept.PAGE, 1000))
