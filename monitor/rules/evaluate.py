"""Evaluates one rule on one document, keeping what held and what did not: production, tests and explanations all come through here.

The order is fixed: languages, mask, veto, require, score, threshold, direction.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.model.match import Direction, Field
from monitor.rules.compile import Compiled, FiledRule, Hits
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
from monitor.rules.text import Hit

FACTORS = {Field.TITLE: 1.5, Field.LEAD: 1.25, Field.TEXT: 1.0}
NEGATOR_REACH = 3
"""A negator stands at most so many words before what it negates."""
DIRECTION_THRESHOLD = 2.0
_FIELD_ORDER = {Field.TITLE: 0, Field.LEAD: 1, Field.TEXT: 2}


@dataclass(frozen=True, slots=True)
class Check:
    """A condition on one document. `groups` are the hits that prove it, best first; `distance` is in words, of the best group.

    `operands` are all hits of each operand of a near, whether or not they stand close together.
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
        return round(sum(item.points for item in self.scored), 4)

    @property
    def direction_score(self) -> float:
        """The sum of the cues that count."""
        return round(sum(found.cue.score for found in self.cues if not found.cancelled), 4)

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
    return _Run(compiled, filed, hits).evaluation(to_the_end=to_the_end)


class _Run:
    def __init__(self, compiled: Compiled, filed: FiledRule, hits: Hits) -> None:
        self.compiled = compiled
        self.filed = filed
        self.hits = hits
        self.reading = hits.reading
        self.language = self.reading.language()
        self.scope = filed.rule.langs
        self.masked: list[Hit] = []
        self.known: dict[str, list[Hit]] = {}

    def evaluation(self, *, to_the_end: bool) -> Evaluation:
        rule = self.filed.rule
        likely = self.reading.document.language
        scope = tuple(sorted(self.scope, key=lambda code: code != likely))
        result = Evaluation(self.filed, (self.language,) if self.language else scope)
        if self.language and self.language not in self.scope:
            result.stop = "languages"
            return result
        self.masked = [hit for mask in rule.masks for hit in self.raw(mask.term)]
        result.masked = self.masked
        self.known.clear()
        for step in (self.vetoes, self.requires, self.scores):
            step(result, to_the_end)
            if result.stop and not to_the_end:
                return result
        result.cues = [found for cue in rule.cues for found in self.cue(cue)]
        return result

    def vetoes(self, result: Evaluation, to_the_end: bool) -> None:
        for index, veto in enumerate(self.filed.rule.vetoes):
            check = self.check(veto.condition)
            unless = self.check(veto.unless) if veto.unless and check.passed else None
            result.vetoes.append(VetoCheck(veto, check, unless))
            if result.vetoes[-1].struck:
                result.stop = result.stop or f"veto:{index}"
                if not to_the_end:
                    return

    def requires(self, result: Evaluation, to_the_end: bool) -> None:
        for condition in self.filed.rule.require:
            check = self.check(condition)
            result.requires.append(check)
            if not check.passed:
                result.stop = result.stop or f"require:{kind_of(condition)}"
                if not to_the_end:
                    return

    def scores(self, result: Evaluation, _to_the_end: bool) -> None:
        for item in self.filed.rule.score:
            check = self.check(item.condition)
            result.scored.append(Scored(item, check, self.factor(check)))
        if result.score < self.filed.rule.threshold:
            result.stop = result.stop or "threshold"

    def factor(self, check: Check) -> float:
        """The factor of the best field in which the condition holds; 1 where it is about the source."""
        places = [max(_FIELD_ORDER[self.reading.place(hit)] for hit in group) for group in check.groups]
        if not places:
            return max((self.factor(child) for child in check.children if child.passed), default=1.0)
        best = min(places)
        return next(FACTORS[place] for place, order in _FIELD_ORDER.items() if order == best)

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
                found = [hit for hit in found if not any(overlap(hit, mask) for mask in self.masked)]
            known = self.known[name] = found
        return known

    def check(self, condition: Condition) -> Check:
        match condition:
            case TermCondition(term=name, fields=fields):
                found = tuple((hit,) for hit in self.within(name, fields))
                return Check(condition, bool(found), found)
            case NearCondition():
                return self.near(condition)
            case SourceCondition():
                return Check(condition, self.source(condition))
            case AnyCondition(parts=parts):
                children = tuple(self.check(part) for part in parts)
                return Check(condition, any(child.passed for child in children), children=children)
            case AllCondition(parts=parts):
                children = tuple(self.check(part) for part in parts)
                return Check(condition, all(child.passed for child in children), children=children)

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
        operands = [self.operand(names, condition.fields) for names in condition.operands]
        groups = []
        for start in operands[0]:
            group = [start]
            for others in operands[1:]:
                closest = _closest(others, group, condition)
                if closest is None:
                    break
                group.append(closest)
            else:
                groups.append(tuple(group))
        groups.sort(key=self.rank)
        distance = spread(groups[0]) if groups else 0
        return Check(condition, bool(groups), tuple(groups), (), distance, tuple(tuple(operand) for operand in operands))

    def operand(self, names: tuple[str, ...], fields: frozenset[Field]) -> list[Hit]:
        if len(names) == 1:
            return self.within(names[0], fields)
        return sorted((hit for name in names for hit in self.within(name, fields)), key=lambda hit: hit[:3])

    def rank(self, group: tuple[Hit, ...]) -> tuple[int, int, int]:
        return max(_FIELD_ORDER[self.reading.place(hit)] for hit in group), spread(group), group[0].first

    def cue(self, cue: CueRule) -> list[CueFound]:
        """Where the cue stands: the first place that counts, and every place where something cancels it."""
        anchors = [hit for name in cue.anchor for hit in self.term(name)]
        result: list[CueFound] = []
        counted = False
        for group in sorted(self.check(cue.condition).groups, key=lambda group: min(hit[:3] for hit in group)):
            first, last = min(hit.first for hit in group), max(hit.last for hit in group)
            whole = group[0]._replace(first=first, last=last)
            near = _nearest_anchor(whole, anchors, self.filed.rule.window)
            negator = self.negator(whole)
            if cue.anchor and near is None:
                result.append(
                    CueFound(cue, whole, None, f"more than {self.filed.rule.window} words from {' or '.join(cue.anchor)}")
                )
            elif negator:
                words = whole.first - negator.last
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
        words = self.reading.words[hit.field]
        reach = range(max(0, hit.first - NEGATOR_REACH), hit.first)
        negators, exceptions = self.compiled.negators, self.compiled.exceptions
        excused = self.hits.of(exceptions, exceptions.languages(self.language, self.scope))
        for found in reversed(self.hits.of(negators, negators.languages(self.language, self.scope))):
            if found.field != hit.field or found.last not in reach or words[found.last].sentence != words[hit.first].sentence:
                continue
            if not any(overlap(found, excuse) for excuse in excused):
                return found
        return None


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


def overlap(one: Hit, other: Hit) -> bool:
    """Whether two hits share a word."""
    return one.field == other.field and one.first <= other.last and other.first <= one.last


def between(one: Hit, other: Hit) -> int:
    """Words between two hits of one field; 0 where they touch or overlap."""
    return max(0, max(one.first, other.first) - min(one.last, other.last) - 1)


def spread(group: tuple[Hit, ...]) -> int:
    """The largest distance of a hit from the first one, in words."""
    return max((between(group[0], hit) for hit in group[1:]), default=0)


def _closest(others: list[Hit], group: list[Hit], condition: NearCondition) -> Hit | None:
    """The hit closest to the first of the group, in reach, overlapping none of it, and after the last one where order counts."""
    start = group[0]
    longest = max((hit.last - hit.first for hit in others), default=0)
    at = bisect_left(others, (start.field, start.first - condition.within - longest - 1), key=lambda hit: hit[:2])
    best: Hit | None = None
    for hit in others[at:]:
        if hit.field != start.field or hit.first > start.last + condition.within + 1:
            break
        misplaced = condition.ordered and hit.first <= group[-1].last
        if misplaced or between(start, hit) > condition.within or any(overlap(hit, taken) for taken in group):
            continue
        if best is None or between(start, hit) < between(start, best):
            best = hit
    return best


def _nearest_anchor(hit: Hit, anchors: Iterable[Hit], window: int) -> Hit | None:
    reachable = [anchor for anchor in anchors if anchor.field == hit.field and between(anchor, hit) <= window]
    return min(reachable, key=lambda anchor: between(anchor, hit), default=None)
