"""Pairs that share enough are those of all texts at once, however texts come and go."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text.neighbours import Neighbours, ranks_of
from monitor.text.shingles import sharing_pairs

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
