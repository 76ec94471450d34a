"""The words that a search compares: folded so that spellings meet across languages, without their commonest endings. No ranking, no index.

One folding for all languages, since a query does not say which one it is in: Cyrillic letters that Russian, Belarusian and Ukrainian
write differently for one sound become one, so that «инспекция» and «інспекцыя» are the same word. Endings are cut by a short list
(a light stemmer after Savoy 1999: inflection only, no derivation); a word that loses too much stays whole. Both sides of a comparison
are treated alike, and a script in an exported archive does the same from `FOLDING`, `ENDINGS` and `IGNORED`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

VERSION = "1"
"""Of folding and endings together: words made under another one are made anew."""
FOLDING = {
    **dict(zip("ёэєіїыўґłđøıð", "еееиииугldoid", strict=True)),
    **dict.fromkeys("ьъ'’ʼ`´ʹ\u0301", ""),
}
"""What becomes of letters after compatibility and case folding; Latin letters lose their marks besides."""
_COMMON = "an and at by for from in is of on or that the to with на по из за от об до не что или для при ад па аб"
IGNORED = frozenset(_COMMON.split())
"""Words so common that a search does without them."""
_CYRILLIC = (
    "иями ями ами иях ого его ому ему ими ага яга аму яму ией ев ов ау еу ях ах ям ам ем ом ей ой ою ею ии ие ия ию их им ий "
    "ая яя ое ее ую юю ае ай яй аю яю иу а я о е и у ю й"
)
_LATIN = "ies:3 ings:4 ing:4 ed:4 es:4 s:3 e:3 y:3"
ENDINGS = (
    *((ending, 3) for ending in sorted(_CYRILLIC.split(), key=lambda one: (-len(one), one))),
    *((ending, int(least)) for ending, _, least in (pair.partition(":") for pair in _LATIN.split())),
)
"""(ending, letters that must be left): the first that fits is cut, again and again."""
LONGEST = 40
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f'’ʼ]+[^\W_]+)*")
_TO_FOLD = str.maketrans(FOLDING)
_DOUBLED = re.compile(r"([а-я])\1")
_LATIN_MARK = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")


@lru_cache(maxsize=1 << 15)
def search_word(word: str) -> str:
    """One word as it is compared; "" for one that says nothing to a search (a single letter, an ignored word)."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    if not folded.isascii():
        apart = _LATIN_MARK.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", apart)
    plain = "".join(letter for letter in folded.translate(_TO_FOLD) if letter.isalnum())
    # Belarusian writes loanwords with one consonant where Russian doubles it
    folded = _DOUBLED.sub(r"\1", plain)[:LONGEST]
    if len(folded) < 2 or folded in IGNORED:
        return ""
    return folded if folded[0].isdigit() else _without_ending(folded)


def _without_ending(word: str) -> str:
    """Cut as long as an ending fits: a word cut twice is the word cut once."""
    while ending := next((end for end, least in ENDINGS if word.endswith(end) and len(word) - len(end) >= least), ""):
        word = word.removesuffix(ending)
    return word


def search_words(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text as (start, end, word as compared), in order."""
    for found in _WORD.finditer(text):
        word = search_word(found[0])
        if word:
            yield found.start(), found.end(), word


def query_words(query: str, most: int = 12) -> tuple[str, ...]:
    """The words of a query, each once, at most `most`; signs and operators are no words."""
    found: dict[str, None] = {}
    for _, _, word in search_words(query):
        found.setdefault(word)
        if len(found) == most:
            break
    return tuple(found)


def marked(text: str, wanted: Collection[str]) -> list[tuple[str, bool]]:
    """A text in pieces, with True for those that are `wanted` words; joined they are the text."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for start, end, word in search_words(text):
        if word in wanted:
            if start > last:
                pieces.append((text[last:start], False))
            pieces.append((text[start:end], True))
            last = end
    return [*pieces, (text[last:], False)] if last < len(text) else pieces
