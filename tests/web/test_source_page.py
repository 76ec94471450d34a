"""The sources: by state, in plain words, with their rhythm, and without an address that nobody may see."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.feeds.opml import read_opml
from monitor.model.feed import FeedHealth, FeedState
from monitor.web.source_page import WEEKS, public_address, weekly, without_addresses


def with_feed(site, **changes):
    parts = site.world.parts
    [feed] = parts.files.feeds
    site.world.parts = replace(parts, files=replace(parts.files, feeds=(replace(feed, **changes),)))
    return feed


def test_a_source_that_is_read_is_listed_with_its_articles_a_week(site):
    page = site.get("/sources/").text
    assert "Read well (1)" in page
    assert "▁▁▁▁▁▁▁▁▁▁▁█" in page
    assert "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 (oldest week first)" in page
    assert "As of March 6, 2019" in page
    assert "Last read March 6<" in page, "the year is that of the page"


def test_every_state_has_plain_words_in_every_language_and_tells_no_password(site):
    [feed] = site.world.parts.files.feeds
    for health in FeedHealth:
        if health is FeedHealth.DISABLED:
            continue
        site.world.store.save_poll([], FeedState(feed.id, health=health, reason="HTTP 500 at http://user:pw@north.example/feed"))
        for language in ("en", "be", "ru"):
            page = site.get(f"/sources/?lang={language}").text
            assert f'id="h-{health.value}"' in page
            assert "user:pw" not in page


def test_a_disabled_source_is_listed_as_such(site):
    with_feed(site, disabled="the desk: too loud")
    page = site.get("/sources/").text
    assert "Not read (1)" in page


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://news.example/feed.xml", "https://news.example/feed.xml"),
        ("https://news.example/feed?format=rss", "https://news.example/feed?format=rss"),
        ("https://ann:secret@news.example/feed.xml", ""),
        ("https://news.example/feed?api_key=abc", ""),
        ("https://news.example/feed?TOKEN=abc", ""),
        ("https://news.example/feed?x=1&signature=abc", ""),
        ("http://localhost/feed", ""),
        ("http://reader/feed", ""),
        ("http://10.0.0.7/feed", ""),
        ("http://[fd00::1]/feed", ""),
        ("http://192.168.1.2:8080/feed", ""),
        ("http://wiki.internal/feed", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_with_a_secret_or_into_a_private_network_is_shown_to_nobody(url, shown):
    assert public_address(url) == shown


def test_addresses_in_a_reason_are_cut_where_they_tell_a_secret():
    reason = "moved for good to https://ann:pw@in.example/x (seen 3 times), was https://news.example/feed"
    assert without_addresses(reason) == "moved for good to … (seen 3 times), was https://news.example/feed"


def test_the_opml_holds_what_others_may_read_and_nothing_of_the_desk(site):
    with_feed(site, note="call Bob", url="http://north.example/feed.xml")
    answer = site.get("/sources/feeds.opml")
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    [feed] = read_opml(answer.body)
    assert (feed.url, feed.note) == ("http://north.example/feed.xml", "")
    assert site.get("/sources/feeds.opml", If_None_Match=answer.headers["ETag"]).status == 304
    with_feed(site, url="https://ann:secret@north.example/feed.xml")
    answer = site.get("/sources/feeds.opml")
    assert b"secret" not in answer.body
    assert b"secret" not in site.get("/sources/").body


def test_days_are_counted_into_weeks_and_others_are_left_out():
    first = date(2019, 1, 1)
    days = {
        first: 1,
        first + timedelta(days=6): 2,
        first + timedelta(days=7): 4,
        first + timedelta(days=7 * WEEKS): 8,
        first - timedelta(days=1): 16,
    }
    assert weekly(days, first) == (3, 4) + (0,) * (WEEKS - 2)
