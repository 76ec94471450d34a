"""Keeps the suppression list: hashes of addresses that get nothing, and pardons. It never learns whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.model.consent import Suppression
from monitor.store.codec import time_text
from monitor.store.consent_rows import suppression, suppression_row
from monitor.store.engine import Keeper, Statements, Values, listed
from monitor.store.subscriber_promises import SuppressionStore

_PUT = """
    INSERT INTO suppression (mac, digest, reason, since, forgiven_at, forgiven_how)
    VALUES (:mac, :digest, :reason, :since, NULL, '')
    ON CONFLICT (mac, digest) DO UPDATE SET reason = excluded.reason, since = excluded.since, forgiven_at = NULL, forgiven_how = ''
    WHERE suppression.forgiven_at IS NOT NULL
"""
_FLIP = """
    UPDATE subscription SET state = 'suppressed', changed_at = :since, how = :reason
    WHERE LOWER(canonical) = :folded AND (digest = :digest OR :digest = '') AND state <> 'suppressed' RETURNING id
"""
_FORGIVE = """
    UPDATE suppression SET forgiven_at = :now, forgiven_how = :how
    WHERE mac = :mac AND (digest = :digest OR :digest = '') AND forgiven_at IS NULL RETURNING digest
"""
_RELEASE = """
    UPDATE subscription SET state = 'ended', changed_at = :now, how = :how
    WHERE LOWER(canonical) = :folded AND (digest = :digest OR :digest = '') AND state = 'suppressed' RETURNING id
"""
_LIST = "SELECT * FROM suppression WHERE mac IN @texts(macs) ORDER BY since, mac, digest"
_ANY = "SELECT 1 AS one FROM suppression LIMIT 1"


def folded(canonical: str) -> str:
    """An address without case, as LOWER has it in every engine: letters of ASCII only."""
    return canonical.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def put_suppression(statements: Statements, new: Suppression) -> None:
    """Insert one inside a transaction of the caller's; one that stands keeps its reason, a forgiven one counts again."""
    statements.run(_PUT, suppression_row(new))


class SuppressionKeeper(Keeper, SuppressionStore):
    """`SuppressionStore` on any engine."""

    def suppress(self, new: Suppression, canonical: str) -> int:
        """Insert, and suppress the subscriptions of the address; returns how many changed."""
        values: Values = {
            "folded": folded(canonical),
            "digest": new.digest,
            "since": time_text(new.since),
            "reason": new.reason,
        }
        with self._engine.writing() as statements:
            put_suppression(statements, new)
            return len(statements.run(_FLIP, values))

    def forgive(self, mac: str, digest: str, canonical: str, now: datetime, how: str) -> int:
        """Record that suppressions count no more; returns how many, those that stood by a subscription's row alone included."""
        values: Values = {"mac": mac, "digest": digest, "folded": folded(canonical), "now": time_text(now), "how": how}
        with self._engine.writing() as statements:
            forgiven = len(statements.run(_FORGIVE, values))
            released = len(statements.run(_RELEASE, values))
        return forgiven or released

    def suppressions(self, macs: Iterable[str]) -> tuple[Suppression, ...]:
        """Oldest first."""
        with self._engine.reading() as statements:
            return tuple(suppression(row) for row in statements.run(_LIST, {"macs": listed(macs)}))

    def has_suppressions(self) -> bool:
        """Whether there is any."""
        with self._engine.reading() as statements:
            return bool(statements.run(_ANY))
