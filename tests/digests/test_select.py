"""Stories are ranked by match, sources, stances and newness; each stands in one section."""

from dataclasses import replace

from monitor.digests.select import rank, select
from monitor.model.feed import Stance

CALL = "The frigate made a port call in Port Selma."
DRILL = "The exercise began near Port Selma."


def test_story_goes_to_the_section_that_it_matches_best(world):
    both = world.story(world.article("a", "T", f"{CALL} {CALL} {DRILL}"))
    land = world.story(world.article("b", "T", DRILL))
    chosen = select(world.inputs(both, land))
    assert [ranked.story.id for ranked in chosen["sea"].items] == [both.id]
    assert [ranked.story.id for ranked in chosen["land"].items] == [land.id]


def test_story_that_one_text_in_many_ties_to_a_rule_stands_where_most_tie_it(world):
    texts = [world.article(f"f{number}", "T", DRILL * 3) for number in range(4)]
    story = world.story(*texts, world.article("x", "T", f"{CALL} {CALL} {DRILL}"))
    chosen = select(world.inputs(story))
    assert (len(chosen["sea"].items), len(chosen["land"].items)) == (0, 1)


def test_independent_sources_raise_a_story_and_copies_do_not(world):
    section = world.digest().sections[0]
    inputs = world.inputs()
    alone = rank(world.story(world.article("a", "T", CALL)), section, inputs)
    copied = rank(world.story([world.article("a", "T", CALL), world.article("b", "T", CALL)]), section, inputs)
    carried = rank(world.story(world.article("a", "T", CALL), world.article("b", "T", CALL)), section, inputs)
    spread = rank(world.story(world.article("a", "T", CALL), world.article("b", "T", CALL, stance=Stance.EXILE)), section, inputs)
    assert alone.score == copied.score < carried.score < spread.score
    assert (copied.sources, carried.sources, spread.stances) == (1, 2, 2)


def test_newer_of_equal_stories_comes_first_and_the_rest_are_noted(world):
    stories = [world.story(world.article(f"f{day}", "T", CALL, day=day)) for day in (4, 8, 6, 5, 7, 3)]
    chosen = select(world.inputs(*stories))["sea"]
    days = [ranked.story.articles[0].article.published.day for ranked in (*chosen.items, *chosen.notes)]
    assert days == [8, 7, 6, 5]
    assert (len(chosen.items), len(chosen.notes)) == (2, 2)


def test_rule_on_trial_brings_no_story_into_an_edition(world):
    item = world.article("a", "T", CALL)
    matches = tuple(replace(match, shadow=True) for match in item.analysis.matches)
    shadowed = replace(item, analysis=replace(item.analysis, matches=matches))
    assert rank(world.story(shadowed), world.digest().sections[0], world.inputs()) is None


def test_rank_gives_its_reasons(world):
    ranked = rank(world.story(world.article("a", "T", CALL)), world.digest().sections[0], world.inputs())
    assert len(ranked.reasons) == 4
    assert "1 independent sources" in ranked.reasons[1]


def test_story_of_one_source_far_behind_the_leading_one_is_only_noted(world):
    leading = world.story(
        *(world.article(f"f{number}", "T", CALL * 9, stance=stance, day=8) for number, stance in enumerate(list(Stance)[:5]))
    )
    alone = world.story(world.article("z", "T", CALL, day=4))
    chosen = select(world.inputs(leading, alone))["sea"]
    assert [ranked.story.id for ranked in chosen.items] == [leading.id]
    assert [ranked.story.id for ranked in chosen.notes] == [alone.id]


def test_section_knows_where_its_stories_are_told_instead(world):
    texts = [world.article(f"f{number}", "T", DRILL * 3) for number in range(4)]
    story = world.story(*texts, world.article("x", "T", f"{CALL} {CALL} {DRILL}"))
    chosen = select(world.inputs(story))
    assert (chosen["sea"].elsewhere, chosen["land"].elsewhere) == (("land",), ())


PASSING = "\n".join(["Bakers of the town spoke of flour."] * 6)


def test_section_that_one_text_alone_is_about_gives_way_to_one_that_several_are_about(world):
    calls, drills = f"A port call by a frigate. {DRILL}", "An exercise, a drill and more exercise."
    preview = world.article("a", "Exercise and port call of the frigate", f"{calls}\nThe frigate made a port call.\n{drills}")
    other = world.article("b", "Exercise", f"{DRILL}\n{PASSING}\nThe frigate made a port call.")
    chosen = select(world.inputs(world.story(preview, other)))
    assert (len(chosen["sea"].items), len(chosen["land"].items)) == (0, 1)
    assert chosen["sea"].elsewhere == ("land",)


def test_story_that_only_mentions_the_matter_is_noted_below_one_about_it(world):
    passing = world.story(
        *(world.article(f"p{n}", "Bakers", f"{PASSING}\nThe frigate made a port call.", day=8) for n in range(4))
    )
    about = world.story(world.article("x", "The frigate on a port call", "The frigate made a port call.", day=4))
    chosen = select(world.inputs(passing, about))["sea"]
    assert [ranked.about for ranked in (*chosen.items, *chosen.notes)] == [1, 0]
    assert [ranked.story.id for ranked in chosen.items] == [about.id]
    assert "0 of 4 texts are about it" in chosen.notes[0].reasons[0]


def test_story_in_passing_is_told_where_there_is_nothing_else(world):
    passing = world.story(world.article("p", "Bakers", f"{PASSING}\nThe frigate made a port call."))
    assert len(select(world.inputs(passing))["sea"].items) == 1
