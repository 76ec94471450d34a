"""`monitor backup`, `monitor restore`, `monitor db`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor import search_index
from monitor.cli.screen import advance, counted, progress, say
from monitor.cli.shared import settings, store, until_end
from monitor.store.backup import SENDING_PAUSED
from monitor.store.backup import restore as put_back
from monitor.store.open import open_store


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent, checked copy of the database; the service may run on."""
    store().backup(file)
    say(f"[green]written[/green] {file} ({file.stat().st_size / 1024:.0f} KiB)")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a copy back in place of the database. Sending is paused until `monitor db resume`, lest two copies send the same mail."""
    put_back(file, settings().store_url)
    say(f"[green]restored[/green] from {file}. Sending is paused: `monitor db resume` when no other copy is running")


@click.group()
def db() -> None:
    """Migrations, and the pause after a restore."""


@db.command()
def upgrade() -> None:
    """Apply what is missing (the service does so by itself at start)."""
    done = until_end(open_store(settings().store_url)).upgrade()
    say("\n".join(f"[green]applied[/green] {name}" for name in done) or "Nothing to do.")


@db.command()
def status() -> int:
    """The schema of the database and that of the program."""
    box = until_end(open_store(settings().store_url))
    found, known = box.schema_version()
    paused = " sending is paused" if found and box.setting(SENDING_PAUSED) else ""
    say(f"database: schema {found}; program: schema {known}.{paused}")
    return 0 if found == known else 1


@db.command()
@click.option("--all", "every", is_flag=True, help="Anew for every edition, not only for those that are missing")
def reindex(every: bool) -> None:
    """Make what lists and search of the site read from the editions: for a database of an older program. The service does it at start."""
    box = store()
    heads = box.edition_heads() if every else search_index.missing_editions(box)
    with progress("editions", len(heads)) as bar:
        count = search_index.index_missing(box, heads, lambda head: advance(bar, head.id))
    say(f"{counted(count, 'edition')} indexed." if count else "Nothing to do.")


@db.command()
def resume() -> None:
    """Send again after a restore."""
    store().set_setting(SENDING_PAUSED, "")
    say("Sending goes on.")
