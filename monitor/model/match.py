"""What the rules found in an article: matches with their proof, and mentions of named things."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Field(StrEnum):
    """Part of an article. `LEAD` is the first paragraph of the text: spans in it carry `TEXT` offsets."""

    TITLE = "title"
    LEAD = "lead"
    TEXT = "text"


class Direction(StrEnum):
    """Which way a match points for the matter that its rule watches."""

    IMPROVES = "improves"
    WORSENS = "worsens"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Span:
    """A proof: characters `start`..`end` (half open, in the article's own unfolded `field`), their `text`, and the term that hit.

    `field` is TITLE or TEXT, never LEAD. `term` is the name of the term in the rule ("attache"), `phrase` what the author wrote.
    """

    field: Field
    start: int
    end: int
    text: str
    term: str
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """A direction cue that was counted, or cancelled with the reason ("cancelled by «не»")."""

    span: Span
    score: float
    plover: str = ""
    cancelled: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One rule holds for one article: its score against the threshold, direction, and all proving spans in order of place."""

    rule: str
    version: int
    rule_hash: str
    score: float
    threshold: float
    direction: Direction
    direction_score: float
    spans: tuple[Span, ...]
    cues: tuple[Cue, ...] = ()
    reason: str = ""
    shadow: bool = False
    """True for a rule on trial: counted and shown to its author, never printed in an edition."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A named thing (person, place, office, unit, exercise, treaty) found at a place of an article."""

    name: str
    """Id in the names files."""
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """The words of an article, each once, as a backtest looks for those of rules without reading the article.

    `form` names the way in which they are written: words of another form are worth nothing. `language` is the one that rules
    trust, "" where they trust none.
    """

    form: str
    language: str
    words: bytes


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that the rules say of one article under one rule set (`ruleset` is its hash). `words` are kept with it, and not given back."""

    article_id: str
    matches: tuple[Match, ...]
    mentions: tuple[Mention, ...]
    ruleset: str
    words: ArticleWords | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """What the rules read of an article. `language` may be "" or unsure: then every language of a rule is tried."""

    id: str
    title: str
    text: str
    language: str = ""
    language_sure: bool = False
    stance: str = ""
    country: str = ""
    feed: str = ""
