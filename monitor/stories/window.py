"""Tells the stories of a window of articles that moves: the same stories as telling them anew, at a fraction of the price."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from monitor.model.story import AnalysedArticle, Story
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.kept import Kept


class StoryWindow:
    """Remembers what it found out of the articles of the last call. Safe to call from several threads, which wait for one another."""

    def __init__(self) -> None:
        self._kept = Kept()
        self._alone = threading.Lock()

    def tell(self, articles: Sequence[AnalysedArticle]) -> tuple[Story, ...]:
        """Fold copies, then group stories; the result depends on these articles alone, whatever was told before.

        Words of an article are read once while it stays in the window; what is weighed by how rare it is among all is weighed anew.
        """
        with self._alone:
            try:
                return group_stories(fold_copies(articles, self._kept), self._kept.counted)
            finally:
                self._kept.forget_unused()

    def __len__(self) -> int:
        """How many findings are kept."""
        return len(self._kept)
