"""The service reads its mailbox, listens at its port, counts what came back, and names nobody in its log."""

import json
import mailbox
import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor import bootstrap
from monitor.delivery.message import envelope_sender
from monitor.delivery.tokens import Purpose, make_token
from monitor.metrics import Metrics
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.errors import MailboxRefused
from monitor.model.hook import HookBody
from monitor.return_ticks import ReturnTicks, read_mailbox, returns_of
from monitor.settings import load_settings
from monitor.testing import FixedClock, memory_store

NOW = datetime(2019, 3, 11, 6, tzinfo=UTC)
DSN = Path(__file__).parent / "delivery" / "dsn"


class Service:
    """What the service has at hand, with a mailbox and a port of its own."""

    def __init__(self, folder):
        self.box = mailbox.Maildir(folder / "box", create=True)
        names = {"ADDRESS": "b@bounce.example.org", "MAILBOX": f"maildir://{folder}/box", "LISTEN": "127.0.0.1:0"}
        self.settings = load_settings({f"MONITOR_BOUNCE__{name}": value for name, value in names.items()}, dotenv=None)
        self.store, self.clock, self.metrics = memory_store(), FixedClock(NOW), Metrics()
        self.sender = bootstrap.sender_of(self.settings, self.store)
        self.ticks = ReturnTicks(self.settings, returns_of(self.store, self.sender, self.clock, self.metrics))
        self.jobs = {}

    def start(self):
        self.ticks.start(lambda seconds, name, job: self.jobs.update({name: (seconds, job)}))

    def subscribe(self):
        wish = Subscription(0, "weekly", "ann@example.org", "ann@example.org", "en", Subscribed.ACTIVE, NOW, NOW)
        return self.store.subscribe(wish)

    def counted(self, name):
        lines = self.metrics.exposition().decode().splitlines()
        return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith(name) and "_created" not in line}


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path)
    yield made
    made.ticks.stop()
    made.store.close()


def notice(to, status="5.1.1"):
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: Undelivered mail\r\nMessage-ID: <1@mx>\r\n\r\n"
        f"It could not be delivered.\r\n<ann@example.org>: 550 {status} no such user\r\n"
    ).encode()


def test_the_mailbox_is_read_at_its_tick_and_counted(service, capsys):
    ann = service.subscribe()
    service.box.add(notice(envelope_sender(service.sender, ann.id, "weekly/2019-03-11")))
    service.box.add(b"From: somebody@example.org\r\nSubject: a letter\r\n\r\nby hand\r\n")
    service.start()
    assert service.jobs["bounces"][0] == 300.0
    service.jobs["bounces"][1]()
    assert service.store.subscription(ann.id).state is Subscribed.SUPPRESSED
    assert service.counted("monitor_mail_bounces_total") == {
        'monitor_mail_bounces_total{class="hard"}': 1.0, 'monitor_mail_bounces_total{class="unknown"}': 1.0
    }  # fmt: skip
    assert "ann@example.org" not in capsys.readouterr().err
    service.jobs["bounces"][1]()
    assert sum(service.counted("monitor_mail_bounces_total").values()) == 2


def test_the_port_takes_what_is_ours_and_answers_when_it_is_kept(service):
    ann = service.subscribe()
    address = envelope_sender(service.sender, ann.id, "weekly/2019-03-11")
    service.start()
    with smtplib.SMTP("127.0.0.1", service.ticks.intake.port, timeout=10) as client:
        client.ehlo()
        assert client.docmd("MAIL", "FROM:<>")[0] == 250
        assert client.rcpt("ann@example.org")[0] == 550
        assert client.rcpt(address)[0] == 250
        assert client.data(notice("somebody@else.example"))[0] == 250
        assert service.store.subscription(ann.id).state is Subscribed.SUPPRESSED, "before the answer"


def test_old_mails_are_forgotten_at_their_tick(service):
    ann = service.subscribe()
    service.box.add(notice(envelope_sender(service.sender, ann.id, "weekly/2019-03-11")))
    service.start()
    service.jobs["bounces"][1]()
    service.clock.advance(timedelta(days=31))
    service.jobs["forget-bounces"][1]()
    assert service.store.bounces_like("")[0].raw == b""


def test_nothing_is_read_or_listened_to_where_nothing_is_set():
    store = memory_store()
    settings = load_settings({}, dotenv=None)
    ticks = ReturnTicks(settings, returns_of(store, bootstrap.sender_of(settings, store), FixedClock(NOW)))
    jobs = []
    ticks.start(lambda *job: jobs.append(job[1]))
    assert (jobs, ticks.intake) == (["forget-bounces"], None)
    ticks.stop()
    store.close()


def test_a_request_of_a_provider_that_lost_its_secret_does_not_lie_for_ever(service):
    service.store.keep_hook(HookBody("k", "postmark", b"[]"), NOW)
    service.start()
    service.jobs["forget-bounces"][1]()
    assert service.store.waiting_hooks(1) == ()


def test_a_mailbox_that_is_not_there_is_told(service):
    wrong = load_settings({"MONITOR_BOUNCE__MAILBOX": "maildir:///nowhere/at/all"}, dotenv=None)
    with pytest.raises(MailboxRefused):
        read_mailbox(wrong, service.ticks.returns)


def test_what_providers_reported_is_worked_off_at_its_tick_and_counted(service):
    ann = service.subscribe()
    hook = bootstrap.hooks_of(load_settings({"MONITOR_BOUNCE__HOOKS": "postmark=monitor:a long password"}, dotenv=None))
    ticks = ReturnTicks(service.settings, service.ticks.returns, hook)
    ticks.start(lambda seconds, name, job: service.jobs.update({name: (seconds, job)}))
    token = make_token(service.sender.secret, Purpose.BOUNCE, ann.id, "weekly/2019-03-11")
    body = json.dumps({"RecordType": "SpamComplaint", "Email": "ann@example.org", "Metadata": {"monitor": token}}).encode()
    service.store.keep_hook(HookBody("k", "postmark", body), NOW)
    with capture_logs() as told:
        service.jobs["hooks"][1]()
    ticks.stop()
    assert service.store.subscription(ann.id).state is Subscribed.SUPPRESSED
    assert service.counted("monitor_mail_bounces_total") == {'monitor_mail_bounces_total{class="complaint"}': 1.0}
    assert [event["source"] for event in told] == ["hook:postmark"]
    assert "ann@example.org" not in str(told)
