"""Runs rules over articles to see what they would do: matches and near misses, nothing stored, nothing sent; the engine of production."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.model.article import Article
from monitor.model.errors import WrongUse
from monitor.model.match import Document, Match
from monitor.rules.compile import Compiled, FiledRule, Hits
from monitor.rules.engine import to_match
from monitor.rules.evaluate import evaluate
from monitor.rules.marks import UNJUDGED, Judged
from monitor.rules.prefilter import Prefilter
from monitor.rules.schema import Rule, RuleSet
from monitor.rules.sieve import Sieve
from monitor.rules.text import read_document

NEAR = 1.0
"""A score at most so far below the threshold is a near miss."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule whose every requirement holds, and whose score falls short by at most `NEAR`."""

    rule: str
    score: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules on trial made of one article, each by rule id."""

    matches: tuple[Match, ...] = ()
    near: tuple[NearMiss, ...] = ()

    def match(self, rule: str) -> Match | None:
        """The match of one rule."""
        return next((match for match in self.matches if match.rule == rule), None)


@dataclass(frozen=True, slots=True)
class Filed:
    """An article of the archive with what the rules read of it and what people said of it. Not `dated`: its time means nothing.

    `stored` is what the very rules on trial found in it when it came, where that is known and wanted. `possible` are the only rules
    that can come to anything, where that is known.
    """

    article: Article
    document: Document
    judged: Judged = UNJUDGED
    dated: bool = True
    stored: Outcome | None = None
    possible: frozenset[str] | None = None

    @property
    def id(self) -> str:
        """The article's."""
        return self.article.id

    @property
    def title(self) -> str:
        """The article's."""
        return self.article.title

    @property
    def source(self) -> str:
        """The name of the article's source."""
        return self.article.source.name

    @property
    def language(self) -> str:
        """The article's language, "" where it is not known."""
        return self.document.language

    @property
    def published(self) -> datetime:
        """The article's time; it means nothing where it is not `dated`."""
        return self.article.published


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An article of the archive that lacks the words that every rule on trial requires: what lists and tallies need of it, unread."""

    id: str
    title: str
    source: str
    language: str
    published: datetime
    judged: Judged = UNJUDGED
    dated: bool = True


Seen = Filed | PassedOver
NOTHING = Outcome()
_REMEMBERED = 1_000
_Ready = tuple[list[FiledRule], Mapping[str, AbstractSet[int]]]


def chosen_rules(ruleset: RuleSet, ids: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules to try: those named, drafts too; without names all that run.

    Raises:
        WrongUse: No rule has one of these ids.
    """
    wanted = tuple(ids)
    known = ruleset.by_id
    strange = [rule for rule in wanted if rule not in known]
    if strange:
        raise WrongUse(f"no such rule: {', '.join(strange)}; rules: {', '.join(known)}")
    return tuple(rule for rule in ruleset.rules if (rule.id in wanted if wanted else rule.runs))


class Trial:
    """Some rules of a set, ready to be tried. Running is pure and may be done in several threads, or in processes with a copy each."""

    def __init__(self, ruleset: RuleSet, rules: Iterable[Rule] | None = None) -> None:
        self.rules = tuple(ruleset.rules if rules is None else rules)
        self._ruleset = replace(ruleset, rules=self.rules, named=())
        self._compiled = Compiled(self._ruleset)
        self._prefilter = Prefilter(self.rules)
        self._known: dict[frozenset[str], _Ready] = {}

    @staticmethod
    def sieve(trials: Iterable[Trial]) -> Sieve:
        """What tells from the words kept of an article that each of these trials comes to `NOTHING` on it."""
        return Sieve([rule for trial in trials for rule in trial.rules], NEAR)

    def __reduce__(self) -> tuple[type[Trial], tuple[RuleSet]]:
        # compiled anew where it arrives: what compiling makes is not for sending
        return Trial, (self._ruleset,)

    def run(self, document: Document, possible: AbstractSet[str] | None = None) -> Outcome:
        """Matches as production would store them, and near misses.

        Args:
            possible: The rules that can come to anything, where a sieve has told; the others are not looked at.
        """
        if possible is None and not self._prefilter.may_match(document):
            return NOTHING
        rules, asked = (None, None) if possible is None else self._ready(frozenset(possible))
        hits = Hits(read_document(document), self._compiled, asked)
        matches: list[Match] = []
        near: list[NearMiss] = []
        for filed in self._called(hits) if rules is None else rules:
            found = evaluate(self._compiled, filed, hits)
            if not found.stop:
                matches.append(to_match(found, hits.reading))
            elif found.stop == "threshold" and found.score > 0 and found.score >= filed.rule.threshold - NEAR:
                near.append(NearMiss(filed.rule.id, found.score, filed.rule.threshold))
        return Outcome(tuple(matches), tuple(near)) if matches or near else NOTHING

    def _called(self, hits: Hits) -> Iterable[FiledRule]:
        called = self._compiled.candidates(hits, hits.reading.kinds(self._compiled.indexes))
        return [self._compiled.rules[number] for number in called]

    def _ready(self, possible: frozenset[str]) -> _Ready:
        """The rules with these ids, and what to look for; remembered, since few sets of rules go together."""
        known = self._known.get(possible)
        if known is None:
            rules = [filed for filed in self._compiled.rules if filed.rule.id in possible]
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[possible] = rules, self._compiled.asked_by(rules)
        return known
