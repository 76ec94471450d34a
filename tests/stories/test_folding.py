"""Groups of copies in a window that moves: what changes is told, and nothing else."""

import pytest

from monitor.stories.copies import word_rarity
from monitor.stories.folding import Folding
from monitor.stories.prints import Prints
from monitor.text.neighbours import ranks_of

WORDS = [f"w{number}" for number in range(200)]
TEXTS = {
    "whole": WORDS,
    "same": WORDS,
    "cut": WORDS[:120],
    "other": [f"own{number}" for number in range(200)],
    "bare": ["Read", "on."],
    "bare2": ["Read", "more."],
}


@pytest.fixture
def world(item):
    """Prints by name, by first appearance."""
    titles = {
        "bare": "Inspectors of the third brigade arrive in the harbour",
        "bare2": "Inspectors of the third brigade arrive at the harbour",
    }
    items = {
        name: item(name, " ".join(text), titles.get(name, f"Title {name}"), hours=place)
        for place, (name, text) in enumerate(TEXTS.items())
    }
    prints = Prints()
    prints.move(dict.fromkeys(items, b""), lambda ids: [items[name] for name in ids])
    return {known.id: known for known in prints}


class Story:
    """A folding by names."""

    def __init__(self, world):
        self.world, self.inside = world, []
        self.folding = Folding(word_rarity(known.side for known in world.values()))
        self.names = {known.number: known.id for known in world.values()}

    def move(self, gone="", come=""):
        out, into = ([self.world[name] for name in names.split()] for names in (gone, come))
        ranks = ranks_of([known.number for known in sorted(self.world.values(), key=lambda known: known.appeared)])
        found = self.folding.move(out, into, ranks)
        return tuple(
            sorted(" ".join(self.names[number] for number in members) for members in part) for part in (found.gone, found.come)
        )


def test_copies_are_one_group_and_strangers_are_alone(world):
    assert Story(world).move(come="other cut same whole") == ([], ["other", "whole same cut"])


def test_only_the_group_that_is_joined_is_another_one(world):
    told = Story(world)
    told.move(come="other whole")
    assert told.move(come="cut") == (["whole"], ["whole cut"])
    assert told.move(come="same") == (["whole cut"], ["whole same cut"])


def test_group_whose_first_text_goes_is_led_by_the_next(world):
    told = Story(world)
    told.move(come="whole same cut")
    assert told.move(gone="whole") == (["whole same cut"], ["same cut"])
    assert told.move(gone="same") == (["same cut"], ["cut"])
    assert told.move(gone="cut") == (["cut"], [])


def test_texts_that_hardly_have_words_are_one_by_their_titles(world):
    told = Story(world)
    assert told.move(come="bare other") == ([], ["bare", "other"])
    assert told.move(come="bare2") == (["bare"], ["bare bare2"])
    assert told.move(gone="bare") == (["bare bare2"], ["bare2"])


def test_what_changes_nothing_is_not_told(world):
    told = Story(world)
    told.move(come="whole other")
    assert told.move() == ([], [])
