"""Shingles measure what texts share, the same in every run."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.shingles import containment, rarity_of, shared, sharing_pairs, shingles_of, weighted_cosine, word_set

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
    one, other, third = word_set(["the", "of", "harbour"]), word_set(["a", "it", "harbour"]), word_set(["the", "of", "bakers"])
    rarity = rarity_of([*texts, one, other, third])
    assert weighted_cosine(one, other, rarity) > 0.4 > 0.1 > weighted_cosine(one, third, rarity) > 0


@given(WORDS, WORDS)
def test_weighted_cosine_lies_between_0_and_1_and_is_symmetric(one, other):
    first, second = word_set(one), word_set(other)
    rarity = rarity_of([first, second])
    value = weighted_cosine(first, second, rarity)
    assert 0 <= value <= 1 + 1e-9
    assert value == weighted_cosine(second, first, rarity)
    if one:
        assert weighted_cosine(first, first, rarity) == pytest.approx(1)


def test_no_words_are_like_nothing():
    rarity = rarity_of([])
    assert weighted_cosine(word_set([]), word_set(["a"]), rarity) == 0.0


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
