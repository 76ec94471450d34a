"""Dates as lists of news print them."""

from datetime import UTC, datetime

import pytest

from monitor.feeds.listed_date import listed_date, machine_date

NOW = datetime(2019, 3, 6, 9, 30, tzinfo=UTC)


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("5 марта 2019, 14:20", "ru", at(2019, 3, 5, 14, 20)),
        ("05.03.2019", "ru", at(2019, 3, 5)),
        ("5 сакавіка 2019", "be", at(2019, 3, 5)),
        ("March 5, 2019", "en", at(2019, 3, 5)),
        ("5 березня 2019, 08:05", "uk", at(2019, 3, 5, 8, 5)),
        ("5 marca 2019", "pl", at(2019, 3, 5)),
        ("2019 m. kovo 5 d.", "lt", at(2019, 3, 5)),
        ("5 марта, 14:20", "ru", at(2019, 3, 5, 14, 20)),
        ("28 декабря", "ru", at(2018, 12, 28)),
        ("Вчера, 18:41", "ru", at(2019, 3, 5, 18, 41)),
        ("учора", "be", at(2019, 3, 5)),
        ("Yesterday at 7:05", "en", at(2019, 3, 5, 7, 5)),
        ("сьогодні 08:00", "uk", at(2019, 3, 6, 8, 0)),
        ("wczoraj", "", at(2019, 3, 5)),
        ("14:20", "ru", at(2019, 3, 6, 14, 20)),
        ("1 January 1970", "en", None),
        ("Mirror 25:61", "en", None),
        ("Read more about the bridge that opened at 14:20 in the south", "en", None),
        ("", "", None),
    ],
)
def test_what_lists_print_is_read(text, language, expected):
    assert listed_date(text, language, NOW) == expected


def test_a_day_without_a_year_that_lies_ahead_is_last_years():
    assert listed_date("5 April", "en", NOW) == at(2018, 4, 5)
    assert listed_date("29 February", "en", at(2024, 2, 20)) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-03-05", at(2019, 3, 5)),
        ("2019-03-05T14:20+03:00", at(2019, 3, 5, 11, 20)),
        (" 2019-03-05T14:20:01.5Z ", at(2019, 3, 5, 14, 20, 1, 500000)),
        ("2019-03", None),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
    ],
)
def test_dates_for_machines(text, expected):
    assert machine_date(text) == expected
