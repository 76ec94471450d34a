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
