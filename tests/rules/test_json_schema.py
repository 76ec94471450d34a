"""The schemas for editors: current, and of one mind with the loader."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from monitor.rules.json_schema import json_schemas
from monitor.rules.load import check_rules
from monitor.text.located_yaml import parse_located, read_located

RULES = Path(__file__).parents[2] / "rules"
SHIPPED = [file for file in sorted(RULES.rglob("*.yml")) if file.name not in {"lint.yml", "expectations.yml"}]
LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")


def as_json(data):
    return json.loads(json.dumps(data, default=str))


def faults(kind, data):
    return [error.message for error in Draft7Validator(json_schemas()[kind]).iter_errors(as_json(data))]


@pytest.mark.parametrize("name", json_schemas())
def test_a_schema_is_one_and_the_committed_copy_is_current(name):
    Draft7Validator.check_schema(json_schemas()[name])
    kept = json.loads((RULES / "schema" / name).read_text(encoding="utf-8"))
    assert kept == json_schemas()[name], "monitor rules schema --write --rules rules"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_file_names_its_schema_and_keeps_to_it(file):
    named = LINE.match(file.read_text(encoding="utf-8").splitlines()[0])
    assert named, f"{file.name} does not begin with # yaml-language-server: $schema=…"
    target = (file.parent / named[1]).resolve()
    assert target.is_file()
    data = read_located(file)[0].data
    assert faults(target.name, data) == []


def test_the_example_of_these_tests_keeps_to_it(harbour):
    assert faults("rule.json", parse_located(harbour, "harbour.yml")[0].data) == []


WRONG = [
    ({"version": "one"}, "version is a whole number"),
    ({"status": "activ"}, "one of four lives"),
    ({"titel": "x"}, "no other keys"),
    ({"created": "2026-01-01\nscope2: {}"}, "no other blocks"),
    ({"scope": "{langs: [english]}"}, "codes of ISO 639-1"),
    ({"terms": "{thing: {en: [5]}}"}, "terms are texts"),
    ({"terms": "{thing: {by: [thing]}}"}, "a country is no language"),
    ({"match": "{require: [{near: [thing]}]}"}, "near wants two"),
    ({"match": "{require: [{any: []}]}"}, "any wants one"),
    ({"match": "{require: [{term: thing, within: 3}]}"}, "within belongs to near"),
    ({"match": "{require: [thing], score: [{term: thing}]}"}, "a score has a weight"),
    ({"match": "{require: [thing], mask: [{terms: {en: [a thing]}}]}"}, "a mask says why"),
    ({"match": "{require: [thing], veto: [{why: x}]}"}, "a veto has a condition"),
    ({"direction": "{improves: [{term: thing, score: -3}]}"}, "what improves counts above 0"),
    ({"direction": "{worsens: [thing]}"}, "a cue has a score"),
    ({"tests": "{should_mach: []}"}, "three kinds of tests"),
    ({"tests": "{should_match: [{lang: en}]}"}, "a test has a text"),
    ({"digest": "{headline: {worst: {en: x}}}"}, "three verdicts"),
    ({"digest": "{priority: urgent}"}, "three priorities"),
]


@pytest.mark.parametrize(("blocks", "says"), WRONG, ids=[wrong[1] for wrong in WRONG])
def test_what_the_loader_refuses_for_its_form_the_schema_refuses(folder, rule_text, blocks, says):
    text = rule_text(**blocks)
    assert check_rules(folder({"thing.yml": text})).ruleset is None, says
    assert faults("rule.json", parse_located(text, "thing.yml")[0].data), says


@pytest.mark.parametrize(
    "blocks",
    [
        {"match": "{require: thing}"},
        {"terms": '{thing: ["thing"]}'},
        {"terms": '{thing: {any: "thing"}}'},
        {"match": "{require: [{near: [thing, {any: [thing, thing]}], order: true, in: title}]}"},
        {"match": "{require: [thing], veto: [{source_stance: state, unless: thing, why: x}]}"},
        {"match": "{require: [thing], score: [{all: [thing, {source_country: [BY]}], weight: -1}]}"},
        {"direction": "{anchor: thing, worsens: [{near: [thing, thing], score: -1, anchor: [thing]}]}"},
    ],
)
def test_what_the_loader_takes_the_schema_takes(folder, rule_text, blocks):
    text = rule_text(**blocks)
    assert check_rules(folder({"thing.yml": text})).ruleset is not None
    assert faults("rule.json", parse_located(text, "thing.yml")[0].data) == []
