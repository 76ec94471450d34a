"""The two jobs over fakes: from a feed to stories, from stories to an edition with its messages and files."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import pipeline
from monitor.digests.due import due_of_week
from monitor.model.delivery import OutboxState, Subscribed, Subscription
from monitor.model.errors import FeedUnreachable
from monitor.model.fetch import PollOutcome
from monitor.store.promises import ArticleQuery

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4


@pytest.fixture
def world(make_world):
    """A week with one matched story, polled on Wednesday; the edition is asked for on the Monday after."""
    made = make_world("north", "south")
    made.article("north", "1", "Minsk and Vilnius agreed on talks", BODY)
    made.fetcher.fail("http://south.example/feed.xml", FeedUnreachable("no route to host"))
    pipeline.poll(made.parts)
    made.clock.advance(timedelta(days=5))
    return made


def publish(world, out, languages=("en", "be"), **how):
    [digest] = world.parts.files.digests
    due = due_of_week(digest, "2019-W10", world.clock())
    return pipeline.publish(world.parts, digest, due, languages, out, **how)


def subscribe(world, address, language="en", state=Subscribed.ACTIVE, digest="weekly"):
    now = world.clock()
    return world.store.subscribe(Subscription(0, digest, address, address, language, state, now, now, "test"))


def test_poll_reports_each_feed_once_and_counts_outcomes(make_world):
    world = make_world("north", "south", "west")
    world.article("north", "1", "Talks agreed", BODY)
    world.fetcher.fail("http://south.example/feed.xml", FeedUnreachable("no route to host"))
    world.feed("west", [])
    told = []
    report = pipeline.poll(world.parts, done=told.append)
    assert sorted(poll.feed.id for poll in report.polls) == ["north", "south", "west"]
    assert sorted(poll.feed.id for poll in told) == ["north", "south", "west"]
    assert {outcome: report.count(outcome) for outcome in PollOutcome} == {
        PollOutcome.FETCHED: 2, PollOutcome.FAILED: 1, PollOutcome.NOT_MODIFIED: 0, PollOutcome.SKIPPED: 0
    }  # fmt: skip
    assert (report.new_articles, report.stories) == (1, 1)


def test_a_bug_at_one_host_does_not_keep_the_others_from_being_stored(make_world):
    world = make_world("north", "south")
    world.article("north", "1", "Talks agreed", BODY)
    world.feed("south", [])

    def done(poll):
        if poll.feed.id == "south":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pipeline.poll(world.parts, done=done)
    assert world.store.count_articles(ArticleQuery()) == 1


def test_an_edition_is_frozen_with_one_message_for_each_active_subscription_in_its_language(world, tmp_path):
    subscribe(world, "ann@example.org")
    subscribe(world, "bella@example.org", "be")
    subscribe(world, "carl@example.org", "ru")
    subscribe(world, "gone@example.org", state=Subscribed.ENDED)
    subscribe(world, "waiting@example.org", state=Subscribed.WAITING)
    subscribe(world, "other@example.org", digest="another")
    report = publish(world, tmp_path)
    assert (report.fresh, report.messages, report.frozen.id) == (True, 3, "weekly/2019-03-11")
    rows = {row.recipient: row for row in world.store.outbox()}
    assert {address: row.language for address, row in rows.items()} == {
        "ann@example.org": "en", "bella@example.org": "be", "carl@example.org": "en"
    }  # fmt: skip
    assert {row.state for row in rows.values()} == {OutboxState.PENDING}
    assert len({row.message_id for row in rows.values()}) == 3


def test_asking_twice_changes_nothing_and_gives_back_what_stands(world, tmp_path):
    subscribe(world, "ann@example.org")
    first = publish(world, tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    subscribe(world, "late@example.org")
    world.clock.advance(timedelta(hours=5))
    world.parts = replace(world.parts, files=replace(world.parts.files, ruleset="another"))
    second = publish(world, tmp_path)
    assert (second.fresh, second.messages) == (False, 0)
    assert second.frozen.frozen_at == first.frozen.frozen_at
    assert [row.recipient for row in world.store.outbox()] == ["ann@example.org"]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


def test_the_files_of_an_edition_lie_where_the_contract_says(world, tmp_path):
    report = publish(world, tmp_path)
    assert report.folders == tuple(tmp_path / "weekly" / "2019-W10" / language for language in ("en", "be"))
    expected = {f"2019-W10/{language}/{name}" for language in ("en", "be")
                for name in ("index.html", "edition.json", "edition.md", "edition.txt", "message.eml")}  # fmt: skip
    expected |= {"feed.en.atom", "feed.be.atom", "2019-W10/stories-talks.png"}
    found = {str(path.relative_to(tmp_path / "weekly")) for path in (tmp_path / "weekly").rglob("*") if path.is_file()}
    assert found == expected
    edition = json.loads((report.folders[0] / "edition.json").read_text(encoding="utf-8"))
    assert edition["window"]["week"] == "2019-W10"
    [item] = [item for section in edition["sections"] for item in section["items"]]
    assert item["rules"] == ["talks"]
    assert [source["source"] for source in item["sources"]] == ["The North"]
    assert [failed["feed"] for failed in edition["coverage"]["failed"]] == ["south"]


def test_a_trial_freezes_nothing_and_fills_no_outbox(world, tmp_path):
    subscribe(world, "ann@example.org")
    report = publish(world, tmp_path, dry_run=True)
    assert (report.fresh, report.messages) == (True, 0)
    assert world.store.editions() == ()
    assert world.store.outbox() == ()
    assert (tmp_path / "weekly" / "2019-W10" / "en" / "message.eml").stat().st_size > 500


def test_a_trial_leaves_earlier_editions_in_the_feed(world, tmp_path):
    publish(world, tmp_path)
    world.clock.advance(timedelta(days=7))
    [digest] = world.parts.files.digests
    pipeline.publish(world.parts, digest, due_of_week(digest, "2019-W11", world.clock()), ("en",), tmp_path, dry_run=True)
    feed = (tmp_path / "weekly" / "feed.en.atom").read_text(encoding="utf-8")
    assert feed.index("2019-W11") < feed.index("2019-W10/")


def test_an_edition_of_another_week_does_not_tell_this_weeks_story(world, tmp_path):
    [digest] = world.parts.files.digests
    report = pipeline.publish(world.parts, digest, due_of_week(digest, "2019-W09", world.clock()), ("en",), tmp_path)
    assert [section.items for section in report.editions["en"].sections] == [()]


def test_articles_read_under_older_rules_are_matched_anew_before_an_edition(world, tmp_path):
    [item] = world.store.articles(ArticleQuery())
    world.store.save_analyses([replace(item.analysis, matches=(), ruleset="older")])
    report = publish(world, tmp_path)
    assert len(report.editions["en"].sections[0].items) == 1


def test_equal_inputs_give_equal_bytes(world, tmp_path):
    for name in ("one", "two"):
        publish(world, tmp_path / name, dry_run=True)
    one, two = (
        {str(path.relative_to(tmp_path / name)): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
