"""Reads `rules/expectations.yml`, how often rules should match in which part of the archive, and holds counts against it; it reads no archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.model.problem import Place, Problem
from monitor.rules.reading import Path_, Reader, kind, nearest
from monitor.rules.schema import Rule
from monitor.rules.trial import Outcome, Seen
from monitor.text.located_yaml import read_located

EXPECTATIONS_FILE = "expectations.yml"
FILE_KEYS = ("expectations",)
KEYS = ("rule", "since", "until", "langs", "exactly", "at_least", "at_most", "why")
COUNTS = ("exactly", "at_least", "at_most")
_WRITE = "write {rule: my-rule, since: 2026-01-01, until: 2026-07-01, at_least: 10}"


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many articles of a part of the archive a rule should match. `since` is inside, `until` is not; both are days in UTC."""

    rule: str
    place: Place
    since: date | None = None
    until: date | None = None
    langs: tuple[str, ...] = ()
    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    why: str = ""

    def covers(self, seen: Seen) -> bool:
        """Whether an article is of its part; one without a date is of no part that has an end."""
        if self.langs and seen.language not in self.langs:
            return False
        if self.since is None and self.until is None:
            return True
        day = seen.published.date()
        return seen.dated and (self.since is None or day >= self.since) and (self.until is None or day < self.until)

    def holds(self, hits: int) -> bool:
        """Whether so many matches are as expected."""
        least = self.at_least if self.exactly is None else self.exactly
        most = self.at_most if self.exactly is None else self.exactly
        return (least is None or hits >= least) and (most is None or hits <= most)

    @property
    def wish(self) -> str:
        """The count expected, in words: "at least 10, at most 40"."""
        counts = {"exactly": self.exactly, "at least": self.at_least, "at most": self.at_most}
        return ", ".join(f"{word} {number}" for word, number in counts.items() if number is not None)

    @property
    def part(self) -> str:
        """The part of the archive, in words: "since 2026-08-01, before 2026-11-01, be ru"; "all articles" where nothing narrows it."""
        words = [f"since {self.since}" if self.since else "", f"before {self.until}" if self.until else "", " ".join(self.langs)]
        return ", ".join(filter(None, words)) or "all articles"


@dataclass(slots=True)
class Checked:
    """An expectation and what the archive said: the `articles` of its part, and the `hits` of its rule among them."""

    expectation: Expectation
    articles: int = 0
    hits: int = 0

    @property
    def failed(self) -> bool:
        """True where the count is another one than expected; an empty part fails whoever expects something of it."""
        return not self.expectation.holds(self.hits)

    @property
    def idle(self) -> bool:
        """True where it holds only because its part of the archive is empty: that says nothing."""
        return not self.articles and not self.failed

    @property
    def told(self) -> str:
        """What came of it: "expected at least 10, found 3 in 812 articles"."""
        count = "1 article" if self.articles == 1 else f"{self.articles:,} articles"
        where = f" in {count}" if self.articles else ": the archive has none of these articles"
        return f"expected {self.expectation.wish}, found {self.hits:,}{where}"


class ExpectationCount:
    """Counts outcomes for expectations, article by article."""

    def __init__(self, expectations: Iterable[Expectation]) -> None:
        self.checked = tuple(Checked(expectation) for expectation in expectations)

    def take(self, seen: Seen, outcome: Outcome) -> None:
        """Count one article."""
        for one in self.checked:
            if one.expectation.covers(seen):
                one.articles += 1
                one.hits += outcome.match(one.expectation.rule) is not None


def read_expectations(folder: Path, rules: Mapping[str, Rule]) -> tuple[tuple[Expectation, ...], list[Problem]]:
    """The expectations of a folder of rules in the order written, and all that is wrong with them; none where there is no such file.

    Args:
        rules: Those of the folder by id; an expectation of another one, or of a draft, is a mistake.
    """
    file = folder / EXPECTATIONS_FILE
    if not file.is_file():
        return (), []
    located, problems = read_located(file)
    if located is None:
        return (), problems
    reader = Reader(located)
    data = reader.mapping(located.data, (), FILE_KEYS)
    if not reader.problems:
        reader.required(data, (), FILE_KEYS)
    entries = reader.sequence(data.get("expectations"), ("expectations",))
    found = [_expectation(reader, entry, ("expectations", place), rules) for place, entry in enumerate(entries)]
    return tuple(filter(None, found)), reader.problems


def _expectation(reader: Reader, entry: Any, path: Path_, rules: Mapping[str, Rule]) -> Expectation | None:
    if not isinstance(entry, dict):
        reader.add(path, "E004", f"must be a mapping, is {kind(entry)}", _WRITE)
        return None
    data = reader.mapping(entry, path, KEYS)
    reader.required(data, path, ("rule",))
    rule = reader.text(data, path, "rule")
    if rule and rule not in rules:
        reader.add((*path, "rule"), "E015", f'no rule has the id "{rule}"', nearest(rule, rules))
    elif rule and not rules[rule].runs:
        reader.add((*path, "rule"), "E015", f'"{rule}" is a draft, which never runs', "give it status: shadow first")
    languages = reader.texts(data, path, "langs")
    for place, code in enumerate(languages):
        reader.language(code, (*path, "langs", place) if isinstance(data["langs"], list) else (*path, "langs"))
    counts = {key: reader.whole(data, path, key, 0) for key in COUNTS if data.get(key) is not None}
    found = Expectation(
        rule,
        reader.place(path),
        since=reader.day(data, path, "since"),
        until=reader.day(data, path, "until"),
        langs=languages,
        why=reader.text(data, path, "why"),
        **counts,
    )
    _check(reader, found, path)
    return found


def _check(reader: Reader, found: Expectation, path: Path_) -> None:
    """Note what contradicts itself."""
    if found.exactly is None and found.at_least is None and found.at_most is None:
        reader.add(path, "E003", "no count is expected", "add exactly: …, at_least: … or at_most: …")
    if found.exactly is not None and (found.at_least is not None or found.at_most is not None):
        reader.add((*path, "exactly"), "E004", "exactly leaves no room for at_least and at_most", "keep one of them")
    if found.at_least is not None and found.at_most is not None and found.at_least > found.at_most:
        reader.add(
            (*path, "at_least"), "E004", f"at least {found.at_least} and at most {found.at_most} cannot both be", "swap them"
        )
    if found.since and found.until and found.since >= found.until:
        reader.add(
            (*path, "until"),
            "E004",
            f"no day lies since {found.since} and before {found.until}",
            "until is the first day that no longer counts",
        )
