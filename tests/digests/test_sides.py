"""What one side alone tells is shown only where a name says so that the other side cannot have said in other words."""

from dataclasses import replace

import pytest

from monitor.digests.prose import merge
from monitor.digests.roles import cast
from monitor.digests.scope import scope_of
from monitor.digests.sentences import tell_article
from monitor.digests.sides import one_sided
from monitor.model.feed import Stance


@pytest.mark.parametrize(
    ("of", "shown"),
    [
        pytest.param("", True, id="a place that the other side does not name is a sign"),
        pytest.param("valdis", False, id="a capital is none where the other side speaks of its country"),
        pytest.param("norrland", True, id="of a country that the other side leaves out it is one again"),
    ],
)
def test_what_stands_for_a_known_name_is_no_sign_that_one_side_tells_more(world, names, of, shown):
    state = world.article("state", "Frigate comes", "The frigate made a port call on 4 May, a spokesman of Valdis said.")
    said = "Bakers of Port Selma struck on 6 May because the frigate had taken their flour."
    story = world.story(state, world.article("free", "Frigate comes", said, stance=Stance.EXILE, day=6))
    known = tuple(replace(name, of=of) if name.id == "harbour" else name for name in names)
    scope = scope_of(world.inputs(story, names=known), "en")
    told = [one for group in story.copies for one in tell_article(group.lead, ("port-calls",), scope)]
    sayings = merge([cast(one, scope) for one in told], scope)
    found = one_sided(story, told, sayings, (), scope)
    assert [one.sentence.text for one in found if one.stance is Stance.EXILE] == [said] * shown
