"""Tells quickly, and never wrongly, that no rule can match an article: the letters of what they require do not occur in it.

Articles and requirements are written in one byte a letter, in which spellings that any folding makes equal are equal: what is
absent there is absent for the engine. It never says that a rule matches.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from monitor.model.match import Document
from monitor.rules.compile import gates
from monitor.rules.schema import ANY_LANGUAGE, Rule
from monitor.rules.terms import Sequence
from monitor.rules.text import LEAST_LETTERS

_PAGE = "cp1251"
_LOOK_ALIKE = dict(zip("авекмнорстухіѕј", "abekmhopctyxisj", strict=True))
_SPECIAL = str.maketrans(
    {"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe",
     "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ß": "ss", "ẞ": "ss",
     "ʼ": "", "ʹ": ""}
)  # fmt: skip
_LOOKED_AT = 160
MOST_STEMS = 48
"""With more literals to look for, looking costs as much as it saves."""


def _letters() -> tuple[bytes, bytes]:
    """For every byte of the page the byte that stands for it, and the bytes that are left out: marks, apostrophes, soft signs."""
    table, left_out = bytearray(range(256)), bytearray()
    for byte in range(256):
        letter = bytes([byte]).decode(_PAGE, "replace")
        base = unicodedata.normalize("NFD", letter.casefold())[:1]
        base = {"э": "е", "ё": "е", "ў": "у"}.get(base, base)
        base = _LOOK_ALIKE.get(base, base)
        if letter in "ьЬ'`´‘’\xad":
            left_out.append(byte)
        elif base.isalnum() and (found := base.encode(_PAGE, "ignore")):
            table[byte] = found[0]
    return bytes(table), bytes(left_out)


_TABLE, _LEFT_OUT = _letters()


@cache
def _certain(letter: str) -> bool:
    """Whether leaving out a letter that the page lacks is what every folding does: it is no letter at all, or a mark."""
    return not letter.isalnum()


def coarse(text: str) -> bytes | None:
    """A text in one byte a letter; None where it has letters (Greek, Arabic) that cannot be told apart so."""
    try:
        raw = text.encode(_PAGE)
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_SPECIAL)
        raw = plain.encode(_PAGE, "ignore")
        if len(raw) != len(plain) and not all(map(_certain, _strangers(plain))):
            return None
    return raw.translate(_TABLE, _LEFT_OUT)


def _strangers(text: str) -> set[str]:
    return {letter for letter in set(text) if not letter.encode(_PAGE, "ignore")}


@dataclass(frozen=True, slots=True)
class _Gate:
    """The literals of which one must occur for a rule to match: by language, and of all languages together."""

    languages: frozenset[str]
    stems: dict[str, tuple[bytes, ...]]
    every: tuple[bytes, ...]


class Prefilter:
    """What some rules require, as literals."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        made = [_gate(rule) for rule in rules]
        self._gates = [gate for gate in made if gate]
        self._scopes = frozenset(language for gate in self._gates for language in gate.languages)
        self._open = len(self._gates) < len(made)
        self._every = _least(stem for gate in self._gates for stem in gate.every)
        self._by_language = {
            language: _least(
                stem for gate in self._gates if language in gate.languages for stem in gate.stems.get(language, gate.every)
            )
            for language in self._scopes
        }

    def may_match(self, document: Document) -> bool:
        """False only where no rule can match."""
        if self._open:
            return True
        stems = self._every
        language = document.language
        if language and document.language_sure and _enough_letters(document):
            stems = self._by_language.get(language, ())
        if not stems:
            return False
        if len(stems) > MOST_STEMS:
            return True
        for text in (document.text, document.title):
            letters = coarse(text)
            if letters is None or any(stem in letters for stem in stems):
                return True
        return False


def _enough_letters(document: Document) -> bool:
    """Whether the engine is certain to trust the article's language; may say no where it would."""
    return sum(map(str.isalpha, document.text[:_LOOKED_AT])) >= LEAST_LETTERS


def _gate(rule: Rule) -> _Gate | None:
    """The shortest list of literals that a rule gives; None where it requires none, or ones that cannot be written in a byte a letter."""
    best: _Gate | None = None
    for names in gates(rule):
        stems: dict[str, tuple[bytes, ...]] = {}
        for language in {*rule.langs, ANY_LANGUAGE}:
            found = _literals(rule, names, language)
            if found is None:
                break
            stems[language] = found
        else:
            every = _least(stem for found in stems.values() for stem in found)
            if best is None or len(every) < len(best.every):
                best = _Gate(frozenset(rule.langs), {language: stems[language] for language in rule.langs}, every)
    return best


def _literals(rule: Rule, names: Iterable[str], language: str) -> tuple[bytes, ...] | None:
    """One literal for each way in which one of these terms can hit in an article of a language."""
    found: list[bytes] = []
    for name in names:
        phrases = rule.terms[name].phrases
        for phrase in phrases.get(language, phrases.get(ANY_LANGUAGE, ())):
            for sequence in phrase.sequences:
                stems = _rarest(sequence)
                if stems is None:
                    return None
                found.extend(stems)
    return _least(found)


def _rarest(sequence: Sequence) -> tuple[bytes, ...] | None:
    """The literals of the step that narrows most: the one whose shortest literal is longest."""
    best: tuple[bytes, ...] | None = None
    for step in sequence:
        stems = [coarse(pattern.folded) for pattern in step.words]
        kept = tuple(stem for stem in stems if stem)
        if len(kept) == len(stems) and (best is None or min(map(len, kept)) > min(map(len, best))):
            best = kept
    return best


def _least(stems: Iterable[bytes]) -> tuple[bytes, ...]:
    """Without those that contain another one, the shortest first: they occur most."""
    kept: list[bytes] = []
    for stem in sorted(set(stems), key=lambda stem: (len(stem), stem)):
        if not any(other in stem for other in kept):
            kept.append(stem)
    return tuple(kept)
