"""Warns of rules that are right in form and likely wrong in effect; everything here needs the rule alone, no archive, no dictionary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from monitor.model.match import Direction, Field
from monitor.model.problem import Place, Problem, Severity
from monitor.rules.lint_match import lint_conditions
from monitor.rules.lint_terms import lint_terms
from monitor.rules.read_terms import REGEX
from monitor.rules.reading import Path_, Reader
from monitor.rules.schema import (
    AllCondition,
    AnyCondition,
    Condition,
    Life,
    NearCondition,
    Phrase,
    Rule,
    TermCondition,
)
from monitor.text.fold import WORD, mixes_scripts

SHORT_PREFIX = 4
WIDE_NEAR = 40
SHORT_DESCRIPTION = 5
LONG_TEST = 400
_ACRONYM = re.compile(r"(?<![=\w@*])[A-ZА-ЯЁЎІ]{2,6}(?![\w*])")
_SUPPRESSION = re.compile(r"#\s*lint:\s*ignore\s+((?:[WI]\d{3}[,\s]*)+)--\s*\S")


def lint_rule(rule: Rule, used: Iterable[str], reader: Reader) -> None:
    """Note the warnings on one rule that could be read."""
    _lint_header(rule, reader)
    names = set(used)
    seen: set[tuple[Place, str]] = set()
    for name, term in rule.terms.items():
        if name not in names:
            reader.warn(("terms", name), "W104", f'the term "{name}" is not used', "use it in match or direction, or drop it")
        elif missing := [language for language in rule.langs if language not in term.phrases and ":" not in name]:
            reader.warn(
                ("terms", name), "W105", f'"{name}" has no term in {", ".join(missing)}', "add some, or drop the language"
            )
        for phrase in (phrase for phrases in term.phrases.values() for phrase in phrases):
            if (phrase.place, phrase.text) not in seen:
                seen.add((phrase.place, phrase.text))
                _lint_phrase(phrase, reader)
    _lint_match(rule, reader)
    lint_conditions(rule, reader)
    reader.problems.extend(lint_terms(rule))


def lint_texts(rule: Rule, reader: Reader) -> None:
    """Note what is good to know of one rule and fails nothing: I201 to I203."""
    header = rule.header

    def tell(path: Path_, code: str, message: str, mend: str) -> None:
        reader.add(path, code, message, mend, Severity.INFO)

    if not header.references:
        tell(("id",), "I201", "no references", "add references: what the rule is founded on")
    if len(header.description.split()) < SHORT_DESCRIPTION:
        tell(("description",), "I202", "the description is short", "say in a sentence or two what the rule watches")
    for example in rule.examples:
        if (length := len(f"{example.title} {example.body}".split())) > LONG_TEST:
            message = f"{example.kind}[{example.index}] has {length} words"
            tell(("tests", example.kind, example.index), "I203", message, f"keep what decides: {LONG_TEST} words at most")


def _lint_header(rule: Rule, reader: Reader) -> None:
    header = rule.header
    kinds = {example.kind for example in rule.examples}
    if missing := [kind for kind in ("should_match", "should_not_match") if kind not in kinds]:
        reader.warn(
            ("tests",), "W109", f"no test under {' and '.join(missing)}", "say what the rule must find, and what it must not"
        )
    if header.created and header.modified and header.modified < header.created:
        reader.warn(
            ("modified",),
            "W112",
            f"modified {header.modified} is before created {header.created}",
            f"write {header.created} or later",
        )
    if header.status is Life.DEPRECATED and not header.replaces and not header.description:
        reader.warn(("status",), "W113", "deprecated without a word on what replaces it", "add a description that says so")
    if header.status is Life.ACTIVE and not header.owner:
        reader.warn(("status",), "W121", "an active rule without an owner", "add owner: …")


def _lint_phrase(phrase: Phrase, reader: Reader) -> None:
    def warn(code: str, message: str, mend: str = "") -> None:
        reader.problems.append(Problem(phrase.place, code, message, mend, Severity.WARNING))

    for word in WORD.findall(phrase.text):
        if mixes_scripts(word):
            warn("W106", f'"{word}" mixes Latin and Cyrillic letters: {_strangers(word)}', "type it again in one alphabet")
    hidden = [sign for sign in phrase.text if unicodedata.category(sign) in ("Cc", "Cf")]
    if hidden:
        warn("W120", f'"{phrase.text}" holds the invisible character U+{ord(hidden[0]):04X}', "delete it")
    if phrase.text.startswith(REGEX):
        return
    if not phrase.sequences:
        warn("W105", f'"{phrase.text}" has no spelling in {phrase.language}', "add one to the names or lexicon file")
    for found in _short_prefixes(phrase):
        warn("W101", f'"{found}*" is a short prefix: it reaches many words', "write the forms out: (a|b|c)")
    if acronym := _ACRONYM.search(phrase.text):
        warn("W118", f'"{acronym[0]}" in capitals matches in any case', f'write "={acronym[0]}" for this spelling only')


def _short_prefixes(phrase: Phrase) -> list[str]:
    """Prefixes that stand alone and were written here: other words of a phrase narrow it down, an @name is its own file's matter."""
    if "@" in phrase.text:
        return []
    patterns = {pattern for sequence in phrase.sequences if len(sequence) == 1 for pattern in sequence[0].words}
    return sorted(
        {pattern.folded for pattern in patterns if pattern.prefix and len(pattern.folded) < SHORT_PREFIX and not pattern.exact}
    )


def _strangers(word: str) -> str:
    latin = "".join(sign for sign in word if "LATIN" in unicodedata.name(sign, ""))
    return f"Latin {latin}" if len(latin) * 2 <= len(word) else f"Cyrillic {''.join(sign for sign in word if sign not in latin)}"


def _lint_match(rule: Rule, reader: Reader) -> None:
    for index, veto in enumerate(rule.vetoes):
        condition = veto.condition
        if isinstance(condition, TermCondition | NearCondition) and Field.TEXT in condition.fields and not veto.unless:
            reader.warn(
                ("match", "veto", index),
                "W115",
                "a veto on the whole text silences articles that only mention this",
                "add in: [title], or use a mask",
            )
    conditions = [*rule.require, *(item.condition for item in rule.score), *(cue.condition for cue in rule.cues)]
    for near in {part for condition in conditions for part in _nears(condition)}:
        if near.within > WIDE_NEAR:
            shown = ", ".join("|".join(operand) for operand in near.operands)
            reader.warn(
                ("match",), "W116", f"near [{shown}] within {near.within} words is hardly near", f"use at most {WIDE_NEAR}"
            )
    sides = {side: {cue.condition for cue in rule.cues if cue.side is side} for side in Direction}
    if both := sides[Direction.IMPROVES] & sides[Direction.WORSENS]:
        shown = ", ".join(sorted(part.term if isinstance(part, TermCondition) else "near" for part in both))
        reader.warn(("direction",), "W117", f"the cue {shown} both improves and worsens", "keep one")


def _nears(condition: Condition) -> Iterator[NearCondition]:
    match condition:
        case NearCondition():
            yield condition
        case AnyCondition(parts=parts) | AllCondition(parts=parts):
            for part in parts:
                yield from _nears(part)


def accepted(problem: Problem, lines: list[str]) -> bool:
    """Whether `# lint: ignore W101 -- reason` on the line of a warning accepts it; `lines` are those of its file."""
    if problem.severity is Severity.ERROR or not 0 < problem.place.line <= len(lines):
        return False
    comment = _SUPPRESSION.search(lines[problem.place.line - 1])
    return comment is not None and problem.code in comment[1]
