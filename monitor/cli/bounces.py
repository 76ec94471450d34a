"""`monitor bounces`: mail that came back: read it, see what it was taken for and what was done."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.moments import given_moment
from monitor.cli.screen import counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.hook_reports import work_off
from monitor.model.bounce import Bounce, BounceClass
from monitor.model.errors import WrongUse
from monitor.return_ticks import read_mailbox, returns_of
from monitor.returned_mail import Returns, take_in
from monitor.settings import Settings

CLASSES = click.Choice([one.value for one in BounceClass])


@click.group("bounces")
def bounce_verbs() -> None:
    """Mail that came back."""


@bounce_verbs.command("read")
@click.argument("files", nargs=-1, type=click.File("rb"))
@as_json
def read(files: tuple[BinaryIO, ...], as_json: bool) -> None:
    """Read the mailbox of MONITOR_BOUNCE__MAILBOX and what mail providers reported, or mails in FILES (- for standard input), and act on them."""
    here = settings()
    told: list[Bounce] = []
    returns, hooks, requests = _returns(here, told), bootstrap.hooks_of(here), 0
    if files:
        count = len([take_in(returns, file.read()) for file in files])
    elif here.bounce.mailbox or hooks:
        count = read_mailbox(here, returns) if here.bounce.mailbox else 0
        requests = work_off(returns, hooks)
    else:
        raise WrongUse("name files, or set MONITOR_BOUNCE__MAILBOX or MONITOR_BOUNCE__HOOKS")
    _show(told, as_json=as_json)
    if not as_json:
        also = f" and {counted(requests, 'request')} of mail providers" if hooks else ""
        say(f"[dim]{counted(count, 'mail')}{also} read, {len(told)} of them new[/dim]")


@bounce_verbs.command("list")
@click.option("--class", "classes", multiple=True, type=CLASSES, help="Only this class (may be repeated)")
@click.option("--edition", default="", help="Only about this edition, like security-weekly/2019-03-11")
@click.option("--subscription", default=0, type=click.IntRange(min=0), help="Only about this subscription")
@click.option("--since", help="Only since then: a date, a moment, or an age such as 7d")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(min=0), help="So many at most, the newest; 0: all")
@as_json
def list_bounces(classes: tuple[str, ...], edition: str, subscription: int, since: str | None, limit: int, as_json: bool) -> None:
    """Reports that were read, newest first: what they mean, what was done, and why."""
    found = store().bounces(
        subscription=subscription,
        edition=edition,
        classes=[BounceClass(one) for one in classes],
        since=given_moment(since),
        limit=limit,
    )
    _show(found, as_json=as_json)
    if not as_json:
        say(f"[dim]{counted(len(found), 'report')}[/dim]")


@bounce_verbs.command("show")
@click.argument("key")
@click.option("--raw", is_flag=True, help="The mail itself, as it came, as long as it is kept")
@as_json
def show(key: str, raw: bool, as_json: bool) -> None:
    """One report by the beginning of its key."""
    found = store().bounces_like(key)
    if len(found) != 1:
        raise WrongUse(
            f"no report has a key that begins with {key!r}" if not found else f"several keys begin with {key!r}: give more of it"
        )
    if raw:
        if not found[0].raw:
            raise WrongUse("its mail is no longer kept")
        sys.stdout.buffer.write(found[0].raw)
        return
    if as_json:
        json_line(_object(found[0]))
        return
    for name, value in _object(found[0]).items():
        say(f"[bold]{name:<13}[/bold] {escape(str(value))}")


def _returns(here: Settings, told: list[Bounce]) -> Returns:
    box = store(here)
    quiet = returns_of(box, bootstrap.sender_of(here, box), bootstrap.clock_of(here))
    return Returns(quiet.store, quiet.sender, quiet.clock, told.append, quiet.alarm)


def _show(bounces: list[Bounce] | tuple[Bounce, ...], *, as_json: bool) -> None:
    if as_json:
        for one in bounces:
            json_line(_object(one))
        return
    table(
        ("key", "at", "class", "done", "subscription", "edition", "by", "why"),
        [
            (
                one.key[:8],
                f"{one.at:%Y-%m-%d %H:%M}",
                one.bounce_class.value,
                one.act.value,
                str(one.subscription or ""),
                escape(one.edition),
                one.source,
                escape(one.reason),
            )
            for one in bounces
        ],
        right=(4,),
    )


def _object(one: Bounce) -> dict[str, object]:
    return {
        "key": one.key,
        "at": iso(one.at),
        "class": one.bounce_class.value,
        "act": one.act.value,
        "reason": one.reason,
        "source": one.source,
        "kind": one.kind.value,
        "proof": one.proof.value,
        "subscription": one.subscription or None,
        "edition": one.edition,
        "status": one.status,
        "diagnostic": one.diagnostic,
        "recipient": one.recipient,
        "message_id": one.message_id,
    }
