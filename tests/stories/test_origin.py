"""A copied text is given back to the agency that its copies name, else to who published it first."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.article import Source
from monitor.stories.copies import fold_copies
from monitor.stories.origin import origin_of

TEXT = "The northern harbour lends its ice breaker to the southern one until the ice has gone, the mayor told reporters.\nIt sails soon."


@pytest.mark.parametrize(
    ("start", "agency", "why"),
    [
        ("MOSCOW, September 4. /TASS/. ", "TASS", "between strokes"),
        ("MINSK (Eastwire) - ", "Eastwire", "in brackets"),
        ("26 февраля, Минск /Корр. БЕЛТА/. ", "БЕЛТА", "behind a correspondent"),
        ("МИНСК, 17 фев - Sputnik. ", "Sputnik", "after the dash"),
    ],
)
def test_the_agency_stands_in_the_dateline(item, start, agency, why):
    origin = origin_of([item("a", start + TEXT)])
    assert (origin.name, origin.reason) == (agency, "named in the dateline of 1 of 1"), why


@pytest.mark.parametrize(
    ("end", "agency"),
    [
        ("Source: Eastwire", "Eastwire"),
        ("Источник: БЕЛТА.", "БЕЛТА"),
        ("Крыніца – Позірк", "Позірк"),
        ("© Northern Press", "Northern Press"),
    ],
)
def test_the_agency_stands_in_a_line_of_credit(item, end, agency):
    origin = origin_of([item("a", f"{TEXT}\n{end}")])
    assert (origin.name, origin.reason) == (agency, "named in the credit of 1 of 1")


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "LONDON, 4 March. " + TEXT,
        "Source: the mayor said so, and others: nobody knows.\n" + TEXT,
        TEXT + "\nSource code of the program was shown to the guests as well, 40 of them.",
        "",
    ],
)
def test_where_no_agency_is_named_none_is_found(item, text):
    assert origin_of([item("a", text)]).reason == "no agency is named, and nobody else carries it"


def test_the_agency_that_most_copies_name_wins(item):
    items = [
        item("a", f"{TEXT}\nSource: Harbour Post"),
        item("b", "BODO (Eastwire) - " + TEXT, hours=1),
        item("c", "BODO (EASTWIRE) - " + TEXT, hours=2),
        item("d", TEXT, hours=3),
    ]
    origin = origin_of(random.Random(4).sample(items, 4))
    assert (origin.name, origin.reason) == ("Eastwire", "named in the dateline of 2 of 4")


def published_by(one, publisher, **changes):
    source = Source("f", "The feed", publisher)
    return replace(one, article=replace(one.article, source=source, **changes))


def test_without_an_agency_the_first_publisher_is_named(item):
    late = published_by(item("a", TEXT, hours=5), "Late Post")
    first = published_by(item("b", TEXT, hours=1), "Early Post")
    seen_first = late.article.first_seen - timedelta(days=1)
    late = replace(late, article=replace(late.article, first_seen=seen_first))
    origin = origin_of([late, first])
    assert origin.name == "Early Post"
    assert origin.reason == "no agency is named; the first of 2 to carry it, 2024-05-06 09:00 UTC"


def test_a_source_without_publisher_goes_by_its_name(item):
    assert origin_of([published_by(item("a", TEXT), "")]).name == "The feed"


def test_groups_of_copies_know_their_origin(item):
    text = (
        TEXT
        + "\n"
        + "Forty sailors of the Polar Bear said in Bodo that they had packed for a winter, and that they hoped for an early spring."
        * 2
    )
    (group,) = fold_copies([item("a", "BODO (Eastwire) - " + text), item("b", text, hours=2)])
    assert len(group.articles) == 2
    assert (group.origin, group.origin_reason) == ("Eastwire", "named in the dateline of 1 of 2")
