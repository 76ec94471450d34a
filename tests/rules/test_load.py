from pathlib import Path

import pytest

from monitor.model.errors import WrongFiles
from monitor.model.problem import Severity
from monitor.rules.load import check_rules, load_rules


def codes(problems):
    return [problem.code for problem in problems]


def errors(check):
    return [problem for problem in check.problems if problem.severity is Severity.ERROR]


def test_a_right_folder_loads_without_a_word(folder, harbour):
    check = check_rules(folder({"harbour.yml": harbour}))
    assert check.problems == ()
    assert check.files == 1
    assert [rule.id for rule in check.ruleset.rules] == ["harbour"]


def test_rules_stand_in_folders_below_and_reserved_names_do_not(folder, harbour, rule_text):
    where = folder(
        {
            "trade/harbour.yml": harbour,
            "deep/er/thing.yaml": rule_text("thing"),
            "schema/x.yml": "not: [a, rule",
            "expectations.yml": "not: a rule",
            ".hidden/y.yml": "not: [a, rule",
            "README.md": "not a rule",
        }
    )
    assert sorted(load_rules(where).by_id) == ["harbour", "thing"]


# A block of the smallest rule with ¦ where the mistake stands; the code; words of the message; words of the mend.
WRONG = [
    ({"tags": "[]\n¦titel: x"}, "E002", "titel", "title"),
    ({"version": "¦1.10"}, "E004", "whole number", ""),
    ({"version": "¦true"}, "E004", "whole number", ""),
    ({"status": "¦activ"}, "E004", "activ", "active"),
    ({"created": "¦soon"}, "E004", "date", "2026"),
    ({"tags": "¦{a: b}"}, "E004", "a list", ""),
    ({"terms": "¦[a, b]"}, "E004", "mapping", ""),
    ({"terms": "{thing: {en: [¦5]}}"}, "E004", "a text", '"5"'),
    ({"match": "{require: [¦thin]}"}, "E007", "thin", "thing"),
    ({"match": '{require: [¦"@thing"]}'}, "E007", "@thing", "define a term"),
    ({"match": "{require: [thing], score: [{term: ¦thong, weight: 1}]}"}, "E007", "thong", "thing"),
    ({"match": "{require: [{near: [thing, ¦thong]}]}"}, "E007", "thong", "thing"),
    ({"direction": "{anchor: ¦thong, improves: [{term: thing, score: 3}]}"}, "E007", "thong", "thing"),
    ({"terms": '{thing: {en: ["a ¦<x> b"]}}'}, "E008", "gap", "<2>"),
    ({"terms": "{thing: {¦by: [thing]}}"}, "E009", "by", "be"),
    ({"scope": "{langs: [¦english]}"}, "E009", "english", "ISO 639"),
    ({"scope": "{langs: [¦true]}"}, "E009", "True", "ISO 639"),
    ({"match": "{score: [{term: thing, weight: 2}], threshold: ¦4}"}, "E010", "3", ""),
    ({"scope": "{langs: [ru]}", "match": "{require: [¦thing]}"}, "E011", "thing", ""),
    ({"terms": '{thing: {en: ["the ¦@ting"]}}'}, "E012", "@ting", ""),
    ({"terms": r"{thing: {en: [¦'re:a.*b']}}"}, "E013", "upper bound", "{0,20}"),
    ({"tests": "{¦should_mach: []}"}, "E014", "should_mach", "should_match"),
    ({"tests": "{should_match: [{title: x, ¦langs: en}]}"}, "E014", "langs", "lang"),
    ({"tests": "{should_not_match: [{title: x, because: ¦'require:thong'}]}"}, "E014", "thong", "thing"),
    ({"tests": "{should_match: [{title: x, hits: ¦[thong]}]}"}, "E014", "thong", "thing"),
    ({"tests": "{should_match: [{title: x, because: ¦threshold}]}"}, "E014", "wants a match", "drop"),
    ({"tests": "{should_match: [¦{lang: en}]}"}, "E003", "neither title nor body", ""),
    ({"replaces": "[¦thong]"}, "E015", "thong", "thing"),
    ({"match": "¦{}"}, "E003", "neither require nor score", ""),
    ({"match": "{require: [{near: ¦[thing]}]}"}, "E004", "two terms", "near: [a, b]"),
    ({"match": "{require: [{near: [thing, ¦{all: [thing]}]}]}"}, "E004", "terms only", "any"),
    ({"match": "{require: [¦{within: 3}]}"}, "E003", "is wanted", ""),
    ({"match": "{require: [{term: thing, ¦within: 3}]}"}, "E002", "within", ""),
    ({"match": "{require: [{term: thing, in: ¦[titel]}]}"}, "E004", "titel", "title"),
    ({"match": "{require: [{any: ¦[]}]}"}, "E004", "any is empty", ""),
    ({"match": "{require: [¦[thing]]}"}, "E004", "a condition", "near"),
    ({"match": "{require: [{source_stance: ¦[stat]}]}"}, "E004", "stat", "state"),
    ({"match": "{require: [{source_country: ¦[belarus]}]}"}, "E004", "belarus", "alpha-2"),
    ({"match": "{require: [{source_language: ¦[by]}]}"}, "E009", "by", ""),
    ({"match": "{require: [thing], score: [¦thing]}"}, "E003", "weight", "weight: 1"),
    ({"match": "{require: [thing], score: [{term: thing, weight: ¦heavy}]}"}, "E004", "number", ""),
    ({"match": "{require: [thing], mask: [¦{terms: {en: [a thing]}}]}"}, "E003", "why", ""),
    ({"match": "{require: [thing], veto: [¦{why: x}]}"}, "E003", "is wanted", ""),
    ({"direction": "{improves: [{term: thing, score: ¦-3}]}"}, "E004", "above 0", "3"),
    ({"direction": "{worsens: [¦thing]}"}, "E003", "score", "score: 3"),
    ({"direction": "{worsens: [¦{any: [thing], score: -3}]}"}, "E004", "a cue is", "term"),
    ({"digest": "{headline: {¦worst: {en: x}}}"}, "E002", "worst", "worse"),
    ({"digest": "{headline: {worse: {en: ¦'By {actor}'}}}"}, "E002", "{actor}", "actors"),
    ({"digest": "{headline: {worse: {en: ¦'By {actors'}}}"}, "E004", "braces", "{{"),
    ({"digest": "{headline: {worse: {en: ¦'{count:3}'}}}"}, "E004", "format", "{count}"),
    ({"digest": "{headline: {worse: {¦xx: x}}}"}, "E009", "xx", ""),
    ({"digest": "{priority: ¦urgent}"}, "E004", "urgent", ""),
]


@pytest.mark.parametrize(("blocks", "code", "says", "mend"), WRONG, ids=[f"{w[1]}-{next(iter(w[0]))}-{w[2]}" for w in WRONG])
def test_a_mistake_is_told_with_its_place_and_mend(folder, rule_text, blocks, code, says, mend):
    marked = rule_text(**blocks)
    before = marked.partition("¦")[0]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    check = check_rules(folder({"thing.yml": marked.replace("¦", "")}))
    found = [problem for problem in errors(check) if problem.code == code]
    assert found, check.problems
    assert (found[0].place.line, found[0].place.column) == place
    assert says in found[0].message
    assert mend in found[0].mend
    assert check.ruleset is None


def test_a_missing_field_is_told_at_the_head_of_the_file(folder, rule_text):
    check = check_rules(folder({"thing.yml": rule_text(version="", title="")}))
    assert [(problem.code, problem.place.line) for problem in errors(check)] == [("E003", 1), ("E003", 1)]


@pytest.mark.parametrize(
    ("text", "code", "line", "mend"),
    [
        ("schema: 1\nid: thing\nterms:\n  a:\n    en:\n      - *НАТО\n", "E001", 6, "quotes"),
        ('schema: 1\nterms:\n  a:\n    en:\n      - "attaché case" as an object\n', "E001", 5, "quotes"),
        ("schema: 1\nterms:\n  a: {en: [@x]}\n", "E001", 3, "quotes"),
        ("schema: 1\nterms:\n  a: {ru: [x], ru: [y]}\n", "E005", 3, "lost"),
        ("schema: 2\nid: thing\n", "E016", 1, "update"),
        ("- a list\n", "E004", 1, "schema"),
        ("", "E004", 1, "schema"),
        ("id: thing\nterms: {}\n", "E003", 1, "add "),
    ],
)
def test_a_file_that_is_no_rule_file(folder, text, code, line, mend):
    check = check_rules(folder({"thing.yml": text}))
    found = next(problem for problem in check.problems if problem.code == code)
    assert found.place.line == line
    assert mend in found.mend


def test_norwegian_is_a_language_and_not_false(folder, rule_text):
    text = rule_text(scope="{langs: [no, en]}", terms="{thing: {no: [ting], en: [thing]}}")
    assert load_rules(folder({"thing.yml": text})).rules[0].langs == ("no", "en")


def test_id_and_file_name_agree(folder, rule_text):
    check = check_rules(folder({"other.yml": rule_text("thing")}))
    assert codes(errors(check)) == ["E006"]
    assert "thing.yml" in check.problems[0].mend


def test_an_id_is_used_once(folder, rule_text):
    check = check_rules(folder({"a/thing.yml": rule_text(), "b/thing.yml": rule_text()}))
    assert codes(errors(check)) == ["E006"]
    assert "a/thing.yml" in errors(check)[0].message


def test_every_problem_of_every_file_is_told_and_nothing_is_loaded(folder, rule_text, harbour):
    where = folder(
        {
            "a.yml": "broken: [",
            "b.yml": rule_text("b", version="", match="{require: [no]}"),
            "harbour.yml": harbour,
            "names/n.yml": "schema: 1\nnames: [{id: x, kind: ship, printed: {en: X}}]",
        }
    )
    with pytest.raises(WrongFiles) as caught:
        load_rules(where)
    told = {
        (Path(problem.place.file).name, problem.code) for problem in caught.value.problems if problem.severity is Severity.ERROR
    }
    assert told == {("a.yml", "E001"), ("b.yml", "E003"), ("b.yml", "E007"), ("n.yml", "E004")}
    assert list(caught.value.problems) == sorted(caught.value.problems, key=lambda p: (p.place, p.code, p.message))


def test_a_broken_names_file_does_not_make_every_reference_wrong(folder, rule_text):
    where = folder({"thing.yml": rule_text(terms='{thing: {en: ["@x"]}}'), "names/n.yml": "names: ["})
    assert "E012" not in codes(errors(check_rules(where)))
    assert "E001" in codes(errors(check_rules(where)))


def test_related_rules_may_stand_in_any_order(folder, rule_text):
    where = folder({"a.yml": rule_text("a", related="[b]"), "b.yml": rule_text("b", related="[a]")})
    assert errors(check_rules(where)) == []


def test_a_rule_related_to_a_broken_one_is_not_wrong(folder, rule_text):
    where = folder({"a.yml": rule_text("a", related="[b]"), "b.yml": "broken: ["})
    assert codes(errors(check_rules(where))) == ["E001"]


@pytest.mark.parametrize("make", [True, False])
def test_an_empty_folder_is_an_error(tmp_path, make):
    where = tmp_path / "rules"
    if make:
        where.mkdir()
    check = check_rules(where)
    assert codes(check.problems) == ["E017"]
    assert check.ruleset is None


@pytest.mark.parametrize(
    ("blocks", "same", "because"),
    [
        ({"terms": "{thing: {en: [things]}}"}, False, "other words are found"),
        ({"match": "{require: [{term: thing, in: [title]}]}"}, False, "other articles match"),
        ({"direction": "{improves: [{term: thing, score: 3}]}"}, False, "the match points another way"),
        ({"scope": "{langs: [en, ru]}"}, False, "articles in another language are read"),
        ({"status": "shadow"}, False, "matches are stored as of a shadow"),
        ({"version": "2"}, False, "matches carry the version"),
        ({"tests": "{should_match: [{title: the thing}], should_not_match: [{title: no}]}"}, True, "tests decide nothing"),
        (
            {"title": "Another", "owner": "desk", "description": "Words.", "references": "[x]"},
            True,
            "words for people decide nothing",
        ),
        ({"digest": "{section: Things, headline: {better: {en: More}}}"}, True, "words of an edition decide no match"),
    ],
)
def test_the_hash_is_of_what_decides_a_match(folder, rule_text, blocks, same, because):
    one = load_rules(folder({"thing.yml": "# a remark\n" + rule_text()}))
    other = load_rules(folder({"thing.yml": rule_text(**blocks)}))
    assert (one.hash == other.hash) is same, because
    assert (one.rules[0].hash == other.rules[0].hash) is same, because


@pytest.mark.parametrize(
    ("file", "before", "after", "same"),
    [
        ("lexicons/negators.yml", "en: [not]", "en: [not, never]", False),
        ("lexicons/negators.yml", "description: Words", "description: Other words", True),
        ("lexicons/idle.yml", "en: [not]", "en: [not, never]", True),
        ("names/n.yml", "variants: {en: [Xanadu]}", "variants: {en: [Xanadu, Shangdu]}", False),
        ("names/n.yml", "note: summer", "note: winter", True),
    ],
)
def test_the_hash_of_the_set_is_of_the_words_that_are_looked_for(folder, rule_text, file, before, after, same):
    name = "schema: 1\nnames:\n  - {id: x, kind: place, printed: {en: Xanadu}, variants: {en: [Xanadu]}, note: summer}\n"
    kind = file.removeprefix("lexicons/").removesuffix(".yml")
    lexicon = f"schema: 1\nid: {kind}\ndescription: Words\nterms: {{en: [not]}}\n"
    text = name if file.startswith("names") else lexicon
    assert before in text
    one = load_rules(folder({"thing.yml": rule_text(), file: text})).hash
    assert (load_rules(folder({file: text.replace(before, after)})).hash == one) is same


def test_a_changed_name_changes_the_rules_that_use_it(folder, rule_text):
    def load(spelling):
        names = f'schema: 1\nnames:\n  - {{id: x, kind: place, printed: {{en: Xx}}, variants: {{en: ["{spelling}"]}}}}\n'
        terms = '{thing: {en: ["@x"]}}'
        return load_rules(
            folder({"thing.yml": rule_text(terms=terms), "plain.yml": rule_text("plain"), "names/n.yml": names})
        ).by_id

    one, other = load("xanadu"), load("xerxes")
    assert one["thing"].hash != other["thing"].hash
    assert one["plain"].hash == other["plain"].hash


def test_terms_of_any_language_are_read_for_each(folder, rule_text):
    rule = load_rules(folder({"thing.yml": rule_text(scope="{langs: [be, ru]}", terms='{thing: ["ўсё"]}')})).rules[0]
    spelled = {language: phrases[0].sequences[0][0].words for language, phrases in rule.terms["thing"].phrases.items()}
    assert {language: next(iter(words)).folded for language, words in spelled.items()} == {"be": "усё", "ru": "ўсе"}


def test_without_a_scope_a_rule_reads_the_languages_of_its_terms(folder, rule_text):
    rule = load_rules(folder({"thing.yml": rule_text(scope="", terms="{thing: {en: [thing], pl: [rzecz]}}")})).rules[0]
    assert rule.langs == ("en", "pl")
