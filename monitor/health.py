"""Whether the service is alive, ready and on time: pure judgements over what the store says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.delivery import SendingState
from monitor.model.desk import DraftState
from monitor.model.errors import StoreFailed
from monitor.store.promises import Store

BEAT_LATE = timedelta(seconds=90)
"""A scheduler that has not beaten for so long is stuck or gone."""
OVERDUE = timedelta(hours=1)
FILES_REFUSED = "files_refused"
"""The setting in which a service keeps why it goes on with its old files; "" while those on disk are in force."""

SENDING = "sending"
"""The fact that names the editions whose sending waits for a person."""
DESK = "desk"
"""The fact that names the editions which wait for a person."""


@dataclass(frozen=True, slots=True)
class Health:
    """`reasons` says what is wrong, one line each; empty when all is well."""

    reasons: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """True where nothing is wrong."""
        return not self.reasons


def readiness(store: Store) -> Health:
    """Ready to serve: the database answers and its schema is the program's."""
    try:
        found, known = store.schema_version()
    except StoreFailed as error:
        return Health((f"the database does not answer: {error}",))
    if found != known:
        return Health((f"the database has schema {found}, this program knows {known}",))
    return Health(facts={"schema": str(found)})


def liveness(store: Store, now: datetime) -> Health:
    """What the container's health check asks: is the scheduler's heart beating? A relay that is down is no reason to restart."""
    ready = readiness(store)
    if not ready.well:
        return ready
    beats = store.heartbeats()
    beat = beats.get("scheduler")
    if beat is None:
        return Health(("the scheduler has never run here",))
    late = now - beat
    if late > BEAT_LATE:
        return Health((f"the scheduler has been silent for {late.total_seconds():.0f} s",))
    facts = {name: at.isoformat() for name, at in sorted(beats.items()) if "/" not in name}
    refused = store.setting(FILES_REFUSED)
    return Health(
        facts={**facts, **({FILES_REFUSED: refused} if refused else {}), **waiting_drafts(store), **waiting_sendings(store)}
    )


def waiting_drafts(store: Store) -> dict[str, str]:
    """What waits for a person, as a fact and no failure: a restart would not make anybody read."""
    open_ones = [
        draft
        for draft in store.drafts(states=(DraftState.WAITING, DraftState.HELD))
        if draft.goes_out_at is None or draft.state is DraftState.HELD
    ]
    words = "; ".join(f"{draft.id} {draft.state.value} since {draft.made_at.isoformat()}" for draft in open_ones)
    return {DESK: f"degraded: {words}"} if words else {}


def waiting_sendings(store: Store) -> dict[str, str]:
    """Which editions are paused or were missed, and why, as a fact and no failure: a restart would mend none of it."""
    words = "; ".join(
        f"{one.edition} {one.state.value} since {one.changed_at.isoformat()}: {one.reason}"
        for one in store.sendings((SendingState.PAUSED, SendingState.MISSED))
    )
    return {SENDING: f"degraded: {words}"} if words else {}
