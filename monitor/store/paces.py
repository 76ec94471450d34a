"""Keeps token buckets by name."""

from __future__ import annotations

from datetime import datetime

from monitor.model.pace import Bucket, Pace, draw
from monitor.store.codec import text_time, time_text
from monitor.store.engine import Keeper
from monitor.store.promises import PaceStore

_ENSURE = "INSERT INTO pace (name, level, drawn_at) VALUES (:name, :level, :drawn_at) ON CONFLICT (name) DO NOTHING"
# an update first: it takes the row's lock, so that two who draw at once draw one after the other
_HOLD = "UPDATE pace SET name = name WHERE name = :name RETURNING level, drawn_at"
_DRAW = "UPDATE pace SET level = :level, drawn_at = :drawn_at WHERE name = :name"
_FORGET = "DELETE FROM pace WHERE drawn_at < :before RETURNING name"


class PaceKeeper(Keeper, PaceStore):
    """`PaceStore` on any engine."""

    def draw(self, name: str, pace: Pace, now: datetime, many: int = 1) -> float:
        """Take one from the bucket `name`, or `many` together; the seconds to wait before asking again, 0 where they were taken.

        A loss of power may give back what was taken last: nobody waits for the disk here.
        """
        with self._engine.writing(relaxed=True) as statements:
            statements.run(_ENSURE, {"name": name, "level": pace.burst, "drawn_at": time_text(now)})
            row = statements.run(_HOLD, {"name": name})[0]
            bucket, wait = draw(Bucket(row["level"], text_time(row["drawn_at"])), pace, now, many)
            statements.run(_DRAW, {"name": name, "level": bucket.level, "drawn_at": time_text(bucket.at)})
        return wait

    def forget_paces(self, before: datetime) -> int:
        """Drop buckets that nobody drew from since `before`; returns how many."""
        with self._engine.writing() as statements:
            return len(statements.run(_FORGET, {"before": time_text(before)}))
