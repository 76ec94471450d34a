import pytest

from monitor.model.match import Direction
from monitor.rules.marks import UNJUDGED, Judged, Mark, judged_article


def test_a_whole_judgement_says_of_every_other_rule_that_it_should_not_match():
    judged = judged_article({"labels": ["a"], "also_ok": ["b", "a"], "direction": "worsens"})
    assert [judged.mark(rule) for rule in "abc"] == [Mark.RELEVANT, Mark.EITHER, Mark.NOT_RELEVANT]
    assert judged.direction is Direction.WORSENS


@pytest.mark.parametrize("value", [{}, {"labels": None}, {"labels": "a"}, {"title": "x", "direction": "worsens"}])
def test_an_article_without_a_list_of_labels_is_not_judged(value):
    assert judged_article(value) == UNJUDGED
    assert judged_article(value).mark("a") is Mark.NONE


def test_a_mark_of_one_rule_corrects_a_whole_judgement_and_leaves_the_rest_of_it():
    judged = Judged(frozenset({"a"}), whole=True).joined(Judged(relevant=frozenset({"b"})))
    assert [judged.mark(rule) for rule in "abc"] == [Mark.RELEVANT, Mark.RELEVANT, Mark.NOT_RELEVANT]
