"""Average link merges by the mean over pairs, and always the same way."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.linkage import average_link


def test_chain_of_likenesses_does_not_glue_its_ends():
    assert average_link(3, [(0, 1, 0.9), (1, 2, 0.9)], 0.5) == ((0, 1), (2,))


def test_third_item_joins_by_its_mean():
    assert average_link(3, [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.4)], 0.5) == ((0, 1, 2),)


def test_nothing_alike_stays_apart():
    assert average_link(3, [], 0.2) == ((0,), (1,), (2,))


PAIRS = st.dictionaries(st.sampled_from(list(combinations(range(7), 2))), st.floats(0.0, 1.0, allow_nan=False), max_size=21)


def triples(similarities):
    return [(one, other, value) for (one, other), value in similarities.items()]


def naive(size, similarities, threshold):
    """The definition, written down."""
    clusters = [(item,) for item in range(size)]

    def mean(one, other):
        return sum(similarities.get((min(a, b), max(a, b)), 0.0) for a in one for b in other) / (len(one) * len(other))

    while len(clusters) > 1:
        best = max(combinations(clusters, 2), key=lambda pair: mean(*pair))
        if mean(*best) < threshold:
            break
        clusters = [cluster for cluster in clusters if cluster not in best] + [tuple(sorted(best[0] + best[1]))]
    return tuple(sorted(clusters))


@given(st.dictionaries(st.sampled_from(list(combinations(range(7), 2))), st.integers(1, 10_000), max_size=21))
def test_it_agrees_with_the_definition(values):
    # distinct values, so that no tie leaves the order open
    similarities = {pair: (value + place / 100) / 10_001 for place, (pair, value) in enumerate(sorted(values.items()))}
    assert average_link(7, triples(similarities), 0.37) == naive(7, similarities, 0.37)


@given(PAIRS, st.floats(0.05, 0.95))
def test_every_item_is_in_one_cluster(similarities, threshold):
    clusters = average_link(7, triples(similarities), threshold)
    assert sorted(item for cluster in clusters for item in cluster) == list(range(7))
