"""Keeps what people said of articles, one mark for each article, rule, source and edition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.store.codec import text_time, time_text
from monitor.store.engine import Keeper
from monitor.store.promises import MarkStore

_PUT = """
    INSERT INTO mark (article, rule, source, edition, verdict, story, marked_at)
    VALUES (:article, :rule, :source, :edition, :verdict, :story, :marked_at)
    ON CONFLICT (article, rule, source, edition) DO UPDATE
    SET verdict = excluded.verdict, story = excluded.story, marked_at = excluded.marked_at
"""
_MARKS = "SELECT * FROM mark WHERE marked_at >= :since ORDER BY marked_at, article, rule, source, edition"


class MarkKeeper(Keeper, MarkStore):
    """`MarkStore` on any engine."""

    def record_marks(self, marks: Sequence[Mark]) -> None:
        """Store all of them in one transaction; each takes the place of an earlier one of the same article, rule, source and edition."""
        rows = [
            {
                "article": mark.article,
                "rule": mark.rule,
                "source": mark.source.value,
                "edition": mark.edition,
                "verdict": mark.verdict.value,
                "story": mark.story,
                "marked_at": time_text(mark.at),
            }
            for mark in marks
        ]
        with self._engine.writing() as statements:
            statements.run_many(_PUT, rows)

    def marks(self, since: datetime | None = None) -> tuple[Mark, ...]:
        """Marks made at `since` or later, oldest first; all without it."""
        with self._engine.reading() as statements:
            rows = statements.run(_MARKS, {"since": time_text(since) if since else ""})
        return tuple(
            Mark(
                row["article"],
                row["rule"],
                MarkVerdict(row["verdict"]),
                text_time(row["marked_at"]),
                MarkSource(row["source"]),
                row["edition"],
                row["story"],
            )
            for row in rows
        )
