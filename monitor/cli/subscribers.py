"""`monitor subscribers`: people and the digests they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.cli.subscribers_files import export_file, import_file, wishes_of
from monitor.cli.subscribers_person import erase, forgive, show, suppress
from monitor.delivery.addresses import canonical_address
from monitor.delivery.roster import Entry
from monitor.digests.load import load_digests
from monitor.model.consent import Admission
from monitor.model.delivery import Subscribed
from monitor.model.errors import WrongUse
from monitor.settings import Settings

COLUMNS = ("digest", "address", "language", "state")


@click.group()
def subscribers() -> None:
    """People and the digests they want."""


for verb in (import_file, export_file, suppress, forgive, erase, show):
    subscribers.add_command(verb)


@subscribers.command()
@click.argument("digest")
@click.argument("addresses", nargs=-1, required=True)
@click.option("--lang", "language", default="", help="Language of the edition; default the digest's first")
def add(digest: str, addresses: tuple[str, ...], language: str) -> None:
    """Subscribe people who asked for it; you vouch for that. An address that was suppressed stays so."""
    here = settings()
    box, now = store(here), bootstrap.clock_of(here)()
    chosen = language or _languages(here, digest)[0]
    if chosen not in _languages(here, digest):
        raise WrongUse(f"{digest} is not made in {chosen}; its languages are {', '.join(_languages(here, digest))}")
    entries = [Entry(digest, address.strip(), canonical_address(address), chosen, how="command line") for address in addresses]
    wishes = wishes_of(entries, bootstrap.sender_of(here, box), now, "command line")
    for address, admission in zip(addresses, box.subscribe_all(wishes), strict=True):
        kept = admission.subscription
        if not admission.fresh and kept.state in (Subscribed.ENDED, Subscribed.WAITING):
            change = replace(kept, state=Subscribed.ACTIVE, language=chosen, changed_at=now, how="command line")
            vouched = wishes[0].consents[0]
            box.move_subscription(change, (kept.state,), vouched)
        say(f"{escape(address)}  {_told(admission)}")


def _told(admission: Admission) -> str:
    kept = admission.subscription
    if kept.state is Subscribed.SUPPRESSED:
        return f"[red]suppressed[/red] ({escape(kept.how)}): left as it is"
    if admission.fresh:
        return "[green]subscribed[/green]"
    return "is subscribed already" if kept.state is Subscribed.ACTIVE else "[green]subscribed again[/green]"


def _languages(here: Settings, digest_id: str) -> tuple[str, ...]:
    """The languages that a digest is made in.

    Raises:
        WrongUse: There is no such digest.
    """
    digests: Mapping[str, tuple[str, ...]] = {
        digest.id: digest.languages for digest in load_digests(bootstrap.folder_of(here, "digests"))
    }
    if digest_id not in digests:
        raise WrongUse(f"no such digest: {digest_id}; there are {', '.join(digests) or 'none'}")
    return digests[digest_id]


@subscribers.command()
@click.argument("digest")
@click.argument("addresses", nargs=-1, required=True)
def remove(digest: str, addresses: tuple[str, ...]) -> int:
    """End subscriptions; messages still in the outbox are not sent."""
    here = settings()
    box, now = store(here), bootstrap.clock_of(here)()
    missing = 0
    for address in addresses:
        found = box.subscriptions(digest=digest, canonical=canonical_address(address))
        if not found:
            missing += 1
            say(f"{escape(address)}  [red]is not subscribed[/red]")
            continue
        ended = replace(found[0], state=Subscribed.ENDED, changed_at=now, how="command line")
        moved = box.move_subscription(ended, (Subscribed.ACTIVE, Subscribed.WAITING))
        say(f"{escape(address)}  {'unsubscribed' if moved else f'is {found[0].state.value} already: left as it is'}")
    return 1 if missing else 0


@subscribers.command("list")
@click.option("--digest", default="", help="Only of this digest")
@as_json
def list_subscribers(digest: str, as_json: bool) -> None:
    """Everybody, with the state of the subscription and how it came about. Those erased are counted, not listed."""
    everybody = store().subscriptions(digest=digest)
    found = [item for item in everybody if item.address]
    if as_json:
        for item in found:
            json_line(
                {
                    "id": item.id,
                    "digest": item.digest,
                    "address": item.address,
                    "language": item.language,
                    "state": item.state.value,
                    "how": item.how,
                    "since": iso(item.changed_at),
                }
            )
        return
    table(
        (*COLUMNS, "how"),
        [(item.digest, escape(item.address), item.language, item.state.value, escape(item.how)) for item in found],
    )
    active = sum(1 for item in found if item.state is Subscribed.ACTIVE)
    erased = f", {len(everybody) - len(found)} erased" if len(everybody) > len(found) else ""
    say(f"[dim]{counted(len(found), 'subscription')}, {active} active{erased}[/dim]")
