"""When a feed is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.health import notice_of, shown_state
from monitor.feeds.schedule import (
    after_entries,
    after_failure,
    after_hold,
    after_result,
    by_host,
    host_block_until,
    host_blocks_of,
    is_due,
    spread,
    validators_to_send,
)
from monitor.model.article import Entry, FeedHints, ParsedFeed
from monitor.model.errors import FeedBusy, FeedGone, FeedRefused, FeedUnreachable, FetchForbidden, FetchTooLarge, NotAFeed
from monitor.model.feed import Feed, FeedHealth, FeedState, Validators
from monitor.model.fetch import FetchResult, Hop

NOW = datetime(2019, 3, 4, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed("f", "https://e.org/feed", "F")
TAGGED = Validators('"v1"', None)


def entries(count=3, *, newest=NOW, gap=HOUR):
    return tuple(Entry("f", f"https://e.org/{n}", f"t{n}", published=newest - n * gap) for n in range(count))


def document(count=3, **hints):
    return ParsedFeed("T", "ru", entries(count), FeedHints(**hints))


def answer(status=200, validators=TAGGED, headers=None, hops=()):
    return FetchResult(FEED.url, FEED.url, status, headers or {}, None if status == 304 else b"x", validators, hops=hops)


def poll(state=None, parsed=None, now=NOW, feed=FEED, jitter=0.0, **changes):
    return after_result(feed, state, answer(**changes), parsed or document(), now, jitter)


# Due


def test_a_feed_never_polled_is_due_at_once():
    assert is_due(FEED, None, NOW).due
    assert is_due(FEED, FeedState("f"), NOW).due


def test_a_poll_just_made_is_not_repeated():
    state = poll()
    decision = is_due(FEED, state, NOW + timedelta(seconds=1))
    assert not decision.due
    assert decision.next_at == NOW + HOUR
    assert "2019-03-04 11:00 UTC" in decision.reason
    assert is_due(FEED, state, NOW + HOUR).due


def test_disabled_feeds_and_blocked_hosts_are_not_due():
    assert is_due(replace(FEED, disabled="closed"), None, NOW).reason == "disabled: closed"
    decision = is_due(FEED, None, NOW, blocked_until=NOW + HOUR)
    assert (decision.due, decision.next_at) == (False, NOW + HOUR)
    assert is_due(FEED, None, NOW, blocked_until=NOW).due


def test_a_changed_address_is_due_and_voids_what_belonged_to_the_old_one():
    state = replace(after_failure(FEED, poll(), FeedGone("gone", status=410), NOW, 0.0), moved_to="https://o.org/")
    edited = replace(FEED, url="https://e.org/new")
    assert is_due(edited, state, NOW).due
    assert validators_to_send(edited, state, NOW) == Validators()
    after = after_failure(edited, state, FeedUnreachable("no route"), NOW, 0.0)
    assert (after.failures, after.moved_to, after.validators) == (1, "", Validators())
    assert after.first_polled_at == NOW


def test_a_clock_set_back_does_not_silence_a_feed():
    state = poll(now=NOW + timedelta(days=9000))
    assert is_due(FEED, state, NOW).due


# Validators (F2, F4, F5, F7, F8)


def test_validators_are_replaced_by_every_answer():
    second = poll(poll(), validators=Validators('"v2"', None), now=NOW + HOUR)
    assert second.validators == Validators('"v2"', None)
    third = poll(second, validators=Validators(), now=NOW + 2 * HOUR)
    assert validators_to_send(FEED, third, NOW + 3 * HOUR) == Validators()


def test_nothing_is_invented_for_a_first_request():
    assert validators_to_send(FEED, None, NOW) == Validators()


def test_once_a_week_the_whole_document_is_asked_for():
    state = poll()
    assert validators_to_send(FEED, state, NOW + timedelta(days=6)) == TAGGED
    assert validators_to_send(FEED, state, NOW + timedelta(days=7)) == Validators()
    whole = poll(state, now=NOW + timedelta(days=7))
    assert validators_to_send(FEED, whole, NOW + timedelta(days=8)) == TAGGED
    conditional = poll(whole, now=NOW + timedelta(days=8))
    assert conditional.last_unconditional_at == NOW + timedelta(days=7)


def test_a_body_that_was_no_feed_is_fetched_again_whole():
    state = after_failure(FEED, poll(), NotAFeed("a page"), NOW, 0.0)
    assert validators_to_send(FEED, state, NOW) == Validators()
    assert state.last_status == 200


@pytest.mark.parametrize("error", [FeedUnreachable("cut short"), FetchTooLarge("too large"), FeedBusy("busy", status=503)])
def test_other_failures_keep_the_validators_of_the_last_good_body(error):
    assert validators_to_send(FEED, after_failure(FEED, poll(), error, NOW, 0.0), NOW) == TAGGED


# Pauses (F21-F25)


def next_pause(**changes):
    return poll(**changes).next_fetch_at - NOW


@pytest.mark.parametrize(
    ("changes", "pause"),
    [
        pytest.param({}, HOUR, id="the catalogue's interval"),
        pytest.param({"feed": replace(FEED, interval=timedelta(minutes=1))}, timedelta(minutes=15), id="never under 15 minutes"),
        pytest.param({"headers": {"cache-control": "public, max-age=7200"}}, 2 * HOUR, id="max-age lengthens"),
        pytest.param({"headers": {"cache-control": "max-age=60"}}, HOUR, id="max-age never shortens"),
        pytest.param({"headers": {"cache-control": "max-age=504576000"}}, DAY, id="max-age of 16 years"),
        pytest.param(
            {"headers": {"date": "Mon, 04 Mar 2019 10:00:00 GMT", "expires": "Mon, 04 Mar 2019 13:00:00 GMT"}},
            3 * HOUR,
            id="Expires",
        ),
        pytest.param({"headers": {"expires": "0"}}, HOUR, id="Expires: 0 says nothing"),
        pytest.param({"headers": {"expires": "Mon, 04 Mar 2019 13:00:00 GMT"}}, HOUR, id="Expires without Date says nothing"),
        pytest.param({"parsed": document(ttl_s=10_800.0)}, 3 * HOUR, id="ttl"),
        pytest.param({"parsed": document(ttl_s=60.0)}, HOUR, id="ttl never shortens"),
        pytest.param({"parsed": document(update_period_s=604_800.0)}, DAY, id="a weekly feed is asked daily"),
        pytest.param({"validators": Validators()}, DAY, id="without validators once a day"),
        pytest.param(
            {"validators": Validators(), "parsed": document(15)}, 7 * HOUR, id="a feed that spans 14 hours, twice in them"
        ),
        pytest.param(
            {"validators": Validators(), "parsed": ParsedFeed("T", "", entries(20, gap=timedelta(minutes=3)))},
            HOUR,
            id="a wire, hourly",
        ),
        pytest.param({"parsed": document(skip_hours=frozenset({11, 12}))}, timedelta(hours=3, minutes=1), id="skipHours"),
        pytest.param({"parsed": document(skip_days=frozenset({0}))}, timedelta(hours=14, minutes=1), id="skipDays"),
        pytest.param({"parsed": document(skip_hours=frozenset(range(24)))}, HOUR, id="all hours skipped means none"),
        pytest.param({"jitter": 1.0}, HOUR * 1.1, id="jitter lengthens by a tenth at most"),
    ],
)
def test_pauses(changes, pause):
    assert next_pause(**changes) == pause


def test_hints_hold_through_304s():
    state = poll(parsed=document(ttl_s=10_800.0, skip_hours=frozenset({14})))
    again = after_result(FEED, state, answer(304), None, NOW + timedelta(hours=1), 0.0)
    assert again.next_fetch_at == datetime(2019, 3, 4, 15, 1, tzinfo=UTC)


@given(
    st.timedeltas(timedelta(minutes=1), timedelta(days=30)),
    st.floats(0, 1),
    st.sets(st.integers(0, 23)),
    st.sets(st.integers(0, 6)),
    st.floats(0, 1e9),
)
def test_the_interval_is_never_undercut(interval, jitter, hours, days, ttl):
    feed = replace(FEED, interval=interval)
    parsed = document(skip_hours=frozenset(hours), skip_days=frozenset(days), ttl_s=ttl)
    state = after_result(feed, None, answer(), parsed, NOW, jitter)
    assert state.next_fetch_at >= NOW + max(interval, timedelta(minutes=15))
    assert state.next_fetch_at <= NOW + max(interval, DAY) * 1.1 + timedelta(days=8)


# Failures (F16-F20, F27, F28)


def test_failures_back_off_by_doubling_up_to_a_day():
    state, pauses = poll(), []
    for _ in range(8):
        state = after_failure(FEED, state, FeedUnreachable("no route"), NOW, 0.0)
        pauses.append((state.next_fetch_at - NOW) / HOUR)
    assert pauses == [1, 2, 4, 8, 16, 24, 24, 24]
    assert (state.health, state.failures) == (FeedHealth.FAILING, 8)
    assert "8 polls in a row" in state.reason
    assert state.last_success_at == NOW


@pytest.mark.parametrize("status", [200, 304])
def test_a_success_forgets_failures(status):
    state = poll()
    for _ in range(30):
        state = after_failure(FEED, state, FeedRefused("HTTP 404", status=404), NOW, 0.0)
    back = after_result(FEED, state, answer(status), None if status == 304 else document(), NOW, 0.0)
    assert (back.failures, back.health, back.next_fetch_at) == (0, FeedHealth.HEALTHY, NOW + HOUR)


@pytest.mark.parametrize(
    ("asked", "pause_s"),
    [(None, 3600), (7200, 7200), (1, 3600), (0, 3600), (1e12, 172_800)],
)
def test_retry_after_is_clamped_and_never_under_the_interval(asked, pause_s):
    state = after_failure(FEED, None, FeedBusy("busy", status=429, retry_after_s=asked), NOW, 0.0)
    assert state.next_fetch_at == NOW + timedelta(seconds=pause_s)


def test_busy_without_retry_after_backs_off():
    state = None
    for _ in range(3):
        state = after_failure(FEED, state, FeedBusy("busy", status=429), NOW, 0.0)
    assert state.next_fetch_at == NOW + 4 * HOUR


@pytest.mark.parametrize(("asked", "wait_s"), [(None, 3600), (5, 60), (600, 600), (1e12, 172_800), (0, 60)])
def test_429_and_503_block_the_host(asked, wait_s):
    for status in (429, 503):
        assert host_block_until(FeedBusy("busy", status=status, retry_after_s=asked), NOW) == NOW + timedelta(seconds=wait_s)


def test_other_errors_block_no_host():
    assert host_block_until(FeedUnreachable("down"), NOW) is None


def test_gone_is_asked_again_after_a_month():
    state = after_failure(FEED, poll(), FeedGone("HTTP 410", status=410), NOW, 0.0)
    assert (state.health, state.next_fetch_at) == (FeedHealth.GONE, NOW + timedelta(days=30))
    assert is_due(FEED, state, NOW + timedelta(days=30)).due


@pytest.mark.parametrize(
    ("error", "health"),
    [
        (FeedRefused("HTTP 404", status=404), FeedHealth.FAILING),
        (FeedRefused("HTTP 403", status=403), FeedHealth.BLOCKED),
        (FeedRefused("HTTP 401", status=401), FeedHealth.BLOCKED),
        (FeedRefused("HTTP 503: a challenge page", status=503), FeedHealth.BLOCKED),
        (FeedBusy("HTTP 429", status=429), FeedHealth.BLOCKED),
        (FeedBusy("HTTP 503", status=503), FeedHealth.FAILING),
        (FetchForbidden("loopback"), FeedHealth.BLOCKED),
        (NotAFeed("an HTML page"), FeedHealth.FAILING),
    ],
)
def test_failures_have_their_state_and_keep_their_words(error, health):
    state = after_failure(FEED, None, error, NOW, 0.0)
    assert (state.health, state.reason) == (health, error.reason)


# Moved (F12, F13)


def moved(*hops, times=3, every=timedelta(hours=13)):
    state = None
    for number in range(times):
        state = poll(state, hops=tuple(Hop(status, url) for status, url in hops), now=NOW + number * every)
    return state


def test_a_permanent_redirect_is_believed_after_three_times_and_a_day():
    state = moved((301, "https://n.org/f"))
    assert (state.health, state.moved_to, state.moved_seen) == (FeedHealth.MOVED, "https://n.org/f", 3)
    assert "https://n.org/f" in state.reason
    assert moved((301, "https://n.org/f"), times=2).health is FeedHealth.HEALTHY
    assert moved((301, "https://n.org/f"), every=HOUR).health is FeedHealth.HEALTHY


def test_only_the_permanent_part_of_the_way_counts():
    assert moved((301, "https://a.org/"), (302, "https://b.org/"), (301, "https://c.org/")).moved_to == "https://a.org/"
    assert moved((302, "https://a.org/"), (301, "https://b.org/")).moved_to == ""
    assert moved((308, "https://a.org/"), (301, "https://b.org/")).moved_to == "https://b.org/"


def test_another_target_or_none_starts_the_count_anew():
    state = moved((301, "https://n.org/f"))
    other = poll(state, hops=(Hop(301, "https://o.org/f"),), now=NOW + 2 * DAY)
    assert (other.moved_to, other.moved_seen) == ("https://o.org/f", 1)
    assert poll(state, now=NOW + 2 * DAY).moved_to == ""


# Silence (F49) and what is shown


def test_two_empty_documents_are_an_alarm():
    empty = ParsedFeed("T", "", ())
    once = poll(poll(), parsed=empty)
    twice = poll(once, parsed=empty)
    assert (once.health, once.empty_polls) == (FeedHealth.HEALTHY, 1)
    assert twice.health is FeedHealth.SILENT
    assert "no entry in 2 polls" in twice.reason
    assert poll(twice).health is FeedHealth.HEALTHY


def test_a_feed_is_silent_against_its_own_rhythm():
    hourly, weekly = entries(10, gap=HOUR), entries(10, gap=timedelta(days=7))
    later = NOW + timedelta(days=10)
    assert poll(parsed=ParsedFeed("T", "", hourly), now=later).health is FeedHealth.SILENT
    assert poll(parsed=ParsedFeed("T", "", weekly), now=later).health is FeedHealth.HEALTHY
    assert poll(parsed=ParsedFeed("T", "", weekly), now=NOW + timedelta(days=60)).health is FeedHealth.SILENT


def test_a_frozen_feed_becomes_silent_by_304s_alone_and_stays_so():
    state = after_entries(FEED, poll(parsed=ParsedFeed("T", "", entries(10))), 10, 10, NOW)
    later = NOW + timedelta(days=8)
    silent = after_result(FEED, state, answer(304), None, later, 0.0)
    assert silent.health is FeedHealth.SILENT
    assert after_result(FEED, silent, answer(304), None, later + HOUR, 0.0).health is FeedHealth.SILENT


def test_new_entries_end_a_silence():
    undated = ParsedFeed("T", "", (Entry("f", "https://e.org/1", "a"), Entry("f", "https://e.org/2", "b")))
    state = after_entries(FEED, poll(parsed=undated), 2, 2, NOW)
    silent = poll(state, parsed=undated, now=NOW + timedelta(days=40))
    assert silent.health is FeedHealth.SILENT
    assert after_entries(FEED, silent, 1, 2, NOW + timedelta(days=40)).health is FeedHealth.HEALTHY


def test_no_overlap_between_polls_is_told_and_shortens_the_pause():
    first = after_entries(FEED, poll(validators=Validators()), 3, 3, NOW)
    assert "possible loss" not in first.reason
    second = poll(first, validators=Validators(), now=NOW + DAY)
    lost = after_entries(FEED, second, 3, 3, NOW + DAY)
    assert "possible loss" in lost.reason
    assert lost.next_fetch_at == NOW + DAY + HOUR
    assert after_entries(FEED, second, 2, 3, NOW + DAY).next_fetch_at == second.next_fetch_at


def test_shown_states():
    assert shown_state(FEED, None).health is FeedHealth.NEW
    shown = shown_state(replace(FEED, disabled="closed"), poll())
    assert (shown.health, shown.reason, shown.next_fetch_at) == (FeedHealth.DISABLED, "closed", None)


def test_feeds_of_one_host_stand_together():
    urls = ["https://a.org/1", "https://b.org/1", "https://www.a.org/2", "http://127.0.0.1:1/", "http://127.0.0.1:2/"]
    feeds = [Feed(str(n), url, "x") for n, url in enumerate(urls)]
    assert [[feed.id for feed in group] for group in by_host(feeds)] == [["0", "2"], ["1"], ["3"], ["4"]]


# What an operator is told, and who is left alone


def test_a_change_of_state_is_told_once_with_the_last_answer():
    good = poll()
    failed = after_failure(FEED, good, FeedUnreachable("HTTP 500", status=500), NOW + HOUR, 0.0)
    again = after_failure(FEED, failed, FeedUnreachable("HTTP 502", status=502), NOW + 2 * HOUR, 0.0)
    back = poll(again, now=NOW + 3 * HOUR)
    told = [notice_of(before.health, after) for before, after in ((good, failed), (failed, again), (again, back))]
    assert told == [
        "was healthy, is failing: HTTP 500 (last answer HTTP 500, last good one 2019-03-04 10:00 UTC)",
        "",
        "was failing, is healthy: 3 entries read (last answer HTTP 200)",
    ]
    assert [state.health_since for state in (good, failed, again, back)] == [NOW, NOW + HOUR, NOW + HOUR, NOW + 3 * HOUR]


def test_a_new_feed_is_news_only_where_it_fails():
    assert notice_of(FeedHealth.NEW, poll()) == ""
    failed = after_failure(FEED, None, FeedUnreachable("no route"), NOW, 0.0)
    assert notice_of(FeedHealth.NEW, failed) == "was new, is failing: no route (no answer, never a good one)"


def test_a_poll_that_a_block_held_up_is_no_failure():
    held = after_hold(poll(), FeedBusy("the host asked us to wait", retry_after_s=9000), NOW)
    assert (held.failures, held.health, held.validators) == (0, FeedHealth.HEALTHY, TAGGED)
    assert held.next_fetch_at == NOW + 2.5 * HOUR
    assert host_block_until(FeedBusy("the host asked us to wait", retry_after_s=9000), NOW) is None


def test_a_busy_answer_blocks_the_host_as_long_as_it_asks_and_the_address_for_an_hour_at_most():
    error = FeedBusy("busy", status=429, retry_after_s=7200, url="https://www.e.org/page")
    error.keys = ("e.org", "93.184.216.34")
    assert host_blocks_of(error, "https://r.org/", NOW) == {"e.org": NOW + 2 * HOUR, "93.184.216.34": NOW + HOUR}
    assert host_blocks_of(FeedBusy("busy", status=503), "https://r.org/", NOW) == {"r.org": NOW + HOUR}
    assert host_blocks_of(FeedUnreachable("HTTP 500", status=500), "https://r.org/", NOW) == {}


@given(st.floats(0, 1, exclude_max=True), st.text(min_size=1))
def test_each_feed_has_its_own_part_of_the_dice(jitter, name):
    assert 0 <= spread(name, jitter) < 1
    assert spread(name, 0.0) == 0.0
