"""An earlier story is of the same matter by its thread, or by names that say more than who is watched."""

from datetime import UTC, datetime

import pytest

from monitor.digests.earlier import related
from monitor.digests.scope import scope_of

OLD = datetime(2021, 4, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earlier", "thread", "found"),
    [
        pytest.param("A frigate of Norrland is on a port call in Valdis.", "", 0, id="two countries and a rule are no matter"),
        pytest.param("Harun of Valdis sees a frigate of Norrland.", "", 0, id="one person beside the countries is not enough"),
        pytest.param("Harun sees a frigate of Norrland in Port Selma.", "", 1, id="a person and a place"),
        pytest.param("A frigate of Norrland is on a port call in Valdis.", "t", 1, id="the thread needs no names"),
    ],
)
def test_names_that_make_a_matter(world, earlier, thread, found):
    now = "Admiral Harun welcomed the frigate of Norrland on a port call in Port Selma, Valdis said."
    story = world.story(world.article("a", "A port call", now), thread="t")
    before = world.story(world.article("b", "A port call", earlier, at=OLD), thread=thread)
    assert len(related(story, {"port-calls"}, scope_of(world.inputs(story, earlier=(before,)), "en"))) == found


def test_a_rule_that_one_article_of_many_matches_is_not_what_a_story_is_about(world):
    now = world.story(world.article("a", "A port call", "Admiral Harun welcomed the frigate on a port call in Port Selma."))
    aside = world.article("b", "A mayor", "Harun of Port Selma spoke of bread, and of a port call.", at=OLD)
    others = [world.article(f"c{n}", "A mayor", f"Harun of Port Selma spoke of bread, loaf {n}.", at=OLD) for n in range(2)]
    before = world.story(aside, *others)
    assert related(now, {"port-calls"}, scope_of(world.inputs(now, earlier=(before,)), "en")) == ()
    assert related(now, {"port-calls"}, scope_of(world.inputs(now, earlier=(world.story(aside),)), "en"))


def test_of_many_port_calls_the_one_with_the_same_admiral_is_of_the_matter(world):
    def story(name, text, **more):
        return world.story(world.article(name, "A port call", f"{text} made a port call.", **more))

    now = story("now", "A frigate of Norrland with Admiral Harun in Port Selma")
    common = [story(f"c{n}", "A frigate of Norrland in Port Selma", at=OLD) for n in range(5)]
    rare = story("rare", "A frigate of Norrland with Harun in Port Selma", at=OLD.replace(year=2020))
    assert related(now, {"port-calls"}, scope_of(world.inputs(now, earlier=(*common, rare)), "en")) == (rare,)
