"""Token buckets: the arithmetic, and keeping them over restarts and between those who draw at once."""

import threading
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.pace import Bucket, Pace, draw

NOW = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_new_bucket_is_full():
    assert draw(None, Pace(1, burst=3), NOW) == (Bucket(2, NOW), 0)


def test_an_empty_bucket_says_how_long_to_wait():
    bucket, wait = draw(Bucket(0.5, NOW), Pace(0.1, burst=3), NOW)
    assert wait == 5
    assert draw(bucket, Pace(0.1, burst=3), NOW + timedelta(seconds=5))[1] == 0


def test_a_clock_that_went_back_gives_nothing():
    assert draw(Bucket(0, NOW), Pace(1), NOW - timedelta(hours=1))[1] == 1


def test_many_are_taken_together_or_not_at_all():
    bucket, wait = draw(Bucket(2.5, NOW), Pace(0.5, burst=4), NOW, 3)
    assert (bucket.level, wait) == (2.5, 1)
    assert draw(bucket, Pace(0.5, burst=4), NOW + timedelta(seconds=1), 3) == (Bucket(0, NOW + timedelta(seconds=1)), 0)


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(1, 5)), max_size=60), st.floats(0.1, 5), st.integers(1, 5))
def test_never_more_than_burst_and_rate_allow(gaps, per_s, burst):
    pace, bucket, now, taken = Pace(per_s, burst), None, NOW, 0
    for gap, many in gaps:
        now += timedelta(seconds=gap)
        bucket, wait = draw(bucket, pace, now, min(many, burst))
        taken += min(many, burst) if wait == 0 else 0
    assert taken <= burst + (now - NOW).total_seconds() * per_s + 1e-3


def test_buckets_are_kept_by_name(store):
    pace = Pace(0.1, burst=2)
    assert [store.draw("relay", pace, NOW) for _ in range(3)] == [0, 0, 10]
    assert [store.draw("login", pace, NOW, 2) for _ in range(2)] == [0, 20]
    assert store.draw("domain/example.org", pace, NOW) == 0
    assert store.draw("relay", pace, NOW + timedelta(seconds=10)) == 0


def test_old_buckets_are_forgotten(store):
    store.draw("old", Pace(1), NOW)
    store.draw("new", Pace(1), NOW + timedelta(days=1))
    assert store.forget_paces(NOW + timedelta(hours=1)) == 1


def test_those_who_draw_at_once_get_no_more_than_there_is(shared):
    waits = []

    def take():
        store = shared.again()
        waits.extend(store.draw("relay", Pace(0.001, burst=10), NOW) for _ in range(8))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(waits), waits.count(0)) == (32, 10)
