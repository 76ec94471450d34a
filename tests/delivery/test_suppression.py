"""The suppression list knows addresses by a keyed hash that stays the same whatever becomes of the secret."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.suppression import address_mac, opened_key, suppression_key, wrapped_key

secrets = st.binary(min_size=1, max_size=80)


@given(secrets, secrets)
def test_a_key_is_opened_by_the_secret_that_wrapped_it_and_by_no_other(one, other):
    key = suppression_key(one)
    assert opened_key(wrapped_key(key, one), one) == key
    if one != other:
        assert opened_key(wrapped_key(key, one), other) is None


@given(st.lists(secrets, min_size=2, max_size=5, unique=True))
def test_the_key_survives_any_number_of_rotations(chain):
    key = suppression_key(chain[0])
    wrapped = wrapped_key(key, chain[0])
    for old, new in pairwise(chain):
        opened = opened_key(wrapped, old)
        wrapped = wrapped_key(opened, new)
    assert opened_key(wrapped, chain[-1]) == key


@given(st.text(max_size=90))
def test_what_is_no_wrapped_key_opens_nothing(text):
    assert opened_key(text, b"secret") is None


def test_the_wrapped_key_shows_neither_key_nor_secret():
    key = suppression_key(b"secret")
    assert key.hex() not in wrapped_key(key, b"secret")
    assert key.hex() not in wrapped_key(key, b"another")


def test_case_makes_no_second_person_and_another_key_tells_nothing():
    one, other = suppression_key(b"one"), suppression_key(b"other")
    assert address_mac(one, "Ann@example.org") == address_mac(one, "ann@example.org")
    assert address_mac(one, "ann@example.org") != address_mac(one, "anne@example.org")
    assert address_mac(one, "ann@example.org") != address_mac(other, "ann@example.org")
    assert len(address_mac(one, "аня@example.org")) == 32
