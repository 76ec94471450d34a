"""Where the sending of an edition stands, what waits before it, and what the migration that brought both made of older rows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.model.delivery import OutboxKind, OutboxState, Receipt, SendingState, Subscribed
from monitor.model.errors import Invariant, WrongUse
from monitor.store.migrate import shipped, upgrade
from monitor.store.open import open_engine

EDITION = "weekly/2019-03-11"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def claim(store, now, owner="w1", limit=100, **more):
    return store.claim(owner, now, now + 10 * MINUTE, limit, **more)


def letter(make, subscription, kind=OutboxKind.CONFIRMATION, name="c", **changes):
    fields = {"kind": kind, "message_id": f"<{name}.{subscription}@example.org>", "created_at": make.now, **changes}
    return make.message(subscription, "", **fields)


def waiting(store, make, name="new"):
    return store.subscribe(make.wish(name, state=Subscribed.WAITING)).id


def frozen_at(make):
    return make.edition().frozen_at


# Confirmations and notices


def test_a_message_put_in_twice_is_there_once_with_its_first_bytes(store, make):
    mail = letter(make, waiting(store, make))
    assert store.enqueue([mail, mail]) == 1
    assert store.enqueue([replace(mail, body=b"other")]) == 0
    (row,) = store.outbox()
    assert (row.kind, row.edition, row.state) == (OutboxKind.CONFIRMATION, "", OutboxState.PENDING)
    (claimed,) = claim(store, make.now)
    assert claimed.body == mail.body
    assert store.enqueue([]) == 0


def test_many_confirmations_to_one_subscription_may_stand(store, make):
    person = waiting(store, make)
    assert store.enqueue([letter(make, person, name="one"), letter(make, person, name="two")]) == 2


def test_a_message_without_the_time_it_was_made_is_refused(store, make):
    with pytest.raises(WrongUse, match="created_at"):
        store.enqueue([letter(make, waiting(store, make), created_at=None)])


@pytest.mark.parametrize(
    "changes", [{"kind": OutboxKind.EDITION}, {"edition": EDITION}], ids=["edition without one", "confirmation of one"]
)
def test_only_an_edition_belongs_to_an_edition(store, make, changes):
    make.frozen(store, 1)
    mail = replace(letter(make, waiting(store, make)), **changes)
    with pytest.raises(Invariant):
        store.enqueue([mail])
    assert len(store.outbox()) == 1


def test_what_somebody_waits_for_goes_out_before_editions(store, make):
    people = make.frozen(store, 2)
    fresh = waiting(store, make)
    store.enqueue([letter(make, fresh), letter(make, people[0].id, OutboxKind.NOTICE, "n")])
    first = claim(store, make.now, limit=1)
    rest = claim(store, make.now)
    assert [message.kind for message in (*first, *rest)] == [
        OutboxKind.CONFIRMATION, OutboxKind.NOTICE, OutboxKind.EDITION, OutboxKind.EDITION,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state", "wanted"),
    [
        (OutboxKind.CONFIRMATION, Subscribed.WAITING, True),
        (OutboxKind.CONFIRMATION, Subscribed.ACTIVE, False),
        (OutboxKind.CONFIRMATION, Subscribed.ENDED, False),
        (OutboxKind.CONFIRMATION, Subscribed.SUPPRESSED, False),
        (OutboxKind.NOTICE, Subscribed.ACTIVE, True),
        (OutboxKind.NOTICE, Subscribed.WAITING, False),
        (OutboxKind.NOTICE, Subscribed.ENDED, False),
        (OutboxKind.NOTICE, Subscribed.SUPPRESSED, False),
    ],
)
def test_each_kind_is_sent_only_while_somebody_wants_it(store, make, kind, state, wanted):
    person = waiting(store, make)
    store.enqueue([letter(make, person, kind)])
    store.set_subscription(person, state, make.now, "test")
    assert len(claim(store, make.now)) == wanted
    assert store.outbox()[0].state is (OutboxState.CLAIMED if wanted else OutboxState.SUPPRESSED)


# Claims


def test_a_claim_passes_over_the_domains_it_is_told_to(store, make):
    people = [store.subscribe(make.wish(name)).id for name in ("a", "b", "c")]
    addresses = ("a@One.example", "b@two.example", "c@three.example")
    messages = [make.message(person, recipient=address) for person, address in zip(people, addresses, strict=True)]
    store.freeze_edition(make.edition(), messages)
    assert [one.recipient for one in claim(store, make.now, without=("one.example", "three.example"))] == [addresses[1]]
    assert [one.recipient for one in claim(store, make.now, without=())] == [addresses[0], addresses[2]]


def test_claims_given_back_are_as_if_they_had_not_been_claimed(store, make):
    make.frozen(store, 3)
    one, two, three = claim(store, make.now)
    assert store.give_back("w1", [one.id]) == 1
    assert store.give_back("w1", [two.id], next_at=make.now + MINUTE, reason="too fast for example.org") == 1
    assert store.give_back("w2", [three.id]) == 0, "another's claim"
    rows = store.outbox()
    assert [(row.state, row.attempt, row.next_at, row.smtp_text) for row in rows[:2]] == [
        (OutboxState.PENDING, 0, None, ""),
        (OutboxState.PENDING, 0, make.now + MINUTE, "too fast for example.org"),
    ]
    assert rows[2].state is OutboxState.CLAIMED
    assert [(message.id, message.attempt) for message in claim(store, make.now)] == [(one.id, 1)]
    assert store.give_back("w1", []) == 0


def test_the_word_of_a_sender_whose_claim_is_over_does_not_count(store, make):
    make.frozen(store, 1)
    (stuck,) = claim(store, make.now)
    store.release("w1")
    (taken,) = claim(store, make.now, "w2")
    assert not store.mark(stuck.id, OutboxState.FAILED, "550 late", held=stuck)
    assert store.outbox()[0].state is OutboxState.CLAIMED
    assert store.mark(taken.id, OutboxState.DEFERRED, "451", next_at=make.now, held=taken)
    assert not store.mark(taken.id, OutboxState.FAILED, "again", held=taken)


def test_that_the_relay_took_it_is_the_truth_whoever_holds_the_claim(store, make):
    make.frozen(store, 1)
    (stuck,) = claim(store, make.now)
    store.release("w1")
    (taken,) = claim(store, make.now, "w2")
    assert store.mark_sent(stuck.id, Receipt(250, "first"), make.now)
    assert not store.mark_sent(taken.id, Receipt(250, "second"), make.now)
    assert not store.mark(taken.id, OutboxState.FAILED, "no", held=taken)
    assert store.outbox()[0].smtp_text == "first"


def test_one_reader_is_found_among_all_editions(store, make):
    people = make.frozen(store, 2)
    make.frozen(store, 1, key=date(2019, 3, 18))
    assert [row.subscription for row in store.outbox(recipient=f"r{people[1].id}@example.org")] == [people[1].id]
    assert store.outbox(recipient="nobody@example.org") == ()


def test_counts_of_one_edition_leave_out_the_others(store, make):
    make.frozen(store, 2)
    make.frozen(store, 1, key=date(2019, 3, 18))
    assert store.outbox_counts(edition=EDITION) == {OutboxState.PENDING: 2}


# Where sending stands


def test_sending_begins_with_the_freezing_and_ends_with_counts_that_stay(store, make):
    make.frozen(store, 3)
    begun = store.sending(EDITION)
    assert (begun.state, begun.reason, begun.counts) == (SendingState.SENDING, "", {})
    assert begun.changed_at == frozen_at(make)
    now = frozen_at(make)
    assert store.settle_sending(now, DAY) == ()
    one, two, three = claim(store, now)
    store.mark_sent(one.id, Receipt(250, "ok"), now)
    store.mark(two.id, OutboxState.FAILED, "550")
    assert store.settle_sending(now, DAY) == (), "one is in hand"
    store.mark_sent(three.id, Receipt(250, "ok"), now)
    (ended,) = store.settle_sending(now + MINUTE, DAY)
    assert (ended.state, ended.counts, ended.changed_at) == (SendingState.FINISHED, {"sent": 2, "failed": 1}, now + MINUTE)
    assert store.sending(EDITION) == ended
    assert store.settle_sending(now + DAY, DAY) == ()


def test_an_edition_without_messages_is_not_sent(store, make):
    store.freeze_edition(make.edition(), [])
    assert store.sending(EDITION) is None
    assert store.sendings() == ()
    assert not store.pause_sending(EDITION, "why", make.now)


def test_a_paused_edition_keeps_still_while_others_and_confirmations_go_on(store, make):
    make.frozen(store, 2)
    make.frozen(store, 1, key=date(2019, 3, 18))
    store.enqueue([letter(make, waiting(store, make))])
    assert store.pause_sending(EDITION, "the relay refuses us", make.now)
    assert not store.pause_sending(EDITION, "again", make.now + MINUTE)
    paused = store.sending(EDITION)
    assert (paused.state, paused.reason, paused.changed_at) == (SendingState.PAUSED, "the relay refuses us", make.now)
    assert paused.counts == {"pending": 2}
    assert [one.edition for one in claim(store, make.now)] == ["", "weekly/2019-03-18"]
    assert store.sendings((SendingState.PAUSED,)) == (paused,)
    assert len(store.sendings()) == 2
    assert store.resume_sending(EDITION, make.now + MINUTE)
    assert not store.resume_sending(EDITION, make.now + MINUTE)
    assert (store.sending(EDITION).state, store.sending(EDITION).reason) == (SendingState.SENDING, "")
    assert len(claim(store, make.now)) == 2


def test_a_message_in_hand_comes_to_its_end_though_its_edition_is_paused(store, make):
    make.frozen(store, 1)
    (held,) = claim(store, make.now)
    store.pause_sending(EDITION, "why", make.now)
    assert store.mark(held.id, OutboxState.DEFERRED, "451", next_at=make.now, held=held)
    assert claim(store, make.now + DAY) == ()


def test_an_edition_that_was_not_begun_in_time_is_missed_and_sent_only_on_demand(store, make):
    make.frozen(store, 1)
    now = frozen_at(make)
    assert store.settle_sending(now + DAY, DAY) == ()
    (missed,) = store.settle_sending(now + DAY + MINUTE, DAY)
    assert (missed.state, missed.counts) == (SendingState.MISSED, {"pending": 1})
    assert "--send-late weekly/2019-03-11" in missed.reason
    later = now + 2 * DAY
    assert claim(store, later) == ()
    assert not store.resume_sending(EDITION, later)
    assert store.resume_sending(EDITION, later, late=True)
    assert store.settle_sending(later + DAY, DAY) == (), "from the moment somebody said so, there is time again"
    assert len(claim(store, later + DAY)) == 1


@pytest.mark.parametrize("answered", ["sent", "deferred", "in hand"])
def test_an_edition_that_was_begun_is_never_missed(store, make, answered):
    make.frozen(store, 2)
    now = frozen_at(make)
    (first,) = claim(store, now, limit=1)
    if answered == "sent":
        store.mark_sent(first.id, Receipt(250, "ok"), now)
    if answered == "deferred":
        store.mark(first.id, OutboxState.DEFERRED, "451", code=451, next_at=now + MINUTE)
    assert store.settle_sending(now + 9 * DAY, DAY) == ()


def test_a_relay_that_never_answered_has_begun_nothing(store, make):
    make.frozen(store, 1)
    now = frozen_at(make)
    (first,) = claim(store, now)
    store.mark(first.id, OutboxState.PENDING, "connection refused")
    assert [one.state for one in store.settle_sending(now + 2 * DAY, DAY)] == [SendingState.MISSED]


def test_retry_opens_a_finished_edition_again_and_leaves_a_paused_one_paused(store, make):
    make.frozen(store, 2)
    now = frozen_at(make)
    one, two = claim(store, now)
    store.mark_sent(one.id, Receipt(250, "ok"), now)
    store.mark(two.id, OutboxState.FAILED, "550", code=550)
    store.settle_sending(now, DAY)
    assert store.retry(now=now + 9 * DAY) == 1
    assert store.sending(EDITION).state is SendingState.SENDING
    assert store.retry(now=now + 9 * DAY) == 0
    (again,) = claim(store, now)
    store.mark(again.id, OutboxState.FAILED, "550", code=550)
    store.pause_sending(EDITION, "why", now)
    assert store.retry() == 1
    assert store.sending(EDITION).state is SendingState.PAUSED


def test_abort_ends_an_edition_for_good_and_asking_twice_is_harmless(store, make):
    make.frozen(store, 2)
    store.pause_sending(EDITION, "why", make.now)
    assert store.abort(edition=EDITION, now=make.now + MINUTE) == 2
    ended = store.sending(EDITION)
    assert (ended.state, ended.counts, ended.changed_at) == (SendingState.ABORTED, {"aborted": 2}, make.now + MINUTE)
    assert store.abort(edition=EDITION, now=make.now + DAY) == 0
    assert store.sending(EDITION) == ended
    assert not store.resume_sending(EDITION, make.now, late=True)


def test_abort_of_an_edition_that_everybody_has_changes_nothing(store, make):
    make.frozen(store, 1)
    now = frozen_at(make)
    (one,) = claim(store, now)
    store.mark_sent(one.id, Receipt(250, "ok"), now)
    (ended,) = store.settle_sending(now, DAY)
    assert store.abort(edition=EDITION, now=now + DAY) == 0
    assert store.sending(EDITION) == ended


# What a newer edition takes the place of


def again(make, people, key, **changes):
    """A further edition with a message to each of `people`, who are subscriptions."""
    number = make.edition(key, **changes)
    messages = [make.message(person.id, number.id, message_id=f"<{number.id}.{person.id}@x>") for person in people]
    return number, messages


def test_a_mail_that_was_put_off_gives_way_to_the_next_edition(store, make):
    ann, _bob, cyd = make.frozen(store, 3)
    first, second, _third = claim(store, make.now)
    store.mark(first.id, OutboxState.DEFERRED, "450 busy", code=450, next_at=make.now + DAY)
    store.mark(second.id, OutboxState.DEFERRED, "450 busy", code=450, next_at=make.now + DAY)
    assert store.freeze_edition(*again(make, [ann, cyd], date(2019, 3, 18)))
    rows = store.outbox(edition=EDITION)
    assert [row.state for row in rows] == [OutboxState.SUPPRESSED, OutboxState.DEFERRED, OutboxState.CLAIMED], (
        "bob gets no newer one, and the third is under way"
    )
    assert rows[0].smtp_text == "a newer one took its place: weekly/2019-03-18"
    assert rows[0].next_at is None


def test_a_mail_that_was_put_off_stays_where_an_older_edition_comes_after_it(store, make):
    [ann] = make.frozen(store, 1, key=date(2019, 3, 18))
    [newer] = claim(store, make.now)
    store.mark(newer.id, OutboxState.DEFERRED, "450 busy", code=450, next_at=make.now + DAY)
    older, messages = again(make, [ann], date(2019, 3, 11), revision=1)
    assert store.freeze_edition(older, messages), "a draft that was held for a week"
    corrected = replace(older, id=f"{older.id}/2", revision=2)
    messages = [replace(message, edition=corrected.id, message_id=f"<2.{message.message_id[1:]}") for message in messages]
    assert store.freeze_revision(corrected, messages)
    states = {row.edition: row.state for row in store.outbox()}
    assert states == {
        "weekly/2019-03-18": OutboxState.DEFERRED,
        "weekly/2019-03-11": OutboxState.SUPPRESSED,
        "weekly/2019-03-11/2": OutboxState.PENDING,
    }


def test_editions_that_were_never_tried_are_all_sent(store, make):
    people = make.frozen(store, 2)
    store.freeze_edition(*again(make, people, date(2019, 3, 18)))
    assert len(claim(store, make.now)) == 4


def test_another_digest_takes_the_place_of_nothing(store, make):
    people = make.frozen(store, 1)
    (first,) = claim(store, make.now)
    store.mark(first.id, OutboxState.DEFERRED, "450 busy", code=450, next_at=make.now + DAY)
    store.freeze_edition(*again(make, people, date(2019, 3, 18), digest="daily"))
    assert store.outbox(edition=EDITION)[0].state is OutboxState.DEFERRED


def test_nobody_gets_the_wrong_edition_after_the_corrected_one(store, make):
    number, messages = again(make, [store.subscribe(make.wish(name)) for name in ("ann", "bob")], date(2019, 3, 11), revision=1)
    store.freeze_edition(number, messages)
    (sent,) = claim(store, make.now, limit=1)
    store.mark_sent(sent.id, Receipt(250, "ok"), make.now)
    people = [store.subscription(message.subscription) for message in messages]
    corrected, anew = again(make, people, date(2019, 3, 11), revision=2, id=f"{number.id}.2")
    assert store.freeze_revision(corrected, anew)
    assert [row.state for row in store.outbox(edition=number.id)] == [OutboxState.SENT, OutboxState.SUPPRESSED]
    assert {message.edition for message in claim(store, make.now)} == {corrected.id}


# The migration


@pytest.fixture(params=["file", "memory", "postgres"])
def engine(request, tmp_path):
    urls = {"file": f"sqlite:///{tmp_path}/monitor.db", "memory": "sqlite://"}
    engine = open_engine(urls.get(request.param) or request.getfixturevalue("postgres_url"), busy_timeout_s=5)
    yield engine
    engine.close()


OLD_EDITION = (
    "INSERT INTO edition (id, digest, key, week, window_end, frozen_at, details) VALUES ('e', 'd', 'k', 'w', 'x', 'x', '{}')"
)
OLD_PERSON = """
    INSERT INTO subscription (id, digest, address, canonical, language, state, created_at, changed_at, how)
    VALUES (:id, 'd', :address, :address, 'en', 'active', 'x', 'x', '')
"""
OLD_MESSAGE = """
    INSERT INTO outbox (id, edition, subscription, recipient, language, message_id, state, attempt, lease_owner, smtp_text,
        queue_id, created_at, envelope_from)
    VALUES (:id, 'e', :id, :address, 'en', :address, :state, 2, '', 'words', '', '2019-03-04T05:06:07.000000Z', 'from')
"""
OLD_BODY = "INSERT INTO outbox_body (message, body) VALUES (:id, :body)"


def test_rows_of_the_older_outbox_arrive_with_bytes_domain_and_counter(engine):
    before = next(place for place, step in enumerate(shipped()) if step.name == "0010_sending")
    upgrade(engine, shipped()[:before])
    addresses = ("ann@Example.org", '"odd@name"@other.example', "no-domain")
    with engine.writing() as statements:
        statements.run(OLD_EDITION)
        for number, address in enumerate(addresses, 5):
            statements.run(OLD_PERSON, {"id": number, "address": address})
            statements.run(OLD_MESSAGE, {"id": number, "address": address, "state": "pending"})
            statements.run(OLD_BODY, {"id": number, "body": f"body {number}".encode()})
    upgrade(engine)
    with engine.writing() as statements:
        rows = statements.run("SELECT o.id, kind, edition, recipient, domain, attempt, body FROM outbox o JOIN outbox_body b "
                              "ON b.message = o.id ORDER BY o.id")  # fmt: skip
        assert [(row["id"], row["kind"], row["edition"], row["recipient"], row["attempt"]) for row in rows] == [
            (number, "edition", "e", address, 2) for number, address in enumerate(addresses, 5)
        ]
        assert [row["domain"] for row in rows] == ["example.org", "other.example", "no-domain"]
        assert [bytes(row["body"]) for row in rows] == [b"body 5", b"body 6", b"body 7"]
        assert statements.run("SELECT edition, state FROM sending") == [{"edition": "e", "state": "sending"}]
        fresh = OLD_MESSAGE.replace("(id, edition", "(kind, domain, edition").replace("(:id, 'e'", "('confirmation', '', NULL")
        statements.run(fresh, {"id": 5, "address": "new", "state": "pending"})
        assert statements.run("SELECT MAX(id) AS id FROM outbox") == [{"id": 8}]
        statements.run("DELETE FROM outbox WHERE id = 5")
        assert statements.run("SELECT COUNT(*) AS n FROM outbox_body") == [{"n": 2}], "bodies still go with their rows"


def test_who_says_so_before_anybody_looked_has_it_sent_late_too(store, make):
    make.frozen(store, 1)
    later = frozen_at(make) + 2 * DAY
    assert store.resume_sending(EDITION, later, late=True)
    assert store.settle_sending(later, DAY) == ()
    assert len(claim(store, later)) == 1
