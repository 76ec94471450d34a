"""What an answer means."""

from datetime import UTC, datetime

import pytest

from monitor.feeds.answers import error_for, validators_after
from monitor.model.errors import FeedBusy, FeedRefused, FeedUnreachable
from monitor.model.feed import Validators

NOW = datetime(2019, 3, 4, 10, tzinfo=UTC)


def test_retry_after_dates_count_from_the_answers_own_clock():
    late = "Mon, 04 Mar 2019 12:00:00 GMT"
    assert error_for(429, {"retry-after": late}, "u", NOW).retry_after_s == 7200
    assert error_for(429, {"retry-after": late, "date": "Mon, 04 Mar 2019 11:59:00 GMT"}, "u", NOW).retry_after_s == 60
    assert error_for(429, {"retry-after": late, "date": "now"}, "u", NOW).retry_after_s == 7200


def test_words_say_status_and_wait():
    error = error_for(503, {"retry-after": "90"}, "u", NOW)
    assert isinstance(error, FeedBusy)
    assert str(error) == "HTTP 503 Service Unavailable, asks to wait 90 s"
    assert str(error_for(799, {}, "u", NOW)) == "HTTP 799"


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_challenge_is_a_refusal_whatever_its_status(status):
    assert isinstance(error_for(status, {"cf-mitigated": "challenge"}, "u", NOW), FeedRefused)


def test_only_what_time_may_heal_is_transient():
    transient = {status for status in range(201, 600) if error_for(status, {}, "u", NOW).transient}
    assert {408, 429, 500, 502, 503, 504} <= transient
    assert not transient & {401, 403, 404, 410, 451}
    assert isinstance(error_for(304, {}, "u", NOW), FeedUnreachable)


@pytest.mark.parametrize(
    ("status", "headers", "kept"),
    [
        (200, {"etag": '"n"', "last-modified": "now"}, Validators('"n"', "now")),
        (200, {}, Validators(None, None)),
        (200, {"etag": ""}, Validators(None, None)),
        (200, {"etag": "a\r\nX: y"}, Validators(None, None)),
        (200, {"last-modified": "Tue, 19 Jan 2038 03:14:07 GMT"}, Validators(None, None)),
        (304, {}, Validators('"o"', "then")),
        (304, {"etag": '"n"'}, Validators('"n"', "then")),
    ],
)
def test_validators_kept(status, headers, kept):
    assert validators_after(status, headers, Validators('"o"', "then")) == kept
