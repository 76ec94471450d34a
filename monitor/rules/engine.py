"""Runs a rule set on documents: the one way from article to matches, for production and tools alike; it reads no file."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model.errors import WrongUse
from monitor.model.match import Analysis, Cue, Document, Match, Mention, Span
from monitor.rules.compile import Compiled, Hits
from monitor.rules.evaluate import Check, Evaluation, evaluate
from monitor.rules.schema import (
    AllCondition,
    AnyCondition,
    Condition,
    Life,
    NearCondition,
    RuleSet,
    SourceCondition,
    TermCondition,
)
from monitor.rules.text import FIELDS, Hit, Reading, read_document


class Engine:
    """A compiled rule set. Compiling takes milliseconds for a hundred rules; analysing is pure and may be called from several threads."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self._compiled = Compiled(ruleset)
        self._numbers = {filed.rule.id: number for number, filed in enumerate(self._compiled.rules)}

    def analyse(self, document: Document) -> Analysis:
        """All matches (by rule id; shadows flagged, drafts not run) and the mentions of names, in order of place."""
        hits = Hits(read_document(document), self._compiled)
        matches = []
        for number in self._compiled.candidates(hits, hits.reading.kinds(self._compiled.indexes)):
            filed = self._compiled.rules[number]
            if filed.rule.runs:
                found = evaluate(self._compiled, filed, hits)
                if not found.stop:
                    matches.append(to_match(found, hits.reading))
        return Analysis(document.id, tuple(matches), self._mentions(hits), self.ruleset.hash)

    def evaluate(self, rule: str, document: Document) -> tuple[Evaluation, Reading]:
        """One rule, whatever its status, with every condition looked at.

        Raises:
            WrongUse: No rule has this id.
        """
        if rule not in self._numbers:
            raise WrongUse(f'no rule "{rule}"; rules: {", ".join(self._numbers)}')
        hits = Hits(read_document(document), self._compiled)
        return evaluate(self._compiled, self._compiled.rules[self._numbers[rule]], hits, to_the_end=True), hits.reading

    def _mentions(self, hits: Hits) -> tuple[Mention, ...]:
        """Names found; what lies inside a longer name ("Belarus" in the name of a ministry) is no mention of its own."""
        language = hits.reading.language()
        found: set[tuple[int, int, int, str]] = set()
        whole = hits.reading.in_one_sentence
        for kind in hits.reading.kinds(self._compiled.indexes):
            named = self._compiled.name_of[kind]
            for part, places in enumerate(hits.found(kind)):
                for sequence in places.keys() & named.keys():
                    for name, spoken in named[sequence]:
                        if not language or self._compiled.speaks(name, spoken, language):
                            found.update((part, *place, name) for place in places[sequence] if whole(part, *place))
        result = []
        for part, first, last, name in _outermost(found):
            result.append(Mention(name, FIELDS[part], *hits.reading.words[part].span(first, last)))
        return tuple(result)


def _outermost(found: Iterable[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    """Places that lie in no longer place, in order; several names may share one."""
    kept: list[tuple[int, int, int, str]] = []
    for place in sorted(found, key=lambda entry: (entry[0], entry[1], -entry[2], entry[3])):
        part, first, last, _ = place
        inside = kept and kept[-1][0] == part and last <= kept[-1][2] and (first, last) != kept[-1][1:3]
        if not inside:
            kept.append(place)
    return kept


def to_match(found: Evaluation, reading: Reading) -> Match:
    """A finished evaluation as the match that is stored."""
    rule = found.rule.rule
    checks = [*found.requires, *(scored.check for scored in found.scored)]
    hits = {hit[:4]: hit for check in checks for hit in proving(check)}
    return Match(
        rule=rule.id,
        version=rule.version,
        rule_hash=rule.hash,
        score=found.score,
        threshold=rule.threshold,
        direction=found.direction,
        direction_score=found.direction_score,
        spans=tuple(span_of(hits[place], reading) for place in sorted(hits)),
        cues=tuple(
            Cue(span_of(cue.hit, reading), cue.cue.score, cue.cue.plover, cue.cancelled)
            for cue in found.cues
            if cue.near is not None or not cue.cue.anchor
        ),
        reason=reason(found, reading),
        shadow=rule.header.status is Life.SHADOW,
    )


def proving(check: Check) -> Iterable[Hit]:
    """The hits behind a condition that holds."""
    if check.passed:
        for group in check.groups:
            yield from group
        for child in check.children:
            yield from proving(child)


def span_of(hit: Hit, reading: Reading) -> Span:
    """A hit as characters of the article."""
    start, end = reading.span(hit)
    return Span(FIELDS[hit.field], start, end, reading.raw(hit.field)[start:end], hit.term, hit.phrase.text)


def reason(found: Evaluation, reading: Reading) -> str:
    """One line for people: the two strongest findings, and the score against the threshold."""
    scored = sorted((item for item in found.scored if item.points > 0), key=lambda item: -item.points)
    checks = [item.check for item in scored] or [check for check in found.requires if check.passed]
    checks.sort(key=lambda check: not isinstance(check.condition, NearCondition))
    shown = list(dict.fromkeys(proof(check, reading) for check in checks))[:2]
    score = (
        f"score {found.score:.1f} of {found.rule.rule.threshold:.1f}" if found.rule.rule.score else "all that is required holds"
    )
    return ", ".join([*filter(None, shown), score])


def proof(check: Check, reading: Reading) -> str:
    """What proves a condition: "attache «военный атташе» near belarus «Минск»"."""
    if check.groups:
        return " near ".join(f"{hit.term} «{reading.shown(hit)}»" for hit in check.groups[0])
    shown = [proof(child, reading) for child in check.children if child.passed]
    if shown:
        return " and ".join(filter(None, shown if isinstance(check.condition, AllCondition) else shown[:1]))
    return f"the source is {label(check.condition)}" if isinstance(check.condition, SourceCondition) else ""


def label(condition: Condition) -> str:
    """A condition as explanations print it: near(nato, buildup|drawdown)."""
    match condition:
        case TermCondition(term=name):
            return name.replace(":", " ")
        case NearCondition(operands=operands, ordered=ordered):
            joined = (" then " if ordered else ", ").join("|".join(operand) for operand in operands)
            return f"near({joined})"
        case AnyCondition(parts=parts):
            return f"any({', '.join(map(label, parts))})"
        case AllCondition(parts=parts):
            return f"all({', '.join(map(label, parts))})"
        case SourceCondition(what=what, values=values):
            return f"source_{what} {'|'.join(sorted(values))}"
