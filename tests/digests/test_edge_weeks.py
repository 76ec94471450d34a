"""Weeks at the edges: nothing, one item, five hundred stories, one source two hundred times. Each gives an edition to be respected."""

from datetime import UTC, datetime
from time import process_time

import pytest

from monitor.digests.check import check_edition
from monitor.digests.compose import compose_edition
from monitor.model.edition import Role, Verdict
from monitor.model.feed import Stance
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories

LANGUAGES = ("en", "ru", "be")
SECONDS = 10
PLACES = ("pier", "dock", "quay", "jetty", "basin", "slip", "mole", "berth")


def many_stories(world, count):
    """Stories on as many ships, each told by one to three sources."""
    stances = list(Stance)
    stories = []
    for place in range(count):
        day = place % 6 + 3
        text = (
            f"The frigate Storm-{place} of Norrland began a port call in Port Selma on {day} May, the navy of Valdis said.\n"
            f"Admiral Harun welcomed the crew of Storm-{place} at the {PLACES[place % 8]} on {day} May.\n"
            f"The last port call of the frigate Storm-{place} ended on 12 March.\n"
            f"The frigate Storm-{place} will leave Port Selma on 20 May."
        )
        stories.append(
            world.story(
                *(
                    world.article(f"f{place}-{n}", f"Frigate Storm-{place} begins a port call", text, day=day, stance=stances[n])
                    for n in range(place % 3 + 1)
                )
            )
        )
    return stories


@pytest.mark.parametrize("language", LANGUAGES)
def test_week_of_nothing_says_so_and_claims_nothing(world, names, language):
    edition = compose_edition(world.inputs(), language)
    assert check_edition(edition, {}, names) == []
    assert all(section.items == section.notes == () and section.glance for section in edition.sections)
    assert {section.status.verdict for section in edition.sections} == {Verdict.UNCHANGED}
    assert edition.watch == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_week_of_one_item_tells_it_with_day_and_source(world, names, language):
    story = world.story(
        world.article("one", "Frigate of Norrland begins a port call", "The frigate of Norrland began a port call on 4 May.")
    )
    edition = compose_edition(world.inputs(story), language)
    assert check_edition(edition, world.articles(), names) == []
    (item,) = edition.sections[0].items
    (sentence,) = item.sentences
    assert sentence.day is not None
    assert [citation.article for citation in sentence.citations] == [item.sources[0].article]
    assert item.one_sided == ()
    assert edition.coverage.stories == 1


def test_week_of_five_hundred_stories_is_bounded_in_length_and_time(world, names):
    stories = many_stories(world, 500)
    earlier = many_stories(world, 100)
    inputs = world.inputs(*stories, earlier=tuple(earlier))
    begun = process_time()
    edition = compose_edition(inputs, "en")
    assert process_time() - begun < SECONDS
    assert check_edition(edition, world.articles(), names) == []
    section = edition.sections[0]
    assert (len(section.items), len(section.notes)) == (2, 2)
    assert edition.coverage.stories == 500
    assert len(edition.watch) <= 6
    assert compose_edition(world.inputs(*reversed(stories), earlier=tuple(earlier)), "en") == edition


def test_source_that_publishes_an_item_two_hundred_times_is_one_voice(world, names):
    text = (
        "The frigate of Norrland was welcomed to a port call in Port Selma on 4 May, the navy of Valdis said.\n"
        "Admiral Harun welcomed the crew and praised the port call of the frigate on 4 May."
    )
    items = [
        world.article(
            "loud", "Frigate welcomed to a port call", text, at=datetime(2021, 5, 4, 9 + place // 60, place % 60, tzinfo=UTC)
        )
        for place in range(200)
    ]
    stories = group_stories(fold_copies(items))
    edition = compose_edition(world.inputs(*stories), "en")
    assert check_edition(edition, world.articles(), names) == []
    (item,) = edition.sections[0].items
    assert len(item.sources) == 1
    assert item.copies == ()
    assert item.status.verdict is Verdict.UNCHANGED
    assert len({sentence.text for sentence in item.sentences}) == len(item.sentences) == 2
    assert all(len(sentence.citations) == 1 for sentence in item.sentences)
    assert edition.coverage.copies_folded == 199
    assert {sentence.role for sentence in item.sentences} <= {Role.THESIS, Role.EVENT, Role.CLAIM}
