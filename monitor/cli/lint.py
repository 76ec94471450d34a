"""`monitor lint`: check the real bytes of a mail."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.screen import json_line, out, problem_json, say, show_problems
from monitor.cli.shared import as_json
from monitor.delivery.lint import lint_message
from monitor.model.problem import Severity


@click.command()
@click.argument("message", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings fail as well")
@as_json
def lint(message: Path, strict: bool, as_json: bool) -> int:
    """Check a mail (.eml) as it would go over the wire: headers, structure, size, HTML."""
    problems = lint_message(message.read_bytes(), message.name)
    if as_json:
        for problem in problems:
            json_line(problem_json(problem))
    else:
        show_problems(problems, out())
        if not problems:
            say(f"[green]✓[/green] {message.name}: nothing to mend")
    worst = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(problem.severity in worst for problem in problems) else 0
