"""Vectors of hashed keys measure what the definitions say, the same in every run and either way round."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.vectors import (
    cosine,
    cosines,
    cosines_with_part,
    heaviest,
    key_of,
    marked,
    of_kinds,
    rarity_of,
    together,
    vector_of,
    weighed,
)

WEIGHTS = st.dictionaries(st.tuples(st.integers(0, 7), st.sampled_from("abcdefghij")), st.floats(0.1, 9.0), max_size=12)


def made(weights):
    return vector_of({key_of(kind, word): weight for (kind, word), weight in weights.items()})


def unit(weights):
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {key: weight / length for key, weight in weights.items()}


@given(WEIGHTS, st.lists(WEIGHTS, max_size=5))
def test_cosines_are_those_of_the_definition(one, others):
    found = cosines(made(unit(one)), [made(unit(other)) for other in others])
    wanted = [sum(weight * unit(other).get(key, 0.0) for key, weight in unit(one).items()) for other in others]
    assert found == pytest.approx(wanted, abs=1e-6)


@given(WEIGHTS, WEIGHTS)
def test_cosine_is_the_same_either_way_round_to_the_last_bit(one, other):
    assert cosine(made(unit(one)), made(unit(other))) == cosine(made(unit(other)), made(unit(one)))


@given(WEIGHTS, WEIGHTS)
def test_kinds_of_a_cosine_add_up_to_it(one, other):
    first, second = made(unit(one)), made(unit(other))
    parts = [cosines_with_part(first, [second], kind)[1][0] for kind in range(8)]
    assert sum(parts) == pytest.approx(cosine(first, second), abs=1e-9)
    assert parts[3] == pytest.approx(cosine(of_kinds(first, [3]), second), abs=1e-12)


@given(st.lists(WEIGHTS, min_size=1, max_size=6))
def test_rarity_is_inverse_document_frequency(texts):
    vectors = [made(text) for text in texts]
    frequency = Counter(key for text in texts for key in text)
    for text, vector in zip(texts, vectors, strict=True):
        wanted = unit({key: weight * math.log(61 / (frequency[key] + 0.5)) for key, weight in text.items()}) if text else {}
        found = weighed(vector, rarity_of(vectors, prior=60))
        assert {key: found.weight(key_of(*key)) for key in wanted} == pytest.approx(wanted, rel=1e-5)


def test_keys_do_not_depend_on_the_process_and_carry_their_kind():
    assert key_of(5, "harbour") == 1596420997
    assert {key_of(kind, "harbour") % 8 for kind in range(8)} == set(range(8))


def test_heaviest_of_equal_weights_are_the_lower_keys():
    vector = vector_of({8: 1.0, 16: 2.0, 24: 1.0, 32: 1.0})
    assert heaviest(vector, 3).tolist() == [16, 8, 24]


def test_marks_part_what_one_key_would_join():
    keys = vector_of({8: 1.0, 16: 1.0}).keys
    assert not set(marked(keys, "en").tolist()) & set(marked(keys, "ru").tolist())
    assert together(keys, keys).tolist() == [8, 16]


def test_nothing_is_like_nothing():
    empty = vector_of({})
    assert (cosine(empty, empty), cosines(empty, []), len(weighed(empty, rarity_of([], prior=60)))) == (0.0, [], 0)
    assert vector_of({8: 1.0}).weight(16) == 0.0
