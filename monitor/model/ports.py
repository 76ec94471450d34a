"""The ports to the world that stages and pipeline work through; `monitor/testing.py` ships a fake for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from monitor.model.delivery import OutboxMessage, Receipt
from monitor.model.fetch import FetchRequest, FetchResult

Clock = Callable[[], datetime]
"""Gives the present as aware UTC."""

T = TypeVar("T")


class Fetcher(Protocol):
    """Downloads once, politely and safely. Implementations never retry: the schedule decides when to ask again."""

    def fetch(self, request: FetchRequest) -> FetchResult:
        """GET one address; at most one request per host at a time, spaced; safe to call from several threads.

        Returns:
            A `FetchResult` with status 200, 226 or 304.

        Raises:
            FetchFailed: One of its subclasses; `transient` tells whether trying again can help.
        """
        ...


class Mailer(Protocol):
    """Hands one message to a relay that owns the queue."""

    def send(self, message: OutboxMessage) -> Receipt:
        """Transmit the frozen bytes.

        Raises:
            MailFailed: One of its subclasses says whether the row is deferred, failed, ambiguous, or the relay is at fault.
        """
        ...

    def close(self) -> None:
        """End the connection, if one is open. Never raises."""
        ...


class Compute(Protocol):
    """Runs heavy pure functions (parsing, extraction), here or in worker processes."""

    def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call `function(*arguments)`; both must be picklable. Errors of the function are raised here."""
        ...

    def close(self) -> None:
        """End worker processes."""
        ...
