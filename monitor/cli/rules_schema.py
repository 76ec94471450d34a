"""`monitor rules schema`: the JSON Schema of rule, names, lexicon and filter files, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from monitor import bootstrap
from monitor.cli.rules_given import Folder
from monitor.cli.screen import say
from monitor.cli.shared import settings
from monitor.rules.json_schema import json_schemas


@click.command()
@click.argument("kind", required=False, default="rule", type=click.Choice(("rule", "names", "lexicon", "filter")))
@click.option("--write", is_flag=True, help="Write all under schema/ of the folder of rules instead")
@Folder
def schema(kind: str, write: bool, folder: Path | None) -> None:
    """Print the JSON Schema (draft-07) of rule, names, lexicon or filter files; editors check and complete with it.

    A file names its schema in its first line: # yaml-language-server: $schema=schema/rule.json
    """
    schemas = json_schemas()
    if not write:
        click.echo(_text(schemas[f"{kind}.json"]), nl=False)
        return
    target = (folder or bootstrap.folder_of(settings(), "rules")) / "schema"
    target.mkdir(exist_ok=True)
    for name, body in schemas.items():
        (target / name).write_text(_text(body), encoding="utf-8")
        say(f"[green]✓[/green] {target / name}")


def _text(body: object) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"
