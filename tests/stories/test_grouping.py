"""Stories in a window that moves: those that may have changed are told, with the groups of copies that they hold."""

import pytest

from monitor.stories.folding import Regrouped
from monitor.stories.grouping import Grouping, counted_in
from monitor.stories.prints import Prints
from monitor.stories.profile import counted, rarities_of
from monitor.text.neighbours import ranks_of


@pytest.fixture
def prints(labelled):
    items = {item.article.id: item for item, _ in labelled}
    made = Prints()
    made.move(dict.fromkeys(items, b""), lambda ids: [items[name] for name in ids])
    return {known.number: known for known in sorted(made, key=lambda known: known.appeared)}


@pytest.fixture
def grouping(prints):
    return Grouping(rarities_of([counted_in([known]) for known in prints.values()]))


def alone(numbers):
    return frozenset((number,) for number in numbers)


def test_stories_are_told_with_the_first_group_in_front(prints, grouping, labelled):
    event = {item.article.id: event for item, event in labelled}
    ranks = ranks_of(list(prints))
    told = list(grouping.move(Regrouped(frozenset(), alone(prints)), prints, ranks))
    assert sorted(number for story in told for (number,) in story) == sorted(prints)
    for story in told:
        assert [ranks[number] for (number,) in story] == sorted(ranks[number] for (number,) in story)
        assert len({event[prints[number].id] for (number,) in story}) == 1


def test_story_that_loses_a_group_is_told_and_others_are_not(prints, grouping):
    ranks = ranks_of(list(prints))
    told = list(grouping.move(Regrouped(frozenset(), alone(prints)), prints, ranks))
    story = max(told, key=len)
    after = list(grouping.move(Regrouped(frozenset({story[-1]}), frozenset()), {}, ranks))
    touched = {number for one in after for (number,) in one}
    assert {number for (number,) in story[:-1]} <= touched
    assert story[-1][0] not in touched
    again = list(grouping.move(Regrouped(frozenset(), frozenset({story[-1]})), prints, ranks))
    assert story in again


def test_group_says_what_its_first_article_says_with_the_mentions_of_all(item, build_item):
    from monitor.model.story import CopyGroup

    items = {
        "a": item("a", "Ships lay in Riga.", mentions=["Riga"]),
        "b": item("b", "Ships lay in Riga.", mentions=["the fleet"], hours=1),
    }
    made = Prints()
    made.move(dict.fromkeys(items, b""), lambda ids: [items[name] for name in ids])
    found = counted_in(sorted(made, key=lambda known: known.appeared))
    wanted = counted(CopyGroup(tuple(items.values())))
    assert found.names.keys.tolist() == wanted.names.keys.tolist()
    assert found.names.weights.tolist() == wanted.names.weights.tolist()
    assert found.terms.keys.tolist() == wanted.terms.keys.tolist()
