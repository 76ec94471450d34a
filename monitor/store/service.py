"""Keeps what the service knows of itself: heartbeats, small settings, the version of the schema, copies."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from monitor.store.codec import text_time, time_text
from monitor.store.engine import Keeper
from monitor.store.migrate import shipped, upgrade, version_of
from monitor.store.promises import ServiceStore

_BEAT = """
    INSERT INTO heartbeat (name, beat_at, note) VALUES (:name, :beat_at, :note)
    ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, note = excluded.note
"""
_BEATS = "SELECT name, beat_at FROM heartbeat ORDER BY name"
_SETTING = "SELECT value FROM setting WHERE key = :key"
_SET = """
    INSERT INTO setting (key, value) VALUES (:key, :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""

_KEEP = "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING"


class ServiceKeeper(Keeper, ServiceStore):
    """`ServiceStore` on any engine."""

    def heartbeat(self, name: str, now: datetime, note: str = "") -> None:
        """Record that `name` is alive."""
        with self._engine.writing() as statements:
            statements.run(_BEAT, {"name": name, "beat_at": time_text(now), "note": note})

    def heartbeats(self) -> dict[str, datetime]:
        """Last beat by name."""
        with self._engine.reading() as statements:
            return {row["name"]: text_time(row["beat_at"]) for row in statements.run(_BEATS)}

    def setting(self, key: str) -> str | None:
        """A small kept value, or None."""
        with self._engine.reading() as statements:
            return next((row["value"] for row in statements.run(_SETTING, {"key": key})), None)

    def set_setting(self, key: str, value: str) -> None:
        """Insert or replace one."""
        with self._engine.writing() as statements:
            statements.run(_SET, {"key": key, "value": value})

    def keep_setting(self, key: str, value: str) -> str:
        """Insert one unless it is there; returns the one that stands, the same to all who ask at once."""
        with self._engine.writing() as statements:
            statements.run(_KEEP, {"key": key, "value": value})
            return str(statements.run(_SETTING, {"key": key})[0]["value"])

    def schema_version(self) -> tuple[int, int]:
        """(version of the database, 0 where it is empty; version this program knows).

        Raises:
            StoreRefused: The database belongs to another program.
        """
        return version_of(self._engine), len(shipped())

    def upgrade(self) -> tuple[str, ...]:
        """Apply missing migrations; returns their names.

        Raises:
            StoreRefused: The schema is newer than this program.
        """
        return upgrade(self._engine)

    def backup(self, target: Path) -> None:
        """Write a consistent copy as an SQLite file, checked before it takes its name; writers go on meanwhile."""
        self._engine.backup(target)

    def close(self) -> None:
        """End all connections; closing twice is harmless."""
        self._engine.close()
