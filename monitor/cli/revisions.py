"""Rule folders as git keeps them: reads revisions into folders, tells a folder's history; it changes no repository."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from monitor.model.errors import WrongUse

PATIENCE_S = 60
MOST_COMMITS = 200


def git(folder: Path, *arguments: str) -> bytes:
    """What git prints.

    Raises:
        WrongUse: There is no git, no repository here, or git refuses; with git's own words.
    """
    try:
        done = subprocess.run(  # noqa: S603 — a fixed program; callers put revisions behind --end-of-options
            ["git", "-C", str(folder), *arguments],  # noqa: S607 — git is where the user has it
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError:
        raise WrongUse("git is not installed: name two folders instead, with --old and --new") from None
    except subprocess.TimeoutExpired:
        raise WrongUse(f"git did not answer within {PATIENCE_S} s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise WrongUse(f"git {arguments[0]}: {said or 'refused'}")
    return done.stdout


def commit_of(folder: Path, revision: str) -> str:
    """The full id of a revision.

    Raises:
        WrongUse: The repository has no such revision.
    """
    try:
        found = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except WrongUse:
        git(folder, "rev-parse", "--show-toplevel")  # where there is no repository, that is what to tell
        raise WrongUse(f'no revision "{revision}" in the repository of {folder}') from None
    return found.decode().strip()


def folder_at(folder: Path, revision: str, into: Path) -> Path:
    """Write the YAML files of a folder, as they were at a revision, into another one; returns that.

    Raises:
        WrongUse: No such revision, or the folder was not there.
    """
    commit = commit_of(folder, revision)
    names = git(folder, "ls-tree", "-r", "-z", "--name-only", commit, "--", ".").decode("utf-8", "replace").split("\0")
    kept = [name for name in names if name.endswith((".yml", ".yaml"))]
    if not kept:
        raise WrongUse(f"{folder} has no rule file at {revision}")
    for name in kept:
        file = into / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(git(folder, "show", f"{commit}:./{name}"))
    return into


def versions_of(file: Path) -> Iterator[tuple[date, bytes]]:
    """A file's commits, newest first, each as its day and what the file held then; at most `MOST_COMMITS`.

    Raises:
        WrongUse: No git, or no repository.
    """
    lines = git(file.parent, "log", "--format=%H %cs", f"--max-count={MOST_COMMITS}", "--", f"./{file.name}").decode()
    for line in lines.splitlines():
        commit, _, day = line.partition(" ")
        try:
            content = git(file.parent, "show", f"{commit}:./{file.name}")
        except WrongUse:
            return  # deleted in that commit: what came before is another life
        yield date.fromisoformat(day), content
