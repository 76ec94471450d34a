"""Passwords and their hashes."""

import pytest

from monitor.web.workbench.passwords import COST, fits, hashed, nobody, read_editors

CHEAP = (16, 1, 1)


def test_a_password_fits_its_own_hash_and_no_other():
    known = hashed("correct horse battery", CHEAP)
    assert fits("correct horse battery", known)
    assert not fits("correct horse batterie", known)
    assert not fits("", known)


def test_the_same_password_never_has_the_same_hash():
    assert hashed("one", CHEAP) != hashed("one", CHEAP)


def test_a_letter_composed_in_another_way_is_the_same_letter():
    assert fits("cafe\u0301", hashed("caf\u00e9", CHEAP))


def test_a_hash_costs_what_is_advised_and_nobody_costs_as_much():
    assert COST == (32768, 8, 3)
    assert hashed("one").startswith("scrypt$32768$8$3$")
    assert nobody().startswith("scrypt$32768$8$3$")
    assert nobody() is nobody()


def test_editors_are_read_from_lines_or_commas():
    one, other = hashed("one", CHEAP), hashed("other", CHEAP)
    assert read_editors(f"ann:{one},bob:{other}") == read_editors(f"\nann:{one}\n bob:{other}\n") == {"ann": one, "bob": other}
    assert read_editors("") == {}


@pytest.mark.parametrize("known", ["", "scrypt$16$1$1", "md5$x", "scrypt$x$1$1$AAAA$AAAA"])
def test_what_is_no_hash_is_refused(known):
    with pytest.raises(ValueError):
        fits("one", known)
