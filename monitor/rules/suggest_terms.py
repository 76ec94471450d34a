"""Proposes words for a rule: those that articles it missed hold more often than the rest; what a word means, people decide."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model.match import Document
from monitor.rules.lint_terms import everyday_words, word_contains
from monitor.rules.schema import Rule
from monitor.rules.terms import WordPattern
from monitor.text.tokens import tokens

LEAST_LETTERS = 4
PRIOR = 10.0
"""How many articles the common word frequencies weigh against those of the missed ones."""


@dataclass(frozen=True, slots=True)
class TermIdea:
    """A word, folded: in how many missed and other articles of its language it stands, and how far that is from chance, as a z-score."""

    word: str
    language: str
    missed: int
    others: int
    z: float


def suggest_terms(rule: Rule, missed: Sequence[Document], others: Iterable[Document], most: int = 20) -> tuple[TermIdea, ...]:
    """Words over-represented in `missed` against `others`, the surest first; words that a term of the rule takes alone are left out.

    Weighted log-odds of article counts with a prior from both sets together (Monroe, Colaresi and Quinn, "Fightin' Words", 2008), in
    each language by itself. A word must stand in two missed articles of its language, or in the one there is.
    """
    known = _known_words(rule)
    new = [
        idea
        for idea in telling_words(missed, others)
        if not any(word_contains(pattern, WordPattern(idea.word)) for pattern in known)
    ]
    return tuple(new[:most])


def telling_words(chosen: Sequence[Document], others: Iterable[Document]) -> list[TermIdea]:
    """Words over-represented in `chosen` against `others`, the surest first; as `suggest_terms`, for no rule in particular."""
    there = _by_language(others)
    found: list[TermIdea] = []
    for language, documents in _by_language(chosen).items():
        if language:
            found.extend(
                _ideas(_counts(documents, language), _counts(there.get(language, []), language), language, len(documents))
            )
    return sorted(found, key=lambda idea: (-idea.z, -idea.missed, idea.word))


def _by_language(documents: Iterable[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(document.language, []).append(document)
    return found


def _counts(documents: Iterable[Document], language: str) -> Counter[str]:
    everyday = everyday_words(language)
    counts: Counter[str] = Counter()
    for document in documents:
        words = {token.folded for token in tokens(f"{document.title}\n{document.text}", language)}
        counts.update(word for word in words if len(word) >= LEAST_LETTERS and word.isalpha() and word not in everyday)
    return counts


def _ideas(here: Counter[str], there: Counter[str], language: str, articles: int) -> Iterable[TermIdea]:
    both = here + there
    total_here, total_there, total = here.total(), there.total(), both.total()
    for word, count in here.items():
        if count < min(2, articles):
            continue
        prior = PRIOR * both[word] / total * 100
        weight = PRIOR * 100
        one = math.log((count + prior) / (total_here + weight - count - prior))
        other = math.log((there[word] + prior) / (total_there + weight - there[word] - prior))
        z = (one - other) / math.sqrt(1 / (count + prior) + 1 / (there[word] + prior))
        if z > 0 or not there:  # nothing to compare with: what is shared is all there is to say
            yield TermIdea(word, language, count, there[word], z)


def _known_words(rule: Rule) -> list[WordPattern]:
    """What terms of the rule take with one word alone."""
    return [
        word
        for term in rule.terms.values()
        for phrases in term.phrases.values()
        for phrase in phrases
        for sequence in phrase.sequences
        if len(sequence) == 1
        for word in sequence[0].words
        if not word.exact
    ]
