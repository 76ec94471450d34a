"""`monitor subscribers`: people come, go, and are never brought back against their will."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from monitor.model.delivery import Subscribed
from monitor.store.open import open_store

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


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


# Lists


def test_all_problems_of_a_list_are_told_at_once_with_line_and_column(desk):
    desk.write("people.csv", "address,language\nx,en\nann@example.org,fr\nbob@example.org,be\n")
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=1)
    assert "people.csv:2:1" in done.stderr
    assert "people.csv:3:17" in done.stderr
    assert list(states(desk)) == ["bob@example.org"]


def test_a_dry_run_tells_the_problems_and_subscribes_nobody(desk):
    desk.write("people.csv", "address\nx\nann@example.org\n")
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", "--dry-run", expect=1)
    assert "1 would be read, 1 wrong" in done.stdout
    assert states(desk) == {}


def test_a_list_that_names_its_digest_needs_none_on_the_command_line(desk):
    desk.write("people.jsonl", '{"address": "ann@example.org", "digest": "weekly", "language": "be"}\n')
    desk.run("subscribers", "import", "people.jsonl")
    assert states(desk) == {"ann@example.org": ("active", "be")}
    desk.write("lost.csv", "address\nbob@example.org\n")
    assert "no digest is named" in desk.run("subscribers", "import", "lost.csv", expect=1).stderr
    assert "no such digest: monthly" in desk.run("subscribers", "import", "lost.csv", "--digest", "monthly", expect=2).stderr


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_exported_list_brings_people_and_their_consent_to_another_database(desk, form):
    text = (
        "address,language,state,how,asked_at,asked_prefix,asked_agent,asked_wording,confirmed_at,confirmed_prefix\n"
        'ann@example.org,be,active,,2018-05-25T10:00:00Z,192.0.2.0/24,"Firefox, 60",subscribe/be/1,2018-05-25T10:05:00Z,192.0.2.0/24\n'
        "bob@example.org,en,ended,one-click,,,,,,\n"
        "cid@example.org,en,suppressed,bounce 5.1.1,,,,,,\n"
    )
    desk.write("people.csv", text)
    desk.run("subscribers", "import", "people.csv", "--digest", "weekly")
    exported = desk.run("subscribers", "export", "--format", form).stdout
    assert "Firefox, 60" in exported
    (desk.home / "var" / "monitor.db").unlink()
    desk.write(f"back.{form}", exported)
    assert "3 subscriptions added, 0 left" in desk.run("subscribers", "import", f"back.{form}").stdout
    assert {address: state for address, (state, _) in states(desk).items()} == {
        "ann@example.org": "active", "bob@example.org": "ended", "cid@example.org": "suppressed",
    }  # fmt: skip
    [ann] = person(desk, "ann@example.org")["subscriptions"]
    assert [(act["act"], act["at"], act["prefix"]) for act in ann["consent"]] == [
        ("asked", "2018-05-25T10:00:00Z", "192.0.2.0/24"),
        ("confirmed", "2018-05-25T10:05:00Z", "192.0.2.0/24"),
        ("vouched", "2019-03-06T09:00:00Z", ""),
    ]
    desk.run("subscribers", "export", "--digest", "weekly")


def test_many_are_imported_portion_by_portion(desk):
    lines = [f"p{n}@example.org" if n % 700 else "wrong" for n in range(1, 2101)]
    desk.write("people.csv", "\n".join(["address", *lines]))
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=1)
    assert "2097 subscriptions added, 0 left as they are, 3 wrong" in done.stdout
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=1)
    assert "0 subscriptions added, 2097 left as they are, 3 wrong" in done.stdout


# One person


def person(desk, address, expect=0):
    return json.loads(desk.run("subscribers", "show", address, expect=expect).stdout)


def test_a_suppressed_address_comes_back_by_no_import_and_by_pardon_only(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    assert "1 subscription changed" in desk.run("subscribers", "suppress", "Ann@example.org", "--reason", "asked by phone").stdout
    assert states(desk)["ann@example.org"][0] == "suppressed"
    desk.write("people.csv", "address\nann@example.org\nANN@example.org\n")
    desk.run("subscribers", "import", "people.csv", "--digest", "weekly")
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    assert states(desk)["ann@example.org"][0] == "suppressed"
    desk.run("subscribers", "forgive", "ann@example.org", "--reason", "wrote to us")
    assert states(desk)["ann@example.org"][0] == "ended", "a pardon subscribes nobody"
    [listed] = person(desk, "ann@example.org")["suppressions"]
    assert (listed["reason"], listed["forgiven_how"]) == ("asked by phone", "forgiven: wrote to us")
    assert "subscribed again" in desk.run("subscribers", "add", "weekly", "ann@example.org").stdout
    assert "is not suppressed" in desk.run("subscribers", "forgive", "ann@example.org", expect=1).stdout


def test_an_erased_person_is_nowhere_and_comes_back_by_no_import(desk):
    desk.run("subscribers", "add", "weekly", "ann@example.org", "bob@example.org")
    assert "erased: 1 subscription, 0 messages" in desk.run("subscribers", "erase", "ann@example.org").stdout
    assert list(states(desk)) == ["bob@example.org"]
    assert "1 erased" in desk.run("subscribers", "list").stdout
    assert "ann@" not in desk.run("subscribers", "export").stdout
    told = person(desk, "ann@example.org")
    assert told["subscriptions"] == []
    assert [one["reason"] for one in told["suppressions"]] == ["erased"]
    desk.write("people.csv", "address\nann@example.org\n")
    assert "0 subscriptions added, 1 left" in desk.run("subscribers", "import", "people.csv", "--digest", "weekly").stdout
    assert "erased before" in desk.run("subscribers", "add", "weekly", "ann@example.org").stdout
    assert list(states(desk)) == ["bob@example.org"]
    desk.run("subscribers", "forgive", "ann@example.org")
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    assert states(desk)["ann@example.org"][0] == "active"


def test_everything_kept_of_a_person_is_shown_and_nothing_of_others(desk):
    desk.run("subscribers", "add", "weekly", "Ann@Example.org", "bob@example.org")
    told = person(desk, "ann@example.org")
    [one] = told["subscriptions"]
    assert (one["address"], one["digest"], one["state"], one["how"]) == ("Ann@Example.org", "weekly", "active", "command line")
    assert [act["act"] for act in one["consent"]] == ["vouched"]
    assert "bob" not in json.dumps(told)
    nobody = person(desk, "eve@example.org", expect=1)
    assert (nobody["subscriptions"], nobody["suppressions"], nobody["returned_mail"]) == ([], [], [])


def test_a_suppression_survives_a_new_secret_that_names_the_old_one(desk):
    desk.run("subscribers", "suppress", "ann@example.org")
    newer = desk.at(NOW, MONITOR_SECRET_KEY="newer", MONITOR_PREVIOUS_SECRET_KEYS="a test's own")
    newer("subscribers", "add", "weekly", "ann@example.org")
    assert states(desk)["ann@example.org"][0] == "suppressed"
    lost = desk.at(NOW, MONITOR_SECRET_KEY="lost")
    assert "MONITOR_PREVIOUS_SECRET_KEYS" in lost("subscribers", "add", "weekly", "bob@example.org", expect=2).stderr


@pytest.mark.parametrize("verb", ["suppress", "forgive", "erase", "show"])
def test_what_is_no_address_is_refused(desk, verb):
    assert "no mail address" in desk.run("subscribers", verb, "nonsense", expect=2).stderr
