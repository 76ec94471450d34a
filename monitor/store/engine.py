"""What a database engine gives to the keepers, and the few words in which two engines differ. It opens no connection itself.

SQL is written once, with `:name` parameters. Where the engines have no common word it says `@word` or `@word(argument)`,
and the engine's dialect puts its own in place. SQL holds no literal with a colon or an at-sign: values are parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from monitor.model.errors import Invariant

Value = str | int | float | bytes | None
Values = Mapping[str, Value]
Row = Mapping[str, Any]
"""Column name → value."""

_WORD = re.compile(r"@([a-z_]+)(?:\(([a-z_]+)\))?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, eq=False)
class Dialect:
    """An engine's own words. `{}` in a word is replaced by its argument.

    Both dialects have: `text int real bytes identity strict` (column types and what follows a table), `texts(p)` and
    `ints(p)` (the members of the JSON list in parameter p), `claim_lock(t)` (rows of t that nobody else is claiming),
    `migration_lock` (a statement that waits for other migrators), `tables` (a relation with the column `name`),
    `counter(t)` (a statement that moves the counter of t.id past the highest id), `search_index` (what makes the words of
    `printed_item` found), `found(p)` (whether row i of it has the words of parameter p), and for that parameter `word` and `and`.
    """

    name: str
    words: Mapping[str, str]

    def speak(self, sql: str) -> str:
        """`sql` with every `@word` replaced.

        Raises:
            Invariant: The dialect lacks a word.
        """
        return _spoken(self, sql)


@cache
def _spoken(dialect: Dialect, sql: str) -> str:
    def replace(found: re.Match[str]) -> str:
        word, argument = found.groups()
        if word not in dialect.words:
            raise Invariant(f"{dialect.name} has no word @{word}")
        return dialect.words[word].format(argument)

    return _WORD.sub(replace, sql)


def storable(text: str) -> str:
    """`text` with NUL and lone surrogates, which databases refuse, replaced one for one by U+FFFD: offsets stay true."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return _UNSTORABLE.sub("\ufffd", text)


def storable_values(values: Values) -> dict[str, Value]:
    """The values of a statement with their texts made `storable`."""
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def listed(members: Iterable[str | int]) -> str:
    """A parameter for `@texts(…)` or `@ints(…)`: any number of members in one parameter."""
    return json.dumps([storable(member) if isinstance(member, str) else member for member in members], ensure_ascii=False)


class Statements(Protocol):
    """Runs statements inside one transaction.

    All methods raise StoreBusy (try again), StoreRefused, StoreFailed, or Invariant where a constraint of the schema is broken.
    """

    def run(self, sql: str, values: Values | None = None) -> list[Row]:
        """One statement; the rows it selects or returns."""
        ...

    def run_many(self, sql: str, rows: Iterable[Values]) -> None:
        """One statement for each of many sets of values; rows it returns are dropped."""
        ...

    def stream(self, sql: str) -> Iterator[Row]:
        """The rows of one statement without holding them all in memory."""
        ...

    def script(self, sql: str) -> None:
        """Several statements separated by semicolons, without parameters."""
        ...


class Engine(Protocol):
    """One database. Safe to use from several threads; a thread has one transaction at a time."""

    dialect: Dialect

    def reading(self) -> AbstractContextManager[Statements]:
        """One snapshot for all statements inside."""
        ...

    def writing(self, *, relaxed: bool = False) -> AbstractContextManager[Statements]:
        """One transaction: durable when the block ends, undone when it raises.

        A `relaxed` one survives the end of this program, but a loss of power may undo it, with those after it: for what the next
        poll reads again anyway. It costs no wait for the disk. A durable one after it makes it durable as well.
        """
        ...

    def backup(self, target: Path) -> None:
        """Write a consistent, checked copy as an SQLite file, replacing `target` in one step."""
        ...

    def before_upgrade(self, version: int) -> None:
        """Keep what a failed migration of a database with this schema version would need."""
        ...

    def close(self) -> None:
        """End all connections; later use raises StoreFailed. Closing twice is harmless."""
        ...


class Keeper:
    """Base of the keepers: holds the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
