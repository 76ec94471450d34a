"""Dates, plurals and names of languages, in the forms that readers of each language write."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import locale

WEEK = (date(2019, 3, 4), date(2019, 3, 10))
ACROSS_MONTHS = (date(2019, 2, 25), date(2019, 3, 3))
ACROSS_YEARS = (date(2019, 12, 30), date(2020, 1, 5))


@pytest.mark.parametrize(
    ("span", "language", "printed", "sentence"),
    [
        (WEEK, "en", "March 4 – March 10, 2019", "English repeats the month and says the year once."),
        (ACROSS_MONTHS, "en", "February 25 – March 3, 2019", "Two months, one year."),
        (ACROSS_YEARS, "en", "December 30, 2019 – January 5, 2020", "Across New Year each end has its year."),
        (WEEK, "ru", "4–10 марта 2019 года", "Russian says the month once, in the genitive."),
        (ACROSS_MONTHS, "ru", "25 февраля – 3 марта 2019 года", "Two months take a spaced dash."),
        (ACROSS_YEARS, "ru", "30 декабря 2019 года – 5 января 2020 года", "Two years in Russian."),
        (WEEK, "be", "4–10 сакавіка 2019 года", "Belarusian likewise."),
        (ACROSS_MONTHS, "be", "25 лютага – 3 сакавіка 2019 года", "Two months in Belarusian."),
        (WEEK, "pl", "4–10 marca 2019", "A language that ships no catalogue still gets its own form from CLDR."),
        (WEEK, "xx", "March 4 – March 10, 2019", "A language that CLDR does not know is written as English."),
        ((WEEK[0], WEEK[0]), "en", "March 4, 2019", "A span of one day is a date."),
    ],
)
def test_week_line(span, language, printed, sentence):
    assert locale.week_line(*span, language) == printed, sentence


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (22, "22nd"),
        (31, "31st"),
    ],
)
def test_english_ordinals(day, printed):
    assert locale.ordinal_date(date(2019, 3, day), "en") == f"March {printed}, 2019"


def test_ordinal_date_is_the_long_date_elsewhere():
    assert locale.ordinal_date(date(2019, 3, 5), "ru") == locale.long_date(date(2019, 3, 5), "ru") == "5 марта 2019 года"
    assert locale.ordinal_date(date(2019, 3, 5), "be") == "5 сакавіка 2019 года"


@pytest.mark.parametrize(
    ("first", "last", "language", "printed"),
    [
        (date(2019, 6, 3), date(2019, 6, 4), "en", "June 3rd – 4th, 2019"),
        (date(2019, 6, 30), date(2019, 7, 2), "en", "June 30th – July 2nd, 2019"),
        (date(2019, 12, 31), date(2020, 1, 2), "en", "December 31, 2019 – January 2, 2020"),
        (date(2019, 6, 3), date(2019, 6, 3), "en", "June 3rd, 2019"),
        (date(2019, 6, 3), date(2019, 6, 4), "be", "3–4 чэрвеня 2019 года"),
    ],
)
def test_ordinal_range(first, last, language, printed):
    assert locale.ordinal_range(first, last, language) == printed


@pytest.mark.parametrize(
    ("first", "last", "language", "printed"),
    [
        (date(2016, 2, 1), date(2016, 2, 29), "en", "February 2016"),
        (date(2016, 2, 1), date(2016, 2, 29), "ru", "февраль 2016 года"),
        (date(2016, 2, 1), date(2016, 2, 29), "be", "люты 2016 года"),
        (date(2016, 2, 1), date(2016, 2, 28), "en", ""),
        (date(2016, 2, 1), date(2016, 3, 31), "en", ""),
        (date(1992, 1, 1), date(1992, 12, 31), "en", "1992"),
        (date(1992, 1, 1), date(1992, 12, 31), "ru", "1992 год"),
        (date(1992, 1, 1), date(1993, 12, 31), "en", ""),
        (date(1992, 1, 1), date(1992, 1, 1), "en", ""),
    ],
)
def test_whole_months_and_years_have_names(first, last, language, printed):
    assert locale.period(first, last, language) == printed


def test_short_dates():
    day = date(2019, 3, 5)
    assert [locale.short_date(day, language) for language in ("en", "be", "ru")] == ["March 5", "5 сакавіка", "5 марта"]


def test_short_spans_name_a_shared_month_once():
    first, last = date(2019, 4, 3), date(2019, 4, 4)
    printed = [locale.short_span(first, last, language) for language in ("en", "be", "ru")]
    assert printed == ["April 3–4", "3–4 красавіка", "3–4 апреля"]
    assert locale.short_span(date(2019, 5, 30), date(2019, 6, 2), "ru") == "30 мая – 2 июня"


SOURCES = {"one": "источник", "few": "источника", "many": "источников"}


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (0, "источников"),
        (1, "источник"),
        (2, "источника"),
        (5, "источников"),
        (11, "источников"),
        (21, "источник"),
        (112, "источников"),
    ],
)
def test_russian_plurals(n, form):
    assert locale.plural(n, "ru", SOURCES) == form


def test_missing_category_falls_back_to_other():
    assert locale.plural(1, "en", {"other": "many things"}) == "many things"
    with pytest.raises(KeyError):
        locale.plural(2, "en", {"one": "thing"})


@given(n=st.integers(0, 100_000), language=st.sampled_from(["en", "be", "ru"]))
def test_every_number_falls_into_a_listed_category(n, language):
    assert locale.plural_category(n, language) in locale.plural_categories(language)


@given(first=st.dates(date(1990, 1, 1), date(2100, 1, 1)), days=st.integers(0, 60), language=st.sampled_from(["en", "be", "ru"]))
def test_a_week_line_names_the_year_of_its_last_day(first, days, language):
    last = date.fromordinal(first.toordinal() + days)
    line = locale.week_line(first, last, language)
    assert str(last.year) in line
    assert line.count(str(last.year)) == 1


def test_digits_are_grouped_as_the_language_does():
    assert locale.number(12345, "en") == "12,345"
    assert locale.number(12345, "ru").replace("\xa0", " ") == "12 345"


def test_local_day_is_that_of_the_zone():
    late = datetime(2019, 3, 5, 22, 30, tzinfo=UTC)
    assert locale.local_day(late, "Europe/Minsk") == date(2019, 3, 6)
    assert locale.local_day(late, "America/New_York") == date(2019, 3, 5)


def test_names_of_languages():
    assert locale.language_name("ru", "en") == "Russian"
    assert locale.language_name("qq", "en") == "qq"
    assert [locale.own_name(code) for code in ("en", "be", "ru", "qq")] == ["English", "Беларуская", "Русский", "qq"]


def test_lists_and_direction():
    assert locale.join_list(["a", "b", "c"], "en") == "a, b, and c"
    assert locale.join_list(["а", "б"], "ru") == "а и б"
    assert locale.join_list([], "en") == ""
    assert (locale.text_direction("en"), locale.text_direction("ar")) == ("ltr", "rtl")
