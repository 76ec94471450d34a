"""The state of a feed in an operator's words: from each poll, with the reason. Pure; it tells nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.feeds.rhythm import newest
from monitor.model.article import ParsedFeed
from monitor.model.errors import FeedBusy, FeedGone, FeedRefused, FetchFailed, FetchForbidden
from monitor.model.feed import Feed, FeedHealth, FeedState

EMPTY_ALARM = 2
"""Polls in a row without an entry that make a feed silent (F49)."""
MOVED_SEEN, MOVED_SPAN = 3, timedelta(days=1)
"""How often, and over how long, a permanent redirect must be seen to be believed (F12)."""
_SILENT_AT_LEAST = timedelta(days=7)
_SILENT_UNKNOWN = timedelta(days=30)
_SILENT_TIMES = 8
_BLOCKING = frozenset({401, 403, 407, 451})


def shown_state(feed: Feed, state: FeedState | None) -> FeedState:
    """The state as it is listed: a disabled feed shows as such, a feed never polled as new."""
    known = state or FeedState(feed.id)
    if feed.disabled:
        return replace(known, health=FeedHealth.DISABLED, reason=feed.disabled, next_fetch_at=None)
    return known


def after_poll_health(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> tuple[FeedHealth, str]:
    """Health and reason after a usable answer; `state` has this poll's counts already, but the health of the poll before.

    `parsed` is None for a 304.
    """
    if state.empty_polls >= EMPTY_ALARM:
        return FeedHealth.SILENT, f"answers, but held no entry in {state.empty_polls} polls running"
    if is_moved(state, now):
        return (
            FeedHealth.MOVED,
            f"moved for good to {state.moved_to} (seen {state.moved_seen} times): put that address into the seeds",
        )
    read = "not modified" if parsed is None else _counted(len(parsed.entries))
    silence = _silence(state, parsed, now)
    if silence:
        return FeedHealth.SILENT, f"{read}, {silence}"
    warning = f" ({parsed.warning})" if parsed and parsed.warning else ""
    return FeedHealth.HEALTHY, read + warning


def with_health(state: FeedState, health: FeedHealth, reason: str, now: datetime) -> FeedState:
    """The state in this health; `health_since` moves only where that is another one."""
    since = now if health is not state.health or state.health_since is None else state.health_since
    return replace(state, health=health, reason=reason, health_since=since)


def notice_of(before: FeedHealth, after: FeedState) -> str:
    """What to tell an operator of a change of state, one line with the last answer; "" where there is nothing to tell.

    A feed that fails for the hundredth time is no news, and a new feed that is healthy neither.
    """
    if after.health is before or (before is FeedHealth.NEW and after.health is FeedHealth.HEALTHY):
        return ""
    answer = f"last answer HTTP {after.last_status}" if after.last_status else "no answer"
    good = f", last good one {after.last_success_at:%Y-%m-%d %H:%M} UTC" if after.last_success_at else ", never a good one"
    told = answer + ("" if after.health in {FeedHealth.HEALTHY, FeedHealth.SILENT, FeedHealth.MOVED} else good)
    return f"was {before.value}, is {after.health.value}: {after.reason} ({told})"


def is_moved(state: FeedState, now: datetime) -> bool:
    """True where a permanent redirect was seen often enough, over long enough, to be no accident."""
    return state.moved_seen >= MOVED_SEEN and state.moved_since is not None and now - state.moved_since >= MOVED_SPAN


def _silence(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> str:
    """Why the feed counts as silent against its own rhythm, or ""."""
    if parsed is None and state.health is FeedHealth.SILENT:
        return "still nothing new"
    last = (newest(parsed.entries, now) if parsed else None) or state.last_new_entry_at
    if last is None:
        return ""
    usual = timedelta(seconds=state.rhythm_s) if state.rhythm_s else None
    patience = max(_SILENT_AT_LEAST, usual * _SILENT_TIMES) if usual else _SILENT_UNKNOWN
    if now - last <= patience:
        return ""
    rhythm = f"; it usually publishes every {_span(usual)}" if usual else ""
    return f"but nothing newer than {last:%Y-%m-%d}{rhythm}"


def _span(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours / 24:.0f} d" if hours >= 48 else f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"


def failure_health(state: FeedState, error: FetchFailed, failures: int) -> tuple[FeedHealth, str]:
    """Health and reason after a poll that gave nothing usable; `state` is the one before it."""
    times = f" ({failures} polls in a row)" if failures > 1 else ""
    moved = f"; before, it had moved to {state.moved_to}" if state.health is FeedHealth.MOVED else ""
    return _kind_of_failure(error), f"{error.reason}{times}{moved}"


def _kind_of_failure(error: FetchFailed) -> FeedHealth:
    if isinstance(error, FeedGone):
        return FeedHealth.GONE
    if isinstance(error, FetchForbidden) or (isinstance(error, FeedBusy) and error.status == 429):
        return FeedHealth.BLOCKED
    # a 5xx is refused, not unreachable, only where it carries a challenge page
    refused = isinstance(error, FeedRefused) and error.status is not None and (error.status in _BLOCKING or error.status >= 500)
    return FeedHealth.BLOCKED if refused else FeedHealth.FAILING


def _counted(entries: int) -> str:
    return "no entries" if not entries else "1 entry read" if entries == 1 else f"{entries} entries read"
