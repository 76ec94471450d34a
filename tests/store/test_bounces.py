"""Reports that came back are kept once, found again, and forgotten."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from monitor.model.bounce import Bounce, BounceAct, BounceClass, BounceProof, ReportKind
from monitor.model.consent import Suppression

DAY = timedelta(days=1)
RAW = b"Return-Path: <>\r\n\xff\x00raw"


@pytest.fixture
def bounce(make):
    """Makes reports, every field off its default."""

    def make_one(key="k1", **changes):
        made = Bounce(
            key, make.now, ReportKind.FAILED, BounceClass.SOFT, BounceAct.SUPPRESS, BounceProof.TOKEN, "three editions", 7,
            "weekly/2019-03-11", "5.2.2", "smtp; ящик полон", "Ann@example.org", "<1@mx>", RAW, "hook:postmark",
        )  # fmt: skip
        return replace(made, **changes)

    return make_one


def test_a_report_comes_back_with_every_field(store, bounce):
    assert all(getattr(bounce(), part.name) for part in fields(Bounce))
    assert store.record_bounce(bounce())
    assert store.bounces_like("k1") == (bounce(),)
    assert store.bounces() == (bounce(raw=b""),)


def test_the_first_report_of_a_key_stands(store, bounce):
    store.record_bounce(bounce())
    assert not store.record_bounce(bounce(status="5.1.1", raw=b"other"))
    assert store.bounces_like("k1") == (bounce(),)


def test_a_report_without_its_mail_is_kept_too(store, bounce):
    store.record_bounce(bounce(raw=b""))
    assert store.bounces_like("k") == (bounce(raw=b""),)


def test_reports_are_listed_newest_first_by_what_is_asked(store, bounce, make):
    for number, (subscription, edition, kind) in enumerate(
        [(7, "a/1", BounceClass.SOFT), (7, "a/2", BounceClass.HARD), (8, "a/1", BounceClass.SENDER), (0, "", BounceClass.UNKNOWN)]
    ):
        at = make.now + number * DAY
        store.record_bounce(bounce(f"k{number}", at=at, subscription=subscription, edition=edition, bounce_class=kind))

    def keys(**asked):
        return [one.key for one in store.bounces(**asked)]

    assert keys() == ["k3", "k2", "k1", "k0"]
    assert keys(subscription=7) == ["k1", "k0"]
    assert keys(edition="a/1") == ["k2", "k0"]
    assert keys(classes=[BounceClass.HARD, BounceClass.SENDER]) == ["k2", "k1"]
    assert keys(since=make.now + 2 * DAY) == ["k3", "k2"]
    assert keys(subscription=7, since=make.now + DAY, limit=5) == ["k1"]
    assert keys(limit=1) == ["k3"]


def test_a_key_is_found_by_its_beginning_and_signs_of_patterns_mean_themselves(store, bounce):
    for key in ("ab1", "ab2", "b", "a%"):
        store.record_bounce(bounce(key))
    assert {one.key for one in store.bounces_like("ab")} == {"ab1", "ab2"}
    assert {one.key for one in store.bounces_like("a%")} == {"a%"}
    assert store.bounces_like("_") == ()


def test_a_message_is_found_by_its_message_id(store, make):
    person = make.frozen(store, 1)[0]
    row = store.outbox()[0]
    assert store.sent_message(row.message_id) == row
    assert row.subscription == person.id
    assert store.sent_message("<other@example.org>") is None


def test_refusals_count_people_whose_servers_proved_to_refuse_us(store, make, bounce):
    people = make.frozen(store, 4)
    edition = store.outbox()[0].edition
    assert store.refusals(edition) == (0, 4)
    for number, (person, proof, kind) in enumerate(
        [
            (people[0], BounceProof.TOKEN, BounceClass.SENDER),
            (people[0], BounceProof.MESSAGE_ID, BounceClass.SENDER),
            (people[1], BounceProof.TOKEN, BounceClass.SENDER),
            (people[2], BounceProof.NONE, BounceClass.SENDER),
            (people[3], BounceProof.TOKEN, BounceClass.HARD),
        ]
    ):
        store.record_bounce(bounce(f"k{number}", subscription=person.id, edition=edition, proof=proof, bounce_class=kind))
    assert store.refusals(edition) == (2, 4)
    assert store.refusals("other/2019-03-11") == (0, 0)


def test_raw_mails_are_forgotten_before_reports(store, bounce, make):
    for days in (1, 40, 400):
        store.record_bounce(bounce(f"k{days}", at=make.now - days * DAY))
    assert store.forget_bounces(make.now - 30 * DAY, make.now - 365 * DAY) == 3
    assert {one.key: bool(one.raw) for one in store.bounces_like("k")} == {"k1": True, "k40": False}
    assert store.forget_bounces(make.now - 30 * DAY, make.now - 365 * DAY) == 0


def test_what_is_erased_of_a_person_leaves_no_report(store, make, bounce):
    person = store.subscribe(make.wish("ann"))
    store.record_bounce(bounce("k1", subscription=person.id, recipient=""))
    store.record_bounce(bounce("k2", subscription=0, recipient="Ann@example.org"))
    store.record_bounce(bounce("k3", subscription=person.id + 1, recipient="bob@example.org"))
    store.erase(person.canonical, Suppression("mac", "", "erased", make.now))
    assert [one.key for one in store.bounces_like("k")] == ["k3"]
