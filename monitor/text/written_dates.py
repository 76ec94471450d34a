"""Reads dates as pages print them ("18 November 2019, 18:41"), in the months of nine languages. It reads no markup and no relative dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

_MONTHS = (
    ("jan(?:uary|uar|vier)?", "январ[ья]", "студзен[ья]", "січ(?:ень|ня)", "stycze?[ńn]\\w*", "saus(?:io|is)", "janvāri\\w*"),
    ("feb(?:ruary|ruar)?", "février", "феврал[ья]", "лют\\w{2,4}", "lut(?:y|ego)", "vasari\\w*", "februāri\\w*"),
    ("mar(?:ch)?", "märz", "mars", "марта?", "сакавіка?", "берез(?:ень|ня)", "marzec", "marca", "kov(?:o|as)", "mart\\w*"),
    ("apr(?:il)?", "avril", "апрел[ья]", "красавіка?", "квіт(?:ень|ня)", "kwie(?:cień|tnia)", "baland(?:žio|is)", "aprīl\\w*"),
    ("may", "mai", "ма[йя]", "траў(?:ня|ень)", "травень", "трав(?:ня|ень)", "maja?", "geguž\\w+", "maij\\w*"),
    ("june?", "juni", "juin", "июн[ья]", "чэрвен[ья]", "черв(?:ень|ня)", "czerw(?:iec|ca)", "birželi\\w*", "jūnij\\w*"),
    ("july?", "juli", "juillet", "июл[ья]", "ліпен[ья]", "лип(?:ень|ня)", "lip(?:iec|ca)", "liep(?:a|os)", "jūlij\\w*"),
    ("aug(?:ust)?", "août", "августа?", "жні(?:вень|ўня)", "серп(?:ень|ня)", "sierp(?:ień|nia)", "rugpjū\\w+", "august\\w*"),
    (
        "sept?(?:ember)?",
        "septembre",
        "сентябр[ья]",
        "верас(?:ень|ня)",
        "верес(?:ень|ня)",
        "wrze(?:sień|śnia)",
        "rugsėj\\w+",
        "septembr\\w*",
    ),
    (
        "oct(?:ober)?",
        "oktober",
        "octobre",
        "октябр[ья]",
        "кастрычніка?",
        "жовт(?:ень|ня)",
        "październik\\w*",
        "spali\\w*",
        "oktobr\\w*",
    ),
    ("nov(?:ember)?", "novembre", "ноябр[ья]", "лістапада?", "листопада?", "listopada?", "lapkri\\w+", "novembr\\w*"),
    (
        "dec(?:ember)?",
        "dezember",
        "décembre",
        "декабр[ья]",
        "снежн[ья]",
        "снежань",
        "груд(?:ень|ня)",
        "grud(?:zień|nia)",
        "gruod\\w+",
    ),
)
_ANY_MONTH = "|".join(form for forms in _MONTHS for form in forms)
_MONTH = f"(?P<month_word>{_ANY_MONTH})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = r"(?:(?:[\s,|•·–—-]|г\.|года\b|г\b|m\.|at\b|в\b|о\b|а\b|godz\.)*(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?!\d))?"
_FORMS = tuple(
    re.compile(form + _CLOCK, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|-?га|-?го|\.)?\s+(?:of\s+)?{_MONTH}\b\.?,?\s+{_YEAR}(?!\d)",
        rf"\b{_MONTH}\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}\s*m\.\s*{_MONTH}\s+(?P<day>\d{{1,2}})(?:\s*d\.)?",
        r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d.])(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)",
    )
)
_DAY_OF_SPAN = re.compile(
    rf"\b(?:(?:{_ANY_MONTH})\s+\d{{1,2}}|\d{{1,2}}\s+(?:{_ANY_MONTH})|\d{{1,2}})\s*[-–—]\s*$", re.IGNORECASE
)
_LABEL_WORDS = """
    published posted updated created date by on at flag time last modified added gmt utc msk est опубликовано обновлено дата
    добавлено время размещено г года апублікавана абноўлена дадзена час опубліковано оновлено року р opublikowano
    aktualizacja dodano data godz roku paskelbta atnaujinta monday tuesday wednesday thursday friday saturday sunday mon tue
    wed thu fri sat sun понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс панядзелак
    аўторак серада чацвер пятніца субота нядзеля понеділок вівторок середа четвер субота неділя poniedziałek wtorek środa
    czwartek piątek sobota niedziela pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis
    sekmadienis
"""
_LABELS = frozenset(_LABEL_WORDS.split())
_LONGEST_LINE = 80


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date found at characters `start`..`end` of a line; `clock` is its time of day, None where none is printed."""

    start: int
    end: int
    day: date
    clock: time | None = None

    @property
    def moment(self) -> datetime:
        """As aware UTC: pages print no zone, so their wall time is taken as it stands; midnight where no time is printed."""
        return datetime.combine(self.day, self.clock or time(), UTC)


def written_dates(line: str) -> tuple[WrittenDate, ...]:
    """All full dates (with a year) of a line in order; day before month where figures alone leave it open."""
    found: list[WrittenDate] = []
    if not _A_YEAR.search(line):  # as of most lines, told ten times faster than by the forms
        return ()
    for form in _FORMS:
        for match in form.finditer(line):
            day = _day(match)
            if day and not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(WrittenDate(match.start(), match.end(), day, _clock(match)))
    return tuple(sorted(found, key=lambda item: item.start))


def is_date_line(line: str) -> bool:
    """True for a short line that says only when: a date or a span of dates, with weekday, time and label at most."""
    if len(line) > _LONGEST_LINE:
        return False
    dates = written_dates(line)
    if not dates:
        return bool(re.fullmatch(r"\W*(?:[01]?\d|2[0-3]):[0-5]\d\W*", line))
    rest = line
    for item in reversed(dates):
        rest = _DAY_OF_SPAN.sub("", rest[: item.start]) + " " + rest[item.end :]
    return all(word in _LABELS for word in re.findall(r"[^\W\d_]+", rest.casefold()))


def _day(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    month = int(groups["month"]) if groups.get("month") else _month(match["month_word"].casefold())
    day = int(groups["day"])
    if "mark" in groups and month > 12 >= day:
        month, day = day, month
    try:
        return date(int(groups["year"]), month, day)
    except ValueError:
        return None


@lru_cache(maxsize=512)
def _month(word: str) -> int:
    return next(number for number, forms in enumerate(_MONTHS, 1) if re.fullmatch("|".join(forms), word))


def _clock(match: re.Match[str]) -> time | None:
    return time(int(match["hour"]), int(match["minute"])) if match["hour"] else None
