"""Requests of mail providers wait, the oldest first, until they are worked off."""

from datetime import timedelta

from monitor.model.hook import HookBody

ONE, TWO = HookBody("k1", "postmark", b'{"a": "\xd1\x8f"}'), HookBody("k2", "mailgun", b"[]")


def test_a_request_waits_until_it_is_dropped(store, make):
    assert store.keep_hook(ONE, make.now)
    assert store.waiting_hooks(10) == (ONE,)
    store.drop_hook("k1")
    assert store.waiting_hooks(10) == ()
    store.drop_hook("k1")


def test_the_oldest_comes_first_and_no_more_than_asked(store, make):
    store.keep_hook(TWO, make.now)
    store.keep_hook(ONE, make.now - timedelta(seconds=1))
    assert store.waiting_hooks(10) == (ONE, TWO)
    assert store.waiting_hooks(1) == (ONE,)


def test_what_is_sent_twice_waits_once_and_may_come_again_later(store, make):
    assert store.keep_hook(ONE, make.now)
    assert not store.keep_hook(ONE, make.now)
    store.drop_hook("k1")
    assert store.keep_hook(ONE, make.now)
