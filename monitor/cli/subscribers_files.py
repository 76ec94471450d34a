"""`monitor subscribers import` and `export`: lists of people as CSV or JSON Lines, with the proof of their consent."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import click

from monitor import bootstrap
from monitor.cli.screen import counted, err, json_line, progress, say, show_problems
from monitor.cli.shared import settings, store
from monitor.delivery.roster import COLUMNS, Entry, Expected, read_roster, roster_row
from monitor.delivery.suppression import address_mac
from monitor.digests.load import load_digests
from monitor.model.consent import Consent, ConsentAct, Suppression, Wish
from monitor.model.delivery import SenderIdentity, Subscribed, Subscription
from monitor.model.errors import WrongUse
from monitor.model.problem import Problem
from monitor.settings import Settings
from monitor.store.promises import Store

PORTION = 1000
"""People a transaction."""
MOST_PROBLEMS = 200
"""As many are printed; the rest is counted."""


@dataclass(slots=True)
class Tally:
    """What an import came to."""

    added: int = 0
    left: int = 0
    problems: list[Problem] = field(default_factory=list)


def wishes_of(entries: Iterable[Entry], sender: SenderIdentity, now: datetime, how: str) -> list[Wish]:
    """Entries as wishes, each with a line that says who vouched for it: whoever gave the command."""
    wishes = []
    for entry in entries:
        told = how if not entry.how or entry.how == how else f"{how}: {entry.how}"
        person = Subscription(0, entry.digest, entry.address, entry.canonical, entry.language, entry.state, now, now, told)
        vouched = Consent(ConsentAct.VOUCHED, now, wording=how)
        wishes.append(Wish(person, address_mac(sender.suppression_key, entry.canonical), (*entry.consents, vouched)))
    return wishes


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--digest", default="", help="The digest they want, where the file names none")
@click.option("--lang", "language", default="", help="Their language, where the file names none")
@click.option("--dry-run", is_flag=True, help="Only look for problems; nobody is subscribed")
def import_file(file: Path, digest: str, language: str, dry_run: bool) -> int:
    """Subscribe everybody in a CSV or JSON Lines FILE with "address", and perhaps "digest", "language", "state" and proof of consent.

    Nobody who left or was suppressed is brought back. Records without a problem are taken; all problems are told, by line and column.
    """
    here = settings()
    expected = _expected(here, digest, language)
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        total = sum(1 for _ in stream)
        stream.seek(0)
        read = read_roster(stream, file.name, expected)
        tally = _checked(read) if dry_run else _imported(here, read, total)
    _complain(tally.problems)
    added = counted(tally.added, "subscription")
    said = f"{tally.left} would be read" if dry_run else f"{added} added, {tally.left} left as they are"
    say(f"{said}, {len(tally.problems)} wrong")
    return 1 if tally.problems else 0


def _expected(here: Settings, digest: str, language: str) -> Expected:
    known = {one.id: one.languages for one in load_digests(bootstrap.folder_of(here, "digests"))}
    if digest and digest not in known:
        raise WrongUse(f"no such digest: {digest}; there are {', '.join(known) or 'none'}")
    if language and not any(language in languages for name, languages in known.items() if digest in ("", name)):
        raise WrongUse(f"no digest is made in {language}")
    return Expected(known, digest, language)


def _checked(read: Iterable[Entry | Problem]) -> Tally:
    tally = Tally()
    for one in read:
        if isinstance(one, Problem):
            tally.problems.append(one)
        else:
            tally.left += 1
    return tally


def _imported(here: Settings, read: Iterator[Entry | Problem], total: int) -> Tally:
    """Portion by portion, each in one transaction: what was read when it is stopped stays, and a second try passes over it."""
    box, now, tally = store(here), bootstrap.clock_of(here)(), Tally()
    sender = bootstrap.sender_of(here, box)
    with progress("import", total) as bar:
        while portion := list(islice(read, PORTION)):
            entries = [one for one in portion if isinstance(one, Entry)]
            tally.problems += [one for one in portion if isinstance(one, Problem)]
            wishes = wishes_of(entries, sender, now, "import")
            _suppress(box, wishes, now)
            fresh = sum(admission.fresh for admission in box.subscribe_all(wishes))
            tally.added += fresh
            tally.left += len(entries) - fresh
            bar.update(bar.task_ids[0], advance=len(portion))
    return tally


def _suppress(box: Store, wishes: Sequence[Wish], now: datetime) -> None:
    """What a list calls suppressed goes into the suppression list too, for every digest."""
    for wish in wishes:
        if wish.subscription.state is Subscribed.SUPPRESSED:
            box.suppress(Suppression(wish.mac, "", wish.subscription.how, now), wish.subscription.canonical)


def _complain(problems: Sequence[Problem]) -> None:
    show_problems(problems[:MOST_PROBLEMS], err())
    if len(problems) > MOST_PROBLEMS:
        err().print(f"… and {len(problems) - MOST_PROBLEMS} more")


@click.command("export")
@click.option("--digest", default="", help="Only of this digest")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", help="A table, or one JSON object a line")
def export_file(digest: str, form: str) -> None:
    """Write all subscriptions with the proof of consent; `import` reads it back. Those erased have nothing to export."""
    box = store()
    people = [one for one in box.subscriptions(digest=digest) if one.address]
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    if form == "csv":
        writer.writeheader()
    for start in range(0, len(people), PORTION):
        portion = people[start : start + PORTION]
        proof: dict[int, list[Consent]] = {}
        for consent in box.consents(one.id for one in portion):
            proof.setdefault(consent.subscription, []).append(consent)
        for one in portion:
            row = roster_row(one, proof.get(one.id, ()))
            if form == "csv":
                writer.writerow(row)
            else:
                json_line({name: value for name, value in row.items() if value})
