"""Retry-After and freshness, as servers write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.retry_after import fresh_for_s, http_date, retry_after_s

NOW = datetime(2019, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("-1", 0),
        ("Mon, 04 Mar 2019 10:01:00 GMT", 60),
        ("Monday, 04-Mar-19 10:01:00 GMT", 60),
        ("Mon Mar  4 10:01:00 2019", 60),
        ("Sun, 03 Mar 2019 10:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("1e9", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after_s(value, NOW) == seconds


@given(st.text())
def test_any_text_is_survived(value):
    assert http_date(value) is None or http_date(value).tzinfo is UTC
    assert (retry_after_s(value, NOW) or 0) >= 0
    assert (fresh_for_s({"cache-control": value, "expires": value, "date": value}) or 1) > 0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=60", 60),
        ("public,MAX-AGE=60", 60),
        ('max-age="60"', 60),
        ("s-maxage=60", None),
        ("no-cache", None),
        ("max-age=0", None),
        ("max-age=-5", None),
    ],
)
def test_freshness_by_max_age(value, seconds):
    assert fresh_for_s({"cache-control": value}) == seconds
