"""A window that moves tells the same stories as telling them anew, and remembers no more than it holds."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories import kept as kept_module
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.window import StoryWindow

FOOT = "This paper is printed by the harbour town and belongs to its readers."


def anew(items):
    return group_stories(fold_copies(items))


@pytest.fixture(scope="session")
def world(labelled, tellings, build_item):
    """The labelled sets, cut copies of some of their articles, copies in other words, and a host with a foot under each page."""
    items = [item for item, _ in (*labelled, *tellings)]
    made = list(items)
    for place, item in enumerate(items[::4]):
        article, words = item.article, item.article.text.split()
        cut = " ".join(words[: len(words) * 3 // 4])
        other = " ".join(word for number, word in enumerate(words) if number % 5)
        made += [
            build_item(f"cut{place}", cut, article.title, language=article.language, hours=place),
            build_item(f"other{place}", f"{other}\n{FOOT}", article.title, host="paper.example.org", hours=place + 1),
        ]
    return sorted(made, key=lambda item: (item.article.first_seen, item.article.id))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 150), st.integers(0, 60)), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_stories_of_a_moving_window_are_those_told_anew(world, spans, rng):
    window = StoryWindow()
    for start, size in spans:
        part = world[start : start + size]
        assert window.tell(rng.sample(part, len(part))) == anew(part)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 12))
def test_polls_one_after_the_other_give_the_same_as_one(world, step):
    window = StoryWindow()
    for end in range(40, 70, step):
        told = window.tell(world[:end])
    assert told == anew(world[:end])


def test_article_that_stays_is_read_once(world, monkeypatch):
    window, read = StoryWindow(), []
    window.tell(world[:50])
    for name in ("side_of", "counted"):
        made = getattr(kept_module, name)
        monkeypatch.setattr(kept_module, name, lambda *given, made=made: (read.append(1), made(*given))[1])
    window.tell(world[:50])
    assert not read
    window.tell(world[2:51])
    assert 1 <= len(read) <= 4


def test_reason_of_a_copy_is_the_same_where_its_nearest_text_does_not_match_it(item):
    words = [f"w{number}" for number in range(120)]
    numbers = " ".join(f"Nr {number}" for number in range(300, 340))
    other = " ".join(f"Nr {number}" for number in range(700, 740))
    whole, near, far = " ".join(words), " ".join([*words[:110], numbers]), " ".join([*words[:112], other])
    items = [item("a", whole), item("b", near, hours=1), item("c", far, hours=2), item("d", " ".join(words[:90]), hours=3)]
    window = StoryWindow()
    for _ in range(3):
        assert window.tell(items) == anew(items)


def test_revised_article_is_read_anew(world):
    window = StoryWindow()
    window.tell(world)
    item = world[3]
    revised = dataclasses.replace(
        item, article=dataclasses.replace(item.article, text="A foundry closed in Polotsk.", revision=1)
    )
    changed = [revised if other is item else other for other in world]
    assert window.tell(changed) == anew(changed)


def test_foot_that_becomes_common_is_discounted_in_older_articles_too(item):
    texts = [f"Ships of the {word} line lay in the ice near the {word} pier.\n{FOOT}" for word in ("one", "two", "six", "ten")]
    items = [item(f"n{number}", text, host="paper.example.org", hours=number) for number, text in enumerate(texts)]
    window = StoryWindow()
    for end in range(1, 5):
        assert window.tell(items[:end]) == anew(items[:end])


def test_what_has_left_the_window_is_forgotten(world):
    window = StoryWindow()
    for start in range(0, 120, 20):
        window.tell(world[start : start + 20])
    moved = len(window)
    fresh = StoryWindow()
    fresh.tell(world[100:120])
    assert moved == len(fresh)
    window.tell([])
    assert len(window) == 0
