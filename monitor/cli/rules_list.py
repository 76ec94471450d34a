"""`monitor rules list`: every rule with its life, owner, tests and what it found of late, as stored: nothing is matched anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.report import Case, junit_xml, md_table, reports
from monitor.cli.rules_given import Folder, rules_folder
from monitor.cli.screen import iso, json_line, say, table
from monitor.cli.shared import settings, store
from monitor.rules.load import load_rules
from monitor.rules.schema import Rule
from monitor.store.promises import ArticleQuery

WEEKS = 12
HEADS = ("rule", "v", "status", "owner", "tests", "last hit", "/week", "title")
RIGHT = (1, 4, 6)


@click.command("list")
@Folder
@reports
def list_rules(folder: Path | None, form: str) -> None:
    """Every rule with its life, version, owner, tests, last hit and hits per week (of the last 12 weeks, by when articles came)."""
    ruleset = load_rules(rules_folder(folder))
    now = bootstrap.clock_of(settings())()
    box = store()
    hits: dict[str, list[datetime]] = {}
    for item in box.articles(ArticleQuery(matched_only=True, rules=tuple(rule.id for rule in ruleset.rules))):
        for match in item.analysis.matches:
            hits.setdefault(match.rule, []).append(item.article.first_seen)
    lately = now - timedelta(weeks=WEEKS)
    told = [
        (rule, max(found, default=None), sum(1 for at in found if at > lately) / WEEKS)
        for rule in ruleset.rules
        for found in [hits.get(rule.id, [])]
    ]
    if form == "json":
        for rule, last, rate in told:
            json_line(_line(rule, last, rate))
    elif form == "md":
        click.echo(md_table(HEADS, [_row(*one) for one in told], right=RIGHT))
    elif form == "junit":
        click.echo(
            junit_xml(
                "monitor rules list",
                [Case(rule.header.status.value, rule.id, details="  ".join(_row(rule, last, rate))) for rule, last, rate in told],
            )
        )
    else:
        table(HEADS, [tuple(map(escape, _row(*one))) for one in told], right=RIGHT, wrap=False)
        if not hits:
            say("[dim]No match is stored: monitor poll, or --help of rules backtest for articles of a file.[/dim]")


def _line(rule: Rule, last: datetime | None, rate: float) -> dict[str, object]:
    return {
        "id": rule.id,
        "version": rule.version,
        "status": rule.header.status.value,
        "owner": rule.header.owner,
        "title": rule.header.title,
        "tests": len(rule.examples),
        "last_hit": iso(last),
        "per_week": round(rate, 2),
    }


def _row(rule: Rule, last: datetime | None, rate: float) -> tuple[str, ...]:
    return (
        rule.id,
        str(rule.version),
        rule.header.status.value,
        rule.header.owner or "–",
        str(len(rule.examples)),
        f"{last:%Y-%m-%d}" if last else "never",
        f"{rate:.1f}",
        rule.header.title,
    )
