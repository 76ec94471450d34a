"""Readers, strangers and the operator in any order: nobody becomes active who did not say so, nobody gets mail who may not.

The machine plays the site over a store in memory, and keeps a simple account beside it of who agreed to what and who is shut out.
"""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose
from monitor.model.consent import Consent, ConsentAct, Suppression, Wish
from monitor.model.delivery import OutboxKind, Subscribed, Subscription
from monitor.testing import FixedClock, memory_store

PEOPLE = ("ann@example.org", "Bob@example.org", "аня@example.org")
DIGESTS = ("weekly", "grain")
AGREED = {ConsentAct.CONFIRMED, ConsentAct.CHANGED, ConsentAct.VOUCHED}
people, digests = st.sampled_from(PEOPLE), st.sampled_from(DIGESTS)


def play(make_door, world):
    class Play(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            store = memory_store()
            mine = replace(world, parts=replace(world.parts, store=store), clock=FixedClock(world.clock()))
            self.door, self.store, self.peers = make_door(world=mine), store, 0
            self.links, self.shut, self.erased = [], set(), set()

        def teardown(self):
            self.store.close()

        def mac(self, person):
            return address_mac(self.door.sender.suppression_key, person)

        def found(self, person, digest):
            return next((one for one in self.store.subscriptions(digest=digest, canonical=person)), None)

        def active(self):
            return {one.id for one in self.store.subscriptions(states=(Subscribed.ACTIVE,))}

        def post(self, person, digest, kind, purpose, fields):
            """Press a button behind a link of a mail that was sent at some time."""
            kept = self.found(person, digest)
            if kept:
                assert self.door.post(self.door.path(kind, purpose, kept), fields).status == 200

        @rule(person=people, digest=digests)
        def ask(self, person, digest):
            before = self.active()
            self.peers += 1
            peer = f"2001:db8:{self.peers:x}::1"
            answer = self.door.post(f"/{digest}/subscribe/", {"address": person, "language": "en"}, peer=peer)
            assert answer.status == 200
            assert self.active() == before

        @rule()
        def read_mail(self):
            for row, mail in self.door.mails():
                assert (row.recipient, "") not in self.shut
                assert row.recipient not in self.erased
                kept = self.store.subscription(row.subscription)
                assert kept.state is (Subscribed.WAITING if row.kind is OutboxKind.CONFIRMATION else Subscribed.ACTIVE)
                link = re.search(r"https://news\.example\.org(/c/\S{40})", mail.get_body(("plain",)).get_content())
                self.links += [link[1]] if link else []

        @rule(data=st.data())
        def confirm(self, data):
            if self.links:
                before = self.active()
                assert self.door.post(data.draw(st.sampled_from(self.links)), {"confirm": "1"}).status == 200
                assert len(self.active() - before) <= 1

        @rule(person=people, digest=digests, what=st.sampled_from(["this", "all", "again", ""]))
        def leave(self, person, digest, what):
            kept, before = self.found(person, digest), self.active()
            self.post(person, digest, "u", Purpose.UNSUBSCRIBE, {"leave": what} if what else {})
            if kept and what != "again":
                assert self.active() <= before - {kept.id}
            if kept and what == "all":
                assert not self.store.subscriptions(canonical=person, states=(Subscribed.ACTIVE, Subscribed.WAITING))

        @rule(person=people, digest=digests, on=st.sets(digests))
        def prefer(self, person, digest, on):
            fields = {"save": "1", "digest": DIGESTS, **{f"on.{one}": "1" for one in on}}
            kept = self.found(person, digest)
            self.post(person, digest, "p", Purpose.MANAGE, fields)
            if kept:
                live = {one.digest for one in self.store.subscriptions(canonical=person, states=(Subscribed.ACTIVE,))}
                assert live <= on
                assert on - live <= {one for one in DIGESTS if self.is_shut(person, one)}

        @rule(person=people, digest=st.sampled_from(["", *DIGESTS]))
        def suppress(self, person, digest):
            self.store.suppress(Suppression(self.mac(person), digest, "complaint", self.door.clock()), person)
            self.shut.add((person, digest))

        @rule(person=people)
        def forgive(self, person):
            before = self.active()
            self.store.forgive(self.mac(person), "", person, self.door.clock(), "pardon")
            self.shut -= {(person, digest) for digest in ("", *DIGESTS)}
            self.erased.discard(person)
            assert self.active() == before

        @rule(person=people)
        def erase(self, person):
            self.store.erase(person, Suppression(self.mac(person), "", "erased", self.door.clock()))
            self.erased.add(person)
            self.shut.add((person, ""))

        @rule(person=people, digest=digests)
        def import_list(self, person, digest):
            known, now = self.found(person, digest), self.door.clock()
            listed = Subscription(0, digest, person.upper(), person, "en", Subscribed.ACTIVE, now, now, "import")
            [admitted] = self.store.subscribe_all([Wish(listed, self.mac(person), (Consent(ConsentAct.VOUCHED, now),))])
            if known:
                assert admitted.subscription == known
            assert admitted.fresh == (known is None and person not in self.erased)

        @rule(hours=st.integers(1, 24 * 40))
        def wait(self, hours):
            self.door.clock.advance(timedelta(hours=hours))
            self.store.forget_unconfirmed(self.door.clock() - timedelta(days=30))

        def is_shut(self, person, digest):
            return bool(self.shut & {(person, ""), (person, digest)})

        @invariant()
        def nobody_is_active_who_is_shut_out_or_never_agreed(self):
            for one in self.store.subscriptions(states=(Subscribed.ACTIVE,)):
                assert not self.is_shut(one.canonical, one.digest)
                assert AGREED & {consent.act for consent in self.store.consents([one.id])}

        @invariant()
        def an_erased_address_is_nowhere(self):
            kept = self.store.subscriptions()
            texts = [text for one in kept for text in (one.address, one.canonical, one.how)]
            texts += [text for row in self.store.outbox() for text in (row.recipient, row.smtp_text, row.envelope_from)]
            told = "\n".join(texts).lower()
            assert not [person for person in self.erased if person.lower() in told]

    return Play


def test_whatever_people_do_in_whatever_order_the_promises_to_them_hold(make_door, make_world):
    machine = play(make_door, make_world())
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
