"""SQLite through apsw: connections, transactions and checked copies. The only module that imports apsw; it knows no table."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import apsw

from monitor.model.errors import Invariant, StoreBusy, StoreFailed, StoreRefused, WrongUse
from monitor.store.engine import Dialect, Row, Statements, Values, storable_values
from monitor.store.filesystem import hold, put_in_place, refuse_remote
from monitor.store.pool import Pool

SQLITE = Dialect(
    "SQLite",
    {
        "text": "TEXT",
        "int": "INTEGER",
        "real": "REAL",
        "bytes": "BLOB",
        "identity": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "strict": "STRICT",
        "texts": "(SELECT value FROM json_each(:{}))",
        "ints": "(SELECT value FROM json_each(:{}))",
        "claim_lock": "",  # BEGIN IMMEDIATE lets one claimer in at a time
        "migration_lock": "SELECT 1",
        # not the index over the words of items, nor what it keeps itself in
        "tables": "(SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%') AS tables",
        "counter": "SELECT 1",  # AUTOINCREMENT follows the ids that are inserted
        # an index over the table's own text (FTS5, "external content"), kept by triggers; the words come folded, the tokenizer only parts them
        "search_index": """
            CREATE VIRTUAL TABLE printed_item_words
            USING fts5(words, content='printed_item', content_rowid='id', tokenize='unicode61 remove_diacritics 0');
            CREATE TRIGGER printed_item_added AFTER INSERT ON printed_item BEGIN
                INSERT INTO printed_item_words (rowid, words) VALUES (new.id, new.words);
            END;
            CREATE TRIGGER printed_item_dropped AFTER DELETE ON printed_item BEGIN
                INSERT INTO printed_item_words (printed_item_words, rowid, words) VALUES ('delete', old.id, old.words);
            END;
        """,
        "found": "i.id IN (SELECT rowid FROM printed_item_words WHERE printed_item_words MATCH :{})",
        "word": '"{}"',
        "and": " AND ",
    },
)
_WORDS = {
    apsw.BusyError: "another writer held the database longer than the patience given",
    apsw.LockedError: "another statement holds a table",
    apsw.FullError: "the disk is full",
    apsw.CorruptError: "the file is damaged: restore a backup",
    apsw.NotADBError: "the file is no SQLite database",
    apsw.CantOpenError: "the file cannot be opened",
    apsw.ReadOnlyError: "the file cannot be written",
    apsw.PermissionsError: "the file may not be used",
    apsw.SQLError: "SQLite failed; if a table is missing, run `monitor db upgrade`",
}
_REFUSED = (apsw.CorruptError, apsw.NotADBError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError)


def wal_is_safe(version: str) -> bool:
    """False for the SQLite releases 3.7.0 to 3.51.2, whose WAL reset can corrupt a database, but for the mended 3.44.6 and 3.50.7."""
    number = tuple(int(part) for part in version.split("."))
    mended = number >= (3, 51, 3) or (3, 50, 7) <= number < (3, 51) or (3, 44, 6) <= number < (3, 45)
    return mended or number < (3, 7)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turns apsw's errors into the tree of model.errors."""
    try:
        yield
    except apsw.ConstraintError as error:
        raise Invariant(f"{where}: {error}") from error
    except apsw.Error as error:
        words = f"{where}: {_WORDS.get(type(error), 'SQLite failed')} ({error})"
        if isinstance(error, apsw.BusyError | apsw.LockedError):
            raise StoreBusy(words) from error
        if isinstance(error, _REFUSED):
            raise StoreRefused(words) from error
        raise StoreFailed(words) from error


class SqliteStatements:
    """Statements on one connection."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, values: Values | None = None) -> list[Row]:
        """One statement; the rows it selects or returns."""
        return list(self._rows(sql, values or {}))

    def stream(self, sql: str) -> Iterator[Row]:
        """The rows of one statement, one by one."""
        return self._rows(sql, {})

    def _rows(self, sql: str, values: Values) -> Iterator[Row]:
        cursor = self._connection.execute(SQLITE.speak(sql), storable_values(values))
        names: list[str] = []
        for row in cursor:
            names = names or [column[0] for column in cursor.get_description()]
            yield dict(zip(names, row, strict=True))

    def run_many(self, sql: str, rows: Iterable[Values]) -> None:
        """One statement for each of many sets of values."""
        self._connection.executemany(SQLITE.speak(sql), (storable_values(values) for values in rows)).fetchall()

    def script(self, sql: str) -> None:
        """Several statements."""
        self._connection.execute(SQLITE.speak(sql)).fetchall()


class SqliteEngine:
    """A database file; or, with `path` None, a database in memory.

    Files are kept in WAL mode with `synchronous=FULL`: a commit that returned survives loss of power. Other processes may
    use the same file; a writer waits up to `busy_timeout_s` for another. Only a relaxed transaction does not wait for the disk. `held` is for a caller that holds it alone.
    """

    dialect = SQLITE

    def __init__(self, path: Path | None, *, busy_timeout_s: float, held: bool = False) -> None:
        self._path = path
        self._where = str(path) if path else "database in memory"
        self._busy_timeout_ms = int(busy_timeout_s * 1000)
        self._hold = None if path is None or held else _hold_safely(path)
        try:
            self._pool = Pool(
                self._where,
                self._connect,
                lambda connection: not connection.in_transaction,
                single=path is None,
                patience_s=busy_timeout_s,
            )
        except BaseException:
            if self._hold is not None:
                self._hold.close()
            raise

    def _connect(self) -> apsw.Connection:
        with translated(self._where):
            connection = apsw.Connection(str(self._path) if self._path else ":memory:")
            connection.set_busy_timeout(self._busy_timeout_ms)
            connection.pragma("foreign_keys", True)
            connection.pragma("trusted_schema", False)
            if self._path is not None:
                if connection.pragma("journal_mode") != "wal" and connection.pragma("journal_mode", "wal") != "wal":
                    raise StoreRefused(f"{self._where}: this file system does not allow the WAL journal")
                connection.pragma("synchronous", "FULL")
                connection.pragma("journal_size_limit", 64 * 1024 * 1024)
        return connection

    @contextmanager
    def _transaction(self, begin: str, *, relaxed: bool = False) -> Iterator[Statements]:
        with self._pool.lend() as connection, translated(self._where), _journal(connection, relaxed=relaxed):
            connection.execute(begin)
            try:
                yield SqliteStatements(connection)
                connection.execute("COMMIT")
            except BaseException:
                # SQLite has already rolled back by itself after some errors (full disk, damage).
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def reading(self) -> AbstractContextManager[Statements]:
        """One snapshot; never waits for a writer."""
        return self._transaction("BEGIN")

    def writing(self, *, relaxed: bool = False) -> AbstractContextManager[Statements]:
        """One transaction that takes the write lock at once, so that it never fails half-way for being overtaken."""
        return self._transaction("BEGIN IMMEDIATE", relaxed=relaxed)

    def backup(self, target: Path) -> None:
        """Write a checked copy; writers go on meanwhile.

        Raises:
            StoreFailed: The disk is full or the copy is damaged; nothing is left of it.
            WrongUse: `target` is the database itself.
        """
        if self._path is not None and target.resolve() == self._path.resolve():
            raise WrongUse(f"{target} is the database itself; give the backup another name")
        with self._pool.lend() as connection:
            checked_copy(connection, target)

    def before_upgrade(self, version: int) -> None:
        """Keep a copy beside the file (`monitor.db.schema-3`); a database in memory needs none."""
        if self._path is not None:
            self.backup(self._path.with_name(f"{self._path.name}.schema-{version}"))

    def close(self) -> None:
        """End all connections; the last one to a file folds its WAL in."""
        self._pool.close()
        if self._hold is not None:
            self._hold.close()


@contextmanager
def _journal(connection: apsw.Connection, *, relaxed: bool) -> Iterator[None]:
    """Where `relaxed`, a commit is written but not awaited (WAL, `synchronous=NORMAL`); FULL again afterwards."""
    if not relaxed:
        yield
        return
    connection.pragma("synchronous", "NORMAL")
    try:
        yield
    finally:
        if not connection.in_transaction:
            connection.pragma("synchronous", "FULL")


def _hold_safely(path: Path) -> BinaryIO:
    if not wal_is_safe(apsw.sqlite_lib_version()):
        raise StoreRefused(f"SQLite {apsw.sqlite_lib_version()} can corrupt a database in WAL mode: install apsw 3.51.3 or later")
    refuse_remote(path)
    return hold(path, alone=False)


def checked_copy(connection: apsw.Connection, target: Path) -> None:
    """VACUUM INTO a temporary name, check, and put in place.

    Raises:
        StoreFailed: It could not be written, or the copy fails `integrity_check`; `target` is as it was.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        with translated(str(target)):
            connection.execute("VACUUM INTO :target", {"target": str(temporary)})
        check_file(temporary)
        put_in_place(temporary, target)
    except OSError as error:
        raise StoreFailed(f"{target}: the copy could not be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def copy_file(source: Path, target: Path) -> None:
    """Copy one database file, checked before and after, without changing it.

    Raises:
        StoreRefused: `source` is damaged, or no database.
        StoreFailed: The disk is full; nothing is left of the copy.
    """
    check_file(source)
    with translated(str(source)):
        connection = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            checked_copy(connection, target)
        finally:
            connection.close()


def check_file(path: Path) -> None:
    """Make sure that a file is a sound SQLite database.

    Raises:
        StoreRefused: It is damaged, or no database.
        StoreFailed: It cannot be read.
    """
    with translated(str(path)):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            findings = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
        finally:
            connection.close()
    if findings != ["ok"]:
        raise StoreRefused(f"{path} is damaged: {'; '.join(findings)}")
