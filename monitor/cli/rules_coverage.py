"""`monitor rules coverage`: what the inline tests exercise, phrase by phrase, and what an archive holds by topic and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.jsonl import document_from, read_lines
from monitor.cli.report import Case, junit_xml, md_table, reports
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import advance, counted, json_line, progress, say, say_folded, table
from monitor.cli.shared import settings, store
from monitor.model.match import Analysis, Document
from monitor.polling import document_of
from monitor.rules.coverage import Archive, Coverage, Dropped, PhraseUse, count_archive, cover, drop_each
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.schema import RuleSet
from monitor.store.promises import ArticleQuery

ARCHIVE_DAYS = 90
SHOWN_PAIRS = 3


@click.command("coverage")
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.option("--missing", is_flag=True, help="List the phrases that no passing test exercises")
@click.option("--drop", is_flag=True, help="Drop each phrase in turn: list those that no test misses")
@click.option(
    "--archive", is_flag=True, help=f"Count what the stored articles of {ARCHIVE_DAYS} days hold, by topic and language"
)
@click.option("--file", type=click.Path(allow_dash=True), help='Count articles from JSON Lines instead; "-" is standard input')
@click.option("--min-phrases", type=click.FloatRange(0, 1), default=0.0, help="End with 1 where a smaller share is exercised")
@Folder
@reports
def coverage(ids: tuple[str, ...], folder: Path | None, form: str, **how: bool | float | str | None) -> int:
    """Rules with tests of both kinds, phrases that a passing test exercises, topics by language."""
    ruleset = load_rules(rules_folder(folder))
    known_rules(ids, ruleset.by_id)
    covered = cover(ruleset, ids)
    dropped = _drop(ruleset, covered) if how["drop"] else ()
    archive = _archive(ruleset, str(how["file"] or "")) if how["file"] or how["archive"] else None
    if form == "json":
        _show_json(covered, dropped if how["drop"] else None, archive)
    elif form == "junit":
        click.echo(junit_xml("monitor rules coverage", map(_case, covered.phrases)))
    else:
        _show(covered, archive, form)
        _show_untested(covered if how["missing"] else None, dropped if how["drop"] else None)
    return 1 if covered.share < float(how["min_phrases"] or 0) or not all(rule.both for rule in covered.rules) else 0


def _drop(ruleset: RuleSet, covered: Coverage) -> tuple[Dropped, ...]:
    tested = [use for use in covered.phrases if use.tested]
    found = []
    with progress("phrases", len(tested)) as bar:
        for rule in covered.rules:
            among = [(use.term, use.phrase) for use in tested if use.owner == rule.rule]
            for dropped in drop_each(ruleset, ruleset.by_id[rule.rule], among):
                found.append(dropped)
                advance(bar)
    return tuple(found)


def _archive(ruleset: RuleSet, file: str) -> Archive:
    engine = Engine(ruleset)
    if file:
        with click.open_file(file, encoding="utf-8") as stream:
            documents = [document_from(value, number) for number, value in enumerate(read_lines(stream, file), start=1)]
        return count_archive(_analysed(engine, [(document, None) for document in documents]))
    since = bootstrap.clock_of(settings())() - timedelta(days=ARCHIVE_DAYS)
    stored = store().articles(ArticleQuery(seen_from=since))
    return count_archive(_analysed(engine, [(document_of(item.article), item.analysis) for item in stored]))


def _analysed(engine: Engine, articles: Sequence[tuple[Document, Analysis | None]]) -> Iterator[tuple[Document, Analysis]]:
    """What these rules find; what is stored of the same rules is not asked again."""
    with progress("articles", len(articles)) as bar:
        for document, known in articles:
            fresh = known if known and known.ruleset == engine.ruleset.hash else engine.analyse(document)
            yield document, fresh
            advance(bar)


def _languages(covered: Coverage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language for rule in covered.rules for language in rule.langs))


def _by_language(uses: Iterable[PhraseUse]) -> str:
    whole: Counter[str] = Counter()
    tested: Counter[str] = Counter()
    for use in uses:
        whole[use.phrase.language] += 1
        tested[use.phrase.language] += use.tested
    return ", ".join(f"{language} {tested[language]}/{count}" for language, count in whole.items())


def _numbers(covered: Coverage) -> Iterator[tuple[str, str, str]]:
    both = sum(rule.both for rule in covered.rules)
    yield "rules with ≥ 1 should_match and ≥ 1 should_not_match", f"{both}/{len(covered.rules)}", ""
    for name, uses in (
        ("phrases exercised by a passing test", covered.phrases),
        ("phrases of names and lexicons", covered.shared),
    ):
        tested = sum(use.tested for use in uses)
        share = f"{tested}/{len(uses)}  {100 * tested / len(uses):.1f} %" if uses else "0/0"
        yield name, share, _by_language(uses)


def _matrix(covered: Coverage, archive: Archive | None) -> list[tuple[str, ...]]:
    """A row a rule: phrases exercised by language, or what the archive holds; – is out of scope, * has neither test nor hit."""
    rows = []
    for rule in covered.rules:
        cells = [rule.rule]
        for language in _languages(covered):
            hits = archive.hits.get((rule.rule, language), 0) if archive else 0
            tests = rule.must_match.get(language, 0)
            shown = str(hits if archive else tests)
            cells.append("–" if language not in rule.langs else shown if hits or tests else "0*")
        rows.append(tuple(cells))
    return rows


def _shown_rules(covered: Coverage) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for rule in covered.rules:
        uses = [use for use in covered.phrases if use.owner == rule.rule]
        tested = sum(use.tested for use in uses)
        share = f"{100 * tested / len(uses):.1f} %" if uses else "–"
        rows.append((rule.rule, str(sum(rule.must_match.values())), str(rule.must_not), f"{tested}/{len(uses)}", share))
    return rows


HEADS = ("rule", "must match", "must not", "phrases", "share")


def _show(covered: Coverage, archive: Archive | None, form: str) -> None:
    languages = _languages(covered)
    what = f"hits in the archive of {archive.articles} articles" if archive else "passing should_match"
    if form == "md":
        for name, figure, more in _numbers(covered):
            click.echo(f"- {name}: **{figure}**" + (f" ({more})" if more else ""))
        for heads, rows in ((HEADS, _shown_rules(covered)), ((what, *languages), _matrix(covered, archive))):
            click.echo("\n" + md_table(heads, rows, right=range(1, len(heads))))
        if archive:
            click.echo(f"\n{_matched(archive)}")
        return
    for name, figure, more in _numbers(covered):
        say(f"{name:<52}  {figure}")
        if more:
            say_folded(f"  [dim]{more.replace(', ', '   ')}[/dim]", 2)
    say("")
    table(HEADS, _shown_rules(covered), right=(1, 2, 3, 4))
    say("")
    table((what, *languages), _matrix(covered, archive), right=range(1, len(languages) + 1))
    say("[dim]* listed in scope, no test, no hit   – not in scope[/dim]")
    if archive:
        say_folded(_matched(archive), 2)


def _matched(archive: Archive) -> str:
    """How many articles no rule matches, and how many two or more do, with the pairs that do so most."""
    pairs = ", ".join(f"{one} + {other} {count}" for (one, other), count in archive.pairs[:SHOWN_PAIRS])
    return f"articles matched by no rule {archive.unmatched:,} · by two or more {archive.several:,}" + (
        f" ({pairs})" if pairs else ""
    )


def _show_untested(covered: Coverage | None, dropped: Sequence[Dropped] | None) -> None:
    for use in (*covered.phrases, *covered.shared) if covered else ():
        if not use.tested:
            say(
                f"[yellow]untested[/yellow]  {escape(str(use.phrase.place))}  {use.owner}  {use.term}.{use.phrase.language}  {escape(use.phrase.text)}"
            )
    if dropped is None:
        return
    unmissed = [drop for drop in dropped if not drop.failing]
    for drop in unmissed:
        where = f"{escape(str(drop.phrase.place))}  {drop.rule}  {drop.term}.{drop.phrase.language}"
        say(f"[yellow]unmissed[/yellow]  {where}  {escape(drop.phrase.text)}")
    say(f"dropped one at a time: {counted(len(dropped), 'exercised phrase')}, {len(dropped) - len(unmissed)} fail a test")


def _case(use: PhraseUse) -> Case:
    """One test case for each phrase of the rules."""
    failure = "" if use.tested else f"{use.phrase.place}: no passing test exercises it"
    return Case(use.owner, f"{use.term}.{use.phrase.language} {use.phrase.text}", failure)


def _show_json(covered: Coverage, dropped: Iterable[Dropped] | None, archive: Archive | None) -> None:
    failing = {(drop.rule, drop.term, drop.phrase.place, drop.phrase.language): len(drop.failing) for drop in dropped or ()}
    for rule in covered.rules:
        own = {"rule": rule.rule, "langs": rule.langs, "should_match": rule.must_match, "should_not_match": rule.must_not}
        hits = {language: count for (name, language), count in archive.hits.items() if name == rule.rule} if archive else None
        json_line({**own, "archive_hits": hits})
    for use in (*covered.phrases, *covered.shared):
        line = {"owner": use.owner, "term": use.term, "lang": use.phrase.language, "phrase": use.phrase.text}
        fails = failing.get((use.owner, use.term, use.phrase.place, use.phrase.language))
        json_line({**line, "place": str(use.phrase.place), "tested": use.tested, "tests_failing_when_dropped": fails})
    if archive:
        counts = {"articles": archive.articles, "matched_by_none": archive.unmatched, "matched_by_several": archive.several}
        json_line({**counts, "pairs": [{"rules": list(pair), "articles": count} for pair, count in archive.pairs]})
    both = sum(rule.both for rule in covered.rules)
    total = {"rules": len(covered.rules), "rules_with_both": both, "phrases": len(covered.phrases)}
    json_line({**total, "phrases_tested": sum(use.tested for use in covered.phrases), "share": round(covered.share, 4)})
