"""Words are folded, and names and numbers told from the rest."""

import pytest

from monitor.stories.words import fold_word, words_of


def test_words_names_and_numbers_are_told_apart():
    found = words_of("Mayor Ada Berg signed on Monday.\nThe 336th crew of NATO left at 10.")
    assert found.words == (
        "mayor",
        "ada",
        "berg",
        "signed",
        "on",
        "monday",
        "the",
        "336th",
        "crew",
        "of",
        "nato",
        "left",
        "at",
        "10",
    )
    assert found.names == {"ada", "berg", "monday", "nato"}
    assert found.numbers == {"336th", "10"}


@pytest.mark.parametrize(
    ("text", "names", "why"),
    [
        ("Ice broke. Ships left.", set(), "capitals that begin a sentence are no names"),
        ("ICE BROKE IN OSLO", set(), "capitals throughout a line say nothing"),
        ("He said: Ships leave.", set(), "after a colon a sentence may begin"),
        ("US ships left", {"us"}, "an acronym is a name wherever it stands"),
        ("В Осло пришёл Пётр", {"осло", "петр"}, "Cyrillic, with ё as е"),
    ],
)
def test_what_counts_as_a_name(text, names, why):
    assert words_of(text).names == names, why


def test_folding_makes_spellings_meet():
    assert fold_word("Ёлка") == fold_word("елка")
    assert fold_word("сям’я") == fold_word("сям'я") == "сямя"
