"""One wrong file for each code in `bad/`: its code, its place, and what to type instead."""

import re
import subprocess
from pathlib import Path

import pytest

from monitor.model.problem import Severity
from monitor.rules.catalogue import CATALOGUE
from monitor.rules.engine import Engine
from monitor.rules.examples import run_examples
from monitor.rules.history import unversioned_changes
from monitor.rules.load import check_rules, rule_files

BAD = Path(__file__).parent / "bad"
SOURCES = Path(__file__).parents[2] / "monitor" / "rules"
# Made elsewhere: an empty folder has no file; W102 and W122 need a dictionary, W114 and I204 an archive.
WITHOUT_FILE = {"E017", "W102", "W122", "W114", "I204"}

# code, line, column, words of the message, words of the mend
TABLE = [
    ("E001", 10, 10, "does not parse: found undefined alias 'grain'", "put the whole text in quotes: 'en: [*grain]'"),
    ("E002", 17, 1, 'unknown key "titel"', 'did you mean "title"?'),
    ("E003", 1, 1, '"version" is missing', "add version: …"),
    ("E004", 3, 10, "version must be a whole number of at least 1, is 1.1", "write 1 or more, without a point"),
    ("E005", 11, 3, 'this key stands twice: "grain"', "keep one of them: the other would be lost"),
    ("E006", 2, 5, 'id "another" is not the file name "thing"', "name the file another.yml, or change the id"),
    ("E007", 11, 22, 'no term "barges"', 'did you mean "barge"?'),
    ("E008", 10, 16, '"grain[s]": "[" has no meaning in a term', "write the forms out: (a|b), word*, or begin with re:"),
    ("E009", 9, 26, '"by" is no language code', 'did you mean "be"?'),
    ("E010", 12, 14, "threshold 4 can never be reached: all scores together give 3", "write 3 at most, or add to score"),
    ("E011", 11, 7, '"barge" has no term in any language of the rule', "add words in ru"),
    ("E012", 10, 11, '"@grains": no name or lexicon "@grains"', "define it under names/ or lexicons/"),
    ("E013", 10, 10, '"re:gra.*n": a repeat without an upper bound', "write {0,20} for *, {1,20} for +"),
    ("E014", 14, 8, 'unknown key "titel"', 'did you mean "title"?'),
    ("E015", 17, 11, 'related: no rule "flour"', "rules: thing"),
    ("E016", 1, 9, "schema 9 is newer than this program, which reads 1", "update the program"),
    ("I201", 2, 5, "no references", "add references: what the rule is founded on"),
    ("I202", 1, 1, "the description is short", "say in a sentence or two what the rule watches"),
    ("I203", 14, 7, "should_match[0] has 405 words", "keep what decides: 400 words at most"),
    ("W101", 10, 10, '"gra*" is a short prefix: it reaches many words', "write the forms out: (a|b|c)"),
    ("W103", 10, 20, '"grains" is covered by "grain*": it finds nothing of its own', "drop it"),
    ("W104", 11, 10, 'the term "lorry" is not used', "use it in match or direction, or drop it"),
    ("W105", 10, 10, '"barge" has no term in ru', "add some, or drop the language"),
    ("W106", 9, 16, '"зepно" mixes Latin and Cyrillic letters: Latin ep', "type it again in one alphabet"),
    (
        "W107",
        13,
        14,
        'the threshold 4 is reached by "grain" alone, in a title (4.5)',
        "raise it above 4.5, or require a second term",
    ),
    ("W108", 12, 7, "require 2 decides nothing: it holds whenever require 1 does", "drop it"),
    ("W109", 13, 3, "no test under should_not_match", "say what the rule must find, and what it must not"),
    ("W110", 16, 7, "stopped at require:near, not at threshold", "change because:"),
    ("W111", 3, 10, "terms changed since the last commit", "raise version"),
    ("W112", 18, 11, "modified 2026-04-30 is before created 2026-05-01", "write 2026-05-01 or later"),
    ("W113", 5, 9, "deprecated without a word on what replaces it", "add a description that says so"),
    ("W115", 12, 7, "a veto on the whole text silences articles that only mention this", "add in: [title], or use a mask"),
    ("W116", 10, 3, "near [grain, barge] within 80 words is hardly near", "use at most 40"),
    ("W117", 18, 3, "the cue barge both improves and worsens", "keep one"),
    ("W118", 10, 19, '"FAO" in capitals matches in any case', 'write "=FAO" for this spelling only'),
    (
        "W119",
        9,
        25,
        '"on": "on" is an everyday word in pl, which the rule reads too',
        'add a word to it, or write "=on" for this case only',
    ),
    ("W120", 10, 10, "holds the invisible character U+200B", "delete it"),
    ("W121", 5, 9, "an active rule without an owner", "add owner: …"),
    ("W123", 4, 10, '"odesa" stands at', "give it another id, or merge the two"),
]
RULE_FILES = [row for row in TABLE if row[0] not in {"W110", "W111", "W123"}]


def bad(code):
    return (BAD / f"{code}.yml").read_text(encoding="utf-8")


def assert_told(problems, row):
    code, line, column, says, mend = row
    assert {problem.code for problem in problems} == {code}, "a wrong file is wrong in one way"
    problem = problems[0]
    assert (problem.place.line, problem.place.column) == (line, column)
    assert says in problem.message
    assert mend
    assert mend in problem.mend


@pytest.mark.parametrize("row", RULE_FILES, ids=[row[0] for row in RULE_FILES])
def test_a_wrong_file_shows_its_code_place_and_mend(folder, row):
    check = check_rules(folder({"thing.yml": bad(row[0])}), information=row[0].startswith("I"))
    assert_told(check.problems, row)
    assert (check.ruleset is None) == row[0].startswith("E")
    levels = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}
    assert check.problems[0].severity is levels[row[0][0]]


def row_of(code):
    return next(row for row in TABLE if row[0] == code)


def test_a_name_that_stands_twice_is_told(folder, rule_text):
    rule = rule_text()
    assert_told(check_rules(folder({"thing.yml": rule, "names/n.yml": bad("W123")})).problems, row_of("W123"))


def test_a_test_that_passes_for_another_reason_is_told(ruleset):
    rules = ruleset({"thing.yml": bad("W110")})
    assert_told(run_examples(rules, Engine(rules)).problems, row_of("W110"))


def git(where, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.test", *words], cwd=where, check=True, capture_output=True)


def test_a_change_without_a_new_version_is_told(folder):
    where = folder({"thing.yml": bad("W111").replace(', "wheat"', "")})
    git(where, "init", "-q")
    git(where, "add", ".")
    git(where, "commit", "-q", "-m", "first")
    assert list(unversioned_changes(rule_files(where))) == []
    folder({"thing.yml": bad("W111")})
    assert_told(list(unversioned_changes(rule_files(where))), row_of("W111"))
    folder({"thing.yml": bad("W111").replace("version: 1", "version: 2")})
    assert list(unversioned_changes(rule_files(where))) == []


def test_a_change_that_finds_nothing_new_needs_no_version(folder):
    where = folder({"thing.yml": bad("W111")})
    git(where, "init", "-q")
    git(where, "add", ".")
    git(where, "commit", "-q", "-m", "first")
    folder({"thing.yml": bad("W111").replace("title: Grain on the river", "title: Grain")})
    assert list(unversioned_changes(rule_files(where))) == []


def test_without_git_nothing_is_said(folder):
    assert list(unversioned_changes(rule_files(folder({"thing.yml": bad("W111")})))) == []


def test_each_code_of_the_catalogue_has_a_wrong_file_and_a_row():
    files = {file.stem for file in BAD.glob("*.yml")}
    assert files == {row[0] for row in TABLE} == {code for code in CATALOGUE if code[0] != "H"} - WITHOUT_FILE


def test_each_code_that_the_readers_use_is_in_the_catalogue():
    used = {code for file in SOURCES.glob("*.py") for code in re.findall(r'"([EWI]\d{3})"', file.read_text(encoding="utf-8"))}
    assert used <= set(CATALOGUE)


ALSO = [
    ("W103", {"terms": '{thing: {en: ["thing*", "things"]}}'}, "things"),
    ("W103", {"terms": '{thing: {en: ["thing", "Thing"]}}'}, "Thing"),
    ("W103", {"terms": '{thing: {en: ["thing", "=Thing"]}}'}, "=Thing"),
    ("W103", {"terms": '{thing: {en: ["a <3> thing", "a <1> thing"]}}'}, "a <1> thing"),
    ("W103", {"terms": '{thing: {en: ["(a|b*) thing", "(a|bc|bd*) thing"]}}'}, "(a|bc|bd*) thing"),
    ("W103", {"terms": '{thing: {en: ["@y", "yalta"]}}'}, "yalta"),
    ("W108", {"match": "{require: [thing, {term: thing}]}"}, "require 2"),
    ("W108", {"match": "{require: [{near: [thing, thing], within: 2}, {near: [thing, thing], within: 9}]}"}, "require 2"),
    ("W108", {"match": "{require: [thing, {all: [{term: thing, in: [title]}, thing]}]}"}, "require 1"),
    (
        "W108",
        {
            "match": "{require: [thing, {source_stance: [state, independent, exile, western-government, alliance, russian-state,"
            " think-tank, neighbour]}]}"
        },
        "every stance",
    ),
    (
        "W107",
        {"match": "{require: [thing], score: [{term: thing, weight: 1}, {source_country: [by], weight: 1}], threshold: 1}"},
        "alone",
    ),
]


@pytest.mark.parametrize(("code", "blocks", "says"), ALSO, ids=[f"{also[0]}-{also[2]}" for also in ALSO])
def test_a_likely_mistake_in_another_form_is_told_once(folder, rule_text, code, blocks, says):
    names = "schema: 1\nnames: [{id: y, kind: place, printed: {en: Yalta}}]"
    problems = check_rules(folder({"thing.yml": rule_text(**blocks), "names/n.yml": names})).problems
    assert [problem.code for problem in problems] == [code]
    assert says in problems[0].message


QUIET = [
    {"terms": '{thing: {en: ["=Thing", "thing"]}}'.replace('"=Thing", "thing"', '"=Thing", "things"')},
    {"terms": '{thing: {en: ["thing*", "=Thin"]}}'},
    {"terms": '{thing: {en: ["thing", "thing s"]}}'},
    {"terms": '{thing: {en: ["a <1> thing", "a <3> thing x"]}}'},
    {"terms": '{thing: {en: ["yalta", "@y"]}}'},
    {"scope": "{langs: [en, ru]}", "terms": '{thing: {en: ["thing"], ru: ["вещь"]}}'},
    {"scope": "{langs: [en, pl]}", "terms": '{thing: {en: ["=ON", "on board"], pl: ["rzecz"]}}'},
    {"match": "{require: [{any: [thing, {source_country: [by]}]}]}"},
    {"match": "{require: [{term: thing, in: [title]}, {near: [thing, thing]}]}"},
    {"match": "{score: [{term: thing, weight: 2}], threshold: 2}"},
    {
        "match": "{require: [thing, {source_country: [by]}], score: [{term: thing, weight: 2}, {source_country: [by], weight: 1}], threshold: 2}"
    },
]


@pytest.mark.parametrize("blocks", QUIET, ids=[str(next(iter(quiet.values()))) for quiet in QUIET])
def test_what_may_be_meant_so_is_not_told(folder, rule_text, blocks):
    names = "schema: 1\nnames: [{id: y, kind: place, printed: {en: Yalta}}]"
    assert check_rules(folder({"thing.yml": rule_text(**blocks), "names/n.yml": names})).problems == ()
