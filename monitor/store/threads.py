"""Keeps which thread each story belongs to, as it was first decided."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model.story import ThreadedStory
from monitor.store.codec import text_time, time_text
from monitor.store.engine import Keeper, listed
from monitor.store.promises import ThreadStore

_PUT = """
    INSERT INTO story_thread (story_id, thread_id, began, article_id, title, reason)
    VALUES (:story_id, :thread_id, :began, :article_id, :title, :reason)
    ON CONFLICT (story_id) DO NOTHING
"""
_THREADS = "SELECT story_id, thread_id FROM story_thread WHERE story_id IN @texts(ids)"
_STORIES = "SELECT * FROM story_thread WHERE thread_id = :thread ORDER BY began, story_id"


class ThreadKeeper(Keeper, ThreadStore):
    """`ThreadStore` on any engine."""

    def save_threads(self, stories: Sequence[ThreadedStory]) -> None:
        """Insert those that are not there yet, in one transaction; the others stay as they are."""
        rows = [
            {
                "story_id": story.story,
                "thread_id": story.thread,
                "began": time_text(story.began),
                "article_id": story.article,
                "title": story.title,
                "reason": story.reason,
            }
            for story in stories
        ]
        with self._engine.writing() as statements:
            statements.run_many(_PUT, rows)

    def threads(self, story_ids: Sequence[str]) -> dict[str, str]:
        """Story id → thread, for those that have one."""
        with self._engine.reading() as statements:
            return {row["story_id"]: row["thread_id"] for row in statements.run(_THREADS, {"ids": listed(story_ids)})}

    def thread(self, thread: str) -> tuple[ThreadedStory, ...]:
        """The stories of one thread, oldest first."""
        with self._engine.reading() as statements:
            rows = statements.run(_STORIES, {"thread": thread})
        return tuple(
            ThreadedStory(
                row["story_id"], row["thread_id"], text_time(row["began"]), row["article_id"], row["title"], row["reason"]
            )
            for row in rows
        )
