"""Shingles measure what texts share, the same in every run."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.shingles import (
    containment,
    cosine_in_place,
    placed_words,
    rarity_of,
    shared,
    sharing_pairs,
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


def test_pairs_that_share_are_found_and_strangers_are_not():
    texts = [[f"{name}{number}" for number in range(150)] for name in "abc"]
    texts.append([*texts[0][:100], "x", "y"])
    assert list(sharing_pairs([shingles_of(text) for text in texts])) == [(0, 3)]


def test_short_teaser_of_a_long_text_is_found():
    long = [f"w{number}" for number in range(2000)]
    assert list(sharing_pairs([shingles_of(long), shingles_of(long[:60])])) == [(0, 1)]


def test_family_of_a_hundred_copies_stays_connected():
    words = [f"w{number}" for number in range(300)]
    family = [shingles_of([*words, f"own{number}"]) for number in range(100)]
    reached = {0}
    for one, other in sharing_pairs(family):
        if one in reached:
            reached.add(other)
    assert reached == set(range(100))


def test_no_texts_give_no_pairs():
    assert list(sharing_pairs([])) == []
    assert list(sharing_pairs([shingles_of([]), shingles_of([])])) == []


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


TEXTS = st.lists(st.lists(st.sampled_from([f"w{number}" for number in range(12)]), max_size=90), max_size=14)


def pairs_by_hand(texts, at_least, neighbours):
    """The definition, one shingle after the other."""
    looked_at = [[key for key in text.tolist() if len(text) < 64 or key % 4 == 0] for text in texts]
    owners = {}
    for place, keys in enumerate(looked_at):
        for key in keys:
            owners.setdefault(key, []).append(place)
    times = Counter(
        (one, other)
        for places in owners.values()
        for start, one in enumerate(places)
        for other in places[start + 1 : start + 1 + neighbours]
    )
    return sorted(
        pair for pair, count in times.items() if count >= at_least or min(len(texts[pair[0]]), len(texts[pair[1]])) < 16
    )


@given(TEXTS, st.integers(1, 3), st.sampled_from([1, 2, 12]), st.sampled_from([1, 2, 7, 1 << 20]))
def test_pairs_are_the_same_however_many_are_counted_at_a_time(texts, at_least, neighbours, at_a_time):
    shingles = [shingles_of(text, 1 + place % 2) for place, text in enumerate(texts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.text.shingles._PAIRS", at_a_time)
        found = list(sharing_pairs(shingles, at_least=at_least, neighbours=neighbours))
    assert found == pairs_by_hand(shingles, at_least, neighbours)
