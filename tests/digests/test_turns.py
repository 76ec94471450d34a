"""An analyst's texts take turns over the editions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.digests.compose import compose_edition
from monitor.digests.earlier_items import EarlierItem, earlier_items
from monitor.digests.turns import by_turn
from monitor.publishing import freeze_editions

ONE = "The port is open. Nobody complains."
TWO = "{actors} agreed on it between {first_date} and {last_date}."
THREE = "Ships come and go."


def printed(week, *said):
    return EarlierItem("s", "i", week, date(2021, 1, 4), frozenset(), own=frozenset(said))


@pytest.mark.parametrize(
    ("earlier", "first", "because"),
    [
        ((), ONE, "nothing was printed yet: as written"),
        ((printed("2021-W10", "Nobody complains."),), TWO, "one sentence of a text is enough to know it"),
        (
            (printed("2021-W11", "The port is open."), printed("2021-W10", "Valdis agreed on it between 1 May and 2 May.")),
            THREE,
            "whatever filled the slots",
        ),
        (
            (
                printed("2020-W53", "Ships come and go."),
                printed("2021-W02", "The port is open."),
                printed("2021-W03", "Valdis agreed on it between 1 May and 2 May."),
            ),
            THREE,
            "all were printed: the one longest ago",
        ),
        ((printed("2021-W10", "The port is open to all."),), ONE, "other words are another text"),
    ],
)
def test_the_text_whose_turn_it_is(earlier, first, because):
    assert by_turn((ONE, TWO, THREE), "en", earlier)[0] == first, because


def test_a_second_item_of_one_edition_gets_the_next_text(world, voice):
    turns = replace(voice, assessment={"unchanged": {"en": (ONE, THREE)}}, outlook={})
    stories = [
        world.story(world.article(f"f{n}", "Frigate", f"The frigate number {n} made a port call in harbour {n} on {n} May."))
        for n in (4, 5)
    ]
    edition = compose_edition(world.inputs(*stories, voices={"port-calls": turns}), "en")
    own = [" ".join(one.text for one in item.sentences if one.own) for section in edition.sections for item in section.items]
    assert sorted(own) == sorted([ONE, THREE])


def test_what_an_edition_printed_in_the_analysts_words_is_read_from_its_data(world, voice, port_call):
    inputs = world.inputs(port_call, voices={"port-calls": voice})
    editions = {language: compose_edition(inputs, language) for language in ("en", "ru")}
    frozen = freeze_editions(editions, inputs.digest, frozen_at=datetime(2021, 5, 10, 5, tzinfo=UTC))
    (told,) = earlier_items([frozen], most=9)
    assert {"Valdis opens its harbour a little further.", "A second visit is likely, unless the weather turns."} <= told.own
    assert "Valdis opens its harbour a little further." not in {text for text, _ in told.headlines.values()}
    assert not any(sentence.text in told.own for edition in editions.values() for sentence in verbatim(edition))


def verbatim(edition):
    return [one for section in edition.sections for item in section.items for one in item.sentences if not one.own]
