"""Whose turn it is."""

import threading
from itertools import permutations

import pytest

from monitor.feeds.turns import HostTurns, Turn


class FakeTime:
    def __init__(self):
        self.now = 100.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def turns(delay_s=5.0):
    clock = FakeTime()
    return HostTurns(delay_s, clock.monotonic, clock.sleep), clock


def test_starts_are_spaced_by_name_and_by_address():
    shared, clock = turns()
    first, second, third = Turn(shared), Turn(shared), Turn(shared)
    assert first.move_to(("a.org", "192.0.2.1")) == 0
    first.close()
    clock.now += 1
    assert second.move_to(("b.org", "192.0.2.1")) == 4  # another name at the same address
    second.close()
    assert third.move_to(("c.org", "192.0.2.2")) == 0
    third.close()
    assert clock.slept == [4]


def test_what_is_held_is_not_waited_for():
    shared, clock = turns()
    turn = Turn(shared)
    turn.move_to(("a.org", "192.0.2.1"))
    assert turn.move_to(("a.org", "192.0.2.1")) == 0
    assert turn.move_to(("a.org", "192.0.2.2")) == 0
    turn.move_to(("b.org", "192.0.2.2"))
    turn.close()
    assert clock.slept == [5.0]  # 192.0.2.2 was given back with a.org, and taken anew
    for key in ("a.org", "b.org", "192.0.2.1", "192.0.2.2"):
        assert not shared.gate(key).lock.locked()


def test_a_sleep_that_is_broken_off_gives_the_turn_back():
    def interrupted(_):
        raise KeyboardInterrupt

    shared = HostTurns(5.0, lambda: 0.0, interrupted)
    shared.enter("a")
    shared.leave("a")
    with pytest.raises(KeyboardInterrupt):
        shared.enter("a")
    assert not shared.gate("a").lock.locked()


def test_fetches_that_cross_each_other_never_lock_up():
    shared = HostTurns(0.0, lambda: 0.0, lambda _: None)
    places = [(name, address) for name in ("a", "b") for address in ("1", "2")]

    def wander(path):
        for _ in range(20):
            turn = Turn(shared)
            for place in path:
                turn.move_to(place)
            turn.close()

    threads = [threading.Thread(target=wander, args=(path,), daemon=True) for path in permutations(places, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
