"""`monitor rules diff`: two versions of a rules folder: what changed in the rules, and which articles that wins and loses."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.archive_reader import open_archive
from monitor.cli.moments import given_moment
from monitor.cli.revisions import folder_at
from monitor.cli.rules_backtest import File, Folder, Jobs, Since, cut, day, shown_json
from monitor.cli.screen import advance, counted, json_line, progress, say
from monitor.cli.shared import as_json, settings
from monitor.model.errors import WrongUse
from monitor.rules.compare import Change, RuleChange, compare_rules
from monitor.rules.load import load_rules
from monitor.rules.marks import Mark
from monitor.rules.regress import Moved, RegressCount, RuleRegress
from monitor.rules.schema import RuleSet
from monitor.rules.trial import Trial
from monitor.trials.run import try_rules

COLOURS = {Mark.RELEVANT: "green", Mark.NOT_RELEVANT: "red", Mark.EITHER: "dim", Mark.NONE: "yellow"}
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SHOWN = 12
PARTS = 6
WIDE = 60


@click.command()
@click.argument("span", required=False, metavar="[OLD..NEW]")
@click.option("--old", type=FOLDER, help="A folder of rules instead of a git revision")
@click.option("--new", type=FOLDER, help="The folder to compare it with; default the folder of rules")
@Since
@File
@Folder
@click.option("--text-only", is_flag=True, help="Compare the rules alone, not what they do to articles")
@Jobs
@as_json
def diff(
    span: str | None,
    old: Path | None,
    new: Path | None,
    since: str | None,
    file: str | None,
    folder: Path | None,
    text_only: bool,
    jobs: int,
    as_json: bool,
) -> int:
    """Two versions of the rules: what changed, which articles that wins and loses, which verdicts turn.

    OLD..NEW are git revisions; with NEW left out it is the folder as it stands. Ends with 1 where something is worse, or where
    articles are lost that nobody has labelled.
    """
    folder = folder or bootstrap.folder_of(settings(), "rules")
    with ExitStack() as ends:
        before, after = _both(span, old, new, folder, ends)
        one, other = load_rules(before), load_rules(after)
    changes = compare_rules(one, other)
    moving = [change for change in changes if change.matters]
    found: dict[str, RuleRegress] = {}
    if moving and not text_only:
        archive = open_archive(file, new or folder, given_moment(since))
        trials = (_trial(one, moving), _trial(other, moving))
        count = RegressCount(change.rule for change in moving)
        with progress("reading the archive", archive.count) as bar:
            for filed, (was, now) in try_rules(archive, trials, jobs):
                count.take(filed, was, now)
                advance(bar)
        found = {item.rule: item for item in count.result()}
        if not as_json:
            say(f"archive {counted(archive.count, 'article')}")
    if as_json:
        for change in changes:
            json_line(_json(change, found.get(change.rule)))
    else:
        _show(changes, found, text_only=text_only)
    return 1 if any(item.regressions or item.unknown for item in found.values()) else 0


def _both(span: str | None, old: Path | None, new: Path | None, folder: Path, ends: ExitStack) -> tuple[Path, Path]:
    """The two folders; revisions are written into one that goes when this ends."""
    if old:
        if span:
            raise WrongUse("give either OLD..NEW or --old and --new")
        return old, new or folder
    if new:
        raise WrongUse("--new needs --old")
    first, _, second = (span or "HEAD").partition("..")
    into = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="monitor-rules-")))
    before = folder_at(folder, first or "HEAD", into / "old")
    return before, folder_at(folder, second, into / "new") if second else folder


def _trial(ruleset: RuleSet, changes: Sequence[RuleChange]) -> Trial:
    """The rules that differ, as far as they run."""
    wanted = {change.rule for change in changes}
    return Trial(ruleset, [rule for rule in ruleset.rules if rule.id in wanted and rule.runs])


def _json(change: RuleChange, found: RuleRegress | None) -> dict[str, object]:
    told: dict[str, object] = {
        "rule": change.rule,
        "old_version": change.old.version if change.old else None,
        "new_version": change.new.version if change.new else None,
        "matters": change.matters,
        "unversioned": change.unversioned,
        "changes": [{"what": item.what, "removed": list(item.removed), "added": list(item.added)} for item in change.changes],
    }
    if found is None:
        return told
    return told | {
        "old_hits": found.old_hits,
        "new_hits": found.new_hits,
        "won": [shown_json(item.article) | {"mark": item.mark.value} for item in found.won],
        "lost": [shown_json(item.article) | {"mark": item.mark.value} for item in found.lost],
        "turned": [
            shown_json(item.article) | {"old": item.old.value, "new": item.new.value, "labelled": item.right and item.right.value}
            for item in found.turned
        ],
        "weeks": found.weeks,
        "weeks_turned": [{"week": item.week, "old": item.old.value, "new": item.new.value} for item in found.weeks_turned],
        "regressions": found.regressions,
        "unlabelled_losses": found.unknown,
    }


def _show(changes: Sequence[RuleChange], found: dict[str, RuleRegress], *, text_only: bool) -> None:
    for change in changes:
        say(f"\n[bold]{change.rule}[/bold] {_versions(change)}")
        for item in change.changes:
            for line in _change_lines(item):
                say(f"  {line}")
        if change.unversioned:
            say("  [yellow]its version did not change[/yellow]: matches of both would carry the same number")
        if change.rule in found:
            for line in _moves(found[change.rule]):
                say(f"  {line}")
    if not changes:
        say("The rules are the same.")
        return
    say(f"\n{_verdict(list(found.values()), changes, text_only=text_only)}")


def _versions(change: RuleChange) -> str:
    if change.old is None:
        return f"[green]new[/green], version {change.new.version if change.new else '?'}"
    if change.new is None:
        return "[red]removed[/red]"
    if change.old.version == change.new.version:
        return f"{change.new.version}"
    return f"{change.old.version} → {change.new.version}"


def _change_lines(change: Change) -> Iterator[str]:
    """A difference with one old and one new value on one line; lists below each other."""
    if len(change.removed) == len(change.added) == 1 and len(change.removed[0]) + len(change.added[0]) < WIDE:
        yield f"{change.what}   [red]{escape(change.removed[0])}[/red] → [green]{escape(change.added[0])}[/green]"
        return
    yield change.what
    for sign, colour, parts in (("−", "red", change.removed), ("+", "green", change.added)):
        for part in parts[:PARTS]:
            yield f"  [{colour}]{sign} {escape(cut(part, WIDE + 24))}[/{colour}]"
        if len(parts) > PARTS:
            yield f"  [dim]{sign} … and {len(parts) - PARTS} more: --json has all[/dim]"


def _moves(found: RuleRegress) -> Iterator[str]:
    won, lost = (
        ", ".join(f"{number} {mark.value}" for mark in Mark if (number := found.count(moved, mark)))
        for moved in (found.won, found.lost)
    )
    yield (
        f"articles {found.old_hits:,} → {found.new_hits:,}   +{len(found.won)} new{f' ({won})' if won else ''}   "
        f"−{len(found.lost)} lost{f' ({lost})' if lost else ''}"
    )
    yield from _listed("LOST", found.lost)
    yield from _listed("NEW", found.won)
    for item in found.turned[:SHOWN]:
        said = f"   labelled {item.right.value}" if item.right else ""
        yield f"TURNED {day(item.article.when)}  {item.old.value} → {item.new.value}{said}  “{escape(item.article.title)}”"
    if found.weeks_turned:
        shown = ", ".join(f"{item.week} {item.old.value} → {item.new.value}" for item in found.weeks_turned[:SHOWN])
        yield f"verdict changed in {len(found.weeks_turned)} of {counted(found.weeks, 'week')}: {shown}"
    elif found.weeks:
        yield f"[dim]verdict unchanged in {counted(found.weeks, 'week')}[/dim]"


def _listed(word: str, moved: Sequence[Moved]) -> Iterator[str]:
    """Those to look at first: unlabelled losses, then what is known to be worse."""
    worse = Mark.RELEVANT if word == "LOST" else Mark.NOT_RELEVANT
    order = {Mark.NONE: 0 if word == "LOST" else 1, worse: 1 if word == "LOST" else 0}
    for item in sorted(moved, key=lambda item: order.get(item.mark, 2))[:SHOWN]:
        article, colour = item.article, "red" if item.mark is worse else COLOURS[item.mark] if item.mark is Mark.NONE else "dim"
        look = "   ← look at this one" if word == "LOST" and item.mark is Mark.NONE else ""
        yield (
            f"{word:<6} {day(article.when)}  [{colour}]{item.mark.value}[/{colour}]  [dim]{escape(article.id)}[/dim]{look}\n"
            f"{'':<9} {escape(article.source)}  “{escape(article.title)}”"
        )
    if len(moved) > SHOWN:
        yield f"[dim]{'':<6} … and {len(moved) - SHOWN} more: --json has all[/dim]"


def _verdict(found: Sequence[RuleRegress], changes: Sequence[RuleChange], *, text_only: bool) -> str:
    """The last line: it never says that nothing was lost as long as nobody has looked at a loss."""
    if text_only:
        return f"{counted(len(changes), 'rule')} changed; no article was read."
    if not found:
        return f"{counted(len(changes), 'rule')} changed, nothing of it changes what is found."
    regressions, unknown = sum(item.regressions for item in found), sum(item.unknown for item in found)
    parts = []
    if regressions:
        parts.append(f"[red]{counted(regressions, 'regression')}[/red] among what is labelled")
    if unknown:
        parts.append(
            f"[yellow]{counted(unknown, 'loss', 'losses')} that nobody labelled[/yellow]: look at {'it' if unknown == 1 else 'them'} "
            "(monitor rules label), then compare again"
        )
    new = sum(item.count(item.won, Mark.NONE) for item in found)
    unseen = f"  [dim]({counted(new, 'new article')} without a label)[/dim]" if new else ""
    return "; ".join(parts) if parts else f"[green]no regressions[/green]{unseen}"
