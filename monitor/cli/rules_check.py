"""`monitor rules check`: every finding on the rules with its mend, and what a program can mend of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.report import junit_xml, problem_cases, problems_md, reports
from monitor.cli.screen import counted, json_line, out, problem_json, say, show_problems
from monitor.cli.shared import settings
from monitor.model.errors import WrongUse
from monitor.model.problem import Problem, Severity
from monitor.rules.catalogue import CATALOGUE
from monitor.rules.expectations import read_expectations
from monitor.rules.history import unversioned_changes
from monitor.rules.lint_settings import LINT_FILE, baseline_block
from monitor.rules.load import check_rules, rule_files
from monitor.rules.mend import mended, requoted
from monitor.rules.schema import RuleCheck


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings fail as well")
@click.option("--fix", is_flag=True, help="Mend covered terms, invisible characters, dates and missing quotes in the files")
@click.option("--info", is_flag=True, help="Tell also what fails nothing")
@click.option("--baseline", is_flag=True, help="Write the warnings there are into lint.yml, to be told only of new ones")
@click.option("--explain", "code", metavar="CODE", default="", help="Tell what a finding means, with an example, and end")
@reports
def check(folder: Path | None, strict: bool, fix: bool, info: bool, baseline: bool, code: str, form: str) -> int:
    """Schema, references and lint: every finding with its place and what to type instead."""
    if code:
        return _explain(code.upper(), form == "json")
    where = folder or bootstrap.folder_of(settings(), "rules")
    if fix:
        _fix(where, info)
    found = _checked(where, info)
    if baseline and found.ruleset is not None:
        _write_baseline(where, found)
        found = _checked(where, info)
    _report(found, form)
    if found.ruleset is None:
        return 2
    fails = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(problem.severity in fails for problem in found.problems) else 0


def _checked(where: Path, info: bool) -> RuleCheck:
    """The rules and, where those can be loaded, what is expected of them: mistakes in that keep no rule from running."""
    changed = unversioned_changes(rule_files(where)) if where.is_dir() else ()
    found = check_rules(where, more=changed, information=info)
    if found.ruleset is None or not where.is_dir():
        return found
    _, wrong = read_expectations(where, found.ruleset.by_id)
    return replace(found, problems=(*found.problems, *wrong))


def _report(found: RuleCheck, form: str) -> None:
    if form == "json":
        for problem in found.problems:
            json_line(problem_json(problem))
    elif form == "md":
        click.echo(f"{problems_md(found.problems)}\n\n{counted(found.files, 'file')}, {counted(len(found.problems), 'finding')}.")
    elif form == "junit":
        passed = f"{counted(found.files, 'file')} without findings"
        click.echo(junit_xml("monitor rules check", problem_cases(found.problems, passed=passed)))
    else:
        _show(found)


def _show(found: RuleCheck) -> None:
    show_problems(found.problems, out())
    if found.ruleset is None:
        say(f"{counted(found.files, 'file')}. [red]Nothing was loaded.[/red] A running service keeps the rules it has.")
        return
    counts = (
        f"{counted(found.files, 'file')}, {counted(len(found.ruleset.rules), 'rule')}, {counted(len(found.problems), 'finding')}"
    )
    wrong = any(problem.severity is Severity.ERROR for problem in found.problems)
    say(f"{'[red]✗[/red]' if wrong else '[green]✓[/green]'} {counts}")


def _explain(code: str, as_json: bool) -> int:
    finding = CATALOGUE.get(code)
    if finding is None:
        raise WrongUse(f'no finding has the code "{code}"; codes: {", ".join(CATALOGUE)}')
    if as_json:
        json_line({"code": code, **finding._asdict()})
        return 0
    say(f"[bold]{code}[/bold]  {escape(finding.title)}")
    say(escape(finding.why))
    for label, colour, example in (("wrong", "red", finding.wrong), ("right", "green", finding.right)):
        if example:
            say(f"  [{colour}]{label}[/{colour}]  {escape(example)}")
    if code.startswith("W"):
        say(
            f"[dim]To accept one: # lint: ignore {code} -- why   on its line; to turn the check off: disable: \\[{code}] in {LINT_FILE}[/dim]"
        )
    return 0


def _fix(where: Path, info: bool) -> None:
    """Quotes first, so that what did not parse can be looked at; then each file with what was found in it."""
    for place in {problem.place.file for problem in check_rules(where).problems if problem.code == "E001"}:
        if Path(place).is_file():
            _rewrite(Path(place), requoted(Path(place).read_text(encoding="utf-8-sig")))
    found: list[Problem] = sorted(check_rules(where, information=info).problems, key=lambda problem: problem.place.file)
    for name, problems in groupby(found, key=lambda problem: problem.place.file):
        if Path(name).is_file():
            _rewrite(Path(name), mended(Path(name).read_text(encoding="utf-8-sig"), problems))


def _rewrite(file: Path, text: str) -> None:
    if text != file.read_text(encoding="utf-8-sig"):
        file.write_text(text, encoding="utf-8")
        click.echo(f"mended {file}", err=True)


def _write_baseline(where: Path, found: RuleCheck) -> None:
    """The block replaces the one that stands at the end of lint.yml; what stands before it stays."""
    file = where / LINT_FILE
    before = (
        file.read_text(encoding="utf-8-sig")
        if file.is_file()
        else "# What the desk has decided on findings: see monitor rules check\n"
    )
    kept, _, old = before.partition("\nbaseline:")
    if any(line and not line.startswith((" ", "#", "-")) for line in old.splitlines()[1:]):
        raise WrongUse(f"{file}: put baseline: last, so that it can be written anew")
    accepted = [problem for problem in found.problems if problem.severity is Severity.WARNING]
    block = baseline_block(accepted)
    if old.strip():
        block += "".join(line + "\n" for line in old.splitlines() if line.startswith("  - {"))
    file.write_text(kept.rstrip("\n") + "\n" + block, encoding="utf-8")
    click.echo(f"wrote {file}", err=True)
