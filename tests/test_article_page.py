"""The page of an entry: asked as robots.txt allows, through redirectors, and told why where it is not read."""

from datetime import timedelta

import pytest

from monitor.article_page import read_page, robots_for, site_of
from monitor.model.errors import FeedBusy, FeedRefused, FeedUnreachable, StoreBusy
from monitor.model.fetch import Accept
from monitor.model.robots import RobotsVerdict

URL = "http://north.example/1"
ROBOTS = "http://north.example/robots.txt"
WORDS = "The neighbours agreed on talks, the minister said after a long day of meetings in the capital. " * 6


@pytest.fixture
def world(make_world):
    made = make_world("north")
    made.page("north", "1", "Talks agreed", WORDS)
    return made


def read(world, link=URL):
    return read_page(world.parts, link, world.clock())


def test_a_page_is_read_after_robots_txt(world):
    assert read(world).page.extraction.text.startswith("The neighbours")
    assert [(request.url, request.accept) for request in world.fetcher.requests] == [(ROBOTS, Accept.ROBOTS), (URL, Accept.PAGE)]


def test_an_entry_without_a_link_asks_nobody(world):
    assert read(world, "").page.why_not == "the entry has no link"
    assert world.fetcher.requests == []


def test_what_robots_txt_said_goes_with_the_request(world):
    world.fetcher.answer(ROBOTS, "User-agent: *\nCrawl-delay: 7")
    until = world.clock() + timedelta(hours=1)
    world.store.block_host("south.example", until)
    world.store.block_host("past.example", world.clock())
    read(world)
    request = world.fetcher.requests[-1]
    assert (request.delay_s, request.blocks) == (7.0, {"south.example": until})


@pytest.mark.parametrize("error", [FeedBusy("HTTP 429", status=429), FeedBusy("HTTP 503", status=503)])
def test_a_busy_robots_txt_is_a_busy_host_and_nothing_is_concluded(world, error):
    world.fetcher.fail(ROBOTS, error)
    with pytest.raises(FeedBusy):
        read(world)
    assert world.store.robots("http://north.example") is None


@pytest.mark.parametrize(
    ("error", "may_pass"), [(FeedUnreachable("HTTP 500", status=500), True), (FeedRefused("HTTP 404", status=404), False)]
)
def test_a_page_that_fails_says_whether_it_may_pass(world, error, may_pass):
    world.fetcher.forget(URL)
    world.fetcher.fail(URL, error)
    done = read(world)
    assert (done.page.why_not, done.may_pass) == (f"page not read: {error.reason}", may_pass)


def test_a_bug_met_on_a_page_costs_that_page_only(world):
    world.fetcher.forget(URL)
    world.fetcher.fail(URL, RuntimeError("odd"))
    assert "internal error, please report it: RuntimeError: odd" in read(world).page.why_not


def test_a_redirectors_page_keeps_its_own_address_though_it_fails(world):
    link = "https://www.google.com/url?q=http%3A%2F%2Fnorth.example%2Flost"
    done = read(world, link)
    assert (done.page.final_url, done.page.why_not) == ("http://north.example/lost", "page not read: 404 Not Found")
    assert site_of(link) == "north.example"


def test_robots_txt_is_asked_anew_after_an_hour_where_it_failed_and_after_a_day_else(world):
    world.fetcher.fail(ROBOTS, FeedUnreachable("no route"))
    world.fetcher.answer(ROBOTS, "")
    verdicts = []
    for hours in (0, 0.5, 0.5, 23, 1):
        now = world.clock.advance(timedelta(hours=hours))
        verdicts.append(robots_for(world.parts, URL, {}, now).verdict)
    assert verdicts == [RobotsVerdict.UNREACHABLE] * 2 + [RobotsVerdict.RULES] * 3
    assert world.fetcher.asked(ROBOTS) == 3


def test_a_store_that_stays_away_is_no_fault_of_the_page(world, monkeypatch):
    monkeypatch.setattr(type(world.store), "robots", lambda *_: (_ for _ in ()).throw(StoreBusy("no answer")))
    with pytest.raises(StoreBusy):
        read(world)
