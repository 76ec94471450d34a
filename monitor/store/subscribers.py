"""Keeps subscriptions and the consent to them: who gets which digest in which language, and what proves that they asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.consent import Admission, Consent, Erasure, Suppression, Wish
from monitor.model.delivery import OutboxMessage, Subscribed, Subscription
from monitor.model.errors import WrongUse
from monitor.store.bounces import erase_bounces
from monitor.store.codec import time_text
from monitor.store.consent_rows import consent, consent_row
from monitor.store.engine import Keeper, Row, Statements, Values, listed
from monitor.store.rows import outbox_message, subscription, subscription_row
from monitor.store.subscriber_promises import SubscriberStore
from monitor.store.suppressions import folded, put_suppression

_PUT = """
    INSERT INTO subscription (digest, address, canonical, language, state, created_at, changed_at, how)
    VALUES (:digest, :address, :canonical, :language, :state, :created_at, :changed_at, :how)
    ON CONFLICT (digest, canonical) DO NOTHING
"""
_STANDING = "SELECT * FROM subscription WHERE LOWER(canonical) IN @texts(folded) ORDER BY id"
# What the list holds of these addresses counts for the digest it names, or for all.
_LISTED = "SELECT mac, digest, reason FROM suppression WHERE mac IN @texts(macs) AND forgiven_at IS NULL ORDER BY since"
_ONE = "SELECT * FROM subscription WHERE id = :id"
_LIST = "SELECT * FROM subscription WHERE {} ORDER BY id"
_SET = "UPDATE subscription SET state = :state, changed_at = :now, how = :how WHERE id = :id RETURNING id"
_MOVE = """
    UPDATE subscription SET state = :state, language = :language, changed_at = :changed_at, how = :how
    WHERE id = :id AND state IN @texts(only_from) RETURNING id
"""
_PUT_CONSENT = """
    INSERT INTO consent (subscription, act, at, prefix, agent, wording)
    VALUES (:subscription, :act, :at, :prefix, :agent, :wording)
"""
_CONSENTS = "SELECT * FROM consent WHERE subscription IN @ints(ids) ORDER BY subscription, at, id"
_MESSAGES = "SELECT * FROM outbox WHERE subscription IN @ints(ids) ORDER BY id"
_UNCONFIRMED = "SELECT id FROM subscription WHERE state = 'waiting' AND changed_at < :before"
_DROP_MAIL = "DELETE FROM outbox WHERE subscription IN @ints(ids) AND edition IS NULL"
_DROP_CONSENT = "DELETE FROM consent WHERE subscription IN @ints(ids)"
_DROP = """
    DELETE FROM subscription WHERE id IN @ints(ids) AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.subscription = subscription.id)
"""
_LEAVE = "UPDATE subscription SET state = 'ended', how = 'not confirmed' WHERE id IN @ints(ids)"
# what stands in the list for all digests already says from now on that the address is not to be kept either
_LIST_AS_ERASED = """
    UPDATE suppression SET reason = :erased || reason
    WHERE mac = :mac AND digest = '' AND forgiven_at IS NULL AND reason NOT LIKE 'erased%'
"""
_OF_ADDRESS = "SELECT id, digest, state, how FROM subscription WHERE LOWER(canonical) = :folded"
_ERASE = """
    UPDATE subscription SET address = '', canonical = :gone || id, state = 'ended', how = 'erased', changed_at = :now
    WHERE id IN @ints(ids)
"""
_ERASE_BODIES = """
    DELETE FROM outbox_body WHERE message IN (SELECT id FROM outbox WHERE subscription IN @ints(ids) OR LOWER(recipient) = :folded)
"""
_ERASE_MAIL = """
    UPDATE outbox SET recipient = '', domain = '', smtp_text = '', envelope_from = '', next_at = NULL, lease_owner = '', lease_until = NULL,
        state = CASE WHEN state IN ('pending', 'deferred', 'claimed', 'unknown') THEN 'suppressed' ELSE state END
    WHERE subscription IN @ints(ids) OR LOWER(recipient) = :folded RETURNING id
"""
ERASED_REASON = "erased"
"""What the reason of an erased address's suppression begins with."""
ERASED = "erased/"
"""What a canonical address begins with that was erased; the rest is the subscription's id."""


class SubscriberKeeper(Keeper, SubscriberStore):
    """`SubscriberStore` on any engine."""

    def subscribe(self, wish: Subscription, mac: str = "") -> Subscription:
        """Insert, or return unchanged the one that stands for (digest, canonical).

        An address suppressed for any digest is not made active for another: such a wish is kept as suppressed.
        """
        return self.subscribe_all([Wish(wish, mac)])[0].subscription

    def subscribe_all(self, wishes: Sequence[Wish]) -> tuple[Admission, ...]:
        """As `subscribe`, for many in one transaction. An address that was erased is not kept again: what is given for it has id 0."""
        with self._engine.writing() as statements:
            standing = _standing(statements, wishes)
            listed_macs = _listed(statements, wishes)
            bounced = _bounced(standing.values())
            fresh: dict[tuple[str, str], Wish] = {}
            for wish in wishes:
                key = _key(wish.subscription)
                if key not in standing and key not in fresh and not _erased(listed_macs.get(wish.mac, ())):
                    heeding = _heeding(wish, listed_macs.get(wish.mac, ()), bounced.get(key[1], ()))
                    fresh[key] = replace(wish, subscription=heeding)
            statements.run_many(_PUT, (subscription_row(wish.subscription) for wish in fresh.values()))
            stands = _standing(statements, wishes) if fresh else standing
            statements.run_many(_PUT_CONSENT, _consent_rows(fresh, stands))
        admissions = []
        for wish in wishes:
            key = _key(wish.subscription)
            # of two wishes for one, the first is the fresh one; an erased address stands nowhere
            nowhere = replace(wish.subscription, id=0, state=Subscribed.SUPPRESSED, how="erased before: not kept again")
            admissions.append(Admission(stands.get(key, nowhere), fresh.pop(key, None) is not None))
        return tuple(admissions)

    def subscriptions(
        self, *, digest: str = "", states: Sequence[Subscribed] = (), canonical: str = ""
    ) -> tuple[Subscription, ...]:
        """By id."""
        where = ["digest = :digest"] if digest else []
        where += ["state IN @texts(states)"] if states else []
        where += ["LOWER(canonical) = :folded"] if canonical else []
        sql = _LIST.format(" AND ".join(where) or "1 = 1")
        values: Values = {"digest": digest, "states": listed(state.value for state in states), "folded": folded(canonical)}
        with self._engine.reading() as statements:
            return tuple(subscription(row) for row in statements.run(sql, values))

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

    def move_subscription(self, change: Subscription, only_from: Sequence[Subscribed], proof: Consent | None = None) -> bool:
        """Write state, language, `changed_at` and `how`, with the consent to it; False unless it stands in `only_from`."""
        values = subscription_row(change) | {"id": change.id, "only_from": listed(state.value for state in only_from)}
        with self._engine.writing() as statements:
            if not statements.run(_MOVE, values):
                return False
            if proof:
                statements.run(_PUT_CONSENT, consent_row(replace(proof, subscription=change.id)))
        return True

    def consents(self, subscription_ids: Iterable[int]) -> tuple[Consent, ...]:
        """By subscription, then time."""
        with self._engine.reading() as statements:
            return tuple(consent(row) for row in statements.run(_CONSENTS, {"ids": listed(subscription_ids)}))

    def messages_to(self, subscription_ids: Iterable[int]) -> tuple[OutboxMessage, ...]:
        """Oldest first, without bodies."""
        with self._engine.reading() as statements:
            return tuple(outbox_message(row) for row in statements.run(_MESSAGES, {"ids": listed(subscription_ids)}))

    def forget_unconfirmed(self, before: datetime) -> int:
        """Drop wishes that were never confirmed; one that an edition went to before becomes ended instead."""
        with self._engine.writing() as statements:
            ids = [row["id"] for row in statements.run(_UNCONFIRMED, {"before": time_text(before)})]
            for sql in (_DROP_MAIL, _DROP_CONSENT, _DROP, _LEAVE):
                statements.run(sql, {"ids": listed(ids)})
        return len(ids)

    def erase(self, canonical: str, suppression: Suppression) -> Erasure:
        """Take an address out of all that is kept, and keep its hash."""
        plain = folded(canonical)
        with self._engine.writing() as statements:
            found = statements.run(_OF_ADDRESS, {"folded": plain})
            ids = tuple(int(row["id"]) for row in found)
            # what was said of an address that came into the list in no other way stays with its hash
            why = next((f"; {row['how']}" for row in found if row["state"] == "suppressed"), "")
            statements.run(_LIST_AS_ERASED, {"mac": suppression.mac, "erased": f"{ERASED_REASON}; "})
            put_suppression(statements, replace(suppression, reason=ERASED_REASON + why))
            values: Values = {"ids": listed(ids), "folded": plain, "now": time_text(suppression.since), "gone": ERASED}
            statements.run(_ERASE_BODIES, values)
            messages = statements.run(_ERASE_MAIL, values)
            statements.run(_DROP_CONSENT, values)
            erase_bounces(statements, ids, plain)
            statements.run(_ERASE, values)
        return Erasure(ids, len(messages))


def _key(wish: Subscription) -> tuple[str, str]:
    return wish.digest, folded(wish.canonical)


def _standing(statements: Statements, wishes: Sequence[Wish]) -> dict[tuple[str, str], Subscription]:
    """What stands for the addresses of the wishes, whatever the digest; the oldest where case made two of one."""
    addresses = {folded(wish.subscription.canonical) for wish in wishes}
    rows = statements.run(_STANDING, {"folded": listed(sorted(addresses))})
    found: dict[tuple[str, str], Subscription] = {}
    for row in rows:
        found.setdefault((row["digest"], folded(row["canonical"])), subscription(row))
    return found


def _listed(statements: Statements, wishes: Sequence[Wish]) -> dict[str, list[Row]]:
    macs = {wish.mac for wish in wishes if wish.mac}
    rows: dict[str, list[Row]] = {}
    for row in statements.run(_LISTED, {"macs": listed(sorted(macs))}) if macs else []:
        rows.setdefault(row["mac"], []).append(row)
    return rows


def _bounced(standing: Iterable[Subscription]) -> dict[str, list[Subscription]]:
    """Those that are suppressed, by address."""
    found: dict[str, list[Subscription]] = {}
    for one in standing:
        if one.state is Subscribed.SUPPRESSED:
            found.setdefault(folded(one.canonical), []).append(one)
    return found


def _erased(rows: Sequence[Row]) -> bool:
    return any(row["reason"].startswith(ERASED_REASON) for row in rows)


def _heeding(wish: Wish, rows: Sequence[Row], bounced: Sequence[Subscription]) -> Subscription:
    """The wish, suppressed where it is to be active and the address may get nothing; `rows` are what the list holds of it."""
    wanted = wish.subscription
    if wanted.state is not Subscribed.ACTIVE:
        return wanted
    reasons = [row["reason"] for row in rows if row["digest"] in ("", wanted.digest)]
    # one that bounced before there was a list, or that was suppressed by its row alone; a listed one says for which digest
    only = {row["digest"] for row in rows}
    reasons += [one.how for one in bounced if one.digest not in only]
    if not reasons:
        return wanted
    return replace(wanted, state=Subscribed.SUPPRESSED, how=f"{wanted.how}; suppressed before: {reasons[0]}")


def _consent_rows(fresh: Mapping[tuple[str, str], Wish], stands: Mapping[tuple[str, str], Subscription]) -> Iterable[Values]:
    for key, wish in fresh.items():
        for one in wish.consents:
            yield consent_row(one) | {"subscription": stands[key].id}
