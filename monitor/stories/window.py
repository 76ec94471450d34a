"""Tells the stories of a window of articles that moves: those of `tell_stories`, at a fraction of the price. It keeps no text."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.stories.copies import word_rarity
from monitor.stories.folding import Folding
from monitor.stories.group import story_id
from monitor.stories.grouping import Grouping, counted_in
from monitor.stories.prints import Moved, Print, Prints, Read, among
from monitor.stories.profile import rarities_of
from monitor.stories.telling import settled
from monitor.text.neighbours import Ranks, ranks_of


class StoryWindow:
    """Remembers what it found out of the articles of the last time. Safe to call from several threads, which wait for one another.

    Nothing of it outlives the process: a new one reads the whole window once.
    """

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._prints = Prints()
        self._judged: _Judged | None = None
        self._story_of: dict[str, str] = {}

    def move(self, stamps: Mapping[str, bytes], read: Read) -> dict[str, str]:
        """Have the window hold these articles, and tell its stories; the result depends on them alone, whatever it held before.

        Args:
            stamps: Article id → what tells its state from others, of all articles of the window.
            read: Gives articles by id; asked for those that are new or another state, and for few others.

        Returns:
            Article id → story id, of all that could be read.
        """
        with self._alone:
            moved = self._prints.move(stamps, read)
            if moved.gone or moved.come or self._judged is None:
                judged, self._judged = self._judged, None  # half told, nothing is known: the next time begins anew
                self._judged = self._tell(moved, judged, read)
            return dict(self._story_of)

    def __len__(self) -> int:
        """How many articles are remembered."""
        return len(self._prints)

    def _tell(self, moved: Moved, judged: _Judged | None, read: Read) -> _Judged:
        ordered = sorted(self._prints, key=lambda known: known.appeared)
        first = ordered[: settled(len(ordered))]
        ranks = _ranks([*ordered, *moved.gone])
        if judged is None or first != judged.first:
            judged = _Judged.by(first, len(first) == len(ordered), ranks, read)
            groups = judged.folding.move((), ordered, ranks)
            self._story_of = {}
        else:
            groups = judged.folding.move(moved.gone, moved.come, ranks)
        for known in moved.gone:
            self._story_of.pop(known.id, None)
        by_number = {known.number: known for known in ordered}
        for story in judged.grouping.move(groups, by_number, ranks):
            members = [by_number[number].id for copies in story for number in copies]
            self._story_of.update(dict.fromkeys(members, story_id(members[0])))
        return judged


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found out by the rarity of words among the `first` articles, and holds as long as these are the first."""

    first: Sequence[Print]
    folding: Folding
    grouping: Grouping

    @classmethod
    def by(cls, first: Sequence[Print], alone: bool, ranks: Ranks, read: Read) -> _Judged:
        """Nothing yet but how rare words are; `alone` says that there are no other articles."""
        judges = first if alone else among(first, read)
        words = word_rarity(known.side for known in judges)
        groups = Folding(words).move((), judges, ranks)
        by_number = {known.number: known for known in judges}
        counts = [counted_in([by_number[number] for number in members]) for members in groups.come]
        return cls(first, Folding(words), Grouping(rarities_of(counts)))


def _ranks(prints: Sequence[Print]) -> Ranks:
    return ranks_of([known.number for known in sorted(prints, key=lambda known: known.appeared)])
