"""What sends mail, put together of the settings."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.mailroom import delivery_of, rates_of
from monitor.model.errors import WrongFiles
from monitor.model.pace import Pace
from monitor.settings import Settings, load_settings
from monitor.store.mail_promises import SENDER
from monitor.testing import memory_store
from monitor.worker import deliver


@pytest.fixture
def store():
    made = memory_store()
    yield made
    made.close()


def test_each_connection_is_one_of_its_own_and_limits_are_those_set(store):
    environment = {
        "MONITOR_SMTP__CONNECTIONS": "3",
        "MONITOR_SMTP__RATE_PER_S": "5",
        "MONITOR_SMTP__DOMAIN_RATES": "Gmail.com=2, outlook.com=0.5",
        "MONITOR_SMTP__ON_AMBIGUOUS": "hold",
        "MONITOR_SMTP__DEADLINE_S": "120",
        "MONITOR_MAIL__MAX_LATENESS_H": "6",
    }
    made = delivery_of(load_settings(environment, None), store)
    assert len({id(one) for one in (made.mailer, *made.more_mailers)}) == 3
    assert made.rates.relay == Pace(5.0, 5.0)
    assert made.rates.domains == {"gmail.com": Pace(2.0, 2.0), "outlook.com": Pace(0.5, 1.0)}
    assert (made.hold_ambiguous, made.deadline, made.max_lateness) == (True, timedelta(minutes=2), timedelta(hours=6))
    assert 0 <= made.jitter() < 1


def test_without_a_word_there_are_two_connections_and_no_limit_for_a_domain(store):
    made = delivery_of(Settings(), store)
    assert (len(made.more_mailers), made.rates.domains, made.hold_ambiguous) == (1, {}, False)


def test_limits_go_by_the_systems_clock_though_the_present_is_fixed(store):
    settings = Settings(now=datetime(2019, 3, 11, tzinfo=UTC))
    assert delivery_of(settings, store).clock().year == 2019
    assert rates_of(settings).clock().year > 2019


def test_a_pass_over_an_empty_outbox_opens_nothing_and_leaves_no_sign_of_life(store):
    made = delivery_of(Settings(), store)
    assert deliver(made).counts == {}
    assert not [name for name in store.heartbeats() if name.startswith(SENDER)]


@pytest.mark.parametrize("value", ["gmail.com", "gmail.com=", "gmail.com=fast", "gmail.com=-1", "=2", "gmail.com=0"])
def test_a_limit_that_makes_no_sense_is_told_with_its_setting(value):
    with pytest.raises(WrongFiles, match="MONITOR_SMTP__DOMAIN_RATES"):
        load_settings({"MONITOR_SMTP__DOMAIN_RATES": value}, None)
