"""A status is said in arrow, word and sentence, and argued in one line."""

from dataclasses import replace

import pytest

from monitor.digests.render.idiom import idiom_of
from monitor.digests.render.status import in_context, quoted_list, status_view
from monitor.model.edition import Status, Verdict


@pytest.mark.parametrize(
    ("verdict", "arrow", "sentence"),
    [
        (Verdict.BETTER, "↑", "The situation has improved"),
        (Verdict.WORSE, "↓", "The situation has worsened"),
        (Verdict.UNCHANGED, "→", "The situation has not changed"),
    ],
)
def test_verdict_is_never_told_by_colour_alone(digest, verdict, arrow, sentence):
    view = status_view(Status(verdict, "why"), idiom_of("en", digest))
    assert (view.arrow, view.sentence) == (arrow, sentence)
    assert view.word


def test_the_argument_names_balance_sources_and_cues(sample, digest):
    view = status_view(sample.ATTACHE_ITEM.status, idiom_of("en", digest))
    assert view.argument == (
        "Balance +3.5 against a threshold of 2; 3 independent sources; "
        "“… Ferris was accredited on 5 …” +2, “Атташе аккредитован по совместительству …” +1.5"
    )
    assert [cue.verdict for cue in view.cues] == ["counted", "counted", "not counted: commentary, not an act"]


def test_many_cues_are_counted_after_the_third(sample, digest):
    first = sample.ATTACHE_ITEM.status.cues[0]
    cues = tuple(replace(first, text=f"officer {number} was accredited") for number in range(5))
    status = replace(sample.ATTACHE_ITEM.status, cues=cues)
    assert status_view(status, idiom_of("en", digest)).argument.endswith("“officer 2 was accredited” +2, +2 more")


def test_the_same_words_are_named_once_with_their_weight_together(sample, digest):
    status = replace(sample.ATTACHE_ITEM.status, cues=(sample.ATTACHE_ITEM.status.cues[0],) * 5)
    assert status_view(status, idiom_of("en", digest)).argument.endswith("“… Ferris was accredited on 5 …” +10")


@pytest.mark.parametrize(
    ("cue", "sentence", "shown"),
    [
        ("places", "A notice places the main exercise inside Russia.", "A notice places the main …"),
        ("found no discrepancy", "The team found no discrepancy at all.", "found no discrepancy"),
        ("attaché", "The attaché.", "The attaché"),
        ("build", "A slow re-build-up of forces goes on.", "A slow re-build-up of forces …"),
        ("one two three four five six seven eight nine ten", "", "one two three four … seven eight nine ten"),
        ("absent", "The sentence was normalised otherwise.", "absent"),
    ],
)
def test_a_short_cue_is_shown_among_its_neighbours_and_a_long_one_by_its_ends(cue, sentence, shown):
    assert in_context(cue, sentence) == shown


def test_an_override_is_said_first(sample, digest):
    view = status_view(replace(sample.ATTACHE_ITEM.status, override="editor knows better", cues=()), idiom_of("en", digest))
    assert view.argument.startswith("Set by hand: editor knows better; Balance")
    assert view.argument.endswith("no cue was counted")


def test_numbers_follow_the_language(sample, digest):
    worse = replace(sample.ATTACHE_ITEM.status, balance=-2.5)
    assert "Баланс −2,5 при пороге 2; 3 независимых источника" in status_view(worse, idiom_of("ru", digest)).argument


def test_long_lists_of_words_are_cut_and_counted(digest):
    idiom = idiom_of("en", digest)
    assert quoted_list(("a", "b", "c"), idiom, 2) == "“a”, “b”, and “c”"
    assert quoted_list(("a", "b", "c", "d"), idiom, 2) == "“a”, “b”, +2 more"
