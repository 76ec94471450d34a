"""Keeps drafts: what was composed, and apart from it the desk's edits and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.model.desk import Draft, DraftState
from monitor.model.edition import Edition
from monitor.store.codec import dump, load
from monitor.store.engine import Keeper, Values, listed
from monitor.store.promises import DraftStore

_INSERT = """
    INSERT INTO draft (id, digest, key, state, version, details, editions)
    VALUES (:id, :digest, :key, :state, :version, :details, :editions)
    ON CONFLICT DO NOTHING RETURNING id
"""
_UPDATE = """
    UPDATE draft SET state = :state, version = :version, details = :details
    WHERE id = :id AND version = :version - 1 RETURNING id
"""
_COMPOSED = "UPDATE draft SET editions = :editions WHERE id = :id"
_ONE = "SELECT details FROM draft WHERE id = :id"
_LIST = "SELECT details FROM draft WHERE {} ORDER BY key, id"
_EDITIONS = "SELECT editions FROM draft WHERE id = :id"


class DraftKeeper(Keeper, DraftStore):
    """`DraftStore` on any engine."""

    def draft(self, draft_id: str) -> Draft | None:
        """One by id."""
        with self._engine.reading() as statements:
            rows = statements.run(_ONE, {"id": draft_id})
        return _draft(rows[0]["details"]) if rows else None

    def drafts(self, *, digest: str = "", states: Sequence[DraftState] = ()) -> tuple[Draft, ...]:
        """By date, then id."""
        where = ["digest = :digest"] if digest else []
        where += ["state IN @texts(states)"] if states else []
        values = {"digest": digest, "states": listed(state.value for state in states)}
        with self._engine.reading() as statements:
            rows = statements.run(_LIST.format(" AND ".join(where) or "1 = 1"), values)
        return tuple(_draft(row["details"]) for row in rows)

    def composed(self, draft_id: str) -> dict[str, Edition]:
        """Language → edition as composed, without any edit; empty where there is no such draft."""
        with self._engine.reading() as statements:
            rows = statements.run(_EDITIONS, {"id": draft_id})
        editions: dict[str, Edition] = load(Mapping[str, Edition], rows[0]["editions"]) if rows else {}
        return editions

    def save_draft(self, draft: Draft, composed: Mapping[str, Edition] | None = None) -> bool:
        """Insert version 1 with what was composed, or replace the version before.

        Returns:
            False, with nothing written, if another version stands: read again.
        """
        values: Values = {
            "id": draft.id,
            "digest": draft.digest,
            "key": draft.key.isoformat(),
            "state": draft.state.value,
            "version": draft.version,
            "details": dump(draft),
            "editions": dump(composed or {}),
        }
        with self._engine.writing() as statements:
            if not statements.run(_INSERT if draft.version == 1 else _UPDATE, values):
                return False
            if draft.version > 1 and composed is not None:
                statements.run(_COMPOSED, values)
        return True


def _draft(text: str) -> Draft:
    draft: Draft = load(Draft, text)
    return draft
