"""Tells quickly, and never wrongly, that no rule can match an article: the letters of what they require do not occur in it.

Articles and requirements are written in one byte a letter, in which spellings that any folding makes equal are equal: what is
absent there is absent for the engine. It never says that a rule matches.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from monitor.model.match import Document
from monitor.rules.compile import gates
from monitor.rules.schema import ANY_LANGUAGE, Rule
from monitor.rules.terms import Sequence
from monitor.rules.text import LEAST_LETTERS

_PAGE = "cp1251"
_STAND_INS = "monitor.rules.prefilter"
_LOOK_ALIKE = dict(zip("авекмнорстухіѕј", "abekmhopctyxisj", strict=True))
_SPECIAL = str.maketrans(
    {"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe",
     "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ß": "ss", "ẞ": "ss",
     "ʼ": "", "ʹ": ""}
)  # fmt: skip
_LOOKED_AT = 120
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
def _stand_in(letter: str) -> str | None:
    """What a letter that the page lacks comes to: its base letter, nothing for marks and signs, None where it cannot be told."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold()).translate(_SPECIAL)
    kept = [(part, bool(part.encode(_PAGE, "ignore"))) for part in plain]
    if any(part.isalnum() and not encodable for part, encodable in kept):
        return None
    return "".join(part for part, encodable in kept if encodable)


def _stand_ins(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    found = [_stand_in(letter) for letter in error.object[error.start : error.end]]
    if None in found:
        raise error
    return "".join(filter(None, found)), error.end


codecs.register_error(_STAND_INS, _stand_ins)


def coarse(text: str) -> bytes | None:
    """A text in one byte a letter; None where it has letters (Greek, Arabic) that cannot be told apart so."""
    for page, table, left_out in _PAGES:
        try:
            letters = text.encode(page).translate(table, left_out)
        except UnicodeEncodeError:
            continue
        if _UNSURE not in letters:
            return letters
    return _slowly(text)


def _slowly(text: str) -> bytes | None:
    try:
        return text.encode(_PAGE, _STAND_INS).translate(_TABLE, _LEFT_OUT)
    except UnicodeEncodeError:
        return None


def _latin(page: str) -> tuple[str, bytes, bytes]:
    """Another page in the letters of the first one: texts in Latin letters with diacritics need no look at every letter then."""
    table, left_out = bytearray(256), bytearray()
    for byte in range(256):
        found = _slowly(bytes([byte]).decode(page, "ignore"))
        if found == b"":
            left_out.append(byte)
        table[byte] = found[0] if found and len(found) == 1 else _UNSURE[0]
    return page, bytes(table), bytes(left_out)


_UNSURE = b"\0"
_PAGES = ((_PAGE, _TABLE, _LEFT_OUT), _latin("cp1250"), _latin("cp1257"))


@dataclass(frozen=True, slots=True)
class _Gate:
    """The literals of which one must occur for a rule to match: by language of the rule, and of all languages together."""

    stems: Mapping[str, tuple[bytes, ...]]
    every: tuple[bytes, ...]

    def passes(self, letters: bytes, language: str) -> bool:
        """Whether one occurs; `language` is "" where it is not to be trusted."""
        return any(stem in letters for stem in (self.stems[language] if language else self.every))


class Prefilter:
    """What some rules require, as literals."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple((frozenset(rule.langs), _gates(rule)) for rule in rules)
        self._open = any(not found for _, found in self._rules)

    def may_match(self, document: Document) -> bool:
        """False only where no rule can match."""
        language = document.language if document.language_sure and _enough_letters(document) else ""
        asked = [found for langs, found in self._rules if not language or language in langs]
        if not asked or self._open:
            return bool(asked)
        if sum(len(found[0].stems[language] if language else found[0].every) for found in asked) > MOST_STEMS:
            return True
        letters = coarse(f"{document.title}\n{document.text}")
        return letters is None or any(all(gate.passes(letters, language) for gate in found) for found in asked)


def _enough_letters(document: Document) -> bool:
    """Whether the engine is certain to trust the article's language; may say no where it would."""
    return sum(map(str.isalpha, document.text[:_LOOKED_AT])) >= LEAST_LETTERS


def _gates(rule: Rule) -> tuple[_Gate, ...]:
    """Lists of literals of which one each must occur, the shortest list first; those that no byte can write are left out."""
    made = []
    for names in gates(rule):
        stems: dict[str, tuple[bytes, ...]] = {}
        for language in rule.langs:
            found = _literals(rule, names, language)
            if found is None:
                break
            stems[language] = found
        else:
            made.append(_Gate(stems, _least(stem for found in stems.values() for stem in found)))
    return tuple(sorted(made, key=lambda gate: len(gate.every)))


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
