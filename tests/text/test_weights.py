"""Weights of pairs, what connects them, and what many sets have."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from monitor.text.weights import Weights, frequent

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]), st.sampled_from([0.1, 0.5, 0.9])
)
NUMBERS = st.sets(st.integers(0, 11))


def weights_of(pairs):
    made = Weights()
    made.add((*pair, value) for pair, value in pairs.items())
    return made


def chains_by_hand(pairs, least):
    """The chain of each number, by joining sets."""
    chain = {number: {number} for number in range(12)}
    for (one, other), value in pairs.items():
        if value >= least and chain[one] is not chain[other]:
            chain[one] |= chain[other]
            chain.update(dict.fromkeys(chain[one], chain[one]))
    return chain


@given(PAIRS, NUMBERS)
def test_chains_are_what_heavy_pairs_connect_with_all_weights_inside(pairs, around):
    wanted = {frozenset(chain) for number, chain in chains_by_hand(pairs, 0.5).items() if number in around}
    found = list(weights_of(pairs).chains(0.5, around))
    assert {frozenset(numbers) for numbers, _ in found} == wanted
    assert len(found) == len(wanted)
    for numbers, inside in found:
        assert numbers == sorted(numbers)
        assert {(one, other): value for one, other, value in inside} == {
            pair: value for pair, value in pairs.items() if set(pair) <= set(numbers)
        }


@given(PAIRS, NUMBERS, NUMBERS)
def test_pairs_that_are_dropped_are_gone_and_their_ends_told(pairs, ends, firsts):
    weights = weights_of(pairs)
    lost = {pair for pair in pairs if set(pair) & ends or pair[0] in firsts}
    assert weights.drop(ends, firsts) == {number for pair in lost for number in pair}
    assert len(weights) == len(pairs) - len(lost)
    assert weights.drop(ends, firsts) == set()


def test_what_is_added_tells_its_ends():
    weights = Weights()
    assert weights.add([(1, 4, 0.5), (1, 2, 0.25)]) == {1, 2, 4}
    assert weights.add([]) == set()
    assert list(weights.chains(0.5, [])) == []


@given(st.lists(st.sets(st.integers(0, 9).map(lambda number: number << 60))), st.integers(1, 3))
def test_frequent_numbers_are_those_that_enough_sets_have(sets, least):
    found = frequent([array("Q", sorted(one)) for one in sets], least)
    assert found == {number for one in sets for number in one if sum(number in other for other in sets) >= least}
