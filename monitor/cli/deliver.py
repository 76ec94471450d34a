"""`monitor deliver` and `monitor outbox`: send what is pending; see who got what."""

from __future__ import annotations

import time

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.model.delivery import OutboxState
from monitor.model.errors import WorldFailed
from monitor.store.backup import SENDING_PAUSED
from monitor.worker import Delivery, deliver, own_name, release_dead

STATE_NAMES = click.Choice([state.value for state in OutboxState])


@click.command("deliver")
@as_json
def deliver_verb(as_json: bool) -> int:
    """Send what the outbox holds, each message committed after the relay's reply."""
    here = settings()
    box = store(here)
    if box.setting(SENDING_PAUSED):
        raise WorldFailed("sending is paused since a restore: `monitor db resume` when no other copy is running")
    release_dead(box)
    report = deliver(
        Delivery(
            store=box,
            mailer=bootstrap.mailer_of(here),
            clock=bootstrap.clock_of(here),
            owner=own_name(),
            pause=bootstrap.pacer(here.smtp.rate_per_s, time.monotonic, time.sleep),
            hold_ambiguous=here.smtp.on_ambiguous == "hold",
        )
    )
    if as_json:
        json_line({"counts": report.counts, "stopped": report.stopped})
    else:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(report.counts.items()))
        say(counts or "Nothing is pending.")
        if report.stopped:
            waiting = box.outbox_counts().get(OutboxState.PENDING, 0)
            say(f"[red]stopped:[/red] {escape(report.stopped)}; {counted(waiting, 'message')} waiting")
    return 3 if report.stopped else 0


@click.group()
def outbox() -> None:
    """Who got what."""


@outbox.command("list")
@click.option("--edition", default="", help="Only this edition, like security-weekly/2019-03-11")
@click.option("--state", "states", multiple=True, type=STATE_NAMES, help="Only this state (may be repeated)")
@as_json
def list_outbox(edition: str, states: tuple[str, ...], as_json: bool) -> None:
    """Every message with its state and the relay's words."""
    rows = store().outbox(edition=edition, states=[OutboxState(state) for state in states])
    if as_json:
        for row in rows:
            json_line(
                {
                    "id": row.id,
                    "edition": row.edition,
                    "recipient": row.recipient,
                    "state": row.state.value,
                    "attempt": row.attempt,
                    "message_id": row.message_id,
                    "next_at": iso(row.next_at),
                    "sent_at": iso(row.sent_at),
                    "smtp": f"{row.smtp_code or ''} {row.smtp_text}".strip(),
                    "queue_id": row.queue_id,
                }
            )
        return
    table(
        ("edition", "recipient", "state", "tries", "reply"),
        [
            (
                row.edition,
                escape(row.recipient),
                row.state.value,
                str(row.attempt),
                escape(f"{row.smtp_code or ''} {row.smtp_text}".strip()),
            )
            for row in rows
        ],
        right=(3,),
    )
    say(f"[dim]{counted(len(rows), 'message')}[/dim]")


@outbox.command()
@click.option("--edition", default="", help="Only this edition")
def retry(edition: str) -> None:
    """Set failed and unknown messages back to pending."""
    say(f"{counted(store().retry(edition=edition), 'message')} pending again")


@outbox.command()
@click.argument("edition")
def abort(edition: str) -> None:
    """Give up every unsent message of an edition."""
    say(f"{counted(store().abort(edition=edition), 'message')} aborted")
