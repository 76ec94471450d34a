"""The ports to the world that stages and pipeline work through; `monitor/testing.py` ships a fake for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from monitor.model.aid import WritingTask
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

    def send(self, message: OutboxMessage, ours: Callable[[], bool] = lambda: True) -> Receipt:
        """Transmit the frozen bytes.

        Args:
            message: As it was claimed.
            ours: Asked once, before the first byte of the message itself goes out: is the claim still its sender's own?

        Raises:
            MailFailed: One of its subclasses says whether the row is deferred, failed, ambiguous, or the relay is at fault;
                ClaimLost where `ours` said no.
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


class Translator(Protocol):
    """Translates by machine. What it answers is foreign text: whoever asks cleans it, marks it, and keeps the original beside it."""

    @property
    def engine(self) -> str:
        """Its name, as an edition prints it and as kept answers are known by."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> tuple[str, ...]:
        """One raw answer for each text, in order; languages are ISO 639-1. It never tries again.

        Raises:
            AidFailed: One of its subclasses; `transient` tells whether trying again can help.
        """
        ...


class Writer(Protocol):
    """A language model that phrases. What it answers is foreign text: none of it is printed before it is verified."""

    @property
    def engine(self) -> str:
        """The model's name, as an edition prints it and as kept answers are known by."""
        ...

    def write(self, task: WritingTask) -> str:
        """The raw answer to one task. It never tries again.

        Raises:
            AidFailed: One of its subclasses; `transient` tells whether trying again can help.
        """
        ...
