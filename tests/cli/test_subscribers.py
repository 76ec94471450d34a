"""`monitor subscribers`: people come, go, and are never brought back against their will."""

import csv
import io

import pytest

from monitor.model.delivery import Subscribed
from monitor.store.open import open_store


def states(desk):
    return {row["address"]: (row["state"], row["language"]) for row in desk.lines("subscribers", "list")}


def set_state(desk, address, state):
    store = open_store(f"sqlite:///{desk.home}/var/monitor.db")
    [kept] = [one for one in store.subscriptions() if one.canonical == address]
    store.set_subscription(kept.id, state, kept.created_at, "bounce 5.1.1")
    store.close()


def test_people_are_added_once_in_the_language_asked_for_or_the_first(desk):
    assert "subscribed" in desk.run("subscribers", "add", "weekly", "ann@example.org", "Bob@Example.ORG").stdout
    desk.run("subscribers", "add", "weekly", "bella@example.org", "--lang", "be")
    assert "is subscribed already" in desk.run("subscribers", "add", "weekly", "bob@example.org", "Bob@example.org").stdout
    assert states(desk)["bella@example.org"] == ("active", "be")
    assert states(desk)["ann@example.org"] == ("active", "en")


def test_who_left_comes_back_by_hand_only(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    assert "unsubscribed" in desk.run("subscribers", "remove", "weekly", "ann@example.org").stdout
    desk.write("people.csv", "address\nann@example.org\n")
    assert (
        "0 subscriptions added, 1 left as they are"
        in desk.run("subscribers", "import", "people.csv", "--digest", "weekly").stdout
    )
    assert states(desk)["ann@example.org"][0] == "ended"
    assert "subscribed again" in desk.run("subscribers", "add", "weekly", "ann@example.org").stdout
    assert states(desk)["ann@example.org"][0] == "active"


def test_a_suppressed_address_stays_so_by_hand_too(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    set_state(desk, "ann@example.org", Subscribed.SUPPRESSED)
    assert "suppressed (bounce 5.1.1): left as it is" in desk.run("subscribers", "add", "weekly", "ann@example.org").stdout
    assert states(desk)["ann@example.org"][0] == "suppressed"


def test_removing_somebody_unknown_is_told_and_ends_with_1(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    done = desk.run("subscribers", "remove", "weekly", "nobody@example.org", "ann@example.org", expect=1)
    assert "is not subscribed" in done.stdout
    assert states(desk)["ann@example.org"][0] == "ended"


def test_a_table_is_imported_with_its_languages_and_wrong_rows_are_told_by_line(desk):
    desk.write("people.csv", "\ufeffname,address,language\nAnn,ann@example.org,be\nBob,bob@example.org,\nX,nonsense,en\n")
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=1)
    assert "people.csv:4" in done.stderr
    assert "2 subscriptions added, 0 left as they are, 1 wrong" in done.stdout
    assert states(desk) == {"ann@example.org": ("active", "be"), "bob@example.org": ("active", "en")}


@pytest.mark.parametrize("text", ["mail\nann@example.org\n", "ann@example.org\nbob@example.org\n"])
def test_a_table_without_the_column_is_refused_whole(desk, text):
    desk.write("people.csv", text)
    assert 'no column "address"' in desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=2).stderr
    assert states(desk) == {}


def test_a_language_in_the_table_that_the_digest_lacks_is_told(desk):
    desk.write("people.csv", "address,language\nann@example.org,fr\n")
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=1)
    assert "fr" in done.stderr
    assert states(desk) == {}


def test_an_empty_table_adds_nobody(desk):
    desk.write("people.csv", "")
    assert "0 subscriptions added" in desk.run("subscribers", "import", "people.csv", "--digest", "weekly").stdout


def test_export_can_be_imported_elsewhere(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    desk.run("subscribers", "add", "weekly", "bella@example.org", "--lang", "be")
    rows = list(csv.DictReader(io.StringIO(desk.run("subscribers", "export").stdout)))
    assert [(row["digest"], row["address"], row["language"], row["state"]) for row in rows] == [
        ("weekly", "ann@example.org", "en", "active"), ("weekly", "bella@example.org", "be", "active")
    ]  # fmt: skip
    assert list(csv.DictReader(io.StringIO(desk.run("subscribers", "export", "--digest", "other").stdout))) == []


def test_people_see_the_table_and_the_total(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    out = desk.run("subscribers", "list").stdout
    assert "ann@example.org" in out
    assert "1 subscription, 1 active" in out
