"""A store that is away for a while."""

import pytest

from monitor.model.errors import StoreBusy, StoreFailed
from monitor.patience import PAUSES_S, patiently


class Store:
    def __init__(self, failures, error):
        self.failures, self.error, self.calls = failures, error, 0

    def save(self):
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return "saved"


def test_a_call_is_tried_again_until_the_store_is_back():
    store, slept = Store(3, StoreBusy("no answer")), []
    assert patiently(store.save, slept.append) == "saved"
    assert sum(slept) == sum(PAUSES_S[:3])


def test_patience_ends():
    store, slept = Store(99, StoreBusy("no answer")), []
    with pytest.raises(StoreBusy):
        patiently(store.save, slept.append)
    assert store.calls == len(PAUSES_S) + 1
    assert sum(slept) == sum(PAUSES_S) == 308


def test_what_trying_again_cannot_help_is_raised_at_once():
    store = Store(1, StoreFailed("the disk is full"))
    with pytest.raises(StoreFailed, match="full"):
        patiently(store.save, pytest.fail)


def test_a_service_that_ends_does_not_wait():
    with pytest.raises(StoreBusy):
        patiently(Store(1, StoreBusy("no answer")).save, pytest.fail, lambda: True)


def test_a_service_that_is_told_to_end_while_it_waits_does_so_within_a_second():
    store, slept = Store(99, StoreBusy("no answer")), []
    with pytest.raises(StoreBusy):
        patiently(store.save, slept.append, lambda: len(slept) >= 4)
    assert slept == [1.0] * 4
