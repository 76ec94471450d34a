"""Whose turn it is at a host: one request at a time, its starts spaced (F26). It keeps nothing over a restart."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class _Gate:
    """The door of one host."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.last_start: float | None = None


class HostTurns:
    """Hands out turns by key; safe to use from several threads.

    Args:
        delay_s: Seconds between two starts at one key.
        monotonic: A clock that never goes back, seconds.
        sleep: Waits for so many seconds.
    """

    def __init__(self, delay_s: float, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._delay_s = delay_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._gates: dict[str, _Gate] = {}
        self._lock = Lock()

    def gate(self, key: str) -> _Gate:
        """The gate of a key, made at its first use."""
        with self._lock:
            return self._gates.setdefault(key, _Gate())

    def enter(self, key: str, delay_s: float = 0.0) -> float:
        """Wait for the turn at `key` and take it; gives the seconds waited. `leave` must follow.

        `delay_s` is used where it is longer than the delay of all hosts.
        """
        begun = self._monotonic()
        gate = self.gate(key)
        gate.lock.acquire()
        try:
            wait = 0.0 if gate.last_start is None else gate.last_start + max(self._delay_s, delay_s) - self._monotonic()
            if wait > 0:
                self._sleep(wait)
            gate.last_start = self._monotonic()
        except BaseException:
            gate.lock.release()
            raise
        return gate.last_start - begun

    def leave(self, key: str) -> None:
        """Give the turn to the next."""
        self.gate(key).lock.release()


class Turn:
    """The turn of one fetch over all its hops: hops at the host that it already has follow at once, like a browser's.

    Holds at most one name and one address, takes the name first, and gives an address back before it waits for
    another: so no two fetches can wait for each other.
    """

    def __init__(self, turns: HostTurns) -> None:
        self._turns = turns
        self._held: list[str] = []

    def move_to(self, keys: tuple[str, ...], delay_s: float = 0.0) -> float:
        """Hold exactly `keys` (name, then address), giving back the others; gives the seconds waited."""
        while self._held != list(keys[: len(self._held)]):
            self._turns.leave(self._held.pop())
        waited = 0.0
        for key in keys[len(self._held) :]:
            waited += self._turns.enter(key, delay_s)
            self._held.append(key)
        return waited

    def close(self) -> None:
        """Give everything back."""
        self.move_to(())
