"""Opens a store by its URL. It does not migrate: call `upgrade()` for that."""

from __future__ import annotations

from pathlib import Path

from monitor.model.errors import StoreRefused, WrongUse
from monitor.store.engine import Engine
from monitor.store.keeper import SqlStore
from monitor.store.sqlite import SqliteEngine

_SQLITE = "sqlite://"
_POSTGRES = ("postgresql://", "postgres://")


def open_store(url: str, *, busy_timeout_s: float = 10) -> SqlStore:
    """The store at `url`: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` (in memory) or `postgresql://…`.

    Creates the folder of an SQLite file. A writer waits up to `busy_timeout_s` seconds for another.

    Raises:
        WrongUse: The URL is of no known form, or PostgreSQL's library is not installed.
        StoreRefused: The database must not be used: network file system, damaged file, no permission.
        StoreBusy: It is being restored, or the server does not answer; trying again helps.
    """
    return SqlStore(open_engine(url, busy_timeout_s=busy_timeout_s))


def open_engine(url: str, *, busy_timeout_s: float) -> Engine:
    """As `open_store`, for the engine alone."""
    if url.startswith(_POSTGRES):
        return _postgres(url, busy_timeout_s)
    path = sqlite_path(url)
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreRefused(f"{path.parent} cannot be made: {error.strerror}") from error
    return SqliteEngine(path, busy_timeout_s=busy_timeout_s)


def is_sqlite(url: str) -> bool:
    """True for the URL of an SQLite database, in a file or in memory."""
    return url.startswith(_SQLITE)


def sqlite_path(url: str) -> Path | None:
    """The file that an SQLite URL names, made absolute; None for a database in memory.

    Raises:
        WrongUse: It is no SQLite URL.
    """
    if not is_sqlite(url):
        raise WrongUse(f"database URL {url.partition(':')[0]}:…: write sqlite:///var/monitor.db or postgresql://user@host/name")
    name = url.removeprefix(_SQLITE)
    if name in ("", "/", "/:memory:"):
        return None
    if not name.startswith("/") or "?" in name:
        raise WrongUse(f"database URL {url}: write sqlite:///relative.db or sqlite:////absolute.db, without parameters")
    # Absolute, so that a later change of the working directory does not open another file in a new thread.
    return Path(name[1:]).absolute()


def _postgres(url: str, busy_timeout_s: float) -> Engine:
    try:
        from monitor.store.postgres import PostgresEngine
    except ImportError as error:
        raise WrongUse("PostgreSQL needs the library psycopg: pip install 'monitor-digest[postgres]'") from error
    return PostgresEngine(url, busy_timeout_s=busy_timeout_s)
