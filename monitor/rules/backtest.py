"""What rules did over an archive, counted: hits, sources, labels, phrases, near misses; rates only where labels bear them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.match import Direction, Match
from monitor.rules.marks import UNJUDGED, Mark
from monitor.rules.schema import Phrase, Rule
from monitor.rules.sieve import terms_of
from monitor.rules.trial import NOTHING, Filed, Outcome, Seen

MOST_NEAR = 50
"""So many near misses are kept by name; all are counted."""
BLAME = 0.5
"""A phrase in at least this share of the false positives, and in two at least, is pointed at."""


@dataclass(frozen=True, slots=True)
class PhraseTally:
    """One phrase of a term in one language. `only` counts the articles in which nothing else proves its term."""

    term: str
    language: str
    phrase: str
    hits: int
    only: int
    right: int
    wrong: int
    blamed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as lists name it."""

    id: str
    when: datetime | None
    source: str
    title: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class RuleTally:
    """One rule over the archive. `right` and `wrong` are labelled hits; hits that may go either way are in `either`."""

    rule: str
    version: int
    status: str
    hits: int
    per_week: float
    stories: int
    sources: int
    right: int
    wrong: int
    either: int
    missed: tuple[Shown, ...]
    false_positives: tuple[Shown, ...]
    directions: Mapping[Direction, int]
    near: int
    near_misses: tuple[Shown, ...]
    phrases: tuple[PhraseTally, ...]
    weeks: Mapping[str, int]

    @property
    def unlabelled(self) -> int:
        """Hits that nobody judged."""
        return self.hits - self.right - self.wrong - self.either

    @property
    def precision(self) -> float | None:
        """Right hits among those labelled right or wrong; None where there is none: nothing is guessed."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    @property
    def recall(self) -> float | None:
        """Right hits among the articles labelled relevant; None where there is none."""
        wanted = self.right + len(self.missed)
        return self.right / wanted if wanted else None

    @property
    def never_fired(self) -> tuple[PhraseTally, ...]:
        """Phrases without a hit, in languages that the archive has."""
        return tuple(tally for tally in self.phrases if not tally.hits)


@dataclass(frozen=True, slots=True)
class Backtest:
    """Rules over an archive. `labelled` is how many of its articles anybody judged for any rule."""

    articles: int
    sources: int
    languages: Mapping[str, int]
    first: datetime | None
    last: datetime | None
    labelled: int
    rules: tuple[RuleTally, ...]


@dataclass(slots=True)
class _Count:
    """One rule while counting."""

    rule: Rule
    hits: list[tuple[Filed, Match]] = field(default_factory=list)
    missed: list[Seen] = field(default_factory=list)
    near: list[Shown] = field(default_factory=list)
    near_count: int = 0

    def take(self, filed: Seen, outcome: Outcome) -> None:
        match = outcome.match(self.rule.id)
        if match and isinstance(filed, Filed):
            self.hits.append((filed, match))
            return
        if filed.judged.mark(self.rule.id) is Mark.RELEVANT:
            self.missed.append(filed)
        for near in outcome.near:
            if near.rule == self.rule.id:
                self.near_count += 1
                if len(self.near) < MOST_NEAR:
                    self.near.append(shown(filed, near.score))


class BacktestCount:
    """Counts outcomes article by article, so that an archive need not fit in memory: only hits and misses are kept."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._counts = [_Count(rule) for rule in rules]
        self._languages: Counter[str] = Counter()
        self._sources: set[str] = set()
        self._labelled = 0
        self._first: datetime | None = None
        self._last: datetime | None = None

    def take(self, filed: Seen, outcome: Outcome) -> None:
        """Count one article."""
        published, judged = filed.published, filed.judged
        self._languages[filed.language] += 1
        self._sources.add(filed.source)
        self._labelled += bool(judged.whole or judged.relevant or judged.not_relevant)
        if filed.dated:
            self._first = min(self._first or published, published)
            self._last = max(self._last or published, published)
        if judged is UNJUDGED and outcome is NOTHING:
            return
        for count in self._counts:
            count.take(filed, outcome)

    @property
    def hits(self) -> tuple[tuple[Filed, tuple[Match, ...]], ...]:
        """Every article that any rule matched, once, with its matches."""
        found: dict[str, tuple[Filed, list[Match]]] = {}
        for count in self._counts:
            for filed, match in count.hits:
                found.setdefault(filed.article.id, (filed, []))[1].append(match)
        return tuple((filed, tuple(matches)) for filed, matches in found.values())

    def result(self, story_of: Mapping[str, str], span: tuple[datetime, datetime] | None = None) -> Backtest:
        """The figures. `story_of` gives the story of each hit; `span` is what "per week" divides by, the archive's own without it."""
        ends = span or ((self._first, self._last) if self._first and self._last else None)
        weeks = max(1.0, (ends[1] - ends[0]).total_seconds() / (7 * 86_400)) if ends else 1.0
        spoken = set(self._languages)
        return Backtest(
            articles=self._languages.total(),
            sources=len(self._sources),
            languages=dict(self._languages.most_common()),
            first=self._first,
            last=self._last,
            labelled=self._labelled,
            rules=tuple(_tally(count, story_of, weeks, spoken) for count in self._counts),
        )


def shown(filed: Seen, score: float = 0.0) -> Shown:
    """An article as lists name it."""
    return Shown(filed.id, filed.published if filed.dated else None, filed.source, filed.title, score)


def week_of(moment: datetime) -> str:
    """The ISO week of a moment in UTC ("2019-W10")."""
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02}"


def _tally(count: _Count, story_of: Mapping[str, str], weeks: float, spoken: set[str]) -> RuleTally:
    rule, hits = count.rule, count.hits
    marks = Counter(filed.judged.mark(rule.id) for filed, _ in hits)
    ids = [filed.article.id for filed, _ in hits]
    return RuleTally(
        rule=rule.id,
        version=rule.version,
        status=rule.header.status.value,
        hits=len(hits),
        per_week=len(hits) / weeks,
        stories=len({story_of.get(article, article) for article in ids}),
        sources=len({filed.article.source.name for filed, _ in hits}),
        right=marks[Mark.RELEVANT],
        wrong=marks[Mark.NOT_RELEVANT],
        either=marks[Mark.EITHER],
        missed=tuple(shown(filed) for filed in count.missed),
        false_positives=tuple(shown(filed, match.score) for filed, match in hits if _wrong(filed, rule)),
        directions={side: sum(match.direction is side for _, match in hits) for side in Direction},
        near=count.near_count,
        near_misses=tuple(count.near),
        phrases=tuple(_phrases(rule, hits, spoken)),
        weeks=dict(sorted(Counter(week_of(filed.article.published) for filed, _ in hits if filed.dated).items())),
    )


def _wrong(filed: Filed, rule: Rule) -> bool:
    return filed.judged.mark(rule.id) is Mark.NOT_RELEVANT


_Key = tuple[str, str, str]


def _phrases(rule: Rule, hits: Sequence[tuple[Filed, Match]], spoken: set[str]) -> Iterator[PhraseTally]:
    """Every phrase that can prove something, most hits first within its term; those of languages that the archive lacks are left out."""
    total: Counter[_Key] = Counter()
    alone: Counter[_Key] = Counter()
    right: Counter[_Key] = Counter()
    wrong: Counter[_Key] = Counter()
    for filed, match in hits:
        found = _proofs(rule, filed.document.language, match)
        mark = filed.judged.mark(rule.id)
        terms = Counter(term for term, _, _ in found)
        for key in found:
            total[key] += 1
            alone[key] += terms[key[0]] == 1
            right[key] += mark is Mark.RELEVANT
            wrong[key] += mark is Mark.NOT_RELEVANT
    false_positives = sum(_wrong(filed, rule) for filed, _ in hits)
    least = max(2.0, BLAME * false_positives)
    for name in sorted(proving_terms(rule)):
        keys = [
            (name, language, text)
            for language, phrases in rule.terms[name].phrases.items()
            for text in dict.fromkeys(phrase.text for phrase in phrases)
            if language in spoken or total[name, language, text] or not spoken - {""}
        ]
        for key in sorted(keys, key=lambda key: (-total[key], key)):
            blamed = wrong[key] >= least and wrong[key] > right[key]
            yield PhraseTally(*key, total[key], alone[key], right[key], wrong[key], blamed)


def _proofs(rule: Rule, language: str, match: Match) -> set[_Key]:
    """The phrases that prove a match or give it a direction, each with the language under which it stands in the rule."""
    spans = [*match.spans, *(cue.span for cue in match.cues)]
    found = set()
    for span in spans:
        if span.term in rule.terms:
            phrases = rule.terms[span.term].phrases
            found.add((span.term, _language_of(phrases, language, span.phrase), span.phrase))
    return found


def _language_of(phrases: Mapping[str, tuple[Phrase, ...]], likely: str, text: str) -> str:
    order = sorted(phrases, key=lambda code: code != likely)
    return next((code for code in order if any(phrase.text == text for phrase in phrases[code])), likely)


def proving_terms(rule: Rule) -> set[str]:
    """The terms whose hits a match can show: those of require, score and direction cues, not those that only mask, veto or anchor."""
    conditions = [*rule.require, *(item.condition for item in rule.score), *(cue.condition for cue in rule.cues)]
    return {name for condition in conditions for name in terms_of(condition)}
