"""`monitor rules eval`: how well the rules do on labelled articles, with intervals, and every wrong decision with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.jsonl import document_from, read_lines
from monitor.cli.report import Case, junit_xml, md_table, reports
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import advance, counted, json_line, progress, say, say_folded, table
from monitor.cli.shared import store
from monitor.model.errors import WrongUse
from monitor.model.match import Direction
from monitor.polling import document_of
from monitor.rules.engine import Engine
from monitor.rules.labels import labelled_articles
from monitor.rules.load import load_rules
from monitor.rules.quality import Labelled, Quality, Share, Slip, Tally, Verdict, evaluate_quality, without_the_event
from monitor.store.promises import ArticleQuery
from monitor.trials.labels_file import labels_in_force, labels_path

Floor = click.FloatRange(0, 1)


@click.command("eval")
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.option(
    "--file", type=click.Path(allow_dash=True), help='Labelled articles as JSON Lines; "-" is standard input; default the marks'
)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="File of marks; default labels.jsonl beside the rules; those of the database count too",
)
@click.option(
    "--cross-validate", "hold_out", type=click.Choice(["event"]), help="Also without the phrases that one event alone backs"
)
@click.option("--min-f1", type=Floor, default=0.0, help="End with 1 where micro F1 is lower")
@click.option("--min-rule-f1", type=Floor, default=0.0, help="End with 1 where the F1 of any rule is lower")
@click.option("--min-direction", type=Floor, default=0.0, help="End with 1 where fewer directions are right")
@Folder
@reports
def eval_verb(
    ids: tuple[str, ...],
    file: str | None,
    labels: Path | None,
    hold_out: str | None,
    folder: Path | None,
    form: str,
    **floors: float,
) -> int:
    """Precision, recall, F1 and direction on labelled articles, per rule and language, with what is wrong and why."""
    here = rules_folder(folder)
    ruleset = load_rules(here)
    known_rules(ids, ruleset.by_id)
    articles = _from_file(file) if file else _from_store(labels_path(here, labels), ruleset.by_id)
    if not articles:
        raise WrongUse("no labelled article; mark some with `monitor rules label`, or give them with --file")
    with progress("articles", len(articles)) as bar:
        quality = evaluate_quality(Engine(ruleset), articles, ids, lambda: advance(bar))
    held = None
    if hold_out:
        with progress("articles, each without its event", len(articles)) as bar:
            held = without_the_event(ruleset, articles, lambda: advance(bar))
    _SHOW[form](quality, held)
    below = [f"{name} {value:.3f} < {floor:g}" for name, value, floor in _floors(quality, floors) if value < floor]
    if below and form == "text":
        say(f"[red]below the floor:[/red] {', '.join(below)}")
    return 1 if below else 0


def _floors(quality: Quality, floors: dict[str, float]) -> Iterable[tuple[str, float, float]]:
    yield "micro F1", quality.micro.f1, floors["min_f1"]
    yield "direction", quality.direction.value, floors["min_direction"]
    for rule, tally in quality.by_rule.items():
        yield rule, tally.f1, floors["min_rule_f1"]


def _from_file(file: str) -> list[Labelled]:
    with click.open_file(file, encoding="utf-8") as stream:
        return [_labelled(value, number, file) for number, value in enumerate(read_lines(stream, file), start=1)]


def _labelled(value: dict[str, object], number: int, file: str) -> Labelled:
    """A line of the file.

    Raises:
        WrongUse: It has no list of labels, or a direction that is none.
    """
    labels, allowed, said = value.get("labels"), value.get("also_ok") or [], value.get("direction")
    if not isinstance(labels, list) or not isinstance(allowed, list):
        raise WrongUse(f"{file}, line {number}: labels (all rules that must match) and also_ok are lists of rule ids")
    if said and said not in {direction.value for direction in Direction}:
        raise WrongUse(f'{file}, line {number}: direction is improves, worsens or neutral, not "{said}"')
    document = document_from(value, number)
    event = str(value.get("same_event") or value.get("dup_of") or document.id)
    direction = Direction(str(said)) if said else None
    return Labelled(document, frozenset(map(str, labels)), frozenset(map(str, allowed)), direction, event)


def _from_store(file: Path, rules: Iterable[str]) -> tuple[Labelled, ...]:
    box = store()
    labels = labels_in_force(file, box)
    if not labels:
        return ()
    stored = box.articles(ArticleQuery(ids=tuple({label.id for label in labels})))
    return labelled_articles(labels, {item.article.id: document_of(item.article) for item in stored}, rules)


def _interval(low: float, high: float) -> str:
    return f"{low:.2f}–{high:.2f}"


def _row(name: str, tally: Tally, direction: Share | None, places: int) -> tuple[str, ...]:
    """The columns of `HEADS`; precision and recall with so many decimals."""
    pointed = direction or Share()
    return (
        name,
        str(tally.right),
        str(tally.wrong),
        str(tally.missed),
        f"{tally.precision.value:.{places}f}",
        f"{tally.recall.value:.{places}f}",
        f"{tally.f1:.3f}",
        _interval(*tally.f1_interval),
        f"{pointed.part}/{pointed.whole}" if pointed.whole else "–",
        _interval(*pointed.interval) if pointed.whole else "–",
    )


TEXT_HEADS = ("right", "wrong", "miss", "prec", "rec", "F1", "95 %", "dir.")
"""Heads that fit into 80 columns: figures of two decimals, and of direction no interval but that of all."""
HEADS = ("right", "wrong", "missed", "precision", "recall", "F1", "95 %", "direction", "95 %")


def _tables(quality: Quality, places: int = 3) -> Iterable[tuple[str, list[tuple[str, ...]]]]:
    by_rule = [_row(name, tally, quality.direction_by_rule.get(name), places) for name, tally in quality.by_rule.items()]
    yield "rule", [*by_rule, _row("all (micro)", quality.micro, quality.direction, places)]
    yield (
        "language",
        [_row(name, tally, quality.direction_by_language.get(name), places) for name, tally in quality.by_language.items()],
    )


def _show_text(quality: Quality, held: Quality | None) -> None:
    for name, rows in _tables(quality, places=2):
        table((name, *TEXT_HEADS), [row[: len(TEXT_HEADS) + 1] for row in rows], right=range(1, len(TEXT_HEADS) + 1), wrap=False)
        say("")
    for slip in quality.wrong:
        colour = "yellow" if slip.slip is Slip.DIRECTION else "red"
        say(f"[{colour}]{slip.slip.value:<13}[/{colour}]  {escape(slip.rule)}  {escape(slip.article)} ({slip.language or '?'})")
        say(f"               “{escape(slip.title)}”")
        say(f"               [dim]{escape(slip.why)}[/dim]")
    say_folded(_summary(quality), 2)
    if held:
        say_folded(_held_text(held), 2)


def _summary(quality: Quality) -> str:
    low, high = quality.micro.f1_interval
    wrong = counted(len(quality.wrong), "wrong decision") if quality.wrong else "nothing wrong"
    return (
        f"{counted(len(quality.verdicts), 'article')}: micro F1 {quality.micro.f1:.3f} ({_interval(low, high)}), "
        f"direction {quality.direction.part}/{quality.direction.whole} ({_interval(*quality.direction.interval)}), {wrong}"
    )


def _held_text(held: Quality) -> str:
    rules = ", ".join(f"{rule} {tally.f1:.2f}" for rule, tally in held.by_rule.items())
    return (
        f"each event without the phrases that it alone backs: micro F1 {held.micro.f1:.3f} "
        f"({_interval(*held.micro.f1_interval)}), direction {held.direction.value:.2f}; {rules}"
    )


def _show_md(quality: Quality, held: Quality | None) -> None:
    for name, rows in _tables(quality):
        click.echo(md_table((name, *HEADS), rows, right=range(1, len(HEADS) + 1)) + "\n")
    click.echo("\n".join([_summary(quality)] + ([_held_text(held)] if held else [])))
    if quality.wrong:
        rows = [(slip.slip.value, slip.rule, slip.article, slip.title, slip.why) for slip in quality.wrong]
        click.echo("\n" + md_table(("wrong", "rule", "article", "title", "why"), rows))


def _show_junit(quality: Quality, _held: Quality | None) -> None:
    """One test case for each article."""
    click.echo(junit_xml("monitor rules eval", map(_case, quality.verdicts)))


def _case(verdict: Verdict) -> Case:
    document = verdict.labelled.document
    told = [f"{slip.slip.value} {slip.rule}: {slip.why}" for slip in verdict.wrong]
    return Case(document.language or "unknown", f"{document.id} {document.title}", told[0] if told else "", "\n".join(told))


def _show_json(quality: Quality, held: Quality | None) -> None:
    for kind, tallies, shares in (
        ("rule", quality.by_rule, quality.direction_by_rule),
        ("language", quality.by_language, quality.direction_by_language),
    ):
        for name, tally in tallies.items():
            json_line({kind: name, **_figures(tally, shares.get(name, Share()))})
    for verdict in quality.verdicts:
        for slip in verdict.wrong:
            json_line(
                {
                    "article": slip.article,
                    "title": slip.title,
                    "lang": slip.language,
                    "rules": slip.rule.split("+"),
                    "slip": slip.slip.value,
                    "why": slip.why,
                }
            )
    if held:
        json_line({"held_out": "event", **_figures(held.micro, held.direction)})
    json_line(
        {"articles": len(quality.verdicts), **_figures(quality.micro, quality.direction), "macro_f1": round(quality.macro_f1, 4)}
    )


def _figures(tally: Tally, direction: Share) -> dict[str, object]:
    return {
        "right": tally.right,
        "wrong": tally.wrong,
        "missed": tally.missed,
        **_share("precision", tally.precision.value, tally.precision.interval),
        **_share("recall", tally.recall.value, tally.recall.interval),
        **_share("f1", tally.f1, tally.f1_interval),
        "direction_right": direction.part,
        "direction_judged": direction.whole,
        **_share("direction", direction.value, direction.interval),
    }


def _share(name: str, value: float, interval: tuple[float, float]) -> dict[str, object]:
    return {name: round(value, 4), f"{name}_interval": [round(bound, 4) for bound in interval]}


_SHOW: dict[str, Callable[[Quality, Quality | None], None]] = {
    "text": _show_text,
    "json": _show_json,
    "md": _show_md,
    "junit": _show_junit,
}
