"""Alive, ready: what the probes and the container's health check judge by."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.health import BEAT_LATE, FILES_REFUSED, SENDING, liveness, readiness
from monitor.model.delivery import OutboxMessage, OutboxState, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition
from monitor.model.errors import StoreBusy
from monitor.store.open import open_store
from monitor.testing import memory_store

NOW = datetime(2019, 3, 11, 5, tzinfo=UTC)


class Broken:
    def schema_version(self):
        raise StoreBusy("another writer held it")


class Newer:
    def schema_version(self):
        return 9, 1


@pytest.fixture
def store():
    made = memory_store()
    yield made
    made.close()


def test_a_database_of_this_programs_schema_is_ready(store):
    assert readiness(store).well
    assert readiness(store).facts == {"schema": str(store.schema_version()[1])}


@pytest.mark.parametrize(
    ("broken", "words"), [(Broken(), "does not answer: another writer"), (Newer(), "schema 9, this program knows 1")]
)
def test_a_database_that_cannot_be_used_is_neither_ready_nor_alive(broken, words):
    for judge in (readiness, lambda store: liveness(store, NOW)):
        health = judge(broken)
        assert not health.well
        assert words in health.reasons[0]


def test_a_database_before_its_first_migration_is_not_ready(tmp_path):
    empty = open_store(f"sqlite:///{tmp_path}/new.db")
    assert "schema 0" in readiness(empty).reasons[0]
    empty.close()


def test_without_a_heartbeat_the_service_has_never_run(store):
    assert liveness(store, NOW).reasons == ("the scheduler has never run here",)


@pytest.mark.parametrize(("late", "well"), [(timedelta(0), True), (BEAT_LATE, True), (BEAT_LATE + timedelta(seconds=1), False)])
def test_a_scheduler_is_alive_as_long_as_its_heart_beat_lately(store, late, well):
    store.heartbeat("scheduler", NOW)
    health = liveness(store, NOW + late)
    assert health.well is well
    assert (
        health.facts == {"scheduler": NOW.isoformat()} if well else health.reasons == ("the scheduler has been silent for 91 s",)
    )


def test_a_worker_that_beats_does_not_make_up_for_the_scheduler(store):
    store.heartbeat("worker", NOW)
    assert not liveness(store, NOW).well


def test_a_service_with_old_files_is_alive_and_says_so(store):
    store.heartbeat("scheduler", NOW)
    store.set_setting(FILES_REFUSED, "rules/talks.yml:1:1")
    health = liveness(store, NOW)
    assert health.well
    assert health.facts[FILES_REFUSED].endswith("rules/talks.yml:1:1")


def test_an_edition_that_is_paused_or_missed_is_told_and_is_no_reason_to_restart(store):
    window = Window(NOW - timedelta(days=7), NOW, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    edition = FrozenEdition("weekly/2019-03-11", "weekly", date(2019, 3, 11), "2019-W10", window, NOW, NOW, 1, "", {})
    person = store.subscribe(Subscription(0, "weekly", "a@x.org", "a@x.org", "en", Subscribed.ACTIVE, NOW, NOW))
    message = OutboxMessage(0, edition.id, person.id, "a@x.org", "en", "<1@x>", OutboxState.PENDING, b"x", created_at=NOW)
    store.freeze_edition(edition, [message])
    store.heartbeat("scheduler", NOW)
    store.heartbeat("sender/host/1/1", NOW)
    assert liveness(store, NOW).facts == {"scheduler": NOW.isoformat()}
    store.pause_sending(edition.id, "the relay refuses us", NOW)
    health = liveness(store, NOW)
    assert health.well
    assert health.facts[SENDING] == f"degraded: weekly/2019-03-11 paused since {NOW.isoformat()}: the relay refuses us"
