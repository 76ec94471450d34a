"""What each part of a rule means, on the smallest rules that show it."""

import sys

import pytest

from monitor.model.match import Direction

PADDING = " The weather stayed mild over the weekend and people walked along the shore until late."
RULE = """\
schema: 1
id: thing
version: 1
title: Thing
status: draft
scope: {langs: [en, ru]}
terms:
  a: {en: ["alpha", "alpha prime"], ru: ["альф*"]}
  b: {en: ["beta*"], ru: ["бет*"]}
  c: {en: ["gamma"], ru: ["гамм*"]}
"""


@pytest.fixture
def run(engine, article):
    """Evaluates a rule with this rest on an article."""

    def evaluated(rest, title="", text="", language="en", **more):
        built = engine({"thing.yml": RULE + rest})
        return built.evaluate("thing", article(title, text + (PADDING if language == "en" else ""), language, **more))[0]

    return evaluated


NEAR = "match: {require: [{near: [a, b], within: 2%s}]}"


@pytest.mark.parametrize(
    ("more", "title", "holds", "because"),
    [
        ("", "alpha one two beta", True, "two words in between are within 2"),
        ("", "alpha one two three beta", False, "three are not"),
        ("", "beta alpha", True, "either order will do"),
        (", order: true", "beta alpha", False, "unless order counts"),
        (", order: true", "alpha betas", True, "and it is the one written"),
        (", in: [lead]", "alpha beta", False, "only in the fields named"),
        ("", "alpha beta", True, "touching words are near"),
    ],
)
def test_near(run, more, title, holds, because):
    assert (run(NEAR % more, title).stop == "") is holds, because


def test_near_does_not_join_title_and_text(run):
    assert run(NEAR % "", "alpha", "beta").stop == "require:near"


def test_near_wants_different_words(run):
    rest = "match: {require: [{near: [a, {any: [a, b]}], within: 3}]}"
    assert run(rest, "alpha only").stop == "require:near"
    assert run(rest, "alpha alpha").stop == ""


def test_near_of_three_is_counted_from_the_first(run):
    rest = "match: {require: [{near: [a, b, c], within: 1}]}"
    assert run(rest, "beta alpha gamma").stop == ""
    assert run(rest, "alpha beta gamma").stop == ""
    assert run(rest, "alpha x beta gamma").stop == "require:near"


@pytest.mark.parametrize(
    ("text", "holds", "because"),
    [
        ("They met alpha beta there", True, "the words follow each other"),
        ("They met alpha. Beta was there", False, "a sentence ends in between"),
        ("They met alpha\nbeta was there", False, "a paragraph ends in between"),
        ("They met alpha – beta was there", True, "a dash ends no sentence"),
        ("They met Alpha J. Beta", True, "an initial ends no sentence"),
        ("They met alpha gen. Beta", True, "nor does a title"),
        ("They met alpha x. Beta gamma. Alpha beta", True, "another place will do"),
    ],
)
def test_a_phrase_ends_with_its_sentence(engine, article, text, holds, because):
    rule = RULE.replace('"alpha", "alpha prime"', '"alpha <1> beta"') + "match: {require: [a]}"
    found = engine({"thing.yml": rule}).evaluate("thing", article("", text))[0]
    assert (found.stop == "") is holds, because


def test_near_goes_beyond_a_sentence(run):
    assert run(NEAR % "", "", "It was alpha. Beta came").stop == ""


def test_a_name_ends_with_its_sentence(engine, article, folder, rule_text):
    names = "schema: 1\nnames:\n  - {id: xu, kind: place, printed: {en: Xanadu Upper}}\n"
    built = engine({"thing.yml": rule_text(), "names/n.yml": names})
    assert len(built.analyse(article("", "In Xanadu Upper. In Xanadu. Upper class")).mentions) == 1


@pytest.mark.parametrize(
    ("condition", "title", "stop"),
    [
        ("a", "alpha", ""),
        ("a", "alphabet", "require:a"),
        ("{any: [a, b]}", "betas", ""),
        ("{any: [a, b]}", "gamma", "require:any"),
        ("{all: [a, b]}", "alpha beta", ""),
        ("{all: [a, b]}", "alpha", "require:all"),
        ("{any: [{all: [a, b]}, c]}", "gamma", ""),
        ("{term: a, in: [title]}", "alpha", ""),
        ("{term: a, in: [body]}", "alpha", "require:a"),
    ],
)
def test_conditions(run, condition, title, stop):
    assert run(f"match: {{require: [{condition}]}}", title).stop == stop


@pytest.mark.parametrize(
    ("condition", "more", "holds"),
    [
        ("{source_country: [by, pl]}", {"country": "BY"}, True),
        ("{source_country: [by]}", {"country": ""}, False),
        ("{source_stance: [state]}", {"stance": "state"}, True),
        ("{source_stance: [state]}", {"stance": "exile"}, False),
        ("{source_feed: [belta]}", {"feed": "belta"}, True),
        ("{source_language: [en]}", {}, True),
        ("{source_language: [ru]}", {}, False),
    ],
)
def test_conditions_on_the_source(run, condition, more, holds):
    kind = condition[1:].split(":")[0]
    assert run(f"match: {{require: [{condition}]}}", "x", **more).stop == ("" if holds else f"require:{kind}")


def test_fields_title_lead_and_body(run):
    rest = "match: {require: [{term: a, in: [lead]}]}"
    assert run(rest, "", "alpha\nbeta").stop == ""
    assert run(rest, "", "beta\nalpha").stop == "require:a"
    assert run("match: {require: [{term: a, in: [body]}]}", "", "beta\nalpha").stop == ""


SCORE = "match: {score: [{term: a, weight: 4}, {near: [a, b], within: 3, weight: 2}], threshold: 5}"


@pytest.mark.parametrize(
    ("title", "text", "score", "because"),
    [
        ("alpha", "", 6.0, "title counts one and a half"),
        ("", "alpha\n", 5.0, "the first paragraph one and a quarter"),
        ("", "one\nalpha", 4.0, "what is further down once"),
        ("alpha alpha", "alpha", 6.0, "each item counts once, in its best field"),
        ("alpha beta", "", 9.0, "items add up"),
        ("alpha", "one\nalpha beta", 8.0, "each item in its own best field"),
        ("gamma", "", 0.0, "nothing found, nothing counted"),
    ],
)
def test_scores(run, title, text, score, because):
    found = run(SCORE, title, text)
    assert found.score == score, because
    assert found.stop == ("" if score >= 5 else "threshold")


def test_a_pair_across_lead_and_body_counts_as_body(run):
    rest = "match: {score: [{near: [a, b], within: 3, weight: 2}], threshold: 1}"
    assert run(rest, "", "x alpha\nbeta").score == 2.0


def test_negative_weights_are_taken_off(run):
    rest = "match: {score: [{term: a, weight: 4}, {term: b, weight: -2}], threshold: 4}"
    assert run(rest, "alpha").score == 6.0
    assert run(rest, "alpha beta").stop == "threshold"


def test_a_source_counts_without_a_field(run):
    rest = "match: {score: [{any: [{source_country: [by]}, a], weight: 4}], threshold: 1}"
    assert run(rest, "x", country="by").score == 4.0
    assert run(rest, "alpha", country="by").score == 6.0


MASK = 'match: {require: [a], mask: [{terms: {en: ["alpha centauri"]}, why: a star}]}'


def test_masked_text_does_not_count(run):
    assert run(MASK, "Alpha Centauri is a star").stop == "require:a"
    assert run(MASK, "Alpha Centauri has no alpha").stop == ""


def test_a_mask_comes_before_a_veto(run):
    rest = 'match: {require: [b], mask: [{terms: {en: ["alpha centauri"]}, why: x}], veto: [{term: a, why: y}]}'
    assert run(rest, "beta and alpha centauri").stop == ""
    assert run(rest, "beta and alpha").stop == "veto:0"


def test_vetoes_strike_where_they_are_told_to(run):
    rest = "match: {require: [a], veto: [{term: c, in: [title], why: x}, {near: [a, b], within: 2, unless: c, why: y}]}"
    assert run(rest, "alpha gamma").stop == "veto:0"
    assert run(rest, "alpha", "gamma").stop == ""
    assert run(rest, "alpha beta").stop == "veto:1"
    assert run(rest, "alpha beta", "gamma").stop == ""


DIRECTION = """\
match: {require: [a]}
direction:
  window: 3
  anchor: a
  improves: [{term: b, score: 4}]
  worsens: [{term: c, score: -6}]
"""


@pytest.mark.parametrize(
    ("title", "score", "direction", "because"),
    [
        ("alpha beta", 4, Direction.IMPROVES, "a cue by its anchor"),
        ("alpha gamma", -6, Direction.WORSENS, "the other way"),
        ("alpha beta gamma", -2, Direction.WORSENS, "cues are summed, -2 is enough"),
        ("alpha one two three four beta", 0, Direction.NEUTRAL, "too far from the anchor"),
        ("alpha beta betas beta", 4, Direction.IMPROVES, "each cue counts once"),
        ("alpha is not beta", 0, Direction.NEUTRAL, "negated"),
        ("alpha, not a single beta", 0, Direction.NEUTRAL, "three words before reach"),
        ("not so very much alpha beta", 4, Direction.IMPROVES, "four do not"),
        ("alpha not only beta", 4, Direction.IMPROVES, "an exception negates nothing"),
        ("Alpha said no. Beta came", 4, Direction.IMPROVES, "a negator of another sentence"),
        ("no beta but then one more alpha beta", 4, Direction.IMPROVES, "one place that counts is enough"),
        ("alpha didn't beta", 0, Direction.NEUTRAL, "the n't of spoken English"),
    ],
)
def test_direction(run, title, score, direction, because):
    found = run(DIRECTION, title)
    assert found.direction_score == score, because
    assert found.direction is direction


def test_direction_in_russian(run):
    padding = " Погода в выходные держалась мягкой, и люди гуляли по берегу до позднего вечера."
    assert run(DIRECTION, "Альфа не гамма", padding, "ru").direction is Direction.NEUTRAL
    assert run(DIRECTION, "Альфа не только гамма", padding, "ru").direction is Direction.WORSENS


def test_a_cancelled_cue_says_by_what(run):
    cues = run(DIRECTION, "alpha will not be beta", "alpha").cues
    assert [cue.cancelled for cue in cues] == ["cancelled by «not» (2 words before)"]


def test_without_an_anchor_cues_count_anywhere_and_a_cue_may_have_its_own(run):
    rest = "match: {require: [a]}\ndirection: {improves: [{term: b, score: 4}], worsens: [{term: c, score: -6, anchor: a}]}"
    found = run(rest, "alpha", "x\n" + "word " * 30 + "beta gamma")
    assert found.direction_score == 4


def test_a_near_can_be_a_cue(run):
    rest = "match: {require: [a]}\ndirection: {improves: [{near: [b, c], within: 1, score: 4}]}"
    assert run(rest, "alpha beta x gamma").direction_score == 4
    assert run(rest, "alpha not beta x gamma").direction_score == 0
    assert run(rest, "alpha beta").direction_score == 0


def test_negators_of_the_rule_set_replace_the_built_in_ones(engine, article):
    lexicon = "schema: 1\nid: negators\nterms: {en: [hardly]}\nexceptions: {en: [hardly ever]}\n"
    built = engine({"thing.yml": RULE + DIRECTION, "lexicons/negators.yml": lexicon})
    for title, score in (("alpha hardly beta", 0), ("alpha hardly ever beta", 4), ("alpha not beta", 4)):
        assert built.evaluate("thing", article(title, PADDING))[0].direction_score == score


@pytest.mark.parametrize(
    ("title", "text", "language", "sure", "stop", "because"),
    [
        ("альфа", "", "ru", True, "", "a short article is tried in every language"),
        ("alpha", "", "ru", True, "", "whatever it claims to be"),
        ("alpha", PADDING, "ru", True, "require:a", "a long one in its own"),
        ("alpha", PADDING, "ru", False, "", "unless that is unsure"),
        ("alpha", PADDING, "", True, "", "or unknown"),
        ("alpha", PADDING, "de", True, "languages", "a language that the rule does not read stops it"),
    ],
)
def test_languages(engine, article, title, text, language, sure, stop, because):
    built = engine({"thing.yml": RULE + "match: {require: [a]}"})
    assert built.evaluate("thing", article(title, text, language, sure=sure))[0].stop == stop, because


def test_of_several_phrases_in_one_place_each_place_counts_once(run):
    found = run("match: {require: [a]}", "alpha prime")
    assert [group[0].phrase.text for group in found.requires[0].groups] == ["alpha", "alpha prime"]


def test_all_parts_are_looked_at_for_an_explanation(run):
    found = run("match: {require: [a, b], score: [{term: c, weight: 3}], threshold: 1}", "gamma")
    assert [check.passed for check in found.requires] == [False, False]
    assert (found.stop, found.score) == ("require:a", 4.5)


def test_an_expression_hits_whole_words(engine, article):
    text = RULE.replace('"alpha", "alpha prime"', "'re:s-?[34]00'") + "match: {require: [{near: [a, b], within: 1}]}"
    found, reading = engine({"thing.yml": text}).evaluate("thing", article("Beta: S-400s arrive", PADDING))
    assert found.stop == ""
    assert [reading.shown(hit) for hit in found.requires[0].groups[0]] == ["S-400s", "Beta"]


def test_a_text_that_repeats_itself_is_no_trap(engine, article):
    """Every pair of words is a near, a cue and an anchor: the work must grow with the text, not with its square."""
    text = RULE + "match: {require: [{near: [a, b], within: 5}], mask: [{terms: {en: [gamma ray]}, why: x}]}\n"
    text += "direction: {anchor: a, window: 5, improves: [{term: b, score: 4}], worsens: [{near: [a, c], within: 5, score: -3}]}"
    built = engine({"thing.yml": text})

    def calls(times):
        document, counted = article("x", "alpha not beta gamma ray gamma. " * times), [0]

        def count(_frame, event, _argument):
            counted[0] += event in {"call", "c_call"}

        sys.setprofile(count)
        try:
            built.evaluate("thing", document)
        finally:
            sys.setprofile(None)
        return counted[0]

    calls(50)
    assert calls(2000) < 13 * calls(200)


@pytest.mark.parametrize(
    ("title", "cancelled", "because"),
    [
        ("alpha beta", "", "nothing negates it"),
        ("alpha will not beta", "cancelled by «not» (1 word before)", "the negator stands before one of its words"),
        ("not alpha beta", "cancelled by «not» (1 word before)", "or before the first"),
        ("alpha beta not", "", "or after all of them, where it cancels nothing"),
    ],
)
def test_a_negator_inside_a_near_cue_cancels_it(run, title, cancelled, because):
    rest = "match: {require: [a]}\ndirection: {worsens: [{near: [a, b], within: 5, score: -4}]}"
    found = run(rest, title)
    assert found.stop == ""
    assert [cue.cancelled for cue in found.cues] == [cancelled], because


@pytest.mark.parametrize(
    ("rest", "more", "stop"),
    [
        ("match: {require: [a], veto: [{source_stance: [state], why: x}]}", {"stance": "state"}, "veto:0"),
        ("match: {require: [a], veto: [{source_stance: [state], why: x}]}", {"stance": "exile"}, ""),
        ("match: {require: [a], veto: [{all: [b, {source_country: [ru]}], why: x}]}", {"country": "ru"}, ""),
        ("match: {require: [a], score: [{source_country: [by], weight: 2}], threshold: 2}", {"country": "by"}, ""),
        ("match: {require: [a], score: [{source_country: [by], weight: 2}], threshold: 2}", {"country": "pl"}, "threshold"),
        ("match: {require: [a], score: [{source_language: [en], weight: 2}], threshold: 2}", {}, ""),
    ],
)
def test_the_source_vetoes_and_scores_too(run, rest, more, stop):
    assert run(rest, "alpha", **more).stop == stop
