"""Prefixes against a dictionary: W102 for those that reach many words, W122 for those that miss a form of their own word."""

import pytest

from monitor.model.problem import Place
from monitor.rules.dictionary import read_dictionary
from monitor.rules.lint_words import lint_words
from monitor.rules.schema import Phrase, Term
from monitor.rules.terms import parse_term

AFFIXES = "SET UTF-8\nSFX A Y 5\nSFX A г га г\nSFX A г гу г\nSFX A г зе г\nSFX A 0 аў .\nSFX A 0 ам .\n"


@pytest.fixture
def look(tmp_path):
    (tmp_path / "be_BY.aff").write_text(AFFIXES, encoding="utf-8")
    words = ["фланг/A", *(f"сіл{first}{second}" for first in "абвгдезк" for second in "абвгде")]
    (tmp_path / "be_BY.dic").write_text("\n".join([str(len(words)), *words]), encoding="utf-8")
    known = read_dictionary("be", tmp_path / "be_BY.aff")
    return lambda language: known if language == "be" else None


def term(*texts, language="be"):
    phrases = tuple(Phrase(text, language, Place("r.yml", 3, 7), parse_term(text, language, lambda name: ())) for text in texts)
    return Term("t", {language: phrases}, Place("r.yml", 2, 3))


def told(look, *texts, language="be"):
    return [(problem.code, problem.message) for problem in lint_words([term(*texts, language=language)], look)]


def test_a_stem_that_misses_a_case_is_told_with_the_form(look):
    assert told(look, "фланг*") == [("W122", '"фланг*" misses forms of фланг: фланзе')]


@pytest.mark.parametrize("texts", [("флан(г*|зе)",), ("фланг*", "фланзе"), ("флан*",), ("фланг",)])
def test_a_term_that_takes_every_form_or_has_no_star_is_quiet(look, texts):
    assert told(look, *texts) == []


def test_a_prefix_that_reaches_many_words_is_told_with_some_of_them(look):
    [(code, message)] = told(look, "сіл*")
    assert code == "W102"
    assert "reaches 48 words" in message
    assert message.count(",") == 6


def test_beside_another_word_a_wide_prefix_is_narrow_enough(look):
    assert told(look, "сіл* фланг") == []


def test_a_language_without_a_dictionary_is_passed_over(look):
    assert told(look, "flank*", language="en") == []
