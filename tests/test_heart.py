"""The sign of life of a sender: what it trusts, and whom it takes for gone."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.heart import SILENT_S, TRUST_S, Heart, boot_clock
from monitor.model.errors import StoreBusy

NOW = datetime(2019, 3, 11, tzinfo=UTC)


class Watch:
    """A clock that is set by hand, and the beats that were recorded by it."""

    def __init__(self):
        self.seconds, self.beats, self.away = 100.0, [], False

    def beat(self):
        if self.away:
            raise StoreBusy("gone")
        self.beats.append(self.seconds)

    def heart(self, **changes):
        return Heart(self.beat, clock=lambda: self.seconds, **{"every_s": 3600, **changes})


@pytest.fixture
def watch():
    return Watch()


def test_a_claim_is_trusted_for_a_while_after_each_beat(watch):
    heart = watch.heart()
    heart.beat()
    claimed = watch.seconds
    for _ in range(20):
        watch.seconds += TRUST_S
        assert heart.trusts(claimed)
        heart.beat()
    watch.seconds += TRUST_S + 0.1
    assert not heart.trusts(claimed)
    assert not heart.beats


def test_a_claim_made_before_a_gap_is_never_trusted_again(watch):
    heart = watch.heart()
    heart.beat()
    claimed = watch.seconds
    watch.seconds += SILENT_S
    heart.beat()
    assert heart.beats
    assert not heart.trusts(claimed)
    assert heart.trusts(watch.seconds)


def test_nothing_is_trusted_before_a_beat_was_recorded(watch):
    heart = watch.heart()
    assert not heart.trusts(watch.seconds)
    watch.away = True
    with heart:
        assert not heart.beats
        assert not heart.trusts(watch.seconds)


def test_beats_that_could_not_be_recorded_end_the_trust(watch):
    heart = watch.heart()
    heart.beat()
    claimed, watch.away = watch.seconds, True
    for _ in range(6):
        watch.seconds += 10
        heart.beat()
    assert not heart.trusts(claimed)
    watch.away = False
    heart.beat()
    assert not heart.trusts(claimed), "others may have taken it meanwhile"


@given(st.lists(st.floats(0.0, 120.0), max_size=30))
def test_whoever_trusts_a_claim_has_shown_no_gap_that_others_could_see(waits):
    watch = Watch()
    heart = watch.heart()
    heart.beat()
    claimed = watch.seconds
    for wait in waits:
        watch.seconds += wait
        if heart.trusts(claimed):
            gaps = [after - before for before, after in zip(watch.beats, [*watch.beats[1:], watch.seconds], strict=True)]
            assert max(gaps) < SILENT_S
        heart.beat()


def test_it_beats_by_itself_while_its_block_runs_and_not_after(watch):
    came = threading.Event()

    def beat():
        watch.beat()
        if len(watch.beats) > 2:
            came.set()

    with Heart(beat, clock=lambda: watch.seconds, every_s=0.001):
        assert came.wait(10)
    count = len(watch.beats)
    assert not threading.Event().wait(0.01)
    assert len(watch.beats) == count


def test_another_is_silent_once_its_beat_has_not_changed_for_a_minute(watch):
    heart = watch.heart()
    assert heart.silent({"a": NOW, "b": NOW}) == ()
    watch.seconds += SILENT_S / 2
    assert heart.silent({"a": NOW, "b": NOW - timedelta(days=1), "c": NOW - timedelta(days=400)}) == ()
    watch.seconds += SILENT_S / 2
    assert heart.silent({"a": NOW, "b": NOW - timedelta(days=1), "c": NOW - timedelta(days=400)}) == ("a",)
    watch.seconds += SILENT_S / 2
    assert heart.silent({"b": NOW - timedelta(days=1)}) == ("b",)
    assert heart.silent({}) == ()


def test_the_clock_goes_on():
    assert boot_clock() <= boot_clock()
