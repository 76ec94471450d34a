"""What a change of rules does to an archive: articles won and lost, with what is known of them, and directions that turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.model.match import Direction, Match
from monitor.rules.backtest import Shown, shown, week_of
from monitor.rules.marks import Mark
from monitor.rules.trial import NOTHING, Outcome, Seen


@dataclass(frozen=True, slots=True)
class Moved:
    """An article that a rule wins or loses by the change."""

    article: Shown
    mark: Mark


@dataclass(frozen=True, slots=True)
class Turned:
    """An article that both versions match, pointing another way. `right` is what people said of its direction, None where nothing."""

    article: Shown
    old: Direction
    new: Direction
    right: Direction | None


@dataclass(frozen=True, slots=True)
class WeekTurned:
    """A week whose verdict for the rule changes."""

    week: str
    old: Direction
    new: Direction


@dataclass(frozen=True, slots=True)
class RuleRegress:
    """One rule before and after, over the archive; `weeks` is how many weeks either version has a match in."""

    rule: str
    old_hits: int
    new_hits: int
    won: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    turned: tuple[Turned, ...]
    weeks: int
    weeks_turned: tuple[WeekTurned, ...]

    def count(self, moved: Iterable[Moved], mark: Mark) -> int:
        """How many of them are marked so."""
        return sum(item.mark is mark for item in moved)

    @property
    def regressions(self) -> int:
        """Relevant articles lost, articles won that are not relevant, and directions that were right and no longer are."""
        lost, won = self.count(self.lost, Mark.RELEVANT), self.count(self.won, Mark.NOT_RELEVANT)
        return lost + won + sum(turned.right is turned.old for turned in self.turned)

    @property
    def unknown(self) -> int:
        """Losses that nobody judged: as long as there are any, nobody can say that nothing was lost."""
        return self.count(self.lost, Mark.NONE)


@dataclass(slots=True)
class _Count:
    rule: str
    old: int = 0
    new: int = 0
    won: list[Moved] = field(default_factory=list)
    lost: list[Moved] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    before: dict[str, Counter[Direction]] = field(default_factory=dict)
    after: dict[str, Counter[Direction]] = field(default_factory=dict)

    def take(self, filed: Seen, old: Match | None, new: Match | None) -> None:
        self.old += old is not None
        self.new += new is not None
        mark = filed.judged.mark(self.rule)
        if new and not old:
            self.won.append(Moved(shown(filed, new.score), mark))
        elif old and not new:
            self.lost.append(Moved(shown(filed, old.score), mark))
        elif old and new and old.direction is not new.direction:
            self.turned.append(Turned(shown(filed), old.direction, new.direction, filed.judged.direction))
        week = week_of(filed.published) if filed.dated else "undated"
        for match, weeks in ((old, self.before), (new, self.after)):
            if match:
                weeks.setdefault(week, Counter())[match.direction] += 1


class RegressCount:
    """Counts two outcomes article by article; only articles that move are kept."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._counts = [_Count(rule) for rule in rules]

    def take(self, filed: Seen, old: Outcome, new: Outcome) -> None:
        """Count one article."""
        if old is NOTHING and new is NOTHING:
            return
        for count in self._counts:
            count.take(filed, old.match(count.rule), new.match(count.rule))

    def result(self) -> tuple[RuleRegress, ...]:
        """By rule, in the order given."""
        return tuple(_result(count) for count in self._counts)


def verdict(directions: Mapping[Direction, int]) -> Direction:
    """Which way a week's articles point: the side that more of them are on; neutral where neither has more."""
    improves, worsens = directions.get(Direction.IMPROVES, 0), directions.get(Direction.WORSENS, 0)
    if improves == worsens:
        return Direction.NEUTRAL
    return Direction.IMPROVES if improves > worsens else Direction.WORSENS


def _result(count: _Count) -> RuleRegress:
    weeks = sorted(count.before.keys() | count.after.keys())
    verdicts = [(week, verdict(count.before.get(week, {})), verdict(count.after.get(week, {}))) for week in weeks]
    return RuleRegress(
        rule=count.rule,
        old_hits=count.old,
        new_hits=count.new,
        won=tuple(count.won),
        lost=tuple(count.lost),
        turned=tuple(count.turned),
        weeks=len(weeks),
        weeks_turned=tuple(WeekTurned(*entry) for entry in verdicts if entry[1] is not entry[2]),
    )
