"""What a store promises of subscribers: their wishes, the proof of their consent, and who gets nothing. See `promises` for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model.consent import Admission, Consent, Erasure, Suppression, Wish
from monitor.model.delivery import OutboxMessage, Subscribed, Subscription


class SubscriberStore(Protocol):
    """Subscriptions. A suppressed or ended address is never made active by an import; case tells no two addresses apart."""

    def subscribe(self, wish: Subscription, mac: str = "") -> Subscription:
        """Insert (`wish.id` is ignored), or return unchanged the one that stands for (digest, canonical).

        One that is to be active becomes suppressed where the address is; `mac` finds it in the suppression list.
        """
        ...

    def subscribe_all(self, wishes: Sequence[Wish]) -> tuple[Admission, ...]:
        """As `subscribe`, for many in one transaction, with consent where a wish is fresh; in the order of the wishes.

        An address that was erased is not kept again, whatever state is wished: what is given for it has id 0 and is suppressed.
        """
        ...

    def subscriptions(
        self, *, digest: str = "", states: Sequence[Subscribed] = (), canonical: str = ""
    ) -> tuple[Subscription, ...]:
        """By id. An erased one has no address, and "erased/<id>" for canonical."""
        ...

    def subscription(self, subscription_id: int) -> Subscription | None:
        """One by id."""
        ...

    def set_subscription(self, subscription_id: int, state: Subscribed, now: datetime, how: str) -> None:
        """Change its state; pending outbox rows of an ended one are suppressed at claim."""
        ...

    def move_subscription(self, change: Subscription, only_from: Sequence[Subscribed], proof: Consent | None = None) -> bool:
        """Write state, language, `changed_at` and `how` of `change`, with the consent to it.

        Returns:
            False, with nothing written, unless it stands in one of the states `only_from`.
        """
        ...

    def consents(self, subscription_ids: Iterable[int]) -> tuple[Consent, ...]:
        """What is kept as proof, by subscription, then time."""
        ...

    def messages_to(self, subscription_ids: Iterable[int]) -> tuple[OutboxMessage, ...]:
        """Every outbox row of these subscriptions without its `body`, oldest first."""
        ...

    def forget_unconfirmed(self, before: datetime) -> int:
        """Drop wishes that wait for confirmation since before `before`, with all that is kept of them; returns how many."""
        ...

    def erase(self, canonical: str, suppression: Suppression) -> Erasure:
        """Take an address out of subscriptions, consent and outbox, and keep it from coming back by `suppression`.

        Rows stay without the address, so that an edition's tallies stay true; open messages are suppressed. The reason in the list
        begins with "erased" from then on, and goes on with the one that stood there or that the subscription gives.
        """
        ...


class SuppressionStore(Protocol):
    """Who gets nothing, by hashes of addresses: it survives erasure and every import, and ends by explicit pardon only."""

    def suppress(self, new: Suppression, canonical: str) -> int:
        """Insert (a standing one keeps its reason), and suppress the subscriptions of the address; returns how many changed."""
        ...

    def forgive(self, mac: str, digest: str, canonical: str, now: datetime, how: str) -> int:
        """Record that suppressions of the address count no more (of one digest, or "" for all of them); returns how many did.

        Its suppressed subscriptions become ended, not active: to come back is the person's own to ask.
        """
        ...

    def suppressions(self, macs: Iterable[str]) -> tuple[Suppression, ...]:
        """Those of these addresses, forgiven ones too, oldest first."""
        ...

    def has_suppressions(self) -> bool:
        """Whether there is any, forgiven or not."""
        ...
