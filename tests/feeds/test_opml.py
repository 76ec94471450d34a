"""OPML in and out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.opml import feed_id_for, read_opml, write_opml
from monitor.model.errors import WrongFiles
from monitor.model.feed import Feed, FeedKind, Selectors, Stance

NOW = datetime(2019, 3, 4, 10, tzinfo=UTC)

LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
    lambda text: " ".join(text.replace("\ufffe", "").replace("\uffff", "").split())
)
FEEDS = st.builds(
    Feed,
    id=st.text(ascii_lowercase, min_size=1, max_size=8),
    url=st.text(ascii_lowercase, min_size=1, max_size=8).map(lambda path: f"https://e.org/{path}?a=1&b=2"),
    name=LINE.filter(bool),
    publisher=LINE,
    country=st.sampled_from(["", "BY"]),
    language=st.sampled_from(["", "be"]),
    stance=st.sampled_from(Stance),
    group=st.sampled_from(["", "a", "b b", "feeds"]),
    kind=st.sampled_from(FeedKind),
    home=st.sampled_from(["", "https://e.org/"]),
    interval=st.integers(15, 5000).map(lambda minutes: timedelta(minutes=minutes)),
    disabled=LINE,
    seen=LINE,
    note=LINE,
    of_record=st.booleans(),
)
SELECTORS = st.builds(
    Selectors, links=st.sampled_from(["a", 'a[href*="/x/"] > b']), title=st.sampled_from(["", "h4"]), pages=st.integers(1, 10)
)
PATTERNS = st.lists(st.sampled_from(["/a/*", "https://e.org/?", "*[0-9]"]), max_size=2).map(tuple)


def sought(feed, selectors, include, exclude):
    if feed.kind is FeedKind.FEED:
        return feed
    read = replace(feed, include=include, exclude=exclude)
    return read if feed.kind is FeedKind.SITEMAP else replace(read, selectors=selectors)


ALL_KINDS = st.builds(sought, FEEDS, SELECTORS, PATTERNS, PATTERNS)


@given(st.lists(ALL_KINDS, max_size=5, unique_by=(lambda feed: feed.id, lambda feed: feed.url)), LINE)
def test_feeds_survive_opml(feeds, title):
    assert read_opml(write_opml(feeds, title, NOW)) == tuple(sorted(feeds, key=lambda feed: feed.group))


def test_lists_of_other_readers_are_read():
    body = b"""<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
    <outline text="News"><outline type="rss" text="A" xmlUrl="https://a.org/f" htmlUrl="https://a.org" language="ru-RU"/>
      <outline text="Deep"><outline title="B" xmlUrl="https://b.org/f"/></outline></outline>
    <outline text="A again" xmlurl="https://A.org/f"/><outline text="no address"/>
    <outline text="" xmlUrl="https://www.c.org/f"/></body></opml>"""
    feeds = read_opml(body)
    assert [(feed.id, feed.name, feed.group, feed.language) for feed in feeds] == [
        ("a-org", "A", "News", "ru"),
        ("b-org", "B", "Deep", ""),
        ("c-org", "www.c.org", "", ""),
    ]


def test_other_readers_are_given_no_page_to_subscribe_to():
    page = Feed("p", "https://e.org/news/", "P", kind=FeedKind.PAGE, selectors=Selectors("ul a"))
    text = write_opml([page], "x", NOW).decode()
    assert "xmlUrl" not in text
    assert 'type="link"' in text
    assert ':links="ul a"' in text
    assert ':kind="page"' in text


def test_a_page_without_its_selector_is_kept_and_not_polled():
    body = b"""<opml xmlns:m="urn:monitor-digest:opml"><body><outline text="P" url="https://e.org/" m:kind="page" m:links="ul..a"/>
    <outline text="Q" type="link" url="https://q.org/"/></body></opml>"""
    [feed] = read_opml(body)
    assert (feed.kind, feed.selectors.links) == (FeedKind.PAGE, "")
    assert "gave no selector" in feed.disabled


@pytest.mark.parametrize("body", [b"", b"not xml", b"<rss/>", b"<opml><body>"])
def test_what_is_no_opml_is_refused(body):
    with pytest.raises(WrongFiles, match="S016"):
        read_opml(body)


def test_all_bad_addresses_are_told_at_once():
    body = (
        b'<opml><body>\n<outline text="A" xmlUrl="file:///etc/passwd"/>\n<outline text="B" xmlUrl="javascript:x"/></body></opml>'
    )
    with pytest.raises(WrongFiles) as caught:
        read_opml(body, name="list.opml")
    assert [str(problem.place) for problem in caught.value.problems] == ["list.opml:2:1", "list.opml:3:1"]
    assert '"A"' in caught.value.problems[0].message


def test_external_entities_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    body = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]><opml><body><outline text="&x;" xmlUrl="https://a.org/"/></body></opml>'
    try:
        assert "secret" not in str(read_opml(body.encode()))
    except WrongFiles as error:
        assert "secret" not in str(error)  # noqa: PT017 - either way is fine, the secret is not


def test_ids_are_readable_and_free():
    assert feed_id_for("https://www.belta.by/rss") == "belta-by"
    second = feed_id_for("https://www.belta.by/rss2", ["belta-by"])
    assert second.startswith("belta-by-")
    assert feed_id_for("https://www.belta.by/rss2", ["belta-by", second]) not in {"belta-by", second}


def test_control_characters_are_left_out():
    feed = Feed("a", "https://a.org/", "x\x00y")
    assert read_opml(write_opml([feed], "t", NOW)) == (replace(feed, name="xy"),)
