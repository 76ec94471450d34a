"""Keeps requests of mail providers until they are worked off."""

from __future__ import annotations

from datetime import datetime

from monitor.model.hook import HookBody
from monitor.store.codec import time_text
from monitor.store.engine import Keeper, Value
from monitor.store.hook_promises import HookStore

_KEEP = "INSERT INTO hook_body (key, hook, at, body) VALUES (:key, :hook, :at, :body) ON CONFLICT (key) DO NOTHING RETURNING key"
_WAITING = "SELECT key, hook, body FROM hook_body ORDER BY at, key LIMIT :most"
_DROP = "DELETE FROM hook_body WHERE key = :key"


class HookKeeper(Keeper, HookStore):
    """`HookStore` on any engine."""

    def keep_hook(self, body: HookBody, at: datetime) -> bool:
        """Insert one, unless its key waits."""
        values: dict[str, Value] = {"key": body.key, "hook": body.hook, "at": time_text(at), "body": body.body}
        with self._engine.writing() as statements:
            return bool(statements.run(_KEEP, values))

    def waiting_hooks(self, limit: int) -> tuple[HookBody, ...]:
        """The oldest first."""
        with self._engine.reading() as statements:
            return tuple(
                HookBody(row["key"], row["hook"], bytes(row["body"])) for row in statements.run(_WAITING, {"most": limit})
            )

    def drop_hook(self, key: str) -> None:
        """Forget one."""
        with self._engine.writing() as statements:
            statements.run(_DROP, {"key": key})
