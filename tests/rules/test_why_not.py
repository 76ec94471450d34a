"""Why an expected article was missed: what failed, nearest first, and a change that the engine itself confirms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.match import Document
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.why_not import edit_distance, nearly, why_not, why_not_lines

RULE = """\
schema: 1
id: harbour
version: 1
title: Harbour
status: active
owner: desk
created: 2024-01-01
modified: 2024-01-01
description: Grain ships in the harbour.
terms:
  ship: {en: ["freighter", "grain (ship|ships)"]}
  port: {en: ["harbour"]}
  grain: {en: ["barley"]}
match:
  require:
    - {near: [ship, port], within: 4}
    - {any: [grain, port]}
  score:
    - {term: ship, weight: 3}
    - {term: grain, weight: 2}
  threshold: THRESHOLD
tests:
  should_match: [{lang: en, title: "Freighter in the harbour with barley"}]
  should_not_match: [{lang: en, title: "Rain"}]
"""


@pytest.fixture
def ask(tmp_path):
    """Asks about a title: `ask(title, threshold=1)` gives the answer."""

    def asked(title, threshold=1, text=""):
        (tmp_path / "harbour.yml").write_text(RULE.replace("THRESHOLD", str(threshold)), encoding="utf-8")
        ruleset = load_rules(tmp_path)
        asked.engine = Engine(ruleset)
        return why_not(ruleset.by_id["harbour"], ruleset, asked.engine, Document("a", title, text, "en", language_sure=True))

    return asked


CASES = [
    ("A letter is missing from a word.", "Freigter in the harbour", 'add "freigter" to terms.ship.en'),
    ("A word has another ending.", "Freighters in the harbour", 'add "freighters" to terms.ship.en'),
    (
        "The words stand too far apart.",
        "Freighter came at last and after a long week to the harbour",
        "set within: 10 in near(ship, port)",
    ),
    ("All words of a phrase but one are there.", "Barge ships in the harbour", 'add "barge ships" to terms.ship.en'),
]


@pytest.mark.parametrize(("why", "title", "change"), CASES, ids=[case[0] for case in CASES])
def test_the_change_that_mends_it_is_told(ask, why, title, change):
    told = ask(title)
    assert not told.matched
    assert told.changes == (change,)
    assert change in "\n".join(why_not_lines(told))


def test_a_score_that_falls_short_names_the_threshold_it_would_pass(ask):
    told = ask("Freighter in the harbour", threshold=5)
    assert told.stopped_at.startswith("threshold")
    assert told.changes[0].startswith("set threshold: 4.5")
    assert [lack.condition for lack in told.lacks] == ["grain"]


def test_two_words_that_are_both_nearly_there_are_told_together(ask):
    told = ask("Freigter in the harbor")
    assert told.changes == ('add "freigter" to terms.ship.en', 'add "harbor" to terms.port.en')


def test_what_came_nearest_stands_first(ask):
    told = ask("Freigter near the river")
    assert told.lacks[0].condition == "ship"
    assert [lack.nearness for lack in told.lacks] == sorted((lack.nearness for lack in told.lacks), reverse=True)
    assert told.lacks[0].words[0].word == "Freigter"


def test_an_article_of_another_matter_gets_no_change(ask):
    told = ask("The choir sang all evening")
    assert told.changes == ()
    assert "no word, distance or threshold alone mends it" in "\n".join(why_not_lines(told))


def test_an_article_that_matches_lacks_nothing(ask):
    told = ask("Freighter in the harbour with barley")
    assert (told.matched, told.lacks, told.changes) == (True, (), ())
    assert why_not_lines(told) == ["MATCH harbour: nothing is missing"]


@pytest.mark.parametrize(
    ("title", "threshold", "near"),
    [
        pytest.param("Freighter in the harbour", 5, True, id="half a point below the threshold"),
        pytest.param("Freighter in the harbour", 7, False, id="far below the threshold"),
        pytest.param("Freighter with barley", 1, True, id="one of two requirements failed"),
        pytest.param("Freighter on the river", 1, False, id="both requirements failed"),
        pytest.param("The harbour is closed", 1, False, id="one requirement failed but nothing scores"),
        pytest.param("Freighter in the harbour with barley", 1, False, id="a match is no near miss"),
    ],
)
def test_near_misses(ask, title, threshold, near):
    ask(title, threshold)
    found, _ = ask.engine.evaluate("harbour", Document("a", title, "", "en", language_sure=True))
    assert nearly(found) is near


words = st.text("abc", max_size=6)


@given(words, words)
def test_edit_distance_is_symmetric_and_zero_only_for_equal_words(one, other):
    assert edit_distance(one, other, 9) == edit_distance(other, one, 9)
    assert (edit_distance(one, other, 9) == 0) == (one == other)


@given(words, words, words)
def test_edit_distance_obeys_the_triangle(one, other, third):
    assert edit_distance(one, third, 20) <= edit_distance(one, other, 20) + edit_distance(other, third, 20)


@given(words, words, st.integers(0, 3))
def test_edit_distance_above_the_limit_is_the_limit_and_one(one, other, most):
    assert edit_distance(one, other, most) == min(edit_distance(one, other, 20), most + 1)
