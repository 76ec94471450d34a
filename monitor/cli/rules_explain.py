"""`monitor rules explain`: why articles match or not, why one that was expected does not, and which came near."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.archive_reader import open_archive
from monitor.cli.jsonl import document_from, read_lines
from monitor.cli.moments import given_moment
from monitor.cli.report import Case, junit_xml, md_table, reports
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import advance, counted, cut, err, json_line, progress, say, say_folded, table
from monitor.cli.shared import store
from monitor.model.errors import WrongUse
from monitor.model.match import Document
from monitor.polling import document_of
from monitor.rules.engine import Engine
from monitor.rules.evidence import Stretch, evidence, stretches
from monitor.rules.explain import Explanation, explain, explanation_lines
from monitor.rules.load import load_rules
from monitor.rules.schema import RuleSet
from monitor.rules.why_not import WhyNot, nearly, why_not, why_not_lines
from monitor.store.promises import ArticleQuery
from monitor.text.language import detect_language

COLOURS = {"PASS": "green", "FAIL": "red", "STOP": "red", "MATCH": "green", "NO": "red"}
MOST_NEAR = 20
NARROW = 40
FOLD = 9
"""Where a line goes on that a terminal is too narrow for: behind the verdicts."""


@click.command("explain")
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.option("--text", help="Explain this text")
@click.option("--title", default="", help="Its title")
@click.option("--lang", "language", default="", help="Its language; detected if not given")
@click.option("--article", default="", help="Explain a stored article: its id or address, or the beginning of either")
@click.option("--file", "file", type=click.Path(allow_dash=True), help='Articles as JSON Lines; "-" is standard input')
@click.option(
    "--why-not",
    "how",
    flag_value="why-not",
    help="For an article that was expected: what fails, nearest first, and what would mend it",
)
@click.option(
    "--near-miss", "how", flag_value="near-miss", help="Articles of the archive, or of --file, that the rule nearly matches"
)
@click.option("--since", help="With --near-miss: only articles from this date on, or of this span: 8w, 90d")
@Folder
@reports
def explain_verb(
    ids: tuple[str, ...], how: str | None, since: str | None, folder: Path | None, form: str, **given: str | None
) -> int:
    """Why one article matches or not: every condition, every score, every direction cue."""
    here = rules_folder(folder)
    ruleset = load_rules(here)
    known_rules(ids, ruleset.by_id)
    engine = Engine(ruleset)
    if how == "near-miss":
        return _near_misses(ids, engine, here, given["file"], since, form)
    documents = _documents(given)
    rules = ids or tuple(ruleset.by_id)
    if how == "why-not":
        return _why_not(documents, rules, ruleset, engine, form)
    told = [(document, explain(rule, document, engine)) for document in documents for rule in rules]
    _show_explanations(told, engine, form)
    return 0 if any(explanation.matched for _, explanation in told) else 1


def _documents(given: dict[str, str | None]) -> list[Document]:
    """The articles asked about: a stored one, those of a file, or a text."""
    text, title, language = given["text"], given["title"] or "", given["language"] or ""
    if given["article"]:
        return [_stored(given["article"])]
    if given["file"]:
        with click.open_file(given["file"], encoding="utf-8") as stream:
            return [document_from(value, number) for number, value in enumerate(read_lines(stream, given["file"]), start=1)]
    if text is None and not title:
        if sys.stdin.isatty():
            err().print("[dim]Type the text, then Ctrl-D.[/dim]")
        text = sys.stdin.read()
    found_language, sure = (language, True) if language else detect_language(f"{title}\n{text or ''}")
    return [Document("text", title, text or "", found_language, sure)]


def _stored(start: str) -> Document:
    hits = [
        item.article
        for item in store().articles(ArticleQuery())
        if any(known.startswith(start) for known in (item.article.id, item.article.url, item.article.canonical_url))
    ]
    if len(hits) != 1:
        raise WrongUse(f"{len(hits)} stored articles begin with {start}")
    return document_of(hits[0])


def _show_explanations(told: Sequence[tuple[Document, Explanation]], engine: Engine, form: str) -> None:
    if form == "json":
        for document, explanation in told:
            json_line({"id": document.id, **dataclasses.asdict(explanation)})
    elif form == "md":
        rows = [
            (
                document.id,
                one.rule,
                "match" if one.matched else "no match",
                f"{one.score:.1f}",
                one.stopped_at,
                one.would_match_if,
            )
            for document, one in told
        ]
        click.echo(md_table(("article", "rule", "verdict", "score", "stopped at", "would match if"), rows, right=(3,)))
    elif form == "junit":
        cases = [
            _case(document, one.rule, "" if one.matched else f"stopped at {one.stopped_at}", explanation_lines(one))
            for document, one in told
        ]
        click.echo(junit_xml("monitor rules explain", cases))
    else:
        for document, explanation in told:
            for line in explanation_lines(explanation):
                _say_line(line)
            for stretch in stretches(document, evidence(*engine.evaluate(explanation.rule, document))):
                say_folded(f"  [dim]{stretch.field.value:<5}[/dim] {_highlighted(stretch)}", 8)
            say("")


def _case(document: Document, rule: str, failure: str, lines: Iterable[str]) -> Case:
    """One rule on one article as a case of JUnit; `failure` is "" where it matched."""
    return Case(rule, f"{document.id} {document.title}".strip(), failure, "\n".join(lines))


def _highlighted(stretch: Stretch) -> str:
    """A stretch of the article with its hits marked: in colour on a terminal, plain elsewhere."""
    shown, at = "", 0
    for start, end in stretch.hits:
        shown += escape(stretch.text[at:start]) + f"[bold yellow]{escape(stretch.text[start:end])}[/bold yellow]"
        at = end
    return shown + escape(stretch.text[at:])


def _say_line(line: str) -> None:
    """One line of an explanation with its verdict coloured."""
    word = line.split(" ", 3)[0] or next((part for part in line.split() if part in COLOURS), "")
    if word in COLOURS:
        before, _, after = line.partition(word)
        say_folded(f"{escape(before)}[{COLOURS[word]}]{word}[/{COLOURS[word]}]{escape(after)}", FOLD)
    else:
        say_folded(escape(line), FOLD)


def _why_not(documents: Sequence[Document], rules: Sequence[str], ruleset: RuleSet, engine: Engine, form: str) -> int:
    """Every rule on every article; with several rules the one that came nearest first."""
    told: list[tuple[Document, WhyNot]] = []
    for document in documents:
        found = [why_not(ruleset.by_id[rule], ruleset, engine, document) for rule in rules]
        found.sort(key=lambda one: (not one.matched, not one.changes, -max((lack.nearness for lack in one.lacks), default=0.0)))
        told += [(document, one) for one in found]
    if form == "json":
        for document, one in told:
            json_line({"id": document.id, **dataclasses.asdict(one)})
    elif form == "md":
        click.echo(
            md_table(("article", "rule", "stopped at", "missing", "tried, and matches"), [_why_not_row(*pair) for pair in told])
        )
    elif form == "junit":
        cases = [_case(document, one.rule, "" if one.matched else one.stopped_at, why_not_lines(one)) for document, one in told]
        click.echo(junit_xml("monitor rules explain --why-not", cases))
    else:
        for _, one in told:
            for line in why_not_lines(one):
                _say_line(line)
            say("")
    return 0 if all(one.matched for _, one in told) else 1


def _why_not_row(document: Document, one: WhyNot) -> tuple[str, ...]:
    missing = "; ".join(lack.condition + (f" (near: {lack.words[0].word})" if lack.words else "") for lack in one.lacks)
    return document.id, one.rule, one.stopped_at, missing, "; ".join(one.changes)


def _near_misses(ids: tuple[str, ...], engine: Engine, folder: Path, file: str | None, since: str | None, form: str) -> int:
    """Articles that a rule nearly matches, best first."""
    if len(ids) != 1:
        raise WrongUse("--near-miss wants one rule: monitor rules explain --near-miss RULE")
    archive = open_archive(file, folder, given_moment(since))
    found: list[tuple[Document, Explanation]] = []
    with progress("articles", archive.count) as bar:
        for filed in archive:
            evaluation, _ = engine.evaluate(ids[0], filed.document)
            if nearly(evaluation):
                found.append((filed.document, explain(ids[0], filed.document, engine)))
            advance(bar)
    found.sort(key=lambda pair: (pair[1].because != "threshold", -pair[1].score, pair[0].id))
    if form == "text":
        _show_near(found, archive.count)
    else:
        _show_explanations(found, engine, form)
    return 0


def _show_near(found: Sequence[tuple[Document, Explanation]], articles: int) -> None:
    rows = list(_near_rows(found[:MOST_NEAR]))
    if rows:
        table(("article", "score", "lacks", "title"), rows, right=(1,), wrap=False)
    more = f"; the best {MOST_NEAR} are shown, --json has all" if len(found) > MOST_NEAR else ""
    say(f"{counted(len(found), 'near miss', 'near misses')} in {counted(articles, 'article')}{more}")
    if found:
        say("[dim]What is near in one of them: monitor rules explain RULE --why-not --article ID[/dim]")


def _near_rows(found: Sequence[tuple[Document, Explanation]]) -> Iterator[tuple[str, ...]]:
    for document, one in found:
        lacks = f"{one.threshold - one.score:.1f} points" if one.because == "threshold" else one.stopped_at.partition(": ")[2]
        yield document.id, f"{one.score:.1f}/{one.threshold:g}", escape(cut(lacks, NARROW)), escape(document.title)
