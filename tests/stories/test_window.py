"""A window that moves tells the same stories as telling them at once, in whatever order articles come, and reads each of them once."""

import dataclasses
import functools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories import copies, prints, profile, telling
from monitor.stories.telling import tell_stories
from monitor.stories.window import StoryWindow

FOOT = "This paper is printed by the harbour town and belongs to its readers."


class Shelf:
    """Articles as a store would give them, and which were asked for."""

    def __init__(self, items):
        self.items = {item.article.id: item for item in items}
        self.read = []

    def stamps(self):
        return {name: str(hash(item)).encode() for name, item in self.items.items()}

    def articles(self, ids):
        self.read += ids
        return tuple(self.items[name] for name in ids if name in self.items)


def told_by(window, items):
    shelf = Shelf(items)
    return window.move(shelf.stamps(), shelf.articles)


def at_once(items):
    return {item.article.id: story.id for story in tell_stories(items) for item in story.articles}


@pytest.fixture(scope="session")
def world(labelled, tellings, build_item):
    """The labelled sets, cut copies of some of their articles, copies in other words, bare titles, and a host with a foot under each page."""
    items = [item for item, _ in (*labelled, *tellings)]
    made = list(items)
    for place, item in enumerate(items[::7]):
        article, words = item.article, item.article.text.split()
        cut = " ".join(words[: len(words) * 3 // 4])
        other = " ".join(word for number, word in enumerate(words) if number % 5)
        made += [
            build_item(f"cut{place}", cut, article.title, language=article.language, hours=place, rules=["ships"]),
            build_item(f"other{place}", f"{other}\n{FOOT}", article.title, host="paper.example.org", hours=place + 1),
            build_item(f"same{place}", article.text, article.title, language=article.language, hours=place, mentions=["Polotsk"]),
            build_item(f"bare{place}", "Read on.", article.title, host="bare.example.org", hours=place + 2),
        ]
    return sorted(made, key=lambda item: (item.article.first_seen, item.article.id))


@pytest.fixture(autouse=True, scope="module")
def words_are_read_once():
    """Reading is not what is tested here, and takes nine tenths of the time."""
    with pytest.MonkeyPatch.context() as patch:
        for name, homes in {"side_of": (copies, prints), "counted_alone": (profile, prints)}.items():
            remembered = functools.cache(getattr(homes[0], name))
            for home in homes:
                patch.setattr(home, name, remembered)
        yield


@pytest.fixture(params=[1_000, 16], ids=["all judge all", "the first ones judge"])
def few_or_many(request, monkeypatch):
    monkeypatch.setattr(telling, "ALL_UP_TO", request.param)


@pytest.mark.usefixtures("few_or_many")
class TestMoves:
    """Both where all articles are judged by one another, and where the first ones are enough."""

    @settings(max_examples=10, deadline=None)
    @given(st.data())
    def test_stories_of_a_moving_window_are_those_told_at_once(self, world, data):
        window = StoryWindow()
        part = data.draw(st.sets(st.sampled_from(range(len(world))), min_size=20))
        for _ in range(data.draw(st.integers(1, 4))):
            part ^= data.draw(st.sets(st.sampled_from(range(len(world))), max_size=12))
            items = [world[place] for place in part]
            assert told_by(window, items) == at_once(items)

    @settings(max_examples=3, deadline=None)
    @given(st.randoms(use_true_random=False))
    def test_order_and_size_of_what_arrives_change_nothing(self, world, rng):
        window, arrived = StoryWindow(), []
        waiting = rng.sample(world, len(world))
        while waiting:
            size = rng.randint(1, 60)
            arrived, waiting = arrived + waiting[:size], waiting[size:]
            told = told_by(window, arrived)
        assert told == at_once(world)

    def test_revised_article_is_read_anew(self, world):
        window = StoryWindow()
        told_by(window, world)
        item = world[3]
        revised = dataclasses.replace(
            item, article=dataclasses.replace(item.article, text="A foundry closed in Polotsk.", revision=1)
        )
        changed = [revised if other is item else other for other in world]
        assert told_by(window, changed) == at_once(changed)

    def test_foot_that_becomes_common_is_discounted_in_older_articles_too(self, world, item):
        texts = [
            f"Ships of the {word} line lay in the ice near the {word} pier.\n{FOOT}" for word in ("one", "two", "six", "ten")
        ]
        items = [item(f"n{number}", text, host="quay.example.org", hours=number) for number, text in enumerate(texts)]
        window = StoryWindow()
        for end in range(1, 5):
            assert told_by(window, world + items[:end]) == at_once(world + items[:end])

    def test_what_only_the_rules_say_otherwise_is_told_otherwise(self, world):
        window = StoryWindow()
        told_by(window, world)
        changed = [
            dataclasses.replace(item, analysis=dataclasses.replace(item.analysis, matches=(), mentions=())) for item in world
        ]
        assert told_by(window, changed) == at_once(changed)


def test_article_that_stays_is_read_once(world, monkeypatch):
    monkeypatch.setattr(telling, "ALL_UP_TO", 16)
    window = StoryWindow()
    shelf = Shelf(world[:-5])
    window.move(shelf.stamps(), shelf.articles)
    assert sorted(shelf.read) == sorted(shelf.items)
    later = Shelf(world)
    window.move(later.stamps(), later.articles)
    assert sorted(later.read) == sorted(item.article.id for item in world[-5:])


def test_window_that_is_filled_in_parts_reads_each_article_twice_and_holds_few(world, monkeypatch):
    monkeypatch.setattr(prints, "READ_AT_ONCE", 7)
    shelf, most = Shelf(world), []
    window = StoryWindow()
    told = window.move(shelf.stamps(), lambda ids: (most.append(len(ids)), shelf.articles(ids))[1])
    assert told == at_once(world)
    assert max(most) == 7
    assert len(shelf.read) <= 2.2 * len(world)


def test_article_that_vanishes_while_it_is_read_is_left_out(world):
    shelf = Shelf(world)
    stamps = shelf.stamps()
    del shelf.items[world[0].article.id]
    window = StoryWindow()
    assert window.move(stamps, shelf.articles) == at_once(world[1:])


def test_reader_that_fails_leaves_the_window_as_it_was(world):
    window = StoryWindow()
    told_by(window, world[:40])

    def fails(_):
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        window.move(Shelf(world).stamps(), fails)
    assert told_by(window, world) == at_once(world)


def test_window_that_could_not_judge_begins_anew(world, monkeypatch):
    window = StoryWindow()
    told_by(window, world[:40])
    with monkeypatch.context() as patch:
        patch.setattr("monitor.stories.window.rarities_of", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            told_by(window, world)
    assert told_by(window, world) == at_once(world)


def test_what_has_left_the_window_is_forgotten(world):
    window = StoryWindow()
    for start in range(0, 120, 20):
        told_by(window, world[start : start + 20])
    assert len(window) == 20
    assert told_by(window, []) == {}
    assert len(window) == 0


def test_story_keeps_its_id_while_its_first_article_stays(world, build_item):
    window = StoryWindow()
    before = told_by(window, world)
    last = max(item.article.first_seen for item in world)
    late = build_item("late", world[5].article.text, world[5].article.title, language=world[5].article.language)
    late = dataclasses.replace(late, article=dataclasses.replace(late.article, first_seen=last + timedelta(hours=1)))
    after = told_by(window, [*world, late])
    assert after["late"] == before[world[5].article.id]
    assert {name: after[name] for name in before} == before
