"""What stands close to what, against trying every pair."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.problem import Place
from monitor.rules.proximity import between, closest, operand_of, overlap, spread, taken, within_reach
from monitor.rules.schema import Phrase
from monitor.rules.text import Hit

PHRASE = Phrase("a", "en", Place("a.yml"))
hits = st.builds(
    lambda field, first, more: Hit(field, first, first + more, "a", PHRASE),
    st.integers(0, 1),
    st.integers(0, 30),
    st.integers(0, 4),
)
many = st.lists(hits, max_size=12, unique_by=lambda hit: hit[:3])


def in_order(found):
    return sorted(found, key=lambda hit: hit[:3])


@given(many, st.lists(hits, min_size=1, max_size=3), st.integers(0, 12), st.booleans())
def test_the_closest_is_what_trying_every_hit_gives(others, group, reach, ordered):
    start = group[0]
    fitting = [
        hit
        for hit in in_order(others)
        if hit.field == start.field
        and between(start, hit) <= reach
        and not any(overlap(hit, other) for other in group)
        and not (ordered and hit.first <= group[-1].last)
    ]
    wanted = min(fitting, key=lambda hit: between(start, hit), default=None)
    assert closest(operand_of(others), group, reach, ordered=ordered) == wanted


@given(many, hits, st.integers(0, 12))
def test_what_is_within_reach_may_overlap(others, hit, reach):
    fitting = [other for other in in_order(others) if other.field == hit.field and between(other, hit) <= reach]
    assert within_reach(hit, operand_of(others), reach) == min(fitting, key=lambda other: between(other, hit), default=None)


@given(hits, hits)
def test_hits_overlap_where_they_take_the_same_word(one, other):
    assert overlap(one, other) == bool(taken([one]) & taken([other]))


def test_distance_is_counted_in_words_between():
    first, second, third = (Hit(0, at, at, "a", PHRASE) for at in (3, 4, 9))
    assert (between(first, second), between(first, third), between(third, first)) == (0, 5, 5)
    assert (spread((first, second, third)), spread((first,))) == (5, 0)
