"""Binding words: where no line may end, and that nothing but spaces changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.render.typeset import NBSP, bind

BOUND = [
    (
        "Minsk — one of 5 sources",
        "Minsk~— one of 5~sources",
        "a dash stays with the word before it, a number with what it counts",
    ),
    ("On March 6th, 2019", "On March~6th, 2019", "a month stays with its day"),
    ("в 2019 году", "в~2019~году", "a year stays with the word for year"),
    ("Vayar in 2019 and 2020", "Vayar in 2019 and 2020", "a year counts nothing"),
    ("Б. М. Иванов и С. Петров", "Б.~М.~Иванов и~С.~Петров", "initials stay with the name"),
    ("Візіт у Мінск і з Масквы", "Візіт у~Мінск і~з~Масквы", "words of one letter do not end a line"),
    ("В Минске, № 5", "В~Минске, №~5", "at the start too; a sign of number stays with the number"),
    ("balance +1.8, threshold 2.0", "balance +1.8, threshold 2.0", "a figure after a word is no date"),
]


@pytest.mark.parametrize(("text", "bound", "why"), BOUND, ids=[why for *_, why in BOUND])
def test_bind(text, bound, why):
    assert bind(text).replace(NBSP, "~") == bound, why


@given(st.text(alphabet="Аав —–.5М «№zM\u00a0", max_size=30))
def test_only_spaces_change_and_binding_again_changes_nothing(text):
    once = bind(text)
    assert once.replace(NBSP, " ") == text.replace(NBSP, " ")
    assert bind(once) == once
