"""The words that a search compares: spellings and endings meet, other words do not, and nothing depends on where a word stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.search_words import ENDINGS, LONGEST, marked, query_words, search_word, search_words


@pytest.mark.parametrize(
    "forms",
    [
        "инспекция инспекции инспекций інспекцыя інспекцыі ИНСПЕКЦИЯ",
        "Лукашенко Лукашэнка Лукашенкой Лукашэнкам",
        "атташе аташэ",
        "военный военных военное",
        "Минск Минска Мінск Мінску",
        "inspection inspections Inspection",
        "exercise exercises EXERCISES",
        "class classes",
        "attaché attache attachés",
        "Łukasz Lukasz",
        "всё все",
        "аб'ява аб’ява аб’яву",
        "NATO nato Nato",
        "объект обьект",
    ],
)
def test_forms_of_one_word_are_one_word(forms):
    assert len({search_word(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("words", ["NATO НАТО", "talk tank", "Минск Пинск", "336 337", "мир мирный"])
def test_other_words_stay_apart(words):
    one, other = words.split()
    assert search_word(one) != search_word(other)


@pytest.mark.parametrize("word", ["a", "the", "и", "на", "", "!", "-", "\x00", "ʼ"])
def test_what_says_nothing_is_no_word(word):
    assert search_word(word) == ""


@given(st.text(max_size=60))
def test_a_word_once_folded_stays_as_it_is(text):
    for _, _, word in search_words(text):
        assert len(word) <= LONGEST
        assert word.isalnum()
        assert search_word(word) in {word, ""}


@given(st.text(max_size=200))
def test_pieces_joined_are_the_text(text):
    wanted = set(query_words(text, 3))
    assert "".join(piece for piece, _ in marked(text, wanted)) == text


@given(st.text(alphabet="аеиоуыіэёбвгджзлмн -", max_size=40))
def test_every_marked_piece_is_a_wanted_word(text):
    wanted = set(query_words(text, 2))
    for piece, is_marked in marked(text, wanted):
        assert is_marked == (search_word(piece) in wanted) or not is_marked


def test_a_query_keeps_each_word_once_and_no_more_than_asked_for():
    assert query_words('talks TALK "bridge" OR bridge* AND NOT(x)') == ("talk", "bridg", "not")
    assert len(query_words(" ".join(f"word{n}" for n in range(100)), 12)) == 12
    assert len(query_words("x" * 10_000)[0]) == LONGEST


def test_endings_are_tried_longest_first_within_a_script():
    cyrillic = [ending for ending, _ in ENDINGS if ending > "я" or ending[0] >= "а"]
    assert cyrillic == sorted(cyrillic, key=lambda one: (-len(one), one))
