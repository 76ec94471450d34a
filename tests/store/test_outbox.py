"""The outbox against a model of it: whatever workers, clock, subscribers and operators do, in whatever order.

The contract suite says case by case what each method gives; here hypothesis looks for a sequence that breaks the whole.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run

from monitor.model.delivery import OutboxKind, OutboxState, Receipt, Subscribed
from monitor.store.open import open_store

LEASE = timedelta(minutes=10)
WORKERS = st.sampled_from(["w1", "w2", "w3"])
OPEN = {OutboxState.PENDING, OutboxState.DEFERRED, OutboxState.CLAIMED}
SETTLED = [OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.PENDING, OutboxState.DEFERRED]
OUTCOMES = st.tuples(*[st.sampled_from([None, OutboxState.DEFERRED, *SETTLED])] * 4)
CLOSED_FOR_MARKS = {OutboxState.SENT, OutboxState.SUPPRESSED, OutboxState.ABORTED}


@dataclass
class Row:
    """What the model remembers of a message."""

    edition: str
    subscription: int
    body: bytes
    state: OutboxState = OutboxState.PENDING
    attempt: int = 0
    due: object = None
    lease: object = None
    owner: str = ""
    sent: int = 0
    excuses: int = 0
    """How often the row was let go without an outcome being known, or asked for again: each excuses one more sending."""


def machine(make):
    """The state machine class, with the makers of `conftest`."""

    class Outbox(RuleBasedStateMachine):
        in_hand = Bundle("in_hand")

        @initialize()
        def open(self):
            self.store = open_store("sqlite://")
            self.store.upgrade()
            self.now = make.now
            self.rows = {}
            self.people = []
            self.active = set()
            self.editions = []
            self.enqueue(3)

        def teardown(self):
            self.store.close()

        @rule(people=st.integers(0, 3))
        def enqueue(self, people):
            """Freeze an edition for up to four who have had others, and for new people."""
            number = make.edition(date(2019, 1, 7) + timedelta(days=7 * len(self.editions)))
            fresh = [self.store.subscribe(make.wish(f"p{len(self.people) + place}")).id for place in range(people)]
            wanted = [*self.people[-4:], *fresh]
            self.people += fresh
            self.active |= set(fresh)
            messages = [make.message(person, number.id) for person in wanted]
            assert self.store.freeze_edition(number, messages)
            assert not self.store.freeze_edition(number, messages)
            stored = self.store.outbox(edition=number.id)
            assert [row.subscription for row in stored] == wanted
            bodies = {message.subscription: message.body for message in messages}
            for older, row in self.rows.items():
                if row.state is OutboxState.DEFERRED and row.subscription in wanted:
                    self.close(older, OutboxState.SUPPRESSED)
            self.rows |= {row.id: Row(number.id, row.subscription, bodies[row.subscription]) for row in stored}
            self.editions.append(number.id)

        @rule(target=in_hand, owner=WORKERS, limit=st.integers(1, 4), outcomes=OUTCOMES)
        def work(self, owner, limit, outcomes):
            """Claim, and settle some at once; the others stay in the worker's hand."""
            taken = self.claim(owner, limit)
            for number, outcome in zip(taken, outcomes, strict=False):
                if outcome:
                    self.settle(number, outcome, 5)
            return multiple(*(number for number, outcome in zip(taken, outcomes, strict=False) if not outcome))

        def claim(self, owner, limit):
            due = [number for number, row in sorted(self.rows.items()) if self.is_due(row)]
            taken = self.store.claim(owner, self.now, self.now + LEASE, limit)
            # Suppression happens in portions of the limit, until a portion has somebody who is still subscribed.
            wanted = []
            for start in range(0, len(due), limit):
                portion = due[start : start + limit]
                wanted = [number for number in portion if self.rows[number].subscription in self.active]
                for number in set(portion) - set(wanted):
                    self.close(number, OutboxState.SUPPRESSED)
                if wanted:
                    break
            assert [message.id for message in taken] == wanted
            for message in taken:
                row = self.rows[message.id]
                if row.state is OutboxState.CLAIMED:
                    row.excuses += 1
                row.state, row.owner, row.lease, row.due = OutboxState.CLAIMED, owner, self.now + LEASE, None
                row.attempt += 1
                assert (message.body, message.attempt, message.subscription) == (row.body, row.attempt, row.subscription)
            return [message.id for message in taken]

        def is_due(self, row):
            return row.state in OPEN and (row.due is None or row.due <= self.now) and (row.lease is None or row.lease <= self.now)

        def close(self, number, state, due=None):
            row = self.rows[number]
            row.state, row.due, row.lease, row.owner = state, due, None, ""

        @rule(number=consumes(in_hand), outcome=st.sampled_from(SETTLED), minutes=st.integers(0, 30))
        def settle_late(self, number, outcome, minutes):
            """The word of a slow worker: its lease may have run out, the edition may be aborted, another may have it in hand."""
            self.settle(number, outcome, minutes)

        def settle(self, number, outcome, minutes):
            row = self.rows[number]
            if outcome is OutboxState.SENT:
                self.store.mark_sent(number, Receipt(250, "ok"), self.now)
                row.sent += 1
                self.close(number, OutboxState.SENT)
                return
            due = self.now + timedelta(minutes=minutes) if outcome is OutboxState.DEFERRED else None
            self.store.mark(number, outcome, "words", code=451, next_at=due)
            if row.state not in CLOSED_FOR_MARKS:
                row.excuses += row.state is OutboxState.CLAIMED
                self.close(number, outcome, due)

        @rule(number=consumes(in_hand), accepted=st.booleans())
        def crash(self, number, accepted):
            """The worker dies with the message in hand, before or after the relay took it."""
            self.rows[number].sent += accepted
            self.rows[number].excuses += accepted

        @rule(owner=WORKERS)
        def drain(self, owner):
            mine = [number for number, row in self.rows.items() if row.state is OutboxState.CLAIMED and row.owner == owner]
            assert self.store.release(owner) == len(mine)
            for number in mine:
                self.close(number, OutboxState.PENDING)
                self.rows[number].excuses += 1

        @rule(
            data=st.data(), state=st.sampled_from([Subscribed.ACTIVE, Subscribed.ACTIVE, Subscribed.ENDED, Subscribed.SUPPRESSED])
        )
        def change_subscription(self, data, state):
            person = data.draw(st.sampled_from(self.people))
            self.store.set_subscription(person, state, self.now, "page")
            self.active -= {person}
            self.active |= {person} if state is Subscribed.ACTIVE else set()

        @rule(minutes=st.integers(1, 25))
        def wait(self, minutes):
            self.now += timedelta(minutes=minutes)

        @rule(data=st.data(), sure=st.sampled_from([False, False, False, True]))
        def abort(self, data, sure):
            edition = data.draw(st.sampled_from(self.editions if sure else ["none of them"]))
            hit = [
                number
                for number, row in self.rows.items()
                if row.edition == edition and row.state not in (OutboxState.SENT, OutboxState.ABORTED)
            ]
            assert self.store.abort(edition=edition) == len(hit)
            for number in hit:
                self.close(number, OutboxState.ABORTED)

        @rule(states=st.sets(st.sampled_from([OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.ABORTED]), min_size=1))
        def retry(self, states):
            hit = [number for number, row in self.rows.items() if row.state in states]
            assert self.store.retry(states=tuple(states)) == len(hit)
            for number in hit:
                self.close(number, OutboxState.PENDING)
                self.rows[number].excuses += 1

        @invariant()
        def every_row_is_as_the_model_says(self):
            for stored in self.store.outbox():
                row = self.rows[stored.id]
                assert (stored.state, stored.attempt, stored.next_at) == (row.state, row.attempt, row.due)
                assert (stored.lease_owner, stored.lease_until) == (row.owner, row.lease)

        @invariant()
        def no_row_is_lost(self):
            assert sum(self.store.outbox_counts().values()) == len(self.rows)

        @invariant()
        def nobody_gets_a_mail_twice_without_a_reason(self):
            for row in self.rows.values():
                assert row.sent <= 1 + row.excuses

    return Outbox


def test_no_sequence_of_events_loses_or_doubles_a_message(make):
    run(machine(make), settings=settings(max_examples=100, stateful_step_count=50, deadline=None))


def kept_bodies(store):
    with store._engine.reading() as statements:
        return [row["message"] for row in statements.run("SELECT message FROM outbox_body ORDER BY message")]


def test_the_bytes_of_what_was_sent_are_dropped_by_the_next_claim(store, make):
    make.frozen(store, 3)
    first, second, third = store.claim("w", make.now, make.now + LEASE, 5)
    store.mark_sent(first.id, Receipt(250, "ok"), make.now)
    store.mark(second.id, OutboxState.FAILED, "nobody")
    assert store.claim("w", make.now, make.now + LEASE, 5, sent=[first.id, second.id, third.id]) == ()
    assert kept_bodies(store) == [second.id, third.id], "what is not sent may be tried again"


def test_the_bytes_of_what_belongs_to_no_edition_are_dropped_at_once(store, make):
    person = store.subscribe(make.wish(state=Subscribed.WAITING))
    link = replace(make.message(person.id), edition="", kind=OutboxKind.CONFIRMATION, created_at=make.now)
    store.enqueue([link])
    [claimed] = store.claim("w", make.now, make.now + LEASE, 5)
    store.mark_sent(claimed.id, Receipt(250, "ok"), make.now)
    assert kept_bodies(store) == []


def test_a_finished_edition_keeps_no_bytes_of_what_was_sent_though_its_sender_died_before_the_next_claim(store, make):
    make.frozen(store, 2)
    sent, refused = store.claim("w", make.now, make.now + LEASE, 5)
    store.mark_sent(sent.id, Receipt(250, "ok"), make.now)
    store.mark(refused.id, OutboxState.FAILED, "nobody")
    assert len(store.settle_sending(make.now, LEASE)) == 1
    assert kept_bodies(store) == [refused.id]


def test_a_claim_walks_the_open_rows_in_order_and_does_not_sort(in_memory):
    from monitor.store.outbox import _DUE

    with in_memory._engine.reading() as statements:
        plan = [row["detail"] for row in statements.run(f"EXPLAIN QUERY PLAN {_DUE}", {"now": "2019", "most": 5})]
    assert plan[0] == "SCAN o USING INDEX outbox_open"
    assert not [step for step in plan if "B-TREE" in step]


def test_a_message_says_when_it_came_to_be_though_its_maker_did_not(in_memory, make):
    person = in_memory.subscribe(make.wish())
    number = make.edition()
    in_memory.freeze_edition(number, [replace(make.message(person.id), created_at=None)])
    assert in_memory.outbox()[0].created_at == number.frozen_at
