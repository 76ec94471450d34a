"""What a program mends in rule files by itself."""

import pytest

from monitor.rules.load import check_rules
from monitor.rules.mend import mended, requoted
from monitor.text.located_yaml import parse_located

MENDABLE = [
    ("W103", {"terms": '{thing: {en: ["thing*", "things", "thing"]}}'}, {"en": ["thing*"]}),
    ("W103", {"terms": '{thing: {en: ["things", "a thing", "thing*"]}}'}, {"en": ["a thing", "thing*"]}),
    (
        "W103",
        {"terms": '\n  thing:\n    en:\n      - "things"   # gone\n      - "thing*"   # stays\n      - "thing"'},
        {"en": ["thing*"]},
    ),
    ("W120", {"terms": '{thing: {en: ["thing", "thi\u200bng\u00ads"]}}'}, {"en": ["thing", "things"]}),
]


@pytest.mark.parametrize(("code", "blocks", "left"), MENDABLE, ids=[str(row[2]) for row in MENDABLE])
def test_a_term_is_mended_and_nothing_else_changes(folder, rule_text, code, blocks, left):
    text = rule_text(**blocks)
    problems = check_rules(folder({"thing.yml": text})).problems
    assert {problem.code for problem in problems} == {code}
    after = mended(text, problems)
    before_data, after_data = (parse_located(one, "x")[0].data for one in (text, after))
    assert after_data == {**before_data, "terms": {"thing": left}}
    assert check_rules(folder({"thing.yml": after})).problems == ()


def test_a_date_before_the_first_becomes_the_first(folder, rule_text):
    text = rule_text(created="2026-05-02\nmodified: 2026-05-01   # when")
    after = mended(text, check_rules(folder({"thing.yml": text})).problems)
    assert "created: 2026-05-02\nmodified: 2026-05-02   # when\n" in after


def test_what_asks_for_a_decision_is_left_alone(folder, rule_text):
    text = rule_text(terms='{thing: {en: ["thing", "na*", "USA army"]}}')
    assert mended(text, check_rules(folder({"thing.yml": text})).problems) == text


def test_lines_that_lack_quotes_get_them():
    broken = 'terms:\n  a:\n    en:\n      - "attaché case" as an object\n      - thing\n      - @name\n      - *star\n      - one: two: three\n'
    assert parse_located(requoted(broken), "x")[0].data == {
        "terms": {"a": {"en": ['"attaché case" as an object', "thing", "@name", "*star", "one: two: three"]}}
    }


@pytest.mark.parametrize("text", ["a: [", "a: {b: c", "- [a\n- b", "a: 'b", "\ta: b", "a: b: c", "- ]", "- {", "- '"])
def test_what_quotes_do_not_mend_comes_back_as_it_was(text):
    after = requoted(text)
    assert after == text or parse_located(after, "x")[0]
