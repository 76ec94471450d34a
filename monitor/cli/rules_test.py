"""`monitor rules test`: the tests inside the rule files, with the engine of production."""

from __future__ import annotations

import time
from itertools import groupby
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.report import Case, junit_xml, md_table, reports
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import counted, json_line, out, say, show_problems
from monitor.model.problem import Severity
from monitor.rules.engine import Engine
from monitor.rules.examples import ExampleReport, ExampleResult, Outcome, run_examples
from monitor.rules.explain import explanation_lines
from monitor.rules.load import load_rules


@click.command()
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@Folder
@reports
def test(ids: tuple[str, ...], folder: Path | None, form: str) -> int:
    """The tests inside the rule files; never stops at the first failure."""
    ruleset = load_rules(rules_folder(folder))
    known_rules(ids, ruleset.by_id)
    began = time.monotonic()
    report = run_examples(ruleset, Engine(ruleset), ids)
    if form == "json":
        for result in report.results:
            json_line(_result_json(result))
    elif form == "md":
        _show_md(report)
    elif form == "junit":
        click.echo(junit_xml("monitor rules test", map(_case, report.results)))
    else:
        _show_tests(report, time.monotonic() - began)
    return 0 if report.ok else 1


def _result_json(result: ExampleResult) -> dict[str, object]:
    example = result.example
    return {
        "rule": result.rule,
        "kind": example.kind,
        "index": example.index,
        "place": str(example.place),
        "title": example.title,
        "outcome": result.outcome.value,
        "failures": list(result.failures),
    }


def _case(result: ExampleResult) -> Case:
    example = result.example
    name = f"{example.kind}[{example.index}] {example.title}"
    if result.outcome is Outcome.FAILED:
        details = "\n".join([str(example.place), *result.failures, *explanation_lines(result.explanation)])
        return Case(result.rule, name, "; ".join(result.failures), details)
    todo = {Outcome.TODO: "todo: still failing, as expected", Outcome.TODO_PASSES: "todo: passes, move it to should_match"}
    return Case(result.rule, name, skipped=todo.get(result.outcome, ""))


def _tallies(report: ExampleReport) -> list[tuple[str, int, int, int]]:
    """(rule, passed, of how many, todo) of every rule, those without tests too."""
    rows = []
    for rule in report.rules:
        results = [result for result in report.results if result.rule == rule]
        hard = [result for result in results if result.outcome in {Outcome.PASSED, Outcome.FAILED}]
        passed = sum(1 for result in hard if result.outcome is Outcome.PASSED)
        rows.append((rule, passed, len(hard), len(results) - len(hard)))
    return rows


def _summary(report: ExampleReport) -> str:
    return (
        f"{counted(len(report.results), 'test')}: {report.count(Outcome.PASSED)} passed, {report.count(Outcome.FAILED)} failed, "
        f"{report.count(Outcome.TODO) + report.count(Outcome.TODO_PASSES)} todo."
    )


def _show_md(report: ExampleReport) -> None:
    rows = [(rule, str(passed), str(whole - passed), str(todo)) for rule, passed, whole, todo in _tallies(report)]
    click.echo(md_table(("rule", "passed", "failed", "todo"), rows, right=(1, 2, 3)))
    click.echo(f"\n{_summary(report)}")
    failed = [result for result in report.results if result.outcome is Outcome.FAILED]
    if failed:
        lines = [
            (result.rule, f"{one.kind}[{one.index}]", str(one.place), one.title, "; ".join(result.failures))
            for result in failed
            for one in [result.example]
        ]
        click.echo("\n" + md_table(("rule", "test", "place", "title", "why"), lines))


def _show_tests(report: ExampleReport, seconds: float) -> None:
    width = max((len(rule) for rule in report.rules), default=0)
    failures = {rule: list(group) for rule, group in groupby(report.results, key=lambda result: result.rule)}
    for rule, passed, whole, todo in _tallies(report):
        if rule not in failures:
            continue
        colour = "green" if passed == whole else "red"
        say(f"{rule:<{width}}  [{colour}]{passed:>3}/{whole}[/{colour}]" + (f"   todo {todo}" if todo else ""))
        for result in failures[rule]:
            if result.outcome is Outcome.FAILED:
                _show_failure(result)
    show_problems([problem for problem in report.problems if problem.severity is not Severity.ERROR], out())
    for rule in sorted(set(report.rules) - set(failures)):
        say(f"{rule:<{width}}  [yellow]no tests[/yellow]")
    say(f"\n{_summary(report)}  [dim]{seconds:.2f} s[/dim]")


def _show_failure(result: ExampleResult) -> None:
    example = result.example
    say(
        f"  [red]FAIL[/red] {example.kind}\\[{example.index}]  {escape(str(example.place))}  “{escape(example.title)}” ({example.language or '?'})"
    )
    for failure in result.failures:
        say(f"       {escape(failure)}")
    for line in explanation_lines(result.explanation):
        say(f"       [dim]{escape(line)}[/dim]")
