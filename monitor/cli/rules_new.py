"""`monitor rules new`: a draft of a rule to fill in; it never writes over a file."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.rules_given import Folder, rules_folder
from monitor.cli.screen import say
from monitor.cli.shared import settings
from monitor.model.errors import WorldFailed, WrongUse
from monitor.rules.load import rule_files
from monitor.rules.read_rule import ID
from monitor.rules.reading import LANGUAGES
from monitor.rules.template import draft_rule


@click.command()
@click.argument("name", metavar="ID")
@click.option("--title", default="", help="For people; default the id")
@click.option("--owner", default="desk", show_default=True, help="Who answers for it")
@click.option("--lang", "langs", multiple=True, help="A language that it reads; may be given several times. Default en, ru, be")
@click.option("--topic", default="", metavar="FOLDER", help="Folder inside the folder of rules")
@Folder
def new(name: str, title: str, owner: str, langs: tuple[str, ...], topic: str, folder: Path | None) -> None:
    """Write the draft of a rule, with terms and tests to fill in; a file that is there already stays as it is."""
    here = rules_folder(folder)
    langs = tuple(dict.fromkeys(langs)) or ("en", "ru", "be")
    if not ID.fullmatch(name):
        raise WrongUse(f'"{name}" cannot be an id: write a–z, 0–9 and -, as in my-rule')
    if strange := [lang for lang in langs if lang not in LANGUAGES]:
        raise WrongUse(f"no ISO 639-1 code of a language: {', '.join(strange)}")
    taken = [file for file in rule_files(here) if file.stem == name]
    if taken:
        raise WrongUse(f"{taken[0]} is there already; choose another id, or edit it")
    file = here / topic / f"{name}.yml"
    if not file.resolve().is_relative_to(here.resolve()):
        raise WrongUse(f"{topic} leads out of the folder of rules")
    schema = os.path.relpath(here / "schema" / "rule.json", file.parent)
    today = bootstrap.clock_of(settings())().date()
    text = draft_rule(name, title or name.replace("-", " ").capitalize(), owner, langs, today, schema)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise WorldFailed(f"{file}: {error.strerror}") from error
    say(f"[green]✓[/green] {escape(str(file))}")
    say("[dim]fill in terms and tests, then:[/dim]")
    say(f"[dim]  monitor rules test {name}[/dim]")
    say("[dim]  monitor rules check[/dim]")
