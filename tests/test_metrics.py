"""What is counted of mail, and what the store is asked for at each scrape."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.metrics import Metrics
from monitor.model.delivery import OutboxMessage, OutboxState, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition
from monitor.model.errors import MailAmbiguous, MailDeferred, MailRefused
from monitor.testing import memory_store

NOW = datetime(2019, 3, 11, 5, tzinfo=UTC)


@pytest.fixture
def store():
    made = memory_store()
    yield made
    made.close()


def lines(metrics):
    return metrics.exposition().decode().splitlines()


def test_messages_are_counted_by_what_became_of_them_and_never_by_whom_they_were_for():
    metrics = Metrics()
    metrics.record_mail(OutboxState.SENT, None, "")
    metrics.record_mail(OutboxState.SENT, None, "")
    metrics.record_mail(OutboxState.DEFERRED, MailDeferred("4.2.0 ann@example.org is busy", code=450), "4.2")
    metrics.record_mail(OutboxState.DEFERRED, MailAmbiguous("lost"), "lost")
    metrics.record_mail(OutboxState.UNKNOWN, MailAmbiguous("lost"), "lost")
    metrics.record_mail(OutboxState.FAILED, MailRefused("5.1.1 no ann@example.org", code=550), "5.1")
    told = lines(metrics)
    assert {
        "monitor_mail_sent_total 2.0",
        'monitor_mail_deferred_total{code_class="4.2"} 1.0',
        'monitor_mail_deferred_total{code_class="lost"} 1.0',
        'monitor_mail_failed_total{reason="lost"} 1.0',
        'monitor_mail_failed_total{reason="5.1"} 1.0',
        "monitor_mail_ambiguous_total 2.0",
    } <= set(told)
    assert not [line for line in told if "example.org" in line]


def test_senders_are_one_part_however_many_processes_there_are(store):
    store.heartbeat("scheduler", NOW)
    store.heartbeat("sender/host/1/1", NOW)
    store.heartbeat("sender/host/2/2", NOW + timedelta(seconds=5))
    metrics = Metrics()
    metrics.watch(store)
    beats = [line.split() for line in lines(metrics) if line.startswith("monitor_heartbeat_timestamp_seconds{")]
    assert [(name, float(value)) for name, value in beats] == [
        ('monitor_heartbeat_timestamp_seconds{part="scheduler"}', NOW.timestamp()),
        ('monitor_heartbeat_timestamp_seconds{part="sender"}', NOW.timestamp() + 5),
    ]


def test_editions_that_wait_for_a_person_are_counted(store):
    window = Window(NOW - timedelta(days=7), NOW, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    edition = FrozenEdition("weekly/2019-03-11", "weekly", date(2019, 3, 11), "2019-W10", window, NOW, NOW, 1, "", {})
    person = store.subscribe(Subscription(0, "weekly", "a@x.org", "a@x.org", "en", Subscribed.ACTIVE, NOW, NOW))
    message = OutboxMessage(0, edition.id, person.id, "a@x.org", "en", "<1@x>", OutboxState.PENDING, b"x", created_at=NOW)
    store.freeze_edition(edition, [message])
    store.pause_sending(edition.id, "the relay refuses us", NOW)
    metrics = Metrics()
    metrics.watch(store)
    assert {'monitor_editions_sending{state="paused"} 1.0', 'monitor_outbox_messages{state="pending"} 1.0'} <= set(lines(metrics))
