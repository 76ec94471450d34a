"""A sender's sign of life: tells others that its claims are in good hands, and itself when they no longer are.

A claim may be taken over by whoever has seen no beat of its sender for `SILENT_S`. So a sender trusts a claim only if its heart has
beaten without a gap since it made it, and lately. All by each process's own clock, which goes on while the machine sleeps and is never
set: what the wall clocks of two machines say is compared nowhere. It decides on no message itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from monitor.logs import warn
from monitor.model.errors import StoreFailed

BEAT_S = 10.0
SILENT_S = 60.0
"""After so long without a beat a sender's claims are given to others."""
TRUST_S = 45.0
"""A sender trusts its claims for so long after a beat: less than `SILENT_S`, because the rest of a message takes its time."""


def boot_clock() -> float:
    """Seconds since the machine started, its sleep included where the system counts that."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Heart:
    """Beats every `every_s` seconds in a thread of its own while its `with` block runs.

    Args:
        beat: Records one beat where others see it; may raise StoreFailed, which is a beat missed.
        clock: Seconds that never go back.
        every_s: Seconds between two beats.
    """

    def __init__(self, beat: Callable[[], None], *, clock: Callable[[], float] = boot_clock, every_s: float = BEAT_S) -> None:
        self.clock = clock
        self._beat = beat
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._unbroken_since = self._last = -1.0
        self._seen: dict[str, tuple[datetime, float]] = {}

    def __enter__(self) -> Self:
        """The first beat is done when this returns, or has failed: then nothing is trusted until one succeeds."""
        self._ended.clear()
        self.beat()
        self._thread = threading.Thread(target=self._go_on, name="heart", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """No beat comes after this."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def beat(self) -> None:
        """One beat."""
        began = self.clock()
        try:
            self._beat()
        except StoreFailed as error:
            warn("heartbeat_missed", reason=str(error))
            return
        if self._last < 0 or began - self._last > TRUST_S:
            # whoever looked meanwhile has taken the claims made before
            self._unbroken_since = began
        # not later: a beat counts from when it was written, and that was perhaps at once
        self._last = began

    def trusts(self, claimed_at: float) -> bool:
        """Whether a claim made at `claimed_at`, by `clock`, is still the sender's own."""
        return self.beats and self._unbroken_since <= claimed_at

    @property
    def beats(self) -> bool:
        """Whether a beat was recorded lately."""
        return self._last >= 0 and self.clock() - self._last <= TRUST_S

    def silent(self, others: Mapping[str, datetime]) -> tuple[str, ...]:
        """Which of the others have shown the same beat for `SILENT_S`, as far as this heart was asked; those it first hears of never are."""
        now = self.clock()
        known = {name: self._seen.get(name, (at, now)) for name, at in others.items()}
        self._seen = {name: (at, known[name][1] if known[name][0] == at else now) for name, at in others.items()}
        return tuple(name for name, (_, since) in self._seen.items() if now - since >= SILENT_S)

    def _go_on(self) -> None:
        while not self._ended.wait(self._every_s):
            self.beat()
