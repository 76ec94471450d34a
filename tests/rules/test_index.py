"""The index against a plain reading of what a sequence means."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.index import SequenceIndex
from monitor.rules.terms import Step, WordPattern
from monitor.text.tokens import folded_words

WORDS = ["na", "nato", "natovskij", "at", "attache", "a", "b", "build", "builds"]
PATTERNS = [
    *(WordPattern(word) for word in WORDS),
    *(WordPattern(word, prefix=True) for word in ("na", "nat", "a", "bui")),
    WordPattern("nato", exact="NATO"),
    WordPattern("na", prefix=True, exact="Na"),
]
steps = st.builds(Step, st.integers(0, 3), st.frozensets(st.sampled_from(PATTERNS), min_size=1, max_size=3))
sequences = st.lists(steps, min_size=1, max_size=4).map(tuple)
texts = st.lists(st.sampled_from([*WORDS, "NATO", "Nato", "Na", "Natovskij"]), max_size=25)


def accepts(step, exact):
    return any(
        (exact.startswith(word.exact) if word.prefix else exact == word.exact)
        if word.exact
        else (exact.lower().startswith(word.folded) if word.prefix else exact.lower() == word.folded)
        for word in step.words
    )


def plainly(sequence, text):
    """For each first word the nearest last word, by trying everything."""

    def ends(step, at):
        if step == len(sequence):
            return [at]
        reach = range(at + 1, min(len(text), at + 2 + sequence[step].gap))
        return [end for place in reach if accepts(sequence[step], text[place]) for end in ends(step + 1, place)]

    return [(at, min(found)) for at in range(len(text)) if accepts(sequence[0], text[at]) and (found := ends(1, at))]


@settings(max_examples=150)
@given(st.lists(sequences, min_size=1, max_size=12), st.lists(texts, min_size=1, max_size=3))
def test_index_finds_what_a_plain_reading_finds(many, articles):
    index = SequenceIndex()
    numbers = [index.add(sequence) for sequence in many]
    for text in articles:
        found = index.find([word.lower() for word in text], text)
        for number, sequence in zip(numbers, many, strict=True):
            assert found.get(number, []) == plainly(sequence, text)


def test_equal_sequences_share_a_number():
    index = SequenceIndex()
    one = (Step(0, frozenset({WordPattern("nato")})),)
    assert index.add(one) == index.add((Step(0, frozenset({WordPattern("nato")})),))
    assert len(index) == 1


def test_sequences_may_be_added_after_a_search():
    index = SequenceIndex()
    index.add((Step(0, frozenset({WordPattern("nato")})),))
    assert index.find(["nato"], ["nato"]) == {0: [(0, 0)]}
    index.add((Step(0, frozenset({WordPattern("na", prefix=True)})),))
    assert index.find(["nato"], ["nato"]) == {0: [(0, 0)], 1: [(0, 0)]}


def test_a_gap_at_both_ends_of_a_text():
    index = SequenceIndex()
    a, b = frozenset({WordPattern("a")}), frozenset({WordPattern("build")})
    index.add((Step(0, a), Step(3, b)))
    assert index.find(["build"], ["build"]) == {}
    assert index.find(["a", "x", "build"], ["a", "x", "build"]) == {0: [(0, 2)]}
    assert index.find(["a", *"xyzw", "build"], ["a", *"xyzw", "build"]) == {}


@settings(max_examples=150)
@given(
    st.lists(sequences, min_size=1, max_size=12),
    st.lists(st.sampled_from([*WORDS, "NATO", "Na", " ", " ", "-", ", ", "\u00a0", "\u200b", ".\n"]), max_size=40).map("".join),
)
def test_a_text_that_is_not_yet_cut_holds_the_same_places(many, text):
    index = SequenceIndex()
    for sequence in many:
        index.add(sequence)
    forms = folded_words(text, "")
    expected = index.find([folded for folded, _ in forms], [exact for _, exact in forms])
    assert index.find_in(text, "") == expected
    assert index.find_in(text, "") == expected, "what is remembered is the same as well"


@settings(max_examples=100)
@given(st.lists(sequences, min_size=1, max_size=12), texts, st.sets(st.integers(0, 11)))
def test_what_is_wanted_alone_is_found_as_among_all(many, text, wanted):
    index = SequenceIndex()
    for sequence in many:
        index.add(sequence)
    whole = " ".join(text)
    assert index.find_in(whole, "", wanted) == {
        number: places for number, places in index.find_in(whole, "").items() if number in wanted
    }
