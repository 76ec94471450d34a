"""Keeps mail that came back: one row for each report, its raw mail apart and for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from monitor.model.bounce import Bounce, BounceAct, BounceClass, BounceProof, ReportKind
from monitor.model.delivery import OutboxMessage
from monitor.store.bounce_promises import BounceStore
from monitor.store.codec import plain, text_time, time_text
from monitor.store.engine import Keeper, Row, Statements, Value, listed
from monitor.store.rows import outbox_message

_PUT = """
    INSERT INTO bounce (key, at, kind, bounce_class, act, proof, reason, subscription, edition, status, diagnostic, recipient, message_id, source)
    VALUES (:key, :at, :kind, :bounce_class, :act, :proof, :reason, :subscription, :edition, :status, :diagnostic, :recipient, :message_id, :source)
    ON CONFLICT (key) DO NOTHING RETURNING key
"""
_PUT_RAW = "INSERT INTO bounce_raw (key, raw) VALUES (:key, :raw)"
_LIST = "SELECT * FROM bounce WHERE {} ORDER BY at DESC, key {}"
_LIKE = """
    SELECT b.*, r.raw FROM bounce b LEFT JOIN bounce_raw r ON r.key = b.key
    WHERE SUBSTR(b.key, 1, LENGTH(:start)) = :start ORDER BY b.at DESC, b.key LIMIT 10
"""
_SENT = "SELECT * FROM outbox WHERE message_id = :message_id"
_REFUSED = """
    SELECT COUNT(DISTINCT subscription) AS people FROM bounce
    WHERE edition = :edition AND bounce_class = 'sender' AND proof <> ''
"""
_MESSAGES = "SELECT COUNT(*) AS messages FROM outbox WHERE edition = :edition"
_FORGET_RAW = "DELETE FROM bounce_raw WHERE key IN (SELECT key FROM bounce WHERE at < :before) RETURNING key"
_FORGET = "DELETE FROM bounce WHERE at < :before RETURNING key"
_ERASE_RAW = (
    "DELETE FROM bounce_raw WHERE key IN (SELECT key FROM bounce WHERE subscription IN @ints(ids) OR LOWER(recipient) = :folded)"
)
_ERASE = "DELETE FROM bounce WHERE subscription IN @ints(ids) OR LOWER(recipient) = :folded"


def erase_bounces(statements: Statements, ids: Sequence[int], folded: str) -> None:
    """Drop every report on these subscriptions or this address (in small letters), inside a transaction of the caller's."""
    for sql in (_ERASE_RAW, _ERASE):
        statements.run(sql, {"ids": listed(ids), "folded": folded})


class BounceKeeper(Keeper, BounceStore):
    """`BounceStore` on any engine."""

    def record_bounce(self, bounce: Bounce) -> bool:
        """Insert one with its raw mail, unless its key is known."""
        row = {part.name: plain(getattr(bounce, part.name)) for part in fields(Bounce) if part.name != "raw"}
        with self._engine.writing() as statements:
            if not statements.run(_PUT, row):
                return False
            if bounce.raw:
                statements.run(_PUT_RAW, {"key": bounce.key, "raw": bounce.raw})
            return True

    def bounces(
        self,
        *,
        subscription: int = 0,
        edition: str = "",
        classes: Sequence[BounceClass] = (),
        since: datetime | None = None,
        limit: int = 0,
    ) -> tuple[Bounce, ...]:
        """Newest first, without raw mails."""
        where = ["subscription = :subscription"] if subscription else []
        where += ["edition = :edition"] if edition else []
        where += ["bounce_class IN @texts(classes)"] if classes else []
        where += ["at >= :since"] if since else []
        values: dict[str, Value] = {
            "subscription": subscription,
            "edition": edition,
            "classes": listed(one.value for one in classes),
            "since": time_text(since) if since else "",
            "most": limit,
        }
        sql = _LIST.format(" AND ".join(where) or "1 = 1", "LIMIT :most" if limit else "")
        with self._engine.reading() as statements:
            return tuple(_bounce(row) for row in statements.run(sql, values))

    def bounces_like(self, key: str) -> tuple[Bounce, ...]:
        """With raw mails, newest first."""
        with self._engine.reading() as statements:
            return tuple(_bounce(row, bytes(row["raw"] or b"")) for row in statements.run(_LIKE, {"start": key}))

    def sent_message(self, message_id: str) -> OutboxMessage | None:
        """By its Message-ID."""
        with self._engine.reading() as statements:
            return next((outbox_message(row) for row in statements.run(_SENT, {"message_id": message_id})), None)

    def refusals(self, edition: str) -> tuple[int, int]:
        """People whose servers refuse us, and messages there are."""
        with self._engine.reading() as statements:
            refused = statements.run(_REFUSED, {"edition": edition})[0]["people"]
            return int(refused), int(statements.run(_MESSAGES, {"edition": edition})[0]["messages"])

    def forget_bounces(self, raw_before: datetime, before: datetime) -> int:
        """Raw mails first: a report never goes before its mail."""
        with self._engine.writing() as statements:
            raw = statements.run(_FORGET_RAW, {"before": time_text(max(raw_before, before))})
            return len(raw) + len(statements.run(_FORGET, {"before": time_text(before)}))


def _bounce(row: Row, raw: bytes = b"") -> Bounce:
    parts = {part.name: row[part.name] for part in fields(Bounce) if part.name != "raw"}
    kinds = {
        "at": text_time(row["at"]),
        "kind": ReportKind(row["kind"]),
        "bounce_class": BounceClass(row["bounce_class"]),
        "act": BounceAct(row["act"]),
        "proof": BounceProof(row["proof"]),
    }
    return Bounce(**parts | kinds | {"raw": raw})
