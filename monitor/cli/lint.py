"""`monitor lint`: check the real bytes of a mail."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.screen import json_line, out, problem_json, say, show_problems
from monitor.cli.shared import as_json
from monitor.delivery.lint.check import kind_of, lint_message
from monitor.delivery.lint.mail import MailKind
from monitor.model.problem import Severity


@click.command()
@click.argument("message", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings fail as well")
@click.option("--kind", type=click.Choice([one.value for one in MailKind]), help="What it is; default: what its fields say")
@as_json
def lint(message: Path, strict: bool, kind: str | None, as_json: bool) -> int:
    """Check a mail (.eml) as it would go over the wire: headers, structure, size, HTML."""
    raw = message.read_bytes()
    judged = MailKind(kind) if kind else kind_of(raw)
    problems = lint_message(raw, message.name, judged)
    if as_json:
        for problem in problems:
            json_line(problem_json(problem))
    else:
        show_problems(problems, out())
        if judged is MailKind.CONFIRMATION and not kind:
            say(
                f"[dim]{message.name}: judged as a confirmation, which belongs to no list (--kind edition for the other rules)[/dim]"
            )
        if not problems:
            say(f"[green]✓[/green] {message.name}: nothing to mend")
    worst = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(problem.severity in worst for problem in problems) else 0
