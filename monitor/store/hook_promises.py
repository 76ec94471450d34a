"""What a store promises of requests of mail providers that wait to be worked off. See `promises` for the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from monitor.model.hook import HookBody


class HookStore(Protocol):
    """Requests that were proved and answered, until what they report was dealt with."""

    def keep_hook(self, body: HookBody, at: datetime) -> bool:
        """Insert one; False where one of this key waits already: providers repeat themselves."""
        ...

    def waiting_hooks(self, limit: int) -> tuple[HookBody, ...]:
        """The oldest first."""
        ...

    def drop_hook(self, key: str) -> None:
        """Forget one that was worked off; one that is not there is no error."""
        ...
