"""Explains what a rule made of a document: every condition, every score, every cue, and what was missing; it decides nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.model.match import Direction, Document, Field
from monitor.rules.engine import Engine, label
from monitor.rules.evaluate import Check, CueFound, Evaluation, Scored
from monitor.rules.nearest import nearest_phrase, what_is_missing, why_not_near
from monitor.rules.schema import AllCondition, AnyCondition, NearCondition, Rule, SourceCondition
from monitor.rules.text import FIELDS, Hit, Reading

_NAMES = {Field.TITLE: "title", Field.LEAD: "lead", Field.TEXT: "text"}
_SHOWN_PLACES = 3
_WIDEST = 44
_LONGEST = 320
_MOST_WAYS = 6
_PHRASE = re.compile("← ([^;]+)")
"""Characters of a condition's column, and of a hint, in the text form; the data keeps them whole."""


@dataclass(frozen=True, slots=True)
class LeafLine:
    """A condition and whether it held. `depth` is 0 for what is required itself, 1 for its parts, and so on; `detail` says where."""

    label: str
    passed: bool
    depth: int
    detail: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score item: `points` = `weight` × `factor` of the field where it holds, 0 where it does not."""

    label: str
    points: float
    weight: float
    factor: float
    where: str


@dataclass(frozen=True, slots=True)
class CueLine:
    """A direction cue at a place: counted, or not and `why_not`."""

    side: Direction
    words: str
    phrase: str
    score: float
    plover: str
    counted: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one rule and one document, plain data. `because` is the short form of `stopped_at` that tests use."""

    rule: str
    version: int
    status: str
    matched: bool
    because: str
    stopped_at: str
    score: float
    threshold: float
    language: str
    language_trusted: bool
    languages: tuple[str, ...]
    direction: Direction
    direction_score: float
    masked: tuple[str, ...]
    vetoes: tuple[LeafLine, ...]
    requires: tuple[LeafLine, ...]
    scores: tuple[ScoreLine, ...]
    cues: tuple[CueLine, ...]
    would_match_if: str
    nearest: str


def explain(rule: Rule | str, document: Document, engine: Engine) -> Explanation:
    """Explain one rule on one document.

    Raises:
        WrongUse: The engine has no such rule.
    """
    found, reading = engine.evaluate(rule if isinstance(rule, str) else rule.id, document)
    parsed = found.rule.rule
    missing = what_is_missing(found, reading) if found.stop else ""
    return Explanation(
        rule=parsed.id,
        version=parsed.version,
        status=parsed.header.status.value,
        matched=not found.stop,
        because=found.stop,
        stopped_at=_stopped_at(found),
        score=found.score,
        threshold=parsed.threshold,
        language=document.language,
        language_trusted=bool(reading.language()),
        languages=found.languages,
        direction=found.direction,
        direction_score=found.direction_score,
        masked=tuple(f"«{reading.shown(hit)}» ← {hit.phrase.text}" for hit in found.masked),
        vetoes=tuple(
            LeafLine(label(veto.veto.condition) + f": {veto.veto.why}", veto.struck, 0, _detail(veto.check, reading))
            for veto in found.vetoes
        ),
        requires=tuple(line for check in found.requires for line in _leaves(check, reading, 0)),
        scores=tuple(_score_line(scored, reading) for scored in found.scored),
        cues=tuple(_cue_line(cue, reading) for cue in found.cues),
        would_match_if=missing,
        nearest=nearest_phrase(found, reading) if found.stop.startswith("require") else "",
    )


def _stopped_at(found: Evaluation) -> str:
    kind, _, which = found.stop.partition(":")
    if kind == "veto":
        veto = found.rule.rule.vetoes[int(which)]
        return f"veto: {label(veto.condition)} ({veto.why})"
    if kind == "require":
        return f"require: {label(next(check.condition for check in found.requires if not check.passed))}"
    if kind == "threshold":
        return f"threshold: score {found.score:.1f} of {found.rule.rule.threshold:.1f}"
    if kind == "languages":
        return f"languages: the rule reads {', '.join(found.rule.rule.langs)}"
    return ""


def _leaves(check: Check, reading: Reading, depth: int) -> Iterator[LeafLine]:
    shown = label(check.condition)
    if isinstance(check.condition, NearCondition):
        shown += f" ≤{check.condition.within}"
    yield LeafLine(shown, check.passed, depth, _detail(check, reading))
    for child in check.children:
        yield from _leaves(child, reading, depth + 1)


def _detail(check: Check, reading: Reading) -> str:
    """Where a condition holds, or why it does not."""
    match check.condition:
        case AnyCondition() | AllCondition():
            return ""
        case SourceCondition(what=what):
            value = getattr(reading.document, what)
            return f'{what} is "{value or "unknown"}"'
        case NearCondition() if check.passed:
            group = sorted(check.groups[0], key=lambda hit: hit.first)
            places = " … ".join(_span(hit, reading) for hit in group)
            return f"{FIELDS[group[0].field].value} {places}   distance {check.distance}"
        case NearCondition():
            return why_not_near(check)
    if not check.passed:
        return "no term found"
    shown = [f"{_NAMES[reading.place(hit)]} {_span(hit, reading)} ← {hit.phrase.text}" for (hit,) in check.groups[:_SHOWN_PLACES]]
    more = len(check.groups) - _SHOWN_PLACES
    return "; ".join(shown) + (f"; {more} more" if more > 0 else "")


def _span(hit: Hit, reading: Reading) -> str:
    start, end = reading.span(hit)
    return f"{start}–{end} «{reading.shown(hit)}»"


def _score_line(scored: Scored, reading: Reading) -> ScoreLine:
    hit = next((group[0] for group in scored.check.groups), None)
    shown = label(scored.item.condition)
    return ScoreLine(shown, scored.points, scored.item.weight, scored.factor, _NAMES[reading.place(hit)] if hit else "")


def _cue_line(found: CueFound, reading: Reading) -> CueLine:
    cue = found.cue
    return CueLine(
        cue.side, reading.shown(found.hit), found.hit.phrase.text, cue.score, cue.plover, not found.cancelled, found.cancelled
    )


def explanation_lines(explanation: Explanation) -> list[str]:
    """An explanation as plain text, one string a line."""
    lines = [_headline(explanation)]
    if explanation.masked:
        lines += [" mask", *(f"  {shown}" for shown in explanation.masked)]
    struck = [line for line in explanation.vetoes if line.passed]
    if struck:
        lines += [" veto", *(f"  STOP {line.label}   {line.detail}".rstrip() for line in struck)]
    if explanation.requires:
        width = min(_WIDEST, max(len(line.label) + 2 * line.depth for line in explanation.requires))
        lines.append(" require")
        lines += _leaf_texts(explanation.requires, width)
    if explanation.scores:
        width = min(_WIDEST, max(len(line.label) for line in explanation.scores))
        lines.append(" score")
        lines += [_score_text(line, width) for line in explanation.scores]
    if explanation.cues:
        lines.append(" direction")
        lines += [_cue_text(line) for line in explanation.cues]
    if explanation.nearest:
        lines.append(f" nearest: {_short(explanation.nearest, _LONGEST)}")
    if explanation.would_match_if:
        lines.append(f" would match if: {_short(explanation.would_match_if, _LONGEST)}")
    return lines


def _headline(explanation: Explanation) -> str:
    name = f"{explanation.rule} v{explanation.version}"
    if explanation.status != "active":
        name += f" ({explanation.status})"
    trusted = "" if explanation.language_trusted else " (unsure: every language of the rule is tried)"
    language = f"lang {explanation.language or 'unknown'}{trusted}"
    if not explanation.matched:
        return f"NO MATCH {name}   stopped at {explanation.stopped_at}   {language}"
    direction = f"direction {explanation.direction.value} ({signed(explanation.direction_score)})"
    return f"MATCH {name}   score {explanation.score:.1f} ≥ {explanation.threshold:.1f}   {language}   {direction}"


def _leaf_texts(lines: Sequence[LeafLine], width: int) -> list[str]:
    """Conditions as text. Of many alternatives those that tell most are shown: the ones that hold, or that came some of the way."""
    shown: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        shown.append(_leaf_text(line, width))
        end = next((place for place in range(at + 1, len(lines)) if lines[place].depth <= line.depth), len(lines))
        if line.label.startswith("any("):
            ways = list(_ways(lines[at + 1 : end], line.depth + 1))
            telling = [way for way in ways if (way[0].passed if line.passed else any(part.passed for part in way))]
            kept = (telling if line.passed else telling or ways)[:_MOST_WAYS] if len(ways) > _MOST_WAYS else ways
            for way in kept:
                shown += _leaf_texts(way, width)
            if len(kept) < len(ways):
                shown.append(f"       {'  ' * line.depth}and {len(ways) - len(kept)} other ways that do not hold: --json has all")
            at = end
        else:
            at += 1
    return shown


def _ways(lines: Sequence[LeafLine], depth: int) -> Iterator[Sequence[LeafLine]]:
    """The parts of an alternative, each with what lies below it."""
    starts = [place for place, line in enumerate(lines) if line.depth == depth] + [len(lines)]
    return (lines[start:end] for start, end in pairwise(starts))


def _leaf_text(line: LeafLine, width: int) -> str:
    shown = _short("  " * line.depth + line.label, width)
    detail = _PHRASE.sub(lambda found: f"← {_short(found[1], _WIDEST)}", line.detail)
    return f"  {'PASS' if line.passed else 'FAIL'} {shown:<{width}}   {detail}".rstrip()


def _short(text: str, width: int) -> str:
    """Text cut in its middle, where both ends tell most."""
    if len(text) <= width:
        return text
    end = width // 3
    return f"{text[: width - end - 1]}…{text[-end:]}"


def _score_text(line: ScoreLine, width: int) -> str:
    label = _short(line.label, width)
    if not line.points:
        return f"  {'0.0':>5} {label:<{width}}   not found, worth {line.weight:g}"
    return f"  {signed(line.points):>5} {label:<{width}}   {line.weight:g} × {line.where} {line.factor:g}".replace("×  ", "× ")


def _cue_text(line: CueLine) -> str:
    counted = signed(line.score) if line.counted else "0.0"
    worth = "" if line.counted else f"  {signed(line.score)}"
    plover = f" {line.plover}" if line.plover else ""
    why = f"   {line.why_not}" if line.why_not else ""
    return f"  {counted:>5} {line.side.value}  «{line.words}» ← {_short(line.phrase, _WIDEST)}{worth}{plover}{why}"


def signed(value: float) -> str:
    """A number with one decimal and a sign, minus as −; zero has none."""
    return f"{value:+.1f}".replace("-", "−") if value else "0.0"
