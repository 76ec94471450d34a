"""Compares rule files with the version last committed: what changed without its version number. Runs git; no git, no finding."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.model.problem import Problem, Severity
from monitor.text.located_yaml import parse_located, read_located

_MATTERS = ("scope", "terms", "match", "direction")
PATIENCE_S = 10


def unversioned_changes(files: Iterator[Path]) -> Iterator[Problem]:
    """W111 for each rule file whose terms, match or direction differ from the last commit while `version` does not."""
    for file in files:
        before = _committed(file)
        located, _ = read_located(file)
        if located and before and isinstance(located.data, dict) and (changed := _changed(before, located.data)):
            message = f"{' and '.join(changed)} changed since the last commit, version {located.data.get('version')} did not"
            yield Problem(located.place("version"), "W111", message, "raise version, and set modified", Severity.WARNING)


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    if before.get("version") != now.get("version"):
        return []
    return [key for key in _MATTERS if before.get(key) != now.get(key)]


def _committed(file: Path) -> Mapping[str, Any] | None:
    """The file's content at the last commit; None where there is no git, no commit, or no such file in it."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and a file name after "./" that git cannot take for an option
            ["git", "show", f"HEAD:./{file.name}"],  # noqa: S607 - git is where the user has it
            cwd=file.parent,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    located, _ = parse_located(done.stdout.decode("utf-8-sig", "replace"), file.name)
    return located.data if located and isinstance(located.data, dict) else None
