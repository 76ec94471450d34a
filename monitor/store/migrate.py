"""Migrations of the schema: forward only, each in its own transaction, under a lock. The steps are the SQL files beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.model.errors import Invariant, StoreRefused
from monitor.store.engine import Engine, Statements

_LEDGER = "CREATE TABLE IF NOT EXISTS schema_migration (version @int PRIMARY KEY, name @text NOT NULL) @strict"
_HAS_LEDGER = "SELECT name FROM @tables WHERE name = 'schema_migration'"
_ANY_TABLE = "SELECT name FROM @tables ORDER BY name LIMIT 1"
_VERSION = "SELECT COALESCE(MAX(version), 0) AS version FROM schema_migration"
_RECORD = "INSERT INTO schema_migration (version, name) VALUES (:version, :name)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number (from 1, without gaps), its name ("0001_first") and its SQL in the common words."""

    version: int
    name: str
    sql: str


@cache
def shipped() -> tuple[Migration, ...]:
    """The migrations this program knows, in order.

    Raises:
        Invariant: Their numbers have a gap.
    """
    names = sorted(item.name for item in files("monitor.store").joinpath("migrations").iterdir() if item.name.endswith(".sql"))
    steps = tuple(
        Migration(
            int(name[:4]), name.removesuffix(".sql"), files("monitor.store").joinpath("migrations", name).read_text("utf-8")
        )
        for name in names
    )
    if [step.version for step in steps] != list(range(1, len(steps) + 1)):
        raise Invariant(f"migrations are not numbered 1, 2, 3…: {', '.join(names)}")
    return steps


def version_of(engine: Engine) -> int:
    """The schema version of a database; 0 where it is empty.

    Raises:
        StoreRefused: It holds tables of another program.
    """
    with engine.reading() as statements:
        return _version(statements)


def _version(statements: Statements) -> int:
    if statements.run(_HAS_LEDGER):
        return int(statements.run(_VERSION)[0]["version"])
    strangers = statements.run(_ANY_TABLE)
    if strangers:
        raise StoreRefused(
            f"the database belongs to another program: it has a table {strangers[0]['name']}, but no schema_migration"
        )
    return 0


def upgrade(engine: Engine, steps: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """Apply the steps that are missing, keeping a copy first where a database existed; returns their names.

    Two processes may call this at once: one applies, the other waits and finds nothing to do.

    Raises:
        StoreRefused: The schema is newer than the last step, or belongs to another program.
        StoreBusy: Another writer held the database too long; trying again helps.
    """
    steps = shipped() if steps is None else steps
    before = version_of(engine)
    refuse_newer(before, len(steps))
    if 0 < before < len(steps):
        engine.before_upgrade(before)
    return tuple(step.name for step in steps[before:] if _apply(engine, step))


def _apply(engine: Engine, step: Migration) -> bool:
    """Apply one step, unless another process was faster."""
    with engine.writing() as statements:
        statements.run("@migration_lock")
        statements.script(_LEDGER)
        if _version(statements) >= step.version:
            return False
        statements.script(step.sql)
        statements.run(_RECORD, {"version": step.version, "name": step.name})
    return True


def refuse_newer(found: int, known: int) -> None:
    """Make sure that a schema version can be used.

    Raises:
        StoreRefused: It is newer than the one known.
    """
    if found > known:
        raise StoreRefused(
            f"the database has schema {found}, this program knows {known}: "
            "install the version of monitor that wrote it, or a later one; a schema is never taken back"
        )
