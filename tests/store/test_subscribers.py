"""People, their consent and the suppression list, on every engine: nobody who may get nothing comes back by an import."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.consent import Admission, Consent, ConsentAct, Erasure, Suppression, Wish
from monitor.model.delivery import OutboxKind, OutboxState, Receipt, Subscribed

MINUTE = timedelta(minutes=1)
ANN = "ann@example.org"


def wish(make, name="ann", mac="", consents=(), **changes):
    return Wish(make.wish(name, **changes), mac or f"mac-{name.lower()}", tuple(consents))


def suppression(make, name="ann", digest="", reason="complaint", **changes):
    return Suppression(f"mac-{name}", digest, reason, make.now, **changes)


def vouched(make, **changes):
    return Consent(ConsentAct.VOUCHED, make.now, "192.0.2.0/24", "Агент", "import", **changes)


# Many at once


def test_many_are_subscribed_in_one_transaction_and_told_in_order(store, make):
    standing = store.subscribe(make.wish("bob"))
    admitted = store.subscribe_all([wish(make, name, consents=[vouched(make)]) for name in ("ann", "bob", "cid")])
    assert [one.fresh for one in admitted] == [True, False, True]
    assert [one.subscription.canonical[:3] for one in admitted] == ["ann", "bob", "cid"]
    assert admitted[1] == Admission(standing, False)
    proof = store.consents([one.subscription.id for one in admitted])
    assert proof == tuple(vouched(make, subscription=admitted[place].subscription.id) for place in (0, 2))


def test_one_who_stands_twice_in_a_list_is_subscribed_once(store, make):
    first, second = store.subscribe_all([wish(make, "ann"), wish(make, "ann", language="en")])
    assert (first.fresh, second.fresh) == (True, False)
    assert first.subscription == second.subscription
    assert len(store.subscriptions()) == 1


def test_a_thousand_who_bounced_elsewhere_are_heeded_in_one_portion(store, make):
    for digest in ("weekly", "grain"):
        wishes = [wish(make, f"p{n}", digest=digest) for n in range(1000)]
        admitted = store.subscribe_all(wishes)
        if digest == "weekly":
            for one in admitted[::2]:
                store.set_subscription(one.subscription.id, Subscribed.SUPPRESSED, make.now, "bounce 5.1.1")
    states = [one.subscription.state for one in admitted]
    assert states == [Subscribed.SUPPRESSED, Subscribed.ACTIVE] * 500


def test_nobody_is_subscribed_by_an_empty_list(store):
    assert store.subscribe_all([]) == ()


def test_case_makes_no_second_person(store, make):
    ann = store.subscribe(make.wish("Ann"))
    store.set_subscription(ann.id, Subscribed.ENDED, make.now, "one-click")
    [again] = store.subscribe_all([wish(make, "aNN")])
    assert (again.fresh, again.subscription.id, again.subscription.state) == (False, ann.id, Subscribed.ENDED)
    assert store.subscriptions(canonical="ANN@example.org") == (again.subscription,)
    assert store.subscriptions(canonical="anne@example.org") == ()


def test_a_name_in_another_script_is_found_by_its_own_form(store, make):
    anna = store.subscribe(make.wish("аня"))
    assert store.subscriptions(canonical="аня@EXAMPLE.org") == (anna,)


# Suppression


@pytest.mark.parametrize(
    ("listed", "wanted", "state"),
    [("", "weekly", Subscribed.SUPPRESSED), ("weekly", "weekly", Subscribed.SUPPRESSED), ("weekly", "grain", Subscribed.ACTIVE)],
    ids=["of all digests", "of this digest", "of another digest"],
)
def test_who_is_listed_is_not_made_active(store, make, listed, wanted, state):
    assert store.suppress(suppression(make, digest=listed), ANN) == 0
    [admitted] = store.subscribe_all([wish(make, digest=wanted, how="import")])
    assert admitted.fresh
    assert admitted.subscription.state is state
    if state is Subscribed.SUPPRESSED:
        assert admitted.subscription.how == "import; suppressed before: complaint"


def test_suppressing_ends_what_is_subscribed_and_waiting(store, make):
    mine = [store.subscribe(make.wish("Ann", d, state=s)) for d, s in (("a", Subscribed.ACTIVE), ("b", Subscribed.WAITING))]
    other = store.subscribe(make.wish("bob", "a"))
    assert store.suppress(suppression(make), ANN) == 2
    assert [store.subscription(one.id).state for one in mine] == [Subscribed.SUPPRESSED] * 2
    assert store.subscription(mine[0].id).how == "complaint"
    assert store.subscription(other.id) == other


def test_a_digest_alone_can_be_suppressed(store, make):
    one, two = store.subscribe(make.wish("ann", "a")), store.subscribe(make.wish("ann", "b"))
    assert store.suppress(suppression(make, digest="a"), ANN) == 1
    assert store.subscription(one.id).state is Subscribed.SUPPRESSED
    assert store.subscription(two.id).state is Subscribed.ACTIVE
    [third] = store.subscribe_all([wish(make, digest="c")])
    assert third.subscription.state is Subscribed.ACTIVE


def test_a_standing_suppression_keeps_its_reason(store, make):
    store.suppress(suppression(make, reason="bounce 5.1.1"), ANN)
    store.suppress(replace(suppression(make), since=make.now + MINUTE), ANN)
    assert store.suppressions(["mac-ann"]) == (suppression(make, reason="bounce 5.1.1"),)


def test_a_pardon_is_recorded_and_brings_nobody_back_by_itself(store, make):
    ann = store.subscribe(make.wish())
    store.suppress(suppression(make), ANN)
    assert store.forgive("mac-ann", "", ANN, make.now + MINUTE, "command line") == 1
    assert store.suppressions(["mac-ann"]) == (suppression(make, forgiven_at=make.now + MINUTE, forgiven_how="command line"),)
    kept = store.subscription(ann.id)
    assert (kept.state, kept.how) == (Subscribed.ENDED, "command line")
    [admitted] = store.subscribe_all([wish(make, digest="grain")])
    assert admitted.subscription.state is Subscribed.ACTIVE
    assert store.forgive("mac-ann", "", ANN, make.now, "again") == 0


def test_a_pardon_of_one_digest_leaves_the_others(store, make):
    for digest in ("a", "b"):
        store.suppress(suppression(make, digest=digest), ANN)
    assert store.forgive("mac-ann", "a", ANN, make.now, "x") == 1
    assert {one.digest: one.forgiven_at for one in store.suppressions(["mac-ann"])} == {"a": make.now, "b": None}


def test_a_bounce_that_only_its_row_knows_is_forgiven_too(store, make):
    ann = store.subscribe(make.wish())
    store.set_subscription(ann.id, Subscribed.SUPPRESSED, make.now, "bounce 5.1.1")
    assert store.forgive("mac-ann", "", ANN, make.now, "x") == 1
    assert store.subscription(ann.id).state is Subscribed.ENDED


def test_after_a_pardon_an_address_can_be_suppressed_again(store, make):
    store.suppress(suppression(make), ANN)
    store.forgive("mac-ann", "", ANN, make.now, "x")
    store.suppress(replace(suppression(make, reason="again"), since=make.now + MINUTE), ANN)
    assert store.suppressions(["mac-ann"]) == (Suppression("mac-ann", "", "again", make.now + MINUTE),)


def test_whether_there_is_any_suppression(store, make):
    assert not store.has_suppressions()
    store.suppress(suppression(make), ANN)
    assert store.has_suppressions()


# Changes and consent


def test_a_change_is_made_only_from_the_states_named_and_with_its_proof(store, make):
    ann = store.subscribe(make.wish(state=Subscribed.WAITING))
    proof = Consent(ConsentAct.CONFIRMED, make.now + MINUTE, "2001:db8:1::/48", "Firefox", "confirm-1/be")
    change = replace(ann, state=Subscribed.ACTIVE, language="ru", changed_at=make.now + MINUTE, how="confirmed")
    assert not store.move_subscription(change, (Subscribed.ENDED,), proof)
    assert store.subscription(ann.id) == ann
    assert store.consents([ann.id]) == ()
    assert store.move_subscription(change, (Subscribed.WAITING, Subscribed.ENDED), proof)
    assert store.subscription(ann.id) == change
    assert store.consents([ann.id]) == (replace(proof, subscription=ann.id),)


def test_consent_is_told_by_subscription_and_time(store, make):
    ann, bob = store.subscribe(make.wish("ann")), store.subscribe(make.wish("bob"))
    acts = [
        Consent(ConsentAct.CONFIRMED, make.now + MINUTE, subscription=bob.id),
        Consent(ConsentAct.CHANGED, make.now + 2 * MINUTE, subscription=ann.id),
        Consent(ConsentAct.ASKED, make.now, "192.0.2.0/24", "Агент «№1»", "subscribe-1/be", ann.id),
    ]
    for act in acts:
        assert store.move_subscription(ann if act.subscription == ann.id else bob, tuple(Subscribed), act)
    assert store.consents([bob.id, ann.id]) == (acts[2], acts[1], acts[0])
    assert store.consents([]) == ()


# Forgetting


def mail(make, subscription, number=1, **changes):
    fields = {
        "edition": "",
        "kind": OutboxKind.CONFIRMATION,
        "message_id": f"<{number}@x>",
        "recipient": subscription.canonical,
        "created_at": make.now,
    }
    return make.message(subscription.id, **{**fields, **changes})


def test_wishes_that_were_never_confirmed_are_forgotten_whole(store, make):
    old = store.subscribe_all([wish(make, "old", state=Subscribed.WAITING, consents=[vouched(make)])])[0].subscription
    new = store.subscribe(make.wish("new", state=Subscribed.WAITING, changed_at=make.now + MINUTE))
    active = store.subscribe(make.wish("active"))
    store.enqueue([mail(make, old)])
    assert store.forget_unconfirmed(make.now + MINUTE) == 1
    assert store.subscriptions() == (new, active)
    assert store.consents([old.id]) == ()
    assert store.outbox() == ()
    assert store.forget_unconfirmed(make.now + MINUTE) == 0


def test_one_who_had_editions_before_is_ended_not_dropped(store, make):
    [ann] = make.frozen(store, 1)
    store.set_subscription(ann.id, Subscribed.WAITING, make.now, "asked again")
    assert store.forget_unconfirmed(make.now + MINUTE) == 1
    assert store.subscription(ann.id).state is Subscribed.ENDED
    assert len(store.outbox()) == 1


def test_an_erased_address_is_nowhere_but_in_its_hash(store, make, tmp_path):
    people = make.frozen(store, 2)
    ann, bob = people
    store.move_subscription(ann, tuple(Subscribed), vouched(make, subscription=ann.id))
    rows = {row.subscription: row for row in store.outbox()}
    store.mark(rows[ann.id].id, OutboxState.DEFERRED, f"450 <{ann.canonical}> is busy", next_at=make.now)
    mac = Suppression("mac", "", "erased", make.now + MINUTE)
    store.enqueue([mail(make, ann, kind=OutboxKind.NOTICE)])
    assert store.erase(ann.canonical.upper().replace("EXAMPLE.ORG", "example.org"), mac) == Erasure((ann.id,), 2)
    kept = store.subscription(ann.id)
    assert (kept.address, kept.canonical, kept.state, kept.how) == ("", f"erased/{ann.id}", Subscribed.ENDED, "erased")
    assert store.consents([ann.id]) == ()
    assert store.suppressions(["mac"]) == (mac,)
    mine = store.messages_to([ann.id])
    assert {(row.recipient, row.smtp_text, row.envelope_from, row.state) for row in mine} == {
        ("", "", "", OutboxState.SUPPRESSED)
    }
    assert store.subscription(bob.id) == bob
    assert [row.subscription for row in store.claim("w", make.now + MINUTE, make.now + 2 * MINUTE, 9)] == [bob.id]
    copy = tmp_path / "copy.db"
    store.backup(copy)
    assert ann.canonical.encode() not in copy.read_bytes()


def test_what_was_sent_stays_sent_after_an_erasure(store, make):
    [ann] = make.frozen(store, 1)
    [row] = store.claim("w", make.now, make.now + MINUTE, 9)
    store.mark_sent(row.id, Receipt(250, "ok"), make.now)
    store.erase(ann.canonical, Suppression("mac", "", "erased", make.now))
    assert store.outbox_counts()[OutboxState.SENT] == 1


def test_erasing_a_suppressed_address_keeps_why(store, make):
    ann = store.subscribe(make.wish())
    store.set_subscription(ann.id, Subscribed.SUPPRESSED, make.now, "bounce 5.1.1")
    store.erase(ann.canonical, Suppression("mac", "", "erased", make.now))
    assert store.suppressions(["mac"])[0].reason == "erased; bounce 5.1.1"


def test_erasing_one_that_is_listed_keeps_both_reasons_and_does_so_once(store, make):
    store.suppress(suppression(make, reason="complaint"), ANN)
    for _ in range(2):
        store.erase(ANN, suppression(make, reason="erased"))
    assert [one.reason for one in store.suppressions(["mac-ann"])] == ["erased; complaint"]
    assert store.subscribe_all([wish(make)])[0].subscription.id == 0


def test_an_address_nobody_knows_can_be_erased_ahead(store, make):
    assert store.erase("eve@example.org", suppression(make, "eve", reason="erased")) == Erasure((), 0)
    for state in Subscribed:
        [admitted] = store.subscribe_all([wish(make, "eve", state=state)])
        assert (admitted.fresh, admitted.subscription.id, admitted.subscription.state) == (False, 0, Subscribed.SUPPRESSED)
    assert store.subscriptions() == (), "an old list does not bring the address back even as a suppressed one"


def test_erasing_the_same_person_twice_is_harmless_and_lets_them_be_known_anew(store, make):
    first = store.subscribe(make.wish())
    for _ in range(2):
        store.erase(first.canonical, suppression(make, reason="erased"))
    store.forgive("mac-ann", "", first.canonical, make.now, "came back")
    [again] = store.subscribe_all([wish(make)])
    assert again.fresh
    assert again.subscription.id != first.id
    assert again.subscription.state is Subscribed.ACTIVE


# Settings


def test_the_first_value_kept_stands(store):
    assert store.keep_setting("key", "one") == "one"
    assert store.keep_setting("key", "two") == "one"
    assert store.setting("key") == "one"
