"""Finds the nearest miss of a rule that did not match: what would have had to be there, and what came close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten

from monitor.rules.engine import label
from monitor.rules.evaluate import Check, Evaluation
from monitor.rules.index import Words
from monitor.rules.proximity import between, overlap
from monitor.rules.schema import (
    ANY_LANGUAGE,
    AllCondition,
    AnyCondition,
    NearCondition,
    Phrase,
    SourceCondition,
    TermCondition,
)
from monitor.rules.terms import Sequence, Step
from monitor.rules.text import Reading
from monitor.text.fold import fold_class

_SHOWN_TERMS = 3
_ALIKE = 0.7
_LEAST_LETTERS = 4


def what_is_missing(found: Evaluation, reading: Reading) -> str:
    """What the document would need for the rule to match, in words."""
    kind = found.stop.partition(":")[0]
    rule = found.rule.rule
    if kind == "languages":
        return f"the article were in {' or '.join(rule.langs)}; its language is {reading.document.language}"
    if kind == "threshold":
        missing = [scored for scored in found.scored if not scored.check.passed and scored.item.weight > 0]
        best = sorted(missing, key=lambda scored: -scored.item.weight)[:_SHOWN_TERMS]
        gains = [f"{label(scored.item.condition)} adds {scored.item.weight:g} or more" for scored in best]
        return f"there were {rule.threshold - found.score:.1f} more points: {', '.join(gains) or 'no item is left that could add any'}"
    wants = [f"{_stumbled(veto.check, reading)} did not stand there" for veto in found.vetoes if veto.struck]
    wants += [_wanted(check, found) for check in found.requires if not check.passed]
    score = f" (score so far {found.score:.1f} of {rule.threshold:.1f})" if rule.score else ""
    return "; and ".join(wants) + score


def _stumbled(check: Check, reading: Reading) -> str:
    """The words that struck, or the condition where it is no matter of words."""
    words = [f"«{reading.shown(hit)}»" for group in check.groups[:1] for hit in group]
    return " near ".join(words) or label(check.condition)


def why_not_near(check: Check) -> str:
    """Why a near does not hold: an operand is missing, or how far apart the closest hits are."""
    assert isinstance(check.condition, NearCondition)
    absent = ["|".join(names) for names, hits in zip(check.condition.operands, check.operands, strict=True) if not hits]
    if absent:
        return f"no {' and no '.join(absent)} found"
    first, *others = check.operands
    distances = [
        between(one, other)
        for one in first
        for hits in others
        for other in hits
        if one.field == other.field and not overlap(one, other)
    ]
    if not distances:
        return "never in one field, or the same words for both"
    if min(distances) <= check.condition.within:
        return "not in the order written, or not all of them together"
    return f"closest {min(distances)} words apart"


def _wanted(check: Check, found: Evaluation) -> str:
    condition = check.condition
    match condition:
        case TermCondition(term=name):
            return f"the text held {name}{_for_example(name, found)}"
        case SourceCondition(what=what, values=values):
            return f"the source's {what} were {' or '.join(sorted(values))}"
        case AnyCondition():
            wants = list(dict.fromkeys(_wanted(child, found) for child in check.children))
            more = f", or {len(wants) - _SHOWN_TERMS} other ways" if len(wants) > _SHOWN_TERMS else ""
            return ", or ".join(wants[:_SHOWN_TERMS]) + more
        case AllCondition():
            return ", and ".join(_wanted(child, found) for child in check.children if not child.passed)
        case NearCondition(operands=operands, within=within):
            shown = " and ".join("|".join(operand) for operand in operands)
            return f"{shown} stood within {within} words ({why_not_near(check)})"


def _for_example(name: str, found: Evaluation) -> str:
    phrases = [phrase.text for language in found.languages for phrase in _phrases(name, language, found)]
    shown = [shorten(text, 40, placeholder=" …") for text in phrases[:_SHOWN_TERMS]]
    return f" ({', '.join(shown)} …)" if shown else f" (it has no term in {', '.join(found.languages)})"


def _phrases(name: str, language: str, found: Evaluation) -> tuple[Phrase, ...]:
    by_language = found.rule.rule.terms[name].phrases
    return by_language.get(language) or by_language.get(ANY_LANGUAGE) or ()


@dataclass(frozen=True, slots=True, order=True)
class _Miss:
    share: float
    matched: int
    text: str


def nearest_phrase(found: Evaluation, reading: Reading) -> str:
    """The phrase of a missing term that came closest: "«усходн* фланг*» matched 1 of 2 words: ўсходнім | фланзе"; or ""."""
    names = {name for check in found.requires if not check.passed for name in _missing(check)}
    best: _Miss | None = None
    for name in sorted(names):
        for language in found.languages:
            for phrase in _phrases(name, language, found):
                miss = max(_misses(phrase, language, reading), default=None)
                if miss and (best is None or miss > best):
                    best = miss
    return best.text if best else ""


def _missing(check: Check) -> Iterator[str]:
    """Terms below a failed condition that were not found."""
    if check.children:
        for child in check.children:
            if not child.passed:
                yield from _missing(child)
    elif isinstance(check.condition, NearCondition):
        for names, hits in zip(check.condition.operands, check.operands, strict=True):
            yield from () if hits else names
    elif isinstance(check.condition, TermCondition):
        yield check.condition.term


def _misses(phrase: Phrase, language: str, reading: Reading) -> Iterator[_Miss]:
    for sequence in phrase.sequences:
        for part, (folded, exact) in enumerate(reading.folded(fold_class(language))):
            originals = [word.original for word in reading.words[part]]
            if len(sequence) > 1:
                yield from _partly(sequence, phrase, (folded, exact, originals))
            else:
                yield from _alike(sequence[0], phrase, folded, originals)


def _partly(sequence: Sequence, phrase: Phrase, text: tuple[Words, Words, list[str]]) -> Iterator[_Miss]:
    """Places where the beginning of a phrase stands, and the word that follows instead of the rest."""
    folded, exact, originals = text
    for start in range(len(folded)):
        at, matched = start, 0
        for step in sequence:
            reach = range(at, min(len(folded), at + 1 + step.gap)) if matched else range(start, start + 1)
            place = next((place for place in reach if accepts(step, folded[place], exact[place])), None)
            if place is None:
                break
            matched, at = matched + 1, place + 1
        if 0 < matched < len(sequence):
            rest = originals[at] if at < len(originals) else "end"
            words = " ".join(originals[start:at])
            yield _Miss(
                matched / len(sequence),
                matched,
                f"«{phrase.text}» matched {matched} of {len(sequence)} words: {words} | {rest}",
            )


def _alike(step: Step, phrase: Phrase, folded: list[str], originals: list[str]) -> Iterator[_Miss]:
    """Words that begin like a one-word phrase and end otherwise."""
    for pattern in step.words:
        if len(pattern.folded) < _LEAST_LETTERS:
            continue
        for word, original in zip(folded, originals, strict=True):
            share = _shared(pattern.folded, word) / len(pattern.folded)
            if share >= _ALIKE and not (pattern.prefix and share == 1):
                yield _Miss(share * 0.9, 0, f"«{phrase.text}» is close to «{original}»")


def _shared(one: str, other: str) -> int:
    """Letters that two words begin with alike."""
    return next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other))
    )


def accepts(step: Step, folded: str, exact: str) -> bool:
    """Whether a word, folded and as spelt, is what a step of a phrase asks for."""
    return any(
        (exact.startswith(word.exact) if word.prefix else exact == word.exact)
        if word.exact
        else (folded.startswith(word.folded) if word.prefix else folded == word.folded)
        for word in step.words
    )
