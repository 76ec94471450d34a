"""`monitor deliver` and `monitor outbox`: send what is pending; see who got what, and why not; hold and go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.mailroom import delivery_of
from monitor.model.delivery import DeliveryReport, OutboxMessage, OutboxState, Sending, SendingState
from monitor.model.errors import WorldFailed, WrongUse
from monitor.store.backup import SENDING_PAUSED
from monitor.store.promises import Store
from monitor.worker import deliver, release_dead

STATE_NAMES = click.Choice([state.value for state in OutboxState])
SHOWN = 50
"""So many recipients `outbox show` names; `outbox list` names all."""


@click.command("deliver")
@click.option(
    "--send-late", metavar="EDITION", default="", help="Send an edition that was missed, like security-weekly/2019-03-11"
)
@as_json
def deliver_verb(send_late: str, as_json: bool) -> int:
    """Send what the outbox holds, each message committed after the relay's reply."""
    here = settings()
    box = store(here)
    if box.setting(SENDING_PAUSED):
        raise WorldFailed("sending is paused since a restore: `monitor db resume` when no other copy is running")
    if send_late:
        _allow_late(box, send_late, bootstrap.clock_of(here)())
    release_dead(box)
    report = deliver(delivery_of(here, box))
    paused = [one for one in report.changed if one.state is SendingState.PAUSED]
    if as_json:
        changed = [{"edition": one.edition, "state": one.state.value, "reason": one.reason} for one in report.changed]
        json_line({"counts": report.counts, "stopped": report.stopped, "changed": changed})
    else:
        _tell(report, box)
    return 3 if report.stopped or paused else 0


def _allow_late(box: Store, edition: str, now: datetime) -> None:
    standing = _sending(box, edition)
    if not box.resume_sending(edition, now, late=True) and standing.state is not SendingState.SENDING:
        raise WrongUse(f"{edition} is {standing.state.value}: only what was missed or paused can be sent late")


def _tell(report: DeliveryReport, box: Store) -> None:
    counts = ", ".join(f"{count} {state}" for state, count in sorted(report.counts.items()))
    say(counts or "Nothing is pending.")
    for one in report.changed:
        if one.state is not SendingState.FINISHED:
            say(f"[red]{one.edition} is {one.state.value}:[/red] {escape(one.reason)}")
    if report.stopped:
        waiting = box.outbox_counts().get(OutboxState.PENDING, 0)
        say(f"[red]stopped:[/red] {escape(report.stopped)}; {counted(waiting, 'message')} waiting")


@click.group()
def outbox() -> None:
    """Who got what."""


@outbox.command("list")
@click.option("--edition", default="", help="Only this edition, like security-weekly/2019-03-11")
@click.option("--state", "states", multiple=True, type=STATE_NAMES, help="Only this state (may be repeated)")
@click.option("--recipient", default="", help="Only messages to this address")
@as_json
def list_outbox(edition: str, states: tuple[str, ...], recipient: str, as_json: bool) -> None:
    """Every message with its state and the relay's words."""
    rows = store().outbox(edition=edition, states=[OutboxState(state) for state in states], recipient=recipient)
    if as_json:
        for row in rows:
            json_line(_as_object(row))
        return
    table(
        ("edition", "recipient", "state", "tries", "reply"),
        [(row.edition or row.kind.value, escape(row.recipient), row.state.value, str(row.attempt), _reply(row)) for row in rows],
        right=(3,),
    )
    say(f"[dim]{counted(len(rows), 'message')}[/dim]")


@outbox.command()
@click.argument("edition")
@as_json
def show(edition: str, as_json: bool) -> None:
    """How the sending of an edition stands: counts, the reasons why somebody does not have it, and who that is."""
    box = store()
    sending = _sending(box, edition)
    rows = box.outbox(edition=edition)
    without = [row for row in rows if row.state is not OutboxState.SENT]
    counts = {state.value: count for state, count in sorted(box.outbox_counts(edition=edition).items()) if count}
    next_at = min((row.next_at for row in without if row.next_at), default=None)
    if as_json:
        json_line(
            {
                "edition": edition,
                "state": sending.state.value,
                "reason": sending.reason,
                "changed_at": iso(sending.changed_at),
                "counts": counts,
                "next_at": iso(next_at),
                "reasons": [{"state": state, "reply": reply, "messages": count} for (state, reply), count in _reasons(without)],
                "without": [_as_object(row) for row in without],
            }
        )
        return
    say(f"[bold]{edition}[/bold] {sending.state.value} since {iso(sending.changed_at)}")
    if sending.reason:
        say(escape(sending.reason))
    say(", ".join(f"{count} {state}" for state, count in counts.items()) + (f"; next try at {iso(next_at)}" if next_at else ""))
    _show_missing(edition, without)


def _show_missing(edition: str, without: Sequence[OutboxMessage]) -> None:
    """Why and who, for those who do not have an edition."""
    if not without:
        return
    table(("state", "messages", "reply"), [(state, str(n), escape(reply)) for (state, reply), n in _reasons(without)], right=(1,))
    named = without[:SHOWN]
    table(
        ("recipient", "state", "tries", "next try", "reply"),
        [(escape(row.recipient), row.state.value, str(row.attempt), iso(row.next_at) or "", _reply(row)) for row in named],
        right=(2,),
    )
    if len(without) > SHOWN:
        say(f"[dim]and {len(without) - SHOWN} more: `monitor outbox list --edition {edition}`[/dim]")


def _reasons(rows: Sequence[OutboxMessage]) -> list[tuple[tuple[str, str], int]]:
    """Why messages are where they are: (state, reply without the address) and how many, most first."""
    found = Counter((row.state.value, _plain_reply(row).replace(row.recipient, "…")) for row in rows)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


@outbox.command()
@click.argument("edition")
@click.option("--reason", default="by hand", show_default=True, help="Why, for those who look later")
def pause(edition: str, reason: str) -> None:
    """Send no further message of an edition until it is resumed."""
    box = store()
    standing = _sending(box, edition)
    if not box.pause_sending(edition, reason, bootstrap.clock_of(settings())()) and standing.state is not SendingState.PAUSED:
        raise WrongUse(f"{edition} is {standing.state.value}: only what is being sent can be paused")
    say(f"{edition} is paused")


@outbox.command()
@click.argument("editions", nargs=-1)
def resume(editions: tuple[str, ...]) -> None:
    """Go on with paused editions: those named, or all."""
    box, now = store(), bootstrap.clock_of(settings())()
    for edition in editions:
        standing = _sending(box, edition).state
        if standing is SendingState.MISSED:
            raise WrongUse(f"{edition} was missed: `monitor deliver --send-late {edition}` sends it all the same")
        if standing not in (SendingState.PAUSED, SendingState.SENDING):
            raise WrongUse(f"{edition} is {standing.value}: only what is paused can be resumed")
    chosen = editions or [one.edition for one in box.sendings((SendingState.PAUSED,))]
    resumed = [edition for edition in chosen if box.resume_sending(edition, now)]
    say(f"{counted(len(resumed), 'edition')} resumed")


@outbox.command()
@click.option("--edition", default="", help="Only this edition")
@click.option("--failed", "states", flag_value="failed", help="Only failed ones")
@click.option("--unknown", "states", flag_value="unknown", help="Only those whose last word was lost")
def retry(edition: str, states: str | None) -> None:
    """Set failed and unknown messages back to pending."""
    chosen = (OutboxState(states),) if states else (OutboxState.FAILED, OutboxState.UNKNOWN)
    count = store().retry(edition=edition, states=chosen, now=bootstrap.clock_of(settings())())
    say(f"{counted(count, 'message')} pending again")


@outbox.command()
@click.argument("edition")
def abort(edition: str) -> None:
    """Give up every unsent message of an edition."""
    say(f"{counted(store().abort(edition=edition, now=bootstrap.clock_of(settings())()), 'message')} aborted")


def _sending(box: Store, edition: str) -> Sending:
    standing = box.sending(edition)
    if standing is None:
        known = ", ".join(one.edition for one in box.sendings()[-3:])
        raise WrongUse(f"no edition {edition} has messages" + (f"; the last that have: {known}" if known else ""))
    return standing


def _plain_reply(row: OutboxMessage) -> str:
    return f"{row.smtp_code or ''} {row.smtp_text}".strip()


def _reply(row: OutboxMessage) -> str:
    return escape(_plain_reply(row))


def _as_object(row: OutboxMessage) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "edition": row.edition,
        "recipient": row.recipient,
        "state": row.state.value,
        "attempt": row.attempt,
        "message_id": row.message_id,
        "next_at": iso(row.next_at),
        "sent_at": iso(row.sent_at),
        "smtp": _plain_reply(row),
        "queue_id": row.queue_id,
    }
