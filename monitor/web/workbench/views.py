"""What the templates of the workbench print: figures in words and drawings in numbers. It looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from monitor.digests.render.catalogue import Catalogue
from monitor.model.match import Direction
from monitor.model.problem import Problem, Severity
from monitor.rules.compare import Change
from monitor.rules.examples import ExampleResult, Outcome
from monitor.rules.quality import Share, Tally
from monitor.text.locale import number
from monitor.trials.draft_trial import Tried
from monitor.trials.live import Live, Week

BAR = 14
"""Width of a week in a drawing, of which the bar takes `BAR_WIDE`."""
BAR_WIDE = 10
HIGH = 48
MOST_CHANGES = 30
MOST_PARTS = 8
LONG = 120
"""Letters from which on two values are shown only where they differ."""
ARROWS = {Direction.IMPROVES: "↑", Direction.WORSENS: "↓", Direction.NEUTRAL: "→"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One week drawn: `x` and the heights, of the draft and of the saved rule, in the drawing's own units; `told` says it in words."""

    x: int
    new: float
    old: float
    told: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Weeks as bars on a ground of `wide` × `HIGH`."""

    wide: int
    high: int
    bars: tuple[Bar, ...]
    told: str


def weeks_drawn(weeks: Sequence[Week], words: Catalogue, *, compared: bool) -> Drawing:
    """The draft's articles a week as bars, with the saved rule's as a line across each."""
    most = max((max(week.old, week.new) for week in weeks), default=0) or 1

    def told(week: Week) -> str:
        key = "workbench.week_both" if compared else "workbench.week"
        return words.say(key, week=week.week, new=week.new, old=week.old)

    bars = tuple(
        Bar(place * BAR, round(HIGH * week.new / most, 1), round(HIGH * week.old / most, 1), told(week))
        for place, week in enumerate(weeks)
    )
    return Drawing(max(1, len(weeks)) * BAR, HIGH, bars, "; ".join(bar.told for bar in bars))


def weeks_of_row(counts: Sequence[int], weeks: Sequence[str], words: Catalogue) -> Drawing:
    """What is stored from a rule, week by week."""
    return weeks_drawn([Week(week, 0, count) for week, count in zip(weeks, counts, strict=True)], words, compared=False)


def decimal(value: float, language: str, places: int = 2) -> str:
    """A number with so many decimals, as the language writes it."""
    text = f"{value:.{places}f}"
    return text if language == "en" else text.replace(".", ",")


def share(found: Share, language: str) -> str:
    """A share with its interval: "0.83 (0.55–0.95), 5/6"; "–" of nothing."""
    if not found.whole:
        return "–"
    low, high = found.interval
    return f"{decimal(found.value, language)} ({decimal(low, language)}–{decimal(high, language)}), {found.part}/{found.whole}"


def tally_rows(tally: Tally, language: str) -> tuple[str, str]:
    """Precision and recall as `share` writes them."""
    return share(tally.precision, language), share(tally.recall, language)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as it is listed. `line` 0 stands for the file as a whole; `file` is "" for the file being edited."""

    severity: str
    code: str
    message: str
    mend: str
    line: int
    column: int
    file: str = ""


def findings(problems: Iterable[Problem], own: str) -> list[FindingLine]:
    """Problems as lines, errors first, then by place."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    lines = sorted(problems, key=lambda one: (order[one.severity], one.place.file != own, one.place, one.code))
    return [
        FindingLine(
            one.severity.value,
            one.code,
            one.message,
            one.mend,
            one.place.line,
            one.place.column,
            "" if one.place.file == own else one.place.file,
        )
        for one in lines
    ]


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """One inline test as it is listed; `why` has a line for each thing that is not as it should be."""

    kind: str
    title: str
    outcome: str
    line: int
    column: int
    why: tuple[str, ...]
    file: str = ""


def example_lines(results: Iterable[ExampleResult]) -> list[ExampleLine]:
    """The inline tests, those that fail first."""
    lines = [
        ExampleLine(
            one.example.kind,
            one.example.title,
            one.outcome.value,
            one.example.place.line,
            one.example.place.column,
            (*one.failures, *([one.explanation.would_match_if] if one.failures and one.explanation.would_match_if else []))
            if one.outcome is not Outcome.PASSED
            else ((one.other_reason,) if one.other_reason else ()),
            Path(one.example.place.file).name,
        )
        for one in results
    ]
    return sorted(lines, key=lambda one: one.outcome != Outcome.FAILED.value)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What a change took away and put in; of two long values only where they differ."""

    what: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def change_lines(changes: Iterable[Change]) -> list[ChangeLine]:
    """The differences of a rule, the first `MOST_CHANGES` of them."""
    lines = []
    for change in islice(changes, MOST_CHANGES):
        removed, added = change.removed[:MOST_PARTS], change.added[:MOST_PARTS]
        if len(removed) == len(added) == 1 and max(len(removed[0]), len(added[0])) > LONG:
            old, new = differing(removed[0], added[0])
            removed, added = (old,) if old else (), (new,) if new else ()
        lines.append(ChangeLine(change.what, removed, added))
    return lines


def differing(old: str, new: str) -> tuple[str, str]:
    """Of two lists written with commas the members that the other lacks, with … for what both have."""
    before, after = (re.split(r"(?<=,) ", text) for text in (old, new))
    told: tuple[list[str], list[str]] = ([], [])
    for kind, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for into, parts in zip(told, (before[start:end], after[other_start:other_end]), strict=True):
            into.append("…" if kind == "equal" else " ".join(parts))
    removed, added = (" ".join(part for part in parts if part) if set(parts) - {"…", ""} else "" for parts in told)
    return removed, added


def summary(tried: Tried, words: Catalogue) -> str:
    """What a trial came to, in a sentence or two, for who listens rather than looks."""
    errors = len(tried.check.errors)
    if tried.live is None and not errors and tried.examples:
        failed = tried.examples.count(Outcome.FAILED)
        tests = len(tried.examples.results)
        return words.count("workbench.examples_failed", failed) if failed else words.count("workbench.examples_passed", tests)
    if tried.live is None:
        return words.count("workbench.wrong", errors)
    live = tried.live
    said = [words.count("workbench.hits", live.hits)]
    if live.old_hits or live.won or live.lost:
        said.append(words.say("workbench.moved", won=_n(live.won, words), lost=_n(live.lost, words)))
    failed = tried.examples.count(Outcome.FAILED) if tried.examples else 0
    if failed:
        said.append(words.count("workbench.examples_failed", failed))
    return " ".join(said)


def seen(live: Live, words: Catalogue) -> str:
    """How much of the archive a trial looked at."""
    slots = {"seen": _n(live.seen, words), "all": _n(live.articles, words), "seconds": decimal(live.seconds, words.language, 1)}
    return words.say("workbench.seen_all" if live.complete else "workbench.seen_part", **slots)


def cost(live: Live, words: Catalogue) -> str:
    """What the draft takes for an article."""
    if live.cost_ms is None:
        return words.say("workbench.cost_none")
    return words.say("workbench.cost", ms=decimal(live.cost_ms, words.language), read=_n(live.read, words))


def _n(value: int, words: Catalogue) -> str:
    return number(value, words.language)
