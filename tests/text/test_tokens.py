import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.fold import fold
from monitor.text.tokens import folded_words, tokens, words


def shown(text, language=""):
    return [token.folded for token in tokens(text, language)]


@pytest.mark.parametrize(
    ("text", "words", "because"),
    [
        ("build-up, Россия–НАТО, S‑400", ["build", "up", "россия", "нато", "s", "400"], "every dash ends a word"),
        ("«НАТО», НАТОвский; Наталья.", ["нато", "натовский", "наталья"], "signs end a word, letters do not"),
        ("NATO's l’attaché", ["nato", "s", "l", "attache"], "an apostrophe ends a Latin word"),
        ("аб’ект пам'ять", ["аб'ект", "пам'ять"], "an apostrophe holds a Cyrillic word together"),
        ("e\u0301'к é'к ё'к е\u0308'к", ["e", "к", "e", "к", "ё'к", "ё'к"], "composed or not, it is the letter that counts"),
        ("'слово' ‘да’", ["слово", "да"], "quotation marks belong to no word"),
        ("и\u0306од а\u00adта\u200bше\u0301", ["йод", "аташе"], "marks and invisible characters are inside words"),
        ("НАТО¹ км² snake_case", ["нато", "км", "snake", "case"], "footnote figures and underscores end a word"),
        ("2,5 тыс. 12:30", ["2", "5", "тыс", "12", "30"], "signs split figures"),
        ("", [], "nothing holds no words"),
    ],
)
def test_words(text, words, because):
    assert shown(text) == words, because


@given(st.text(alphabet="абвёйўabcé '’-–.,\n\u0301\u0306\u00ad\u200b1", max_size=60))
def test_tokens_slice_the_original_and_never_overlap(text):
    end = 0
    for token in tokens(text, "be"):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.original
        end = token.end


@given(st.text(alphabet="абвёйўabcéł -.\n", max_size=60), st.sampled_from(["", "ru", "be"]))
def test_tokens_fold_as_the_text_does(text, language):
    folded = fold(text, language)
    for token in tokens(text, language):
        inside = [at for at in range(len(folded.text)) if token.start <= folded.starts[at] < token.end]
        assert "".join(folded.text[at] for at in inside) == token.folded


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet="абвёйўabcéł'’-–.,«»\n\t \u00a0\u2003\u2028\x1c\x85\u0301\u0306\u00ad\u200b\ufeff1²_", max_size=80),
        st.text(alphabet="аb", min_size=40, max_size=60),
    ),
    st.sampled_from(["", "ru", "be"]),
)
def test_words_without_places_are_the_same_words(text, language):
    placed = [(token.folded, token.exact) for token in tokens(text, language)]
    assert folded_words(text, language) == placed
    assert folded_words(text, language) == placed, "what is remembered is the same as well"


@pytest.mark.parametrize(
    ("text", "sentences", "because"),
    [
        ("Одно. Другое! Третье? Да", [0, 1, 2, 3], "a stop and a capital"),
        ("А. Лукин сказал", [0, 0, 0], "an initial ends no sentence"),
        ("в 2019 г. началось", [0, 0, 0, 0], "no capital, no new sentence"),
        ("Заголовок\nтекст", [0, 1], "a line end ends a sentence"),
        ("mil.by сообщает", [0, 0, 0], "no space after the stop"),
        ("«Нет.» Он ушёл", [0, 1, 1], "quotation marks may stand between"),
        ("Он ушёл… Она нет", [0, 0, 1, 1], "three dots end a sentence as well"),
    ],
)
def test_sentences(text, sentences, because):
    assert [token.sentence for token in tokens(text, "ru")] == sentences, because


def sentences_plainly(text, found):
    """The sentence of each word, gap by gap."""
    sentence, numbers = 0, []
    for at, (start, _, original, _) in enumerate(found):
        before = found[at - 1]
        gap = text[before.end : start] if at else ""
        end = re.search(r"[.!?…][\"'»”’)\]]*\s", gap)
        initial = end and end[0].startswith(".") and len(before.original) == 1 and before.original.isalpha()
        if "\n" in gap or (end and not initial and not original[0].islower()):
            sentence += 1
        numbers.append(sentence)
    return numbers


@given(st.text(alphabet="абАБ1 ..!\n»'’\u200b\u0301-", max_size=60))
def test_sentences_asked_for_one_by_one_are_those_of_the_text_in_order(text):
    found = words(text)
    plainly = sentences_plainly(text, list(found))
    assert [word.sentence for word in found] == plainly
    assert [found.sentence(at) for at in range(len(found))] == plainly
    assert [found[at] for at in range(len(found))] == list(found) == found[:]


@given(st.text(alphabet="аб -\u200b", max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_words_within_are_those_that_share_a_character(text, start, end):
    found = words(text)
    first, last = found.within(start, end)
    assert (
        list(range(first, last + 1))
        == [at for at, word in enumerate(found) if word.start < end and word.end > start and start < end]
        or start >= end
    )


def test_trailing_invisible_characters_are_not_part_of_a_word():
    (token,) = tokens("слово\u200b", "ru")
    assert token.original == "слово"
