"""The escape hatch of the term language: regular expressions whose cost is bounded by their form, so that none needs a stop-watch.

A time limit would make the same article match on a fast machine and not on a slow one. Instead every repeat must have an upper
bound and the number of ways through the expression is counted before it may run.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from monitor.text.fold import Folded, fold

MAX_WAYS = 5_000
"""Most ways through an expression from one starting point: about a millisecond on the longest word it can meet."""
_FREE = frozenset((op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN, op.AT, op.CATEGORY, op.RANGE))


class RegexWrong(ValueError):
    """The expression is not one, or could run away; `mend` says how to write it instead."""

    def __init__(self, message: str, mend: str = "") -> None:
        self.mend = mend
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class BoundedRegex:
    """An expression that is safe to run on any text: at most `ways` steps from each place."""

    source: str
    language: str
    ways: int
    _compiled: re.Pattern[str] = field(repr=False, compare=False)

    def find(self, folded: Folded) -> Iterator[tuple[int, int]]:
        """Spans of the original text, half open, not empty."""
        for found in self._compiled.finditer(folded.text):
            if found.end() > found.start():
                yield folded.span(found.start(), found.end())


def bounded_regex(source: str, language: str) -> BoundedRegex:
    """Compile an expression that will be run on text folded for `language`; its own letters are folded too.

    Raises:
        RegexWrong: It does not parse, looks around or back, repeats without bound, or has too many ways through it.
    """
    if not source.strip():
        raise RegexWrong("the expression is empty")
    folded = re.sub(r"\\.|.", lambda found: found[0] if found[0].startswith("\\") else _fold_letter(found[0], language), source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what may mean another thing in the next Python is wrong now: [[a] or [a--b]
            compiled = re.compile(folded)
            ways = _ways(parser.parse(folded))
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise RegexWrong(f"the expression does not parse: {error}") from error
    if ways > MAX_WAYS:
        raise RegexWrong(
            f"there are {ways:,} ways through the expression; {MAX_WAYS:,} are allowed",
            "use smaller bounds, or write several terms",
        )
    if compiled.match(""):
        raise RegexWrong("the expression matches nothing at all", "make at least one part compulsory")
    return BoundedRegex(source, language, ways, compiled)


def _fold_letter(letter: str, language: str) -> str:
    folded = fold(letter, language).text
    return folded if len(folded) == 1 else letter.lower()


def _ways(tree: Any) -> int:
    """How many paths a backtracking matcher may try from one place, at worst."""
    total = 1
    for code, argument in tree:
        total *= _ways_of(code, argument)
        if total > 1_000_000:
            return total
    return total


def _ways_of(code: Any, argument: Any) -> int:
    if code in _FREE:
        return 1
    if code is op.SUBPATTERN:
        return _ways(argument[3])
    if code is op.BRANCH:
        return sum(_ways(branch) for branch in argument[1])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        low, high, body = argument
        if high is op.MAXREPEAT:
            raise RegexWrong("a repeat without an upper bound", r"write {0,20} for *, {1,20} for +")
        each = _ways(body)
        return high - low + 1 if each == 1 else sum(min(each, 1000) ** min(count, 13) for count in range(low, high + 1))
    if code is op.ATOMIC_GROUP:
        return _ways(argument)
    raise RegexWrong("looking around or back is not allowed", "use near, or the term language")
