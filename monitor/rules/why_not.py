"""Tells why a rule missed an article that was expected: what failed, nearest first, and the change that would mend it, tried with the engine.

A change is told only if the rule, so changed, matches the article; it writes nothing and does not say that the change is wise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.model.match import Document
from monitor.model.problem import Place
from monitor.rules.engine import Engine, label
from monitor.rules.evaluate import Check, Evaluation
from monitor.rules.explain import explain
from monitor.rules.lint_terms import everyday_words
from monitor.rules.nearest import accepts, why_not_near
from monitor.rules.proximity import between, overlap
from monitor.rules.read_terms import no_references
from monitor.rules.schema import (
    ANY_LANGUAGE,
    Condition,
    Life,
    NearCondition,
    Phrase,
    Rule,
    RuleSet,
    SourceCondition,
    TermCondition,
)
from monitor.rules.terms import Sequence as Sequence_
from monitor.rules.terms import TermWrong, WordPattern, parse_term
from monitor.rules.text import Reading
from monitor.text.fold import fold_class

NEAR_POINTS = 1.0
"""So many points below its threshold a rule came near."""
_LEAST_LETTERS = 4
_MOST_EDITS = 2
_LONGEST = 4
"""Words of a phrase that is compared word by word."""
_SHOWN = 3
_MOST_LACKS = 10
_WIDEST = 40


@dataclass(frozen=True, slots=True, order=True)
class NearWord:
    """A word of the article like one that a term wants, or a stretch with all words of a phrase but one.

    `edits` counts letters added, lost or changed, at most 2; another ending counts 2, a stretch 3.
    """

    edits: int
    word: str
    phrase: str
    language: str


@dataclass(frozen=True, slots=True)
class Lack:
    """A condition that failed. `nearness` is 0 to 1, 1 for all but there; `words` are what comes nearest in the article."""

    condition: str
    term: str
    nearness: float
    detail: str
    words: tuple[NearWord, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What keeps a rule from an article, nearest first, and changes of the rule each of which, or which together, make it match."""

    rule: str
    matched: bool
    stopped_at: str
    score: float
    threshold: float
    lacks: tuple[Lack, ...]
    changes: tuple[str, ...]
    """Empty where no change of terms, distance or threshold would do."""


def why_not(rule: Rule, ruleset: RuleSet, engine: Engine, document: Document) -> WhyNot:
    """What keeps `rule` from `document`; nothing lacks where it matches."""
    found, reading = engine.evaluate(rule.id, document)
    lacks = sorted(_lacks(found, reading), key=lambda lack: -lack.nearness)
    changes = _mending(rule, ruleset, document, found, lacks) if found.stop else ()
    told = explain(rule, document, engine)
    return WhyNot(rule.id, not found.stop, told.stopped_at, found.score, rule.threshold, tuple(lacks), changes)


def nearly(found: Evaluation) -> bool:
    """Whether a rule came near a document: within `NEAR_POINTS` of its threshold, or with one of several requirements failed.

    A document in which nothing scores did not come near, unless the rule scores nothing.
    """
    rule = found.rule.rule
    if rule.score and found.score <= 0:
        return False
    if found.stop == "threshold":
        return found.score >= rule.threshold - NEAR_POINTS
    failed = [check for check in found.requires if not check.passed]
    return found.stop.startswith("require") and len(failed) == 1 and len(found.requires) > 1


def _lacks(found: Evaluation, reading: Reading) -> Iterator[Lack]:
    """The leaves that failed: of what is required; where that holds, of what would score."""
    for veto in found.vetoes:
        if veto.struck:
            yield Lack(f"veto {label(veto.veto.condition)}", "", 0.0, veto.veto.why, ())
    failed = [check for check in found.requires if not check.passed]
    if found.stop == "threshold":
        failed = [scored.check for scored in found.scored if not scored.check.passed and scored.item.weight > 0]
    seen: set[str] = set()
    for check in failed:
        for leaf in _leaves(check):
            for lack in _lack(leaf, found, reading):
                if lack.condition not in seen:
                    seen.add(lack.condition)
                    yield lack


def _leaves(check: Check) -> Iterator[Check]:
    if not check.children:
        yield check
    for child in check.children:
        if not child.passed:
            yield from _leaves(child)


def _lack(check: Check, found: Evaluation, reading: Reading) -> Iterator[Lack]:
    condition, shown = check.condition, label(check.condition)
    if isinstance(condition, SourceCondition):
        value = getattr(reading.document, condition.what)
        yield Lack(shown, "", 0.0, f'its {condition.what} is "{value or "unknown"}"', ())
    elif isinstance(condition, TermCondition):
        yield _term_lack(shown, condition.term, found, reading)
    elif isinstance(condition, NearCondition):
        absent = [names for names, hits in zip(condition.operands, check.operands, strict=True) if not hits]
        distance = needed_distance(check)
        there = (len(condition.operands) - len(absent)) / len(condition.operands)
        nearness = condition.within / max(distance, condition.within + 1) if distance else there / 2
        yield Lack(f"{shown} ≤{condition.within}", "", nearness, why_not_near(check), ())
        for name in dict.fromkeys(name for names in absent for name in names):
            yield _term_lack(name, name, found, reading)


def needed_distance(check: Check) -> int:
    """How many words apart a near would have to allow; 0 where an operand is missing or they share no field."""
    first, *others = check.operands or ((),)
    best = 0
    for one in first:
        reach = [
            min((between(one, hit) for hit in hits if hit.field == one.field and not overlap(one, hit)), default=0)
            for hits in others
        ]
        if all(reach) and (not best or max(reach) < best):
            best = max(reach)
    return best


def _term_lack(shown: str, term: str, found: Evaluation, reading: Reading) -> Lack:
    words = tuple(near_words(term, found, reading))[:_SHOWN]
    nearness = max((_nearness(near) for near in words), default=0.0)
    spoken = ", ".join(found.languages)
    known = any(found.rule.rule.terms[term].phrases.get(language) for language in (*found.languages, ANY_LANGUAGE))
    detail = "" if words else "no word comes near" if known else f"has no words in {spoken}"
    return Lack(shown, term, nearness, detail, words)


def _nearness(near: NearWord) -> float:
    """At most 0.9 for a word, which may be another word altogether; a third for a stretch in which a whole word is another."""
    return 1 / 3 if near.edits > _MOST_EDITS else 0.9 * (1 - near.edits / len(near.word))


def near_words(term: str, found: Evaluation, reading: Reading) -> list[NearWord]:
    """Words of the article at most two edits from a word of the term, or inflected otherwise; nearest first, each word once."""
    best: dict[str, NearWord] = {}
    for language in found.languages:
        phrases = found.rule.rule.terms[term].phrases
        for phrase in phrases.get(language) or phrases.get(ANY_LANGUAGE) or ():
            for near in _alike(phrase, language, reading):
                if near.word not in best or near < best[near.word]:
                    best[near.word] = near
    own = reading.document.language
    return sorted(best.values(), key=lambda near: (near.edits, near.language != own, near))


def _alike(phrase: Phrase, language: str, reading: Reading) -> Iterator[NearWord]:
    """Words like a one-word phrase, and stretches that have all words of a longer phrase but one."""
    for sequence in phrase.sequences:
        if 1 < len(sequence) <= _LONGEST:
            yield from _all_but_one(sequence, phrase, language, reading)
    patterns = [word for sequence in phrase.sequences if len(sequence) == 1 for word in sequence[0].words]
    for part, (folded, _) in enumerate(reading.folded(fold_class(language))):
        for word, original in zip(folded, reading.words[part], strict=True):
            for pattern in patterns:
                edits = _distance(pattern, word)
                if 0 < edits <= _MOST_EDITS:
                    yield NearWord(edits, original.original, phrase.text, language)


def _all_but_one(sequence: Sequence_, phrase: Phrase, language: str, reading: Reading) -> Iterator[NearWord]:
    for part, (folded, exact) in enumerate(reading.folded(fold_class(language))):
        for start in range(len(folded) - len(sequence) + 1):
            there = [accepts(step, folded[start + at], exact[start + at]) for at, step in enumerate(sequence)]
            longest = max((len(folded[start + at]) for at, held in enumerate(there) if held), default=0)
            if sum(there) == len(sequence) - 1 and longest >= _LEAST_LETTERS:
                stretch = [reading.words[part][start + at].original for at in range(len(sequence))]
                odd = stretch[there.index(False)]
                if odd.isalpha() and len(odd) >= _LEAST_LETTERS and odd.lower() not in everyday_words(language):
                    yield NearWord(_MOST_EDITS + 1, " ".join(stretch), phrase.text, language)


def _distance(pattern: WordPattern, word: str) -> int:
    """Edits between a pattern and a word, or between their stems; more than `_MOST_EDITS` where they are not alike."""
    wanted = pattern.folded
    if len(wanted) < _LEAST_LETTERS or len(word) < _LEAST_LETTERS or wanted[0] != word[0]:
        return _MOST_EDITS + 1
    allowed = 1 if len(wanted) < 2 * _LEAST_LETTERS else _MOST_EDITS
    ends = {len(word)} | ({len(wanted) - 1, len(wanted), len(wanted) + 1} if pattern.prefix else set())
    edits = min(edit_distance(wanted, word[:end], allowed) for end in ends)
    stem = next(
        (at for at, (one, other) in enumerate(zip(wanted, word, strict=False)) if one != other), min(len(wanted), len(word))
    )
    inflected = stem >= max(_LEAST_LETTERS, 0.7 * len(wanted)) and len(word) - stem <= _LEAST_LETTERS
    return min(edits, _MOST_EDITS) if inflected else edits if edits <= allowed else _MOST_EDITS + 1


def edit_distance(one: str, other: str, most: int) -> int:
    """Levenshtein's distance (1965), given up above `most` (then `most` + 1)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, row = row, [place]
        for at, against in enumerate(other, start=1):
            row.append(min(above[at] + 1, row[at - 1] + 1, above[at - 1] + (letter != against)))
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _mending(rule: Rule, ruleset: RuleSet, document: Document, found: Evaluation, lacks: Sequence[Lack]) -> tuple[str, ...]:
    """Changes that were tried: each alone, the nearest first, then the nearest word of every term with the distances needed."""
    within = {
        f"{label(check.condition)} ≤{check.condition.within}": (check.condition, distance)
        for check in _near_leaves(found)
        if isinstance(check.condition, NearCondition) and (distance := needed_distance(check))
    }
    for lack in lacks:
        for near in lack.words:
            if _matches(_with_word(rule, lack.term, near), ruleset, document):
                return (_word_told(lack.term, near),)
        if lack.condition in within:
            condition, distance = within[lack.condition]
            if _matches(_with_distance(rule, {condition: distance}), ruleset, document):
                return (_distance_told(condition, distance),)
    if found.stop == "threshold" and found.score > 0:
        return (f"set threshold: {found.score:g}; or give more weight to what was found",)
    additions = [(lack.term, lack.words[0]) for lack in lacks if lack.words]
    changed = _with_distance(rule, dict(within.values()))
    for term, near in additions:
        changed = _with_word(changed, term, near)
    if (additions or within) and _matches(changed, ruleset, document):
        return (*(_word_told(*one) for one in additions), *(_distance_told(*one) for one in within.values()))
    return ()


def _near_leaves(found: Evaluation) -> Iterator[Check]:
    for check in found.requires:
        if not check.passed:
            yield from (leaf for leaf in _leaves(check) if isinstance(leaf.condition, NearCondition))


def _word_told(term: str, near: NearWord) -> str:
    return f'add "{near.word.lower()}" to terms.{term}.{near.language}'


def _distance_told(condition: Condition, distance: int) -> str:
    return f"set within: {distance} in {label(condition)}"


def _with_word(rule: Rule, term: str, near: NearWord) -> Rule:
    """The rule with one word more in a term; itself where it cannot be written as one."""
    try:
        sequences = parse_term(near.word, near.language, no_references)
    except TermWrong:
        return rule
    phrase = Phrase(near.word.lower(), near.language, Place("proposed"), sequences)
    old = rule.terms[term]
    phrases = {**old.phrases, near.language: (*old.phrases.get(near.language, ()), phrase)}
    return replace(rule, terms={**rule.terms, term: replace(old, phrases=phrases)})


def _with_distance(rule: Rule, within: Mapping[Condition, int]) -> Rule:
    """The rule with wider nears, wherever they stand in what is required or scored."""

    def wider(condition: Condition) -> Condition:
        if isinstance(condition, NearCondition):
            return replace(condition, within=within.get(condition, condition.within))
        if isinstance(condition, TermCondition | SourceCondition):
            return condition
        return replace(condition, parts=tuple(map(wider, condition.parts)))

    return replace(rule, require=tuple(map(wider, rule.require)))


def _matches(rule: Rule, ruleset: RuleSet, document: Document) -> bool:
    running = replace(rule, header=replace(rule.header, status=Life.ACTIVE))
    engine = Engine(replace(ruleset, rules=(running,), named=()))
    return explain(running, document, engine).matched


def why_not_lines(told: WhyNot) -> list[str]:
    """As plain text, one string a line."""
    if told.matched:
        return [f"MATCH {told.rule}: nothing is missing"]
    score = f"   score {told.score:.1f} of {told.threshold:.1f}" if told.threshold else ""
    lines = [f"NO MATCH {told.rule}   stopped at {_cut(told.stopped_at, 2 * _WIDEST)}{score}"]
    lines.append(" missing, nearest first")
    # what is wholly absent says little where something came near
    near_ones = [lack for lack in told.lacks if lack.nearness > 0][:_MOST_LACKS] or list(told.lacks[:_MOST_LACKS])
    width = min(_WIDEST, max((len(lack.condition) for lack in near_ones), default=0))
    for lack in near_ones:
        lines.append(f"  {round(100 * lack.nearness):>3} %  {_cut(lack.condition, width):<{width}}  {lack.detail}".rstrip())
        lines += [f"         «{near.word}» is near {_cut(near.phrase, _WIDEST)} ({near.language})" for near in lack.words]
    if len(near_ones) < len(told.lacks):
        lines.append(f"         and {len(told.lacks) - len(near_ones)} more that are further off: --json has all")
    if told.changes:
        lines.append(" tried, and matches:" if len(told.changes) == 1 else " tried together, and matches:")
        lines += [f"  {change}" for change in told.changes]
    else:
        lines.append(" no word, distance or threshold alone mends it: see what is missing above")
    return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
