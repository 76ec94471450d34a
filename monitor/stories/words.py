"""The words of an article as copies and stories compare them: folded, told into names, numbers and the rest. It compares nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W\d_]+)*")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order, folded; of them `names` (capitalised within a sentence) and `numbers`, as sets."""

    words: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """A word case-folded, compatibility-composed, ё as е, apostrophes dropped; other letters keep their marks."""
    return fold_line(word)


def fold_line(line: str) -> str:
    """The same for any length of text; unlike words, lines are not remembered."""
    folded = unicodedata.normalize("NFKC", line).casefold()
    return folded.replace("ё", "е").replace("'", "").replace("’", "").replace("ʼ", "")


def words_of(text: str) -> Words:
    """Cut a text into words.

    A name is a word with a capital that does not begin a sentence, or in capitals throughout (two letters at least); in a line
    without small letters nothing is a name, since capitals say nothing there.
    """
    words: list[str] = []
    names: set[str] = set()
    numbers: set[str] = set()
    for line in _LINE.finditer(text):
        last = line.start()
        shouting = line.group().upper() == line.group()
        for match in _WORD.finditer(text, line.start(), line.end()):
            word, folded = match.group(), fold_word(match.group())
            words.append(folded)
            if word[0].isdigit():
                numbers.add(folded)
            elif (
                word[0].isupper()
                and not shouting
                and (_is_acronym(word) or not _begins(text[last : match.start()], last == line.start()))
            ):
                names.add(folded)
            last = match.end()
    return Words(tuple(words), frozenset(names), frozenset(numbers))


def _is_acronym(word: str) -> bool:
    return len(word) >= 2 and word.isupper()


def _begins(gap: str, at_start: bool) -> bool:
    """Whether a word after `gap` begins a sentence."""
    return at_start or bool(re.search(r"[.!?…:•]", gap))
