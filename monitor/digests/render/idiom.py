"""How one edition speaks: its language, its words and its time zone; numbers and days in that form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.digests.render.catalogue import Catalogue, catalogue
from monitor.model.digest import Digest
from monitor.text.locale import local_day, number, ordinal_date, ordinal_range, period, short_date

_QUOTES = {"en": ("“”", "‘’"), "be": ("«»", "„“"), "ru": ("«»", "„“"), "uk": ("«»", "„“"), "pl": ("„”", "«»"), "de": ("„“", "‚‘")}
_DOUBLE = frozenset('"“”„«»')


@dataclass(frozen=True, slots=True)
class Idiom:
    """The language, the zone that days are counted in, and the catalogue."""

    language: str
    zone: str
    words: Catalogue

    def foreign(self, language: str) -> str:
        """The language where it differs from the edition's, else "": what a `lang` attribute needs."""
        return "" if not language or language == self.language else language

    def quotes(self, text: str) -> tuple[str, str]:
        """The quotation marks around a verbatim text: the other pair where it has double marks inside, so that none meet."""
        outer, inner = _QUOTES.get(self.language, _QUOTES["en"])
        pair = inner if _DOUBLE & set(text) else outer
        return pair[0], pair[1]

    def day_of(self, moment: datetime) -> date:
        """The calendar day on which something was published, as the digest's readers count days."""
        return local_day(moment, self.zone)

    def short(self, moment: datetime) -> str:
        """Day and month of a publication."""
        return short_date(self.day_of(moment), self.language)

    def opening(self, key: str, day: date, day_end: date | None) -> str:
        """What opens a dated sentence: the message `key`.on with the day, or `key`.in with a whole month or year."""
        if day_end and day_end > day:
            if name := period(day, day_end, self.language):
                return self.words.say(f"{key}.in", period=name)
            return self.words.say(f"{key}.on", day=ordinal_range(day, day_end, self.language))
        return self.words.say(f"{key}.on", day=ordinal_date(day, self.language))

    def signed(self, value: float) -> str:
        """A score with its sign, to a tenth: "+2.5", "−1", "0"."""
        rounded = round(value, 1)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        return sign + number(abs(rounded), self.language)


def idiom_of(language: str, digest: Digest) -> Idiom:
    """The idiom of one language of a digest.

    Raises:
        WrongUse, WrongFiles: As `catalogue`.
    """
    return Idiom(language, digest.schedule.zone, catalogue(language, digest.folder))
