"""What every store promises of threads: what was decided stands, and a thread lists its stories, oldest first."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.model.errors import Invariant
from monitor.model.story import ThreadedStory

AT = datetime(2019, 3, 11, 5, tzinfo=UTC)


def step(story, thread="t1", days=0, **changes):
    return ThreadedStory(
        **{"story": story, "thread": thread, "began": AT + timedelta(days=days), "article": f"a-{story}", "title": f"«{story}»"}
        | {"reason": "both name Kask"}
        | changes
    )


def test_a_thread_lists_its_stories_oldest_first(store):
    late, early, other = step("s3", days=30), step("s1"), step("s2", "t2", days=3)
    store.save_threads([late, other, early])
    assert store.thread("t1") == (early, late)
    assert store.thread("t2") == (other,)
    assert store.thread("none") == ()


def test_stories_are_asked_for_their_threads(store):
    store.save_threads([step("s1"), step("s2", "t2")])
    assert store.threads(["s1", "s2", "s9"]) == {"s1": "t1", "s2": "t2"}
    assert store.threads([]) == {}


def test_what_was_decided_stands(store):
    first = step("s1")
    store.save_threads([first])
    store.save_threads([step("s1", "t9", days=4, title="Another"), step("s2")])
    assert store.thread("t1") == (first, step("s2"))
    assert store.thread("t9") == ()


def test_a_story_given_twice_is_kept_as_it_came_first(store):
    store.save_threads([step("s1"), step("s1", "t2")])
    assert store.threads(["s1"]) == {"s1": "t1"}


def test_no_stories_are_kept_without_complaint(store):
    store.save_threads([])
    assert store.thread("t1") == ()


def test_a_time_in_another_zone_is_given_back_in_utc(store):
    store.save_threads([step("s1", began=AT.astimezone(timezone(timedelta(hours=3))))])
    assert store.thread("t1")[0].began == AT
    assert store.thread("t1")[0].began.tzinfo is UTC


def test_a_time_without_zone_is_refused_and_nothing_is_kept(store):
    with pytest.raises(Invariant, match="without zone"):
        store.save_threads([step("s2"), step("s1", began=datetime(2019, 3, 11))])
    assert store.threads(["s1", "s2"]) == {}
