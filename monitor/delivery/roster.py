"""Lists of subscribers as files, CSV or JSON Lines: read with every problem told by line and column, written so that they read back.

It opens no file and keeps nothing: text in, entries and problems out, one after the other, however long the list is.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from monitor.delivery.addresses import canonical_address
from monitor.model.consent import Consent, ConsentAct
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.problem import Place, Problem

PERSON = ("digest", "address", "language", "state", "how", "since")
PROOF = tuple(f"{act}_{part}" for act in ("asked", "confirmed") for part in ("at", "prefix", "agent", "wording"))
COLUMNS = (*PERSON, *PROOF)
"""Of an exported list; a list to import needs "address", knows these, and may have others, which are passed over."""
_ACTS = {"asked": ConsentAct.ASKED, "confirmed": ConsentAct.CONFIRMED}
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a list, checked. `state` is what the list says, `how` how that came about, `consents` what proves it."""

    digest: str
    address: str
    canonical: str
    language: str
    state: Subscribed = Subscribed.ACTIVE
    how: str = ""
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a list may name: digests with the languages they are made in; and what counts where it names none."""

    languages: Mapping[str, Sequence[str]]
    digest: str = ""
    language: str = ""


@dataclass(slots=True)
class _Row:
    """One record: its values by column, and where each of them stands."""

    values: Mapping[str, str]
    place: Callable[[str], Place]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, column: str, code: str, message: str, mend: str = "") -> None:
        self.problems.append(Problem(self.place(column), code, message, mend))


def read_roster(lines: Iterable[str], file: str, expected: Expected) -> Iterator[Entry | Problem]:
    """Every person of a list, and every problem in it, in their order; a record with a problem gives no entry.

    Args:
        lines: The text with its line ends; bytes that are no UTF-8 as lone surrogates (`errors="surrogateescape"`).
        file: How the list is called in problems.
        expected: What it may name.

    Raises:
        WrongFiles: A table without the column "address", or with one twice: nothing of it can be read.
    """
    stream = enumerate(lines, start=1)
    number, first = next(((number, line) for number, line in stream if line.strip()), (0, ""))
    if not first:
        return
    rows = _objects if first.lstrip("\ufeff").lstrip().startswith("{") else _records
    for row in rows(chain([first], (line for _, line in stream)), file, number):
        if isinstance(row, Problem):
            yield row
            continue
        entry = _entry(row, expected)
        if entry is None:
            yield from row.problems
        else:
            yield entry


def _records(lines: Iterable[str], file: str, start: int) -> Iterator[_Row | Problem]:
    """The records of a table that begins at line `start`; its delimiter is what its first line uses most of comma, semicolon and tab."""
    taken: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    source = remembered()
    head = next(source)
    delimiter = max(_DELIMITERS, key=head.count)
    taken.clear()
    names = _names(next(csv.reader([head.lstrip("\ufeff")], delimiter=delimiter)), Place(file, start, 1))
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield Problem(
                Place(file, start + reader.line_num, 1), "A006", f"this line cannot be read: {error}", "look at its quotes"
            )
            continue
        if values is None:
            return
        if any(value.strip() for value in values):
            yield _record(names, values, _Finder("".join(taken), delimiter, file, start + 1 + reader.line_num - len(taken)))


def _record(names: Sequence[str], values: Sequence[str], finder: _Finder) -> _Row | Problem:
    if len(values) > len(names):
        place = finder.place(len(names))
        return Problem(
            place, "A006", f"{len(values)} fields under {len(names)} columns", "quote a field that holds the delimiter"
        )
    places = {name: number for number, name in enumerate(names)}
    return _Row(dict(zip(names, values, strict=False)), lambda column: finder.place(places.get(column, 0)))


def _names(head: Sequence[str], place: Place) -> list[str]:
    names = [name.strip().lower() for name in head]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    problems = [Problem(place, "A006", f'the column "{name}" stands twice', "keep one") for name in twice]
    if "address" not in names:
        problems.append(Problem(place, "A006", 'there is no column "address"', "the first line names the columns"))
    if problems:
        raise WrongFiles(problems)
    return names


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds the fields of a record again, for the sake of a problem."""

    text: str
    delimiter: str
    file: str
    line: int

    def place(self, number: int) -> Place:
        """Where field `number` (from 0) begins."""
        line, column, quoted = self.line, 1, False
        for sign in self.text:
            if not number and not quoted:
                break
            quoted ^= sign == '"'
            number -= sign == self.delimiter and not quoted
            line, column = (line + 1, 1) if sign == "\n" else (line, column + 1)
        return Place(self.file, line, column)


def _objects(lines: Iterable[str], file: str, start: int) -> Iterator[_Row | Problem]:
    """The objects of JSON Lines that begin at line `start`."""
    for number, line in enumerate(lines, start):
        text = line.lstrip("\ufeff")
        if not text.strip():
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield Problem(Place(file, number, getattr(error, "colno", 1)), "A006", f"no JSON: {getattr(error, 'msg', error)}")
            continue
        if not isinstance(value, dict):
            yield Problem(Place(file, number, 1), "A006", "an object is wanted", 'like {"address": "ann@example.org"}')
            continue
        yield _Row({name: "" if one is None else str(one) for name, one in value.items()}, _key_finder(text, file, number))


def _key_finder(text: str, file: str, line: int) -> Callable[[str], Place]:
    return lambda column: Place(file, line, max(0, text.find(f'"{column}"')) + 1)


def _entry(row: _Row, expected: Expected) -> Entry | None:
    """The person of a record; None where it has problems, which the record holds then."""
    values = {name: row.values.get(name, "").strip() for name in COLUMNS}
    for name, value in values.items():
        if not value.isascii() and any(unicodedata.category(sign) == "Cs" for sign in value):
            row.wrong(name, "A006", f"the {name} is not UTF-8", "save the file as UTF-8")
    if row.problems:
        return None
    canonical = _canonical(row, values["address"])
    digest, language = _wanted(row, values, expected)
    state = Subscribed.ACTIVE
    try:
        state = Subscribed(values["state"].lower() or "active")
    except ValueError:
        row.wrong("state", "A004", f'no such state: "{values["state"]}"', f"one of {', '.join(Subscribed)}")
    consents = tuple(consent for name in _ACTS if (consent := _consent(row, name, values)))
    if row.problems:
        return None
    return Entry(digest, values["address"], canonical, language, state, values["how"], consents)


def _canonical(row: _Row, address: str) -> str:
    try:
        return canonical_address(address)
    except WrongUse as error:
        row.wrong("address", "A001", str(error))
    return ""


def _wanted(row: _Row, values: Mapping[str, str], expected: Expected) -> tuple[str, str]:
    digest = values["digest"] or expected.digest
    languages = expected.languages.get(digest)
    if languages is None:
        known = ", ".join(expected.languages) or "none"
        told = f'no such digest: "{digest}"' if digest else "no digest is named"
        row.wrong("digest", "A002", told, f"there are {known}" if digest else "fill in the column digest, or give --digest")
        return "", ""
    language = values["language"].lower() or (expected.language if expected.language in languages else languages[0])
    if language not in languages:
        row.wrong("language", "A003", f'{digest} is not made in "{language}"', f"one of {', '.join(languages)}")
    return digest, language


def _consent(row: _Row, name: str, values: Mapping[str, str]) -> Consent | None:
    """The proof that a list brings along; None where it has none."""
    text = values[f"{name}_at"]
    if not text:
        return None
    at = _read_moment(text)
    if at is None:
        row.wrong(f"{name}_at", "A005", f'"{text}" is no moment with a zone', "as 2019-03-04T05:06:07Z")
        return None
    return Consent(_ACTS[name], at, values[f"{name}_prefix"], values[f"{name}_agent"], values[f"{name}_wording"])


def _read_moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def roster_row(subscription: Subscription, consents: Iterable[Consent]) -> dict[str, str]:
    """One person as an exported list tells it: the last asking and the last confirmation stand for all."""
    latest = {consent.act: consent for consent in sorted(consents, key=lambda consent: consent.at)}
    row = {
        "digest": subscription.digest,
        "address": subscription.address,
        "language": subscription.language,
        "state": subscription.state.value,
        "how": subscription.how,
        "since": _moment(subscription.changed_at),
    }
    for name, act in _ACTS.items():
        consent = latest.get(act)
        row |= {
            f"{name}_at": _moment(consent.at) if consent else "",
            f"{name}_prefix": consent.prefix if consent else "",
            f"{name}_agent": consent.agent if consent else "",
            f"{name}_wording": consent.wording if consent else "",
        }
    return row


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
