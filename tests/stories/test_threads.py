"""A matter is followed over weeks by the names its stories share, never by rule and country alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.threads import SAME_THREAD, follow_threads, with_threads


def stories(labelled):
    return {story.articles[0].article.id: story for story in group_stories(fold_copies([item for item, _ in labelled]))}


@pytest.fixture(scope="module")
def told(tellings):
    return stories(tellings)


def decide(found, kept=None):
    decided = follow_threads(list(found.values()), kept or {})
    return {name: decided[story.id] for name, story in found.items()}


def test_second_visit_continues_the_thread_of_the_first(labelled):
    found = stories(labelled)
    decision = decide(found)["ins2-en"]
    assert decision.thread == found["ins1-en"].id
    assert decision.similar[0].story is found["ins1-en"]
    assert decision.reason.startswith(f"continues {found['ins1-en'].id}: likeness 0.")
    assert "both name andris, slonim, ozols" in decision.reason


@pytest.mark.parametrize(
    ("late", "early"),
    [("inspection-lithuania-june-en", "inspection-lithuania-may-en"), ("exercise-ends-en", "exercise-opens-en")],
)
def test_the_next_step_of_a_matter_is_in_its_thread(told, late, early):
    assert decide(told)[late].thread == told[early].id


@pytest.mark.parametrize(
    ("late", "early", "why"),
    [
        ("attache-turkey-en", "attache-italy-en", "two countries send an attaché each"),
        ("inspection-denmark-en", "inspection-lithuania-may-en", "two inspections in one week"),
        ("sentence-vitsebsk-en", "sentence-homel-en", "two people are sentenced for the same deed"),
        ("talks-berlin-en", "call-washington-en", "one minister speaks with two countries"),
    ],
)
def test_two_matters_of_one_kind_are_two_threads(told, late, early, why):
    decided = decide(told)
    assert decided[late].thread != decided[early].thread, why


def test_story_without_likes_begins_a_thread(labelled):
    found = stories(labelled)
    decision = decide({name: found[name] for name in ("flo-en", "brd-en", "ins1-en")})["flo-en"]
    assert (decision.thread, decision.similar) == (found["flo-en"].id, ())
    assert "begins a thread" in decision.reason


def test_later_stories_and_the_story_itself_are_not_earlier(labelled):
    found = stories(labelled)
    assert decide({name: found[name] for name in ("ins1-en", "ins2-en")})["ins1-en"].similar == ()


def test_similar_stories_are_ranked(told):
    for decision in decide(told).values():
        values = [entry.likeness for entry in decision.similar]
        assert values == sorted(values, reverse=True)
        assert len(values) <= 5


def step(item, name, hours, text, **options):
    return group_stories(fold_copies([item(name, text, f"Of {name}", hours=hours, **options)]))[0]


def test_rule_and_country_alone_link_nothing(item):
    options = {"rules": ("attaches",), "mentions": ("belarus",)}
    steps = [
        step(item, f"s{place}", 200 * place, f"Officials of Belarus met {name} of {town} and spoke of {thing}.", **options)
        for place, (name, town, thing) in enumerate(
            [("Kask", "Tartu", "bread"), ("Holm", "Aarhus", "milk"), ("Ferri", "Torino", "salt")]
        )
    ]
    decided = follow_threads(steps, {})
    assert [decided[story.id].similar for story in steps] == [(), (), ()]
    assert len({decided[story.id].thread for story in steps}) == 3


def test_rule_in_common_lifts_a_likeness(item):
    def likeness(rules):
        words = " ".join(f"{{0}}{number}" for number in range(12))
        text = f"The northern harbour lends its ship Polar Bear to Bodo, and of {words} nothing more was said."
        one, two = (step(item, name, hours, text.format(name), rules=rules) for name, hours in (("a", 0), ("b", 400)))
        (found,) = follow_threads([one, two], {})[two.id].similar
        return found

    plain, ruled = likeness(()), likeness(("ships",))
    assert plain.likeness < ruled.likeness < 1.0
    assert "rules ships" in ruled.reason


def test_a_thread_runs_over_many_steps_under_its_first_id(item):
    text = "Colonel Tarmo Kask spoke with General Pavel Zhuk at Baranavichy about {}."
    things = ("bread", "radios", "a bridge", "fuel")
    steps = [step(item, f"s{n}", 500 * n, text.format(thing)) for n, thing in enumerate(things)]
    decided = follow_threads(steps, {})
    assert {decided[story.id].thread for story in steps} == {steps[0].id}


def test_what_was_decided_before_stands_and_is_continued(labelled):
    found = stories(labelled)
    decided = decide(found, {found["ins1-en"].id: "t0"})
    assert (decided["ins1-en"].thread, decided["ins2-en"].thread) == ("t0", "t0")
    assert decided["ins1-en"].reason == "decided at an earlier edition"


def test_stories_are_given_their_thread_and_the_reason(labelled):
    found = list(stories(labelled).values())
    decided = follow_threads(found, {})
    made = with_threads(found, decided)
    assert [(story.id, story.thread) for story in made] == [(story.id, decided[story.id].thread) for story in found]
    assert all(story.thread_reason for story in made)


def test_no_stories_have_no_threads():
    assert follow_threads([], {}) == {}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_in_which_stories_are_given_changes_nothing(told, seed):
    listed = list(told.values())
    shuffled = random.Random(seed).sample(listed, len(listed))
    assert follow_threads(shuffled, {}) == follow_threads(listed, {})


@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 13))
def test_decisions_of_one_edition_hold_at_the_next(told, size):
    listed = sorted(told.values(), key=lambda story: story.articles[0].article.first_seen)
    kept = {name: one.thread for name, one in follow_threads(listed[:size], {}).items()}
    later = follow_threads(listed, kept)
    assert {name: later[name].thread for name in kept} == kept
    assert all(one.thread in later for one in later.values())


def test_threads_take_likeness_above_that_of_similar_stories(told):
    for decision in decide(told).values():
        if decision.reason.startswith("continues"):
            assert decision.similar[0].likeness >= SAME_THREAD
