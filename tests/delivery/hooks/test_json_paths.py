"""Values are found in any JSON, and what is not there is nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.hooks.json_paths import MAX_TEXT, first_text, moment, parsed, text_at, unwrapped, value_at

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | st.sampled_from("ab0"), inner, max_size=4),
    max_leaves=20,
)
SPOT = st.lists(st.sampled_from(["a", "b", "0", "1", "99999999"]), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("document", "spot", "value"),
    [
        ({"a": {"b": "x"}}, "a.b", "x"),
        ({"a": [{"b": 1}, {"b": 2}]}, "a.1.b", 2),
        ({"event-data": {"message-id": "m"}}, "event-data.message-id", "m"),
        ({"a": {"0": "a key that is a number"}}, "a.0", "a key that is a number"),
        ({"a": []}, "a.0", None),
        ({"a": "text"}, "a.b", None),
        ([1], "-1", None),
        (None, "a", None),
    ],
)
def test_a_spot_leads_to_its_value_or_to_nothing(document, spot, value):
    assert value_at(document, tuple(spot.split("."))) == value


@given(JSON, SPOT)
def test_no_document_breaks_the_search(document, spot):
    assert isinstance(text_at(document, (spot, ("a",))), str)
    unwrapped(document, (spot, ()))


@given(JSON)
def test_what_is_read_as_text_can_be_kept_anywhere(value):
    text = first_text(value)
    assert "\x00" not in text
    assert len(text.encode()) <= 4 * MAX_TEXT


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (7, "7"), (" x ", "x"), ("\ud800a\x00", "?a"), (None, ""), ([], ""), ({}, "")]
)  # fmt: skip
def test_a_value_as_text(value, text):
    assert first_text(value) == text


def test_the_first_spot_that_says_something_counts():
    document = {"a": "", "b": None, "c": "here", "d": "not"}
    assert text_at(document, tuple((key,) for key in "abcd")) == "here"


def test_json_inside_a_text_is_read_and_other_text_stays():
    assert unwrapped({"Message": '{"a": 1}'}, (("Message",),)) == {"Message": {"a": 1}}
    for kept in ({"Message": "plain words"}, {"Message": {"a": 1}}, {"other": "{}"}, "[1"):
        assert unwrapped(kept, (("Message",),)) == kept
    deep = {"Message": "[" * 100_000}
    assert unwrapped(deep, (("Message",),)) == deep


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000, b'{"a": ' * 50_000])
def test_what_no_provider_sends_is_a_value_error(body):
    with pytest.raises(ValueError, match=r".+"):
        parsed(body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1552284000", datetime(2019, 3, 11, 6, tzinfo=UTC)),
        ("1552284000000", datetime(2019, 3, 11, 6, tzinfo=UTC)),
        ("1552284000.5", datetime(2019, 3, 11, 6, 0, 0, 500_000, tzinfo=UTC)),
        ("2019-03-11T06:00:00.000Z", datetime(2019, 3, 11, 6, tzinfo=UTC)),
        ("2019-03-11T02:00:00.1234567-04:00", datetime(2019, 3, 11, 6, 0, 0, 123456, tzinfo=UTC)),
        ("2019-03-11 06:00:00", None),
        ("nan", None),
        ("1e300", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_needs_a_zone_and_a_number_is_seconds_or_milliseconds(text, expected):
    assert moment(text) == expected
