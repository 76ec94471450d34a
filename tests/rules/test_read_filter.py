"""Filters: one exception for many rules, and everything that can be wrong with one."""

import pytest
from jsonschema import Draft7Validator

from monitor.rules.engine import Engine
from monitor.rules.examples import run_examples
from monitor.rules.explain import explain, explanation_lines
from monitor.rules.json_schema import json_schemas
from monitor.rules.load import check_rules, load_rules
from monitor.text.located_yaml import parse_located

FILTER = """\
schema: 1
id: sports
title: Results of matches
owner: desk
why: clubs bear the names of towns
rules: ["har*"]
tags: [theme.sea]
terms:
  match: {en: ["league*"], ru: ["лиг*"]}
  war: {en: ["war"]}
veto:
  - {term: match, in: [title], unless: {term: war}}
tests:
  should_drop:
    - {rule: harbour, lang: en, title: "League: harbour grain beats grain harbour in the final of the league"}
  should_keep:
    - {rule: harbour, lang: en, title: "Harbour halts grain ships from the east for another week", direction: worsens}
"""
TEXT = "League notes: harbour halts grain ships from the east for another week"


@pytest.fixture
def files(harbour, rule_text):
    sea = rule_text("sea", tags="[theme.sea]", status="active", owner="desk", terms="{thing: {en: [harbour]}}", tests="")
    plain = rule_text("plain", status="active", owner="desk", terms="{thing: {en: [harbour]}}", tests="")
    return {"harbour.yml": harbour, "sea.yml": sea, "plain.yml": plain}


def codes(folder, files, text):
    return [
        problem.code for problem in check_rules(folder({**files, "filters/sports.yml": text})).problems if problem.code[0] == "E"
    ]


def test_a_filter_stops_the_rules_that_it_names_by_id_or_tag_and_no_other(engine, article, files):
    def found(built):
        return [match.rule for match in built.analyse(article(TEXT)).matches]

    assert found(engine(files)) == ["harbour", "plain", "sea"]
    assert found(engine({**files, "filters/sports.yml": FILTER})) == ["plain"]


def test_unless_and_fields_hold_in_a_filter(engine, article, files):
    built = engine({**files, "filters/sports.yml": FILTER})
    assert len(built.analyse(article(TEXT + ", for the war")).matches) == 3
    assert len(built.analyse(article(TEXT[14:], "The league waits.")).matches) == 3


def test_an_explanation_names_the_filter_and_why(engine, article, files):
    built = engine({**files, "filters/sports.yml": FILTER})
    shown = "\n".join(explanation_lines(explain("harbour", article(TEXT), built)))
    assert "filter sports: clubs bear the names of towns" in shown
    assert "NO MATCH" in shown


def test_the_tests_of_a_filter_run_with_its_rules(ruleset, files):
    rules = ruleset({**files, "filters/sports.yml": FILTER})
    report = run_examples(rules, Engine(rules))
    own = [result for result in report.results if result.example.place.file.endswith("sports.yml")]
    assert [result.rule for result in own] == ["harbour", "harbour"]
    assert report.problems == ()
    broken = FILTER.replace("beats grain harbour", "at war beats grain harbour")
    rules = ruleset({**files, "filters/sports.yml": broken})
    [problem] = run_examples(rules, Engine(rules)).problems
    assert problem.code == "T001"
    assert problem.place.file.endswith("filters/sports.yml")


def test_the_schema_takes_a_filter_and_refuses_one_without_a_choice_or_a_condition():
    kept = Draft7Validator(json_schemas()["filter.json"])
    assert kept.is_valid(parse_located(FILTER, "sports.yml")[0].data)
    for line, missing in (('rules: ["har*"]\ntags: [theme.sea]\n', "a choice"), ("why: clubs bear the names of towns\n", "why")):
        assert not kept.is_valid(parse_located(FILTER.replace(line, ""), "sports.yml")[0].data), missing


def test_a_filter_changes_the_hash_of_its_rules_alone(ruleset, files):
    before, after = ruleset(files), ruleset({**files, "filters/sports.yml": FILTER})
    changed = {rule.id for rule in before.rules if after.by_id[rule.id].hash != rule.hash}
    assert changed == {"harbour", "sea"}
    assert before.hash != after.hash
    tested = FILTER.replace("clubs bear", "teams bear")
    assert ruleset({"filters/sports.yml": tested}).hash == after.hash


@pytest.mark.parametrize(
    ("before", "after", "code", "because"),
    [
        ('["har*"]', "[harbor]", "E015", "no rule has this id"),
        ("[theme.sea]", "[theme.see]", "E015", "no rule has this tag"),
        ('rules: ["har*"]\ntags: [theme.sea]\n', "", "E003", "it is for no rule"),
        ("why: clubs bear the names of towns\n", "", "E003", "nobody knows why"),
        ("{term: match,", "{term: mach,", "E007", "no such term"),
        ("league*", "league**", "E008", "a term that cannot be read"),
        ("id: sports", "id: sport", "E006", "the id is not the file name"),
        ("owner: desk", "ownr: desk", "E002", "no such key"),
        ("should_keep:\n    - {rule: harbour", "should_keep:\n    - {rule: plain", "E014", "a test of a rule that it is not for"),
        ("schema: 1", "schema: 9", "E016", "written for a newer program"),
        (FILTER, "- one\n", "E004", "no mapping"),
    ],
)
def test_what_is_wrong_in_a_filter_refuses_the_folder(folder, files, before, after, code, because):
    assert before in FILTER
    found = codes(folder, files, FILTER.replace(before, after))
    assert code in found, because


def test_the_tag_of_a_rule_that_could_not_be_read_is_not_told_missing(folder, files):
    broken = {**files, "sea.yml": "schema: 1\nid: sea\n"}
    assert "E015" not in codes(folder, broken, FILTER)


def test_a_filter_without_tests_is_warned_of(folder, files):
    text = FILTER[: FILTER.index("tests:")]
    where = folder({**files, "filters/sports.yml": text})
    found = [problem for problem in check_rules(where).problems if problem.place.file.endswith("sports.yml")]
    assert [problem.code for problem in found] == ["W109"]
    assert len(load_rules(where).rules) == 3
