"""Dates in prose are found, resolved against publication, and never overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.date_words import DATE_WORDS
from monitor.text.dates import DateKind, dates_in

MONDAY = date(2019, 3, 11)


def days(*pairs):
    return [(date.fromisoformat(first), date.fromisoformat(last or first)) for first, last in pairs]


CASES = [
    ("en", "On March 5th, 2019, the president spoke.", days(("2019-03-05", ""))),
    ("en", "It opened on 5 March.", days(("2019-03-05", ""))),
    ("en", "The visit lasts from 28 to 30 March.", days(("2019-03-28", "2019-03-30"))),
    ("en", "Drills run 28–30 March.", days(("2019-03-28", "2019-03-30"))),
    ("en", "From July 29 to 31 they trained.", days(("2018-07-29", "2018-07-31"))),
    ("en", "It ran September 28 – October 2, 2018.", days(("2018-09-28", "2018-10-02"))),
    ("en", "They meet on 5 and 20 March.", days(("2019-03-05", ""), ("2019-03-20", ""))),
    ("en", "They meet on 5 and 6 March.", days(("2019-03-05", "2019-03-06"))),
    ("en", "It happened yesterday.", days(("2019-03-10", ""))),
    ("en", "They met on Tuesday.", days(("2019-03-05", ""))),
    ("en", "They met last Monday.", days(("2019-03-04", ""))),
    ("en", "The talks resume next Tuesday.", days(("2019-03-12", ""))),
    ("en", "They met last week.", days(("2019-03-04", "2019-03-10"))),
    ("en", "The drill is next month.", days(("2019-04-01", "2019-04-30"))),
    ("en", "They left three days ago.", days(("2019-03-08", ""))),
    ("en", "He came in March 2016.", days(("2016-03-01", "2016-03-31"))),
    ("en", "He may come 5 times.", []),
    ("en", "It will march 3 units.", []),
    ("en", "The 2011 Vienna Document stands.", []),
    ("en", "It was signed on 31 February.", []),
    ("ru", "Встреча прошла 28–30 марта 2019 года.", days(("2019-03-28", "2019-03-30"))),
    ("ru", "Группа работает с 26 февраля по 1 марта.", days(("2019-02-26", "2019-03-01"))),
    ("ru", "Об этом стало известно вчера.", days(("2019-03-10", ""))),
    ("ru", "Стороны встретились во вторник.", days(("2019-03-05", ""))),
    ("ru", "Переговоры прошли на прошлой неделе.", days(("2019-03-04", "2019-03-10"))),
    ("ru", "Решение ждут в следующую среду.", days(("2019-03-13", ""))),
    ("ru", "Он приезжал в марте 2016 года.", days(("2016-03-01", "2016-03-31"))),
    ("ru", "Опубликовано 05.03.2019 в газете.", days(("2019-03-05", ""))),
    ("be", "Вучэнні пачнуцца 30 сакавіка.", days(("2019-03-30", ""))),
    ("be", "Яны сустрэліся ў аўторак.", days(("2019-03-05", ""))),
    ("be", "Гэта адбылося ўчора.", days(("2019-03-10", ""))),
    ("be", "Група працуе 10—14 сакавіка.", days(("2019-03-10", "2019-03-14"))),
    ("be", "Сустрэча была 20 верасьня.", days(("2018-09-20", ""))),
    ("be", "Vučeńni pačalisia 7 žniŭnia.", days(("2018-08-07", ""))),
    ("uk", "Зранку 5 березня прибув аташе.", days(("2019-03-05", ""))),
    ("uk", "Зустріч була у п'ятницю.", days(("2019-03-08", ""))),
    ("pl", "Spotkanie odbyło się 5-7 marca 2019 r. w Warszawie.", days(("2019-03-05", "2019-03-07"))),
    ("", "Спатканне 5 сакавіка.", days(("2019-03-05", ""))),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES, ids=[case[1] for case in CASES])
def test_date_in_prose_resolves_against_publication(language, text, expected):
    assert [(found.first, found.last) for found in dates_in(text, language, MONDAY)] == expected


def test_weekday_of_a_plan_is_the_next_one():
    (found,) = dates_in("Inspectors arrive on Wednesday.", "en", MONDAY, ahead=True)
    assert found.first == date(2019, 3, 13)


def test_day_without_year_published_in_january_belongs_to_the_year_before():
    (found,) = dates_in("on 28 December", "en", date(2020, 1, 5))
    assert found.first == date(2019, 12, 28)


def test_day_without_year_a_little_ahead_is_a_plan():
    (found,) = dates_in("5 студзеня", "be", date(2019, 12, 20))
    assert found.first == date(2020, 1, 5)


def test_month_without_year_is_the_last_one_or_the_next_of_a_plan():
    november = date(2019, 11, 22)
    (past,) = dates_in("reported in March", "en", november)
    (plan,) = dates_in("planned in March", "en", november, ahead=True)
    assert (past.first, plan.first) == (date(2019, 3, 1), date(2020, 3, 1))


def test_span_over_new_year_begins_in_the_year_before():
    (found,) = dates_in("December 28 to January 3", "en", date(2020, 1, 2))
    assert (found.first, found.last) == (date(2019, 12, 28), date(2020, 1, 3))


@pytest.mark.parametrize(
    ("language", "text"), [("en", "the Treaty of 19 November 1990"), ("ru", "Договор от 19 ноября 1990 года")]
)
def test_date_of_a_document_is_marked_as_such(language, text):
    (found,) = dates_in(text, language, MONDAY)
    assert found.kind is DateKind.OF_DOCUMENT


def test_span_of_text_is_exact():
    text = "Минск: 5 марта 2019 года, утром"
    (found,) = dates_in(text, "ru", MONDAY)
    assert text[found.start : found.end] == "5 марта 2019 года"


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(DAYS, DAYS, st.sampled_from(["en", "ru", "be", "uk", "pl"]))
def test_day_written_with_its_year_is_read_back(day, published, language):
    words = DATE_WORDS[language].months[day.month - 1].split("|")[0]
    text = f"{day.day} {words.title() if language == 'en' else words} {day.year}"
    (found,) = dates_in(text, language, published)
    assert (found.first, found.last, found.start, found.end) == (day, day, 0, len(text))


@given(DAYS, st.booleans(), st.integers(0, 315), st.sampled_from(["ru", "be", "uk", "pl"]))
def test_day_without_year_near_publication_is_read_back(published, ahead, back, language):
    day = published + timedelta(days=183 if ahead else 45) - timedelta(days=back)
    words = DATE_WORDS[language].months[day.month - 1].split("|")[0]
    found = dates_in(f"{day.day} {words}", language, published, ahead=ahead)
    if (day.month, day.day) != (2, 29):
        assert [one.first for one in found] == [day]


PIECES = st.lists(
    st.sampled_from(
        ["5", "March", "марта", "31", "2019", "–", "and", "по", "on Tuesday", "вчера", "of", ",", "сакавіка", "next week", "in"]
    ),
    max_size=12,
).map(" ".join)


@given(PIECES, DAYS, st.sampled_from(["en", "ru", "be", ""]))
def test_found_dates_lie_in_order_and_never_overlap(text, published, language):
    at = 0
    for found in dates_in(text, language, published):
        assert at <= found.start < found.end <= len(text)
        assert found.first <= found.last
        at = found.end
