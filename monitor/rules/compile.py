"""Turns a rule set into an index of all its phrases and, for each rule, the words without which it cannot match."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, count

from monitor.rules.index import Found, SequenceIndex, telling
from monitor.rules.read_rule import compulsory
from monitor.rules.schema import ANY_LANGUAGE, Phrase, Rule, RuleSet, Term
from monitor.rules.text import TEXT, TITLE, Hit, Reading
from monitor.text.fold import fold_class


@dataclass(frozen=True, slots=True)
class FiledPhrases:
    """The phrases of a term in one language: those that stand in the index `kind` by their numbers there, and the expressions."""

    kind: str
    numbered: Mapping[int, Phrase]
    expressions: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class FiledTerm:
    """A term whose phrases stand in the index, by language; `number` is its own in its set."""

    number: int
    name: str
    phrases: Mapping[str, FiledPhrases]

    def languages(self, language: str, scope: Iterable[str]) -> tuple[str, ...]:
        """The language keys to look under: the article's own or, unsure (""), all of `scope`."""
        wanted = (language,) if language else tuple(scope)
        return tuple(dict.fromkeys(key if key in self.phrases else ANY_LANGUAGE for key in wanted))


@dataclass(frozen=True, slots=True)
class FiledRule:
    """A rule whose terms stand in the index."""

    rule: Rule
    terms: Mapping[str, FiledTerm]


@dataclass(slots=True)
class Hits:
    """Where sequences were found in one document, by folding; found when first asked for."""

    reading: Reading
    compiled: Compiled
    only: Mapping[str, AbstractSet[int]] | None = None
    """By folding the sequences that are wanted; None for all."""
    _there: dict[str, dict[tuple[int, str], list[int]]] = field(default_factory=dict)
    _found: dict[str, tuple[Found, Found]] = field(default_factory=dict)
    _terms: dict[tuple[int, tuple[str, ...]], list[Hit]] = field(default_factory=dict)

    def found(self, kind: str) -> tuple[Found, Found]:
        """All places in title and text under one folding, those too that go beyond a sentence, which no phrase may."""
        known = self._found.get(kind)
        if known is None:
            index = self.compiled.indexes[kind]
            only = None if self.only is None else self.only[kind]
            title, text = (index.find_in(self.reading.raw(part), kind, only) for part in (TITLE, TEXT))
            known = self._found[kind] = (title, text)
        return known

    def there(self, kind: str) -> dict[tuple[int, str], list[int]]:
        """Number of a term and language of its phrases → the sequences that were found of them."""
        known = self._there.get(kind)
        if known is None:
            known = self._there[kind] = {}
            title, text = self.found(kind)
            for sequence in dict.fromkeys((*title, *text)):
                for owner in self.compiled.owners[kind].get(sequence, ()):
                    known.setdefault(owner, []).append(sequence)
        return known

    def of(self, term: FiledTerm, languages: tuple[str, ...]) -> list[Hit]:
        """The hits of a term in order of place; of several in one place the longest phrase written stands for all."""
        key = (term.number, languages)
        known = self._terms.get(key)
        if known is None:
            known = self._terms[key] = self._search(term, languages)
        return known

    def _search(self, term: FiledTerm, languages: tuple[str, ...]) -> list[Hit]:
        best: dict[tuple[int, int, int], Hit] = {}
        for language in languages:
            filed = term.phrases.get(language)
            for part, first, last, phrase in self._places(term, filed, language) if filed else ():
                known = best.get((part, first, last))
                if known is None or _longer(phrase) > _longer(known.phrase):
                    best[part, first, last] = Hit(part, first, last, term.name, phrase)
        return [best[place] for place in sorted(best)]

    def _places(self, term: FiledTerm, filed: FiledPhrases, language: str) -> Iterator[tuple[int, int, int, Phrase]]:
        there = self.there(filed.kind).get((term.number, language), ())
        for part, found in enumerate(self.found(filed.kind)) if there else ():
            for number in there:
                for first, last in found.get(number, ()):
                    if self.reading.in_one_sentence(part, first, last):
                        yield part, first, last, filed.numbered[number]
        for phrase in filed.expressions:
            for part, first, last in self._expression(phrase, language):
                yield part, first, last, phrase

    def _expression(self, phrase: Phrase, language: str) -> Iterator[tuple[int, int, int]]:
        """An expression's finds, widened to whole words so that they have a place among them."""
        assert phrase.regex
        for part in (TITLE, TEXT):
            found = self.reading.words[part]
            for start, end in phrase.regex.find(self.reading.whole(part, language)):
                first, last = found.within(start, end)
                if first <= last:
                    yield part, first, last


def _longer(phrase: Phrase) -> tuple[int, str]:
    return len(phrase.text), phrase.text


class Compiled:
    """A rule set ready to run: one index per folding, the rules, and which of them a found sequence calls up."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.indexes: dict[str, SequenceIndex] = {"": SequenceIndex()}
        self.owners: dict[str, dict[int, list[tuple[int, str]]]] = {"": {}}
        """By folding: sequence → the terms that it belongs to, each with the language under which they have it."""
        self._terms = count()
        self.rules = tuple(self._rule(rule) for rule in ruleset.rules)
        self.names = tuple((entry.name, self._term(entry.term)) for entry in ruleset.named)
        self.negators = self._term(ruleset.negators.term)
        self.exceptions = self._term(ruleset.negators.exceptions)
        self.called: dict[str, dict[int, list[int]]] = {kind: {} for kind in self.indexes}
        self.always: list[int] = []
        for number, filed in enumerate(self.rules):
            self._call(number, filed)
        self.spoken = {name.id: frozenset(term.phrases) for name, term in self.names}
        self.name_of: dict[str, dict[int, list[tuple[str, str]]]] = {kind: {} for kind in self.indexes}
        for name, term in self.names:
            for language, entries in term.phrases.items():
                for sequence in entries.numbered:
                    self.name_of[entries.kind].setdefault(sequence, []).append((name.id, language))

    def _rule(self, rule: Rule) -> FiledRule:
        return FiledRule(rule, {name: self._term(term) for name, term in rule.terms.items()})

    def _term(self, term: Term) -> FiledTerm:
        filed = {}
        term_number = next(self._terms)
        for language, phrases in term.phrases.items():
            kind = fold_class(language)
            index = self.indexes.setdefault(kind, SequenceIndex())
            owners = self.owners.setdefault(kind, {})
            numbered: dict[int, Phrase] = {}
            for phrase in sorted(phrases, key=_longer):
                numbered.update((index.add(sequence), phrase) for sequence in phrase.sequences)
            owner = (term_number, language)
            for number in numbered:
                owners.setdefault(number, []).append(owner)
            filed[language] = FiledPhrases(kind, numbered, tuple(phrase for phrase in phrases if phrase.regex))
        return FiledTerm(term_number, term.name, filed)

    def _call(self, number: int, filed: FiledRule) -> None:
        """File a rule under the sequences of its most telling gate: without one of them it cannot match."""
        gate = max(gates(filed.rule), key=lambda names: _narrows(filed.rule, names), default=None)
        if gate is None:
            self.always.append(number)
            return
        for name in gate:
            for entries in filed.terms[name].phrases.values():
                called = self.called[entries.kind]
                for sequence in entries.numbered:
                    rules = called.setdefault(sequence, [])
                    if not rules or rules[-1] != number:
                        rules.append(number)

    def asked_by(self, rules: Iterable[FiledRule]) -> dict[str, AbstractSet[int]]:
        """By folding the sequences that these rules ask for, and what negates."""
        asked: dict[str, set[int]] = {kind: set() for kind in self.indexes}
        for term in chain((self.negators, self.exceptions), *(filed.terms.values() for filed in rules)):
            for entries in term.phrases.values():
                asked[entries.kind].update(entries.numbered)
        return dict(asked)

    def speaks(self, name: str, spoken: str, language: str) -> bool:
        """Whether the spellings of a name that are filed under `spoken` are those for articles in `language`."""
        return spoken == (language if language in self.spoken[name] else ANY_LANGUAGE)

    def candidates(self, hits: Hits, kinds: Iterable[str]) -> list[int]:
        """Numbers of the rules that may match, in order."""
        found = set(self.always)
        for kind in kinds:
            called = self.called[kind]
            for places in hits.found(kind):
                for sequence in places:
                    found.update(called.get(sequence, ()))
        return sorted(found)


def gates(rule: Rule) -> list[tuple[str, ...]]:
    """Groups of terms, free of expressions, of which one each must hit for the rule to match."""
    groups = [group for condition in rule.require for group in compulsory(condition)]
    if rule.threshold > 0:
        scored = [compulsory(item.condition) for item in rule.score if item.weight > 0]
        if scored and all(scored):
            groups.append(tuple(dict.fromkeys(name for group in scored for name in group[0])))
    return [group for group in groups if not any(_has_expression(rule.terms[name]) for name in group)]


def _has_expression(term: Term) -> bool:
    return any(phrase.regex for phrases in term.phrases.values() for phrase in phrases)


def _narrows(rule: Rule, names: tuple[str, ...]) -> float:
    """How seldom a group of terms is likely to hit: the letters its phrases ask for, on average."""
    asked = [
        math.fsum(telling(step) for step in sequence)
        for name in names
        for phrases in rule.terms[name].phrases.values()
        for phrase in phrases
        for sequence in phrase.sequences
    ]
    return math.fsum(asked) / len(asked) if asked else 0.0
