"""Tries a drafted rule beside the saved one on the newest articles, within bounds of time and number; it stores and sends nothing.

Newest first, so that a trial that had to stop has seen what matters most, and says how much it saw.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.model.article import Article
from monitor.model.match import Direction, Match
from monitor.rules.backtest import week_of
from monitor.rules.engine import Engine
from monitor.rules.explain import Explanation, explain
from monitor.rules.marks import Mark
from monitor.rules.schema import Life, Rule, RuleSet
from monitor.rules.trial import NOTHING, Filed, Seen, Trial
from monitor.rules.why_not import nearly
from monitor.trials.archive import Archive
from monitor.trials.passages import Passages, passages

SHOWN = 20
"""Articles of a list; all are counted."""
MOST_NEAR_TRIED = 400
"""So many articles that do not match are looked at closely, to tell which came near."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a trial may go: seconds of this clock, articles; `stopped` is asked before each article."""

    seconds: float = 8.0
    articles: int = 50_000
    stopped: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Version:
    """A rule with what it refers to, ready to run whatever its status."""

    rule: Rule
    trial: Trial
    engine: Engine

    @staticmethod
    def of(rule: Rule, ruleset: RuleSet) -> Version:
        """One rule of a set, alone: what its @names stand for is in its terms already."""
        running = replace(rule, header=replace(rule.header, status=Life.ACTIVE))
        alone = replace(ruleset, rules=(running,), named=())
        return Version(rule, Trial(alone), Engine(alone))


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, with the words that did it. `score` is of the version that matches; `why_not` tells why one does not."""

    article: Article
    mark: Mark
    passages: Passages
    score: float = 0.0
    direction: Direction = Direction.NEUTRAL
    why_not: str = ""
    would_match_if: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week ("2019-W10") with the articles that the saved rule finds in it and those that the draft does."""

    week: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Live:
    """What a trial came to. Lists hold the newest `SHOWN`; `complete` where every one of `articles` was seen.

    `cost_ms` is what the draft takes for an article that must be read in full, None where none had to be.
    """

    hits: int
    old_hits: int
    weeks: tuple[Week, ...]
    directions: dict[Direction, int]
    sources: int
    samples: tuple[Listed, ...]
    won: int
    won_shown: tuple[Listed, ...]
    lost: int
    lost_shown: tuple[Listed, ...]
    near: int
    near_shown: tuple[Listed, ...]
    articles: int
    seen: int
    read: int
    cost_ms: float | None
    seconds: float
    complete: bool
    cancelled: bool


@dataclass(slots=True)
class _Count:
    """What has been counted so far; the newest articles come first, so that the first of a list are those to show."""

    draft: Version
    saved: Version | None
    old: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    directions: Counter[Direction] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    samples: list[Listed] = field(default_factory=list)
    won: list[Listed] = field(default_factory=list)
    lost: list[Listed] = field(default_factory=list)
    near: list[Listed] = field(default_factory=list)
    moved: Counter[str] = field(default_factory=Counter)
    near_tried: int = 0
    seen: int = 0
    read: int = 0
    cost_s: float = 0.0

    def take(self, item: Seen) -> None:
        """Try one article."""
        self.seen += 1
        if not isinstance(item, Filed):
            return
        self.read += 1
        began = time.thread_time()
        now = self.draft.trial.run(item.document, item.possible)
        self.cost_s += time.thread_time() - began
        was = self.saved.trial.run(item.document, item.possible) if self.saved else NOTHING
        rule = self.draft.rule.id
        self._matched(item, was.match(self.saved.rule.id) if self.saved else None, now.match(rule))

    def _matched(self, item: Filed, old: Match | None, new: Match | None) -> None:
        week = week_of(item.published)
        if old:
            self.old[week] += 1
        if new:
            self.new[week] += 1
            self.directions[new.direction] += 1
            self.sources.add(item.source)
            self._list("samples", self.samples, item, new)
        if new and not old and self.saved:
            self._list("won", self.won, item, new)
        elif old and not new:
            self._list("lost", self.lost, item, old)
        elif not new and self.near_tried < MOST_NEAR_TRIED:
            self.near_tried += 1
            if nearly(self.draft.engine.evaluate(self.draft.rule.id, item.document)[0]):
                self._list("near", self.near, item, None)

    def _list(self, name: str, into: list[Listed], item: Filed, match: Match | None) -> None:
        self.moved[name] += 1
        if len(into) >= SHOWN:
            return
        told: Explanation | None = None
        if name in {"lost", "near"}:
            told = explain(self.draft.rule.id, item.document, self.draft.engine)
        into.append(
            Listed(
                article=item.article,
                mark=item.judged.mark(self.draft.rule.id),
                passages=passages(item.document, match),
                score=match.score if match else told.score if told else 0.0,
                direction=match.direction if match else Direction.NEUTRAL,
                why_not=told.stopped_at if told else "",
                would_match_if=told.would_match_if if told else "",
            )
        )


def try_live(draft: Version, saved: Version | None, archive: Archive, bounds: Bounds) -> Live:
    """Try a draft on an archive, beside the saved version where there is one.

    Args:
        draft: The rule to try.
        saved: What to compare it with; None for a rule that is new.
        archive: Newest articles first; its `since` and `until` are what the weeks are counted over.
        bounds: Where to stop.
    """
    count = _Count(draft, saved)
    trials = [version.trial for version in (draft, saved) if version]
    began = time.monotonic()
    cancelled = False
    for item in archive.sifted(Trial.sieve(trials)):
        cancelled = bounds.stopped()
        if cancelled or count.seen >= bounds.articles or time.monotonic() - began > bounds.seconds:
            break
        count.take(item)
    return _result(count, archive, time.monotonic() - began, cancelled)


def _result(count: _Count, archive: Archive, seconds: float, cancelled: bool) -> Live:
    return Live(
        hits=count.new.total(),
        old_hits=count.old.total(),
        weeks=tuple(Week(week, count.old[week], count.new[week]) for week in weeks_between(archive, (*count.old, *count.new))),
        directions={side: count.directions[side] for side in Direction},
        sources=len(count.sources),
        samples=tuple(count.samples),
        won=count.moved["won"],
        won_shown=_look_first(count.won, Mark.NOT_RELEVANT),
        lost=count.moved["lost"],
        lost_shown=_look_first(count.lost, Mark.RELEVANT),
        near=count.moved["near"],
        near_shown=tuple(count.near),
        articles=archive.count,
        seen=count.seen,
        read=count.read,
        cost_ms=1000 * count.cost_s / count.read if count.read else None,
        seconds=seconds,
        complete=count.seen >= archive.count and not cancelled,
        cancelled=cancelled,
    )


def _look_first(moved: Sequence[Listed], worse: Mark) -> tuple[Listed, ...]:
    """What is known to be worse first, then what nobody has judged."""
    order = {worse: 0, Mark.NONE: 1}
    return tuple(sorted(moved, key=lambda item: order.get(item.mark, 2)))


def weeks_between(archive: Archive, found: Iterable[str] = ()) -> tuple[str, ...]:
    """Every ISO week of an archive's span, those without a match too; those found where the span is open."""
    if archive.since is None or archive.until is None:
        return tuple(sorted(set(found)))
    return weeks_of(archive.since, archive.until)


def weeks_of(since: datetime, until: datetime) -> tuple[str, ...]:
    """The ISO weeks, in UTC, that a span touches, in order."""
    moments = (*(since + timedelta(days=day) for day in range((until - since).days + 1)), until)
    return tuple(dict.fromkeys(map(week_of, moments)))
