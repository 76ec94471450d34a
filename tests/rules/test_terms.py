import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.terms import _PLAIN, MAX_SEQUENCES, TermWrong, _Parser, parse_term


def nothing(name):
    raise TermWrong(f"no @{name}", code="E012")


def shown(text, language="ru", resolve=nothing):
    """Sequences as text: steps by spaces, gaps as <n>, alternatives by |."""
    return sorted(
        " ".join(
            (f"<{step.gap}> " if step.gap else "")
            + "|".join(sorted(("=" + word.exact if word.exact else word.folded) + "*" * word.prefix for word in step.words))
            for step in sequence
        )
        for sequence in parse_term(text, language, resolve)
    )


@pytest.mark.parametrize(
    ("term", "sequences", "because"),
    [
        ("военный атташе", ["военный атташе"], "a phrase is its words in order"),
        ("военн* атташе", ["военн* атташе"], "a star opens the end of a word"),
        ("build-up", ["build up"], "a dash splits words in terms as in texts"),
        ("military-attach*", ["military attach*"], "the star belongs to the last part"),
        ("(a|b|c*) d", ["a|b|c* d"], "one-word alternatives are one step"),
        ("флан(г*|зе)", ["фланг*|фланзе"], "brackets inside a word"),
        ("(у|в)згодж*", ["взгодж*|узгодж*"], "brackets at its beginning"),
        ("(a|b)(c|d)", ["ac|ad|bc|bd"], "two brackets in one word"),
        ("(a|b)*", ["a*|b*"], "a star behind brackets"),
        ("servic(eman|e members)", ["service members", "serviceman"], "a space inside a word's brackets"),
        (
            "conventional (armed forces|forces) in europe",
            ["conventional armed forces in europe", "conventional forces in europe"],
            "longer alternatives",
        ),
        ("(a|(b c|d) e)", ["a", "b c e", "d e"], "brackets in brackets"),
        ("treaty on <2> forces", ["treaty on <2> forces"], "a gap"),
        ("a <2> (b c|d)", ["a <2> b c", "a <2> d"], "a gap before alternatives"),
        ("=NATO", ["=NATO"], "exact spelling"),
        ("=Мак(ей|ея*)", ["=Макей|=Макея*"], "exact spelling with brackets and star"),
        ("=(US|USA) army", ["=US|=USA army"], "exact alternatives"),
        ("Вооружённые", ["вооруженные"], "terms are folded as texts are"),
    ],
)
def test_term_means(term, sequences, because):
    assert shown(term) == sequences, because


def test_the_language_of_a_term_chooses_its_folding():
    assert shown("ўзмацненьне", "be") == ["узмацненне"]
    assert shown("ўзмацненьне", "uk") == ["ўзмацненьне"]


def test_references_stand_for_all_their_spellings():
    def resolve(name):
        return (*parse_term("red fleet", "en", nothing), *parse_term("navy", "en", nothing))

    assert shown("@navy sail*", "en", resolve) == ["navy sail*", "red fleet sail*"]


@pytest.mark.parametrize(
    ("term", "at", "says"),
    [
        ("", 0, "empty"),
        ("a|b", 1, "outside of brackets"),
        ("a)", 1, "outside of brackets"),
        ("(a|b", 0, "not closed"),
        ("x (a|)", 5, "an alternative is empty"),
        ("<2> a", 0, "beginning"),
        ("a <2>", 5, "end"),
        ("a <99> b", 2, "a gap is written <n>"),
        ("a <x> b", 2, "a gap is written <n>"),
        ("wo*rd", 2, "at the end of a word only"),
        ("a *", 2, "holds no word"),
        ("=", 0, "holds no word"),
        ("foo-*", 0, "must follow a letter"),
        ("x[ab]", 1, "has no meaning"),
        (r"\w+", 0, "has no meaning"),
        ("@", 0, "without an id"),
        ("a @b", 2, "no @b"),
        ("in(<2>|x)", 3, "inside brackets"),
    ],
)
def test_wrong_terms_say_where(term, at, says):
    with pytest.raises(TermWrong) as caught:
        parse_term(term, "en", nothing)
    assert says in caught.value.message
    assert caught.value.at == at


def test_an_unknown_reference_has_its_own_code():
    with pytest.raises(TermWrong) as caught:
        parse_term("@nobody", "en", nothing)
    assert caught.value.code == "E012"


def test_combinations_are_limited():
    group = "(a b|c d|e f|g h)"
    with pytest.raises(TermWrong, match=f"more than {MAX_SEQUENCES}"):
        parse_term(" ".join([group] * 5), "en", nothing)
    with pytest.raises(TermWrong, match=f"more than {MAX_SEQUENCES}"):
        parse_term("(a|b|c|d)" * 5, "en", nothing)


@given(st.text(alphabet="аБёйўьэЁaŁé1²_* \u0301", min_size=1, max_size=12), st.sampled_from(["ru", "be", "en"]))
def test_plain_terms_read_as_they_do_sign_by_sign(text, language):
    if not _PLAIN.fullmatch(text):
        return
    try:
        slowly = _Parser(text, language, nothing).sequences(depth=0)
    except TermWrong:
        slowly = None
    try:
        assert parse_term(text, language, nothing) == slowly
    except TermWrong:
        assert slowly is None
