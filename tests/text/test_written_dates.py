"""Dates are read as pages print them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.written_dates import is_date_line, written_dates


@pytest.mark.parametrize(
    ("line", "day", "clock"),
    [
        ("18 November 2019, 18:41", date(2019, 11, 18), time(18, 41)),
        ("September 26, 2016 10:28", date(2016, 9, 26), time(10, 28)),
        ("Tuesday, 23rd of April 2024", date(2024, 4, 23), None),
        ("March 4 – March 10, 2019", date(2019, 3, 10), None),
        ("4–10 March 2019", date(2019, 3, 10), None),
        ("4 марта – 10 марта 2019 г.", date(2019, 3, 10), None),
        ("Опубликовано: 12 мая 2020 г. в 14:05", date(2020, 5, 12), time(14, 5)),
        ("5 верасня 2016, 12:01", date(2016, 9, 5), time(12, 1)),
        ("14 траўня 2018", date(2018, 5, 14), None),
        ("24 листопада 2022, 09:15", date(2022, 11, 24), time(9, 15)),
        ("18 listopada 2019", date(2019, 11, 18), None),
        ("2019 m. lapkričio 18 d. 12:30", date(2019, 11, 18), time(12, 30)),
        ("26.09.2016 10:28", date(2016, 9, 26), time(10, 28)),
        ("2016-09-26", date(2016, 9, 26), None),
        ("9/26/2016", date(2016, 9, 26), None),
        ("21. Februar 2020", date(2020, 2, 21), None),
    ],
)
def test_printed_date_is_read_and_is_a_line_of_its_own(line, day, clock):
    found = written_dates(line)[-1]
    assert (found.day, found.clock) == (day, clock)
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "On March 5th, 2019, the mayor urged both councils to agree.",
        "Ice breakers of 12 May 2020",
        "31 February 2020",
        "13/25/2019",
        "The 2019 report",
        "May 2019 be better",
        "",
        "14 may not be 2020",
    ],
)
def test_line_that_says_more_or_names_no_day_is_no_date_line(line):
    assert not is_date_line(line)


def test_bare_time_of_day_is_a_date_line_without_a_date():
    assert is_date_line("10:45")
    assert written_dates("10:45") == ()


@given(st.dates(date(1995, 1, 1), date(2060, 1, 1)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y"]))
def test_every_day_comes_back_as_it_was_written(day, form):
    (found,) = written_dates(day.strftime(form))
    assert found.day == day


@given(st.text(max_size=120))
def test_any_line_can_be_asked(line):
    for found in written_dates(line):
        assert 0 <= found.start < found.end <= len(line)
    is_date_line(line)
