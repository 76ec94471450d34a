"""Marks: what a person said of one article and one rule. They name no reader: who follows a link of an edition is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MarkVerdict(StrEnum):
    """Whether the rule should find the article."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not relevant"


class MarkSource(StrEnum):
    """Where a mark was made: by a reader's link in an edition, at the editor's desk, on the command line."""

    EDITION = "edition"
    DESK = "desk"
    CLI = "cli"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. `at` is aware UTC; `edition` is the id of a frozen edition and `story` the story told there, "" where there is none.

    There is one mark for each article, rule, source and edition: a later one takes the place of the earlier.
    """

    article: str
    rule: str
    verdict: MarkVerdict
    at: datetime
    source: MarkSource
    edition: str = ""
    story: str = ""
