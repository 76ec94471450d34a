import pytest

from monitor.rules.load import check_rules

LINTS = [
    ("W101", {"terms": '{thing: {en: ["thing", "na*"]}}'}, "na*"),
    ("W104", {"terms": "{thing: {en: [thing]}, spare: {en: [spare]}}"}, "spare"),
    ("W105", {"scope": "{langs: [en, ru, be]}"}, "ru, be"),
    ("W105", {"terms": '{thing: {en: ["thing", "@y"]}}'}, "no spelling in en"),
    ("W106", {"terms": '{thing: {en: ["thing", "аташэ", "aташэ"]}}'}, "Latin a"),
    ("W109", {"tests": "{should_match: [{title: a thing}]}"}, "should_not_match"),
    ("W109", {"tests": ""}, "should_match and should_not_match"),
    ("W112", {"created": "2026-05-01\nmodified: 2026-04-01"}, "before"),
    ("W113", {"status": "deprecated"}, "replaces"),
    ("W115", {"match": "{require: [thing], veto: [{terms: {en: [odd thing]}, why: odd}]}"}, "veto"),
    ("W116", {"match": "{require: [thing], score: [{near: [thing, thing], within: 50, weight: 1}]}"}, "50"),
    ("W117", {"direction": "{improves: [{term: thing, score: 3}], worsens: [{term: thing, score: -3}]}"}, "thing"),
    ("W118", {"terms": '{thing: {en: ["thing", "USA army"]}}'}, "USA"),
    ("W120", {"terms": '{thing: {en: ["thing", "thi\u200bng"]}}'}, "U+200B"),
    ("W121", {"status": "active"}, "owner"),
]


@pytest.mark.parametrize(("code", "blocks", "says"), LINTS, ids=[lint[0] for lint in LINTS])
def test_a_likely_mistake_is_warned_of_and_loads(folder, rule_text, code, blocks, says):
    names = "schema: 1\nnames: [{id: y, kind: place, printed: {ru: Ялта}}]"
    check = check_rules(folder({"thing.yml": rule_text(**blocks), "names/n.yml": names}))
    assert check.ruleset is not None, check.problems
    assert [problem.code for problem in check.problems] == [code]
    assert says in check.problems[0].message + check.problems[0].mend
    assert check.problems[0].place.line


@pytest.mark.parametrize(
    "blocks",
    [
        {"terms": '{thing: {en: ["thing", "=NATO", "=Na*", "@x", "open sky*"]}}'},
        {"match": "{require: [thing], veto: [{terms: {en: [odd thing]}, in: [title], why: odd}]}"},
        {"match": "{require: [thing], veto: [{terms: {en: [odd thing]}, unless: thing, why: odd}]}"},
        {"status": "deprecated", "description": "Its topic has ended."},
    ],
)
def test_what_is_meant_so_is_not_nagged_about(folder, rule_text, blocks):
    names = 'schema: 1\nnames: [{id: x, kind: place, printed: {en: Xanadu}, variants: {en: ["xan*"]}}]'
    assert check_rules(folder({"thing.yml": rule_text(**blocks), "names/n.yml": names})).problems == ()


def test_a_comment_on_the_line_accepts_a_warning_with_a_reason(folder, rule_text):
    text = rule_text(terms='{thing: {en: ["thing", "na*"]}}  # lint: ignore W101 -- only two words begin so')
    assert check_rules(folder({"thing.yml": text})).problems == ()


def test_a_comment_without_a_reason_or_for_another_code_accepts_nothing(folder, rule_text):
    for comment in ("# lint: ignore W101", "# lint: ignore W104 -- wrong one"):
        text = rule_text(terms='{thing: {en: ["thing", "na*"]}}  ' + comment)
        assert [problem.code for problem in check_rules(folder({"thing.yml": text})).problems] == ["W101"]


def test_errors_cannot_be_accepted(folder, rule_text):
    text = rule_text(match="{require: [thong]}  # lint: ignore E007 -- please")
    assert check_rules(folder({"thing.yml": text})).ruleset is None
