"""JSON and times: what goes in comes out, in any engine's sorting."""

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.article import Source
from monitor.model.digest import Window
from monitor.model.edition import Rendition
from monitor.model.errors import Invariant, StoreFailed
from monitor.model.feed import FeedState
from monitor.model.match import Match, Mention
from monitor.store.codec import dump, load, text_time, time_text

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(TIMES)
def test_a_time_comes_back_as_the_same_instant_in_utc(moment):
    back = text_time(time_text(moment))
    assert back == moment
    assert back.tzinfo is UTC


@given(TIMES, TIMES)
def test_times_sort_as_text(one, other):
    assert (time_text(one) < time_text(other)) == (one < other)


@given(TIMES)
def test_times_have_one_width(moment):
    assert len(time_text(moment)) == len("2019-03-04T05:06:07.000000Z")


def test_a_time_reads_as_an_iso_time():
    assert time_text(datetime(2019, 3, 4, 8, 6, 7, tzinfo=timezone(timedelta(hours=3)))) == "2019-03-04T05:06:07.000000Z"


def values(kind):
    """A strategy for everything that a type hint of the model allows."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin is UnionType:
        return st.one_of(*map(values, arguments))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{part.name: values(hints[part.name]) for part in fields(kind)})
    plain = {str: TEXT, float: st.floats(allow_nan=False), datetime: TIMES.map(lambda moment: moment.astimezone(UTC))}
    return plain[kind] if kind in plain else st.from_type(kind)


@pytest.mark.parametrize("kind", [Source, Window, Rendition, FeedState, tuple[Match, ...], tuple[Mention, ...]], ids=str)
@given(data=st.data())
def test_every_stored_noun_comes_back(kind, data):
    value = data.draw(values(kind))
    assert load(kind, dump(value)) == value


@dataclass(frozen=True)
class Old:
    name: str


@dataclass(frozen=True)
class New:
    name: str
    more: int = 7
    days: tuple[date, ...] = ()
    also: dict[str, float] = field(default_factory=dict)


def test_a_field_that_came_later_takes_its_default():
    assert load(New, dump(Old("a"))) == New("a")


def test_a_field_that_was_given_up_is_left_out():
    assert load(Old, dump(New("a"))) == Old("a")


@pytest.mark.parametrize(
    ("text", "words"),
    [("{}", "lacks name"), ("[]", "Old"), ("{", "cannot be read"), ('"x"', "cannot be read"), ("null", "cannot be read")],
)
def test_rubbish_is_a_failure_with_words(text, words):
    with pytest.raises(StoreFailed, match=words):
        load(Old, text)


def test_an_unknown_word_of_an_enum_is_a_failure():
    with pytest.raises(StoreFailed, match="nowhere"):
        load(tuple[Mention, ...], '[{"name":"a","field":"nowhere","start":0,"end":1}]')


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", datetime(2019, 3, 4)], ids=["object", "set", "bytes", "naive time"]
)
def test_what_has_no_json_form_is_our_fault(value):
    with pytest.raises(Invariant):
        dump({"value": value})


@pytest.mark.parametrize("kind", [bytes, set[str], complex], ids=str)
def test_a_type_without_json_form_is_our_fault(kind):
    with pytest.raises(Invariant):
        load(kind, "0")


def test_cyrillic_is_stored_as_itself():
    assert dump({"имя": "Минск"}) == '{"имя":"Минск"}'


def test_text_is_made_storable_inside_json_too():
    assert load(dict[str, str], dump({"a": "x\x00\ud800y"})) == {"a": "x\ufffd\ufffdy"}
