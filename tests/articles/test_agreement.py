"""Agreement of texts: its bounds, and the text that most support."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.agreement import agreement, most_agreed

TEXT = "the two harbour towns agreed on tuesday to share their ice breakers next winter"
MENU = "home world money sport weather contact archive letters"


@given(st.text(max_size=80), st.text(max_size=80))
def test_agreement_is_the_same_both_ways_and_within_bounds(one, other):
    assert agreement(one, other) == agreement(other, one)
    assert 0 <= agreement(one, other) <= 1


def test_a_text_agrees_with_itself_and_not_with_an_empty_or_foreign_one():
    assert agreement(TEXT, TEXT) == 1
    assert agreement(TEXT, MENU) == agreement(TEXT, "") == agreement("", "") == 0


def test_agreement_counts_runs_of_four_words_dice_s_way():
    assert agreement("a b c d e", "a b c d x") == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("texts", "place", "why"),
    [
        ([f"{MENU} {TEXT}", TEXT, TEXT, "they met"], 1, "two that say the same outvote the first"),
        ([TEXT, TEXT, f"{TEXT} {MENU}"], 0, "of equals the first"),
        (["", TEXT, ""], 1, "an empty text is no opinion"),
        (["", ""], 0, "nothing to choose"),
    ],
)
def test_the_text_that_the_others_support_most_is_chosen(texts, place, why):
    assert most_agreed(texts) == place, why
