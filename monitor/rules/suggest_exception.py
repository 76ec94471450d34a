"""Proposes masks and vetoes for false hits of a rule, and only such as leave every labelled true hit a hit; tried with the engine itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from monitor.model.match import Document, Field
from monitor.model.problem import Place
from monitor.rules.engine import Engine
from monitor.rules.explain import explain
from monitor.rules.lint_terms import everyday_words
from monitor.rules.read_terms import no_references
from monitor.rules.schema import Life, Mask, Phrase, Rule, RuleSet, Term, TermCondition, Veto
from monitor.rules.terms import TermWrong, parse_term
from monitor.text.tokens import Token, tokens

LEAST_EXAMPLES = 2
MOST_TRIED = 60
_LONGEST = 4
_WHY = "proposed from false hits; say why"


class Words(NamedTuple):
    """A candidate: words that several false hits share. `veto` is True for a word of titles, False for a phrase around a hit."""

    text: str
    language: str
    veto: bool


@dataclass(frozen=True, slots=True)
class Exemption:
    """What is proposed: the words, the false hits they silence, and those that are left; nothing where nothing is safe."""

    words: tuple[Words, ...]
    silenced: tuple[str, ...]
    left: tuple[str, ...]
    kept: int
    """How many labelled true hits were tried, all of which stay."""


def suggest_exception(rule: Rule, ruleset: RuleSet, false: Sequence[Document], true: Iterable[Document]) -> Exemption:
    """Masks, and where they do not reach vetoes on titles, that silence false hits.

    Args:
        rule: One of `ruleset`.
        false: Articles that the rule finds and should not; those that it does not find are left aside.
        true: Articles that it should find; only those that it does find are held against a proposal.

    Raises:
        ValueError: Fewer than two false hits, or no true hit to hold the proposal against.
    """
    engine = _engine(rule, ruleset)
    wrong = [document for document in false if _matches(engine, rule, document)]
    right = [document for document in true if _matches(engine, rule, document)]
    if len(wrong) < LEAST_EXAMPLES:
        raise ValueError(
            f"{LEAST_EXAMPLES} false hits are needed, {len(wrong)} of those given match: one is a case, two are a pattern"
        )
    if not right:
        raise ValueError("no labelled true hit: nothing could show that the exception costs none")
    chosen: list[Words] = []
    left = wrong
    tried = {
        words: _silenced(with_exception(rule, [words]), ruleset, wrong, right)
        for words in _candidates(rule, engine, wrong, right)
    }
    while left:
        gains = {words: [document for document in left if document.id in ids] for words, ids in tried.items()}
        best = max(gains, key=lambda words: (len(gains[words]), not words.veto, -len(words.text), words.text), default=None)
        if best is None or not gains[best] or len(tried[best]) < LEAST_EXAMPLES:
            break
        chosen.append(best)
        left = [document for document in left if document not in gains[best]]
    silenced = _silenced(with_exception(rule, chosen), ruleset, wrong, right) if chosen else frozenset()
    if not silenced:
        chosen = []
    return Exemption(
        tuple(chosen),
        tuple(document.id for document in wrong if document.id in silenced),
        tuple(document.id for document in wrong if document.id not in silenced),
        len(right),
    )


def with_exception(rule: Rule, chosen: Iterable[Words]) -> Rule:
    """The rule with the words as further masks and vetoes."""
    terms = dict(rule.terms)
    masks, vetoes = list(rule.masks), list(rule.vetoes)
    for words in chosen:
        name = f"veto:{len(vetoes)}" if words.veto else f"mask:{len(masks)}"
        phrase = Phrase(words.text, words.language, Place("proposed"), parse_term(words.text, words.language, no_references))
        terms[name] = Term(name, {words.language: (phrase,)}, Place("proposed"))
        if words.veto:
            vetoes.append(Veto(TermCondition(name, frozenset({Field.TITLE})), _WHY))
        else:
            masks.append(Mask(name, _WHY))
    return replace(rule, terms=terms, masks=tuple(masks), vetoes=tuple(vetoes))


def _engine(rule: Rule, ruleset: RuleSet) -> Engine:
    """The rule alone, run even if it is a draft; what its @names stand for is in its terms already."""
    running = replace(rule, header=replace(rule.header, status=Life.ACTIVE))
    return Engine(replace(ruleset, rules=(running,), named=()))


def _matches(engine: Engine, rule: Rule, document: Document) -> bool:
    return explain(rule, document, engine).matched


def _silenced(rule: Rule, ruleset: RuleSet, wrong: Sequence[Document], right: Sequence[Document]) -> frozenset[str]:
    """Ids of the false hits that no longer match; none where a true hit is lost too."""
    engine = _engine(rule, ruleset)
    if not all(_matches(engine, rule, document) for document in right):
        return frozenset()
    return frozenset(document.id for document in wrong if not _matches(engine, rule, document))


def _candidates(rule: Rule, engine: Engine, wrong: Sequence[Document], right: Sequence[Document]) -> list[Words]:
    """Phrases around hits and words of titles that two false hits share, the most shared first."""
    counts: Counter[Words] = Counter()
    for document in wrong:
        counts.update({*_around_hits(rule, engine, document), *_of_title(document)})
    spoken = {words for document in right for words in _of_title(document)}
    shared = [words for words, count in counts.items() if count >= LEAST_EXAMPLES and words not in spoken and _reads(words)]
    # a phrase inside a longer one that as many share says less: the longer one is tried first
    shared.sort(key=lambda words: (-counts[words], words.veto, -len(words.text), words))
    return shared[:MOST_TRIED]


def _reads(words: Words) -> bool:
    try:
        parse_term(words.text, words.language, no_references)
    except TermWrong:
        return False
    return True


def _around_hits(rule: Rule, engine: Engine, document: Document) -> Iterable[Words]:
    """Two to four words of one sentence that hold a hit and a telling word beside it."""
    everyday = everyday_words(document.language)
    spans = _spans(rule, engine, document)
    for part, text in ((Field.TITLE, document.title), (Field.TEXT, document.text)):
        found = tokens(text, document.language)
        hit = {
            place for place, token in enumerate(found) if any(start <= token.start < end for start, end in spans.get(part, ()))
        }
        for first in range(len(found)):
            for last in range(first + 1, min(first + _LONGEST, len(found))):
                inside = range(first, last + 1)
                beside = [found[place].folded for place in inside if place not in hit]
                telling = any(word not in everyday and not word.isdigit() for word in beside)
                if telling and len(beside) < len(inside) and found[first].sentence == found[last].sentence:
                    yield Words(_joined(found[first : last + 1]), document.language, veto=False)


def _joined(found: Iterable[Token]) -> str:
    return " ".join(token.folded for token in found)


def _spans(rule: Rule, engine: Engine, document: Document) -> Mapping[Field, list[tuple[int, int]]]:
    spans: dict[Field, list[tuple[int, int]]] = {}
    for match in engine.analyse(document).matches:
        if match.rule == rule.id:
            for span in match.spans:
                spans.setdefault(span.field, []).append((span.start, span.end))
    return spans


def _of_title(document: Document) -> Iterable[Words]:
    everyday = everyday_words(document.language)
    for token in tokens(document.title, document.language):
        if len(token.folded) > 3 and token.folded.isalpha() and token.folded not in everyday:
            yield Words(token.folded, document.language, veto=True)


def exception_lines(found: Exemption) -> list[str]:
    """The proposal as lines to paste under `match:`."""
    lines: list[str] = []
    for label, item in exception_items(found):
        if f"  {label}:" not in lines:
            lines.append(f"  {label}:")
        lines.append(f"    - {item}")
    return lines


def exception_items(found: Exemption) -> list[tuple[str, str]]:
    """The proposal as ("mask" or "veto", the item of that list), masks first."""
    return [
        ("veto" if words.veto else "mask", f'{{terms: {{{words.language}: ["{words.text}"]}}, {more}why: "{_WHY}"}}')
        for words in sorted(found.words, key=lambda words: words.veto)
        for more in ["in: [title], " if words.veto else ""]
    ]
