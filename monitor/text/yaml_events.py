"""The quick way through a plain YAML file: data and places from libyaml's events; what is not plain or not right, it leaves to another.

The one home of PyYAML, of which it takes the parser alone: what a value means is decided here, as YAML 1.2 has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from yaml import YAMLError, events

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML built without libyaml: every file goes the thorough way.
    CParser = None

DEEPEST = 60
"""Lists and mappings inside each other; no file that people write comes near."""


class Mark(Protocol):
    """A point in a text, both numbers from 0."""

    @property
    def line(self) -> int:
        """Lines before it."""

    @property
    def column(self) -> int:
        """Characters before it in its line."""


Marks = dict[str | int, tuple[Mark, Mark, "Marks | None"]]
"""For each key or index: where the value stands, where the key does, and the same for what is inside the value."""
Composed = tuple[Any, Marks | None]

# Where the two parsers part: line ends that YAML 1.2 no longer knows, tabs, ":" and "?" before a letter at the start of a word.
_DOUBTFUL = re.compile(r"[\t\x85\u2028\u2029\ufeff]|(?:^|[\s\[{,]):[^\s,\]}]|(?:^|[\s\[{,])\?", re.MULTILINE)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
# Either begins as no number or date does, or holds a character that none has.
_SURELY_TEXT = re.compile(r"[^-+.0-9=<!&*]|[-+](?![-+.0-9_])|[0-9].*[^-+.:0-9_a-fA-FxotTzZ \t]", re.ASCII | re.DOTALL)


class NotPlain(Exception):
    """The file holds something that this reader leaves to the thorough one."""


@dataclass(slots=True)
class _Composer:
    next: Callable[[], Any]
    depth: int = 0

    def document(self) -> Composed:
        self.expect(events.StreamStartEvent)
        start = self.expect(events.DocumentStartEvent)
        if start.version or start.tags:
            raise NotPlain
        found = self.node(self.next())
        self.expect(events.DocumentEndEvent)
        self.expect(events.StreamEndEvent)
        return found

    def expect(self, kind: type[Any]) -> Any:
        event = self.next()
        if type(event) is not kind:
            raise NotPlain
        return event

    def node(self, event: Any) -> Composed:
        kind = type(event)
        if kind is events.AliasEvent or event.anchor or event.tag:
            raise NotPlain
        if kind is events.ScalarEvent:
            return scalar(event), None
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotPlain
        found = self.mapping() if kind is events.MappingStartEvent else self.sequence()
        self.depth -= 1
        return found

    def mapping(self) -> Composed:
        data: dict[str, Any] = {}
        marks: Marks = {}
        for key_event in self.until(events.MappingEndEvent):
            if type(key_event) is not events.ScalarEvent or key_event.anchor or key_event.tag:
                raise NotPlain
            key = str(scalar(key_event))
            if key in data:
                raise NotPlain
            event = self.next()
            data[key], inside = self.node(event)
            marks[key] = event.start_mark, key_event.start_mark, inside
        return data, marks

    def sequence(self) -> Composed:
        data: list[Any] = []
        marks: Marks = {}
        for index, event in enumerate(self.until(events.SequenceEndEvent)):
            value, inside = self.node(event)
            data.append(value)
            marks[index] = event.start_mark, event.start_mark, inside
        return data, marks

    def until(self, end: type[Any]) -> Iterator[Any]:
        while type(event := self.next()) is not end:
            yield event


def compose(text: str) -> Composed:
    """The data of a YAML text, and where its parts stand.

    Raises:
        NotPlain: The text is wrong somewhere, or uses what this reader does not know (anchors, tags, directives, several documents,
            rare ways to write a number, more than `DEEPEST` levels).
    """
    if CParser is None or _DOUBTFUL.search(text):
        raise NotPlain
    try:
        parser = CParser(text)
        try:
            return _Composer(parser.get_event).document()
        finally:
            parser.dispose()
    except (YAMLError, UnicodeEncodeError) as error:
        raise NotPlain from error


def scalar(event: Any) -> Any:
    """What a scalar means by the core schema of YAML 1.2, dates besides."""
    return plain(event.value) if event.implicit[0] else event.value


@lru_cache(maxsize=1 << 14)
def plain(value: str) -> Any:
    """What is written without quotes."""
    if value in _WORDS:
        return _WORDS[value]
    if _SURELY_TEXT.match(value):
        return value
    if _INTEGER.fullmatch(value):
        return int(value)
    if _DECIMAL.fullmatch(value):
        return float(value)
    found = _DAY.fullmatch(value)
    if found is None:
        raise NotPlain
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return value
