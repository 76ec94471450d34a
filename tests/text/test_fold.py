import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.fold import _fold_any_word, fold, fold_class, fold_word, mixes_scripts

LANGUAGES = ("", "en", "ru", "be", "uk", "pl")
LETTERS = "абвгдеёжзийклмнопрстуўфхцчшщъыьэюяіїґєѓ" + "АБЁЙЎІЇЭЬ" + "abcłđøıæœßąčėžéŁŠÉ" + "NATO' ’-–.,\n0123"
prose = st.text(alphabet=LETTERS, max_size=40)
languages = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "language", "folded", "because"),
    [
        ("НАТО Нато", "ru", "нато нато", "case does not matter"),
        ("ＮＡＴＯ", "en", "nato", "full-width letters are the same letters"),
        ("Лукаше\u0301нко", "ru", "лукашенко", "a stress mark is a reading aid"),
        ("йод и ўсё і їжа", "uk", "йод и ўсё і їжа", "Cyrillic letters with marks are letters of their own"),
        ("И\u0306", "ru", "й", "feeds deliver й in two parts"),
        ("вооружённых", "ru", "вооруженных", "ё is printed е in Russian"),
        ("вооружённых", "uk", "вооружённых", "ё is not folded where no rule of the language says so"),
        ("ўзмацненьне", "be", "узмацненне", "official and classic spelling meet"),
        ("Лукашэнка", "be", "лукашенка", "э and е meet in Belarusian"),
        ("экспорт", "ru", "экспорт", "э stays in Russian"),
        (
            "Łukaszenka attaché Đorđe Ørsted ırmak æon œuvre straße",
            "pl",
            "lukaszenka attache dorde orsted irmak aeon oeuvre strasse",
            "Latin marks go",
        ),
        ("НА\u200bТО НА\u00adТО", "ru", "нато нато", "invisible characters are not there"),
        ("аб’ект аб'ект абʼект аб`ект", "be", "аб'ект аб'ект аб'ект аб'ект", "one apostrophe"),
        ("a\u00a0b", "en", "a b", "a no-break space is a space"),
        ("НAТО", "ru", "нато", "a Latin A among Cyrillic letters"),
        ("Iнспекцыя", "be", "інспекцыя", "a Latin I among Cyrillic letters"),
        ("NАTO", "en", "nato", "a Cyrillic А among Latin letters"),
        ("łэ эł", "be", "lэ эl", "a word that stays mixed is of no language"),
        ("переклад іЮ", "uk", "переклад ію", "one script needs no mending"),
    ],
)
def test_spellings_meet(text, language, folded, because):
    assert fold(text, language).text == folded, because


@given(prose, languages)
def test_folding_twice_changes_nothing(text, language):
    once = fold(text, language).text
    assert fold(once, language).text == once


@given(st.text(max_size=12))
def test_folding_twice_changes_nothing_in_any_script(text):
    once = fold(text, "").text
    assert fold(once, "").text == once


@given(prose, languages)
def test_composed_and_decomposed_text_fold_alike(text, language):
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed, language).text == fold(apart, language).text


@given(st.text(alphabet="абвгдежзийклўёіїabcdefgł", min_size=1, max_size=20), languages, st.data())
def test_invisible_characters_and_stress_marks_do_not_matter(word, language, data):
    at = data.draw(st.integers(1, len(word)))
    noise = data.draw(st.sampled_from(["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u0301"]))
    assert fold(word[:at] + noise + word[at:], language).text == fold(word, language).text


@given(prose, languages)
def test_spaces_of_any_kind_fold_alike(text, language):
    assert fold(text.replace(" ", "\u00a0"), language).text == fold(text, language).text


@given(st.text(alphabet=LETTERS + "\u0301\u0306\u00ad\u200b", max_size=40), languages)
def test_spans_cover_the_original_in_order(text, language):
    folded = fold(text, language)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert at == 0 or folded.starts[at - 1] <= start
    for start in range(len(folded.text)):
        first, last = folded.span(start, len(folded.text))
        assert folded.text[start] in fold(text[first:last], language).text or mixes_scripts(text)


def test_a_span_takes_marks_and_soft_hyphens_along():
    folded = fold("про Лукаше\u0301н\u00adко сказали", "ru")
    at = folded.text.index("лукашенко")
    start, end = folded.span(at, at + len("лукашенко"))
    assert folded.original[start:end] == "Лукаше\u0301н\u00adко"


def test_an_empty_span_stays_empty():
    folded = fold("абв", "ru")
    assert folded.span(1, 1) == (1, 1)
    assert folded.span(3, 3) == (3, 3)


@given(st.text(alphabet="абвўьэёйжłéTNАo", min_size=1, max_size=15), languages)
def test_a_word_folds_as_it_does_in_a_text(word, language):
    assert fold_word(word, fold_class(language))[0] == fold(word, language).text


@given(st.one_of(st.text(alphabet=LETTERS + "ҐґЄєѐѝЀЍİſK²", min_size=1, max_size=12), st.text(min_size=1, max_size=6)), languages)
def test_simple_words_fold_as_they_do_letter_by_letter(word, language):
    assert fold_word(word, fold_class(language)) == _fold_any_word(word, fold_class(language))


def test_every_letter_folds_as_it_does_among_its_marks():
    for letter in map(chr, range(0x30, 0x530)):
        for kind in ("", "ru", "be"):
            assert fold_word(letter, kind) == _fold_any_word(letter, kind), letter


def test_the_exact_form_keeps_case_and_letters():
    assert fold_word("ДЗУ\u0301СЕ", "be") == ("дзусе", "ДЗУСЕ")
    assert fold_word("Э\u00adТА", "be")[1] == "ЭТА"


@pytest.mark.parametrize(("word", "mixed"), [("НAТО", True), ("NATO", False), ("НАТО", False), ("B52", False)])
def test_mixed_scripts_are_noticed(word, mixed):
    assert mixes_scripts(word) is mixed
