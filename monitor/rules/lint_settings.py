"""Reads `rules/lint.yml`: checks turned off, severities changed, and a baseline of findings that the desk lives with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from monitor.model.problem import Problem, Severity
from monitor.rules.catalogue import CATALOGUE
from monitor.rules.reading import Path_, Reader, kind, nearest
from monitor.text.located_yaml import read_located

LINT_FILE = "lint.yml"
LINT_KEYS = ("disable", "severity", "baseline")
BASELINE_KEYS = ("code", "rule", "term", "why")
_QUOTED = re.compile(r'"([^"]*)"')
Accepted = tuple[str, str, str]
"""Code, rule (name of the file without its ending) and what the finding names in quotes ("" where it names nothing)."""


@dataclass(frozen=True, slots=True)
class LintSettings:
    """What a desk has decided on findings that are no errors."""

    disabled: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    baseline: frozenset[Accepted] = frozenset()

    def applied(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Errors as they are; the rest without what is disabled or in the baseline, in the severity wanted."""
        for problem in problems:
            if problem.severity is Severity.ERROR:
                yield problem
            elif problem.code not in self.disabled and finding_key(problem) not in self.baseline:
                yield replace(problem, severity=self.severities.get(problem.code, problem.severity))


def finding_key(problem: Problem) -> Accepted:
    """By what a baseline knows a finding again after lines have moved."""
    named = _QUOTED.search(problem.message)
    return problem.code, PurePath(problem.place.file).stem, named[1] if named else ""


def read_lint_settings(folder: Path) -> tuple[LintSettings, list[Problem]]:
    """The settings of a folder of rules, and what is wrong with them; a folder without the file has none."""
    file = folder / LINT_FILE
    if not file.is_file():
        return LintSettings(), []
    located, problems = read_located(file)
    if located is None:
        return LintSettings(), problems
    reader = Reader(located)
    data = reader.mapping(located.data, (), LINT_KEYS)
    disabled = [
        code
        for place, code in enumerate(reader.texts(data, (), "disable"))
        if _known(reader, code, ("disable", place) if isinstance(data["disable"], list) else ("disable",))
    ]
    levels = [level.value for level in Severity]
    chosen = reader.mapping(data.get("severity"), ("severity",))
    severities = {
        code: Severity(reader.choice(chosen, ("severity",), code, levels, Severity.WARNING.value))
        for code in chosen
        if _known(reader, code, ("severity", code))
    }
    baseline = [
        _accepted(reader, entry, ("baseline", place))
        for place, entry in enumerate(reader.sequence(data.get("baseline"), ("baseline",)))
    ]
    return LintSettings(frozenset(disabled), severities, frozenset(baseline)), reader.problems


def _known(reader: Reader, code: str, path: Path_) -> bool:
    if code.startswith("E") and code in CATALOGUE:
        reader.add(path, "E004", f"{code} is an error, which nothing can turn off", "mend what it tells of")
        return False
    if code not in CATALOGUE:
        reader.add(path, "E004", f'no finding has the code "{code}"', nearest(code, CATALOGUE))
        return False
    return True


def _accepted(reader: Reader, entry: Any, path: Path_) -> Accepted:
    if not isinstance(entry, dict):
        reader.add(path, "E004", f"must be a mapping, is {kind(entry)}", "write {code: W101, rule: my-rule, term: …}")
        return "", "", ""
    data = reader.mapping(entry, path, BASELINE_KEYS)
    reader.required(data, path, ("code", "rule"))
    code = reader.text(data, path, "code")
    if code:
        _known(reader, code, (*path, "code"))
    return code, reader.text(data, path, "rule"), reader.text(data, path, "term")


def baseline_block(problems: Iterable[Problem]) -> str:
    """The `baseline:` block that accepts these findings, as text for the file; errors cannot be accepted."""
    keys = sorted({finding_key(problem) for problem in problems if problem.severity is not Severity.ERROR})
    lines = [f"  - {{code: {code}, rule: {rule}, term: '{term.replace(chr(39), chr(39) * 2)}'}}" for code, rule, term in keys]
    return "\n".join(["baseline:", *lines]) + "\n" if lines else "baseline: []\n"
