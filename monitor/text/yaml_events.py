"""The quick way through a plain YAML file: data and places from libyaml's nodes; what is not plain or not right, it leaves to another.

The one home of PyYAML, of which it takes the parser alone: what a value means is decided here, as YAML 1.2 has it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from yaml import YAMLError
from yaml.cyaml import CParser
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import ScalarNode, SequenceNode

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
# Besides, anchors and directives, which leave no trace in nodes; and a # right after the sign of a block of text.
_DOUBTFUL = (
    *map(re.compile, ("\t", "\x85", "\u2028", "\u2029", "\ufeff")),
    re.compile(r":(?<=[\s\[{,]:)[^\s,\]}]"),
    re.compile(r"\?(?<=[\s\[{,]\?)"),
    re.compile(r"&(?<=[^\w=&%?;./]&)\S"),
    re.compile(r"\n%"),
    re.compile(r"[|>][-+0-9]*#"),
)
_UNQUOTED = (True, False)
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


class _Parser(CParser):  # type: ignore[misc]  # libyaml's binding is untyped
    """Builds nodes that say how a scalar is written instead of what it is; goes down so far and no further."""

    depth = 0

    def descend_resolver(self, _parent: Any, _index: Any) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotPlain

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def resolve(self, _kind: Any, _value: Any, implicit: Any) -> Any:
        return implicit


def compose(text: str) -> Composed:
    """The data of a YAML text, and where its parts stand.

    Raises:
        NotPlain: The text is wrong somewhere, or uses what this reader does not know (anchors, tags, directives, several documents,
            rare ways to write a number, more than `DEEPEST` levels).
    """
    if text.startswith((":", "?", "&", "%")) or any(doubtful.search(text) for doubtful in _DOUBTFUL):
        raise NotPlain
    try:
        node = _Parser(text).get_single_node()
    except (YAMLError, UnicodeEncodeError) as error:
        raise NotPlain from error
    if type(node) is ScalarNode and node.style in ("|", ">"):
        raise NotPlain
    return (None, None) if node is None else _taken(node)


def too_deep(text: str) -> bool:
    """Whether lists and mappings stand deeper in each other than `DEEPEST`, before anything is wrong: told in one quick pass.

    The thorough reader takes minutes for a page of opening brackets.
    """
    depth = 0
    try:
        parser = CParser(text)
        while (event := parser.get_event()) is not None:
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > DEEPEST:
                return True
    except (YAMLError, UnicodeEncodeError):
        return False
    return False


def _taken(node: Any) -> Composed:
    kind = type(node)
    if kind is ScalarNode:
        return _scalar(node), None
    if node.tag is not True:
        raise NotPlain
    marks: Marks = {}
    if kind is SequenceNode:
        items: list[Any] = []
        for index, child in enumerate(node.value):
            value, inside = (_scalar(child), None) if type(child) is ScalarNode else _taken(child)
            items.append(value)
            marks[index] = child.start_mark, child.start_mark, inside
        return items, marks
    data: dict[str, Any] = {}
    for key_node, child in node.value:
        if type(key_node) is not ScalarNode or (key := str(_scalar(key_node))) in data:
            raise NotPlain
        data[key], inside = (_scalar(child), None) if type(child) is ScalarNode else _taken(child)
        marks[key] = child.start_mark, key_node.start_mark, inside
    return data, marks


def _scalar(node: Any) -> Any:
    """What a scalar means by the core schema of YAML 1.2, dates besides; its tag is how it is written."""
    tag = node.tag
    if tag == _UNQUOTED:
        return plain(node.value)
    if type(tag) is tuple:
        return node.value
    raise NotPlain


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
