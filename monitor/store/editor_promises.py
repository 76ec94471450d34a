"""What a store promises to the rule workbench: logins of editors, and every version of the rule files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model.editor import EditorSession, RuleVersion


class EditorStore(Protocol):
    """Logins, and versions of rule files. Versions are only ever added."""

    def open_session(self, session: EditorSession) -> None:
        """Insert one."""
        ...

    def session(self, session_id: str) -> EditorSession | None:
        """One by id; None where there is none, or it was ended."""
        ...

    def touch_session(self, session_id: str, now: datetime) -> None:
        """Set when it was last seen; one that was ended stays ended."""
        ...

    def end_session(self, session_id: str) -> None:
        """Drop one; harmless where there is none."""
        ...

    def forget_sessions(self, *, made_before: datetime, seen_before: datetime) -> int:
        """Drop those made or last seen before; returns how many."""
        ...

    def add_rule_versions(self, versions: Sequence[RuleVersion]) -> None:
        """Insert them in this order, in one transaction (`RuleVersion.id` is ignored and given here)."""
        ...

    def rule_versions(self, file: str, limit: int = 200) -> tuple[RuleVersion, ...]:
        """The versions of one file, newest first."""
        ...

    def rule_version(self, version_id: int) -> RuleVersion | None:
        """One by id."""
        ...

    def last_rule_versions(self) -> tuple[RuleVersion, ...]:
        """The newest version of each file, by file."""
        ...
