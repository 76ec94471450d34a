"""What a store promises of mail that came back. See `promises` for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model.bounce import Bounce, BounceClass
from monitor.model.delivery import OutboxMessage


class BounceStore(Protocol):
    """Reports that came back, with what was made of each; the raw mail of each for a while."""

    def record_bounce(self, bounce: Bounce) -> bool:
        """Insert one with its raw mail; False, with nothing written, where one of this key is known: reading twice is harmless."""
        ...

    def bounces(
        self,
        *,
        subscription: int = 0,
        edition: str = "",
        classes: Sequence[BounceClass] = (),
        since: datetime | None = None,
        limit: int = 0,
    ) -> tuple[Bounce, ...]:
        """Without `raw`, newest first; `limit` 0 means all."""
        ...

    def bounces_like(self, key: str) -> tuple[Bounce, ...]:
        """Those whose key begins so, with `raw` where it is still kept: at most 10."""
        ...

    def sent_message(self, message_id: str) -> OutboxMessage | None:
        """The outbox row with this Message-ID, without its `body`."""
        ...

    def refusals(self, edition: str) -> tuple[int, int]:
        """(subscriptions whose servers proved to refuse this edition for its sender, messages of the edition)."""
        ...

    def forget_bounces(self, raw_before: datetime, before: datetime) -> int:
        """Drop raw mails older than the one, reports older than the other; returns how many of both."""
        ...
