"""Judges rules against labelled articles: what they find, what they miss, which way it points, how sure that is; it reads no file.

A label is a required match; what is also allowed is never a false positive; an article points the way that the sum over its
matches says, neutral under 2. Intervals are Wilson's (1927), at 95 %.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from monitor.model.match import Direction, Document, Match
from monitor.rules.engine import Engine, proving
from monitor.rules.evaluate import DIRECTION_THRESHOLD
from monitor.rules.explain import explain
from monitor.rules.schema import RuleSet, Term

Z = 1.96
"""Standard deviations of a normal distribution within which 95 % lie."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and what people said of it. `direction` is of the article, None where nobody judged it; `event` groups articles."""

    document: Document
    required: frozenset[str]
    allowed: frozenset[str] = frozenset()
    direction: Direction | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Decisions counted: right finds, wrong finds, misses."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> Share:
        """Right finds of all finds."""
        return Share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Share:
        """Right finds of all that should be found."""
        return Share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both, 0 to 1; 1 where there was nothing to find and nothing was found."""
        return _f1_of(self._jaccard.value)

    @property
    def f1_interval(self) -> tuple[float, float]:
        """F1 is 2J / (1 + J) of J = right / (right + wrong + missed), a share: Wilson's bounds of J, carried over.

        Unlike resampling it says something where nothing is wrong, and needs no chance.
        """
        low, high = self._jaccard.interval
        return _f1_of(low), _f1_of(high)

    @property
    def _jaccard(self) -> Share:
        return Share(self.right, self.right + self.wrong + self.missed)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int = 0
    whole: int = 0

    @property
    def value(self) -> float:
        """0 to 1; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 %; all of 0 to 1 of nothing."""
        return wilson(self.part, self.whole)


class Slip(StrEnum):
    """What can be wrong."""

    MISSED = "missed"
    WRONG = "wrongly found"
    DIRECTION = "points wrongly"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrong decision and `why` the rule decided so; `rule` is all that matched, joined by "+", for a direction."""

    article: str
    title: str
    language: str
    rule: str
    slip: Slip
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One article judged: its tally by rule, whether its direction is right (None: not judged), and what is wrong."""

    labelled: Labelled
    found: frozenset[str]
    tallies: Mapping[str, Tally]
    direction_right: bool | None
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """All articles judged. `by_rule` has a tally for each rule judged, `by_language` over all rules."""

    verdicts: tuple[Verdict, ...]
    by_rule: Mapping[str, Tally]
    by_language: Mapping[str, Tally]
    micro: Tally
    direction: Share
    direction_by_rule: Mapping[str, Share]
    direction_by_language: Mapping[str, Share]

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """Every wrong decision, in order of the articles."""
        return tuple(slip for verdict in self.verdicts for slip in verdict.wrong)

    @property
    def macro_f1(self) -> float:
        """The mean of the rules' F1; 1 of no rule."""
        return math.fsum(tally.f1 for tally in self.by_rule.values()) / len(self.by_rule) if self.by_rule else 1.0


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's score interval for a share, at 95 %. J. Am. Stat. Assoc. 22 (1927), 209–212."""
    if not whole:
        return 0.0, 1.0
    share = part / whole
    middle = share + Z * Z / (2 * whole)
    reach = Z * math.sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    below = 1 + Z * Z / whole
    return max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below)


def article_direction(matches: Iterable[Match]) -> tuple[Direction, float]:
    """Which way an article points: the sum over its matches, neutral under 2 either way."""
    balance = math.fsum(match.direction_score for match in matches)
    if abs(balance) < DIRECTION_THRESHOLD:
        return Direction.NEUTRAL, balance
    return (Direction.IMPROVES if balance > 0 else Direction.WORSENS), balance


def judge(engine: Engine, labelled: Labelled, rules: Iterable[str]) -> Verdict:
    """Judge what the rules make of one article; only `rules` are counted, all take part in its direction."""
    document = labelled.document
    matches = engine.analyse(document).matches
    counted = set(rules)
    found = frozenset(match.rule for match in matches) & counted
    wanted = labelled.required & counted
    tallies = {rule: Tally(right=1) for rule in found & wanted}
    tallies |= {rule: Tally(missed=1) for rule in wanted - found}
    tallies |= {rule: Tally(wrong=1) for rule in found - wanted - labelled.allowed}
    slips = [_slip(document, rule, Slip.MISSED, explain(rule, document, engine).stopped_at) for rule in sorted(wanted - found)]
    slips += [
        _slip(document, match.rule, Slip.WRONG, match.reason) for match in matches if tallies.get(match.rule) == Tally(wrong=1)
    ]
    right = None
    if labelled.direction and found & wanted:
        points, balance = article_direction(matches)
        right = points is labelled.direction
        if not right:
            why = f"{points.value} ({balance:+.1f}), not {labelled.direction.value}: {_cues(matches)}"
            slips.append(_slip(document, "+".join(sorted(found)), Slip.DIRECTION, why))
    return Verdict(labelled, found, tallies, right, tuple(slips))


def evaluate_quality(
    engine: Engine, articles: Iterable[Labelled], rules: Iterable[str] = (), done: Callable[[], None] = lambda: None
) -> Quality:
    """Judge the rules, or those named, on all articles; `done` is called after each."""
    counted = tuple(rules) or tuple(rule.id for rule in engine.ruleset.rules if rule.runs)
    verdicts = []
    for labelled in articles:
        verdicts.append(judge(engine, labelled, counted))
        done()
    return _summed(verdicts, counted)


def _summed(verdicts: Sequence[Verdict], rules: Iterable[str]) -> Quality:
    by_rule: dict[str, Tally] = {rule: Tally() for rule in rules}
    by_language: dict[str, Tally] = {}
    shares = _Shares()
    for verdict in verdicts:
        language = verdict.labelled.document.language or "?"
        by_language.setdefault(language, Tally())
        for rule, tally in verdict.tallies.items():
            by_rule[rule] = by_rule.get(rule, Tally()) + tally
            by_language[language] += tally
        if verdict.direction_right is not None:
            shares.count(verdict.direction_right, language, verdict.found & verdict.labelled.required)
    micro = sum(by_rule.values(), Tally())
    return Quality(tuple(verdicts), by_rule, dict(sorted(by_language.items())), micro, *shares.result())


@dataclass(slots=True)
class _Shares:
    """Directions counted in all, by rule and by language."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    all: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, right: bool, language: str, rules: Iterable[str]) -> None:
        for key in [("", ""), ("language", language), *(("rule", rule) for rule in rules)]:
            self.all[key] += 1
            self.right[key] += right

    def result(self) -> tuple[Share, dict[str, Share], dict[str, Share]]:
        by_rule, by_language = (
            {name: Share(self.right[kind, name], count) for (kind, name), count in sorted(self.all.items()) if kind == wanted}
            for wanted in ("rule", "language")
        )
        return Share(self.right["", ""], self.all["", ""]), by_rule, by_language


def without_the_event(ruleset: RuleSet, articles: Sequence[Labelled], done: Callable[[], None] = lambda: None) -> Quality:
    """Judge each event by the rules less every phrase that only this event's articles back: a check against over-fitting.

    Rules are not trained, so they cannot be trained again without an event. What can be taken away is each phrase that hits in its
    articles and in no other labelled one: such a phrase may have been written because of it. What is left is what the other events
    would have taught; the figure is on the low side, since some of these phrases were written out of knowledge of the language.
    """
    engine = Engine(ruleset)
    groups: dict[str, list[Labelled]] = {}
    for labelled in articles:
        groups.setdefault(labelled.event or labelled.document.id, []).append(labelled)
    rules = [rule.id for rule in ruleset.rules if rule.runs]
    backed = {event: {key for one in group for key in _hits(engine, rules, one.document)} for event, group in groups.items()}
    backers = Counter(key for keys in backed.values() for key in keys)
    verdicts = []
    for event, group in groups.items():
        own = {key for key in backed[event] if backers[key] == 1}
        less = Engine(_without(ruleset, own)) if own else engine
        verdicts += [judge(less, labelled, rules) for labelled in group]
        for _ in group:
            done()
    return _summed(verdicts, rules)


_Key = tuple[str, str, str, str]
"""Rule, term, language and text of a phrase."""


def _hits(engine: Engine, rules: Iterable[str], document: Document) -> set[_Key]:
    """The phrases that prove something about an article, or keep a rule from it."""
    keys = set()
    for rule in rules:
        found, _ = engine.evaluate(rule, document)
        checks = [veto.check for veto in found.vetoes]
        if not found.stop:
            checks += [*found.requires, *(scored.check for scored in found.scored)]
        hits = [*found.masked, *(hit for check in checks for hit in proving(check)), *(cue.hit for cue in found.cues)]
        keys |= {(rule, hit.term, hit.phrase.language, hit.phrase.text) for hit in hits}
    return keys


def _without(ruleset: RuleSet, own: set[_Key]) -> RuleSet:
    rules = tuple(
        replace(rule, terms={name: _less(rule.id, term, own) for name, term in rule.terms.items()}) for rule in ruleset.rules
    )
    return replace(ruleset, rules=rules)


def _less(rule: str, term: Term, own: set[_Key]) -> Term:
    kept = {
        language: tuple(phrase for phrase in phrases if (rule, term.name, language, phrase.text) not in own)
        for language, phrases in term.phrases.items()
    }
    return Term(term.name, {language: phrases for language, phrases in kept.items() if phrases}, term.place)


def _slip(document: Document, rule: str, slip: Slip, why: str) -> Wrong:
    return Wrong(document.id, document.title, document.language, rule, slip, why)


def _cues(matches: Iterable[Match]) -> str:
    shown = [f"«{cue.span.text}» {cue.score:+.1f}" for match in matches for cue in match.cues if not cue.cancelled]
    return ", ".join(shown) or "no cue counts"


def _f1_of(jaccard: float) -> float:
    return 2 * jaccard / (1 + jaccard)
