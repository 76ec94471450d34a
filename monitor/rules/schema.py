"""The nouns of the rule language: what a rule file holds once it has been read and found right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from monitor.model.digest import RuleVoice
from monitor.model.match import Direction, Field
from monitor.model.names import Name
from monitor.model.problem import Place, Problem
from monitor.rules.regex import BoundedRegex
from monitor.rules.terms import Sequence

SCHEMA = 1
"""The newest format of rule files that this program reads."""
MATCHING = 2
"""Raised whenever the same rule comes to find something else, so that what was found before is known to be old. 2: no phrase goes
beyond its sentence."""
ANY_LANGUAGE = "any"
"""The language key of terms that hold whatever the language."""
ALL_FIELDS = frozenset((Field.TITLE, Field.LEAD, Field.TEXT))


class Life(StrEnum):
    """Where a rule stands. A draft is checked and never run; a shadow runs and is never printed; a deprecated rule still runs."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    DEPRECATED = "deprecated"


class Phrase(NamedTuple):
    """One term as its author wrote it, in one language: sequences of words, or a regular expression."""

    text: str
    language: str
    place: Place
    sequences: tuple[Sequence, ...] = ()
    regex: BoundedRegex | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A named group of phrases by language. Inline terms of masks and vetoes have names that no author can write ("mask:0")."""

    name: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    place: Place


@dataclass(frozen=True, slots=True)
class TermCondition:
    """The term is found in one of the fields."""

    term: str
    fields: frozenset[Field] = ALL_FIELDS


@dataclass(frozen=True, slots=True)
class NearCondition:
    """Hits of all operands in one field, not overlapping, each at most `within` words from the first one.

    An operand is a group of terms of which any will do; `ordered` asks for the order written.
    """

    operands: tuple[tuple[str, ...], ...]
    within: int
    ordered: bool = False
    fields: frozenset[Field] = ALL_FIELDS


@dataclass(frozen=True, slots=True)
class AnyCondition:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllCondition:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class SourceCondition:
    """The article's source is one of `values` (lower case) in `what`: country, stance, language or feed."""

    what: str
    values: frozenset[str]


Condition = TermCondition | NearCondition | AnyCondition | AllCondition | SourceCondition


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """Adds `weight` × field factor, once, where its condition holds."""

    condition: Condition
    weight: float


@dataclass(frozen=True, slots=True)
class Mask:
    """Text that looks like a term and is not: hits that touch a hit of `term` do not count."""

    term: str
    why: str


@dataclass(frozen=True, slots=True)
class Veto:
    """Where `condition` holds and `unless` does not, the rule does not match."""

    condition: Condition
    why: str
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class CueRule:
    """Words that say which way the matter moves. `anchor` are the terms near which they count; empty: anywhere."""

    condition: TermCondition | NearCondition
    side: Direction
    score: float
    plover: str = ""
    anchor: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """An inline test. `kind` is should_match, should_not_match or todo_match; the fields from `direction` on are assertions.

    `hits` are terms that must be found, `words` stretches of its own text that must count: as proof, cue, mask or veto.
    """

    kind: str
    index: int
    place: Place
    title: str
    body: str = ""
    language: str = ""
    country: str = ""
    stance: str = ""
    feed: str = ""
    direction: Direction | None = None
    hits: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    because: str = ""
    score: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What people should know of a rule; nothing of it changes what matches, but `status` decides whether it runs."""

    title: str
    status: Life = Life.ACTIVE
    owner: str = ""
    created: date | None = None
    modified: date | None = None
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    description: str = ""
    known_noise: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    max_age_days: int | None = None
    section: str = ""
    priority: str = "normal"
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, complete and right. `hash` changes with what decides its matches, and with its version: not with tests, words for
    people, or words for an edition.
    """

    id: str
    version: int
    header: Header
    place: Place
    hash: str
    langs: tuple[str, ...]
    terms: Mapping[str, Term]
    require: tuple[Condition, ...]
    score: tuple[ScoreItem, ...]
    threshold: float
    masks: tuple[Mask, ...]
    vetoes: tuple[Veto, ...]
    window: int
    cues: tuple[CueRule, ...]
    voice: RuleVoice
    examples: tuple[Example, ...]

    @property
    def runs(self) -> bool:
        """True unless it is a draft."""
        return self.header.status is not Life.DRAFT


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A shared word list; `exceptions` are phrases in which the words do not count (used of the negators)."""

    id: str
    term: Term
    exceptions: Term


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A name with its spellings read as phrases."""

    name: Name
    term: Term


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules, names and lexicons of a folder. `hash` is of all that decides what is found; `folder` is only for people."""

    rules: tuple[Rule, ...]
    named: tuple[NamedTerm, ...]
    negators: Lexicon
    hash: str
    lexicons: tuple[Lexicon, ...] = ()
    folder: str = ""

    @property
    def names(self) -> tuple[Name, ...]:
        """The names, by id."""
        return tuple(entry.name for entry in self.named)

    @property
    def by_id(self) -> dict[str, Rule]:
        """Rules by their id."""
        return {rule.id: rule for rule in self.rules}


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """What reading a folder came to: the set, where there is no error, and every problem in order of place."""

    ruleset: RuleSet | None
    problems: tuple[Problem, ...] = field(default=())
    files: int = 0


_AS_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str)


def content_hash(data: Any) -> str:
    """16 hexadecimal digits of SHA-256 over the data as JSON with sorted keys."""
    return hashlib.sha256(_AS_JSON.encode(data).encode()).hexdigest()[:16]
