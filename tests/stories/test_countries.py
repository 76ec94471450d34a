"""Countries are recognised by the beginnings of their names in several languages."""

import pytest

from monitor.stories.countries import country_of, country_of_acronym
from monitor.stories.words import fold_word


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PL", "Poland Polish Польша Польшчы Польщі Polsce польский"),
        ("LT", "Lithuania Литва Литвы Літва Lietuvos литовский"),
        ("LV", "Latvia Латвия Латвіі Латвії латвийский"),
        ("TR", "Turkey Турция Турции Туреччини Turcja"),
        ("HU", "Hungary Венгрия Угорщини Венгрыі"),
        ("BY", "Belarus Беларусь Білорусі Białoruś Biełaruś Белоруссии белорусский"),
        ("RU", "Russia Россия России Росії Расіі Rosja"),
        ("UA", "Ukraine Украина Україні Украіна Ukraina"),
        ("DE", "Germany Германия Нямеччына Німеччина Niemcy"),
        ("US", "American американский амерыканскі"),
        ("CN", "China Chinese Китай Кітай китайские"),
        ("IN", "India Индия Индии Індыя индийский"),
        ("EE", "Estonia Эстония Эстоніі Estonian"),
    ],
)
def test_country_is_found_in_several_languages(code, words):
    assert {word: country_of(fold_word(word)) for word in words.split()} == dict.fromkeys(words.split(), code)


@pytest.mark.parametrize(
    "word",
    ["individual", "canal", "finish", "turn", "groups", "данные", "грузовик", "польза", "ice", "сирень", "индивид", "turbine"],
)
def test_other_words_are_no_countries(word):
    assert country_of(fold_word(word)) == ""


def test_acronyms_are_asked_apart():
    assert country_of("us") == ""
    assert country_of_acronym("us") == country_of_acronym(fold_word("США")) == "US"
