"""Ticks: what they start, what they leave alone, and that no error of one ends the ticking."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from monitor import scheduler
from monitor.digests.due import due_of_week
from monitor.health import FILES_REFUSED
from monitor.metrics import Metrics
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.digest import CatchUp
from monitor.model.errors import FeedRefused, StoreBusy, WrongUse
from monitor.model.fetch import FetchRequest
from monitor.model.pace import Pace
from monitor.scheduler import STARTED, Bench, PollTick, ReloadTick, Ticker, due_now, forget_unwanted, publish_due
from monitor.settings import Settings
from monitor.store.promises import ArticleQuery

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4
WEEK = timedelta(weeks=1)
MONDAY = datetime.fromisoformat("2019-03-11T05:00:00+00:00")
"""08:00 in Minsk."""


def bench_of(world, tmp_path, home=None):
    return Bench(world.parts, Settings(home=home or tmp_path), Metrics(), tmp_path / "out")


def metric(bench, name, **labels):
    return bench.metrics.registry.get_sample_value(name, labels)


@pytest.fixture
def warned(monkeypatch):
    told = []
    monkeypatch.setattr(scheduler, "warn", lambda event, **facts: told.append((event, facts)))
    return told


class SlowFetcher:
    """Holds up the requests to one host until it is let go."""

    def __init__(self, fetcher, host):
        self.fetcher, self.host = fetcher, host
        self.begun, self.go = threading.Event(), threading.Event()

    def fetch(self, request: FetchRequest):
        if f"//{self.host}." in request.url:
            self.begun.set()
            assert self.go.wait(20)
        return self.fetcher.fetch(request)


def soon(found):
    """Whether it comes true within some seconds."""
    pause = threading.Event()
    return any(found() or pause.wait(0.01) for _ in range(2000))


def idle(tick):
    return soon(tick.idle)


def test_a_slow_host_holds_up_nobody_but_itself(make_world, tmp_path):
    world = make_world("north", "south")
    world.article("north", "1", "Talks agreed", BODY)
    world.feed("south", [])
    slow = SlowFetcher(world.fetcher, "north")
    world.parts = replace(world.parts, fetcher=slow)
    bench = bench_of(world, tmp_path)
    tick = PollTick(bench)
    tick.tick()
    assert slow.begun.wait(20)
    assert soon(lambda: "south" in world.store.feed_states())
    assert not tick.idle()
    world.clock.advance(timedelta(hours=26))
    assert soon(lambda: tick.tick() or world.fetcher.asked("http://south.example/feed.xml") == 2)
    slow.go.set()
    assert idle(tick)
    assert world.fetcher.asked("http://north.example/feed.xml") == 1
    assert world.fetcher.asked("http://south.example/feed.xml") == 2
    assert metric(bench, "monitor_feed_polls_total", outcome="fetched") == 3.0
    assert metric(bench, "monitor_articles_ingested_total") == 1.0


def test_stories_are_tied_at_the_tick_after_new_articles_and_once_after_a_start(make_world, tmp_path):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    bench = bench_of(world, tmp_path)
    tick = PollTick(bench)
    tick.tick()
    assert idle(tick)
    tick.tick()
    [item] = world.store.articles(ArticleQuery())
    assert item.article.id in world.store.stories([item.article.id])

    other = make_world("north")
    other.store.save_poll([(item.article, item.analysis)], replace(world.store.feed_states()["north"]))
    assert other.store.stories([item.article.id]) == {}
    fresh = PollTick(bench_of(other, tmp_path))
    fresh.tick()
    assert idle(fresh)
    assert item.article.id in other.store.stories([item.article.id]), "left over by a service that was killed"


def test_stories_that_could_not_be_tied_are_tied_at_a_later_tick(make_world, tmp_path, monkeypatch):
    world = make_world("north")
    world.article("north", "1", "Talks agreed", BODY)
    tick = PollTick(bench_of(world, tmp_path))
    tick.tick()
    assert idle(tick)
    with monkeypatch.context() as patch:
        patch.setattr(scheduler.polling, "tie_stories", lambda *_: (_ for _ in ()).throw(StoreBusy("no answer")))
        with pytest.raises(StoreBusy):
            tick.tick()
    tick.tick()
    [item] = world.store.articles(ArticleQuery())
    assert item.article.id in world.store.stories([item.article.id])


def test_a_change_of_a_feeds_state_is_told_once_and_counted(make_world, tmp_path, warned):
    world = make_world("north")
    for _ in range(2):
        world.fetcher.fail("http://north.example/feed.xml", FeedRefused("HTTP 404", status=404))
    world.feed("north", [])
    bench = bench_of(world, tmp_path)
    tick = PollTick(bench)
    for _ in range(4):
        tick.tick()
        assert idle(tick)
        world.clock.advance(timedelta(hours=26))
    told = [facts for event, facts in warned if event == "feed_state_changed"]
    assert [(facts["feed"], facts["state"], facts["last_status"]) for facts in told[:2]] == [
        ("north", "failing", 404),
        ("north", "healthy", 200),
    ]
    assert told[0]["notice"] == "was new, is failing: HTTP 404 (last answer HTTP 404, never a good one)"
    assert metric(bench, "monitor_feed_state_changes_total", state="failing") == 1.0


def test_a_service_that_stops_starts_no_poll(make_world, tmp_path):
    world = make_world("north")
    world.parts = replace(world.parts, stopping=lambda: True)
    PollTick(bench_of(world, tmp_path)).tick()
    assert world.fetcher.requests == []


def test_any_error_of_a_poll_is_told_and_its_host_is_free_again(make_world, tmp_path, warned):
    world = make_world("north")

    class Busy:
        def __getattr__(self, name):
            return getattr(world.store, name)

        def save_poll(self, *_):
            raise StoreBusy("locked")

    world.feed("north", [])
    bench = bench_of(world, tmp_path)
    bench.parts = replace(world.parts, store=Busy())
    tick = PollTick(bench)
    for _ in range(2):
        tick.tick()
        assert idle(tick)
    assert [(event, facts["error"]) for event, facts in warned] == [("poll_failed", "StoreBusy: locked")] * 2


def test_a_wish_that_was_never_confirmed_and_an_unused_limit_are_forgotten_after_a_month(make_world, tmp_path):
    world = make_world()
    bench, now = bench_of(world, tmp_path), world.clock()
    for address, state in (("ann@example.org", Subscribed.WAITING), ("bob@example.org", Subscribed.ACTIVE)):
        world.store.subscribe(Subscription(0, "weekly", address, address, "en", state, now, now))
    world.store.draw("subscribe/visitor/192.0.2.0/24", Pace(1), now)
    world.clock.advance(timedelta(days=30))
    forget_unwanted(bench)
    assert len(world.store.subscriptions()) == 2
    world.clock.advance(timedelta(seconds=1))
    forget_unwanted(bench)
    assert [one.canonical for one in world.store.subscriptions()] == ["bob@example.org"]
    assert world.store.forget_paces(world.clock()) == 0


def test_a_ticker_goes_on_after_an_error_and_stops_when_told(warned):
    ticker, ticks, enough = Ticker(), [], threading.Event()

    def job():
        ticks.append(1)
        if len(ticks) == 3:
            enough.set()
        raise ZeroDivisionError("by zero")

    ticker.every(0.01, "odd", job)
    ticker.start()
    assert enough.wait(20)
    ticker.stop()
    assert warned[0] == ("tick_failed", {"job": "odd", "error": "ZeroDivisionError: by zero"})


def test_editions_that_fell_due_before_the_first_start_are_not_made_up_for(make_world):
    world = make_world()
    [digest] = world.parts.files.digests
    assert due_now(world.store, digest, MONDAY + timedelta(hours=1)) == []
    assert world.store.setting(STARTED) == (MONDAY + timedelta(hours=1)).isoformat()
    assert [due.key.isoformat() for due in due_now(world.store, digest, MONDAY + WEEK)] == ["2019-03-18"]


def test_an_edition_is_made_when_it_falls_due_and_once(make_world, tmp_path):
    world = make_world("north")
    now = world.clock()
    world.store.subscribe(Subscription(0, "weekly", "a@example.org", "a@example.org", "en", Subscribed.ACTIVE, now, now))
    world.article("north", "1", "Talks agreed", BODY)
    bench = bench_of(world, tmp_path)
    assert publish_due(bench) == []
    tick = PollTick(bench)
    tick.tick()
    assert idle(tick)
    world.clock.at = MONDAY - timedelta(seconds=1)
    assert publish_due(bench) == []
    world.clock.at = MONDAY
    [report] = publish_due(bench)
    assert (report.frozen.id, report.messages, report.fresh) == ("weekly/2019-03-11", 1, True)
    assert len(report.editions["en"].sections[0].items) == 1
    assert publish_due(bench) == []
    assert metric(bench, "monitor_editions_frozen_total", digest="weekly") == 1.0
    assert (tmp_path / "out" / "weekly" / "2019-W10" / "en" / "index.html").exists()


def test_windows_join_however_late_the_service_wakes(make_world, tmp_path):
    world = make_world()
    bench = bench_of(world, tmp_path)
    publish_due(bench)
    windows = []
    for late in (timedelta(0), timedelta(hours=9), WEEK * 3 + timedelta(days=2)):
        world.clock.at = MONDAY + late + WEEK * len(windows)
        windows += [report.frozen.window for report in publish_due(bench)]
    assert all(one.end == next_.start for one, next_ in pairwise(windows))
    assert [window.weeks for window in windows] == [1, 1, 4]


def test_all_missed_editions_are_made_where_the_digest_says_so(make_world, tmp_path):
    world = make_world()
    [digest] = world.parts.files.digests
    every = replace(digest, schedule=replace(digest.schedule, catch_up=CatchUp.ALL))
    world.parts = replace(world.parts, files=replace(world.parts.files, digests=(every,)))
    bench = bench_of(world, tmp_path)
    publish_due(bench)
    world.clock.at = MONDAY + 2 * WEEK
    assert [report.frozen.key.isoformat() for report in publish_due(bench)] == ["2019-03-11", "2019-03-18", "2019-03-25"]


def test_a_past_week_made_by_hand_is_no_gap_to_catch_up_with(make_world, tmp_path):
    world = make_world()
    bench = bench_of(world, tmp_path)
    publish_due(bench)
    [digest] = world.parts.files.digests
    old = scheduler.pipeline.publish(world.parts, digest, due_of_week(digest, "2016-W13", world.clock()), ("en",), tmp_path)
    assert old.fresh
    world.clock.at = MONDAY
    [report] = publish_due(bench)
    assert (report.frozen.key.isoformat(), report.frozen.window.weeks) == ("2019-03-11", 1)


def test_the_present_week_made_by_hand_is_not_made_again_by_schedule(make_world, tmp_path):
    world = make_world()
    bench = bench_of(world, tmp_path)
    publish_due(bench)
    [digest] = world.parts.files.digests
    scheduler.pipeline.publish(world.parts, digest, due_of_week(digest, "2019-W10", world.clock()), ("en",), tmp_path)
    world.clock.at = MONDAY + timedelta(hours=1)
    assert publish_due(bench) == []
    world.clock.at = MONDAY + WEEK
    [report] = publish_due(bench)
    assert report.frozen.key.isoformat() == "2019-03-18"


def test_a_digest_that_fails_holds_up_no_other_and_is_tried_again(make_world, tmp_path, warned, monkeypatch):
    world = make_world()
    [digest] = world.parts.files.digests
    world.parts = replace(world.parts, files=replace(world.parts.files, digests=(replace(digest, id="broken"), digest)))
    bench = bench_of(world, tmp_path)
    publish_due(bench)
    world.clock.at = MONDAY
    publish, fails = scheduler.pipeline.publish, [True]

    def sometimes(parts, digest, *arguments, **how):
        if digest.id == "broken" and fails.pop() is True:
            raise WrongUse("a template of its own is wrong")
        return publish(parts, digest, *arguments, **how)

    monkeypatch.setattr(scheduler.pipeline, "publish", sometimes)
    assert [report.frozen.digest for report in publish_due(bench)] == ["weekly"]
    assert warned == [("edition_failed", {"digest": "broken", "key": "2019-03-11", "error": "a template of its own is wrong"})]
    fails.append(False)
    assert [report.frozen.digest for report in publish_due(bench)] == ["broken"]


@pytest.fixture
def reloading(make_world, small_home, tmp_path, warned):
    home = small_home("desk", {"north": "http://north.example/feed.xml"})
    world = make_world("north")
    bench = bench_of(world, tmp_path, home)
    return bench, ReloadTick(bench), home


def ticks(tick, count=2):
    for _ in range(count):
        tick.tick()


def test_files_that_did_not_change_are_not_loaded_again(reloading):
    bench, tick, _ = reloading
    before = bench.parts
    ticks(tick, 5)
    assert bench.parts is before


def test_a_change_is_taken_up_once_it_has_been_quiet_for_a_tick(reloading):
    bench, tick, home = reloading
    file = home / "seeds" / "press.yml"
    file.write_text(
        file.read_text(encoding="utf-8") + "  - {id: south, name: South, url: 'http://south.example/feed.xml'}\n",
        encoding="utf-8",
    )
    tick.tick()
    assert len(bench.parts.files.feeds) == 1
    tick.tick()
    assert len(bench.parts.files.feeds) == 2


def test_wrong_files_leave_the_old_in_force_and_are_told_once(reloading, warned):
    bench, tick, home = reloading
    before = bench.parts.files
    file = home / "rules" / "talks.yml"
    sound = file.read_text(encoding="utf-8")
    file.write_text("schema: 1\n", encoding="utf-8")
    ticks(tick, 4)
    assert bench.parts.files is before
    assert [event for event, _ in warned] == ["files_refused"]
    assert warned[0][1]["problems"]
    assert "rules/talks.yml" in bench.parts.store.setting(FILES_REFUSED)
    assert metric(bench, "monitor_files_refused") == 1
    file.write_text(sound.replace('["talks"]', '["talks", "parley"]'), encoding="utf-8")
    ticks(tick)
    assert bench.parts.files.ruleset != before.ruleset
    assert bench.parts.store.setting(FILES_REFUSED) == ""
    assert metric(bench, "monitor_files_refused") == 0
    assert metric(bench, "monitor_file_loads_total", outcome="loaded") == 1
    assert metric(bench, "monitor_file_loads_total", outcome="refused") == 1


def test_a_folder_that_was_emptied_leaves_the_old_rules_in_force(reloading, warned):
    bench, tick, home = reloading
    before = bench.parts.files
    (home / "rules" / "talks.yml").unlink()
    ticks(tick, 3)
    assert bench.parts.files is before
    assert "E017" in warned[0][1]["problems"][0]


def test_files_are_loaded_when_somebody_asks(reloading):
    bench, tick, _ = reloading
    before = bench.parts.files
    tick.ask()
    tick.tick()
    assert bench.parts.files is not before
    assert bench.parts.files.ruleset == before.ruleset
    again = bench.parts.files
    ticks(tick)
    assert bench.parts.files is again


def test_a_file_that_is_added_or_removed_counts_as_a_change(reloading):
    bench, tick, home = reloading
    extra = home / "seeds" / "more.yml"
    extra.write_text("feeds:\n  - {id: west, name: West, url: 'http://west.example/feed.xml'}\n", encoding="utf-8")
    ticks(tick)
    assert len(bench.parts.files.feeds) == 2
    extra.unlink()
    ticks(tick)
    assert len(bench.parts.files.feeds) == 1
