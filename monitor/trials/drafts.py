"""Rules as they would be with some files changed: read and checked whole, with nothing written into the folder they lie in.

A copy of the folder in a temporary place is read by the loader of production; places name files as they lie in the real one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from monitor.model.errors import WorldFailed
from monitor.model.problem import Place, Problem, Severity
from monitor.rules.lint_settings import LINT_FILE
from monitor.rules.load import check_rules, filter_files, reference_files, rule_files
from monitor.rules.schema import Rule, RuleCheck

MOST_BYTES = 200_000
"""Of a draft: twenty times what the longest shipped rule has."""


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """What reading came to. `own` are the problems of the draft itself, `others` those of other files; `rule` is the draft read.

    `check.ruleset` is of the whole folder without the files `left_out`, which are wrong themselves; None where the draft is wrong.
    """

    check: RuleCheck
    own: tuple[Problem, ...]
    others: tuple[Problem, ...]
    rule: Rule | None
    left_out: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What refuses the set of files, the draft's own first."""
        return tuple(problem for problem in (*self.own, *self.others) if problem.severity is Severity.ERROR)


def check_with(folder: Path, changes: Mapping[str, str | None]) -> RuleCheck:
    """As `check_rules` of the folder with some files as they are given; None takes one away.

    Args:
        changes: Path inside the folder ("talks.yml", "east/talks.yml") → text.

    Raises:
        WorldFailed: A file of the folder cannot be read, or there is no room for the copy.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="monitor-draft-") as place:
            copy = Path(place) / "rules"
            _copy(folder, copy, changes)
            found = check_rules(copy)
    except OSError as error:
        raise WorldFailed(f"the rules cannot be read: {error.strerror or error}") from error
    return replace(found, problems=tuple(_as_in(folder, copy, problem) for problem in found.problems))


def check_draft(folder: Path, file: str, text: str) -> DraftCheck:
    """The folder with one file as drafted. Where other files are wrong they are left out, so that the draft can be tried all the same.

    Raises:
        WorldFailed: A file of the folder cannot be read, or there is no room for the copy.
    """
    found = check_with(folder, {file: text})
    own = tuple(problem for problem in found.problems if problem.place.file == file)
    others = tuple(problem for problem in found.problems if problem.place.file != file)
    left_out: tuple[str, ...] = ()
    if found.ruleset is None and not any(problem.severity is Severity.ERROR for problem in own):
        left_out = tuple(sorted({problem.place.file for problem in others if problem.severity is Severity.ERROR}))
        found = check_with(folder, {file: text, **dict.fromkeys(left_out)})
    rules = found.ruleset.rules if found.ruleset else ()
    rule = next((rule for rule in rules if rule.id == Path(file).stem), None)
    return DraftCheck(found, own, others, rule, left_out)


def inside(folder: Path) -> Iterator[Path]:
    """The files of a folder of rules that decide what the rules find; what a link brings in from outside is not among them."""
    root = folder.resolve()
    lint = folder / LINT_FILE
    for file in chain(rule_files(folder), reference_files(folder), filter_files(folder), [lint] if lint.is_file() else []):
        if file.resolve().is_relative_to(root):
            yield file


def _copy(folder: Path, copy: Path, changes: Mapping[str, str | None]) -> None:
    copy.mkdir(parents=True)
    for file in inside(folder):
        name = file.relative_to(folder).as_posix()
        if name not in changes:
            _write(copy / name, file.read_bytes())
    for name, text in changes.items():
        if text is not None:
            _write(copy / name, text.encode("utf-8", "replace"))


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _as_in(folder: Path, copy: Path, problem: Problem) -> Problem:
    """A problem of the copy as one of the folder: its place by the path inside, its words without the copy's path."""
    place = problem.place
    file = Path(place.file)
    inside_copy = file.relative_to(copy).as_posix() if file.is_relative_to(copy) else place.file
    words = {text: text.replace(f"{copy}/", "").replace(str(copy), str(folder)) for text in (problem.message, problem.mend)}
    return replace(
        problem, place=Place(inside_copy, place.line, place.column), message=words[problem.message], mend=words[problem.mend]
    )
