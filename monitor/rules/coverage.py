"""Measures what the inline tests of the rules exercise, phrase by phrase, and which phrases no test needs; it reads no file and no store.

Three numbers, each with its definition: rules that have passing tests of both kinds; phrases that prove something in a passing
test; and topics by language with what an archive holds of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from monitor.model.digest import RuleVoice
from monitor.model.match import Analysis, Document
from monitor.rules.engine import Engine, proving
from monitor.rules.evaluate import Check, Evaluation
from monitor.rules.examples import ExampleResult, Outcome, example_document, run_examples
from monitor.rules.schema import Example, Header, Life, Phrase, Rule, RuleSet, ScoreItem, Term, TermCondition


@dataclass(frozen=True, slots=True)
class PhraseUse:
    """A phrase of a rule (or of a shared list, `owner` is then "@" and its id) and whether a passing test exercises it."""

    owner: str
    term: str
    phrase: Phrase
    tested: bool


@dataclass(frozen=True, slots=True)
class RuleTests:
    """How many tests of each kind a rule passes, by language for those that must match."""

    rule: str
    langs: tuple[str, ...]
    must_match: Mapping[str, int]
    must_not: int

    @property
    def both(self) -> bool:
        """True with at least one passing should_match and one passing should_not_match."""
        return bool(sum(self.must_match.values()) and self.must_not)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests exercise. `shared` are phrases of the names and lexicons that the rules refer to."""

    rules: tuple[RuleTests, ...]
    phrases: tuple[PhraseUse, ...]
    shared: tuple[PhraseUse, ...]

    @property
    def share(self) -> float:
        """Share of the rules' own phrases that are exercised, 0 to 1; 1 where there are none."""
        return sum(use.tested for use in self.phrases) / len(self.phrases) if self.phrases else 1.0


@dataclass(frozen=True, slots=True)
class Dropped:
    """What dropping one phrase did to the tests of its rule: the tests that then fail, none where nothing notices."""

    rule: str
    term: str
    phrase: Phrase
    failing: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds: hits by rule and language; articles in all, matched by no rule, and by two or more."""

    hits: Mapping[tuple[str, str], int]
    articles: int
    unmatched: int
    several: int
    pairs: tuple[tuple[tuple[str, str], int], ...] = ()
    """Two rules that matched the same articles, with the number of these; most first."""


def cover(ruleset: RuleSet, rules: Iterable[str] = ()) -> Coverage:
    """What the inline tests of all rules, or of those named, exercise.

    A phrase is exercised where it proves a requirement, a score or a direction cue in a should_match that passes; one of a mask or
    a veto also where it does its work in a should_not_match that passes. Of several phrases that fit one place the longest counts.
    """
    wanted = set(rules)
    chosen = tuple(rule for rule in ruleset.rules if not wanted or rule.id in wanted)
    seen = replace(ruleset, rules=tuple(map(_with_cues_seen, chosen)))
    engine = Engine(seen)
    passed = [result for result in run_examples(seen, engine).results if result.outcome is Outcome.PASSED]
    proved = {(result.rule, *key) for result in passed for key in _exercised(engine, result)}
    own = [(rule.id, term, phrase) for rule in chosen for term, phrase in phrases_of(rule)]
    uses = tuple(PhraseUse(rule, term, phrase, (rule, *_key(term, phrase)) in proved) for rule, term, phrase in own)
    return Coverage(tuple(_tests(rule, passed) for rule in chosen), uses, _shared(ruleset, chosen, passed, uses))


def phrases_of(rule: Rule) -> Iterator[tuple[str, Phrase]]:
    """Every phrase of a rule with the name of its term, as written."""
    for name, term in rule.terms.items():
        for phrases in term.phrases.values():
            for phrase in phrases:
                yield name, phrase


def drop_each(ruleset: RuleSet, rule: Rule, among: Iterable[tuple[str, Phrase]] | None = None) -> Iterator[Dropped]:
    """Drop one phrase of a rule at a time, all or those `among`, and run the tests that it has a part in."""
    alone = replace(ruleset, rules=(rule,), named=())
    seen = replace(alone, rules=(_with_cues_seen(rule),))
    engine = Engine(seen)
    parts: dict[tuple[str, str, str], list[Example]] = {}
    for result in run_examples(seen, engine).results:
        if result.outcome is Outcome.PASSED:
            for key in _exercised(engine, result):
                parts.setdefault(key, []).append(result.example)
    for term, phrase in phrases_of(rule) if among is None else among:
        examples = parts.get(_key(term, phrase), [])
        yield Dropped(rule.id, term, phrase, _failing(alone, rule, term, phrase, examples) if examples else ())


def count_archive(analyses: Iterable[tuple[Document, Analysis]]) -> Archive:
    """Count what the rules found in an archive."""
    hits: Counter[tuple[str, str]] = Counter()
    found: Counter[int] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for document, analysis in analyses:
        hits.update((match.rule, document.language) for match in analysis.matches)
        found[min(2, len(analysis.matches))] += 1
        pairs.update(combinations(sorted({match.rule for match in analysis.matches}), 2))
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return Archive(hits, found.total(), found[0], found[2], tuple(ordered))


def _failing(alone: RuleSet, rule: Rule, term: str, phrase: Phrase, examples: list[Example]) -> tuple[Example, ...]:
    whole = rule.terms[term]
    left = {
        language: tuple(other for other in phrases if _key(term, other) != _key(term, phrase))
        for language, phrases in whole.phrases.items()
    }
    terms = {**rule.terms, term: Term(term, {language: phrases for language, phrases in left.items() if phrases}, whole.place)}
    less = replace(alone, rules=(replace(rule, terms=terms, examples=tuple(examples)),))
    results = run_examples(less, Engine(less)).results
    return tuple(result.example for result in results if result.outcome is Outcome.FAILED)


def _key(term: str, phrase: Phrase) -> tuple[str, str, str]:
    return term, phrase.language, phrase.text


def _with_cues_seen(rule: Rule) -> Rule:
    """The rule with its cues as score items of no weight: what proves them can then be seen, and nothing else changes."""
    return replace(rule, score=(*rule.score, *(ScoreItem(cue.condition, 0.0) for cue in rule.cues)))


def _exercised(engine: Engine, result: ExampleResult) -> set[tuple[str, str, str]]:
    found, _ = engine.evaluate(result.rule, example_document(result.example))
    keys = {_key(hit.term, hit.phrase) for hit in found.masked}
    for veto in found.vetoes:
        checks = [veto.check, veto.unless] if veto.unless else [veto.check]
        keys |= _proved_by(checks)
    if result.example.kind != "should_match":
        return keys
    anchors = {_key(cue.near.term, cue.near.phrase) for cue in found.cues if cue.near and not cue.cancelled}
    return keys | anchors | _proved_by(_checks(found))


def _checks(found: Evaluation) -> Iterator[Check]:
    """Requirements, scores, and the cues that count."""
    yield from found.requires
    counted = [cue.cue.condition for cue in found.cues if not cue.cancelled]
    for scored in found.scored:
        if scored.item.weight or scored.item.condition in counted:
            yield scored.check


def _proved_by(checks: Iterable[Check]) -> set[tuple[str, str, str]]:
    return {_key(hit.term, hit.phrase) for check in checks for hit in proving(check)}


def _tests(rule: Rule, passed: Iterable[ExampleResult]) -> RuleTests:
    own = [result.example for result in passed if result.rule == rule.id]
    must = Counter(example.language for example in own if example.kind == "should_match")
    return RuleTests(rule.id, rule.langs, must, sum(example.kind == "should_not_match" for example in own))


def _shared(
    ruleset: RuleSet, chosen: tuple[Rule, ...], passed: list[ExampleResult], uses: tuple[PhraseUse, ...]
) -> tuple[PhraseUse, ...]:
    """The phrases of names and lexicons that tested phrases refer to: which of them stand in a passing should_match."""
    reached = {
        word.strip("@()|") for use in uses if use.tested for word in use.phrase.text.replace("|", " ").split() if "@" in word
    }
    lists = [lexicon.term for lexicon in ruleset.lexicons] + [entry.term for entry in ruleset.named]
    wanted = [term for term in lists if term.name in reached]
    engine = Engine(replace(ruleset, rules=tuple(map(_as_rule, wanted)), named=()))
    langs = {language for rule in chosen for language in rule.langs}
    documents = [example_document(result.example) for result in passed if result.example.kind == "should_match"]
    found: list[PhraseUse] = []
    for term in wanted:
        checks = [check for document in documents for check in engine.evaluate(term.name, document)[0].requires]
        proved = _proved_by(checks)
        phrases = [phrase for language, phrases in term.phrases.items() if language in langs for phrase in phrases]
        found += [PhraseUse(f"@{term.name}", term.name, phrase, _key(term.name, phrase) in proved) for phrase in phrases]
    return tuple(found)


def _as_rule(term: Term) -> Rule:
    """A shared list as a rule that holds where the list hits."""
    return Rule(
        id=term.name,
        version=1,
        header=Header(term.name, Life.DRAFT),
        place=term.place,
        hash="",
        langs=tuple(term.phrases),
        terms={term.name: term},
        require=(TermCondition(term.name),),
        score=(),
        threshold=0.0,
        masks=(),
        vetoes=(),
        window=0,
        cues=(),
        voice=RuleVoice(term.name, term.name, 1),
        examples=(),
    )
