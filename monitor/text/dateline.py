"""Finds a wire story's dateline ("MINSK, 4 March (Agency) –"), which is no part of its first sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UP = r"A-ZÀ-ÖØ-ÞŁŚŻŹĆŃŠŽČŬА-ЯЁІЎЄЇҐ"
_LOW = r"a-zà-öø-ÿłśżźćńšžčŭа-яёіўєїґ"
_WORD = rf"[{_UP}][{_UP}{_LOW}’'.-]*"
_PLACE = rf"{_WORD}(?:[ -]{_WORD}){{0,2}}(?:,[ ]{_WORD})?"
_CAPS = rf"[{_UP}]{{3,}}(?:[ -][{_UP}]{{2,}}){{0,2}}(?:,[ ]{_WORD})?"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ ][{_UP}{_LOW}]{{3,11}}\.?|[{_UP}][{_LOW}]{{2,9}}\.?[ ]\d{{1,2}})(?:,?[ ]\d{{4}})?(?:[ ]г\.)?"
)
_AGENCY = rf"(?:/(?P<slashed>[^/\n]{{2,40}})/|\((?P<bracketed>(?=[^()]*[{_UP}{_LOW}])[^()\n]{{2,40}})\))"
_DASH = r"[-–—]"
_AHEAD = rf"(?=[«„“\"'‘(]*[{_UP}\d])"

_FORMS = tuple(
    re.compile(rf"\s*{form}\s*{_AHEAD}")
    for form in (
        # MOSCOW, September 4. /TASS/.  ·  26 февраля, Минск /Корр. БЕЛТА/.  ·  MINSK (Agency) -
        rf"(?:{_PLACE}[,.][ ]{_DATE}|{_DATE}[,.][ ]{_PLACE}|{_PLACE}|{_DATE})[,.]?\s*{_AGENCY}\s*(?:[.:]|{_DASH}\s)(?:\s*{_DASH}\s)?",
        # МИНСК, 17 фев - Sputnik.
        rf"{_PLACE}[,.][ ]{_DATE}\s*{_DASH}\s*(?P<named>{_WORD}(?:[ ]{_WORD}){{0,2}})\.\s",
        # Минск. 26 февраля. ИНТЕРФАКС-ЗАПАД -
        rf"{_PLACE}[,.][ ]{_DATE}[.,][ ](?P<named>{_CAPS})\s*(?:\.|{_DASH}\s)",
        # WASHINGTON, March 3 —   ·   VILNIUS, Lithuania —
        rf"{_CAPS}(?:[,.][ ]{_DATE})?\s*{_DASH}\s",
        # Минск, 26 февраля.
        rf"{_PLACE},[ ]{_DATE}\.\s",
    )
)


_CORRESPONDENT = re.compile(r"^(?:корр?\.|кар\.|corr?\.)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline as printed, without the dash after it, and the agency it names; "" where there is none."""

    text: str = ""
    agency: str = ""


def dateline_end(line: str) -> int:
    """How many characters at the start of a paragraph are its dateline, white space after it included; 0 where it has none."""
    found = _match(line)
    return found.end() if found else 0


def read_dateline(line: str) -> Dateline:
    """The dateline at the start of a paragraph."""
    found = _match(line)
    if found is None:
        return Dateline()
    names = found.groupdict()
    agency = next((name for name in (names.get("slashed"), names.get("bracketed"), names.get("named")) if name), "")
    return Dateline(found.group().strip().rstrip("-–—").strip(), _CORRESPONDENT.sub("", agency.strip()))


def _match(line: str) -> re.Match[str] | None:
    head = line[:120]
    return next((found for form in _FORMS if (found := form.match(head))), None)
