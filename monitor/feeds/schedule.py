"""When a feed is asked again, and what is remembered of each answer. Pure: the time and the dice are arguments.

The interval of the catalogue is a lower bound that nothing undercuts; max-age, Expires, ttl, sy:updatePeriod, skipHours
and Retry-After can only lengthen it. Nothing is ever given up for good: the longest pause is a month, after a 410.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.feeds.health import after_poll_health, failure_health, with_health
from monitor.feeds.retry_after import fresh_for_s
from monitor.feeds.rhythm import rhythm_s, span_s
from monitor.model.article import ParsedFeed
from monitor.model.errors import FeedBusy, FeedGone, FetchFailed, NotAFeed
from monitor.model.feed import Feed, FeedHealth, FeedState, Validators
from monitor.model.fetch import FetchResult
from monitor.text.urls import host_key

MIN_INTERVAL = timedelta(minutes=15)
BACKOFF_S = 3600.0
DAY_S = 86_400.0
GONE_S = 30 * DAY_S
RETRY_AFTER_MIN_S, RETRY_AFTER_MAX_S = 60.0, 2 * DAY_S
UNCONDITIONAL_AFTER = timedelta(days=7)
"""A server that says 304 for ever is asked for the whole document this often (F7)."""
READER = 1
"""Raised when documents are read in another way: then each is fetched and read anew once, whatever was remembered of it (F8)."""
JITTER = 0.1
"""Greatest part by which a pause is lengthened, so that feeds do not fall into step (F25)."""
_CLOCK_SLACK = timedelta(minutes=5)
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class DueDecision:
    """Whether to poll a feed now, why, and when it will be due (None: never by itself)."""

    due: bool
    reason: str
    next_at: datetime | None = None


def is_due(feed: Feed, state: FeedState | None, now: datetime, blocked_until: datetime | None = None) -> DueDecision:
    """Decide whether a feed is polled now.

    Args:
        feed: The feed as the catalogue has it.
        state: What is stored of it, None if nothing is: then it is due at once.
        now: Aware UTC.
        blocked_until: Until when its host asked not to be asked (F20).
    """
    if feed.disabled:
        return DueDecision(False, f"disabled: {feed.disabled}")
    if blocked_until and blocked_until > now:
        return DueDecision(False, f"its host asked us to wait until {_when(blocked_until)}", blocked_until)
    if state is None or state.next_fetch_at is None:
        return DueDecision(True, "not polled yet", now)
    if state.validators_for and state.validators_for != feed.url:
        return DueDecision(True, "its address in the catalogue changed", now)
    if state.last_fetch_at and state.last_fetch_at > now + _CLOCK_SLACK:
        return DueDecision(True, f"the last poll lies in the future ({_when(state.last_fetch_at)}): the clock was set back", now)
    if state.next_fetch_at > now:
        return DueDecision(False, f"due at {_when(state.next_fetch_at)}: {state.reason}", state.next_fetch_at)
    return DueDecision(True, f"due since {_when(state.next_fetch_at)}", state.next_fetch_at)


def remembers(feed: Feed, state: FeedState) -> bool:
    """True where what is stored of the last document belongs to this address, and to the way in which documents are read now."""
    return state.validators_for == feed.url and state.reader == READER


def validators_to_send(feed: Feed, state: FeedState | None, now: datetime) -> Validators:
    """The validators for the next request: none for an address or a reading they do not belong to, and none once a week (F7, F8)."""
    if state is None or not remembers(feed, state):
        return Validators()
    asked = state.last_unconditional_at
    return Validators() if asked is None or now - asked >= UNCONDITIONAL_AFTER else state.validators


def by_host(feeds: Iterable[Feed]) -> tuple[tuple[Feed, ...], ...]:
    """Feeds grouped by the host they wait for, in order of first appearance: one worker per group never waits for another."""
    groups: dict[str, list[Feed]] = {}
    for feed in feeds:
        groups.setdefault(host_key(feed.url), []).append(feed)
    return tuple(tuple(group) for group in groups.values())


def after_result(
    feed: Feed, state: FeedState | None, result: FetchResult, parsed: ParsedFeed | None, now: datetime, jitter: float
) -> FeedState:
    """The state after a usable answer: a 304 (`parsed` None), or a document that was read.

    Validators are taken over whatever the body was (F4), failures are forgotten (F28), hints become lower bounds.

    Args:
        feed: The feed as the catalogue has it.
        state: What was stored, or None.
        result: The answer.
        parsed: What the body held; None for a 304.
        now: Aware UTC.
        jitter: 0 to 1, from the caller's dice.
    """
    before = _still_valid(feed, state)
    unconditional = parsed is not None and validators_to_send(feed, state, now) == Validators()
    hints = parsed.hints if parsed else None
    after = replace(
        before,
        validators=result.validators,
        validators_for=feed.url,
        reader=READER,
        last_status=result.status,
        last_fetch_at=now,
        last_success_at=now,
        last_unconditional_at=now if unconditional else before.last_unconditional_at,
        first_polled_at=before.first_polled_at or now,
        failures=0,
        hint_s=max(hints.ttl_s or 0, hints.update_period_s or 0) or None if hints else before.hint_s,
        skip_hours=tuple(sorted(hints.skip_hours)) if hints else before.skip_hours,
        skip_days=tuple(sorted(hints.skip_days)) if hints else before.skip_days,
    )
    after = _with_entries(_with_move(after, result, now), parsed, now)
    pause_s, why = _pause(feed, after, result, parsed)
    health, reason = after_poll_health(after, parsed, now)
    next_at = _outside_skipped(_after(now, pause_s, jitter), after, jitter)
    return replace(with_health(after, health, f"{reason}; {why}" if why else reason, now), next_fetch_at=next_at)


def after_failure(feed: Feed, state: FeedState | None, error: FetchFailed, now: datetime, jitter: float) -> FeedState:
    """The state after a poll that gave nothing: later and later, up to a day; a month after a 410; as long as Retry-After says.

    What the last good poll left stays, but validators go when the body was no feed: a broken body must be fetched again (F8).
    """
    before = _still_valid(feed, state)
    failures = before.failures + 1
    pause_s = max(feed.interval.total_seconds(), MIN_INTERVAL.total_seconds(), _backoff_s(error, failures))
    health, reason = failure_health(before, error, failures)
    return replace(
        with_health(before, health, reason, now),
        validators=Validators() if isinstance(error, NotAFeed) else before.validators,
        validators_for=feed.url,
        last_status=200 if isinstance(error, NotAFeed) and error.status is None else error.status,
        last_fetch_at=now,
        next_fetch_at=_after(now, pause_s, jitter),
        failures=failures,
    )


def after_entries(feed: Feed, state: FeedState, fresh: int, total: int, now: datetime) -> FeedState:
    """The state once it is known how many of the `total` entries of this poll were `fresh` (new to the store).

    Where a feed that was read before shares no entry with its last poll, some may have come and gone in between: it is asked
    again after its plain interval, and the reason says so (F55).
    """
    if not fresh:
        return state
    again = state.first_polled_at is not None and state.first_polled_at < now
    after = replace(state, last_new_entry_at=now)
    if again and fresh == total and total > 1:
        soon = _after(now, feed.interval.total_seconds(), 0.0)
        reason = f"possible loss: none of its {total} entries was there at the last poll; a shorter interval would help"
        return replace(after, reason=reason, next_fetch_at=min(soon, state.next_fetch_at or soon))
    if again and state.health is FeedHealth.SILENT:
        return with_health(after, FeedHealth.HEALTHY, f"{total} entries read, {fresh} new after a silence", now)
    return after


def after_hold(state: FeedState, error: FeedBusy, now: datetime) -> FeedState:
    """The state after a poll that asked nobody, because a host or address on its way is blocked: all as it was, but later."""
    until = now + timedelta(seconds=error.retry_after_s or BACKOFF_S)
    return replace(state, next_fetch_at=max(until, state.next_fetch_at or until), reason=error.reason)


def host_block_until(error: FetchFailed, now: datetime) -> datetime | None:
    """Until when no request may go to the host of `error.url`, or None: 429 and 503 speak for the whole host (F20)."""
    if not isinstance(error, FeedBusy) or error.status is None:
        return None
    return now + timedelta(seconds=_retry_after_s(error) or BACKOFF_S)


def host_blocks_of(error: FetchFailed, url: str, now: datetime) -> dict[str, datetime]:
    """Host key or address → until when nobody may ask there; {} where the failure speaks for its own address only.

    The host waits as long as it said; its IP address an hour at most, since strangers may share it behind one front.
    `url` is what was asked for, in case the failure names no place.
    """
    until = host_block_until(error, now)
    if until is None:
        return {}
    key = host_key(error.url or url)
    return {key: until} | {name: min(until, now + timedelta(seconds=BACKOFF_S)) for name in error.keys if name != key}


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def spread(feed_id: str, jitter: float) -> float:
    """The dice for one feed, 0 ≤ x < 1: the poll's `jitter` turned by the feed's own angle, so that feeds asked together part (F25).

    0 means that no dice are thrown.
    """
    return (jitter + zlib.crc32(feed_id.encode()) / 2**32) % 1.0 if jitter else 0.0


def _after(now: datetime, pause_s: float, jitter: float) -> datetime:
    return now + timedelta(seconds=pause_s * (1 + JITTER * min(max(jitter, 0.0), 1.0)))


def _still_valid(feed: Feed, state: FeedState | None) -> FeedState:
    """What holds for the feed's present address: of another address only the feed's age in our books."""
    if state is None:
        return FeedState(feed.id)
    if state.validators_for and state.validators_for != feed.url:
        return FeedState(feed.id, first_polled_at=state.first_polled_at, last_new_entry_at=state.last_new_entry_at)
    return state


def _retry_after_s(error: FeedBusy) -> float | None:
    if error.retry_after_s is None:
        return None
    return min(max(error.retry_after_s, RETRY_AFTER_MIN_S), RETRY_AFTER_MAX_S)


def _backoff_s(error: FetchFailed, failures: int) -> float:
    if isinstance(error, FeedGone):
        return GONE_S
    asked = _retry_after_s(error) if isinstance(error, FeedBusy) else None
    return asked if asked is not None else float(min(BACKOFF_S * 2 ** min(failures - 1, 10), DAY_S))


def _with_move(state: FeedState, result: FetchResult, now: datetime) -> FeedState:
    """Count how often the address was said to have moved for good: by every hop up to the first temporary one (F12)."""
    target = ""
    for hop in result.hops:
        if hop.status not in _PERMANENT:
            break
        target = hop.url
    if not target:
        return replace(state, moved_to="", moved_seen=0, moved_since=None)
    if target == state.moved_to:
        return replace(state, moved_seen=state.moved_seen + 1)
    return replace(state, moved_to=target, moved_seen=1, moved_since=now)


def _with_entries(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> FeedState:
    if parsed is None:
        return state
    count = len(parsed.entries)
    state = replace(state, children=parsed.children)
    if parsed.partial:  # 226: what is absent has not vanished (F11)
        return replace(state, entries=max(count, state.entries), empty_polls=0)
    empty = 0 if count else state.empty_polls + 1
    return replace(state, entries=count, empty_polls=empty, rhythm_s=rhythm_s(parsed.entries, now) or state.rhythm_s)


def _pause(feed: Feed, state: FeedState, result: FetchResult, parsed: ParsedFeed | None) -> tuple[float, str]:
    """Seconds until the next poll before jitter, and the reason where it is not the catalogue's interval."""
    interval = max(feed.interval, MIN_INTERVAL).total_seconds()
    longest, why = interval, ""
    wishes = (
        (min(fresh_for_s(result.headers) or 0.0, DAY_S), "its answer stays fresh that long"),
        (min(state.hint_s or 0.0, DAY_S), "the feed asks for it"),
        (_blind_s(result, parsed), "it sends no validators, so each poll costs it the whole document"),
    )
    for seconds, words in wishes:
        if seconds > longest:
            longest, why = seconds, words
    return longest, f"asked again after {longest / 3600:.3g} h: {why}" if why else ""


def _blind_s(result: FetchResult, parsed: ParsedFeed | None) -> float:
    """The pause for a feed without validators: a day (F21), or half the time its entries span where that is shorter.

    A wire's feed may hold three hours of news: asked once a day it would lose most of them.
    """
    if result.not_modified or result.validators != Validators():
        return 0.0
    span = span_s(parsed.entries) if parsed else None
    return DAY_S if span is None else min(DAY_S, span / 2)


def _outside_skipped(moment: datetime, state: FeedState, jitter: float) -> datetime:
    """The first time from `moment` on that is in no skipHours and no skipDays; `moment` itself if those leave nothing."""
    if len(state.skip_hours) >= 24 or len(state.skip_days) >= 7:
        return moment
    later = moment
    while later.hour in state.skip_hours or later.weekday() in state.skip_days:
        # whole hours, but not on the stroke: everyone else comes then
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, minutes=1 + 10 * jitter)
    return later
