"""Lends open connections, one borrower each, and opens more as threads need them. It knows no library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from monitor.model.errors import StoreBusy, StoreFailed


class Closable(Protocol):
    """What a pool holds."""

    def close(self) -> None:
        """End it."""
        ...


C = TypeVar("C", bound=Closable)


class Pool(Generic[C]):
    """Connections made by `connect`; `sound` tells whether a returned one may be lent again.

    With `single`, there is one at a time (a database in memory lives in its connection) and borrowers wait up to
    `patience_s`.
    """

    def __init__(
        self, name: str, connect: Callable[[], C], sound: Callable[[C], bool], *, single: bool = False, patience_s: float = 10
    ) -> None:
        self._name = name
        self._connect = connect
        self._sound = sound
        self._patience_s = patience_s
        self._guard = threading.Lock()
        self._turn = threading.Semaphore(1) if single else None
        self._closed = False
        self._idle = [connect()]

    @contextmanager
    def lend(self) -> Iterator[C]:
        """A connection for the length of the block.

        Raises:
            StoreFailed: The pool is closed.
            StoreBusy: Another borrower kept the single connection too long; trying again helps.
        """
        if self._turn and not self._turn.acquire(timeout=self._patience_s):
            raise StoreBusy(f"{self._name}: another thread held the database longer than {self._patience_s:g} s")
        try:
            connection = self._take() or self._connect()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            if self._turn:
                self._turn.release()

    def _take(self) -> C | None:
        with self._guard:
            if self._closed:
                raise StoreFailed(f"{self._name}: the store is closed")
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: C) -> None:
        with self._guard:
            if not self._closed and self._sound(connection):
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """End idle connections now, and lent ones when they come back. Closing twice is harmless."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
