"""Sentences keep their place, and stops that end nothing are seen through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.sentences import split_sentences

CASES = [
    ("en", "Two plain sentences.", "Minsk signed. Warsaw waited.", ["Minsk signed.", "Warsaw waited."]),
    (
        "en",
        "An abbreviated state inside a name.",
        "The U.S. Embassy spoke. It was short.",
        ["The U.S. Embassy spoke.", "It was short."],
    ),
    (
        "en",
        "The same state at the end.",
        "The delegation left for the U.S. The talks go on.",
        ["The delegation left for the U.S.", "The talks go on."],
    ),
    ("en", "Ranks and initials.", "Gen. J. Smith met Dr. Brown. They talked.", ["Gen. J. Smith met Dr. Brown.", "They talked."]),
    ("en", "A decimal and a number sign.", "Growth was 2.5 per cent. No. 7 left.", ["Growth was 2.5 per cent.", "No. 7 left."]),
    (
        "en",
        "A question in quotes that goes on.",
        "“Why now?” he asked. Nobody answered.",
        ["“Why now?” he asked.", "Nobody answered."],
    ),
    ("en", "A quote closed after its stop.", "He said: “We wait.” The hall rose.", ["He said: “We wait.”", "The hall rose."]),
    ("en", "Three dots before a small letter.", "They waited... and left. Done.", ["They waited... and left.", "Done."]),
    (
        "ru",
        "Initials and a city.",
        "А. Петров прибыл в г. Минск. Встреча началась.",
        ["А. Петров прибыл в г. Минск.", "Встреча началась."],
    ),
    (
        "ru",
        "A year before a capital.",
        "Договор подписан сторонами в 2019 г. Документ действует.",
        ["Договор подписан сторонами в 2019 г.", "Документ действует."],
    ),
    ("ru", "A year that opens the sentence.", "В 2019 г. Минск подписал договор.", ["В 2019 г. Минск подписал договор."]),
    (
        "ru",
        "That is, and a street.",
        "Полк, т.е. Часть 5, стоит на ул. Лесной. Он готов.",
        ["Полк, т.е. Часть 5, стоит на ул. Лесной.", "Он готов."],
    ),
    (
        "ru",
        "Direct speech with a dash.",
        "«Мы готовы!» — сказал министр. Зал встал.",
        ["«Мы готовы!» — сказал министр.", "Зал встал."],
    ),
    (
        "be",
        "Years and a name.",
        "У 2018–2019 гг. Мінск чакаў. Імя ім. Купалы засталося.",
        ["У 2018–2019 гг. Мінск чакаў.", "Імя ім. Купалы засталося."],
    ),
    (
        "uk",
        "A named street.",
        "Міністр приїхав на вул. Хрещатик. Його чекали.",
        ["Міністр приїхав на вул. Хрещатик.", "Його чекали."],
    ),
    (
        "pl",
        "A rank and a point.",
        "Gen. Nowak, tj. Szef sztabu, wyjechał. Wrócił potem.",
        ["Gen. Nowak, tj. Szef sztabu, wyjechał.", "Wrócił potem."],
    ),
    (
        "",
        "A language nobody told.",
        "Gen. Smith met А. Петров. Next day they left.",
        ["Gen. Smith met А. Петров.", "Next day they left."],
    ),
    (
        "en",
        "A line is a paragraph, stop or none.",
        "A heading without a stop\nThe text begins.",
        ["A heading without a stop", "The text begins."],
    ),
    ("en", "A numbered list.", "1. The first point. Then more.", ["1. The first point.", "Then more."]),
]


@pytest.mark.parametrize(("language", "why", "text", "expected"), CASES, ids=[case[1] for case in CASES])
def test_sentences_end_where_a_reader_ends_them(language, why, text, expected):
    assert [span.text for span in split_sentences(text, language)] == expected


DATELINES = [
    ("MOSCOW, 18 November (Agency) – The ministry spoke.", "MOSCOW, 18 November (Agency) –"),
    ("MOSCOW, September 4. /WIRE/. A mission will fly.", "MOSCOW, September 4. /WIRE/."),
    ("MINSK (Agency) - The drill began.", "MINSK (Agency) -"),
    ("MINSK. June 23 (Agency) - The drill began.", "MINSK. June 23 (Agency) -"),
    ("WASHINGTON — The Pentagon answered.", "WASHINGTON —"),
    ("МИНСК, 17 фев - Агентство. Группа приехала.", "МИНСК, 17 фев - Агентство."),
    ("26 февраля, Минск /Корр. АГЕНТСТВА/. Группа приехала.", "26 февраля, Минск /Корр. АГЕНТСТВА/."),
    ("Минск. 26 февраля. АГЕНТСТВО-ЗАПАД - Группа приехала.", "Минск. 26 февраля. АГЕНТСТВО-ЗАПАД -"),
    ("5 сакавіка, Мінск /Кар. АГЕНЦТВА/. Група прыехала.", "5 сакавіка, Мінск /Кар. АГЕНЦТВА/."),
]


@pytest.mark.parametrize(("text", "dateline"), DATELINES)
def test_dateline_is_cut_off_the_first_sentence(text, dateline):
    first, second = split_sentences(text, "")
    assert (first.text, first.dateline) == (dateline, True)
    assert not second.dateline
    assert text[second.start :] == second.text


@pytest.mark.parametrize(
    "text",
    [
        "Foreign Minister Petrov met (again) the press.",
        "The alliance (NATO) has answered.",
        "NATO — an alliance of thirty states — answered.",
        "Warsaw, which had waited, answered.",
    ],
)
def test_plain_opening_is_no_dateline(text):
    assert [span.text for span in split_sentences(text, "en")] == [text]


WILD = st.text(alphabet="AbcДжіў г.!?…»«“”\"'—-0129\n\t Dr.U.S. ", max_size=200)


@given(WILD, st.sampled_from(["en", "ru", "be", "uk", "pl", "", "xx"]))
def test_spans_are_ordered_exact_and_lose_nothing(text, language):
    spans = split_sentences(text, language)
    at = 0
    for span in spans:
        assert span.start >= at
        assert not text[at : span.start].strip()
        assert text[span.start : span.end] == span.text == span.text.strip() != ""
        assert "\n" not in span.text
        at = span.end
    assert not text[at:].strip()


def test_long_line_without_stops_takes_linear_time():
    text = "слово " * 40_000 + "end. Next one."
    assert len(split_sentences(text, "ru")) == 2
    assert len(split_sentences("a." * 50_000, "en")) == 1
