"""Whether a draft goes out, and when: a pure decision with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.model.desk import Draft, DraftState
from monitor.model.digest import Digest, Review


@dataclass(frozen=True, slots=True)
class Decision:
    """`go` is whether it goes out now; `at` when it would by itself, None where a person must decide; `reason` says why."""

    go: bool
    at: datetime | None
    reason: str


def goes_out_at(digest: Digest, made_at: datetime) -> datetime | None:
    """When an edition composed at `made_at` goes out by itself: it has its whole time even where it was composed late."""
    return made_at + digest.review_for if digest.review is Review.UNTIL else None


def decide(draft: Draft, conflicts: int, now: datetime) -> Decision:
    """What is to happen to a draft at `now`, given how many of its edits find no place."""
    match draft.state:
        case DraftState.OUT:
            return Decision(False, None, "it is out")
        case DraftState.DROPPED:
            return Decision(False, None, f"dropped{_because(draft.why)}")
        case DraftState.APPROVED:
            return Decision(True, now, f"approved at {moment(draft.changed_at)}")
        case DraftState.HELD:
            return Decision(False, None, f"held since {moment(draft.changed_at)}{_because(draft.why)}")
    if conflicts:
        return Decision(False, None, f"waits: {conflicts} of its edits {'finds' if conflicts == 1 else 'find'} no place")
    if draft.goes_out_at is None:
        return Decision(False, None, f"waits for approval since {moment(draft.made_at)}")
    if draft.goes_out_at <= now:
        return Decision(True, draft.goes_out_at, f"nobody held it until {moment(draft.goes_out_at)}")
    return Decision(False, draft.goes_out_at, f"goes out at {moment(draft.goes_out_at)} unless held")


def moment(at: datetime) -> str:
    """A moment as the desk reads it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit: "3 h"."""
    span = max(now - since, timedelta())
    for unit, name in ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if span >= unit:
            return f"{span // unit} {name}"
    return "now"


def _because(why: str) -> str:
    return f": {why}" if why else ""
