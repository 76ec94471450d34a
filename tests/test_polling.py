"""One look at one feed: what is asked, what is stored, what is left, and the reason of each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import pipeline, polling
from monitor.model.article import DateSource, TextSource
from monitor.model.errors import FeedBusy, FeedGone, FeedRefused, FeedUnreachable, StoreFailed
from monitor.model.feed import FeedHealth
from monitor.model.fetch import PollOutcome
from monitor.store.promises import ArticleQuery

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BLIND = timedelta(hours=26)
"""When a feed without validators is surely due again."""
FEED = "http://north.example/feed.xml"
BODY = "The neighbours agreed on talks, the minister said after a long day of meetings in the capital.\n" * 4
PLAIN = "The harvest ended early this year, the ministry said after a long summer without rain in the south.\n" * 4


def poll(world, *wanted):
    return {poll.feed.id: poll for poll in pipeline.poll(world.parts, wanted).polls}


def articles(world, **query):
    return [item.article for item in world.store.articles(ArticleQuery(**query))]


def test_a_new_article_is_read_matched_and_stored(make_world):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    done = poll(world)["north"]
    assert (done.outcome, done.entries, done.new_articles) == (PollOutcome.FETCHED, 1, 1)
    [item] = world.store.articles(ArticleQuery())
    assert (item.article.title, item.article.canonical_url, item.article.language) == (
        "Talks agreed",
        "http://north.example/1",
        "en",
    )
    assert (item.article.text_source, item.article.published_source) == (TextSource.PAGE, DateSource.FEED)
    assert [match.rule for match in item.analysis.matches] == ["talks"]
    assert item.analysis.ruleset == world.parts.files.ruleset
    assert item.article.id in world.store.stories([item.article.id])


def test_an_unchanged_feed_is_asked_conditionally_and_its_pages_not_at_all(make_world):
    world = make_world("north")
    url = world.page("north", "1", "Talks agreed", BODY)
    world.feed("north", [(url, "Talks agreed", world.clock())], etag='"1"')
    poll(world)
    world.clock.advance(2 * HOUR)
    done = poll(world)["north"]
    assert done.outcome is PollOutcome.NOT_MODIFIED
    assert [request.validators.etag for request in world.fetcher.requests if request.url == FEED] == [None, '"1"']
    assert world.fetcher.asked(url) == 1


def test_a_feed_that_says_not_modified_for_a_week_is_asked_for_the_whole_document_once(make_world):
    world = make_world("north")
    world.feed("north", [], etag='"1"')
    sent = []
    for _ in range(9):
        poll(world)
        sent.append(world.fetcher.requests[-1].validators.etag)
        world.clock.advance(DAY)
    assert sent == [None, '"1"', '"1"', '"1"', '"1"', '"1"', '"1"', None, '"1"']


def test_a_new_address_in_the_catalogue_voids_the_validators(make_world):
    world = make_world("north")
    world.feed("north", [], etag='"1"')
    poll(world)
    [feed] = world.parts.files.feeds
    moved = replace(feed, url="http://north.example/new.xml")
    world.parts = replace(world.parts, files=replace(world.parts.files, feeds=(moved,)))
    poll(world)
    assert [(request.url, request.validators.etag) for request in world.fetcher.requests] == [(FEED, None), (moved.url, None)]


def test_known_entries_are_not_read_again_though_the_feed_has_no_validators(make_world):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    poll(world)
    world.clock.advance(BLIND)
    done = poll(world)["north"]
    assert (done.outcome, done.new_articles) == (PollOutcome.FETCHED, 0)
    assert world.fetcher.asked("http://north.example/1") == 1


def test_a_changed_title_makes_a_revision_that_keeps_id_and_first_sight(make_world):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    poll(world)
    [before] = articles(world)
    world.fetcher.forget()
    world.article("north", "1", "Talks postponed", BODY)
    world.clock.advance(BLIND)
    poll(world)
    [after] = articles(world)
    assert (after.id, after.first_seen, after.title, after.revision) == (before.id, before.first_seen, "Talks postponed", 1)


def test_two_feeds_that_link_one_page_give_one_article(make_world):
    world = make_world("north", "south")
    url = world.page("north", "1", "Talks agreed", BODY)
    world.page("north", "1?utm_source=rss", "Talks agreed", BODY)
    world.feed("north", [(url, "Talks agreed", world.clock())])
    world.feed("south", [(f"{url}?utm_source=rss", "Talks agreed", world.clock())])
    pipeline.poll(world.parts, ["north"])
    pipeline.poll(world.parts, ["south"])
    assert [article.feed_id for article in articles(world)] == ["north"]


def test_an_entry_that_stands_twice_in_a_feed_is_read_once(make_world):
    world = make_world("north")
    url = world.page("north", "1", "Talks agreed", BODY)
    world.feed("north", [(url, "Talks agreed", world.clock()), (f"{url}#top", "Talks agreed", world.clock())])
    assert poll(world)["north"].new_articles == 1


@pytest.mark.parametrize(
    ("error", "health"),
    [
        (FeedUnreachable("no route"), FeedHealth.FAILING),
        (FeedGone("410 Gone", status=410), FeedHealth.GONE),
        (FeedRefused("404 Not Found", status=404), FeedHealth.FAILING),
    ],
)
def test_a_feed_that_fails_waits_and_says_why(make_world, error, health):
    world = make_world("north")
    world.fetcher.fail(FEED, error)
    done = poll(world)["north"]
    assert done.outcome is PollOutcome.FAILED
    assert error.reason in done.reason
    state = world.store.feed_states()["north"]
    assert (state.health, state.failures) == (health, 1)
    assert state.next_fetch_at > world.clock()
    again = poll(world)["north"]
    assert again.outcome is PollOutcome.SKIPPED
    assert world.fetcher.asked(FEED) == 1


def test_a_page_that_is_no_feed_is_told_with_what_it_is(make_world):
    world = make_world("north")
    world.fetcher.answer(
        FEED,
        "<!doctype html><html><title>Please log in</title><form><input type=password></form>",
        headers={"content-type": "text/html"},
    )
    done = poll(world)["north"]
    assert done.outcome is PollOutcome.FAILED
    assert done.reason


def test_429_blocks_every_feed_of_the_host_until_the_time_it_names(make_world):
    world = make_world("north", "south")
    first, second = world.parts.files.feeds
    second = replace(second, url="http://north.example/other.xml")
    world.parts = replace(world.parts, files=replace(world.parts.files, feeds=(first, second)))
    world.fetcher.fail(FEED, FeedBusy("429 Too Many Requests", status=429, retry_after_s=7200))
    done = poll(world)
    assert (done["north"].outcome, done["south"].outcome) == (PollOutcome.FAILED, PollOutcome.SKIPPED)
    assert "asked us to wait until 2019-03-06 11:00 UTC" in done["south"].reason
    assert world.fetcher.asked(second.url) == 0
    world.clock.advance(HOUR)
    assert "asked us to wait" in poll(world)["south"].reason
    world.clock.advance(HOUR + timedelta(minutes=1))
    world.fetcher.answer(second.url, '<rss version="2.0"><channel><title>x</title></channel></rss>')
    assert poll(world)["south"].outcome is PollOutcome.FETCHED


def test_pages_beyond_the_limit_are_left_and_read_at_the_next_poll(make_world):
    world = make_world("north", pages_per_poll=2)
    entries = [
        (world.page("north", str(n), f"Talks, part {n}", BODY + f"Part {n}."), f"Talks, part {n}", world.clock())
        for n in range(5)
    ]
    world.feed("north", entries, etag='"1"')
    done = poll(world)["north"]
    assert done.new_articles == 2
    assert "3 pages left for the next poll" in done.reason
    world.clock.advance(2 * HOUR)
    assert poll(world)["north"].new_articles == 2
    world.clock.advance(2 * HOUR)
    last = poll(world)["north"]
    assert last.new_articles == 1
    assert "left" not in last.reason
    assert len(articles(world)) == 5
    assert [request.validators.etag for request in world.fetcher.requests if request.url == FEED] == [None, None, None]


def test_a_busy_page_ends_the_reading_blocks_its_host_and_the_rest_comes_later(make_world):
    world = make_world("north")
    urls = [f"http://pages.example/{n}" for n in range(3)]
    world.feed("north", [(url, f"Talks, part {n}", world.clock()) for n, url in enumerate(urls)], etag='"1"')
    world.page("pages", "0", "Talks, part 0", BODY)
    world.fetcher.fail(urls[1], FeedBusy("503", status=503, retry_after_s=3 * 3600))
    world.page("pages", "1", "Talks, part 1", BODY + "More.")
    world.page("pages", "2", "Talks, part 2", BODY + "Other.")
    assert "2 pages left" in poll(world)["north"].reason
    world.clock.advance(2 * HOUR)
    assert "2 pages left" in poll(world)["north"].reason
    assert [world.fetcher.asked(url) for url in urls] == [1, 1, 0], "the host asked us to wait, for its pages too"
    world.clock.advance(2 * HOUR)
    assert poll(world)["north"].new_articles == 2
    assert len(articles(world)) == 3


def test_a_page_that_is_gone_leaves_an_article_of_the_feeds_words_with_the_reason(make_world):
    world = make_world("north")
    world.feed("north", [("http://north.example/1", "Neighbours hold talks", world.clock())])
    world.fetcher.fail("http://north.example/1", FeedRefused("404 Not Found", status=404))
    assert "left" not in poll(world)["north"].reason
    [item] = world.store.articles(ArticleQuery())
    assert (item.article.text_source, item.article.text) == (TextSource.TITLE, "")
    assert "404 Not Found" in item.article.reason
    assert [match.rule for match in item.analysis.matches] == ["talks"]


def test_a_page_that_fails_for_the_moment_is_stored_at_once_and_read_at_the_next_poll(make_world):
    world = make_world("north")
    url = "http://north.example/1"
    world.feed("north", [(url, "Neighbours hold talks", world.clock())], etag='"1"')
    world.fetcher.fail(url, FeedUnreachable("timed out"))
    world.fetcher.fail(url, FeedUnreachable("timed out again"))
    world.page("north", "1", "Neighbours hold talks", BODY)

    assert "1 pages left for the next poll" in poll(world)["north"].reason
    [first] = articles(world)
    assert "timed out" in first.reason
    world.clock.advance(2 * HOUR)
    poll(world)
    [second] = articles(world)
    assert (second.id, second.revision, second.reason) == (first.id, 0, "title only: page not read: timed out again")
    world.clock.advance(2 * HOUR)
    done = poll(world)["north"]
    [third] = articles(world)
    assert (third.id, third.first_seen, third.text_source) == (first.id, first.first_seen, TextSource.PAGE)
    assert "agreed" in third.text
    assert "left" not in done.reason
    world.clock.advance(2 * HOUR)
    assert poll(world)["north"].outcome is PollOutcome.NOT_MODIFIED


def test_a_page_that_never_comes_is_given_up_after_two_days(make_world):
    world = make_world("north")
    url = "http://north.example/1"
    world.feed("north", [(url, "Neighbours hold talks", world.clock())], etag='"1"')
    world.fetcher.fail(url, FeedUnreachable("timed out"))
    for _ in range(8):
        done = poll(world)["north"]
        world.clock.advance(12 * HOUR)
    assert done.outcome is PollOutcome.NOT_MODIFIED
    assert world.fetcher.asked(url) == 4
    assert len(articles(world)) == 1


def test_three_failed_pages_in_a_row_leave_the_site_in_peace(make_world):
    world = make_world("north")
    entries = [(f"http://north.example/{n}", f"Talks, part {n}", world.clock()) for n in range(10)]
    world.feed("north", entries)
    for url, _, _ in entries:
        world.fetcher.fail(url, FeedUnreachable("timed out"))
    assert "10 pages left" in poll(world)["north"].reason
    assert sum(world.fetcher.asked(url) for url, _, _ in entries) == 3
    world.clock.advance(BLIND)
    poll(world)
    assert {article.url for article in articles(world)} == {url for url, _, _ in entries[:6]}, (
        "new entries come before those tried"
    )


def test_a_bug_on_one_page_costs_that_page(make_world):
    world = make_world("north")
    url = world.page("north", "2", "Harvest ends", PLAIN)
    world.feed(
        "north", [("http://north.example/1", "Neighbours hold talks", world.clock()), (url, "Harvest ends", world.clock())]
    )
    world.fetcher.fail("http://north.example/1", KeyError("tree"))
    assert poll(world)["north"].new_articles == 2
    assert "internal error, please report it: KeyError" in next(a.reason for a in articles(world) if a.url.endswith("/1"))


def test_a_bug_in_reading_a_feed_pauses_that_feed_and_no_other(make_world):
    world = make_world("north", "south")
    world.fetcher.fail(FEED, ZeroDivisionError("division by zero"))
    world.article("south", "1", "Talks agreed", BODY)
    done = poll(world)
    assert (done["north"].outcome, done["south"].outcome) == (PollOutcome.FAILED, PollOutcome.FETCHED)
    assert "internal error, please report it: ZeroDivisionError: division by zero" in done["north"].reason
    assert poll(world)["north"].outcome is PollOutcome.SKIPPED


def test_a_store_that_fails_is_no_fault_of_the_feed(make_world):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)

    class Full:
        def __getattr__(self, name):
            return getattr(world.store, name)

        def save_poll(self, *_):
            raise StoreFailed("the disk is full")

    with pytest.raises(StoreFailed):
        pipeline.poll(replace(world.parts, store=Full()))
    assert world.store.feed_states() == {}


def test_old_entries_of_the_first_poll_are_backlog_and_stay_it_when_revised(make_world):
    world = make_world("north")
    old, new = world.clock() - 30 * DAY, world.clock() - DAY
    pages = [
        (world.page("north", str(n), f"Talks, part {n}", BODY + f"{n}"), f"Talks, part {n}", at)
        for n, at in enumerate((old, new))
    ]
    world.feed("north", pages)
    poll(world)
    assert {article.title: article.backlog for article in articles(world)} == {"Talks, part 0": True, "Talks, part 1": False}
    renamed = [(pages[0][0], "Talks, part zero", old), pages[1]]
    world.fetcher.forget(FEED)
    world.feed("north", [*renamed, (world.page("north", "late", "Talks, found late", BODY + "x"), "Talks, found late", old)])
    world.clock.advance(BLIND)
    poll(world)
    assert {article.title: article.backlog for article in articles(world)} == {
        "Talks, part zero": True,
        "Talks, part 1": False,
        "Talks, found late": False,
    }


def test_a_feed_that_turned_over_whole_between_two_polls_is_told_as_a_possible_loss(make_world):
    world = make_world("north")
    for round_ in range(2):
        world.fetcher.forget(FEED)
        titles = [f"Talks, part {round_}{n}" for n in range(3)]
        world.feed(
            "north",
            [(world.page("north", f"{round_}{n}", title, BODY + title), title, world.clock()) for n, title in enumerate(titles)],
        )
        done = poll(world)["north"]
        world.clock.advance(BLIND)
    assert "possible loss" in done.reason


def test_feeds_named_are_looked_at_alone_and_only_when_due(make_world):
    world = make_world("north", "south")
    world.feed("north", [])
    world.feed("south", [])
    assert set(poll(world, "north")) == {"north"}
    again = poll(world, "north")["north"]
    assert again.outcome is PollOutcome.SKIPPED
    assert "due at" in again.reason


def test_a_host_with_a_poll_under_way_is_not_asked_twice(make_world):
    world = make_world("north")
    due = polling.choose_due(world.parts, world.clock(), busy_hosts=frozenset({"north.example"}))
    assert due.by_host == {}
    assert due.skipped[0].reason == "another poll of this host is under way"


def test_a_service_that_stops_begins_no_further_feed_or_page(make_world):
    world = make_world("north")
    stops = iter([False, False, True])
    world.parts = replace(world.parts, stopping=lambda: next(stops, True))
    pages = [
        (world.page("north", str(n), f"Talks, part {n}", BODY + f"{n}"), f"Talks, part {n}", world.clock()) for n in range(4)
    ]
    world.feed("north", pages)
    assert "3 pages left" in poll(world)["north"].reason
    assert len(articles(world)) == 1


def test_rules_that_changed_are_applied_to_what_is_stored(make_world):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    poll(world)
    assert polling.refresh_analyses(world.parts, ArticleQuery()) == 0
    changed = replace(world.parts, files=replace(world.parts.files, ruleset="another"))
    assert polling.refresh_analyses(changed, ArticleQuery()) == 1


def test_stories_lost_to_a_crash_are_tied_at_the_next_poll_though_nothing_is_new(make_world):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    polling.poll_host(world.parts, polling.choose_due(world.parts, world.clock()).by_host["north.example"], lambda _: None)
    [article] = articles(world)
    assert world.store.stories([article.id]) == {}
    report = pipeline.poll(world.parts)
    assert (report.new_articles, report.stories) == (0, 1)
    assert article.id in world.store.stories([article.id])


def test_copies_and_tellings_of_one_event_become_one_story(make_world):
    world = make_world("north", "south", "west")
    world.article("north", "1", "Minsk and Vilnius agreed on talks", BODY)
    world.article("south", "1", "Minsk and Vilnius agreed on talks", BODY)
    world.article("west", "1", "Harvest ends", PLAIN)
    report = pipeline.poll(world.parts)
    assert report.stories == 1
    stories = world.store.stories([article.id for article in articles(world)])
    assert len(stories) == 2
    assert len(set(stories.values())) == 1


def test_the_same_document_again_is_not_parsed(make_world, monkeypatch):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    poll(world)
    parsed = []
    monkeypatch.setattr(polling, "parse_feed", lambda *_, **__: parsed.append(1))
    world.clock.advance(BLIND)
    done = poll(world)["north"]
    assert (done.outcome, done.entries, done.new_articles) == (PollOutcome.FETCHED, 1, 0)
    assert done.reason.startswith("1 entry read (the same document as at the last poll)")
    assert parsed == []


def test_only_entries_that_are_not_settled_are_looked_up_and_read(make_world, monkeypatch):
    world = make_world("north")
    urls = [world.page("north", str(number), f"Talks agreed {number}", f"{number} {BODY}") for number in (1, 2)]
    entries = [(url, f"Talks agreed {number}", world.clock()) for number, url in enumerate(urls, 1)]
    world.feed("north", entries[:1])
    poll(world)
    world.fetcher.forget(FEED)
    world.feed("north", entries)
    looked_up = []
    known = world.store.known_articles
    monkeypatch.setattr(world.store, "known_articles", lambda *given: (looked_up.append(given[1]), known(*given))[1])
    world.clock.advance(BLIND)
    done = poll(world)["north"]
    assert (done.entries, done.new_articles) == (2, 1)
    assert looked_up == [{urls[1]}]


def test_an_entry_whose_page_failed_is_read_again_though_the_document_did_not_change(make_world):
    world = make_world("north")
    url = "http://north.example/1"
    world.feed("north", [(url, "Talks agreed", world.clock())])
    world.fetcher.fail(url, FeedUnreachable("time-out"))
    poll(world)
    world.fetcher.forget(url)
    world.page("north", "1", "Talks agreed", BODY)
    world.clock.advance(BLIND)
    assert poll(world)["north"].new_articles == 1
    assert articles(world)[0].text_source is TextSource.PAGE


def test_furniture_of_a_site_is_learnt_and_goes_from_later_articles_with_the_reason(make_world):
    world = make_world("north")
    about = "Our newsroom has told the towns of the north what happens in them since 1993; write to us if something escaped us."
    texts = {str(n): "".join(f"Item {n}.{line}: {BODY.splitlines()[0]}\n" for line in range(5)) + about for n in range(10)}
    entries = [
        (world.page("north", number, f"Talks {number}", text), f"Talks {number}", world.clock()) for number, text in texts.items()
    ]
    world.feed("north", entries[:9])
    poll(world)
    assert world.store.site_lines("north.example").pages == 9
    world.clock.advance(BLIND)
    world.fetcher.forget(FEED)
    world.feed("north", entries)
    poll(world)
    last = max(articles(world), key=lambda article: article.first_seen)
    assert last.text == texts["9"].removesuffix(about).strip()
    assert last.reason == "1 lines cut that north.example prints around its articles, on up to 9 of 9 pages"
    assert sum(about in article.text for article in articles(world)) == 8, "the first eight pages could not tell"
