"""What an answer means, and what to do: each kind has its own words."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.advice import advice_on_failure, advice_on_success, per_week
from monitor.model import errors
from monitor.model.article import Entry, ParsedFeed
from monitor.model.feed import Feed, FeedKind, Validators
from monitor.model.fetch import FetchResult, Hop

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
FEED = Feed("a", "https://a.org/rss", "A")
PAGE = Feed("a", "https://a.org/news", "A", kind=FeedKind.PAGE)


@pytest.mark.parametrize(
    ("error", "feed", "means", "to_do"),
    [
        (errors.FeedBusy("HTTP 429", status=429), FEED, "slow down", "polls wait"),
        (errors.FeedGone("HTTP 410", status=410), FEED, "no more", "successor"),
        (errors.FeedUnreachable("no data"), FEED, "may pass", "nothing for a day"),
        (errors.FeedRefused("HTTP 404", status=404), FEED, "nothing at this address", "feeds add"),
        (errors.FeedRefused("HTTP 403", status=403), FEED, "does not let us in", "ask the publisher"),
        (errors.FeedRefused("HTTP 402", status=402), FEED, "does not accept", "browser"),
        (errors.FetchForbidden("127.0.0.1 is loopback"), FEED, "does not go", "ALLOW_PRIVATE"),
        (errors.FetchForbidden("robots.txt of a.org disallows it"), PAGE, "asks programs not to", "sitemap"),
        (errors.FetchForbidden("redirected from https to http"), FEED, "unprotected", "https address"),
        (errors.FetchTooLarge("too large"), FEED, "larger than", "MAX_FEED_BYTES"),
        (errors.NotAFeed("a challenge page that only a browser passes"), FEED, "a guard", "another address"),
        (errors.NotAFeed("an HTML page instead of a feed"), FEED, "no feed", "feeds add"),
        (errors.NotAFeed('the selector "a" names nothing'), PAGE, "list of news was not found", "`links:`"),
    ],
)
def test_each_failure_is_told_with_what_to_do(error, feed, means, to_do):
    meaning, advice = advice_on_failure(error, feed)
    assert means in meaning
    assert to_do in advice


def result(etag='"1"', hops=()):
    return FetchResult(FEED.url, FEED.url, 200, {}, b"", Validators(etag), hops=hops)


def parsed(*days):
    return ParsedFeed(
        "A", "en", tuple(Entry("a", f"https://a.org/{day}", "T", published=NOW - timedelta(days=day)) for day in days)
    )


@pytest.mark.parametrize(
    ("answer", "read", "means"),
    [
        (result(), parsed(1, 2), "says cheaply whether it changed"),
        (result(None), parsed(1, 2), "costs it the whole document"),
        (result(), parsed(40, 50), "nothing in it is newer than 2019-01-25"),
        (result(), parsed(), "holds nothing"),
        (result(hops=(Hop(301, "https://b.org/"), Hop(302, "https://c.org/"))), parsed(1), "moved for good"),
        (result(hops=(Hop(302, "https://c.org/"),)), parsed(1), "says cheaply"),
    ],
)
def test_each_success_is_told(answer, read, means):
    assert means in advice_on_success(FEED, answer, read, NOW)[0]


def test_a_move_names_the_last_permanent_address():
    hops = (Hop(301, "https://b.org/"), Hop(308, "https://c.org/"), Hop(302, "https://d.org/"))
    assert advice_on_success(FEED, result(hops=hops), parsed(1), NOW)[1] == "write url: https://c.org/"


@pytest.mark.parametrize(("days", "rate"), [((0, 1, 2, 7), 3.0), ((1,), None), ((), None), ((1, 1), None)])
def test_rate_is_counted_over_the_time_that_entries_span(days, rate):
    assert per_week(parsed(*days), NOW) == rate
