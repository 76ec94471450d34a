"""`monitor rules test, explain, list`: with the engine of production and no network."""

from __future__ import annotations

import dataclasses
import sys
import time
from itertools import groupby
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.jsonl import document_from, read_lines
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import counted, err, json_line, out, say, show_problems, table
from monitor.cli.shared import as_json, store
from monitor.model.errors import WrongUse
from monitor.model.match import Document
from monitor.model.problem import Severity
from monitor.polling import document_of
from monitor.rules.engine import Engine
from monitor.rules.examples import ExampleReport, ExampleResult, Outcome, run_examples
from monitor.rules.explain import explain, explanation_lines
from monitor.rules.load import load_rules
from monitor.store.promises import ArticleQuery
from monitor.text.language import detect_language

COLOURS = {"PASS": "green", "FAIL": "red", "STOP": "red", "MATCH": "green", "NO": "red"}


@click.command()
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@Folder
@as_json
def test(ids: tuple[str, ...], folder: Path | None, as_json: bool) -> int:
    """The tests inside the rule files; never stops at the first failure."""
    ruleset = load_rules(rules_folder(folder))
    known_rules(ids, ruleset.by_id)
    began = time.monotonic()
    report = run_examples(ruleset, Engine(ruleset), ids)
    if as_json:
        for result in report.results:
            json_line(_result_json(result))
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


def _show_tests(report: ExampleReport, seconds: float) -> None:
    width = max((len(rule) for rule in report.rules), default=0)
    for rule, group in groupby(report.results, key=lambda result: result.rule):
        results = list(group)
        hard = [result for result in results if result.outcome in {Outcome.PASSED, Outcome.FAILED}]
        passed = sum(1 for result in hard if result.outcome is Outcome.PASSED)
        colour = "green" if passed == len(hard) else "red"
        todo = len(results) - len(hard)
        say(f"{rule:<{width}}  [{colour}]{passed:>3}/{len(hard)}[/{colour}]" + (f"   todo {todo}" if todo else ""))
        for result in results:
            if result.outcome is Outcome.FAILED:
                _show_failure(result)
    show_problems([problem for problem in report.problems if problem.severity is not Severity.ERROR], out())
    bare = set(report.rules) - {result.rule for result in report.results}
    for rule in sorted(bare):
        say(f"{rule:<{width}}  [yellow]no tests[/yellow]")
    total = len(report.results)
    say(
        f"\n{counted(total, 'test')}: {report.count(Outcome.PASSED)} passed, {report.count(Outcome.FAILED)} failed, "
        f"{report.count(Outcome.TODO) + report.count(Outcome.TODO_PASSES)} todo.  [dim]{seconds:.2f} s[/dim]"
    )


def _show_failure(result: ExampleResult) -> None:
    example = result.example
    say(
        f"  [red]FAIL[/red] {example.kind}\\[{example.index}]  {escape(str(example.place))}  “{escape(example.title)}” ({example.language or '?'})"
    )
    for failure in result.failures:
        say(f"       {escape(failure)}")
    for line in explanation_lines(result.explanation):
        say(f"       [dim]{escape(line)}[/dim]")


@click.command("explain")
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.option("--text", help="Explain this text")
@click.option("--title", default="", help="Its title")
@click.option("--lang", "language", default="", help="Its language; detected if not given")
@click.option("--article", default="", help="Explain a stored article: its id or address, or the beginning of either")
@click.option("--file", "file", type=click.Path(allow_dash=True), help='Articles as JSON Lines; "-" is standard input')
@Folder
@as_json
def explain_verb(
    ids: tuple[str, ...],
    text: str | None,
    title: str,
    language: str,
    article: str,
    file: str | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Why one article matches or not: every condition, every score, every direction cue."""
    ruleset = load_rules(rules_folder(folder))
    known_rules(ids, ruleset.by_id)
    engine = Engine(ruleset)
    matched = False
    for document in _documents(text, title, language, article, file):
        for rule in ids or tuple(ruleset.by_id):
            explanation = explain(rule, document, engine)
            matched |= explanation.matched
            if as_json:
                json_line({"id": document.id, **dataclasses.asdict(explanation)})
            else:
                for line in explanation_lines(explanation):
                    _say_line(line)
                say("")
    return 0 if matched else 1


def _documents(text: str | None, title: str, language: str, article: str, file: str | None) -> list[Document]:
    if article:
        found = [item.article for item in store().articles(ArticleQuery())]
        hits = [
            item
            for item in found
            if item.id.startswith(article) or item.url.startswith(article) or item.canonical_url.startswith(article)
        ]
        if len(hits) != 1:
            raise WrongUse(f"{len(hits)} stored articles begin with {article}")
        return [document_of(hits[0])]
    if file:
        with click.open_file(file, encoding="utf-8") as stream:
            return [document_from(value, number) for number, value in enumerate(read_lines(stream, file), start=1)]
    if text is None and not title:
        if sys.stdin.isatty():
            err().print("[dim]Type the text, then Ctrl-D.[/dim]")
        text = sys.stdin.read()
    found_language, sure = (language, True) if language else detect_language(f"{title}\n{text or ''}")
    return [Document("text", title, text or "", found_language, sure)]


def _say_line(line: str) -> None:
    """One line of an explanation with its verdict coloured."""
    word = line.split(" ", 3)[0] or next((part for part in line.split() if part in COLOURS), "")
    if word in COLOURS:
        before, _, after = line.partition(word)
        say(f"{escape(before)}[{COLOURS[word]}]{word}[/{COLOURS[word]}]{escape(after)}")
    else:
        say(escape(line))


@click.command("list")
@Folder
@as_json
def list_rules(folder: Path | None, as_json: bool) -> None:
    """Every rule with its life, version, owner and number of tests."""
    ruleset = load_rules(rules_folder(folder))
    if as_json:
        for rule in ruleset.rules:
            json_line(
                {
                    "id": rule.id,
                    "version": rule.version,
                    "status": rule.header.status.value,
                    "owner": rule.header.owner,
                    "title": rule.header.title,
                }
            )
        return
    rows = [
        (
            rule.id,
            str(rule.version),
            rule.header.status.value,
            rule.header.owner,
            str(len(rule.examples)),
            escape(rule.header.title),
        )
        for rule in ruleset.rules
    ]
    table(("rule", "version", "status", "owner", "tests", "title"), rows, right=(1, 4))
