"""Calls to a store that may be away for a while: tried again, with pauses, until it is back or patience ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from monitor.model.errors import StoreFailed

PAUSES_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 60.0, 60.0, 60.0)
"""Pauses between two tries, seconds: five minutes altogether, which a restart of a database server takes at most."""

T = TypeVar("T")


def patiently(call: Callable[[], T], sleep: Callable[[float], None], stopping: Callable[[], bool] = lambda: False) -> T:
    """What `call` gives, tried again where the store says that this can help. Each call must be one transaction.

    Raises:
        StoreFailed: Trying again cannot help, patience is at its end, or the service is told to end meanwhile.
    """
    for pause_s in PAUSES_S:
        try:
            return call()
        except StoreFailed as error:
            if not error.transient or not _waited(pause_s, sleep, stopping):
                raise
    return call()


def _waited(pause_s: float, sleep: Callable[[float], None], stopping: Callable[[], bool]) -> bool:
    """Wait, a second at a time; False as soon as the service is told to end."""
    for _ in range(round(pause_s)):
        if stopping():
            return False
        sleep(1.0)
    return True
