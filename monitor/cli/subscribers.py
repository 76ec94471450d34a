"""`monitor subscribers`: people and the digests they want."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.screen import complain, counted, iso, json_line, say, table
from monitor.cli.shared import as_json, settings, store
from monitor.delivery.addresses import canonical_address
from monitor.digests.load import load_digests
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.errors import WrongUse
from monitor.settings import Settings
from monitor.store.promises import Store

COLUMNS = ("digest", "address", "language", "state")


@click.group()
def subscribers() -> None:
    """People and the digests they want."""


@subscribers.command()
@click.argument("digest")
@click.argument("addresses", nargs=-1, required=True)
@click.option("--lang", "language", default="", help="Language of the edition; default the digest's first")
def add(digest: str, addresses: tuple[str, ...], language: str) -> None:
    """Subscribe people who asked for it. An address that was suppressed stays so."""
    here = settings()
    box, now = store(here), bootstrap.clock_of(here)()
    chosen = _languages(here, digest, language)[0]
    for address in addresses:
        _, words = subscribe(box, digest, address, chosen, now, "command line", revive=True)
        say(f"{escape(address)}  {words}")


def _languages(here: Settings, digest_id: str, wanted: str) -> tuple[str, ...]:
    """The languages that a digest is made in, the wanted one first; its own first where none is wanted."""
    digests = {digest.id: digest for digest in load_digests(bootstrap.folder_of(here, "digests"))}
    if digest_id not in digests:
        raise WrongUse(f"no such digest: {digest_id}; there are {', '.join(digests) or 'none'}")
    languages = digests[digest_id].languages
    if wanted and wanted not in languages:
        raise WrongUse(f"{digest_id} is not made in {wanted}; its languages are {', '.join(languages)}")
    return tuple(sorted(languages, key=lambda language: language != (wanted or languages[0])))


def _wanted(language: str, languages: tuple[str, ...]) -> str:
    """The language that a row names, or the first of `languages`."""
    if language and language not in languages:
        raise WrongUse(f"the digest is not made in {language}; its languages are {', '.join(languages)}")
    return language or languages[0]


def subscribe(box: Store, digest: str, address: str, language: str, now: datetime, how: str, *, revive: bool) -> tuple[bool, str]:
    """Subscribe one address; (whether something changed, what to say). Only `revive` brings back an ended one, nothing a suppressed one."""
    canonical = canonical_address(address)
    wish = Subscription(0, digest, address.strip(), canonical, language, Subscribed.ACTIVE, now, now, how)
    stands = {item.id for item in box.subscriptions(digest=digest)}
    kept = box.subscribe(wish)
    if kept.id not in stands:
        return True, "[green]subscribed[/green]"
    if kept.state is Subscribed.SUPPRESSED:
        return False, f"[red]suppressed[/red] ({escape(kept.how)}): left as it is"
    if kept.state is Subscribed.ACTIVE:
        return False, "is subscribed already"
    if not revive:
        return False, f"{kept.state.value} ({escape(kept.how)}): left as it is"
    box.set_subscription(kept.id, Subscribed.ACTIVE, now, how)
    return True, "[green]subscribed again[/green]"


@subscribers.command()
@click.argument("digest")
@click.argument("addresses", nargs=-1, required=True)
def remove(digest: str, addresses: tuple[str, ...]) -> int:
    """End subscriptions; messages still in the outbox are not sent."""
    here = settings()
    box, now = store(here), bootstrap.clock_of(here)()
    by_address = {item.canonical: item for item in box.subscriptions(digest=digest)}
    missing = 0
    for address in addresses:
        found = by_address.get(canonical_address(address))
        if found is None:
            missing += 1
            say(f"{escape(address)}  [red]is not subscribed[/red]")
            continue
        box.set_subscription(found.id, Subscribed.ENDED, now, "command line")
        say(f"{escape(address)}  unsubscribed")
    return 1 if missing else 0


@subscribers.command("list")
@click.option("--digest", default="", help="Only of this digest")
@as_json
def list_subscribers(digest: str, as_json: bool) -> None:
    """Everybody, with the state of the subscription and how it came about."""
    found = store().subscriptions(digest=digest)
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
    say(f"[dim]{counted(len(found), 'subscription')}, {active} active[/dim]")


@subscribers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--digest", required=True, help="The digest they want")
@click.option("--lang", "language", default="", help="Where the file names none")
def import_csv(file: Path, digest: str, language: str) -> int:
    """Subscribe everybody in a CSV file with a column "address" and perhaps "language". Nobody who left is brought back."""
    here = settings()
    box, now = store(here), bootstrap.clock_of(here)()
    languages = _languages(here, digest, language)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if rows and "address" not in rows[0]:
        raise WrongUse(f'{file} has no column "address"; its first line must name the columns')
    added = wrong = 0
    for number, row in enumerate(rows, start=2):
        try:
            wanted = _wanted(row.get("language") or "", languages)
            changed, _ = subscribe(box, digest, row["address"] or "", wanted, now, "import", revive=False)
            added += changed
        except WrongUse as error:
            wrong += 1
            complain(f"{file}:{number}  {error}")
    say(f"{counted(added, 'subscription')} added, {len(rows) - added - wrong} left as they are, {wrong} wrong")
    return 1 if wrong else 0


@subscribers.command("export")
@click.option("--digest", default="", help="Only of this digest")
def export_csv(digest: str) -> None:
    """Write all subscriptions as CSV."""
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    for item in store().subscriptions(digest=digest):
        writer.writerow((item.digest, item.address, item.language, item.state.value))
