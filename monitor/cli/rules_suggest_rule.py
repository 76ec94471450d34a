"""`monitor rules suggest rule`: the draft of a rule from articles like which more are wanted; tried on the archive before it is shown."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from monitor import bootstrap
from monitor.cli.archive_reader import open_archive
from monitor.cli.moments import given_moment
from monitor.cli.rules_given import Folder, rules_folder
from monitor.cli.rules_suggest import File, Since
from monitor.cli.screen import advance, counted, json_line, progress, say
from monitor.cli.shared import as_json, settings
from monitor.cli.suggest_write import write_rule
from monitor.model.errors import WrongUse
from monitor.model.match import Document
from monitor.rules.engine import Engine
from monitor.rules.explain import explain
from monitor.rules.load import load_rules
from monitor.rules.read_rule import ID
from monitor.rules.suggest_rule import Draft, suggest_rule


@click.command("rule")
@click.option("--like", "ids", required=True, metavar="ID,ID…", help="Articles that the rule should find, two or more")
@click.option("--id", "name", default="drafted-rule", show_default=True, help="The id of the rule")
@click.option("--owner", default="desk", show_default=True, help="Who answers for it")
@click.option("--write", "wanted", is_flag=True, help="Write it into the folder of rules; a file that is there stays as it is")
@File
@Since
@Folder
@as_json
def rule_verb(
    ids: str, name: str, owner: str, wanted: bool, file: str | None, since: str | None, folder: Path | None, as_json: bool
) -> int:
    """The draft of a rule that finds the articles given, with a test made of each; and how many others it would find."""
    if not ID.fullmatch(name):
        raise WrongUse(f'"{name}" cannot be an id: write a–z, 0–9 and -, as in my-rule')
    here = rules_folder(folder)
    like, others = _articles([one.strip() for one in ids.split(",") if one.strip()], file, here, since)
    try:
        draft = suggest_rule(name, like, others, bootstrap.clock_of(settings())().date(), owner)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    found, besides = _tried(draft, name, like, others)
    if as_json:
        json_line({"id": name, "rule": draft.text, "finds": found, "of": len(like), "others": besides, "archive": len(others)})
    else:
        click.echo(draft.text)
        say(f"[dim]finds {found} of the {len(like)} articles, and {besides} of {counted(len(others), 'other')}[/dim]")
    if wanted:
        write_rule(here / f"{name}.yml", draft.text, here)
    return 0 if found == len(like) else 1


def _articles(wanted: Sequence[str], file: str | None, folder: Path, since: str | None) -> tuple[list[Document], list[Document]]:
    """Those named, by id or address or a beginning that no other shares, and all others."""
    archive = open_archive(file, folder, given_moment(since))
    named: dict[str, Document] = {}
    others = []
    with progress("articles", archive.count) as bar:
        for filed in archive:
            advance(bar)
            known = (filed.article.id, filed.article.url, filed.article.canonical_url)
            names = [name for name in wanted if any(one.startswith(name) for one in known)]
            for name in names:
                if name in named:
                    raise WrongUse(f"more than one article begins with {name}")
                named[name] = filed.document
            if not names:
                others.append(filed.document)
    if strange := [name for name in wanted if name not in named]:
        raise WrongUse(f"no such article: {', '.join(strange)}")
    return list({document.id: document for document in named.values()}.values()), others


def _tried(draft: Draft, name: str, like: Sequence[Document], others: Sequence[Document]) -> tuple[int, int]:
    """How many of the articles, and of the others, the draft finds: loaded as any rule is."""
    with tempfile.TemporaryDirectory() as place:
        Path(place, f"{name}.yml").write_text(draft.text, encoding="utf-8")
        engine = Engine(load_rules(Path(place)))
    found, besides = (sum(explain(name, one, engine).matched for one in documents) for documents in (like, others))
    return found, besides
