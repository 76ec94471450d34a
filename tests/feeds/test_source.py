"""Looks at pages and sitemaps over several polls: what is asked, what is new, what is remembered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.compute import InlineCompute
from monitor.feeds.schedule import after_failure, after_result, validators_to_send
from monitor.feeds.source import Means, read_source
from monitor.model.errors import FeedBusy, FeedUnreachable, FetchFailed, NotAFeed
from monitor.model.feed import Feed, FeedHealth, FeedKind, FeedState, Selectors, Validators
from monitor.model.fetch import FetchRequest
from monitor.testing import FakeFetcher

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
PAGE = Feed("mod", "https://e.org/news/", "M", kind=FeedKind.PAGE, selectors=Selectors("li a", next="a.next", pages=3))
MAP = Feed("map", "https://e.org/index.xml", "M", kind=FeedKind.SITEMAP)


class World:
    """A fetcher, what is stored, and the state of one feed."""

    def __init__(self, feed):
        self.feed, self.state, self.now, self.known = feed, None, NOW, set()
        self.fetcher = FakeFetcher()

    def look(self):
        means = Means(self.ask, InlineCompute(), 10_000_000, lambda entries: any(entry.link in self.known for entry in entries))
        before = len(self.fetcher.requests)
        try:
            validators = validators_to_send(self.feed, self.state, self.now)
            result, parsed = read_source(self.feed, self.state, validators, self.now, means)
            self.state = after_result(self.feed, self.state, result, parsed, self.now, 0.0)
        except FetchFailed as error:
            self.state = after_failure(self.feed, self.state, error, self.now, 0.0)
            raise
        finally:
            self.now += timedelta(hours=1)
            self.asked = [(request.url.rpartition("/")[2], request.validators.etag) for request in self.fetcher.requests[before:]]
        links = None if parsed is None else [entry.link.rpartition("/")[2] for entry in parsed.entries]
        self.known |= {entry.link for entry in parsed.entries} if parsed else set()
        self.parsed = parsed
        return links

    def ask(self, url, accept, validators):
        return self.fetcher.fetch(FetchRequest(url, accept, 10_000_000, validators))

    def serve(self, name, body, etag=None):
        self.fetcher.forget(f"https://e.org/{name}")
        self.fetcher.answer(f"https://e.org/{name}", body, etag=etag)


def page(*names, follows=""):
    items = "".join(f"<li><a href='/news/{name}'>Headline of {name}</a></li>" for name in names)
    return f"<html><ul>{items}</ul>{f'<a class=next href={follows}>more</a>' if follows else ''}</html>"


def index(*children):
    inner = "".join(
        f"<sitemap><loc>https://e.org/{name}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for name, at in children
    )
    return f"<sitemapindex>{inner}</sitemapindex>"


def urls(*names, at="2019-03-05T10:00:00Z"):
    return (
        "<urlset>" + "".join(f"<url><loc>https://e.org/{name}</loc><lastmod>{at}</lastmod></url>" for name in names) + "</urlset>"
    )


def test_an_unchanged_page_is_asked_conditionally_and_not_read():
    world = World(PAGE)
    world.serve("news/", page("1", "2"), etag='"a"')
    assert world.look() == ["1", "2"]
    assert world.look() is None
    assert world.asked == [("", '"a"')]


def test_a_list_goes_on_while_all_is_new_and_stops_at_what_is_known():
    world = World(PAGE)
    world.serve("news/", page("9", "8", follows="/news/p2"))
    world.serve("news/p2", page("7", "8", follows="/news/p3"))
    world.serve("news/p3", page("6", follows="/news/p4"))
    assert world.look() == ["9", "8", "7", "6"]
    assert [name for name, _ in world.asked] == ["", "p2", "p3"]
    world.serve("news/", page("10", "9", follows="/news/p2"))
    assert world.look() == ["10", "9"]
    assert [name for name, _ in world.asked] == [""]


def test_a_list_that_leads_in_a_circle_ends():
    world = World(PAGE)
    world.serve("news/", page("1", follows="/news/p2"))
    world.serve("news/p2", page("2", follows="/news/"))
    assert world.look() == ["1", "2"]


def test_a_following_page_that_fails_is_told_and_costs_nothing():
    world = World(PAGE)
    world.serve("news/", page("1", follows="/news/p2"))
    assert world.look() == ["1"]
    assert "the page after it was not read: " in world.parsed.warning
    world = World(PAGE)
    world.serve("news/", page("1", follows="/news/p2"))
    world.fetcher.fail("https://e.org/news/p2", FeedBusy("HTTP 429", status=429))
    with pytest.raises(FeedBusy):
        world.look()


def test_a_page_without_its_list_fails_and_is_asked_whole_again():
    world = World(PAGE)
    world.serve("news/", page("1"), etag='"a"')
    world.look()
    world.serve("news/", "<html><p>We are rebuilding this site</p></html>", etag='"b"')
    with pytest.raises(NotAFeed):
        world.look()
    assert (world.state.health, world.state.failures) == (FeedHealth.FAILING, 1)
    assert "filled by a script, or no list" in world.state.reason
    world.serve("news/", page("1", "2"), etag='"c"')
    assert world.look() == ["1", "2"]
    assert (world.asked, world.state.failures) == ([("", None)], 0)


def test_only_sitemaps_that_moved_are_asked_and_those_conditionally():
    world = World(MAP)
    world.serve("index.xml", index(("a.xml", "2019-03-05"), ("b.xml", "2019-03-06"), ("old.xml", "2018-01-01")))
    world.serve("a.xml", urls("1"), etag='"a1"')
    world.serve("b.xml", urls("2"), etag='"b1"')
    assert world.look() == ["2", "1"]
    assert world.asked == [("index.xml", None), ("b.xml", None), ("a.xml", None)]
    assert world.look() == []
    assert "no sitemap below it has moved" in world.parsed.warning
    assert world.asked == [("index.xml", None)]
    world.serve("index.xml", index(("a.xml", "2019-03-05"), ("b.xml", "2019-03-07")))
    world.serve("b.xml", urls("2", "3"), etag='"b2"')
    assert world.look() == ["2", "3"]
    assert world.asked == [("index.xml", None), ("b.xml", '"b1"')]
    assert sorted(child.url.rpartition("/")[2] for child in world.state.children) == ["a.xml", "b.xml"]


def test_sitemaps_without_lastmod_are_asked_though_their_index_did_not_change():
    world = World(MAP)
    world.serve("index.xml", index(("a.xml", ""), ("b.xml", "2019-03-05")), etag='"i"')
    world.serve("a.xml", urls("1"), etag='"a1"')
    world.serve("b.xml", urls("2"))
    assert sorted(world.look()) == ["1", "2"]
    assert world.look() is None
    assert world.asked == [("index.xml", '"i"'), ("a.xml", '"a1"')]
    world.serve("a.xml", urls("1", "3"), etag='"a2"')
    assert world.look() == ["1", "3"]


def test_an_index_may_hold_an_index_but_no_more():
    world = World(MAP)
    world.serve("index.xml", index(("inner.xml", "2019-03-05")))
    world.serve("inner.xml", index(("a.xml", "2019-03-05"), ("deep.xml", "2019-03-05")))
    world.serve("a.xml", urls("1"))
    world.serve("deep.xml", index(("never.xml", "2019-03-05")))
    assert world.look() == ["1"]
    assert "deep.xml is an index below an index below an index" in world.parsed.warning
    assert "never.xml" not in [name for name, _ in world.asked]


def test_ten_sitemaps_are_read_at_a_time_and_the_rest_at_the_next_poll():
    world = World(MAP)
    names = [f"{n:02}.xml" for n in range(14)]
    world.serve("index.xml", index(*((name, "") for name in names)), etag='"i"')
    for name in names:
        world.serve(name, urls(name.removesuffix(".xml")), etag=f'"{name}"')
    assert len(world.look()) == 10
    assert "4 sitemaps below it are left for the next poll" in world.parsed.warning
    first = {name for name, _ in world.asked}
    world.look()
    second = {name for name, _ in world.asked}
    assert set(names) <= first | second
    assert ("index.xml", None) in world.asked


def test_a_sitemap_that_fails_is_told_and_asked_again():
    world = World(MAP)
    world.serve("index.xml", index(("a.xml", "2019-03-05"), ("b.xml", "2019-03-05")), etag='"i"')
    world.serve("a.xml", urls("1"))
    world.fetcher.fail("https://e.org/b.xml", FeedUnreachable("no answer", url="https://e.org/b.xml"))
    assert world.look() == ["1"]
    assert "https://e.org/b.xml was not read: no answer" in world.state.reason
    world.serve("b.xml", urls("2"))
    assert world.look() == ["2"]
    assert world.asked == [("index.xml", None), ("b.xml", None)]


def test_where_all_sitemaps_fail_the_feed_fails():
    world = World(MAP)
    world.serve("index.xml", index(("a.xml", "2019-03-05")))
    world.fetcher.fail("https://e.org/a.xml", FeedUnreachable("no answer", url="https://e.org/a.xml"))
    with pytest.raises(FeedUnreachable):
        world.look()


def test_a_host_that_asks_to_wait_is_left_alone_at_once():
    world = World(MAP)
    world.serve("index.xml", index(("a.xml", "2019-03-05"), ("b.xml", "2019-03-05")))
    world.serve("b.xml", urls("2"))
    world.fetcher.fail("https://e.org/a.xml", FeedBusy("HTTP 503", url="https://e.org/a.xml", status=503))
    with pytest.raises(FeedBusy):
        world.look()
    assert len(world.asked) == 2


def test_a_sitemap_without_dates_says_what_to_do():
    world = World(MAP)
    world.serve("index.xml", "<urlset><url><loc>https://e.org/1</loc></url></urlset>")
    with pytest.raises(NotAFeed, match="none of its 1 addresses tells a date"):
        world.look()


def test_a_sitemap_of_the_past_says_so():
    world = World(MAP)
    world.serve("index.xml", urls("1", at="2015-01-01"))
    assert world.look() == []
    assert "none of its 1 addresses is newer than 2019-03-03" in world.state.reason


def test_a_quiet_week_is_no_alarm_but_a_sitemap_without_any_address_is():
    world = World(MAP)
    world.serve("index.xml", urls("1", at="2019-02-20"))
    for _ in range(3):
        world.look()
    assert (world.state.health, world.state.empty_polls) == (FeedHealth.HEALTHY, 0)
    world.serve("index.xml", "<urlset></urlset>")
    for _ in range(2):
        world.look()
    assert world.state.health is FeedHealth.SILENT


def test_once_a_week_everything_is_asked_anew():
    world = World(MAP)
    world.serve("index.xml", index(("a.xml", "2019-03-05")), etag='"i"')
    world.serve("a.xml", urls("1"), etag='"a"')
    world.look()
    world.now += timedelta(days=8)
    world.state = replace(world.state, last_success_at=world.now)
    world.serve("index.xml", index(("a.xml", "2019-03-14")), etag='"i"')
    world.look()
    assert world.asked == [("index.xml", None), ("a.xml", None)]


def test_another_address_in_the_catalogue_voids_what_was_remembered():
    world = World(replace(MAP, url="https://e.org/new.xml"))
    world.state = FeedState("map", validators=Validators('"x"'), validators_for="https://e.org/index.xml")
    world.serve("new.xml", urls("1"))
    assert world.look() == ["1"]
    assert world.asked == [("new.xml", None)]
