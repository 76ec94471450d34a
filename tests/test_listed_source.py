"""Pages and sitemaps through the whole pipeline: what is new, what is backlog, what is left alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import pipeline
from monitor.model.article import DateSource
from monitor.model.feed import Feed, FeedHealth, FeedKind, Selectors
from monitor.model.fetch import Accept, PollOutcome
from monitor.store.promises import ArticleQuery

HOST = "http://mod.example"
LISTED = f"{HOST}/news/"
BODY = "The neighbours agreed on talks, the minister said after a long day of meetings in the capital.\n" * 4
PAGE = Feed("mod", LISTED, "Ministry", language="en", kind=FeedKind.PAGE, selectors=Selectors("ul.news a"))
MAP = Feed("mod", f"{HOST}/map.xml", "Ministry", language="en", kind=FeedKind.SITEMAP)


@pytest.fixture
def world(make_world):
    made = make_world("mod")
    made.parts = replace(made.parts, files=replace(made.parts.files, feeds=(PAGE,)))
    return made


def look(world):
    [poll] = pipeline.poll(world.parts, []).polls
    world.clock.advance(timedelta(hours=26))
    return poll


def item(world, name, date=""):
    world.page("mod", f"news/{name}", f"Talks on matter {name} agreed", BODY)
    return f"<li><a href='/news/{name}'>Talks on matter {name} agreed</a> <time datetime='{date}'></time></li>"


def serve(world, *items, etag=None):
    world.fetcher.forget(LISTED)
    world.fetcher.answer(
        LISTED, f"<html><ul class='news'>{''.join(items)}</ul></html>", headers={"content-type": "text/html"}, etag=etag
    )


def articles(world):
    return {item.article.url.rpartition("/")[2]: item.article for item in world.store.articles(ArticleQuery())}


def test_a_listed_page_becomes_articles_with_text_date_and_matches(world):
    serve(world, item(world, "1", "2019-03-05T10:00:00Z"))
    done = look(world)
    assert (done.outcome, done.entries, done.new_articles) == (PollOutcome.FETCHED, 1, 1)
    [found] = world.store.articles(ArticleQuery())
    assert (found.article.canonical_url, found.article.published_source) == (f"{HOST}/news/1", DateSource.FEED)
    assert [match.rule for match in found.analysis.matches] == ["talks"]
    assert not found.article.backlog


def test_the_first_poll_of_a_page_is_no_flood_of_news(world):
    serve(world, item(world, "fresh", "2019-03-05"), item(world, "old", "2018-05-05"), item(world, "undated"))
    look(world)
    assert {name: article.backlog for name, article in articles(world).items()} == {"fresh": False, "old": True, "undated": True}
    serve(world, item(world, "next"), item(world, "fresh", "2019-03-05"), item(world, "revived", "2017-01-01"))
    look(world)
    assert {name: article.backlog for name, article in articles(world).items() if name in {"next", "revived"}} == {
        "next": False,
        "revived": True,
    }


def test_another_order_advertising_and_a_shorter_list_give_nothing_new_and_lose_nothing(world):
    one, two, three = (item(world, name, "2019-03-05") for name in "123")
    serve(world, one, two, three)
    assert look(world).new_articles == 3
    serve(
        world,
        three,
        "<li><a href='https://ads.example/?n=7'>Buy talks now</a></li>",
        one.replace("/news/1'", "/news/1?utm_source=x'"),
    )
    assert look(world).new_articles == 0
    assert set(articles(world)) == {"1", "2", "3"}


def test_an_unchanged_page_is_asked_conditionally(world):
    serve(world, item(world, "1"), etag='"1"')
    look(world)
    assert look(world).outcome is PollOutcome.NOT_MODIFIED
    asked = [request for request in world.fetcher.requests if request.url == LISTED]
    assert [(request.accept, request.validators.etag) for request in asked] == [(Accept.PAGE, None), (Accept.PAGE, '"1"')]


def test_a_page_that_lost_its_list_fails_in_words_and_keeps_what_is_stored(world):
    serve(world, item(world, "1"))
    look(world)
    world.fetcher.forget(LISTED)
    world.fetcher.answer(LISTED, "<html><title>New site</title><div class='feed'>" + item(world, "2") + "</div></html>")
    done = look(world)
    assert (done.outcome, done.state.health, done.state.failures) == (PollOutcome.FAILED, FeedHealth.FAILING, 1)
    assert 'the selector "ul.news a" names nothing; the page ("New site") has 1 links' in done.reason
    assert set(articles(world)) == {"1"}


def test_a_page_that_robots_txt_closes_is_not_asked(world):
    world.fetcher.answer(f"{HOST}/robots.txt", "User-agent: *\nDisallow: /news/\n", headers={"content-type": "text/plain"})
    done = look(world)
    assert (done.state.health, world.fetcher.asked(LISTED)) == (FeedHealth.BLOCKED, 0)
    assert "disallows it" in done.reason


def test_a_sitemap_brings_what_is_new_and_calls_a_touched_archive_no_news(world):
    world.parts = replace(world.parts, files=replace(world.parts.files, feeds=(MAP,)))
    fresh = world.page("mod", "fresh", "Talks agreed today", f"Published 5 March 2019\n{BODY}")
    old = f"{HOST}/2015/04/01/old"
    world.page("mod", "2015/04/01/old", "Talks of long ago", BODY)
    touched = world.page("mod", "touched", "Talks of another time", BODY)
    urls = "".join(f"<url><loc>{url}</loc><lastmod>2019-03-05T10:00:00Z</lastmod></url>" for url in (fresh, old, touched))
    world.fetcher.answer(MAP.url, f"<urlset>{urls}</urlset>")
    done = look(world)
    assert done.entries == 2
    assert "old" not in articles(world)
    found = articles(world)["touched"]
    assert (found.published_source, found.backlog) == (DateSource.FIRST_SEEN, True)
    assert found.title == "Talks of another time"


def test_pages_left_over_are_taken_up_at_the_next_poll_though_the_sitemap_did_not_move(world):
    world.parts = replace(world.parts, files=replace(world.parts.files, feeds=(MAP,)), pages_per_poll=1)
    urls = [world.page("mod", name, f"Talks on {name} agreed", BODY) for name in "ab"]
    world.fetcher.answer(
        MAP.url, f"<sitemapindex><sitemap><loc>{HOST}/a.xml</loc><lastmod>2019-03-05</lastmod></sitemap></sitemapindex>"
    )
    inner = "".join(f"<url><loc>{url}</loc><lastmod>2019-03-05T10:00:00Z</lastmod></url>" for url in urls)
    world.fetcher.answer(f"{HOST}/a.xml", f"<urlset>{inner}</urlset>")
    assert "1 pages left" in look(world).reason
    look(world)
    assert set(articles(world)) == {"a", "b"}
