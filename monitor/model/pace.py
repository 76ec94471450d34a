"""How often something may be done: a token bucket, kept by name in the store so that a restart forgets nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `burst` times at once, and `per_s` times a second in the long run; both > 0."""

    per_s: float
    burst: float = 1.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left at a moment: 0 ≤ `level` ≤ burst."""

    level: float
    at: datetime


def draw(bucket: Bucket | None, pace: Pace, now: datetime, many: int = 1) -> tuple[Bucket, float]:
    """Take one from a bucket, or `many` together, 1 ≤ `many` ≤ burst; a bucket that was never drawn from is full.

    Returns:
        The bucket afterwards, and the seconds to wait before asking again: 0 where they were taken, else nothing was taken.
    """
    level = pace.burst
    if bucket is not None:
        # a clock that went back gives nothing and takes nothing
        level = min(pace.burst, bucket.level + max(0.0, (now - bucket.at).total_seconds()) * pace.per_s)
    if level >= many - 1e-9:
        return Bucket(max(0.0, level - many), now), 0.0
    return Bucket(level, now), (many - level) / pace.per_s
