"""Languages are told apart on headlines as short as readers see them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.language import LANGUAGES, Judged, detect_language, judge_language

HEADLINES = [
    ("en", "Defence ministers of two countries agree on a hotline"),
    ("en", "Poland closes two border crossings"),
    ("ru", "Военные инспекторы прибыли в бригаду под Брестом"),
    ("ru", "Лукашенко принял посла Китая"),
    ("be", "У Мінску прайшлі перамовы аб супрацоўніцтве"),
    ("be", "Ваенныя інспектары прыехалі ў брыгаду"),
    ("be", "Biełaruś hatova da dyjałohu z susiedziami"),
    ("be", "Novy vajenny atašé pryjechaŭ u Minsk"),
    ("uk", "Українська делегація відвідала навчання в сусідній країні"),
    ("uk", "Міністр оборони заявив про зміцнення кордону"),
    ("pl", "Minister obrony odwiedził jednostkę wojskową przy granicy"),
    ("lt", "Krašto apsaugos ministras susitiko su kariuomenės vadu"),
    ("lv", "Aizsardzības ministrs tikās ar kaimiņvalsts kolēģi"),
    ("de", "Der Verteidigungsminister besuchte die Soldaten an der Grenze"),
    ("fr", "Le ministre de la Défense a rencontré son homologue polonais"),
    ("et", "Kaitseminister kohtus naaberriigi kolleegiga ja arutas õppusi"),
]


@pytest.mark.parametrize(("language", "headline"), HEADLINES, ids=[headline for _, headline in HEADLINES])
def test_headline_is_recognised(language, headline):
    assert detect_language(headline)[0] == language


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("Узброеныя сілы ў Гродне", "be", "ў is Belarusian alone"),
        ("Її заява", "uk", "ї is Ukrainian alone"),
        ("Объявлены новые съезды", "ru", "ъ beside ы is Russian"),
        ("Biełaruś čakaje ŭ Viciebsku", "be", "ŭ is Latin-script Belarusian alone"),
    ],
)
def test_decisive_letters_make_a_short_title_sure(text, language, why):
    assert detect_language(text) == (language, True), why


def test_short_text_without_decisive_letters_is_unsure():
    assert detect_language("Rome")[1] is False
    assert detect_language("Парад")[1] is False


def test_hint_settles_a_short_open_case_only():
    assert detect_language("Парад", hint="be") == ("be", False)
    assert detect_language("Ваенныя інспектары прыехалі ў брыгаду", hint="ru")[0] == "be"


def test_language_tag_with_region_or_script_is_a_fine_hint():
    assert detect_language("2024", hint="be-Latn") == ("be", False)


def test_no_letters_gives_the_hint_unsure():
    assert detect_language("  12:45 — 100 % ") == ("", False)


def test_long_english_with_a_cyrillic_caption_is_english_for_sure():
    english = "The two ministers met in the capital and discussed how the inspection teams would work next year. " * 5
    assert detect_language(english + "Фото пресс-службы министерства") == ("en", True)


def test_half_and_half_is_unsure():
    assert (
        detect_language("The ministers met in the capital on Monday. Министры встретились в столице в понедельник.")[1] is False
    )


def test_belarusian_with_a_russian_quotation_stays_belarusian():
    text = (
        "Міністэрства паведаміла, што вучэнні пройдуць у верасні. «Мы приглашаем наблюдателей», — сказаў прадстаўнік ведамства."
    )
    assert detect_language(text)[0] == "be"


@given(st.text(max_size=200), st.sampled_from(["", "en", "be-Latn", "xx"]))
def test_any_text_gets_an_answer_twice_the_same(text, hint):
    language, sure = detect_language(text, hint)
    assert (language, sure) == detect_language(text, hint)
    assert language in {*LANGUAGES, "", hint.split("-")[0]}


def test_importing_loads_no_model():
    code = "import sys, monitor.text.language; sys.exit('py3langid' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


ENGLISH = "The mayor of the town said that it was for the council to decide, and that the ice was a matter for all of them. "
POLISH = "Burmistrz powiedział, że decyzja w tej sprawie nie jest zależna od niego, oraz że rada zajmie się nią na sesji. "


def test_a_claim_that_little_words_bear_out_is_believed_without_the_model(monkeypatch):
    monkeypatch.setattr("monitor.text.language._by_model", None)
    assert detect_language(ENGLISH * 3, hint="en-GB") == ("en", True)


@pytest.mark.parametrize(("text", "hint"), [(ENGLISH, "de"), (POLISH, "en"), (ENGLISH, "pl"), (ENGLISH, "lt")])
def test_a_false_claim_changes_nothing(text, hint):
    assert detect_language(text * 3, hint=hint) == detect_language(text * 3)


@pytest.mark.parametrize("hint", ["", "en"])
@pytest.mark.parametrize(("language", "headline"), HEADLINES)
def test_the_figure_goes_with_the_verdict(language, headline, hint):
    judged = judge_language(headline, hint)
    assert (judged.code, judged.sure) == detect_language(headline, hint)
    assert 0 < judged.confidence <= 1


def test_what_has_no_letters_has_no_confidence():
    assert judge_language("12:30", "ru") == Judged("ru", False, 0.0)
