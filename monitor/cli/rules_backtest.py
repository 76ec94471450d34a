"""`monitor rules backtest`: rules over the archive, no mail, no state; every figure counted, rates only where labels bear them out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.archive_reader import open_archive
from monitor.cli.moments import given_moment
from monitor.cli.report import md_table, reports
from monitor.cli.rules_expect import expected_of, expected_span, show_expectations
from monitor.cli.screen import advance, counted, iso, json_line, progress, say, table
from monitor.cli.shared import settings
from monitor.model.errors import WrongUse
from monitor.model.match import Direction
from monitor.rules.backtest import Backtest, BacktestCount, PhraseTally, RuleTally, Shown
from monitor.rules.expectations import ExpectationCount
from monitor.rules.load import load_rules
from monitor.rules.trial import Trial, chosen_rules
from monitor.trials.archive import stories_of
from monitor.trials.run import try_rules

Folder = click.option(
    "--rules", "folder", type=click.Path(exists=True, path_type=Path), help="Folder of rules; default that of MONITOR_HOME"
)
Since = click.option("--since", metavar="DATE|SPAN", help="Only articles published since then: 2026-08-01, 8w, 90d")
File = click.option("--file", "file", type=click.Path(allow_dash=True), help="Articles as JSON Lines instead of the database")
Jobs = click.option("--jobs", type=click.IntRange(0), default=0, help="Worker processes; 0 chooses")
COLUMNS = ("rule", "hits", "/week", "stories", "sources", "labelled +/−", "precision", "missed", "impr/neut/wors")
SHOWN = 8
NEVER = 12
NARROW, WIDE = 44, 72


@click.command()
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@Since
@click.option("--until", metavar="DATE|SPAN", help="Only articles published before then")
@File
@Folder
@click.option("--terms", is_flag=True, help="The phrases of every rule; shown of one rule without asking")
@click.option(
    "--stored",
    is_flag=True,
    help="Take what the database holds from these very rules instead of matching anew: quick, without near misses",
)
@Jobs
@click.option("--expect", is_flag=True, help="Hold the counts against rules/expectations.yml: ends with 1 where one is another")
@reports
def backtest(
    ids: tuple[str, ...],
    since: str | None,
    until: str | None,
    file: str | None,
    folder: Path | None,
    terms: bool,
    stored: bool,
    jobs: int,
    expect: bool,
    form: str,
) -> int:
    """What rules would have found in the archive: hits, sources, stories, labels, phrases, near misses. Changes no article and no match.

    With --expect it reads the part of the archive that the expectations are about. JUnit reports those, one case each.
    """
    if form == "junit" and not expect:
        raise WrongUse("--format junit reports expectations: add --expect")
    if expect and (since or until):
        raise WrongUse("--expect takes since and until from each expectation: leave out --since and --until")
    folder = folder or bootstrap.folder_of(settings(), "rules")
    ruleset = load_rules(folder)
    rules = chosen_rules(ruleset, ids)
    began = time.monotonic()
    expected = expected_of(folder, ruleset, {rule.id for rule in rules}) if expect else ()
    start, end = expected_span(expected) if expect else (given_moment(since), given_moment(until))
    archive = open_archive(file, folder, start, end)
    if stored:
        archive = replace(archive, stored_by=ruleset.hash)
    count, checks = BacktestCount(rules), ExpectationCount(expected)
    with progress("reading the archive", archive.count) as bar:
        for filed, (outcome,) in try_rules(archive, (Trial(ruleset, rules),), jobs):
            count.take(filed, outcome)
            checks.take(filed, outcome)
            advance(bar)
    result = count.result(stories_of(count.hits), None if expect else _span(start, end))
    if form == "json":
        _json(result)
    elif form == "md":
        _markdown(result)
    elif form == "text":
        _show(result, terms or len(rules) == 1, time.monotonic() - began)
        if stored:
            say("\n[dim]Near misses of articles that came under these very rules are not known: leave out --stored.[/dim]")
    if expect:
        show_expectations(checks.checked, form)
    return 1 if any(one.failed for one in checks.checked) else 0


def _span(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime] | None:
    if start is None:
        return None
    return start, end or bootstrap.clock_of(settings())()


def _json(result: Backtest) -> None:
    json_line(
        {
            "kind": "archive",
            "articles": result.articles,
            "sources": result.sources,
            "languages": result.languages,
            "labelled": result.labelled,
            "first": iso(result.first),
            "last": iso(result.last),
        }
    )
    for tally in result.rules:
        json_line(rule_json(tally))
        for phrase in tally.phrases:
            json_line({"kind": "phrase", "rule": tally.rule, **phrase_json(phrase)})


def rule_json(tally: RuleTally) -> dict[str, object]:
    """One rule's figures for machines; `precision` and `recall` are null where no label bears them out."""
    return {
        "kind": "rule",
        "rule": tally.rule,
        "version": tally.version,
        "status": tally.status,
        "hits": tally.hits,
        "per_week": round(tally.per_week, 2),
        "stories": tally.stories,
        "sources": tally.sources,
        "labelled_right": tally.right,
        "labelled_wrong": tally.wrong,
        "labelled_either": tally.either,
        "unlabelled": tally.unlabelled,
        "precision": tally.precision,
        "recall": tally.recall,
        "missed": [shown_json(item) for item in tally.missed],
        "false_positives": [shown_json(item) for item in tally.false_positives],
        "directions": {side.value: number for side, number in tally.directions.items()},
        "near_misses": tally.near,
        "near": [shown_json(item) for item in tally.near_misses],
        "weeks": tally.weeks,
    }


def phrase_json(phrase: PhraseTally) -> dict[str, object]:
    """One phrase's figures for machines."""
    return {
        "term": phrase.term,
        "language": phrase.language,
        "phrase": phrase.phrase,
        "hits": phrase.hits,
        "only_hit": phrase.only,
        "labelled_right": phrase.right,
        "labelled_wrong": phrase.wrong,
    }


def shown_json(item: Shown) -> dict[str, object]:
    """An article of a list for machines."""
    return {"id": item.id, "published": iso(item.when), "source": item.source, "title": item.title, "score": item.score}


def figures(tally: RuleTally) -> tuple[str, ...]:
    """One rule as a row: no precision where nothing is labelled."""
    sides = "/".join(f"{tally.directions[side]:>3}" for side in (Direction.IMPROVES, Direction.NEUTRAL, Direction.WORSENS))
    return (
        tally.rule,
        f"{tally.hits:,}",
        f"{tally.per_week:.1f}",
        f"{tally.stories:,}",
        f"{tally.sources:,}",
        f"{tally.right}/{tally.wrong}",
        "–" if tally.precision is None else f"{tally.precision:.2f}",
        str(len(tally.missed)),
        sides,
    )


def _show(result: Backtest, terms: bool, seconds: float) -> None:
    languages = "  ".join(f"{code or 'unknown'} {number:,}" for code, number in result.languages.items())
    say(
        f"archive {counted(result.articles, 'article')}, {counted(result.sources, 'source')}   {languages}   [dim]{seconds:.1f} s[/dim]\n"
    )
    if not result.articles:
        say("[yellow]No articles: nothing can be told.[/yellow] Look further back (--since), or name a file (--file).")
        return
    table(COLUMNS, [figures(tally) for tally in result.rules], right=tuple(range(1, len(COLUMNS))))
    blind = [tally.rule for tally in result.rules if tally.hits and tally.unlabelled == tally.hits]
    if blind:
        whose = "" if len(blind) == len(result.rules) else f" of {', '.join(blind)}"
        say(f"\n[dim]no label for any hit{whose}: precision is not known (monitor rules label)[/dim]")
    for tally in result.rules:
        lines = list(_remarks(tally))
        if lines or terms:
            say(f"\n[bold]{tally.rule}[/bold] v{tally.version}{_life(tally)}")
        for line in lines:
            say(f"  {line}")
        if terms:
            _show_phrases(tally, set(result.languages))
    if len(result.rules) > 1 and not terms:
        say("\n[dim]Phrases of one rule: monitor rules backtest RULE; of all: --terms[/dim]")


def _life(tally: RuleTally) -> str:
    return "" if tally.status == "active" else f" [yellow]({tally.status})[/yellow]"


def _remarks(tally: RuleTally) -> Iterator[str]:
    """What the row cannot say: how far precision reaches, and the articles to look at."""
    if tally.unlabelled and tally.unlabelled < tally.hits:
        reach = "precision covers the labelled part only" if tally.precision is not None else "precision is not known"
        yield f"[dim]no label for {tally.unlabelled:,} of {tally.hits:,} hits: {reach}[/dim]"
    if tally.either:
        yield f"[dim]{counted(tally.either, 'hit')} may go either way and {'counts' if tally.either == 1 else 'count'} for neither side[/dim]"
    yield from _listed("MISSED", "red", tally.missed)
    yield from _listed("FALSE", "yellow", tally.false_positives)
    if tally.near:
        yield f"near misses (score within 1 of threshold): {tally.near:,}"
        yield from _listed("NEAR", "cyan", tally.near_misses)


def _listed(word: str, colour: str, items: Sequence[Shown]) -> Iterator[str]:
    for item in items[:SHOWN]:
        score = f"  score {item.score:.1f}" if item.score else ""
        yield f"[{colour}]{word:<6}[/{colour}] {day(item.when)}  {escape(item.source)}  “{escape(item.title)}”{score}  [dim]{escape(item.id)}[/dim]"
    if len(items) > SHOWN:
        yield f"[dim]{'':<6} … and {len(items) - SHOWN} more: --json has all[/dim]"


def day(when: datetime | None) -> str:
    """A day as lists print it."""
    return f"{when:%Y-%m-%d}" if when else "undated   "


def _show_phrases(tally: RuleTally, spoken: set[str]) -> None:
    fired = [phrase for phrase in tally.phrases if phrase.hits]
    if fired:
        say("")
        rows = [
            (
                f"{phrase.term} {phrase.language}",
                f"{phrase.hits:,}",
                f"{phrase.only:,}",
                f"{phrase.right}/{phrase.wrong}",
                escape(cut(phrase.phrase)) + (_blame(phrase, tally) if phrase.blamed else ""),
            )
            for phrase in fired
        ]
        table(("term", "hits", "only-hit", "labelled +/−", "phrase"), rows, right=(1, 2, 3))
    never = tally.never_fired
    if never:
        say(
            f"\n  never fired in the archive's languages ({', '.join(sorted(filter(None, spoken)))}): {counted(len(never), 'phrase')}"
        )
        for phrase in never[:NEVER]:
            say(f"  [dim]{phrase.term} {phrase.language}[/dim]  {escape(cut(phrase.phrase, WIDE))}")
        if len(never) > NEVER:
            say(f"  [dim]… and {len(never) - NEVER} more: --json has all. Check their spelling, or drop them.[/dim]")


def cut(text: str, width: int = NARROW) -> str:
    """A phrase on one line, cut where it is long: --json has it whole."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _blame(phrase: PhraseTally, tally: RuleTally) -> str:
    return f"  [yellow]← in {phrase.wrong} of {tally.wrong} false positives[/yellow]"


def _markdown(result: Backtest) -> None:
    say(f"Archive: {counted(result.articles, 'article')}, {counted(result.sources, 'source')}.\n")
    rows = [tuple(cell.replace(" ", "") for cell in figures(tally)) for tally in result.rules]
    click.echo(md_table(COLUMNS, rows, right=range(1, len(COLUMNS))))
    unlabelled = sum(tally.unlabelled for tally in result.rules)
    if unlabelled:
        hits = sum(tally.hits for tally in result.rules)
        known = any(tally.precision is not None for tally in result.rules)
        reach = "precision covers the labelled part only" if known else "precision is not known"
        say(f"\nNo label for {unlabelled:,} of {hits:,} hits: {reach}.")
