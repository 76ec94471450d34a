"""Keeps subscriptions: who gets which digest in which language, and who never again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.delivery import Subscribed, Subscription
from monitor.model.errors import WrongUse
from monitor.store.codec import time_text
from monitor.store.engine import Keeper, Statements, listed
from monitor.store.promises import SubscriberStore
from monitor.store.rows import subscription, subscription_row

_PUT = """
    INSERT INTO subscription (digest, address, canonical, language, state, created_at, changed_at, how)
    VALUES (:digest, :address, :canonical, :language, :state, :created_at, :changed_at, :how)
    ON CONFLICT (digest, canonical) DO NOTHING
"""
_STANDING = "SELECT * FROM subscription WHERE digest = :digest AND canonical = :canonical"
_SUPPRESSED = "SELECT how FROM subscription WHERE canonical = :canonical AND state = 'suppressed' ORDER BY id LIMIT 1"
_LIST = "SELECT * FROM subscription WHERE {} ORDER BY id"
_ONE = "SELECT * FROM subscription WHERE id = :id"
_SET = "UPDATE subscription SET state = :state, changed_at = :now, how = :how WHERE id = :id RETURNING id"


class SubscriberKeeper(Keeper, SubscriberStore):
    """`SubscriberStore` on any engine."""

    def subscribe(self, wish: Subscription) -> Subscription:
        """Insert, or return unchanged the one that stands for (digest, canonical).

        An address suppressed for any digest is not made active for another: such a wish is kept as suppressed.
        """
        with self._engine.writing() as statements:
            if wish.state is Subscribed.ACTIVE:
                wish = _heeding_suppression(statements, wish)
            statements.run(_PUT, subscription_row(wish))
            return subscription(statements.run(_STANDING, {"digest": wish.digest, "canonical": wish.canonical})[0])

    def subscriptions(self, *, digest: str = "", states: Sequence[Subscribed] = ()) -> tuple[Subscription, ...]:
        """By id."""
        where = ["digest = :digest"] if digest else []
        where += ["state IN @texts(states)"] if states else []
        sql = _LIST.format(" AND ".join(where) or "1 = 1")
        with self._engine.reading() as statements:
            rows = statements.run(sql, {"digest": digest, "states": listed(state.value for state in states)})
        return tuple(subscription(row) for row in rows)

    def subscription(self, subscription_id: int) -> Subscription | None:
        """One by id."""
        with self._engine.reading() as statements:
            return next((subscription(row) for row in statements.run(_ONE, {"id": subscription_id})), None)

    def set_subscription(self, subscription_id: int, state: Subscribed, now: datetime, how: str) -> None:
        """Change its state.

        Raises:
            WrongUse: There is no such subscription.
        """
        values = {"id": subscription_id, "state": state.value, "now": time_text(now), "how": how}
        with self._engine.writing() as statements:
            if not statements.run(_SET, values):
                raise WrongUse(f"there is no subscription {subscription_id}")


def _heeding_suppression(statements: Statements, wish: Subscription) -> Subscription:
    earlier = statements.run(_SUPPRESSED, {"canonical": wish.canonical})
    if not earlier:
        return wish
    return replace(wish, state=Subscribed.SUPPRESSED, how=f"{wish.how}; suppressed before: {earlier[0]['how']}")
