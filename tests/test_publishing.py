"""The steps of publishing: which articles an edition rests on, what it counts, and to whom it goes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import pipeline, publishing
from monitor.digests.due import Due, due_of_week, week_window
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.edition import UNSUBSCRIBE_TOKEN, Verdict
from monitor.model.story import ThreadedStory
from monitor.store.promises import ArticleQuery

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4
PLAIN = "The harvest ended early this year, the ministry said after a long summer without rain in the south.\n" * 4
WEEK = timedelta(weeks=1)


@pytest.fixture
def world(make_world):
    """Four articles polled on Wednesday of 2019-W10: one of the week, one without a match, one of the month before, one years old."""
    made = make_world("north")
    now = made.clock()
    made.feed(
        "north",
        [
            (made.page("north", "1", "Talks agreed", BODY), "Talks agreed", now - timedelta(days=1)),
            (made.page("north", "2", "Harvest ends", PLAIN), "Harvest ends", now - timedelta(days=1)),
            (
                made.page("north", "3", "Talks planned", BODY.replace("agreed", "decided")),
                "Talks planned",
                now - timedelta(days=12),
            ),
            (made.page("north", "4", "Talks of old", BODY.replace("bridge", "canal")), "Talks of old", now - timedelta(days=900)),
        ],
    )
    pipeline.poll(made.parts)
    made.clock.advance(timedelta(days=5))
    return made


def due_by_publication(world):
    [digest] = world.parts.files.digests
    return digest, due_of_week(digest, "2019-W10", world.clock())


def due_by_schedule(world):
    digest, due = due_by_publication(world)
    window = replace(due.window, start=due.due_at - WEEK, end=due.due_at, by_publication=False)
    return digest, Due(due.key, due.due_at, window, "due")


def titles(stories):
    return sorted(item.article.title for story in stories for item in story.articles)


def test_a_past_week_rests_on_what_was_published_in_it(world):
    inputs = publishing.gather(world.parts, *due_by_publication(world))
    assert titles(inputs.stories) == ["Talks agreed"]
    assert titles(inputs.earlier) == ["Talks planned"]


def test_a_scheduled_edition_rests_on_what_was_first_seen_but_for_the_backlog(world):
    inputs = publishing.gather(world.parts, *due_by_schedule(world))
    assert titles(inputs.stories) == ["Talks agreed", "Talks planned"]
    assert inputs.earlier == ()


def test_counts_are_of_the_window_and_its_rules(world):
    counts = publishing.gather(world.parts, *due_by_publication(world)).counts
    assert (counts.articles_read, counts.articles_matched, counts.without_text) == (2, 1, 0)
    assert counts.by_language == {"en": 2}
    assert counts.by_stance == {"independent": 2}


def test_matches_of_rules_that_no_section_asks_for_are_left_out(world):
    digest, due = due_by_publication(world)
    other = replace(digest, sections=tuple(replace(section, rules=("another",)) for section in digest.sections))
    inputs = publishing.gather(world.parts, other, due)
    assert inputs.stories == ()
    assert inputs.counts.articles_matched == 0


def test_history_counts_stories_week_by_week_this_one_last(world):
    inputs = publishing.gather(world.parts, *due_by_publication(world))
    assert inputs.history == {"talks": (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1)}


def test_editions_of_the_last_weeks_stand_beside_the_history_with_their_status(world, tmp_path):
    digest, due = due_by_publication(world)
    for week in ("2019-W08", "2018-W40"):
        pipeline.publish(world.parts, digest, due_of_week(digest, week, world.clock()), ("en",), tmp_path)
    inputs = publishing.gather(world.parts, digest, due)
    assert inputs.past == {"talks": (*(None,) * 9, Verdict.UNCHANGED, None)}
    assert len(inputs.past["talks"]) == len(inputs.history["talks"]) - 1


def test_the_edition_knows_the_state_of_every_feed(world):
    inputs = publishing.gather(world.parts, *due_by_publication(world))
    assert [(feed.id, state.entries) for feed, state in inputs.feeds] == [("north", 4)]


def test_rests_on_reaches_back_for_background(world):
    window = week_window("2019-W10", "Europe/Minsk", world.clock())
    query = publishing.rests_on(window)
    assert query.published_from == window.start - publishing.EARLIER
    assert query.published_until == window.end
    assert not query.matched_only


def test_a_frozen_edition_holds_all_languages_and_a_hash_of_what_it_prints(world):
    inputs = publishing.gather(world.parts, *due_by_publication(world))
    composed = publishing.compose(inputs, ("en", "be"))
    frozen = publishing.freeze(composed, frozen_at=world.clock())
    assert list(frozen.renditions) == ["en", "be"]
    assert (frozen.id, frozen.week, frozen.number) == ("weekly/2019-03-11", "2019-W10", 10)
    assert frozen.renditions["en"].mail_html.count(UNSUBSCRIBE_TOKEN) >= 1
    assert UNSUBSCRIBE_TOKEN not in frozen.renditions["en"].html
    again = publishing.freeze(publishing.compose(inputs, ("en", "be")), frozen_at=world.clock() + WEEK)
    assert again.inputs_hash == frozen.inputs_hash
    english = publishing.freeze(publishing.compose(inputs, ("en",)), frozen_at=world.clock())
    assert english.inputs_hash != frozen.inputs_hash


def test_a_message_is_in_the_subscribers_language_or_the_digests_first(world):
    digest, due = due_by_publication(world)
    frozen = publishing.freeze(
        publishing.compose(publishing.gather(world.parts, digest, due), ("en", "be")), frozen_at=world.clock()
    )
    now = world.clock()
    languages = {}
    for number, wanted in enumerate(("be", "en", "ru"), start=1):
        reader = Subscription(
            number, digest.id, f"r{number}@example.org", f"r{number}@example.org", wanted, Subscribed.ACTIVE, now, now
        )
        message = publishing.write_message(world.parts, frozen, digest, reader)
        languages[wanted] = message.language
        assert b"{{" not in message.body
    assert languages == {"be": "be", "en": "en", "ru": "en"}


def test_the_sample_message_is_addressed_to_nobody_who_exists(world):
    digest, due = due_by_publication(world)
    frozen = publishing.freeze(publishing.compose(publishing.gather(world.parts, digest, due), ("en",)), frozen_at=world.clock())
    sample = publishing.sample_message(world.parts, frozen, digest, "en")
    assert sample.recipient == publishing.SAMPLE_ADDRESS
    assert world.store.count_articles(ArticleQuery()) == 4


def test_an_edition_keeps_the_threads_of_its_stories_and_a_trial_run_keeps_none(world, tmp_path):
    digest, due = due_by_publication(world)
    pipeline.publish(world.parts, digest, due, ("en",), tmp_path, dry_run=True)
    inputs = publishing.gather(world.parts, digest, due)
    listed = (*inputs.earlier, *inputs.stories)
    assert all(story.thread and story.thread_reason for story in listed)
    assert world.store.threads([story.id for story in listed]) == {}
    pipeline.publish(world.parts, digest, due, ("en",), tmp_path)
    assert world.store.threads([story.id for story in listed]) == {story.id: story.thread for story in listed}
    [planned] = inputs.earlier
    [row] = [row for row in world.store.thread(planned.thread) if row.story == planned.id]
    first = planned.articles[0].article
    assert (row.title, row.article, row.began) == ("Talks planned", first.id, first.published)


def test_a_thread_once_kept_goes_on_under_its_id(world, tmp_path):
    digest, due = due_by_publication(world)
    [planned] = publishing.gather(world.parts, digest, due).earlier
    first = planned.articles[0].article
    world.store.save_threads([ThreadedStory(planned.id, "t-old", first.published, first.id, first.title, "kept")])
    assert [story.thread for story in publishing.gather(world.parts, digest, due).earlier] == ["t-old"]
