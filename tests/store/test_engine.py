"""Words of dialects, and text that databases take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import Invariant
from monitor.store.engine import Dialect, listed, storable, storable_values
from monitor.store.sqlite import SQLITE, SqliteEngine

ANY_TEXT = st.text(st.characters(categories=None))


def test_a_dialect_puts_its_words_in_place():
    dialect = Dialect("test", {"text": "CLOB", "texts": "(list of :{})", "lock": ""})
    assert dialect.speak("a @text, b IN @texts(names) @lock") == "a CLOB, b IN (list of :names) "


def test_a_word_that_is_missing_is_our_fault():
    with pytest.raises(Invariant, match="SQLite has no word @nonsense"):
        SQLITE.speak("SELECT @nonsense")


@given(ANY_TEXT)
def test_storable_text_keeps_its_length_and_can_be_encoded(text):
    kept = storable(text)
    assert len(kept) == len(text)
    assert "\x00" not in kept
    kept.encode()
    assert storable(kept) == kept
    assert all(one == other for one, other in zip(kept, text, strict=True) if one != "\ufffd")


def test_values_other_than_text_are_left_alone():
    assert storable_values({"a": "\x00", "b": b"\x00", "c": None, "d": 1}) == {"a": "\ufffd", "b": b"\x00", "c": None, "d": 1}


@given(st.lists(ANY_TEXT, max_size=5))
def test_members_of_a_list_arrive_as_they_are(members):
    engine = SqliteEngine(None, busy_timeout_s=1)
    with engine.reading() as statements:
        rows = statements.run("SELECT value FROM json_each(:members)", {"members": listed(members)})
    engine.close()
    assert [row["value"] for row in rows] == [storable(member) for member in members]
