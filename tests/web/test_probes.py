"""Probes and metrics over HTTP."""

import json

from monitor.model.errors import StoreBusy
from monitor.store.migrate import shipped


def test_healthz_answers_without_the_database(site):
    site.world.store.close()
    answer = site.get("/healthz")
    assert (answer.status, answer.body) == (200, b"ok\n")


def test_readyz_is_well_with_a_database_of_this_schema(site):
    answer = site.get("/readyz")
    assert answer.status == 200
    assert json.loads(answer.text) == {"ready": True, "reasons": [], "schema": str(len(shipped()))}


def test_readyz_tells_why_it_is_not_ready(site, monkeypatch):
    def busy(*_):
        raise StoreBusy("another writer held it")

    monkeypatch.setattr(type(site.world.store), "schema_version", busy)
    answer = site.get("/readyz")
    assert answer.status == 503
    assert json.loads(answer.text) == {"ready": False, "reasons": ["the database does not answer: another writer held it"]}


def test_metrics_tell_the_state_of_feeds_outbox_and_editions(site):
    site.subscribe("ann@example.org")
    site.publish("2019-W10")
    site.world.store.heartbeat("scheduler", site.world.clock())
    answer = site.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert 'monitor_feeds{health="healthy"} 1.0' in lines
    assert 'monitor_outbox_messages{state="pending"} 1.0' in lines
    assert 'monitor_heartbeat_timestamp_seconds{part="scheduler"} 1.5518628e+09' in lines
    assert 'monitor_edition_last_frozen_timestamp_seconds{digest="weekly"} 1.5518628e+09' in lines
    assert any(line.startswith("monitor_build_info{version=") for line in lines)


def test_metrics_name_no_person_feed_or_address(site):
    site.subscribe("ann@example.org")
    site.publish("2019-W10")
    text = site.get("/metrics").text
    assert not [word for word in ("ann@", "example.org", "north", "http") if word in text]


def test_metrics_ask_for_the_token_where_one_is_set(make_site):
    site = make_site(metrics_token="hush")
    refused = site.get("/metrics")
    assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert site.get("/metrics", Authorization="Bearer wrong").status == 401
    assert site.get("/metrics", Authorization="Bearer hush").status == 200
    assert site.get("/healthz").status == 200
