"""Keeps what translators and writers answered, by a hash of all that was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from monitor.store.codec import time_text
from monitor.store.engine import Keeper, listed
from monitor.store.promises import AnswerStore

_KNOWN = "SELECT key, answer FROM answer WHERE key IN @texts(keys)"
_PUT = "INSERT INTO answer (key, answer, made_at) VALUES (:key, :answer, :made_at) ON CONFLICT (key) DO NOTHING"


class AnswerKeeper(Keeper, AnswerStore):
    """`AnswerStore` on any engine."""

    def answers(self, keys: Iterable[str]) -> dict[str, str]:
        """Those kept, by key."""
        with self._engine.reading() as statements:
            rows = statements.run(_KNOWN, {"keys": listed(keys)})
        return {row["key"]: row["answer"] for row in rows}

    def keep_answers(self, made: Mapping[str, str], now: datetime) -> None:
        """Insert them in one transaction; the first answer to a key stays."""
        rows = [{"key": key, "answer": answer, "made_at": time_text(now)} for key, answer in sorted(made.items())]
        if rows:
            with self._engine.writing() as statements:
                statements.run_many(_PUT, rows)
