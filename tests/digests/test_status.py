"""A status is argued by its cues, weighs stances alike, and is unchanged unless sources carry it."""

import pytest

from monitor.digests.citations import source_ref
from monitor.digests.phrases import Ground
from monitor.digests.status import Bench, balance_of, judge_section, judge_story
from monitor.model.edition import Verdict
from monitor.model.feed import Stance

GOOD = "The mayor welcomed the frigate on its port call in Port Selma."
BAD = "The council expelled the frigate during its port call in Port Selma."
PLAIN = "The frigate made a port call in Port Selma without a ceremony."


def judge(story, threshold=2.0, past=frozenset(), language="en"):
    return judge_story(story, Bench(("port-calls",), threshold, language, past))


def test_two_independent_sources_carry_a_change(world):
    story = world.story(world.article("one", "Title", GOOD), world.article("two", "Title", GOOD, stance=Stance.EXILE))
    judged = judge(story)
    assert (judged.status.verdict, judged.status.balance, judged.status.independent_sources) == (Verdict.BETTER, 4.0, 2)
    assert judged.ground is Ground.CARRIED
    assert "2 independent sources" in judged.status.reason


def test_copies_count_once(world):
    story = world.story([world.article("one", "Title", GOOD), world.article("two", "Title", GOOD, stance=Stance.EXILE)])
    judged = judge(story)
    assert (judged.status.verdict, judged.ground) == (Verdict.UNCHANGED, Ground.ALONE)
    assert [cue.citation.source.feed for cue in judged.status.cues] == ["one"]


def test_two_feeds_of_one_publisher_are_one_source(world):
    story = world.story(world.article("ru", "T", GOOD, publisher="House"), world.article("en", "T", GOOD, publisher="House"))
    assert judge(story).ground is Ground.ALONE


def test_one_document_of_record_is_enough(world):
    judged = judge(world.story(world.article("gazette", "Title", GOOD, of_record=True)))
    assert (judged.status.verdict, judged.ground) == (Verdict.BETTER, Ground.OF_RECORD)


def test_each_stance_weighs_the_same_however_many_outlets_it_has(world):
    state = [world.article(f"state{number}", "Title", GOOD) for number in range(5)]
    exile = world.article("exile", "Title", BAD, stance=Stance.EXILE)
    judged = judge(world.story(*state, exile))
    assert judged.status.balance == pytest.approx((4.0 - 5.5) / 2)
    assert (judged.status.verdict, judged.ground) == (Verdict.UNCHANGED, Ground.CANCELLED)


def test_reports_without_a_cue_leave_it_unchanged(world):
    judged = judge(world.story(world.article("one", "Title", PLAIN), world.article("two", "Title", PLAIN)))
    assert (judged.status.verdict, judged.ground, judged.status.cues) == (Verdict.UNCHANGED, Ground.SILENT, ())


def test_balance_below_the_threshold_is_unchanged_and_says_which_way(world):
    story = world.story(world.article("one", "Title", BAD), world.article("two", "Title", BAD))
    judged = judge(story, threshold=9.0)
    assert (judged.status.verdict, judged.ground) == (Verdict.UNCHANGED, Ground.WEAK)
    assert "worsening" in judged.glance


def test_same_kind_of_signal_counts_once_in_a_source(world):
    text = GOOD + "\nThe crew was welcomed again by the guild after the port call of the frigate."
    judged = judge(world.story(world.article("one", "Title", text), world.article("two", "Title", GOOD)))
    assert [cue.counted for cue in judged.status.cues] == [True, False, True]
    assert "once in a source" in judged.status.cues[1].why_not
    assert judged.status.balance == 4.0


def test_signal_in_a_sentence_on_the_past_does_not_count(world):
    one = world.article("one", "Title", GOOD)
    judged = judge(world.story(one, world.article("two", "Title", GOOD)), past=frozenset({(one.article.id, 0)}))
    assert [cue.counted for cue in judged.status.cues] == [False, True]
    assert judged.ground is Ground.WEAK or judged.status.verdict is Verdict.UNCHANGED


def test_every_cue_carries_the_sentence_it_stands_in(world):
    text = "A first sentence about nothing at all. " + GOOD
    judged = judge(world.story(world.article("one", "Title", text), world.article("two", "Title", GOOD)))
    cue = judged.status.cues[0]
    assert cue.sentence == GOOD
    assert text[cue.citation.start : cue.citation.end] == GOOD


def test_balance_can_be_recomputed_from_what_is_printed(world):
    story = world.story(
        world.article("one", "T", GOOD), world.article("two", "T", PLAIN), world.article("three", "T", BAD, stance=Stance.EXILE)
    )
    status = judge(story).status
    sources = [source_ref(group.lead.article.source) for group in story.copies]
    assert balance_of(status.cues, sources) == status.balance == -1.75


def test_section_takes_the_mean_of_the_items_that_moved(world):
    better = judge(world.story(world.article("a", "T", GOOD), world.article("b", "T", GOOD)))
    worse = judge(world.story(world.article("c", "T", BAD), world.article("d", "T", BAD)))
    plain = judge(world.story(world.article("e", "T", PLAIN)))
    assert judge_section([better, plain], 2.0, "en").status.verdict is Verdict.BETTER
    both = judge_section([better, worse, plain], 2.0, "en")
    assert (both.status.verdict, both.ground, both.status.balance) == (Verdict.UNCHANGED, Ground.CANCELLED, -0.75)


def test_section_without_items_says_that_it_was_quiet():
    judged = judge_section([], 2.0, "ru")
    assert (judged.status.verdict, judged.ground) == (Verdict.UNCHANGED, Ground.QUIET)
