"""Earlier stories of the same matter are offered, most alike first, with the reason."""

from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.threads import thread_of


def stories(labelled):
    return {story.articles[0].article.id: story for story in group_stories(fold_copies([item for item, _ in labelled]))}


def test_second_visit_continues_the_thread_of_the_first(labelled):
    found = stories(labelled)
    decision = thread_of(found["ins2-en"], list(found.values()))
    assert decision.thread == found["ins1-en"].id
    assert decision.similar[0].story is found["ins1-en"]
    assert "both name" in decision.reason


def test_story_without_likes_begins_a_thread(labelled):
    found = stories(labelled)
    decision = thread_of(found["flo-en"], [found["brd-en"], found["ins1-en"]])
    assert (decision.thread, decision.similar) == (found["flo-en"].id, ())
    assert "begins a thread" in decision.reason


def test_later_stories_and_the_story_itself_are_not_earlier(labelled):
    found = stories(labelled)
    assert thread_of(found["ins1-en"], [found["ins1-en"], found["ins2-en"]]).similar == ()


def test_similar_stories_are_ranked_and_limited(labelled):
    found = stories(labelled)
    decision = thread_of(found["ins2-en"], list(found.values()), most=1)
    assert len(decision.similar) == 1
    values = [entry.likeness for entry in thread_of(found["ins2-en"], list(found.values())).similar]
    assert values == sorted(values, reverse=True)


def test_rule_in_common_lifts_a_weak_likeness(item):
    def one(name, hours, rules):
        words = " ".join(f"{name}{number}" for number in range(12))
        text = f"The northern harbour lends its ship Polar Bear to Bodo, and of {words} nothing more was said."
        return group_stories(fold_copies([item(name, text, hours=hours, rules=rules)]))[0]

    plain = thread_of(one("b", 400, ()), [one("a", 0, ())]).similar[0].likeness
    ruled = thread_of(one("b", 400, ("ships",)), [one("a", 0, ("ships",))]).similar[0]
    assert plain < ruled.likeness < 1.0
    assert "rules ships" in ruled.reason
