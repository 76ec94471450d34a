"""Warns of conditions that decide nothing: a threshold that one word reaches, and requirements that others imply."""

from __future__ import annotations

import math
from collections.abc import Iterator

from monitor.model.feed import Stance
from monitor.rules.reading import Path_, Reader
from monitor.rules.schema import (
    AllCondition,
    AnyCondition,
    Condition,
    NearCondition,
    Rule,
    SourceCondition,
    Term,
    TermCondition,
)

TITLE_FACTOR = 1.5


def lint_conditions(rule: Rule, reader: Reader) -> None:
    """Note W107 and W108 of one rule."""
    for index, condition in enumerate(rule.require):
        others = [(place, other) for place, other in enumerate(rule.require) if place != index]
        reason = _never_fails(condition) or next(
            (
                f"it holds whenever require {place + 1} does"
                for place, other in others
                if implies(other, condition) and (place < index or not implies(condition, other))
            ),
            "",
        )
        if reason:
            reader.warn(_path(reader, index), "W108", f"require {index + 1} decides nothing: {reason}", "drop it")
    for name, points in _alone(rule):
        message = f'the threshold {rule.threshold:g} is reached by "{name}" alone, in a title ({points:g})'
        reader.warn(("match", "threshold"), "W107", message, f"raise it above {points:g}, or require a second term")


def _path(reader: Reader, index: int) -> Path_:
    written = reader.file.data.get("match", {}).get("require") if isinstance(reader.file.data, dict) else None
    return ("match", "require", index) if isinstance(written, list) else ("match", "require")


def implies(given: Condition, wanted: Condition) -> bool:
    """Whether `wanted` holds wherever `given` does; False where that cannot be told from the form."""
    if given == wanted:
        return True
    if isinstance(given, AnyCondition):
        return all(implies(part, wanted) for part in given.parts)
    if isinstance(wanted, AllCondition):
        return all(implies(given, part) for part in wanted.parts)
    if isinstance(given, AllCondition):
        return any(implies(part, wanted) for part in given.parts) or _simply(given, wanted)
    return _simply(given, wanted)


def _simply(given: Condition, wanted: Condition) -> bool:
    match wanted:
        case AnyCondition(parts=parts):
            return any(implies(given, part) for part in parts)
        case TermCondition(term=name, fields=fields):
            if isinstance(given, NearCondition):
                return (name,) in given.operands and given.fields <= fields
            return isinstance(given, TermCondition) and given.term == name and given.fields <= fields
        case NearCondition() if isinstance(given, NearCondition):
            same = given.operands == wanted.operands and given.fields <= wanted.fields
            return same and given.within <= wanted.within and given.ordered >= wanted.ordered
        case SourceCondition(what=what, values=values) if isinstance(given, SourceCondition):
            return given.what == what and given.values <= values
    return False


def _never_fails(condition: Condition) -> str:
    if isinstance(condition, SourceCondition) and condition.what == "stance" and condition.values >= {s.value for s in Stance}:
        return "it names every stance there is"
    return ""


def _alone(rule: Rule) -> Iterator[tuple[str, float]]:
    """W107: terms with a plain word in them that satisfy all of `require` and reach the threshold, where more was written to be scored."""
    if rule.threshold <= 0 or len({item.condition for item in rule.score}) < 2:
        return
    for name, term in rule.terms.items():
        given = TermCondition(name)
        if not _weak(term) or not all(implies(given, condition) for condition in rule.require):
            continue
        points = TITLE_FACTOR * math.fsum(
            item.weight for item in rule.score if item.weight > 0 and implies(given, item.condition)
        )
        if points >= rule.threshold:
            yield name, points


def _weak(term: Term) -> bool:
    """Whether one word in any case will do for it."""
    return any(
        len(sequence) == 1 and any(not word.exact for word in sequence[0].words)
        for phrases in term.phrases.values()
        for phrase in phrases
        if "@" not in phrase.text
        for sequence in phrase.sequences
    )
