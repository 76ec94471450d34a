"""`monitor poll`: what was fetched, skipped and why."""

import io
import re
from datetime import UTC, datetime, timedelta

from rich.console import Console

from monitor.cli.poll_events import _region
from monitor.model.feed import Feed, FeedState
from monitor.model.fetch import FeedPoll, PollOutcome

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


def test_a_pass_tells_each_feed_with_its_reason(desk):
    done = desk.run("poll", "--once")
    assert "gazette  fetched" in done.stdout
    assert "1 feed: 1 fetched; 2 new articles, 1 story of late" in done.stdout
    again = desk.run("poll", "--once")
    assert "1 feed: 1 skipped; 0 new articles" in again.stdout
    assert "gazette" not in again.stdout.splitlines()[0]
    assert "due at" in desk.run("poll", "--verbose").stdout


def test_a_feed_that_is_named_and_not_due_is_shown_with_the_reason(desk):
    desk.run("poll")
    assert "due at" in desk.run("poll", "gazette").stdout


def test_an_unchanged_feed_is_not_modified(desk):
    desk.run("poll")
    desk.server._scripts["/feed.xml"].clear()
    desk.server.reply("/feed.xml", status=304, headers={"ETag": '"1"'})
    done = desk.at(NOW + timedelta(hours=2))("poll")
    assert "1 not modified" in done.stdout
    asked = [request for request in desk.server.requests if request.target == "/feed.xml"]
    assert [request.headers.get("if-none-match") for request in asked] == [None, b'"1"']


def test_json_has_one_object_a_feed_with_outcome_and_state(desk):
    [poll] = desk.lines("poll", "--once")
    assert (poll["id"], poll["outcome"], poll["state"], poll["new"], poll["entries"], poll["last_status"]) == (
        "gazette", "fetched", "healthy", 2, 2, 200
    )  # fmt: skip
    assert poll["last_fetch_at"] == "2019-03-06T09:00:00Z"
    assert poll["next_fetch_at"] > "2019-03-06T10:00:00Z"


def test_a_failing_feed_is_no_failure_of_the_command(desk):
    desk.server._scripts["/feed.xml"].clear()
    [poll] = desk.lines("poll", "--once")
    assert (poll["outcome"], poll["failures"], poll["last_status"]) == ("failed", 1, 404)


def test_private_addresses_are_refused_unless_allowed(desk):
    desk.run = desk.at(NOW, MONITOR_FETCH__ALLOW_PRIVATE="")
    [poll] = desk.lines("poll")
    assert poll["outcome"] == "failed"
    assert "loopback" in poll["reason"]
    assert desk.server.requests == []


def test_events_come_as_lines_where_no_terminal_is(desk):
    lines = desk.run("poll").stdout.splitlines()
    assert lines[0].startswith("gazette  fetched       2 new: 2 entries read")
    assert lines[-1].startswith("1 feed: 1 fetched")


def test_on_a_terminal_one_region_counts_feeds_articles_and_failures():
    stream = io.StringIO()
    feed = Feed("gazette", "http://gazette.example/f", "Gazette")
    with _region(Console(file=stream, width=80, force_terminal=True, highlight=False), 2) as region:
        region.done(FeedPoll(feed, PollOutcome.FETCHED, "", FeedState("gazette"), NOW, new_articles=3))
        region.done(FeedPoll(feed, PollOutcome.FAILED, "", FeedState("gazette"), NOW))
    last = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", stream.getvalue())
    assert "2/2 feeds 3 new  1 failed" in last
    assert all(len(line) <= 80 for line in re.split(r"[\r\n]", last))
