"""Copies all rows of one store into another, empty one, whatever their engines: how PostgreSQL is backed up and restored."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from monitor.model.errors import StoreFailed, StoreRefused
from monitor.store.engine import Engine, Row, Statements
from monitor.store.migrate import shipped, upgrade, version_of
from monitor.store.sqlite import SqliteEngine

# Parents before children, as the foreign keys ask.
TABLES = (
    "feed_state", "host_block", "robots", "site_lines", "article", "article_key", "analysis", "rule_match", "article_words", "article_story", "story_thread", "edition", "rendition", "printed_edition", "printed_item", "draft",
    "subscription", "suppression", "consent", "outbox", "outbox_body", "bounce", "bounce_raw", "hook_body", "sending", "mark", "answer", "pace", "editor_session", "rule_version", "heartbeat", "setting",
)  # fmt: skip
COUNTED = ("printed_item", "subscription", "consent", "outbox", "rule_version")
"""Tables whose ids the engine counts."""
_PORTION = 200
_NAME = re.compile(r"[a-z_]+\Z")


def backup_to_sqlite(engine: Engine, target: Path) -> None:
    """Copy one snapshot of `engine` into an SQLite file that replaces `target` once it is whole and checked.

    Raises:
        StoreRefused: The schema of `engine` is not the one this program knows.
        StoreFailed: The disk is full; `target` is as it was.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            copy = SqliteEngine(Path(folder) / "copy.db", busy_timeout_s=1)
            try:
                upgrade(copy)
                copy_rows(engine, copy)
                copy.backup(target)
            finally:
                copy.close()
    except OSError as error:
        raise StoreFailed(f"{target}: the copy could not be written: {error.strerror}") from error


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy every row, in one snapshot of `source` and one transaction of `target`.

    Raises:
        StoreRefused: `target` is not empty, or one of them is not at the schema this program knows.
    """
    for engine, which in ((source, "source"), (target, "target")):
        found = version_of(engine)
        if found != len(shipped()):
            raise StoreRefused(
                f"the {which} has schema {found}, this program knows {len(shipped())}: run `monitor db upgrade` on it"
            )
    with source.reading() as read, target.writing() as write:
        full = [table for table in TABLES if write.run(f"SELECT 1 AS one FROM {table} LIMIT 1")]  # noqa: S608 — names from TABLES
        if full:
            raise StoreRefused(f"the target is not empty: it has rows in {', '.join(full)}")
        for table in TABLES:
            _copy_table(table, read, write)
        for table in COUNTED:
            write.run(f"@counter({table})")


def _copy_table(table: str, read: Statements, write: Statements) -> None:
    rows = read.stream(f"SELECT * FROM {table}")  # noqa: S608 — a name from TABLES
    first = next(rows, None)
    if first is None:
        return
    columns = list(first)
    if not all(map(_NAME.match, columns)):
        raise StoreRefused(f"the source has a column in {table} that is none of ours: {', '.join(columns)}")
    places = ", ".join(f":{column}" for column in columns)
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 — names from TABLES, columns checked above
    for portion in _portions(chain([first], rows)):
        write.run_many(insert, portion)


def _portions(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while portion := list(islice(rows, _PORTION)):
        yield portion
