"""The seeds that are shipped."""

from pathlib import Path

from monitor.feeds.catalogue import check_feeds
from monitor.feeds.guard import check_url
from monitor.model.feed import Stance
from monitor.model.fetch import FetchPolicy

SEEDS = Path(__file__).parents[2] / "seeds"


def test_shipped_seeds_hold_no_problem():
    feeds, problems = check_feeds(SEEDS)
    assert problems == ()
    assert sum(not feed.disabled for feed in feeds) == 89
    assert sum(bool(feed.disabled) for feed in feeds) == 26


def test_every_shipped_feed_says_who_it_is_and_where_it_was_found():
    for feed in check_feeds(SEEDS)[0]:
        assert feed.name, feed
        assert feed.publisher, feed
        assert feed.language, feed
        assert feed.seen, feed


def test_every_stance_is_heard():
    assert {feed.stance for feed in check_feeds(SEEDS)[0] if not feed.disabled} == set(Stance)


def test_every_shipped_address_may_be_fetched():
    for feed in check_feeds(SEEDS)[0]:
        check_url(feed.url, FetchPolicy())


def test_readme_tells_the_true_counts():
    feeds = check_feeds(SEEDS)[0]
    enabled = sum(not feed.disabled for feed in feeds)
    assert f"{len(feeds)} sources: {enabled} are asked, {len(feeds) - enabled} are kept" in (SEEDS / "README.md").read_text()
