"""Shingles measure what texts share, the same in every run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.shingles import (
    containment,
    cosine_in_place,
    placed_words,
    rarity_of,
    shared,
    shingles_of,
    spread_in_place,
    weighted_containment,
    without,
    word_set,
)

WORDS = st.lists(st.sampled_from([f"w{number}" for number in range(40)]), max_size=120)


def runs(words, size=3):
    size = min(size, len(words))
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)} if words else set()


@given(WORDS, WORDS)
def test_shared_counts_the_common_runs_of_words(one, other):
    if min(len(one), len(other)) >= 3 or not one or not other:
        assert shared(shingles_of(one), shingles_of(other)) == len(runs(one) & runs(other))


@given(WORDS, WORDS)
def test_containment_is_symmetric_and_between_none_and_all(one, other):
    first, second = shingles_of(one), shingles_of(other)
    assert 0.0 <= containment(first, second) == containment(second, first) <= 1.0


@given(WORDS)
def test_a_text_contains_itself(words):
    assert containment(shingles_of(words), shingles_of(words)) == (1.0 if words else 0.0)


def test_a_part_is_contained_whole():
    words = [f"word{number}" for number in range(200)]
    assert containment(shingles_of(words), shingles_of(words[50:90])) == 1.0


def test_hashes_do_not_depend_on_the_process():
    assert shingles_of(["the", "ministers", "met"]).tolist() == [2543585967]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_short_text_is_one_run(size):
    assert len(shingles_of(["a"], size)) == 1


def test_rare_words_in_common_weigh_more_than_frequent_ones():
    texts = [word_set(["the", "of", f"own{number}"]) for number in range(80)]
    one, other, third = (placed_words(text.split()) for text in ("the of harbour", "a it harbour", "the of bakers"))
    rarity = rarity_of([*texts, *(words for words, _ in (one, other, third))])
    assert cosine_in_place(one, other, rarity) > 0.4 > 0.1 > cosine_in_place(one, third, rarity) > 0
    assert weighted_containment(one[0], other[0], rarity) > 0.4 > 0.1 > weighted_containment(one[0], third[0], rarity) > 0


@given(WORDS, WORDS, st.sampled_from([0.0, 0.1, 1.0]))
def test_cosine_in_place_lies_between_0_and_1_and_is_symmetric(one, other, within):
    first, second = placed_words(one), placed_words(other)
    rarity = rarity_of([first[0], second[0]])
    value = cosine_in_place(first, second, rarity, within=within)
    assert 0 <= value <= 1 + 1e-9
    assert value == cosine_in_place(second, first, rarity, within=within)
    assert value <= cosine_in_place(first, second, rarity) + 1e-9
    if one:
        assert cosine_in_place(first, first, rarity, within=within) == pytest.approx(1)


@given(WORDS, WORDS)
def test_weighted_containment_is_whole_in_itself_and_none_in_nothing(one, other):
    first, second = word_set(one), word_set(other)
    rarity = rarity_of([first, second])
    assert 0 <= weighted_containment(first, second, rarity) <= 1 + 1e-9
    assert weighted_containment(first, word_set([*one, *other]), rarity) == pytest.approx(1 if one else 0)
    assert weighted_containment(first, word_set([]), rarity) == 0.0


def test_words_count_where_they_first_stand():
    told = [f"w{number}" for number in range(100)]
    rarity = rarity_of([word_set(told)])
    in_order, backwards = placed_words(told), placed_words(told[::-1])
    assert cosine_in_place(in_order, placed_words([*told[:96], *told]), rarity, within=0.1) < 0.5
    assert cosine_in_place(in_order, placed_words(["own", *told[:50], "other", *told[50:]]), rarity, within=0.1) > 0.95
    assert cosine_in_place(in_order, backwards, rarity, within=0.1) < 0.15
    assert cosine_in_place(in_order, backwards, rarity) == pytest.approx(1)


def test_what_two_texts_share_is_told_by_parts_of_the_first():
    told = [f"w{number}" for number in range(80)]
    rarity = rarity_of([word_set(told)])
    quoted = placed_words([*(f"own{number}" for number in range(60)), *told[60:]])
    assert spread_in_place(placed_words(told), quoted, rarity, within=0.1) == pytest.approx((0, 0, 0, 1), abs=0.06)
    assert spread_in_place(placed_words(told), placed_words(told), rarity) == pytest.approx((1, 1, 1, 1))
    assert spread_in_place(placed_words([]), quoted, rarity) == (0, 0, 0, 0)
    assert spread_in_place(quoted, placed_words([]), rarity) == (0, 0, 0, 0)


@given(WORDS, WORDS)
def test_words_left_out_take_their_places_along(one, other):
    words, places = placed_words(one)
    left, at = without((words, places), word_set(other))
    assert left.tolist() == [word for word in words.tolist() if word not in set(word_set(other).tolist())]
    assert (
        dict(zip(left.tolist(), at.tolist(), strict=True)).items()
        <= dict(zip(words.tolist(), places.tolist(), strict=True)).items()
    )


def test_no_words_are_like_nothing():
    rarity = rarity_of([])
    assert cosine_in_place(placed_words([]), placed_words(["a"]), rarity) == 0.0
