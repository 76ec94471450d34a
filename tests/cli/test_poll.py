"""`monitor poll`: what was fetched, skipped and why."""

from datetime import UTC, datetime, timedelta

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
