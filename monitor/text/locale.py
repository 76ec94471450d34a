"""Dates, numbers, lists and plural forms as people write them in a language. The one home of Babel; it knows no messages.

Languages are ISO 639-1 codes ("en", "be", "ru"); every other language that CLDR knows works in CLDR's own forms, and
one that it does not know is written as English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

_YEAR_WORD = {"be": "года", "ru": "года"}
"""Languages whose prose spells the year out ("2019 года") where CLDR abbreviates it ("2019 г.")."""


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def week_line(first: date, last: date, language: str) -> str:
    """The span of an edition, both days included, as its masthead prints it.

    "March 4 – March 10, 2019"; "4–10 марта 2019 года"; "4–10 сакавіка 2019 года". English repeats the month and every
    language says the year once, unless the span crosses into another year.
    """
    if first == last:
        return long_date(first, language)
    if first.year != last.year:
        return f"{long_date(first, language)} – {long_date(last, language)}"
    if _locale(language).language == "en":
        return f"{short_date(first, language)} – {long_date(last, language)}"
    if language not in _YEAR_WORD:
        return format_interval(first, last, "yMMMMd", locale=_locale(language))
    if first.month == last.month:
        return f"{first.day}–{long_date(last, language)}"
    return f"{short_date(first, language)} – {long_date(last, language)}"


def long_date(day: date, language: str) -> str:
    """Day, month in letters, year: "March 5, 2019", "5 марта 2019 года", "5 сакавіка 2019 года"."""
    if word := _YEAR_WORD.get(language):
        return f"{short_date(day, language)} {day.year} {word}"
    return format_date(day, "long", locale=_locale(language))


def short_date(day: date, language: str) -> str:
    """Day and month in letters: "March 5", "5 марта", "5 сакавіка"."""
    return format_skeleton("MMMMd", day, locale=_locale(language))


def short_span(first: date, last: date, language: str) -> str:
    """Two days without a year: "April 3–4", "3–4 апреля", "30 мая – 2 июня"."""
    if first.month != last.month or first.year != last.year:
        return f"{short_date(first, language)} – {short_date(last, language)}"
    if _locale(language).language == "en":
        return f"{short_date(first, language)}–{last.day}"
    return f"{first.day}–{short_date(last, language)}"


def ordinal_date(day: date, language: str) -> str:
    """The form that opens a dated sentence: "March 5th, 2019" in English; elsewhere the long date."""
    if _locale(language).language != "en":
        return long_date(day, language)
    return f"{_ordinal_day(day)}, {day.year}"


def ordinal_range(first: date, last: date, language: str) -> str:
    """Several days, both included, opening a sentence: "June 3rd – 4th, 2019", "3–4 июня 2019 года"."""
    if _locale(language).language != "en" or first.year != last.year or first == last:
        return week_line(first, last, language) if first != last else ordinal_date(first, language)
    end = f"{last.day}{_suffix(last.day)}" if first.month == last.month else _ordinal_day(last)
    return f"{_ordinal_day(first)} – {end}, {last.year}"


def period(first: date, last: date, language: str) -> str:
    """The name of a whole calendar month or year, both days included: "February 2016", "1992"; "" for any other span.

    "февраль 2016 года", "1992 год"; the month stands in the nominative.
    """
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year} год" if language in _YEAR_WORD else str(first.year)
    if first.day != 1 or (first.year, first.month) != (last.year, last.month) or (last + timedelta(days=1)).day != 1:
        return ""
    if word := _YEAR_WORD.get(language):
        return f"{format_date(first, 'LLLL', locale=_locale(language))} {first.year} {word}"
    return format_skeleton("yMMMM", first, locale=_locale(language))


def _ordinal_day(day: date) -> str:
    return f"{short_date(day, 'en')}{_suffix(day.day)}"


def _suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of an aware `moment` in an IANA `zone`.

    Raises:
        ZoneInfoNotFoundError: `zone` is no IANA name; a loaded digest never holds one.
    """
    return moment.astimezone(ZoneInfo(zone)).date()


def number(value: float, language: str) -> str:
    """A count with the language's digit grouping: "12,345", "12 345"."""
    return format_decimal(value, locale=_locale(language))


def plural_category(n: int, language: str) -> str:
    """The CLDR plural category of a whole number: "one", "few", "many" or "other" (also "zero", "two" in some languages)."""
    return str(_locale(language).plural_form(n))


def plural_categories(language: str) -> frozenset[str]:
    """The categories that whole numbers can take in a language; "other" is among them where some whole number needs it."""
    form = _locale(language).plural_form
    return frozenset(str(form(n)) for n in range(1001))


def plural(n: int, language: str, forms: Mapping[str, str]) -> str:
    """The form that goes with `n`: `plural(3, "ru", {"one": "источник", "few": "источника", "many": "источников"})`.

    A missing category falls back to "other".

    Raises:
        KeyError: Neither the category nor "other" is given.
    """
    category = plural_category(n, language)
    return forms[category] if category in forms else forms["other"]


def join_list(parts: Sequence[str], language: str) -> str:
    """Parts joined in the language's way: "a, b, and c"; "" for none."""
    return format_list(list(parts), locale=_locale(language)) if parts else ""


def language_name(code: str, language: str) -> str:
    """What `language` calls the language `code`: ("ru", "en") → "Russian"; the code itself where CLDR has no word."""
    return str(_locale(language).languages.get(code, code))


def own_name(code: str) -> str:
    """What a language calls itself, for a language switch: "be" → "Беларуская"; the code where CLDR has no word."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_language_name()
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def text_direction(language: str) -> str:
    """As the `dir` attribute takes it: "ltr" or "rtl"."""
    return str(_locale(language).text_direction)
