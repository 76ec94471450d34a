"""The forms of a report: Markdown tables that are aligned, JUnit that an XML parser reads, whatever the text holds."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.report import Case, junit_xml, md_table, problem_cases, problems_md
from monitor.model.problem import Place, Problem, Severity

cells = st.text(max_size=12)


@given(st.lists(st.tuples(cells, cells, cells), max_size=5), st.sets(st.integers(0, 2)))
def test_every_line_of_a_table_is_as_wide_and_has_as_many_columns(rows, right):
    lines = md_table(("a", "b", "c"), rows, right=right).split("\n")
    assert len(lines) == len(rows) + 2
    assert len({cell_len(line) for line in lines}) == 1
    assert {line.replace("\\|", "").count("|") for line in lines} == {4}


def test_numbers_stand_on_the_right_and_their_rule_says_so():
    assert md_table(("rule", "hits"), [("talks", "12"), ("visits", "3")], right=(1,)) == (
        "| rule   | hits |\n| ------ | ---: |\n| talks  |   12 |\n| visits |    3 |"
    )


texts = st.text(max_size=20)


@given(st.lists(st.builds(Case, texts, texts, texts, texts, texts), max_size=5))
def test_a_report_is_xml_and_counts_its_cases(cases):
    root = ET.fromstring(junit_xml("a report", cases))
    assert root.attrib["tests"] == str(len(cases)) == str(len(root.findall("testcase")))
    assert int(root.attrib["failures"]) == len(root.findall("testcase/failure")) == sum(bool(case.failure) for case in cases)


def test_what_xml_cannot_hold_is_replaced():
    root = ET.fromstring(junit_xml("r", [Case("s", "a\x00b", "\ud800 & <c>")]))
    assert root[0].attrib["name"] == "a\ufffdb"
    assert root[0][0].attrib["message"] == "\ufffd & <c>"


def problem(severity, mend=""):
    return Problem(Place("rules/a.yml", 3, 5), "W101", "short | prefix", mend, severity)


def test_information_fails_no_case_and_other_findings_do():
    cases = problem_cases([problem(Severity.INFO), problem(Severity.WARNING, "write more")])
    assert [bool(case.failure) for case in cases] == [False, True]
    assert "→ write more" in cases[1].details
    assert problem_cases([]) == [Case("rules", "no findings")]


def test_findings_as_markdown_escape_what_would_end_a_cell():
    assert "short \\| prefix" in problems_md([problem(Severity.WARNING)])
    assert problems_md([]) == "No findings."
