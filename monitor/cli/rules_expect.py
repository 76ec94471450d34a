"""`monitor rules backtest --expect`: reads the expectations of the desk and shows how the archive kept them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.report import Case, junit_xml, md_table
from monitor.cli.screen import counted, json_line, say
from monitor.model.errors import WrongFiles, WrongUse
from monitor.rules.expectations import EXPECTATIONS_FILE, Checked, Expectation, read_expectations
from monitor.rules.schema import RuleSet


def expected_of(folder: Path, ruleset: RuleSet, chosen: Container[str]) -> tuple[Expectation, ...]:
    """The expectations of the rules chosen.

    Raises:
        WrongFiles: All that is wrong with the file.
        WrongUse: Nothing is expected of these rules.
    """
    found, problems = read_expectations(folder, ruleset.by_id)
    if problems:
        raise WrongFiles(problems)
    kept = tuple(one for one in found if one.rule in chosen)
    if not kept:
        raise WrongUse(
            f"{folder / EXPECTATIONS_FILE} expects nothing of these rules: write {{rule: …, since: …, at_least: …}} there"
        )
    return kept


def expected_span(expected: Sequence[Expectation]) -> tuple[datetime | None, datetime | None]:
    """From the first to the last day that any of them is about; None where one has no such end."""
    since = [one.since for one in expected]
    until = [one.until for one in expected]
    return (
        _midnight(min(filter(None, since))) if all(since) else None,
        _midnight(max(filter(None, until))) if all(until) else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def show_expectations(checked: Sequence[Checked], form: str) -> None:
    """Each expectation with what was found; one that holds only for want of articles says so."""
    if form == "json":
        for one in checked:
            json_line(_json(one))
    elif form == "junit":
        click.echo(junit_xml("monitor rules backtest --expect", map(_case, checked)))
    elif form == "md":
        rows = [
            (one.expectation.rule, one.expectation.part, one.expectation.wish, f"{one.hits:,}", _word(one)) for one in checked
        ]
        click.echo("\n" + md_table(("rule", "articles", "expected", "found", "result"), rows, right=(3,)))
    else:
        _show(checked)


def _word(one: Checked) -> str:
    return "failed" if one.failed else "not judged" if one.idle else "kept"


def _show(checked: Sequence[Checked]) -> None:
    say("\n[bold]expectations[/bold]")
    signs = {"failed": "[red]✗[/red]", "not judged": "[yellow]–[/yellow]", "kept": "[green]✓[/green]"}
    for one in checked:
        say(f"  {signs[_word(one)]} {escape(one.expectation.rule)}, {one.expectation.part}: {one.told}")
        if one.failed:
            why = f"  {escape(one.expectation.why)}" if one.expectation.why else ""
            say(f"    [dim]{escape(str(one.expectation.place))}{why}[/dim]")
    words = [_word(one) for one in checked]
    idle = f", {words.count('not judged')} not judged for want of articles" if "not judged" in words else ""
    say(f"{counted(len(checked), 'expectation')}: {words.count('kept')} kept, {words.count('failed')} failed{idle}")


def _json(one: Checked) -> dict[str, object]:
    expected = one.expectation
    return {
        "kind": "expectation",
        "rule": expected.rule,
        "file": expected.place.file,
        "line": expected.place.line,
        "since": expected.since and expected.since.isoformat(),
        "until": expected.until and expected.until.isoformat(),
        "langs": list(expected.langs),
        "exactly": expected.exactly,
        "at_least": expected.at_least,
        "at_most": expected.at_most,
        "why": expected.why,
        "articles": one.articles,
        "hits": one.hits,
        "result": _word(one),
    }


def _case(one: Checked) -> Case:
    expected = one.expectation
    return Case(
        expected.rule,
        f"{expected.part}: {expected.wish}",
        one.told if one.failed else "",
        f"{expected.place}  {one.told}" + (f"  {expected.why}" if expected.why else ""),
        "the archive has none of these articles" if one.idle else "",
    )
