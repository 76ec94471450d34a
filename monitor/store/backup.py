"""Restores a backup in place of a database. Making one is the store's own `backup`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from monitor.model.errors import StoreBusy, StoreFailed, StoreRefused, WrongUse
from monitor.store import filesystem as disk
from monitor.store.keeper import SqlStore
from monitor.store.open import is_sqlite, open_engine, sqlite_path
from monitor.store.sqlite import SqliteEngine, copy_file
from monitor.store.transfer import copy_rows

SENDING_PAUSED = "sending_paused"
"""The setting that keeps the outbox still; its value is the reason."""


def restore(source: Path, url: str, *, busy_timeout_s: float = 10) -> Path | None:
    """Put a backup in place of the database at `url`, brought to the present schema, with sending paused.

    What was sent after the backup is pending again in it: the setting `sending_paused` holds the outbox until a person
    has looked. An SQLite database that stood there is kept as `<name>.replaced`; a PostgreSQL database must be empty.

    Returns:
        Where the replaced database lies, or None if there was none.

    Raises:
        WrongUse: `source` is no file, is the database itself, or `url` is a database in memory.
        StoreBusy: Another process uses the database: stop the service first.
        StoreRefused: The backup is damaged, not ours, or of a newer schema; or the PostgreSQL database is not empty.
        StoreFailed: The disk is full; the database is as it was.
    """
    target = sqlite_path(url) if is_sqlite(url) else None
    if not source.is_file():
        raise WrongUse(f"{source} is no file")
    if is_sqlite(url) and target is None:
        raise WrongUse("a database in memory cannot be restored")
    if target is not None and target.exists() and target.samefile(source):
        raise WrongUse(f"{source} is the database itself")
    try:
        if target is not None:
            return _replace(source, target, busy_timeout_s)
        _fill(source, url, busy_timeout_s)
    except OSError as error:
        raise StoreFailed(f"{source} could not be restored: {error.strerror or error}") from error
    return None


def _replace(source: Path, target: Path, busy_timeout_s: float) -> Path | None:
    target.parent.mkdir(parents=True, exist_ok=True)
    disk.refuse_remote(target)
    with disk.hold(target, alone=True), tempfile.TemporaryDirectory(prefix=".restore.", dir=target.parent) as folder:
        fresh = Path(folder) / "fresh.db"
        _prepare(source, fresh, busy_timeout_s)
        kept = _keep_old(target, Path(folder)) if target.exists() else None
        disk.put_in_place(fresh, target)
    return kept


def _prepare(source: Path, fresh: Path, busy_timeout_s: float) -> None:
    """A checked copy at the present schema, paused, in one file without a WAL beside it."""
    working = fresh.with_name("working.db")
    copy_file(source, working)
    engine = SqliteEngine(working, busy_timeout_s=busy_timeout_s)
    store = SqlStore(engine)
    try:
        if store.schema_version()[0] == 0:
            raise StoreRefused(f"{source} is an empty database, no backup")
        store.upgrade()
        store.set_setting(SENDING_PAUSED, f"restored from {source.name}: what was sent since then would be sent again")
        store.backup(fresh)
    finally:
        store.close()


def _keep_old(target: Path, folder: Path) -> Path:
    """Give the standing database a second name, with its WAL folded in.

    A hard link, so that at no moment there is no file under the first name: a service that starts then finds the old one.
    """
    kept = target.with_name(f"{target.name}.replaced")
    wal = target.with_name(f"{target.name}-wal")
    try:
        SqliteEngine(target, busy_timeout_s=0, held=True).close()
        if wal.exists():
            raise StoreBusy(f"{target}: another program has it open: close that first")
    except StoreRefused:
        # Damaged: its WAL cannot be folded in, and left in place it would be read into the restored database.
        if wal.exists():
            wal.replace(kept.with_name(f"{kept.name}-wal"))
    second = folder / "old.db"
    second.hardlink_to(target)
    disk.put_in_place(second, kept)
    return kept


def _fill(source: Path, url: str, busy_timeout_s: float) -> None:
    engine = open_engine(url, busy_timeout_s=busy_timeout_s)
    try:
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / "fresh.db"
            _prepare(source, fresh, busy_timeout_s)
            SqlStore(engine).upgrade()
            copy = SqliteEngine(fresh, busy_timeout_s=busy_timeout_s)
            try:
                copy_rows(copy, engine)
            finally:
                copy.close()
    finally:
        engine.close()
