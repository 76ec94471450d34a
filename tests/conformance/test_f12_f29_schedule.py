"""Redirects, throttling and the schedule, F12 to F29, as a server sees them over days."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.feeds import http, wire
from monitor.feeds.http import HttpFetcher
from monitor.feeds.schedule import spread
from monitor.model.errors import FeedBusy, StoreBusy
from monitor.model.feed import FeedHealth
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest, PollOutcome

TAGGED = {"ETag": '"v"'}


def moved(service, status, target, to):
    service.server.reply(target, status=status, headers={"Location": to})


def test_f12_a_permanent_move_is_proposed_after_three_times_over_a_day(service):
    moved(service, 301, "/feed.xml", "/new.xml")
    service.feed(target="/new.xml", headers=TAGGED)
    states = []
    for hours in (0, 13, 13):
        notice = service.poll(hours=hours).notice
        states.append(service.state().health)
    assert states == [FeedHealth.HEALTHY, FeedHealth.HEALTHY, FeedHealth.MOVED]
    assert service.state().moved_to == "http://north.example/new.xml"
    assert "put that address into the seeds" in notice
    assert len(service.sent("/feed.xml")) == 3, "the catalogue is the operator's: nothing is rewritten"


def test_f12_only_the_permanent_beginning_of_the_way_counts(service):
    moved(service, 301, "/feed.xml", "/hop1")
    moved(service, 302, "/hop1", "/hop2")
    service.feed(target="/hop2", headers=TAGGED)
    service.poll()
    assert service.state().moved_to == "http://north.example/hop1"


@pytest.mark.parametrize("status", [302, 303, 307])
def test_f13_a_temporary_redirect_is_followed_and_never_kept(service, status):
    moved(service, status, "/feed.xml", "/new.xml")
    service.feed(target="/new.xml", headers=TAGGED)
    for hours in (0, 13, 13):
        assert service.poll(hours=hours).outcome is PollOutcome.FETCHED
    assert (service.state().moved_to, service.state().health) == ("", FeedHealth.HEALTHY)


def test_f14_a_loop_is_named_and_ends_early(service):
    moved(service, 302, "/feed.xml", "/b")
    moved(service, 302, "/b", "/feed.xml")
    assert "in a circle" in service.poll().reason
    assert len(service.server.requests) == 2


def test_f14_redirects_stop_at_the_limit(service):
    moved(service, 302, "/feed.xml", "/0")
    for number in range(9):
        moved(service, 302, f"/{number}", f"/{number + 1}")
    assert "more than 5 times" in service.poll().reason
    assert len(service.server.requests) == 6


@pytest.mark.parametrize(
    "to", ["http://10.0.0.1/f", "http://169.254.169.254/", "file:///etc/passwd", "http://u:p@north.example/"]
)
def test_f15_each_hop_is_checked(make_service, to):
    service = make_service(connect_to={"north.example": "127.0.0.1:1"})
    service.policy = replace(service.policy, connect_to={"north.example": f"127.0.0.1:{service.server.port}"})
    service.restart()
    moved(service, 301, "/feed.xml", to)
    assert service.poll().outcome is PollOutcome.FAILED
    assert len(service.server.requests) == 1


def test_f15_no_way_leads_from_https_to_http(make_service, tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    service = make_service({"north": "https://feeds.example/f"}, connect_to={"*": f"127.0.0.1:{tls_server.port}"})
    tls_server.reply("/f", status=301, headers={"Location": "http://feeds.example/f"})
    assert "redirected from https to http" in service.poll().reason
    assert len(tls_server.requests) == 1


def test_f15_nothing_of_one_host_goes_to_another(service):
    service.server.reply("/feed.xml", status=302, headers={"Location": "http://south.example/f", "Set-Cookie": "s=1"})
    service.feed(target="/f", headers=TAGGED)
    service.poll()
    assert not {"cookie", "authorization", "referer"} & service.sent("/f")[0].headers.keys()


def test_f16_gone_is_told_at_once_and_asked_again_after_a_month(service):
    service.server.reply("/feed.xml", status=410)
    assert "is gone" in service.poll().notice
    for _ in range(29):
        service.poll(days=1)
    assert len(service.sent()) == 1
    service.feed(headers=TAGGED)
    service.server._scripts["/feed.xml"].pop(0)
    assert service.poll(days=2).outcome is PollOutcome.FETCHED
    assert service.state().health is FeedHealth.HEALTHY


def test_f17_not_found_heals_by_itself(service):
    for _ in range(30):
        service.server.reply("/feed.xml", status=404)
    service.feed(headers=TAGGED)
    notices = [service.poll(days=2).notice for _ in range(31)]
    assert service.state().health is FeedHealth.HEALTHY
    assert [number for number, notice in enumerate(notices) if notice] == [0, 30], "told when it fails and when it is back"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("7200", 120),
        ("Wed, 06 Mar 2019 12:00:00 GMT", 180),
        ("-5", 60),
        ("soon", 60),
        ("99999999999", 48 * 60),
        ("Wed, 06 Mar 2999 12:00:00 GMT", 48 * 60),
    ],
)
def test_f18_retry_after_is_kept_within_bounds(service, status, value, minutes):
    headers = {"Retry-After": value, "Date": "Wed, 06 Mar 2019 09:00:00 GMT"}
    service.server.reply("/feed.xml", status=status, headers=headers)
    service.poll()
    assert service.poll(minutes=minutes - 1).outcome is PollOutcome.SKIPPED
    assert service.poll(minutes=2).outcome is PollOutcome.FAILED


def test_f19_without_retry_after_the_pause_doubles_up_to_a_day(service):
    service.server.reply("/feed.xml", status=429)
    pauses = []
    for _ in range(7):
        service.poll()
        pauses.append((service.state().next_fetch_at - service.clock()) / timedelta(hours=1))
        service.clock.at = service.state().next_fetch_at
    assert pauses == [1, 2, 4, 8, 16, 24, 24]


def test_f20_one_busy_answer_speaks_for_the_host(make_service):
    service = make_service({"north": "http://a.north.example.org/1", "south": "http://b.north.example.org/2"})
    service.server.reply("/1", status=429, headers={"Retry-After": "7200"})
    service.server.reply("/2", status=429, headers={"Retry-After": "7200"})
    service.poll()
    service.restart()
    service.poll(minutes=119)
    assert len(service.server.requests) == 1
    service.poll(minutes=2)
    assert len(service.server.requests) == 2


def test_f20_a_redirect_to_a_busy_host_is_not_followed(make_service):
    service = make_service({"north": "http://north.example/1", "south": "http://south.example/2"})
    service.server.reply("/1", status=503, headers={"Retry-After": "7200"})
    moved(service, 302, "/2", "http://north.example/other")
    service.poll("north")
    assert service.poll("south").outcome is PollOutcome.SKIPPED
    assert service.sent("/other") == []
    assert service.state("south").failures == 0, "nobody was asked there: no failure"


def test_f20_f26_hosts_behind_one_address_wait_for_each_other(http_server, monkeypatch, service):
    monkeypatch.setattr(http, "connect", lambda _, __, timeout_s: wire.connect("127.0.0.1", http_server.port, timeout_s))
    http_server.reply("/a", b"x")
    http_server.reply("/busy", status=429, headers={"Retry-After": "600"})
    ticks = service.ticks
    fetcher = HttpFetcher(
        FetchPolicy(),
        monotonic=ticks.monotonic,
        sleep=ticks.sleep,
        resolve=lambda _: ["93.184.216.34"],
        wall=service.clock,
    )
    fetcher.fetch(FetchRequest("http://one.example/a", Accept.FEED, 100))
    fetcher.fetch(FetchRequest("http://two.example/a", Accept.FEED, 100))
    assert ticks.slept == [5.0]
    with pytest.raises(FeedBusy) as caught:
        fetcher.fetch(FetchRequest("http://one.example/busy", Accept.FEED, 100))
    assert "93.184.216.34" in caught.value.keys
    blocks = {"93.184.216.34": service.clock() + timedelta(minutes=10)}
    with pytest.raises(FeedBusy, match="asked us to wait"):
        fetcher.fetch(FetchRequest("http://two.example/a", Accept.FEED, 100, blocks=blocks))
    assert len(http_server.requests) == 3


@pytest.mark.parametrize(("headers", "hours"), [(TAGGED, 1), ({}, 24)])
def test_f21_an_hour_with_validators_and_a_day_without(service, headers, hours):
    service.feed(headers=headers)
    service.poll()
    assert service.poll(minutes=60 * hours - 1).outcome is PollOutcome.SKIPPED
    assert service.poll(minutes=1).outcome is PollOutcome.FETCHED


@pytest.mark.parametrize(
    ("headers", "head", "hours"),
    [
        ({"Cache-Control": "max-age=10800"}, "", 3),
        ({"Cache-Control": "max-age=504576000"}, "", 24),
        ({"Cache-Control": "max-age=60"}, "", 1),
        ({"Date": "Wed, 06 Mar 2019 09:00:00 GMT", "Expires": "Wed, 06 Mar 2019 14:00:00 GMT"}, "", 5),
        ({}, "<ttl>240</ttl>", 4),
        ({"Cache-Control": "max-age=7200"}, "<ttl>240</ttl>", 4),
    ],
)
def test_f22_the_longest_wish_counts_up_to_a_day(service, headers, head, hours):
    service.feed(head=head, headers=TAGGED | headers)
    service.poll()
    assert service.state().next_fetch_at - service.clock() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("head", "until"),
    [
        ("<skipHours><hour>10</hour><hour>11</hour><hour>12</hour></skipHours>", (6, 13)),
        ("<skipDays><day>Wednesday</day><day>Thursday</day></skipDays>", (8, 0)),
        ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(10, 25)) + "</skipHours>", (7, 1)),
    ],
)
def test_f23_hours_and_days_to_skip_are_skipped(service, head, until):
    service.feed(head=head, headers=TAGGED)
    service.poll()
    at = service.state().next_fetch_at
    assert (at.day, at.hour) == until


@pytest.mark.parametrize(
    ("period", "frequency", "hours"), [("daily", 4, 6), ("dayly", 1, 24), ("always", 1, 1), ("weekly", 1, 24), ("hourly", 60, 1)]
)
def test_f23_update_period_is_a_lower_bound(service, period, frequency, hours):
    names = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    head = f"<sy:updatePeriod {names}>{period}</sy:updatePeriod><sy:updateFrequency {names}>{frequency}</sy:updateFrequency>"
    service.feed(head=head, headers=TAGGED)
    service.poll()
    assert service.state().next_fetch_at - service.clock() == timedelta(hours=hours)


def test_f24_restarts_ask_nothing(service):
    service.feed(headers=TAGGED)
    service.poll()
    for _ in range(5):
        service.restart()
        service.poll(minutes=2)
    assert len(service.sent()) == 1


def test_f25_feeds_asked_together_part(make_service):
    service = make_service({f"f{number}": f"http://n{number}.example/feed.xml" for number in range(20)})
    service.parts = replace(service.parts, jitter=0.3)
    service.feed(headers=TAGGED)
    service.poll()
    nexts = [state.next_fetch_at for state in service.parts.store.feed_states().values()]
    assert len(set(nexts)) == 20
    pauses = [(at - service.clock()) / timedelta(minutes=60) for at in nexts]
    assert min(pauses) >= 1
    assert max(pauses) <= 1.1
    assert max(pauses) - min(pauses) > 0.05
    assert spread("f1", 0.3) == spread("f1", 0.3)


def test_f26_requests_to_one_host_are_five_seconds_apart(make_service):
    service = make_service({"north": "http://a.north.example.org/1", "south": "http://b.north.example.org/2"})
    for target in ("/1", "/2"):
        service.feed(target=target, headers=TAGGED)
    service.poll()
    assert service.ticks.slept == [5.0]
    assert service.parts.store.feed_states().keys() == {"north", "south"}


def test_f27_failures_wait_longer_and_never_for_good(service):
    service.server.reply("/feed.xml", status=500)
    done = [service.poll(days=1, minutes=1) for _ in range(60)]
    assert {poll.outcome for poll in done} == {PollOutcome.FAILED}, "once a day, for ever"
    assert [bool(poll.notice) for poll in done] == [True] + [False] * 59, "told once, at the first failure"
    assert "60 polls in a row" in done[-1].reason


def test_f28_a_success_forgets_all_failures(service):
    for _ in range(5):
        service.server.reply("/feed.xml", status=500)
    service.feed(headers=TAGGED)
    for _ in range(6):
        done = service.poll(days=1, minutes=1)
    assert "was failing, is healthy" in done.notice
    assert service.state().failures == 0
    assert service.state().next_fetch_at - service.clock() == timedelta(hours=1)


def test_f29_a_new_feed_costs_one_request_and_one_by_its_page_two(monitor_here, small_home, http_server, rss_of):
    http_server.reply("/f", rss_of([("/1", "One")]))
    http_server.reply("/", b"<html><head><link rel=alternate type=application/rss+xml href=/f></head></html>")
    monitor = monitor_here(small_home("home", {}))
    monitor("feeds", "add", http_server.url("/"))
    assert [request.target for request in http_server.requests] == ["/", "/f"]
    assert all("if-none-match" not in request.headers for request in http_server.requests)


def test_a_store_that_is_away_for_a_while_costs_no_state(service):
    away = iter(range(3))

    class Away:
        def __getattr__(self, name):
            return getattr(store, name)

        def save_poll(self, *arguments):
            if next(away, None) is not None:
                raise StoreBusy("no answer")
            store.save_poll(*arguments)

    store, waited = service.parts.store, []
    service.parts = replace(service.parts, store=Away(), sleep=waited.append)
    service.feed(headers=TAGGED)
    assert service.poll().outcome is PollOutcome.FETCHED
    assert (service.state().validators.etag, sum(waited)) == ('"v"', 8.0)
