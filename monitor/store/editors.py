"""Keeps the logins of editors and the versions of rule files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model.editor import EditorSession, RuleVersion
from monitor.store.codec import text_time, time_text
from monitor.store.editor_promises import EditorStore
from monitor.store.engine import Keeper, Row

_OPEN = "INSERT INTO editor_session (id, name, made_at, seen_at) VALUES (:id, :name, :made_at, :seen_at)"
_SESSION = "SELECT * FROM editor_session WHERE id = :id"
_TOUCH = "UPDATE editor_session SET seen_at = :now WHERE id = :id AND seen_at < :now"
_END = "DELETE FROM editor_session WHERE id = :id"
_FORGET = "DELETE FROM editor_session WHERE made_at < :made_before OR seen_at < :seen_before RETURNING id"
_ADD = """
    INSERT INTO rule_version (file, saved_at, editor, why, content) VALUES (:file, :saved_at, :editor, :why, :content)
"""
_VERSIONS = "SELECT * FROM rule_version WHERE file = :file ORDER BY id DESC LIMIT :limit"
_VERSION = "SELECT * FROM rule_version WHERE id = :id"
_LAST = "SELECT * FROM rule_version WHERE id IN (SELECT MAX(id) FROM rule_version GROUP BY file) ORDER BY file"


class EditorKeeper(Keeper, EditorStore):
    """`EditorStore` on any engine."""

    def open_session(self, session: EditorSession) -> None:
        """Insert one."""
        values = {
            "id": session.id,
            "name": session.name,
            "made_at": time_text(session.made_at),
            "seen_at": time_text(session.seen_at),
        }
        with self._engine.writing() as statements:
            statements.run(_OPEN, values)

    def session(self, session_id: str) -> EditorSession | None:
        """One by id; None where there is none, or it was ended."""
        with self._engine.reading() as statements:
            rows = statements.run(_SESSION, {"id": session_id})
        return next(
            (EditorSession(row["id"], row["name"], text_time(row["made_at"]), text_time(row["seen_at"])) for row in rows), None
        )

    def touch_session(self, session_id: str, now: datetime) -> None:
        """Set when it was last seen; one that was ended stays ended."""
        with self._engine.writing() as statements:
            statements.run(_TOUCH, {"id": session_id, "now": time_text(now)})

    def end_session(self, session_id: str) -> None:
        """Drop one; harmless where there is none."""
        with self._engine.writing() as statements:
            statements.run(_END, {"id": session_id})

    def forget_sessions(self, *, made_before: datetime, seen_before: datetime) -> int:
        """Drop those made or last seen before; returns how many."""
        values = {"made_before": time_text(made_before), "seen_before": time_text(seen_before)}
        with self._engine.writing() as statements:
            return len(statements.run(_FORGET, values))

    def add_rule_versions(self, versions: Sequence[RuleVersion]) -> None:
        """Insert them in this order, in one transaction."""
        rows = [
            {
                "file": one.file,
                "saved_at": time_text(one.at),
                "editor": one.editor,
                "why": one.why,
                "content": one.content,
            }
            for one in versions
        ]
        with self._engine.writing() as statements:
            statements.run_many(_ADD, rows)

    def rule_versions(self, file: str, limit: int = 200) -> tuple[RuleVersion, ...]:
        """The versions of one file, newest first."""
        with self._engine.reading() as statements:
            return tuple(map(_version, statements.run(_VERSIONS, {"file": file, "limit": limit})))

    def rule_version(self, version_id: int) -> RuleVersion | None:
        """One by id."""
        with self._engine.reading() as statements:
            return next(map(_version, statements.run(_VERSION, {"id": version_id})), None)

    def last_rule_versions(self) -> tuple[RuleVersion, ...]:
        """The newest version of each file, by file."""
        with self._engine.reading() as statements:
            return tuple(map(_version, statements.run(_LAST, {})))


def _version(row: Row) -> RuleVersion:
    return RuleVersion(row["file"], text_time(row["saved_at"]), row["editor"], row["why"], row["content"], row["id"])
