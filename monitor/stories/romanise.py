"""Spells names of several alphabets in plain Latin letters, so that one name in two languages shares most of its letters.

It is for comparing, never for printing: what the spellings have in common matters, not which of them is right.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = {
    **dict(zip("абвгдезиіклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "й": "i",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "iu",
    "я": "ia",
    "ў": "u",
    "ї": "i",
    "є": "e",
    "ґ": "g",
}
_LATIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "y": "i", "j": "i", "w": "v"})
_CLUSTERS = (("x", "ks"), ("sch", "sh"), ("cz", "ch"), ("sz", "sh"), ("rz", "r"), ("ck", "k"), ("ii", "i"), ("gh", "g"))


@lru_cache(maxsize=1 << 16)
def romanise(word: str) -> str:
    """A folded word in letters a–z and figures: Cyrillic transcribed, accents dropped, y and j as i, w as v, common clusters as one."""
    latin = "".join(_LETTERS.get(letter, letter) for letter in word)
    for mark, plain in (("š", "sh"), ("č", "ch"), ("ž", "zh")):
        latin = latin.replace(mark, plain)
    plain = "".join(letter for letter in unicodedata.normalize("NFD", latin) if not unicodedata.combining(letter)).translate(
        _LATIN
    )
    for cluster, simple in _CLUSTERS:
        plain = plain.replace(cluster, simple)
    return plain
