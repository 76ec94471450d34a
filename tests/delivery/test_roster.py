"""Lists of subscribers: what was written reads back, and what is wrong in one is told by line and column, all of it."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.addresses import canonical_address
from monitor.delivery.roster import COLUMNS, Entry, Expected, read_roster, roster_row
from monitor.model.consent import Consent, ConsentAct
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.errors import WrongFiles
from monitor.model.problem import Problem

EXPECTED = Expected({"weekly": ("en", "be"), "grain": ("ru",)}, "weekly")
NOW = datetime(2019, 3, 4, 5, 6, 7, 890000, tzinfo=UTC)


def read(text, expected=EXPECTED):
    return list(read_roster(io.StringIO(text, newline=""), "people", expected))


def places(text, expected=EXPECTED):
    return [(one.place.line, one.place.column, one.code) for one in read(text, expected) if isinstance(one, Problem)]


def people(text, expected=EXPECTED):
    return [(one.address, one.digest, one.language) for one in read(text, expected) if isinstance(one, Entry)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("address\nann@example.org\nbob@example.org\n", "a column is a table"),
        ("address;name\nann@example.org;Ann\nbob@example.org;Bob\n", "as some spreadsheets write it"),
        ("\ufeffName\tAddress\r\nAnn\tann@example.org\r\nBob\tbob@example.org\r\n", "with a mark in front, and tabs"),
        (
            '\n\n"address","note"\n"ann@example.org","a, ""b""\nc"\nbob@example.org,\n\n,\n',
            "quotes, empty lines, a field of two lines",
        ),
        ('{"address": "ann@example.org"}\n\n{"address": "bob@example.org", "extra": [1]}\n', "JSON Lines"),
        ("address\nann@example.org\nbob@example.org", "without a last line end"),
    ],
)
def test_a_list_is_read_in_the_form_it_comes_in(text, why):
    assert people(text) == [("ann@example.org", "weekly", "en"), ("bob@example.org", "weekly", "en")], why


def test_a_record_names_its_digest_language_and_state():
    text = "address,digest,language,state,how\na@x.org,grain,,,\nb@x.org,,BE,Ended,one-click\n"
    one, two = read(text)
    assert (one.digest, one.language, one.state, one.how) == ("grain", "ru", Subscribed.ACTIVE, "")
    assert (two.digest, two.language, two.state, two.how) == ("weekly", "be", Subscribed.ENDED, "one-click")


def test_the_language_given_for_the_list_counts_where_the_digest_has_it():
    expected = Expected(EXPECTED.languages, "weekly", "be")
    assert people("address,digest\na@x.org,\nb@x.org,grain\n", expected) == [
        ("a@x.org", "weekly", "be"),
        ("b@x.org", "grain", "ru"),
    ]


WRONG = """\
address,language,state,asked_at,digest
nonsense,en,active,,weekly
ann@example.org,fr,gone,yesterday,monthly
"two
lines@x",fr,active,,weekly
bob@example.org,be,active,2019-03-04T05:06:07,weekly
cid@example.org,be,active,,weekly,more
dan@example.org,be,active,,weekly
"""


def test_every_problem_of_a_table_is_told_with_line_and_column():
    assert places(WRONG) == [
        (2, 1, "A001"),
        (3, 35, "A002"), (3, 20, "A004"), (3, 25, "A005"),
        (4, 1, "A001"), (5, 10, "A003"),
        (6, 27, "A005"),
        (7, 35, "A006"),
    ]  # fmt: skip
    assert people(WRONG) == [("dan@example.org", "weekly", "be")]


def test_every_problem_of_json_lines_is_told_with_line_and_column():
    text = '{"address": "x"}\n[1]\n{"address": \n\n{"address": "a@x.org", "state": "gone", "language": "fr"}\n{"address": "b@x.org"}\n'
    assert places(text) == [(1, 2, "A001"), (2, 1, "A006"), (3, 1, "A006"), (5, 41, "A003"), (5, 24, "A004")]
    assert len(people(text)) == 1


def test_a_mend_is_offered_where_there_is_one():
    mends = {one.code: one.mend for one in read(WRONG)[:-1]}
    assert mends["A002"] == "there are weekly, grain"
    assert mends["A003"] == "one of en, be"
    assert mends["A004"] == "one of waiting, active, ended, suppressed"


def test_a_line_with_broken_quotes_costs_no_other():
    text = 'address,name\na@x.org,"A"b\nb@x.org,B\n'
    assert places(text) == [(2, 1, "A006")]
    assert people(text) == [("b@x.org", "weekly", "en")]


def test_bytes_that_are_no_utf8_are_told_by_their_place():
    text = b"address,how\nann@example.org,caf\xe9\nbob@example.org,\n".decode("utf-8", "surrogateescape")
    assert places(text) == [(2, 17, "A006")]
    assert len(people(text)) == 1


@pytest.mark.parametrize("text", ["name\nAnn\n", "address,Address\na@x.org,b@x.org\n", "ann@example.org\n"])
def test_a_table_that_cannot_be_read_at_all_is_refused_whole(text):
    with pytest.raises(WrongFiles):
        read(text)


@pytest.mark.parametrize("text", ["", "\n \n", "address\n"])
def test_an_empty_list_has_nobody(text):
    assert read(text) == []


def test_without_a_digest_each_record_has_to_name_one():
    assert places("address\na@x.org\n", Expected(EXPECTED.languages)) == [(2, 1, "A002")]


moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30).map(str.strip)
consents = st.builds(Consent, st.sampled_from([ConsentAct.ASKED, ConsentAct.CONFIRMED]), moments, words, words, words)
entries = st.builds(
    Subscription,
    st.just(1),
    st.just("weekly"),
    st.sampled_from(["ann@example.org", "аня@пример.example", '"x"@example.org'.replace('"', ""), "a+b'c@example.org"]),
    st.just(""),
    st.sampled_from(["en", "be"]),
    st.sampled_from(Subscribed),
    moments,
    moments,
    words,
)


@given(st.lists(st.tuples(entries, st.lists(consents, max_size=3)), max_size=5), st.booleans())
def test_what_is_exported_reads_back(kept, as_table):
    rows = [roster_row(person, proof) for person, proof in kept]
    if as_table:
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        text = stream.getvalue()
    else:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    back = read(text)
    assert [(one.address, one.language, one.state, one.how) for one in back] == [
        (person.address, person.language, person.state, person.how) for person, _ in kept
    ]
    for one, (_, proof) in zip(back, kept, strict=True):
        latest = {consent.act: consent for consent in sorted(proof, key=lambda consent: consent.at)}
        assert {consent.act: consent for consent in one.consents} == latest
        assert one.canonical == canonical_address(one.address)


@given(st.text(max_size=200), st.booleans())
def test_any_text_is_read_or_refused_without_another_error(text, named):
    try:
        found = read(("address\n" if named else "") + text)
    except WrongFiles:
        return
    assert all(isinstance(one, Entry | Problem) for one in found)
