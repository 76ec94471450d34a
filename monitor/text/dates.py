"""Finds the dates that a sentence names and resolves them against the day it was published; it does not say which of them matters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, partial

from monitor.text.date_words import DATE_WORDS, NUMBERS, UNITS, DateWords

_AHEAD = {False: timedelta(days=45), True: timedelta(days=183)}
"""How far ahead a day without a year may lie, by whether its sentence speaks of the future."""
_DIGIT = re.compile(r"\d")
_DASHES = r"\s?[-–—]\s?"
_DAY = r"(?<![\d.,:/])(?P<{name}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|-го|-га|-е)?"
_YEAR = r"(?:,?\s(?P<year>(?:19|20)\d\d)(?!\d))?"


class DateKind(StrEnum):
    """How a date was given: by day and month ("named"), from the day of publication ("relative"), or as part of a document's name."""

    NAMED = "named"
    RELATIVE = "relative"
    OF_DOCUMENT = "of-document"


@dataclass(frozen=True, slots=True)
class NamedDate:
    """Characters `start`..`end` of the text name the days `first`..`last` (both included; equal for a single day)."""

    start: int
    end: int
    first: date
    last: date
    kind: DateKind

    @property
    def is_exact(self) -> bool:
        """Whether it names days, not a whole month or year. Spans up to three weeks count: exercises last so long."""
        return (self.last - self.first).days <= 21


def dates_in(text: str, language: str, published: date, *, ahead: bool = False) -> tuple[NamedDate, ...]:
    """The dates in a sentence, in order of place, never overlapping.

    A day without a year is the last one up to six weeks after publication, or up to half a year after it when `ahead`; a month without
    a year the last one that has begun, or the next. A bare weekday is the last such day up to publication, or the next one when `ahead`.

    Args:
        text: One sentence (longer text works).
        language: ISO 639-1; all known languages are tried where it is unknown or "".
        published: The local day of publication.
        ahead: Whether what is dated lies in the future; decides weekdays, and days and months without a year.
    """
    codes = [language] if language in DATE_WORDS else list(DATE_WORDS)
    found: list[NamedDate] = []
    has_digit = bool(_DIGIT.search(text))
    for code in codes:
        for reader in _readers(code):
            if reader.needs_digit and not has_digit:
                continue
            for match in reader.pattern.finditer(text):
                found.extend(reader.read(match, _Context(published, ahead, DATE_WORDS[code])))
    found.sort(key=lambda one: (one.start, -(one.end - one.start), (one.last - one.first).days))
    kept: list[NamedDate] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Context:
    published: date
    ahead: bool
    words: DateWords


_Read = Callable[[re.Match[str], _Context], Iterator[NamedDate]]


@dataclass(frozen=True, slots=True)
class _Reader:
    pattern: re.Pattern[str]
    read: _Read
    needs_digit: bool = True


@lru_cache(maxsize=8)
def _readers(language: str) -> tuple[_Reader, ...]:
    words = DATE_WORDS[language]
    month = "|".join(words.months)
    year = _YEAR + (rf"(?:\s?(?:{words.year})(?!\w))?" if words.year else "")
    span = rf"(?:{_DASHES}|\s(?:{words.through})\s)"
    joint = rf"(?:{_DASHES}|\s(?P<joint>{words.through}|{words.both})\s)"
    between = rf"(?:(?P<between>{words.between})\s)?"
    of = rf"(?:(?P<of>\b(?:{words.of_document}))\s)?"
    end = r"(?!\w)"
    day, other = _DAY.format(name="a"), _DAY.format(name="b")

    def named(pattern: str, read: _Read) -> _Reader:
        return _Reader(re.compile(pattern, re.IGNORECASE), read)

    readers = [
        named(
            rf"{between}{day}\s(?P<m>{month})\.?(?:,?\s(?P<year_a>(?:19|20)\d\d))?{span}{other}\s(?P<n>{month}){end}\.?{year}",
            _two,
        ),
        named(rf"{between}{day}{joint}{other}\s(?P<n>{month}){end}\.?{year}", _days_of_month),
        named(rf"{of}{day}\s(?:of\s)?(?P<n>{month}){end}\.?{year}", _one),
        replace(named(rf"\b(?:{words.in_word})\s(?P<n>{'|'.join(words.in_months)}){end}{year}", _month), needs_digit=False),
        named(
            rf"(?:(?P<part>\b(?:{words.parts_of_year}))\s(?:of\s)?|{_year_lead(words)})(?P<y>(?:19|20)\d\d){_year_tail(words)}",
            _year,
        ),
        *_relative(words),
        *_weekdays(words),
        _Reader(re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)(?!\d)"), _numeric),
        _Reader(re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.(?P<mo>\d{1,2})\.(?P<y>(?:19|20)\d\d)(?!\d)"), _numeric),
    ]
    if words.month_first:
        readers += _month_first(month, year, span, joint, of)
    return tuple(readers)


def _month_first(month: str, year: str, span: str, joint: str, of: str) -> list[_Reader]:
    """Like "March 5", "July 29 to 31", "September 28 – October 2, 2019", "March 2016"."""
    day, other = _DAY.format(name="a"), _DAY.format(name="b")
    patterns: list[tuple[str, _Read]] = [
        (rf"\b(?P<m>{month})\.?\s{day}(?:,?\s(?P<year_a>(?:19|20)\d\d))?{span}(?P<n>{month})\.?\s{other}(?!\w){year}", _two),
        (rf"(?:(?P<between>between)\s)?\b(?P<n>{month})\.?\s{day}{joint}{other}(?!\w|\s(?:{month})\b){year}", _days_of_month),
        (rf"{of}\b(?P<n>{month})\.?\s{day}(?!\w){year}", _one),
        (rf"\b(?P<n>{month})\.?\s(?P<year>(?:19|20)\d\d)(?!\d)", _month),
    ]
    return [_Reader(re.compile(pattern, re.IGNORECASE), read) for pattern, read in patterns]


def _year_lead(words: DateWords) -> str:
    return r"\b(?:in|by|until|since|for)\s" if not words.year else rf"(?:\b(?:{words.in_word})\s)?\b"


def _year_tail(words: DateWords) -> str:
    return r"(?![\d-])" if not words.year else rf"\s(?:{words.year})(?!\w)"


_Days = Callable[[date], tuple[date, date]]


def _relative(words: DateWords) -> Iterator[_Reader]:
    """All of "yesterday", "last week", "next month", "this year" in one pass, and "three days ago"."""
    meanings: list[tuple[str, _Days]] = [
        *((pattern, partial(_day_away, days)) for pattern, days in words.days.items()),
        *((pattern, partial(_week_away, weeks)) for pattern, weeks in words.weeks.items()),
        *((pattern, partial(_month_away, months)) for pattern, months in words.month_offsets.items()),
        *((pattern, partial(_year_away, years)) for pattern, years in words.year_offsets.items()),
    ]
    # Longer words first: "the day before yesterday" holds "yesterday".
    meanings.sort(key=lambda pair: -max(map(len, pair[0].split("|"))))

    def read(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
        days = meanings[int((match.lastgroup or "g0")[1:])][1]
        yield _spanning(match, *days(context.published), DateKind.RELATIVE)

    pattern = "|".join(f"(?P<g{place}>{words})" for place, (words, _) in enumerate(meanings))
    yield _words_reader(pattern, read)
    if words.ago:
        yield _words_reader(words.ago, _ago)


def _day_away(days: int, published: date) -> tuple[date, date]:
    day = published + timedelta(days=days)
    return day, day


def _week_away(weeks: int, published: date) -> tuple[date, date]:
    monday = published - timedelta(days=published.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)


def _month_away(months: int, published: date) -> tuple[date, date]:
    index = published.year * 12 + published.month - 1 + months
    return _whole_month(index // 12, index % 12 + 1)


def _year_away(years: int, published: date) -> tuple[date, date]:
    return date(published.year + years, 1, 1), date(published.year + years, 12, 31)


def _words_reader(pattern: str, read: _Read) -> _Reader:
    return _Reader(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), read, needs_digit=False)


def _weekdays(words: DateWords) -> Iterator[_Reader]:
    """Like "on Tuesday", "last Friday", «в следующую среду»; a weekday alone ("Tuesday's talks") is left out."""
    which = rf"(?:(?P<last>{words.last})|(?P<next>{words.next})|(?P<this>{words.this}))"
    lead = rf"(?:(?:{words.on_word})\s{which}?\s?|{which.replace('?P<', '?P<x')}\s)"
    names = "|".join(f"(?P<d{number}>{name})" for number, name in enumerate(words.weekdays))

    def read(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
        yield _weekday(match, context, int((match.lastgroup or "d0")[1:]))

    yield _words_reader(f"{lead}(?:{names})", read)


def _weekday(match: re.Match[str], context: _Context, number: int) -> NamedDate:
    today = context.published
    back = timedelta(days=(today.weekday() - number) % 7)
    forward = timedelta(days=(number - today.weekday()) % 7)
    if match["last"] or match["xlast"]:
        day = today - (back or timedelta(days=7))
    elif match["next"] or match["xnext"]:
        day = today + (forward or timedelta(days=7))
    elif match["this"] or match["xthis"]:
        day = today - timedelta(days=today.weekday() - number)
    else:
        day = today + forward if context.ahead else today - back
    return _spanning(match, day, day, DateKind.RELATIVE)


def _ago(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
    count = NUMBERS.get(match["n"].lower()) or (int(match["n"]) if match["n"].isdigit() else 0)
    unit = next(days for group, days in UNITS.items() if match[group])
    day = context.published - timedelta(days=count * unit)
    yield _spanning(match, day, day, DateKind.RELATIVE)


def _one(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
    """A single day; with "of" before it and a year it dates a document ("the treaty of 19 November 1990")."""
    month = _month_number(match, "n", context.words)
    day = _day(match["year"], month, int(match["a"]), context)
    if day is None:
        return
    of_document = bool(match["of"] and match["year"])
    start = match.start() if of_document else min(match.start("a"), match.start("n"))
    yield NamedDate(start, _end(match), day, day, DateKind.OF_DOCUMENT if of_document else DateKind.NAMED)


def _days_of_month(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
    """Two days of one month: a span, or, joined by "and" without being neighbours, two days."""
    month = _month_number(match, "n", context.words)
    last = _day(match["year"], month, int(match["b"]), context)
    first = _day(str(last.year) if last else None, month, int(match["a"]), context)
    if last is None or first is None:
        return
    joint = (match["joint"] or "").lower()
    separate = joint in context.words.both.split("|") and not match["between"] and (last - first).days != 1
    if separate or first > last:
        yield NamedDate(match.start("a"), match.end("a"), first, first, DateKind.NAMED)
        yield NamedDate(match.start("b"), _end(match), last, last, DateKind.NAMED)
    else:
        yield _spanning(match, first, last, DateKind.NAMED)


def _two(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
    """A span over two months; the year at its end holds for both unless the months run backwards."""
    month_a, month_b = _month_number(match, "m", context.words), _month_number(match, "n", context.words)
    last = _day(match["year"], month_b, int(match["b"]), context)
    if last is None:
        return
    year = match["year_a"] or str(last.year - (1 if month_a > month_b else 0))
    first = _day(year, month_a, int(match["a"]), context)
    if first and first <= last:
        yield _spanning(match, first, last, DateKind.NAMED)


def _month(match: re.Match[str], context: _Context) -> Iterator[NamedDate]:
    month = _month_number(match, "n", context.words)
    day = _day(match["year"], month, 1, context) if month else None
    if day and not match["year"] and not context.ahead and day > context.published:
        day = day.replace(year=day.year - 1)
    if day:
        yield _spanning(match, *_whole_month(day.year, day.month), DateKind.NAMED)


def _year(match: re.Match[str], _: _Context) -> Iterator[NamedDate]:
    number = int(match["y"])
    yield _spanning(match, date(number, 1, 1), date(number, 12, 31), DateKind.NAMED)


def _numeric(match: re.Match[str], _: _Context) -> Iterator[NamedDate]:
    day = _safe_date(int(match["y"]), int(match["mo"]), int(match["d"]))
    if day:
        yield _spanning(match, day, day, DateKind.NAMED)


def _month_number(match: re.Match[str], group: str, words: DateWords) -> int:
    """1..12, or 0 where the word is no month after all ("may" in English must be capital)."""
    found = match[group]
    if words.capital_months and not found[0].isupper():
        return 0
    lower = found.lower()
    for number, (dated, alone) in enumerate(zip(words.months, words.in_months, strict=True), start=1):
        if lower in dated.split("|") or lower in alone.split("|"):
            return number
    return 0


def _day(year: str | None, month: int, day: int, context: _Context) -> date | None:
    """The day meant; without a year the last one within reach ahead."""
    if year:
        return _safe_date(int(year), month, day)
    limit = context.published + _AHEAD[context.ahead]
    candidates = (_safe_date(context.published.year + shift, month, day) for shift in (1, 0, -1))
    return next((one for one in candidates if one and one <= limit), None)


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _whole_month(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def _spanning(match: re.Match[str], first: date, last: date, kind: DateKind) -> NamedDate:
    return NamedDate(match.start(), _end(match), first, last, kind)


def _end(match: re.Match[str]) -> int:
    """The match's end without the white space or comma that optional parts may leave."""
    return match.start() + len(match.group().rstrip(" ,\t\xa0"))
