"""Pairs that share enough are those of all texts at once, however texts come and go."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text.neighbours import Neighbours, ranks_of, sharing_pairs
from monitor.text.shingles import shingles_of

TEXT = st.frozensets(st.integers(0, 14), max_size=7)
"""Few shingles, so that many texts have each."""


def shingles(text):
    return np.array(sorted(text), dtype=np.uint32)


def pairs(index, ranks, *asked):
    """Pairs in order of rank, as the index gives them."""
    found = [tuple(sorted((one, other), key=lambda n: ranks[n])) for one, others in index.shared(*asked) for other in others]
    assert len(found) == len(set(found))
    return set(found)


def at_once(order, texts, **how):
    return {(order[one], order[other]) for one, other in sharing_pairs([shingles(texts[number]) for number in order], **how)}


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 2))
def test_pairs_after_every_change_are_those_of_all_texts_at_once(data, neighbours, at_least):
    texts = dict(enumerate(data.draw(st.lists(TEXT, min_size=4, max_size=30))))
    order = data.draw(st.permutations(list(texts)))
    how = {"at_least": at_least, "neighbours": neighbours}
    index, inside, known = Neighbours(**how), set(), set()
    for _ in range(data.draw(st.integers(1, 4))):
        gone = data.draw(st.sets(st.sampled_from(sorted(inside)))) if inside else set()
        outside = sorted(set(texts) - inside)
        come = data.draw(st.sets(st.sampled_from(outside))) if outside else set()
        ranks = ranks_of(order)
        shifted = index.remove(gone, ranks) | index.add({number: shingles(texts[number]) for number in come}, ranks)
        inside = inside - gone | come
        shifted -= gone
        known = {(one, other) for one, other in known if not {one, other} & (gone | come) and one not in shifted}
        known |= pairs(index, ranks, come, shifted)
        assert known == at_once([number for number in order if number in inside], texts, **how)


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_pairs_around_a_text_are_all_pairs_with_it(texts, rng):
    texts = dict(enumerate(texts))
    order = rng.sample(list(texts), len(texts))
    index = Neighbours(neighbours=3)
    ranks = ranks_of(order)
    index.add({number: shingles(text) for number, text in texts.items()}, ranks)
    chosen = rng.choice(order)
    assert pairs(index, ranks, [chosen]) == {pair for pair in at_once(order, texts, neighbours=3) if chosen in pair}


def test_ranks_may_move_up_as_texts_leave():
    texts = {0: {1, 2}, 1: {2, 1}, 2: {1, 2, 3}}
    index = Neighbours()
    index.add({number: shingles(text) for number, text in texts.items()}, np.array([0, 7, 9], dtype=np.uint32))
    index.remove([0], np.array([0, 7, 9], dtype=np.uint32))
    index.add({}, np.array([9, 0, 1], dtype=np.uint32))
    assert list(index.shared([2])) == [(2, [1])]


def test_text_that_is_shifted_over_sees_one_more():
    index = Neighbours(neighbours=1, at_least=1)
    ranks = ranks_of([0, 1, 2])
    index.add({number: shingles({5}) for number in range(3)}, ranks)
    assert pairs(index, ranks, [0, 1, 2]) == {(0, 1), (1, 2)}
    assert index.remove([1], ranks) == {0}
    assert pairs(index, ranks, [], [0]) == {(0, 2)}


def test_nothing_shares_nothing():
    index = Neighbours()
    assert index.add({}, ranks_of([])) == set()
    assert list(index.shared([])) == []


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
        patch.setattr("monitor.text.neighbours._PART", at_a_time)
        found = list(sharing_pairs(shingles, at_least=at_least, neighbours=neighbours))
    assert found == pairs_by_hand(shingles, at_least, neighbours)
