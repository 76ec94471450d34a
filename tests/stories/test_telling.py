"""By which articles the rarity of words is judged, and that telling at once depends on nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import telling
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.telling import ALL_UP_TO, settled, tell_stories


@given(st.integers(0, 300_000))
def test_between_seven_tenths_and_all_of_the_articles_judge(count):
    assert (count if count <= ALL_UP_TO else 0.7 * count) <= settled(count) <= count


@given(st.integers(ALL_UP_TO + 1, 300_000))
def test_late_articles_find_the_judges_as_they_were(count):
    assert settled(count) <= max(ALL_UP_TO, count * 15 / 16)
    assert settled(count) <= settled(count + 1)


def test_judges_are_others_only_after_a_growth_by_a_quarter():
    assert len({settled(count) for count in range(20_000, 24_999)}) <= 2


def test_few_articles_are_judged_by_one_another(labelled):
    items = [item for item, _ in labelled]
    assert tell_stories(items) == group_stories(fold_copies(items))


def test_stories_judged_by_the_first_articles_do_not_depend_on_the_order_given(labelled, monkeypatch):
    monkeypatch.setattr(telling, "ALL_UP_TO", 8)
    items = [item for item, _ in labelled]
    told = tell_stories(items)
    assert told == tell_stories(items[::-1])
    assert {item.article.id for story in told for item in story.articles} == {item.article.id for item in items}
