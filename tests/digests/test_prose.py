"""What a reader has been told is not told again: in other words, or in another language."""

import pytest

from monitor.digests.compose import compose_edition
from monitor.model.feed import Stance

HOME = (
    "The frigate of Norrland began a port call in Port Selma on 4 May, the navy of Valdis said.\n"
    "Admiral Harun said on 4 May that the port call of the frigate served the friendship of Valdis with Norrland and its people."
)


def printed(world, language, *articles):
    (item,) = compose_edition(world.inputs(world.story(*articles)), language).sections[0].items
    return [sentence.text for sentence in item.sentences]


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("Во вторник Гарун увидел фрегат Норрландии у причала, но говорить с журналистами не стал.", False),
        ("Фрегат Норрландии 5 мая ушёл из порта раньше, чем было объявлено штабом флота.", True),
        ("Гарун увидел на борту фрегата 240 матросов и осмотрел вместе с ними причал.", True),
        ("Фрегат Норрландии вышел 4 мая на учения, хотя о них никто не объявлял.", True),
    ],
    ids=["nothing new", "a day", "an amount", "a matter of the rules"],
)
def test_a_sentence_in_a_foreign_language_is_printed_where_it_names_something_new(world, foreign, shown):
    home = world.article("home", "Frigate comes", HOME)
    away = world.article("away", "Фрегат", foreign, language="ru", stance=Stance.INDEPENDENT)
    assert (foreign in printed(world, "en", home, away)) is shown
    assert foreign in printed(world, "ru", home, away), "to a reader of that language it is the news"


def test_one_statement_in_two_tellings_is_printed_once(world):
    full = "Admiral Harun said on 4 May at the southern pier that he welcomed the frigate of Norrland and its long port call."
    short = "Harun said on 4 May in parliament that every guest was welcomed, strangers on a port call included."
    other = "Harun said on 5 May in parliament that every guest was welcomed, strangers on a port call included."
    articles = [
        world.article("one", "Frigate comes", full),
        world.article("two", "Frigate comes", short, stance=Stance.INDEPENDENT),
        world.article("three", "Frigate comes", other, stance=Stance.EXILE, day=5),
    ]
    assert short not in printed(world, "en", *articles[:2])
    assert other in printed(world, "en", articles[0], articles[2]), "said again on another day, it is news"


@pytest.mark.parametrize(
    ("publisher", "told"),
    [
        pytest.param("other", 1, id="two publishers on one thing"),
        pytest.param("same", 2, id="one publisher says two things"),
    ],
)
def test_one_thing_in_the_words_of_two_publishers_is_told_once(world, publisher, told):
    first = "Admiral Harun asked officers on 4 May to treat the frigate of Norrland as a guest on its port call."
    second = "The crew of the Norrland frigate is to be met as a friend on this port call, Harun ordered on 4 May."
    articles = [
        world.article("one", "Frigate comes", first, publisher="same"),
        world.article("two", "Frigate comes", second, publisher=publisher),
    ]
    assert len({first, second} & set(printed(world, "en", *articles))) == told
