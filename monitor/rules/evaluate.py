"""Evaluates one rule on one document, keeping what held and what did not: production, tests and explanations all come through here.

The order is fixed: languages, mask, veto, require, score, threshold, direction.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.model.match import Direction, Field
from monitor.rules.compile import Compiled, FiledRule, Hits
from monitor.rules.proximity import Operand, closest, operand_of, spread, taken, within_reach
from monitor.rules.schema import (
    ALL_FIELDS,
    AllCondition,
    AnyCondition,
    Condition,
    CueRule,
    NearCondition,
    ScoreItem,
    SourceCondition,
    TermCondition,
    Veto,
)
from monitor.rules.text import TITLE, Hit

FACTORS = {Field.TITLE: 1.5, Field.LEAD: 1.25, Field.TEXT: 1.0}
NEGATOR_REACH = 3
"""A negator stands at most so many words before what it negates."""
DIRECTION_THRESHOLD = 2.0
_IN_ORDER = tuple(FACTORS.values())


class Check(NamedTuple):
    """A condition on one document. `groups` are the hits that prove it, best first; `distance` is in words, of the best group.

    `operands` are all hits of each operand of a near, whether or not they stand close together. They, and what is below a condition
    that fails, are told only where a rule is evaluated to the end.
    """

    condition: Condition
    passed: bool
    groups: tuple[tuple[Hit, ...], ...] = ()
    children: tuple[Check, ...] = ()
    distance: int = 0
    operands: tuple[tuple[Hit, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class VetoCheck:
    """A veto that was looked at; it struck where `check` passed and `unless` did not."""

    veto: Veto
    check: Check
    unless: Check | None

    @property
    def struck(self) -> bool:
        """True where the veto stops the rule."""
        return self.check.passed and not (self.unless and self.unless.passed)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score item and what it came to: weight × `factor`, 0 where its condition does not hold."""

    item: ScoreItem
    check: Check
    factor: float

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.item.weight * self.factor if self.check.passed else 0.0


@dataclass(frozen=True, slots=True)
class CueFound:
    """A cue at a place. `cancelled` says why it does not count ("" where it does), `near` is the anchor it stands by."""

    cue: CueRule
    hit: Hit
    near: Hit | None = None
    cancelled: str = ""


@dataclass(slots=True)
class Evaluation:
    """All that was found out about a rule on a document. `stop` is where it ended, "" for a match ("require:near", "threshold")."""

    rule: FiledRule
    languages: tuple[str, ...]
    stop: str = ""
    masked: list[Hit] = field(default_factory=list)
    vetoes: list[VetoCheck] = field(default_factory=list)
    requires: list[Check] = field(default_factory=list)
    scored: list[Scored] = field(default_factory=list)
    cues: list[CueFound] = field(default_factory=list)

    @property
    def score(self) -> float:
        """The sum of all score items."""
        return round(math.fsum(item.points for item in self.scored), 4)

    @property
    def direction_score(self) -> float:
        """The sum of the cues that count."""
        return round(math.fsum(found.cue.score for found in self.cues if not found.cancelled), 4)

    @property
    def direction(self) -> Direction:
        """Which way the cues point, taken together."""
        if self.direction_score >= DIRECTION_THRESHOLD:
            return Direction.IMPROVES
        return Direction.WORSENS if self.direction_score <= -DIRECTION_THRESHOLD else Direction.NEUTRAL


def evaluate(compiled: Compiled, filed: FiledRule, hits: Hits, *, to_the_end: bool = False) -> Evaluation:
    """Evaluate one rule.

    Args:
        compiled: The rule set that the rule belongs to.
        filed: The rule.
        hits: What was found in the document.
        to_the_end: Go on after the first stop, so that an explanation can tell the rest.
    """
    return _Run(compiled, filed, hits, to_the_end).evaluation()


class _Run:
    def __init__(self, compiled: Compiled, filed: FiledRule, hits: Hits, to_the_end: bool) -> None:
        self.to_the_end = to_the_end
        self.compiled = compiled
        self.filed = filed
        self.hits = hits
        self.reading = hits.reading
        self.language = self.reading.language()
        self.scope = filed.rule.langs
        self.masked: set[tuple[int, int]] = set()
        self.known: dict[str, list[Hit]] = {}
        self.operands: dict[tuple[tuple[str, ...], frozenset[Field]], Operand] = {}
        self.negators: list[Hit] | None = None

    def evaluation(self) -> Evaluation:
        rule = self.filed.rule
        likely = self.reading.document.language
        scope = tuple(sorted(self.scope, key=lambda code: code != likely))
        result = Evaluation(self.filed, (self.language,) if self.language else scope)
        if self.language and self.language not in self.scope:
            result.stop = "languages"
            return result
        result.masked = [hit for mask in rule.masks for hit in self.raw(mask.term)]
        self.masked = taken(result.masked)
        self.known.clear()
        for step in (self.vetoes, self.requires, self.scores):
            step(result)
            if result.stop and not self.to_the_end:
                return result
        result.cues = [found for cue in rule.cues for found in self.cue(cue)]
        return result

    def vetoes(self, result: Evaluation) -> None:
        for index, veto in enumerate(self.filed.rule.vetoes):
            check = self.check(veto.condition)
            unless = self.check(veto.unless) if veto.unless and check.passed else None
            result.vetoes.append(VetoCheck(veto, check, unless))
            if result.vetoes[-1].struck:
                result.stop = result.stop or f"veto:{index}"
                if not self.to_the_end:
                    return

    def requires(self, result: Evaluation) -> None:
        for condition in self.filed.rule.require:
            check = self.check(condition)
            result.requires.append(check)
            if not check.passed:
                result.stop = result.stop or f"require:{kind_of(condition)}"
                if not self.to_the_end:
                    return

    def scores(self, result: Evaluation) -> None:
        for item in self.filed.rule.score:
            check = self.check(item.condition)
            result.scored.append(Scored(item, check, self.factor(check)))
        if result.score < self.filed.rule.threshold:
            result.stop = result.stop or "threshold"

    def factor(self, check: Check) -> float:
        """The factor of the best field in which the condition holds; 1 where it is about the source."""
        if not check.groups:
            return max((self.factor(child) for child in check.children if child.passed), default=1.0)
        return _IN_ORDER[min(self.order(group) for group in check.groups)]

    def order(self, group: tuple[Hit, ...]) -> int:
        """How far from the title the last field stands that a group needs."""
        return max(0 if hit.field == TITLE else 1 if hit.last < self.reading.lead_words else 2 for hit in group)

    def raw(self, name: str) -> list[Hit]:
        """The hits of a term, masked or not."""
        term = self.filed.terms[name]
        return self.hits.of(term, term.languages(self.language, self.scope))

    def term(self, name: str) -> list[Hit]:
        """The hits of a term that touch no masked text."""
        known = self.known.get(name)
        if known is None:
            found = self.raw(name)
            if self.masked:
                found = [hit for hit in found if self.masked.isdisjoint(taken([hit]))]
            known = self.known[name] = found
        return known

    def check(self, condition: Condition) -> Check:
        if isinstance(condition, NearCondition):
            return self.near(condition)
        if isinstance(condition, TermCondition):
            found = tuple((hit,) for hit in self.within(condition.term, condition.fields))
            return Check(condition, bool(found), found)
        if isinstance(condition, SourceCondition):
            return Check(condition, self.source(condition))
        every = isinstance(condition, AllCondition)
        children: list[Check] = []
        for part in condition.parts:
            children.append(self.check(part))
            if every and not children[-1].passed and not self.to_the_end:
                return Check(condition, False)
        passed = [child.passed for child in children]
        return Check(condition, all(passed) if every else any(passed), children=tuple(children))

    def within(self, name: str, fields: frozenset[Field]) -> list[Hit]:
        found = self.term(name)
        return found if len(fields) == len(ALL_FIELDS) else [hit for hit in found if self.reading.place(hit) in fields]

    def source(self, condition: SourceCondition) -> bool:
        document = self.reading.document
        found = {
            "country": document.country,
            "stance": document.stance,
            "language": document.language,
            "feed": document.feed,
        }[condition.what]
        return found.lower() in condition.values

    def near(self, condition: NearCondition) -> Check:
        operands = []
        for names in condition.operands:
            operand = self.operand(names, condition.fields)
            if not operand.hits and not self.to_the_end:
                return Check(condition, False)
            operands.append(operand)
        groups = []
        for start in operands[0].hits:
            group = [start]
            for others in operands[1:]:
                nearest = closest(others, group, condition.within, ordered=condition.ordered)
                if nearest is None:
                    break
                group.append(nearest)
            else:
                groups.append(tuple(group))
        if len(groups) > 1:
            groups.sort(key=self.rank)
        distance = spread(groups[0]) if groups else 0
        shown = tuple(tuple(operand.hits) for operand in operands) if self.to_the_end else ()
        return Check(condition, bool(groups), tuple(groups), (), distance, shown)

    def operand(self, names: tuple[str, ...], fields: frozenset[Field]) -> Operand:
        """The hits of any of some terms."""
        known = self.operands.get((names, fields))
        if known is None:
            known = operand_of([hit for name in names for hit in self.within(name, fields)])
            self.operands[names, fields] = known
        return known

    def rank(self, group: tuple[Hit, ...]) -> tuple[int, int, int]:
        return self.order(group), spread(group), group[0].first

    def cue(self, cue: CueRule) -> list[CueFound]:
        """Where the cue stands: the first place that counts, and every place where something cancels it."""
        groups = self.check(cue.condition).groups
        if not groups:
            return []
        anchors = self.operand(cue.anchor, ALL_FIELDS)
        result: list[CueFound] = []
        counted = False
        for group in sorted(groups, key=lambda group: min(hit[:3] for hit in group)):
            first, last = min(hit.first for hit in group), max(hit.last for hit in group)
            whole = group[0]._replace(first=first, last=last)
            near = within_reach(whole, anchors, self.filed.rule.window)
            negated = [(hit.first - negator.last, negator) for hit in group if (negator := self.negator(hit))]
            if cue.anchor and near is None:
                result.append(
                    CueFound(cue, whole, None, f"more than {self.filed.rule.window} words from {' or '.join(cue.anchor)}")
                )
            elif negated:
                words, negator = min(negated, key=lambda found: found[0])
                plural = "word" if words == 1 else "words"
                result.append(
                    CueFound(cue, whole, near, f"cancelled by «{self.reading.shown(negator)}» ({words} {plural} before)")
                )
            elif not counted:
                counted = True
                result.append(CueFound(cue, whole, near))
        return result

    def negator(self, hit: Hit) -> Hit | None:
        """The closest negator before a hit, in reach and in the same sentence, that no exception excuses."""
        if self.negators is None:
            self.negators = self.all_negators()
        words = self.reading.words[hit.field]
        at = bisect_left(self.negators, (hit.field, hit.first), key=lambda found: (found.field, found.last))
        if not at:
            return None
        found = self.negators[at - 1]
        reached = found.field == hit.field and found.last >= hit.first - NEGATOR_REACH
        return found if reached and words.sentence(found.last) == words.sentence(hit.first) else None

    def all_negators(self) -> list[Hit]:
        """The negators of the document that no exception excuses, by their last word."""
        negators, exceptions = self.compiled.negators, self.compiled.exceptions
        excused = taken(self.hits.of(exceptions, exceptions.languages(self.language, self.scope)))
        found = self.hits.of(negators, negators.languages(self.language, self.scope))
        return sorted((hit for hit in found if excused.isdisjoint(taken([hit]))), key=lambda hit: (hit.field, hit.last))


def kind_of(condition: Condition) -> str:
    """The word for a condition in `because`: its term, or near, any, all, or the kind of source."""
    match condition:
        case TermCondition(term=name):
            return name
        case NearCondition():
            return "near"
        case AnyCondition():
            return "any"
        case AllCondition():
            return "all"
        case SourceCondition(what=what):
            return f"source_{what}"
