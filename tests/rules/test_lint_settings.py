"""`rules/lint.yml`: what a desk has decided on warnings."""

import pytest

from monitor.model.problem import Severity
from monitor.rules.lint_settings import baseline_block
from monitor.rules.load import check_rules

SHORT = '{thing: {en: ["thing", "na*", "no*"]}}'


def test_a_check_turned_off_is_silent(folder, rule_text):
    where = folder({"thing.yml": rule_text(terms=SHORT), "lint.yml": "disable: [W101]"})
    assert check_rules(where).problems == ()


def test_a_warning_made_an_error_refuses_the_set(folder, rule_text):
    check = check_rules(folder({"thing.yml": rule_text(terms=SHORT), "lint.yml": "severity: {W101: error}"}))
    assert check.ruleset is None
    assert {problem.severity for problem in check.problems} == {Severity.ERROR}


def test_a_warning_made_information_fails_no_strict_check(folder, rule_text):
    check = check_rules(folder({"thing.yml": rule_text(terms=SHORT), "lint.yml": "severity: {W101: info}"}))
    assert {problem.severity for problem in check.problems} == {Severity.INFO}


def test_a_baseline_accepts_what_stands_and_tells_what_is_new(folder, rule_text):
    where = folder({"thing.yml": rule_text(terms=SHORT)})
    (where / "lint.yml").write_text(baseline_block(check_rules(where).problems), encoding="utf-8")
    assert check_rules(where).problems == ()
    folder({"thing.yml": "# moved by a line\n" + rule_text(terms=SHORT.replace('"no*"', '"no*", "ny*"'))})
    assert [problem.message.split()[0] for problem in check_rules(where).problems] == ['"ny*"']


def test_a_comment_still_accepts_what_settings_make_an_error(folder, rule_text):
    text = rule_text(terms='{thing: {en: ["thing", "na*"]}}  # lint: ignore W101 -- only two words begin so')
    assert check_rules(folder({"thing.yml": text, "lint.yml": "severity: {W101: error}"})).problems == ()


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("disabled: [W101]", "E002", "disable"),
        ("disable: [W999]", "E004", "W999"),
        ("disable: [E007]", "E004", "E007"),
        ("severity: {W101: loud}", "E004", "loud"),
        ("baseline: [W101]", "E004", "mapping"),
        ("baseline: [{code: W101}]", "E003", "rule"),
        ("baseline: [", "E001", "parse"),
    ],
)
def test_wrong_settings_are_told_and_refuse_the_set(folder, rule_text, text, code, says):
    check = check_rules(folder({"thing.yml": rule_text(), "lint.yml": text}))
    assert check.ruleset is None
    assert [problem.code for problem in check.problems] == [code]
    assert says in check.problems[0].message + check.problems[0].mend
