"""`monitor rules fmt`: rule, names and lexicon files in one shape; comments and meaning stay."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.rules_given import Folder
from monitor.cli.screen import complain_of_files, counted, json_line, say
from monitor.cli.shared import as_json, settings
from monitor.model.problem import Problem
from monitor.rules.format import formatted
from monitor.rules.load import reference_files, rule_files
from monitor.text.located_yaml import read_located


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; end with 1 if a file would change")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change")
@Folder
@as_json
def fmt(files: tuple[Path, ...], check: bool, diff: bool, folder: Path | None, as_json: bool) -> int:
    """Put keys in order and terms in quotes; comments stay, and so does what each rule means. Writes the files named, or all."""
    looked_at = changed = 0
    broken: list[Problem] = []
    for file in _files(files or (folder or bootstrap.folder_of(settings(), "rules"),)):
        _, problems = read_located(file)
        if problems:
            broken.extend(problems)
            continue
        looked_at += 1
        before = file.read_text(encoding="utf-8-sig")
        after = formatted(before)
        changed += before != after
        if as_json:
            json_line({"file": str(file), "changed": before != after})
        elif before != after:
            say(f"[yellow]{'would change' if check or diff else 'changed'}[/yellow]  {escape(str(file))}")
        if diff and not as_json:
            _show(before, after)
        if before != after and not check and not diff:
            file.write_text(after, encoding="utf-8")
    if broken:
        complain_of_files(broken)
        return 2
    if not as_json:
        say(f"[green]✓[/green] {counted(looked_at, 'file')}, {changed} {'to change' if check or diff else 'changed'}")
    return 1 if changed and (check or diff) else 0


def _files(named: tuple[Path, ...]) -> Iterator[Path]:
    for path in named:
        if path.is_dir():
            yield from rule_files(path)
            yield from reference_files(path)
        else:
            yield path


def _show(before: str, after: str) -> None:
    for line in list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]:
        colour = {"+": "green", "-": "red"}.get(line[:1], "dim")
        say(f"  [{colour}]{escape(line)}[/{colour}]")
