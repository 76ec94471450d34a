"""What an edition is composed from, gathered by the pipeline beforehand; composing itself asks nobody and reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.digests.earlier_items import EarlierItem
from monitor.model.digest import Digest, RuleVoice, Window
from monitor.model.edition import Verdict
from monitor.model.feed import Feed, FeedState
from monitor.model.names import Name
from monitor.model.story import Story


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How much was read in the window, before any rule: articles stored, how many matched, how many came without text."""

    articles_read: int = 0
    articles_matched: int = 0
    without_text: int = 0
    by_language: Mapping[str, int] = field(default_factory=dict)
    by_stance: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EditionInputs:
    """Everything one edition rests on; equal inputs give equal editions.

    Args:
        digest: The standing definition.
        window: The span told; `stories` hold what falls into it, and only that.
        key: The local date the edition fell due.
        due_at: That moment, aware UTC.
        number: Counts from 1 within the year of `key`.
        stories: Stories with at least one matching article in the window, copies folded.
        earlier: Stories of the archive before the window (a quarter of a year is plenty): background and similar stories.
        names: The desk's names files: actors, and one printed form per language.
        voices: Rule id → the analyst's own words.
        feeds: The catalogue with what is known of each feed; for the coverage box.
        counts: How much was read.
        history: Section id → matched stories in each of the last twelve weeks, oldest first, this week last.
        earlier_items: Items of earlier editions, where a reader can read on.
        past: Section id → verdicts of the editions before, one for each week of `history` but the last; None where there was none.
        base_url: Where the archive stands, without a final slash; "" leaves permalinks out.
        ruleset: Hash of the rule set, printed in the data.
        text_fragments: Whether citations link to the very sentence (`#:~:text=`).
    """

    digest: Digest
    window: Window
    key: date
    due_at: datetime
    number: int
    stories: tuple[Story, ...]
    earlier: tuple[Story, ...] = ()
    names: tuple[Name, ...] = ()
    voices: Mapping[str, RuleVoice] = field(default_factory=dict)
    feeds: tuple[tuple[Feed, FeedState | None], ...] = ()
    counts: ReadCounts = field(default_factory=ReadCounts)
    history: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    earlier_items: tuple[EarlierItem, ...] = ()
    past: Mapping[str, tuple[Verdict | None, ...]] = field(default_factory=dict)
    base_url: str = ""
    ruleset: str = ""
    text_fragments: bool = True
