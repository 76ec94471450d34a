from datetime import date

import pytest

from monitor.rules.engine import Engine
from monitor.rules.examples import run_examples
from monitor.rules.format import formatted
from monitor.rules.load import check_rules
from monitor.rules.template import draft_rule

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("title", ["Grain", "Grain: the 'whole' story", 'A "quoted" one', "# no comment", "100"])
@pytest.mark.parametrize("langs", [("en",), ("en", "ru", "be", "pl")])
def test_a_draft_loads_without_a_finding_and_passes_its_own_tests(folder, title, langs):
    text = draft_rule("grain", title, "desk: south", langs, TODAY)
    check = check_rules(folder({"grain.yml": text}))
    assert check.problems == ()
    rule = check.ruleset.by_id["grain"]
    assert (rule.header.title, rule.header.owner, rule.langs, rule.runs) == (title, "desk: south", langs, False)
    report = run_examples(check.ruleset, Engine(check.ruleset))
    assert len(report.results) == 2 * len(langs)
    assert report.problems == ()


def test_a_draft_has_the_shape_that_fmt_gives():
    text = draft_rule("grain", "Grain", "desk", ("en", "ru"), TODAY)
    assert formatted(text) == text
