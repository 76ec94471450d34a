"""Where a rule's terms stand tells an article on its matter from one that mentions it in passing."""

import pytest

from monitor.digests.aboutness import aboutness
from monitor.model.match import Direction, Match

TOLD = "The frigate made a port call."
ONE_TERM = "The frigate lay still."
OTHER = "Bakers of the town spoke of flour."


def measured(world, title, text):
    item = world.article("a", title, text)
    (match,) = item.analysis.matches
    return aboutness(item.article, match)


@pytest.mark.parametrize(
    ("title", "sentences", "in_passing"),
    [
        pytest.param("A frigate on a port call", [OTHER] * 6, False, id="the title names the matter"),
        pytest.param("Bakers", [OTHER, TOLD, OTHER, OTHER, OTHER, OTHER], True, id="one sentence of six"),
        pytest.param("Bakers", [OTHER, TOLD, OTHER, OTHER, TOLD, OTHER], False, id="two sentences"),
        pytest.param("Bakers", [OTHER, TOLD, OTHER], False, id="one sentence of a short report"),
        pytest.param("A frigate", [ONE_TERM, ONE_TERM, TOLD, OTHER, OTHER], True, id="one term alone is no matter"),
    ],
)
def test_passing_mention(world, title, sentences, in_passing):
    assert measured(world, title, "\n".join(sentences)).in_passing is in_passing


def test_figures_and_reason(world):
    found = measured(world, "Bakers", f"{OTHER}\n{TOLD}\n{ONE_TERM}\n{TOLD}\n{OTHER}")
    assert (found.sentences, found.telling, found.first, found.titled) == (5, 2, 1, False)
    assert found.share == pytest.approx(2 / 7)
    assert found.reason == "port-calls in 2 of 5 sentences, from sentence 2"
    assert measured(world, "A frigate on a port call", "").reason == "port-calls in title and 0 of 0 sentences"


def test_rule_of_a_single_term_needs_no_second_one(world):
    assert not measured(world, "The frigate", "\n".join([OTHER] * 8)).in_passing


def test_match_without_spans_is_in_no_sentence(world):
    item = world.article("a", "Bakers", f"{OTHER} {OTHER}")
    assert aboutness(item.article, Match("r", 1, "", 1.0, 1.0, Direction.NEUTRAL, 0.0, ())).in_passing
