"""The standing definition of a digest: audience, sections, languages, schedule; and the rules' words that it may print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Review(StrEnum):
    """Whether a person looks at an edition before it goes out."""

    NONE = "none"
    REQUIRED = "required"
    """It waits until somebody approves it."""
    UNTIL = "until"
    """It waits for `Digest.review_for`, then goes out unless somebody holds it."""


class CatchUp(StrEnum):
    """What to do when several editions fell due while the service was away."""

    LATEST = "latest"
    """One edition that covers the whole span, and says so."""
    ALL = "all"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly: `weekday` 0 is Monday, `at` is wall time in the IANA `zone`."""

    weekday: int
    at: time
    zone: str
    catch_up: CatchUp = CatchUp.LATEST


@dataclass(frozen=True, slots=True)
class Section:
    """A part of every edition: the rules that feed it and how many stories become items. `title` maps language to text."""

    id: str
    title: Mapping[str, str]
    rules: tuple[str, ...]
    max_items: int = 3
    max_notes: int = 5


@dataclass(frozen=True, slots=True)
class Digest:
    """`digests/<id>/digest.yml`. `title` and `promise` map language to text; `languages` are the editions made, first one first."""

    id: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    schedule: Schedule
    sections: tuple[Section, ...]
    review: Review = Review.NONE
    review_for: timedelta = timedelta()
    """How long an edition waits for a look, where `review` is `UNTIL`."""
    promise: Mapping[str, str] = field(default_factory=dict)
    """One or two sentences on what the reader gets, printed in the furniture."""
    status_threshold: float = 2.0
    """The balance of direction scores a section must pass to be better or worse."""
    folder: str = ""
    """Where `digest.yml` lies; templates beside it override the shipped ones."""
    feedback: str = ""
    """Where readers' remarks go: an https or mailto address, printed under every item; "" prints none."""
    ask_relevance: bool = False
    """Whether each story asks its readers if it is relevant (`feedback: true`); their answers are labels for the rules."""


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span `start` ≤ t < `end`, aware UTC; `week` is its ISO week ("2019-W10"), `first_day`..`last_day` as printed.

    `by_publication` is True for a past week composed by publication date; otherwise articles count by when they were first seen.
    """

    start: datetime
    end: datetime
    week: str
    first_day: date
    last_day: date
    by_publication: bool = False
    weeks: int = 1


TextsByVerdict = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Status ("better", "worse", "unchanged") → language → texts."""


@dataclass(frozen=True, slots=True)
class RuleVoice:
    """What a rule lends to an edition: the analyst's own words.

    The texts of one status and language take turns from edition to edition. They may hold the slots {actors}, {count}, {sources},
    {first_date}, {last_date}.
    """

    rule: str
    title: str
    version: int
    headline: TextsByVerdict = field(default_factory=dict)
    assessment: TextsByVerdict = field(default_factory=dict)
    outlook: TextsByVerdict = field(default_factory=dict)
