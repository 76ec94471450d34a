"""Binds what a line must not break apart: numbers and what they count, initials and names, dashes and the word before them.

It changes which space stands between two words and nothing else, so that a text reads the same and searches the same.
"""

from __future__ import annotations

import re

NBSP = "\u00a0"

_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁІЎ"
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿА-Яа-яЁёІіЎў"
_BINDINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"() (?=[—–] )",
        rf"(?<=\d)(?<!\d{{4}})() (?=[{_LETTER}%°])",
        r"(?<=\d)() (?=(?:г\.|год))",
        r"\b([A-Z][a-z]{2,8}) (?=\d{1,2}(?![\d.]))",
        rf"(?<=[ («„“][{_UPPER}]\.)() (?=[{_UPPER}])",
        rf"^([{_UPPER}]\.) (?=[{_UPPER}])",
        r"(?<=[№§])() (?=\d)",
        rf"(?<=[ «„({NBSP}][ВКСУОИАЯЗЎІвксуоиаязўі])() (?=[{_LETTER}«„\d])",
        rf"^([ВКСУОИАЯЗІвксуоиаязўі]) (?=[{_LETTER}«„\d])",
    )
)
"""A dash and the word before it; a number and its unit or month, either way round; initials; signs of number; and the words of one
letter that Russian and Belarusian setting does not leave at the end of a line."""


def bind(text: str) -> str:
    """The text with no-break spaces where a line must not end; nothing else of it changes."""
    for pattern in _BINDINGS:
        text = pattern.sub(rf"\1{NBSP}", text)
    return text
