"""`monitor rules hygiene`: rules that nobody tends, from their files, their history in git, and the archive of the last months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.archive_reader import open_archive
from monitor.cli.report import junit_xml, problem_cases, problems_md, reports
from monitor.cli.revisions import versions_of
from monitor.cli.rules_backtest import File, Folder, Jobs
from monitor.cli.screen import COLOURS, advance, counted, json_line, problem_json, progress, say
from monitor.cli.shared import settings
from monitor.model.errors import WrongUse
from monitor.model.problem import Problem, Severity
from monitor.rules.backtest import Backtest, BacktestCount
from monitor.rules.hygiene import History, Limits, history_of, hygiene, reaches
from monitor.rules.load import load_rules
from monitor.rules.schema import RuleSet
from monitor.rules.trial import Trial, chosen_rules
from monitor.text.located_yaml import parse_located
from monitor.trials.run import try_rules

USUAL = Limits()


@click.command("hygiene")
@File
@Folder
@click.option("--silent-days", type=click.IntRange(1), default=USUAL.silent_days, show_default=True, help="Days without a match")
@click.option("--shadow-days", type=click.IntRange(1), default=USUAL.shadow_days, show_default=True, help="Days on trial")
@click.option(
    "--noisy-share",
    type=click.FloatRange(0, 1),
    default=USUAL.noisy_share,
    show_default=True,
    help="Share of all articles above which a rule is noisy",
)
@Jobs
@reports
def hygiene_verb(
    file: str | None, folder: Path | None, silent_days: int, shadow_days: int, noisy_share: float, jobs: int, form: str
) -> int:
    """Rules that are silent, noisy, without owner or tests, changed under one version, deprecated or on trial for ever."""
    folder = folder or bootstrap.folder_of(settings(), "rules")
    limits = Limits(silent_days=silent_days, shadow_days=shadow_days, noisy_share=noisy_share)
    now = bootstrap.clock_of(settings())()
    ruleset = load_rules(folder)
    archive, hits = _looked_at(ruleset, file, folder, now - timedelta(days=silent_days), jobs)
    history, why_not = _histories(ruleset)
    found = hygiene(ruleset, archive, hits, history, now, limits)
    if form == "json":
        for problem in found:
            json_line(problem_json(problem))
    elif form == "md":
        click.echo("\n\n".join([problems_md(found), *_notes(archive, now, limits, why_not)]))
    elif form == "junit":
        click.echo(junit_xml("monitor rules hygiene", problem_cases(found, passed="every rule is tended")))
    else:
        _show(found)
        for note in _notes(archive, now, limits, why_not):
            say(f"[dim]{note}[/dim]")
        sign = "[yellow]![/yellow]" if found else "[green]✓[/green]"
        say(
            f"{sign} {counted(len(ruleset.rules), 'rule')}, {counted(archive.articles, 'article')}, {counted(len(found), 'finding')}"
        )
    return 1 if any(problem.severity is not Severity.INFO for problem in found) else 0


def _show(found: Sequence[Problem]) -> None:
    """Findings by rule file: the code, what is wrong, and below it what to do."""
    for file, problems in groupby(found, key=lambda problem: problem.place.file):
        say(f"[bold]{escape(file)}[/bold]")
        for problem in problems:
            colour = COLOURS[problem.severity]
            say(f"  [{colour}]{problem.code}[/{colour}]  {escape(problem.message.partition(': ')[2])}")
            say(f"        [dim]→ {escape(problem.mend)}[/dim]")
    if found:
        say("")


def _looked_at(
    ruleset: RuleSet, file: str | None, folder: Path, since: datetime, jobs: int
) -> tuple[Backtest, Mapping[str, frozenset[str]]]:
    """A backtest of the rules that run, and which articles each of them matched."""
    rules = chosen_rules(ruleset)
    archive = open_archive(file, folder, since)
    count = BacktestCount(rules)
    with progress("reading the archive", archive.count) as bar:
        for filed, (outcome,) in try_rules(archive, (Trial(ruleset, rules),), jobs):
            count.take(filed, outcome)
            advance(bar)
    hits: dict[str, set[str]] = {}
    for filed, matches in count.hits:
        for match in matches:
            hits.setdefault(match.rule, set()).add(filed.article.id)
    return count.result({}), {rule: frozenset(found) for rule, found in hits.items()}


def _histories(ruleset: RuleSet) -> tuple[dict[str, History], str]:
    """What git tells of each rule; empty, with the reason, where it tells nothing."""
    found = {}
    for rule in ruleset.rules:
        file = Path(rule.place.file)
        now = _data(file.read_bytes())
        try:
            found[rule.id] = history_of(now or {}, _committed(file))
        except WrongUse as error:
            return {}, str(error)
    return found, ""


def _committed(file: Path) -> Iterator[tuple[date, Mapping[str, Any]]]:
    for day, content in versions_of(file):
        data = _data(content)
        if data is None:
            return  # it could not be read then: nothing can be said of what was before
        yield day, data


def _data(content: bytes) -> Mapping[str, Any] | None:
    located, _ = parse_located(content.decode("utf-8-sig", "replace"), "committed")
    return located.data if located and isinstance(located.data, dict) else None


def _notes(archive: Backtest, now: datetime, limits: Limits, why_not: str) -> Iterator[str]:
    """What could not be looked at, and why."""
    if why_not:
        yield f"No history: {why_not.splitlines()[0]}. Changes without a new version cannot be told."
    if not archive.articles:
        yield f"No article of the last {limits.silent_days} days: silence and noise cannot be told."
    elif not reaches(archive, now, limits):
        first = f"{archive.first:%Y-%m-%d}" if archive.first else "no date"
        yield f"The archive begins at {first}: too young to call a rule silent for {limits.silent_days} days."
