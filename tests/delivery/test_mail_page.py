"""docs/reference/mail-conformance.md is made of the rules, the tests that stand for each, and what lint knows."""

import ast
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from monitor.delivery.lint.catalogue import CODES

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "mail-conformance.md"
FILES = ("test_message_header.py", "test_message_body.py", "test_dkim_signing.py")
HEAD = """\
# Mail, rule by rule

What a mail must be so that it arrives, is shown whole and can be left, gathered from the standards and from what mailbox providers ask for,
and what `monitor` does about each. Every line is held by the tests named, on the real bytes of built messages; they lie in
`tests/delivery/`. [Mail and the outbox](mail.md) tells how a message goes on from there.
"""
LINT = """\
## What lint finds

`monitor lint MESSAGE.eml` checks any mail, its own or another's: the real bytes, with the line of each finding, what is wrong and how to
mend it; `--json` for machines. It ends with 0 where nothing is wrong, with 1 where there is an error (`--strict`: or a warning).

| | why it matters |
|---|---|
"""
SIGNED = {
    "test_a_built_message_verifies", "test_both_unsubscribe_fields_are_covered", "test_a_field_that_is_added_on_the_way_breaks_it",
    "test_flipping_one_letter_of_the_unsubscribe_token_breaks_it", "test_a_short_key_is_refused",
}  # fmt: skip


@pytest.fixture(scope="module")
def rules():
    return yaml.safe_load((HERE / "mail_rules.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tests():
    """Rule → the names of its tests."""
    found = defaultdict(list)
    for file in FILES:
        for node in ast.parse((HERE / file).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                number = re.match(r"test_([hb])(\d\d)_", node.name)
                if number:
                    found[f"{number.group(1).upper()}{int(number.group(2))}"].append(node.name)
                elif node.name in SIGNED:
                    found["H18"].append(node.name)
    return found


def page_of(rules, tests):
    lines = [HEAD]
    for section, named in rules.items():
        lines += [f"## {section}", "", "| | the rule | what monitor does | held by |", "|---|---|---|---|"]
        for name, rule in named.items():
            held = "<br>".join(f"`{test}`" for test in tests[name])
            lines.append(f"| {name} | {rule['rule']} | {rule['ours']} | {held} |")
        lines.append("")
    return "\n".join(lines) + "\n" + LINT + "".join(f"| {code} | {why} |\n" for code, why in CODES.items())


def test_each_rule_has_a_test_and_each_test_a_rule(rules, tests):
    names = [name for named in rules.values() for name in named]
    assert names == [*(f"H{number}" for number in range(1, 23)), *(f"B{number}" for number in range(1, 13))]
    assert {name for name in names if not tests[name]} == set()
    assert set(tests) <= set(names)
    assert len(tests["H18"]) == len(SIGNED)


def test_the_page_says_what_rules_and_tests_say(rules, tests):
    text = page_of(rules, tests)
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "docs/reference/mail-conformance.md is old: make golden"
