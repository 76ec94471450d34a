"""Writes what `rules suggest` proposes into rule files, when asked: the file keeps its comments and layout, and must load afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import say
from monitor.cli.shared import settings
from monitor.model.errors import WorldFailed, WrongFiles, WrongUse
from monitor.rules.append import next_version, with_item
from monitor.rules.format import quoted
from monitor.rules.load import check_rules
from monitor.rules.schema import Rule, RuleSet

Into = click.option(
    "--write",
    "into",
    metavar="RULE.TERM",
    help="Add the proposal to a term of a rule, and raise the rule's version; tests stay yours",
)


def write_phrases(ruleset: RuleSet, folder: Path, into: str, phrases: Iterable[tuple[str, str]]) -> None:
    """Add phrases, as (language, text), to a term.

    Raises:
        WrongUse: No such rule or term, or the file is written in a way that a program cannot add to; nothing was written.
    """
    name, _, term = into.partition(".")
    rule = ruleset.by_id.get(name)
    if rule is None or term not in rule.terms:
        terms = ", ".join(f"{name}.{one}" for one in rule.terms if ":" not in one) if rule else ", ".join(ruleset.by_id)
        raise WrongUse(f'--write wants RULE.TERM, and "{into}" is none; there are {terms}')
    known = {(phrase.language, phrase.text) for group in rule.terms[term].phrases.values() for phrase in group}
    new = [(language, text) for language, text in phrases if (language, text) not in known]
    if not new:
        raise WrongUse(f"{into} has all of it already; nothing was written")
    write_items(rule, folder, [(("terms", term, language), quoted(text)) for language, text in new])


def write_items(rule: Rule, folder: Path, items: Iterable[tuple[tuple[str, ...], str]]) -> None:
    """Add items to lists of a rule's file, and raise its version; the file stays as it was where the rules would not load then.

    Raises:
        WrongUse: The file is written in a way that a program cannot add to.
        WrongFiles: The rules would not load.
        WorldFailed: The file cannot be written.
    """
    file = Path(rule.place.file)
    if bootstrap.PACKAGE in file.resolve().parents:
        raise WrongUse("the rules that ship with the program are not written to; copy them to your home folder")
    before = file.read_bytes()
    text = before.decode("utf-8-sig")
    try:
        for path, item in items:
            text = with_item(text, path, item)
    except ValueError as error:
        raise WrongUse(f"{file}: {error}; add it by hand") from error
    _replace(file, next_version(text, bootstrap.clock_of(settings())().date()).encode(), before, folder)
    say(
        f"[green]✓[/green] {escape(str(file))}  [dim]version {rule.version} → {rule.version + 1}; next: monitor rules test {rule.id}[/dim]"
    )


def write_rule(file: Path, text: str, folder: Path) -> None:
    """Write a new rule file; it is taken away again where the rules would not load with it.

    Raises:
        WrongUse: The file is there already.
        WrongFiles: The rules would not load.
        WorldFailed: The file cannot be written.
    """
    if file.exists():
        raise WrongUse(f"{file} is there already; choose another --id")
    _replace(file, text.encode(), None, folder)
    say(f"[green]✓[/green] {escape(str(file))}  [dim]next: monitor rules test {file.stem}[/dim]")


def _replace(file: Path, content: bytes, before: bytes | None, folder: Path) -> None:
    try:
        file.write_bytes(content)
        found = check_rules(folder)
        if found.ruleset is None:
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)
            raise WrongFiles(found.problems)
    except OSError as error:
        raise WorldFailed(f"{file}: {error.strerror}") from error
