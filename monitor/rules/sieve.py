"""Tells from the words kept of an archived article, and never wrongly, that no rule on trial can match it; it reads no text and no rule file.

The words are those of the engine, each once, in one byte a letter (`prefilter.coarse`): finding those of all rules among them costs a few
microseconds an article, so that only articles which have the words that a rule requires are read and evaluated in full.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import chain

import ahocorasick_rs

from monitor.model.match import ArticleWords, Document
from monitor.rules.evaluate import FACTORS
from monitor.rules.prefilter import coarse
from monitor.rules.schema import (
    ANY_LANGUAGE,
    AllCondition,
    AnyCondition,
    Condition,
    NearCondition,
    Rule,
    SourceCondition,
    TermCondition,
)
from monitor.rules.terms import Sequence, Step, WordPattern
from monitor.rules.text import LEAST_LETTERS, read_document
from monitor.text.fold import FOLDED_LANGUAGES, WORD, fold_class, fold_word
from monitor.text.tokens import folded_words

_FORM = 1
"""Raised by hand where words are written in another way that single letters do not show."""
_LETTERS = (range(0x20, 0x530), range(0x1E00, 0x1F00), range(0x2010, 0x2070))
_NO_LETTER = b"\x00"
_MOST_FOR_TABLE = 5_000
"""With more literals than that a full table of states takes more memory than its speed is worth."""
_ROUNDED = 0.001
_REMEMBERED = 50_000


@cache
def form() -> str:
    """Names the way in which words are written; another name, as after a change of folding, and kept words are worth nothing."""
    letters = [chr(code) for codes in _LETTERS for code in codes]
    kinds = ("", *FOLDED_LANGUAGES)
    written = [coarse(fold_word(letter, kind)[0]) for letter in letters for kind in kinds]
    told = repr((_FORM, LEAST_LETTERS, WORD.pattern, unicodedata.unidata_version, written))
    return sha256(told.encode()).hexdigest()[:16]


def words_of(document: Document) -> ArticleWords:
    """What is kept of an article for `Sieve`: each word between two spaces."""
    language = read_document(document).language()
    kind = fold_class(language)
    both = chain(folded_words(document.title, kind), folded_words(document.text, kind))
    return ArticleWords(form(), language, b" %b " % _written(" ".join(dict.fromkeys(folded for folded, _ in both))))


def _written(folded: str) -> bytes:
    """Folded words in one byte a letter; letters that have none become one that no literal has."""
    whole = coarse(folded)
    if whole is not None:
        return whole
    return b" ".join(_letters(word) if (found := coarse(word)) is None else found for word in folded.split(" "))


def _letters(word: str) -> bytes:
    return b"".join(_NO_LETTER if (found := coarse(letter)) is None else found for letter in word)


class Sieve:
    """What some rules require, ready to be looked for in kept words."""

    def __init__(self, rules: Iterable[Rule], slack: float) -> None:
        """
        Args:
            rules: Those on trial.
            slack: A score so far below the threshold is of interest too.
        """
        self._rules = tuple(rules)
        self._slack = slack
        self._spoken: dict[str, _Spoken] = {}

    def possible(self, kept: ArticleWords) -> frozenset[str]:
        """The ids of rules that may match, or come within the slack of their threshold; all others certainly do neither.

        Args:
            kept: What `words_of` gave.
        """
        spoken = self._spoken.get(kept.language)
        if spoken is None:
            spoken = self._spoken[kept.language] = _Spoken(self._rules, kept.language, self._slack)
        return spoken.possible(kept.words)


@dataclass(frozen=True, slots=True)
class _Needed:
    """A sequence met by one of its words: `steps` are the literals of the others, of which one each must occur too."""

    rule: int
    term: str
    steps: tuple[frozenset[int], ...]


class _Spoken:
    """A sieve for articles of one language, or of any."""

    def __init__(self, rules: Iterable[Rule], language: str, slack: float) -> None:
        self._rules = [rule for rule in rules if not language or language in rule.langs]
        self._slack = slack
        self._literals: dict[bytes, int] = {}
        self._called: list[list[_Needed]] = []
        self._given = [frozenset(self._file(number, rule, language)) for number, rule in enumerate(self._rules)]
        self._always = frozenset(
            rule.id for number, rule in enumerate(self._rules) if self._may_match(number, self._given[number])
        )
        self._automaton = _automaton(list(self._literals))
        self._known: dict[tuple[int, frozenset[str]], bool] = {}

    def possible(self, words: bytes) -> frozenset[str]:
        if self._automaton is None:
            return self._always
        present = {found[0] for found in self._automaton.find_matches_as_indexes(words, overlapping=True)}
        terms: dict[int, set[str]] = {}
        for literal in present:
            for needed in self._called[literal]:
                if not any(present.isdisjoint(step) for step in needed.steps):
                    terms.setdefault(needed.rule, set()).add(needed.term)
        found = [self._rules[rule].id for rule, names in terms.items() if self._asked(rule, frozenset(names))]
        return self._always.union(found) if found else self._always

    def _asked(self, rule: int, names: frozenset[str]) -> bool:
        """`_may_match` with what the words cannot tell, remembered: few of the sets of terms that articles have are new."""
        known = self._known.get((rule, names))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[rule, names] = self._may_match(rule, names | self._given[rule])
        return known

    def _file(self, number: int, rule: Rule, language: str) -> Iterator[str]:
        """File the terms that a rule asks for; gives those of which the words cannot tell whether they occur."""
        asked = chain(rule.require, (item.condition for item in rule.score))
        for name in dict.fromkeys(chain.from_iterable(map(terms_of, asked))):
            phrases = rule.terms[name].phrases
            keys = {key if key in phrases else ANY_LANGUAGE for key in ((language,) if language else rule.langs)}
            found = [phrase for key in sorted(keys) for phrase in phrases.get(key, ())]
            needed = [self._needed(number, name, sequence) for phrase in found for sequence in phrase.sequences]
            if any(phrase.regex for phrase in found) or None in needed:
                yield name

    def _needed(self, rule: int, term: str, sequence: Sequence) -> _Needed | None:
        """File a sequence under its longest word; None where no literal can stand for one of its words."""
        steps = [_literals(step) for step in sequence]
        if None in steps or not steps:
            return None
        key = max(range(len(steps)), key=lambda at: min(map(len, steps[at] or ())))
        numbers = [frozenset(map(self._number, step or ())) for step in steps]
        found = _Needed(rule, term, tuple(step for at, step in enumerate(numbers) if at != key))
        for number in numbers[key]:
            self._called[number].append(found)
        return found

    def _number(self, literal: bytes) -> int:
        number = self._literals.setdefault(literal, len(self._literals))
        if number == len(self._called):
            self._called.append([])
        return number

    def _may_match(self, number: int, terms: Collection[str]) -> bool:
        """Whether a rule can match, or nearly match, an article that has hits of these terms and of no others."""
        rule = self._rules[number]
        if not all(_may_hold(condition, terms) for condition in rule.require):
            return False
        if rule.threshold <= 0:
            return True
        most = sum(item.weight for item in rule.score if item.weight > 0 and _may_hold(item.condition, terms)) * max(
            FACTORS.values()
        )
        return most > 0 and most >= rule.threshold - self._slack - _ROUNDED


def _automaton(literals: list[bytes]) -> ahocorasick_rs.BytesAhoCorasick | None:
    if not literals:
        return None
    table = ahocorasick_rs.Implementation.DFA if len(literals) <= _MOST_FOR_TABLE else None
    return ahocorasick_rs.BytesAhoCorasick(literals, implementation=table)


def _literals(step: Step) -> tuple[bytes, ...] | None:
    """One literal for each thing that a word may be; None where a letter has no byte."""
    found = [_literal(pattern) for pattern in step.words]
    return None if None in found else tuple(filter(None, found))


def _literal(pattern: WordPattern) -> bytes | None:
    letters = coarse(pattern.folded)
    if not letters:
        return None
    return b" " + letters if pattern.prefix else b" %b " % letters


def _may_hold(condition: Condition, terms: Collection[str]) -> bool:
    """Whether a condition can hold where these terms hit somewhere and no others do."""
    match condition:
        case TermCondition(term=term):
            return term in terms
        case NearCondition(operands=operands):
            return all(any(name in terms for name in operand) for operand in operands)
        case AllCondition(parts=parts):
            return all(_may_hold(part, terms) for part in parts)
        case AnyCondition(parts=parts):
            return any(_may_hold(part, terms) for part in parts)
        case SourceCondition():
            return True


def terms_of(condition: Condition) -> Iterator[str]:
    """The terms that a condition names."""
    match condition:
        case TermCondition(term=term):
            yield term
        case NearCondition(operands=operands):
            yield from chain.from_iterable(operands)
        case AnyCondition(parts=parts) | AllCondition(parts=parts):
            yield from chain.from_iterable(map(terms_of, parts))
        case SourceCondition():
            return
