"""Identity, time and links of entries, F50 to F60, as the database shows them after polls."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from monitor.articles.identity import MAX_REVISIONS
from monitor.model.article import TextSource
from monitor.model.feed import FeedHealth
from monitor.store.promises import ArticleQuery
from monitor.stories.copies import fold_copies
from monitor.text.urls import normalise_url

DAY = 25
"""Hours after which a feed without validators is surely due."""
HERE = "http://north.example"


def guid(text):
    return f"<guid isPermaLink='false'>{text}</guid>"


def titles(service):
    return sorted(article.title for article in service.articles())


@pytest.mark.parametrize("changing", ["guid", "address"])
def test_f50_new_guids_and_addresses_for_old_news_bring_nothing_new(service, dated, changing):
    for round_ in range(2):
        link = f"{HERE}/talks?t={round_}" if changing == "address" else f"{HERE}/talks"
        service.feed([(link, "Neighbours agree on talks", guid(uuid4()), dated(3))])
    assert service.poll().new_articles == 1
    assert service.poll(hours=DAY).new_articles == 0


def test_f51_one_guid_for_all_items_tells_nothing(service):
    service.feed([(f"{HERE}/{n}", f"Report number {n}", guid("http://north.example/")) for n in range(3)])
    service.poll()
    assert len(service.articles()) == 3


def test_f52_an_edited_entry_is_a_revision_and_not_without_end(service, dated):
    for number in count():
        if number > MAX_REVISIONS + 2:
            break
        service.feed([(f"{HERE}/1", f"Live: {number} reports", guid("1"), dated())], headers={"ETag": f'"{number}"'})
    for _ in range(MAX_REVISIONS + 3):
        service.poll(hours=2)
    [article] = service.articles()
    assert article.revision == MAX_REVISIONS
    assert article.first_seen < service.clock() - timedelta(hours=2 * MAX_REVISIONS)


def test_f53_dates_that_move_and_dates_that_cannot_be(service, dated):
    far, unset = dated(-48), "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"
    service.feed(
        [(f"{HERE}/1", "Moving", dated(5)), (f"{HERE}/2", "Future", far), (f"{HERE}/3", "Unset", unset), (f"{HERE}/4", "None")]
    )
    service.feed(
        [(f"{HERE}/1", "Moving", dated(-24)), (f"{HERE}/2", "Future", far), (f"{HERE}/3", "Unset", unset), (f"{HERE}/4", "None")]
    )
    seen = service.clock()
    service.poll()
    service.poll(hours=DAY)
    articles = {article.title: article for article in service.articles()}
    assert {article.first_seen for article in articles.values()} == {seen}
    assert articles["Moving"].published == seen - timedelta(hours=5)
    assert [articles[title].published for title in ("Future", "Unset", "None")] == [seen] * 3


def test_f54_the_old_entries_of_a_first_poll_are_news_to_no_edition(service, dated):
    service.feed([(f"{HERE}/old", "Old", dated(24 * 15)), (f"{HERE}/new", "New", dated(24))])
    service.poll()
    assert {article.title: article.backlog for article in service.articles()} == {"Old": True, "New": False}
    fresh = service.parts.store.articles(ArticleQuery(without_backlog=True))
    assert [item.article.title for item in fresh] == ["New"]


def test_f55_a_feed_that_turned_over_whole_is_told_and_asked_sooner(service, dated):
    for round_ in range(2):
        service.feed([("", f"Round {round_}, report {n}", guid(f"{round_} {n}"), dated(n / 4)) for n in range(3)])
    service.poll()
    done = service.poll(hours=DAY)
    assert "possible loss" in done.reason
    assert service.state().next_fetch_at - service.clock() == timedelta(hours=1), "though it sends no validators"


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        ("<rss version='2.0'><channel><title>T</title><link>http://north.example/news/</link><item><title>A</title><link>1</link></item></channel></rss>", "/news/1"),
        ("<rss version='2.0' xml:base='http://north.example/base/'><channel><title>T</title><item><title>A</title><link>1</link></item></channel></rss>", "/base/1"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><title>A</title><id>x</id><link href='1'/></entry></feed>", "/1"),
    ],
    ids=["channel link", "xml:base", "own address"],
)  # fmt: skip
def test_f56_relative_links(service, feed, expected):
    service.server.reply("/feed.xml", feed.encode())
    service.poll()
    assert [article.url for article in service.articles()] == [HERE + expected]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/a?utm_source=rss&id=1", "/a?id=1", True),
        ("/a?id=1#top", "/a?id=1", True),
        ("/a?id=1", "/a?id=2", False),
        ("/a?p=1", "/a", False),
        ("/#!a", "/#!b", False),
        ("/A", "/a", False),
    ],
)
def test_f57_one_page_is_one_article_whatever_follows_it(service, one, other, same):
    service.feed(
        [(HERE.upper().replace("HTTP", "http") + one, "First headline of the day"), (HERE + other, "Second, another one")]
    )
    service.poll()
    assert len(service.articles()) == (1 if same else 2)
    assert normalise_url(normalise_url(HERE + one)) == normalise_url(HERE + one)


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("http://www.north.example/story", "http://www.north.example/story"),
        ("http://other.example/story", f"{HERE}/amp/story"),
        ("http://north.example/", f"{HERE}/amp/story"),
        ("/story", f"{HERE}/story"),
        ("javascript:void(0)", f"{HERE}/amp/story"),
        ("http://north.example/news/", f"{HERE}/amp/story"),
    ],
)
def test_f58_a_pages_own_claim_of_its_address_is_checked(service, canonical, expected):
    words = "<p>" + "The neighbours agreed on talks, the minister said after a long day of meetings. " * 8
    page = f"<html><head><title>T</title><link rel=canonical href='{canonical}'></head><body>{words}</body></html>"
    service.server.reply("/amp/story", page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    service.feed([(f"{HERE}/amp/story", "Story")])
    service.poll()
    [article] = service.articles()
    assert (article.url, article.final_url, article.canonical_url) == (f"{HERE}/amp/story", f"{HERE}/amp/story", expected)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?sa=t&amp;url=http%3A%2F%2Fnorth.example%2F1&amp;ct=ga",
        "https://l.facebook.com/l.php?u=http%3A%2F%2Fnorth.example%2F1",
        "https://news.google.com/rss/articles/CBMiFmh0dHA6Ly9ub3J0aC5leGFtcGxlLzHSAQA?oc=5",
    ],
)
def test_f59_the_page_in_a_redirectors_address_is_asked_and_the_redirector_is_not(service, link):
    service.page("/1")
    service.feed([(link, "Story")])
    service.poll()
    [article] = service.articles()
    assert (article.url, article.canonical_url, article.text_source) == (f"{HERE}/1", f"{HERE}/1", TextSource.PAGE)
    assert {request.headers["host"] for request in service.server.requests} == {b"north.example"}


def test_f59_the_original_that_the_feed_itself_tells_is_taken(service):
    names = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    origin = f"<feedburner:origLink {names}>{HERE}/1</feedburner:origLink>"
    service.page("/1")
    service.feed([("http://feeds.feedburner.com/~r/north/~3/x/1", "Story", origin)])
    service.poll()
    assert [article.url for article in service.articles()] == [f"{HERE}/1"]


def test_f59_a_short_link_is_followed(service):
    service.server.reply("/abc", status=301, headers={"Location": f"{HERE}/1"})
    service.page("/1")
    service.feed([("http://t.co/abc", "Story")])
    service.poll()
    [article] = service.articles()
    assert (article.url, article.final_url, article.canonical_url) == ("http://t.co/abc", f"{HERE}/1", f"{HERE}/1")


@pytest.mark.parametrize("to", ["http://consent.google.com/m?continue=x", "http://accounts.google.com/login"])
def test_f59_a_wall_is_never_the_article(service, to):
    target = "/rss/articles/CBMiAU_yqLOldAndNewIdsLookAlike"
    service.server.reply(target, status=302, headers={"Location": to})
    service.page("/m?continue=x", "We use cookies, and so do our partners, of whom there are many hundreds. ")
    service.page("/login", "Sign in to continue, with your account or with another one of yours. ")
    service.feed([(f"http://news.google.com{target}", "Story")])
    service.poll()
    [article] = service.articles()
    assert article.title == "Story"
    assert article.text == ""
    assert "unresolved: news.google.com led to a wall" in article.reason


def test_f59_a_redirector_that_stays_silent_leaves_title_and_source(service):
    target = "/rss/articles/CBMiAU_yqLOldAndNewIdsLookAlike"
    service.page(target, "This page runs a script that leads to the article, if you have one to run it. ")
    service.feed([(f"http://news.google.com{target}", "Story")])
    service.poll()
    [article] = service.articles()
    assert (article.title, article.text, article.source.feed_id) == ("Story", "", "north")
    assert "unresolved: news.google.com does not say" in article.reason


def test_f60_one_wire_report_on_two_sites_is_folded(make_service):
    service = make_service({"north": "http://north.example/n", "south": "http://south.example/s"})
    words = "Neighbours agreed on talks about the bridge, the ministry said on Monday after a day of meetings in the capital. "
    body = " ".join(f"Point {number} of the statement concerns the river at kilometre {number * 17}." for number in range(12))
    service.page("/wire1", words + body)
    service.page("/wire2", words + body)
    service.feed([("http://north.example/wire1", "Talks agreed")], target="/n")
    service.feed([("http://south.example/wire2", "Neighbours agree on talks")], target="/s")
    service.poll()
    folded = fold_copies(service.parts.store.articles(ArticleQuery()))
    assert len(service.articles()) == 2
    assert len(folded) == 1
    assert service.state("north").health is FeedHealth.HEALTHY
