"""Dictionaries of the operating system: suffixes by hunspell(5), forms, what a prefix reaches; nothing without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import WrongFiles
from monitor.rules.dictionary import Suffix, _condition, dictionary_of, how_to_install, read_dictionary

BELARUSIAN = """SET UTF-8
SFX A Y 4
SFX A г га г
SFX A г гу г
SFX A г зе г
SFX A 0 аў [^аеі]
PFX N Y 1
PFX N 0 не .
"""


def dictionary(folder, affixes, words, language="be", encoding="utf-8", name="be_BY"):
    (folder / f"{name}.aff").write_bytes(affixes.encode(encoding))
    (folder / f"{name}.dic").write_bytes(f"{len(words)}\n{chr(10).join(words)}\n".encode(encoding))
    return read_dictionary(language, folder / f"{name}.aff")


def test_forms_of_a_word_change_its_stem(tmp_path):
    found = dictionary(tmp_path, BELARUSIAN, ["фланг/AN", "фланель"])
    assert found.paradigms("фланг") == {"фланг": ("фланг", "фланга", "флангу", "фланзе", "флангаў")}


def test_a_prefix_reaches_the_lemmas_that_begin_with_it_in_the_folding_of_the_language(tmp_path):
    found = dictionary(tmp_path, BELARUSIAN, ["экран", "екіпаж", "элемент", "фланг/A"])
    assert found.reached("э") == ["экран", "екіпаж", "элемент"]
    assert found.reached("экр") == ["экран"]
    assert found.reached("я") == []


@pytest.mark.parametrize(
    ("header", "flags"),
    [("FLAG long\n", ("Aa", "Bb")), ("FLAG num\n", ("101", "7")), ("FLAG UTF-8\n", ("є", "B"))],
    ids=["two letters", "numbers", "any letter"],
)
def test_flags_are_read_in_each_way_of_writing_them(tmp_path, header, flags):
    glued = ",".join(flags) if "num" in header else "".join(flags)
    affixes = f"SET UTF-8\n{header}SFX {flags[0]} Y 1\nSFX {flags[0]} 0 s .\nSFX {flags[1]} Y 1\nSFX {flags[1]} 0 ed .\n"
    assert dictionary(tmp_path, affixes, [f"load/{glued}"]).paradigms("load") == {"load": ("load", "loads", "loaded")}


def test_aliases_stand_for_flags_and_a_suffix_may_stand_on_a_suffix(tmp_path):
    affixes = "SET UTF-8\nAF 2\nAF A\nAF B\nSFX A Y 1\nSFX A 0 er/2 .\nSFX B Y 1\nSFX B 0 s .\n"
    assert dictionary(tmp_path, affixes, ["bomb/1"]).paradigms("bomb") == {"bomb": ("bomb", "bomber", "bombers")}


def test_an_old_encoding_is_read_by_its_name(tmp_path):
    found = dictionary(tmp_path, "SET ISO8859-2\nSFX A Y 1\nSFX A a ę a\n", ["łąka/A"], "pl", "iso8859-2", "pl_PL")
    assert found.paradigms("laka") == {"łąka": ("łąka", "łąkę")}


def test_an_encoding_that_is_not_known_is_told_with_the_file(tmp_path):
    with pytest.raises(WrongFiles) as told:
        dictionary(tmp_path, "SET KLINGON-1\n", ["x"])
    assert "klingon-1" in str(told.value.problems[0].message)


def test_a_language_without_a_dictionary_has_none_and_a_package_to_install(tmp_path):
    assert dictionary_of("be", (tmp_path,)) is None
    assert how_to_install("be") == "apt-get install hunspell-be"
    assert how_to_install("xx") == ""


def test_affixes_without_words_are_no_dictionary(tmp_path):
    (tmp_path / "be_BY.aff").write_text(BELARUSIAN, encoding="utf-8")
    assert dictionary_of("be", (tmp_path,)) is None


letters = st.text("абвгд", min_size=1, max_size=6)


@given(stem=letters, strip=st.text("абвгд", max_size=2), add=letters)
def test_a_suffix_takes_its_ending_off_and_puts_the_other_on(stem, strip, add):
    assert Suffix(strip, add, _condition(".")).applied(stem + strip) == stem + add


@given(word=letters, strip=letters, add=letters)
def test_a_suffix_that_does_not_fit_makes_nothing(word, strip, add):
    made = Suffix(strip, add, _condition(".")).applied(word)
    assert bool(made) == word.endswith(strip)


@given(word=letters, inside=st.text("абв", min_size=1, max_size=3))
def test_a_class_and_its_opposite_divide_all_words(word, inside):
    takes = Suffix("", "x", _condition(f"[{inside}]")).applied(word)
    refuses = Suffix("", "x", _condition(f"[^{inside}]")).applied(word)
    assert bool(takes) != bool(refuses)
    assert bool(takes) == (word[-1] in inside)


@pytest.mark.parametrize("sign", list("^$*+?(){}|\\"))
def test_signs_of_expressions_mean_themselves_in_a_condition(sign):
    assert Suffix("", "x", _condition(sign)).applied(f"a{sign}") == f"a{sign}x"
    assert Suffix("", "x", _condition(sign)).applied("ab") == ""
