"""Folds text so that spellings of one word meet, keeping where each folded character came from; it decides nothing about words' ends.

Unicode NFKC and full case folding (UAX #15, Unicode 3.13) cluster by cluster, and on top of them what the languages here need.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Soft hyphen, zero-width and direction characters, as the inside of a character class."""
MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
"""Combining marks, as the inside of a character class."""
CYRILLIC = "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"
APOSTROPHES = "'\u2018\u2019\u02bc\u02b9\u2032`\u00b4"

_AFTER_CYRILLIC = f"(?:(?<=[{CYRILLIC}])|(?<=[{CYRILLIC}][{MARKS}])|(?<=[{CYRILLIC}][{MARKS}][{MARKS}]))"
_LETTER = r"[^\W_¹²³⁰-₉]"
WORD = re.compile(
    rf"{_LETTER}+(?:(?=[{MARKS}{INVISIBLE}{APOSTROPHES}])"
    rf"(?:[{MARKS}{INVISIBLE}]+|{_AFTER_CYRILLIC}[{APOSTROPHES}](?=[{CYRILLIC}])){_LETTER}*)*"
)
"""One word: letters and digits with their marks; an apostrophe only between Cyrillic letters; every dash and index figure ends it."""

_CLUSTER = re.compile(rf".[{MARKS}{INVISIBLE}]*", re.DOTALL)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_STRESS = frozenset("\u0300\u0301")
_HAS_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_HAS_CYRILLIC = re.compile(f"[{CYRILLIC}]")
# NFD does not take these apart.
_LATIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"})
_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_BY_LANGUAGE = {
    "ru": str.maketrans({"ё": "е"}),
    "be": str.maketrans({"ў": "у", "э": "е", "ь": ""}),
}
# Letters and figures of which each folds by itself, into its small form and what its language makes of that.
_SIMPLE = re.compile(r"[A-Za-z0-9]+|[А-Яа-яЁёІіЎўЇїЄєҐґ0-9]+")
_SIMPLE_WORDS = re.compile(r"[A-Za-z0-9 *]+|[А-Яа-яЁёІіЎўЇїЄєҐґ0-9 *]+")
FOLDED_LANGUAGES = tuple(_BY_LANGUAGE)
"""Languages with a folding of their own."""
# Letters that look alike in print; the same order in both.
_LOOKS_CYRILLIC = "АВЕКМНОРСТУХІЅЈаеорсухіѕј"
_LOOKS_LATIN = "ABEKMHOPCTYXISJaeopcyxisj"
_TO_CYRILLIC = str.maketrans(_LOOKS_LATIN, _LOOKS_CYRILLIC)
_TO_LATIN = str.maketrans(_LOOKS_CYRILLIC, _LOOKS_LATIN)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded `text`; character i stands for characters `starts[i]`..`ends[i]` (half open) of `original`."""

    text: str
    original: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `original` behind the folded characters `start`..`end`; an empty span stays empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]


def fold_class(language: str) -> str:
    """The name of the folding that a language has: its own code where it has letters of its own to unify, else ""."""
    return language if language in _BY_LANGUAGE else ""


def fold(text: str, language: str) -> Folded:
    """Fold a whole text.

    Case, compatibility forms, soft hyphens, zero-width characters and stress marks go; Latin letters lose their
    diacritics, Cyrillic ones (й ў ё ї) keep them; ru ё→е; be ў→у, э→е, no ь; apostrophes become one. A word that mixes
    Latin and Cyrillic look-alikes becomes a word of one script.

    Args:
        language: ISO 639-1 code; "" for unknown.
    """
    kind = fold_class(language)
    straight = _straightened(text, kind)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _CLUSTER.finditer(text):
        folded = _fold_cluster(*straight.get(found.start(), (found[0], kind)))
        parts.append(folded)
        starts.extend([found.start()] * len(folded))
        ends.extend([found.end()] * len(folded))
    return Folded("".join(parts), text, tuple(starts), tuple(ends))


@lru_cache(maxsize=1 << 16)
def fold_word(word: str, kind: str) -> tuple[str, str]:
    """One word folded, and its exact form: the same with its case (and its language's letters) kept.

    Args:
        kind: What `fold_class` gave.
    """
    if _SIMPLE.fullmatch(word):
        folded = word.lower()
        return (folded.translate(_BY_LANGUAGE[kind]) if kind else folded), word
    return _fold_any_word(word, kind)


def fold_simple(text: str, kind: str) -> str:
    """Words folded all at once, with the spaces and stars between them; "" where a letter of them asks for a closer look.

    Args:
        text: Words of one alphabet without marks, spaces and stars.
        kind: What `fold_class` gave.
    """
    if not _SIMPLE_WORDS.fullmatch(text):
        return ""
    folded = text.lower()
    return folded.translate(_BY_LANGUAGE[kind]) if kind else folded


def _fold_any_word(word: str, kind: str) -> tuple[str, str]:
    """As `fold_word`, letter by letter with the marks on it."""
    straight, own = _one_script(word, kind)
    folded = "".join(_fold_cluster(cluster, own) for cluster in straight)
    exact = unicodedata.normalize("NFKC", _INVISIBLE.sub("", "".join(straight))).translate(_APOSTROPHES)
    return folded, "".join(letter for letter in exact if letter not in _STRESS)


@lru_cache(maxsize=1 << 14)
def _fold_cluster(cluster: str, kind: str) -> str:
    """Fold a base character with what is attached to it; repeated until it stands still, since case folding may undo normal form."""
    for _ in range(3):
        folded = _fold_once(cluster, kind)
        if folded == cluster:
            break
        cluster = folded
    return cluster


def _fold_once(cluster: str, kind: str) -> str:
    plain = _INVISIBLE.sub("", cluster).translate(_APOSTROPHES)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    kept: list[str] = []
    base = ""
    for letter in apart:
        if not unicodedata.category(letter).startswith("M"):
            base = letter
        elif not base.isalpha() or letter in _STRESS or _is_latin(base):
            continue
        kept.append(letter)
    folded = unicodedata.normalize("NFC", "".join(kept)).translate(_LATIN).translate(_APOSTROPHES)
    return folded.translate(_BY_LANGUAGE[kind]) if kind else folded


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or unicodedata.name(letter, "").startswith("LATIN")


def _straightened(text: str, kind: str) -> dict[int, tuple[str, str]]:
    """For words that mix scripts: place of a cluster → the cluster in the script of its word, and the folding for it."""
    straight = {}
    for word in WORD.finditer(text):
        if mixes_scripts(word[0]):
            at = word.start()
            clusters, own = _one_script(word[0], kind)
            for before, after in zip(_CLUSTER.findall(word[0]), clusters, strict=True):
                straight[at] = after, own
                at += len(before)
    return straight


@lru_cache(maxsize=1 << 17)
def _one_script(word: str, kind: str) -> tuple[tuple[str, ...], str]:
    """The clusters of a word, with look-alikes of the other script replaced where that makes it whole; and the folding for it.

    A word that stays mixed is of no language and is folded as such: letters that a language drops or turns into look-alikes (be ь, э)
    would make another word of it at the next folding.
    """
    clusters = tuple(_CLUSTER.findall(word))
    if not mixes_scripts(word):
        return clusters, kind
    whole = _whole(clusters) or _whole(tuple(_fold_cluster(cluster, "") for cluster in clusters))
    return (whole, kind) if whole else (clusters, "")


def _whole(clusters: tuple[str, ...]) -> tuple[str, ...]:
    """The clusters in one script, that of the majority if both will do; nothing where neither does."""
    apart = [unicodedata.normalize("NFD", cluster) for cluster in clusters]
    latin, cyrillic = (sum(bool(has.search(cluster)) for cluster in apart) for has in (_HAS_LATIN, _HAS_CYRILLIC))
    as_latin = tuple(cluster.translate(_TO_LATIN) for cluster in apart)
    as_cyrillic = tuple(cluster.translate(_TO_CYRILLIC) for cluster in apart)
    whole_latin = not any(map(_HAS_CYRILLIC.search, as_latin))
    whole_cyrillic = not any(map(_HAS_LATIN.search, as_cyrillic))
    if whole_latin and (latin > cyrillic or not whole_cyrillic):
        return as_latin
    return as_cyrillic if whole_cyrillic else ()


def mixes_scripts(word: str) -> bool:
    """True where Latin and Cyrillic letters stand in one word (a slip of the keyboard, or a disguise)."""
    return bool(_HAS_LATIN.search(word) and _HAS_CYRILLIC.search(word))
