"""The forms in which verbs report besides text: JSON Lines, Markdown tables for merge requests, JUnit XML for CI. One place for all of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import click
from rich.cells import cell_len

from monitor.model.problem import Problem, Severity

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("text", "json", "md", "junit")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to hold, not even escaped."""


def reports(verb: F) -> F:
    """The options `--format` and `--json` (short for `--format json`); the verb gets `form`, one of `FORMATS`."""

    @click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="text, JSON Lines, Markdown or JUnit XML")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines: short for --format json.")
    @functools.wraps(verb)
    def wrapped(*arguments: Any, form: str, as_json: bool, **given: Any) -> Any:
        return verb(*arguments, form="json" if as_json else form, **given)

    return wrapped  # type: ignore[return-value]  # the wrapper takes `as_json` besides


def md_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """A Markdown table whose columns stand under each other in plain text too; `right` names columns that are numbers."""
    body = [tuple(map(_md_cell, row)) for row in (heads, *rows)]
    widths = [max(3, *(cell_len(row[place]) for row in body)) for place in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        padded = (_padded(cell, widths[place], at_right=place in right) for place, cell in enumerate(row))
        return f"| {' | '.join(padded)} |"

    rule = [("-" * (width - 1) + ":") if place in right else "-" * width for place, width in enumerate(widths)]
    return "\n".join([line(body[0]), line(rule), *map(line, body[1:])])


def _md_cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _padded(text: str, width: int, *, at_right: bool) -> str:
    room = " " * (width - cell_len(text))
    return room + text if at_right else text + room


@dataclass(frozen=True, slots=True)
class Case:
    """One test case of a report: `suite` groups cases, `failure` is "" where it passed, `skipped` says why it does not count."""

    suite: str
    name: str
    failure: str = ""
    details: str = ""
    skipped: str = ""


def junit_xml(name: str, cases: Iterable[Case]) -> str:
    """A JUnit report, as CI servers read it; signs that XML cannot hold become U+FFFD."""
    listed = list(cases)
    failures, skipped = (sum(1 for case in listed if getattr(case, kind)) for kind in ("failure", "skipped"))
    suite = Element("testsuite", {"name": name, "tests": str(len(listed)), "failures": str(failures), "skipped": str(skipped)})
    for case in listed:
        told = SubElement(suite, "testcase", {"classname": _xml(case.suite), "name": _xml(case.name)})
        if case.failure:
            SubElement(told, "failure", {"message": _xml(case.failure)}).text = _xml(case.details or case.failure)
        elif case.skipped:
            SubElement(told, "skipped", {"message": _xml(case.skipped)})
        elif case.details:
            SubElement(told, "system-out").text = _xml(case.details)
    indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suite, encoding="unicode")}'


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def problems_md(problems: Sequence[Problem]) -> str:
    """Findings as a Markdown table; a sentence where there is none."""
    if not problems:
        return "No findings."
    rows = [(one.code, one.severity.value, str(one.place), one.message, one.mend) for one in problems]
    return md_table(("code", "severity", "place", "finding", "mend"), rows)


def problem_cases(problems: Sequence[Problem], *, passed: str = "no findings") -> list[Case]:
    """Findings as test cases; information fails nothing. One that passed, where there is no finding."""
    cases = []
    for one in problems:
        told = f"{one.message} → {one.mend}" if one.mend else one.message
        failure = "" if one.severity is Severity.INFO else f"{one.code} {one.severity.value}: {one.message}"
        cases.append(Case(one.place.file, f"{one.code} {one.place}", failure, f"{one.place}  {told}"))
    return cases or [Case("rules", passed)]
