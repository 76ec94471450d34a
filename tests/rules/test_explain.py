import json
from dataclasses import asdict

import pytest

from monitor.rules.explain import explain, explanation_lines

PADDING = "The weather stayed mild over the weekend and people walked along the shore."


@pytest.fixture
def lines(engine, harbour, article):
    def shown(title, text="", language="en", **more):
        return explanation_lines(explain("harbour", article(title, text, language, **more), engine({"harbour.yml": harbour})))

    return shown


def test_a_match_shows_every_leaf_score_and_cue(lines):
    assert lines("Harbour will not halt wheat ships this week, the port authority says") == [
        "MATCH harbour v3   score 7.5 ≥ 3.0   lang en   direction neutral (0.0)",
        " require",
        "  PASS grain                          title 22–27 «wheat» ← (grain|wheat)",
        "  PASS any(port, source_country ro)",
        "  PASS   port                         title 0–7 «Harbour» ← harbour*",
        '  FAIL   source_country ro            country is "unknown"',
        " score",
        "   +3.0 grain               2 × title 1.5",
        "   +4.5 near(grain, port)   3 × title 1.5",
        " direction",
        "    0.0 worsens  «halt» ← halt*  −6.0 SANCTION/discontinue   cancelled by «not» (1 word before)",
    ]


def test_a_miss_says_where_it_stopped_and_what_was_missing(lines):
    assert lines("Harbour closed for the whole winter, the authority of the port says") == [
        "NO MATCH harbour v3   stopped at require: grain   lang en",
        " require",
        "  FAIL grain                          no term found",
        "  PASS any(port, source_country ro)",
        "  PASS   port                         title 0–7 «Harbour» ← harbour*",
        '  FAIL   source_country ro            country is "unknown"',
        " score",
        "    0.0 grain               not found, worth 2",
        "    0.0 near(grain, port)   not found, worth 3",
        " would match if: the text held grain ((grain|wheat) …) (score so far 0.0 of 3.0)",
    ]


@pytest.mark.parametrize(
    ("title", "more", "stopped", "wanted"),
    [
        ("Wheat recipes for the harbour cook", {}, "veto: cooking (recipes)", None),
        ("Recipe: wheat from the harbour", {}, "veto: cooking (recipes)", "«Recipe» did not stand there"),
        (
            "Weizen im Hafen: ein langer Winter ohne große Schiffe",
            {"language": "de"},
            "languages: the rule reads en, ru, be",
            "the article were in en or ru or be",
        ),
        (
            "Wheat prices are up again this winter, traders say",
            {},
            "require: any(port, source_country ro)",
            "or the source's country were ro",
        ),
    ],
)
def test_each_way_to_stop_is_named(lines, title, more, stopped, wanted):
    shown = lines(title, **more)
    assert f"stopped at {stopped}" in shown[0]
    assert wanted is None or wanted in shown[-1]


def test_a_low_score_names_what_would_add_to_it(lines):
    shown = lines("", f"{PADDING}\nThere was wheat. {PADDING} It lay in the harbour.")
    assert "stopped at threshold: score 2.0 of 3.0" in shown[0]
    assert shown[-1] == " would match if: there were 1.0 more points: near(grain, port) adds 3 or more"


def test_masked_words_are_shown(lines):
    shown = lines("Take it with a grain of salt, says the master of the harbour")
    assert shown[1:3] == [" mask", "  «grain of salt» ← grain of salt"]


@pytest.mark.parametrize(
    ("terms", "title", "nearest"),
    [
        (
            '["eastern flan(g*|zes)"]',
            "The eastern flanks of the whole alliance are quiet",
            "«eastern flan(g*|zes)» matched 1 of 2 words: eastern | flanks",
        ),
        ('["flang*"]', "The flanks of the whole alliance are quiet this winter", "«flang*» is close to «flanks»"),
        (
            '["one <1> two three"]',
            "So one and two or three more ships came into port",
            "«one <1> two three» matched 2 of 3 words: one and two | or",
        ),
        ('["zebra"]', "Nothing of that kind was anywhere to be seen at all", ""),
    ],
)
def test_the_nearest_miss_is_found(engine, rule_text, article, terms, title, nearest):
    text = rule_text(terms=f"{{thing: {{en: {terms}}}}}")
    assert explain("thing", article(title), engine({"thing.yml": text})).nearest == nearest


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("alpha and nothing else in this whole long line of words", "no beta found"),
        ("nothing at all in this whole long line of so many words", "no alpha and no beta found"),
        ("alpha one two three four five six beta, and so it goes", "closest 6 words apart"),
        ("beta then alpha, and so it goes in this long line", "not in the order written, or not all of them together"),
    ],
)
def test_a_near_that_fails_says_why(engine, rule_text, article, title, why):
    text = rule_text(
        terms="{alpha: {en: [alpha]}, beta: {en: [beta]}}", match="{require: [{near: [alpha, beta], within: 3, order: true}]}"
    )
    found = explain("thing", article(title), engine({"thing.yml": text}))
    assert found.requires[0].detail == why
    assert why in found.would_match_if


def test_a_near_over_two_fields_says_so(engine, rule_text, article):
    text = rule_text(terms="{alpha: {en: [alpha]}, beta: {en: [beta]}}", match="{require: [{near: [alpha, beta]}]}")
    found = explain("thing", article("alpha", f"beta {PADDING}"), engine({"thing.yml": text}))
    assert found.requires[0].detail == "never in one field, or the same words for both"


def test_an_unsure_language_is_said_to_be(lines):
    assert "lang ru (unsure: every language of the rule is tried)" in lines("Wheat in the harbour", language="ru")[0]


def test_a_rule_that_is_not_active_says_what_it_is(engine, rule_text, article):
    assert explanation_lines(explain("thing", article("A thing"), engine({"thing.yml": rule_text()})))[0].startswith(
        "MATCH thing v1 (draft)"
    )


def test_an_explanation_is_plain_data(engine, harbour, article):
    found = explain("harbour", article("Harbour halts wheat"), engine({"harbour.yml": harbour}))
    again = json.loads(json.dumps(asdict(found)))
    assert again["scores"][1] == {"label": "near(grain, port)", "points": 4.5, "weight": 3.0, "factor": 1.5, "where": "title"}
    assert again["because"] == ""
