"""YAML files that people write, read with the place of every value and every problem told in their words.

The one home of ruamel.yaml. YAML 1.2: `no` stays text, a repeated key is an error. Plain files go a way ten times as fast (`yaml_events`);
ruamel reads what is left over, and finds the words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode
from ruamel.yaml.reader import ReaderError

from monitor.model.problem import Place, Problem, Severity
from monitor.text.yaml_events import Composed, Mark, Marks, NotPlain, compose, too_deep

_TOO_DEEP = ("has lists or mappings too deep in each other", "write it flatter")
Path_ = tuple[str | int, ...]
MOST_VALUES = 200_000
"""Values in one file, those that stand behind an *alias counted wherever it stands; no file that people write comes near."""


@dataclass(frozen=True, slots=True)
class LocatedFile:
    """A parsed file: plain `data` (dict, list, str, int, float, bool, date, None) and the marks of each key and element."""

    file: str
    data: Any
    marks: Marks = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Where the value at `path` stands; the nearest known parent's place if it has none of its own."""
        mark: Mark | None = None
        inside: Marks | None = self.marks
        for part in path:
            found = inside.get(part) if inside else None
            if found is None:
                break
            mark, _, inside = found
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)

    def key_place(self, *path: str | int) -> Place:
        """Where the key that ends `path` stands."""
        inside: Marks | None = self.marks
        for part in path[:-1]:
            found = inside.get(part) if inside else None
            inside = found[2] if found else None
        found = inside.get(path[-1]) if inside and path else None
        return Place(self.file, found[1].line + 1, found[1].column + 1) if found else self.place(*path)

    def problem(self, path: Path_, code: str, message: str, mend: str = "", severity: Severity = Severity.ERROR) -> Problem:
        """A problem at the value at `path`."""
        return Problem(self.place(*path), code, message, mend, severity)

    def unknown_keys(self, path: Path_, found: Mapping[str, Any], allowed: frozenset[str], code: str) -> list[Problem]:
        """One problem for each key of `found` that is not `allowed`, with the nearest allowed key as the mend."""
        problems = []
        for key in found:
            if key not in allowed:
                close = get_close_matches(str(key), sorted(allowed), n=1)
                mend = f'did you mean "{close[0]}"?' if close else f"known keys: {', '.join(sorted(allowed))}"
                problems.append(Problem(self.key_place(*path, key), code, f'unknown key "{key}"', mend))
        return problems


def read_located(
    file: Path, *, shown_as: str = "", code: str = "E001", duplicate_code: str = "E005"
) -> tuple[LocatedFile | None, list[Problem]]:
    """Read one YAML file.

    Returns:
        The file and no problem, or None and what is wrong with it (unreadable, not UTF-8, not YAML, a key twice).
    """
    name = shown_as or str(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        return None, [Problem(Place(name), code, f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        return None, [Problem(Place(name), code, f"is not UTF-8 (byte {error.start})", "save the file as UTF-8")]
    return parse_located(text, name, code=code, duplicate_code=duplicate_code)


def parse_located(
    text: str, name: str, *, code: str = "E001", duplicate_code: str = "E005"
) -> tuple[LocatedFile | None, list[Problem]]:
    """As `read_located`, for text in hand; `name` is the file name shown in places."""
    try:
        data, marks = compose(text)
    except NotPlain:
        return _thoroughly(text, name, code, duplicate_code)
    return LocatedFile(name, data, marks or {}), []


def _thoroughly(text: str, name: str, code: str, duplicate_code: str) -> tuple[LocatedFile | None, list[Problem]]:
    if too_deep(text):
        return None, [Problem(Place(name), code, *_TOO_DEEP)]
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    try:
        tree = yaml.load(text)
    except DuplicateKeyError as error:
        return None, [
            Problem(_mark(name, error), duplicate_code, _duplicate_words(error), "keep one of them: the other would be lost")
        ]
    except MarkedYAMLError as error:
        return None, [Problem(_mark(name, error), code, f"does not parse: {error.problem or error}", _yaml_mend(text, error))]
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        words = f"holds the control character U+{_ordinal(error):04X}, which YAML does not allow"
        return None, [Problem(Place(name, line, column), code, words, "delete it: it cannot be seen, but stands there")]
    except RecursionError:
        return None, [Problem(Place(name), code, *_TOO_DEEP)]
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # ruamel on tags: !!int of nothing, !!set of a text
        return None, [
            Problem(Place(name), code, f"holds a value that cannot be read: {error}", "put dates and numbers in quotes")
        ]
    try:
        data, marks = _plain(tree, _Room(MOST_VALUES))
    except (_Room.Full, RecursionError):
        return None, [Problem(Place(name), code, "says too much with its *aliases", "write out what they stand for")]
    return LocatedFile(name, data, marks or {}), []


def _ordinal(error: ReaderError) -> int:
    found: Any = error.character
    return found if isinstance(found, int) else ord(str(found)[:1] or "?")


def _mark(name: str, error: MarkedYAMLError) -> Place:
    mark = error.problem_mark or error.context_mark
    return Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)


def _duplicate_words(error: MarkedYAMLError) -> str:
    words = str(error.problem or "a key stands twice").split("\n")[0]
    return words.split(" with value")[0].replace("found duplicate key", "this key stands twice:")


def _yaml_mend(text: str, error: MarkedYAMLError) -> str:
    """What to type instead: most broken files lack quotes around a line that holds * @ : or a quote in its middle."""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    if mark is None or mark.line >= len(lines):
        return ""
    line = lines[mark.line].strip()
    if "\t" in lines[mark.line][: mark.column + 1]:
        return "indent with spaces: YAML allows no tabs"
    body = line.removeprefix("- ").strip()
    quoted = "'" + body.replace("'", "''") + "'"
    return f"put the whole text in quotes: {quoted}" if body else ""


class _Mark(NamedTuple):
    line: int
    column: int


class _Room:
    """Counts values down: aliases of aliases of aliases come to more than any machine holds."""

    class Full(Exception):
        """There are more."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Room.Full


def _plain(node: Any, room: _Room) -> Composed:
    """Turn ruamel's tree into plain data, noting marks on the way."""
    room.take()
    if isinstance(node, CommentedMap):
        return _plain_map(node, room)
    if isinstance(node, CommentedSeq):
        items = []
        marks: Marks = {}
        for index, value in enumerate(node):
            # A tagged list after a lone carriage return has no place for its items: theirs is the list's.
            mark = _Mark(*(node.lc.item(index) or (node.lc.line or 0, node.lc.col or 0)))
            item, inside = _plain(value, room)
            items.append(item)
            marks[index] = mark, mark, inside
        return items, marks
    if isinstance(node, TaggedScalar):  # a bare = or a text with a !tag, which means nothing here
        return str(node.value), None
    if isinstance(node, bool) or node is None:
        return node, None
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node), None
    return node, None


def _plain_map(node: CommentedMap, room: _Room) -> Composed:
    result: dict[str, Any] = {}
    marks: Marks = {}
    for key, value in node.items():
        result[str(key)], inside = _plain(value, room)
        marks[str(key)] = _Mark(*node.lc.value(key)), _Mark(*node.lc.key(key)), inside
    return result, marks


class Written(NamedTuple):
    """A value as it stands in a file: characters `start`..`end` (half open), its key's place, and how it is written.

    `style` is a quote for a quoted text, "|" or ">" for a block of text, "" for a bare value; "[" and "{" for what stands in brackets, "-" and
    ":" for lists and mappings by lines (their `end` is where the next thing begins). `key` is where the key that ends `path` begins, -1 in lists.
    """

    path: Path_
    start: int
    end: int
    style: str
    key: int = -1


def written(text: str) -> list[Written]:
    """Every value of a YAML text, as it is written, in order; nothing for a text that does not parse."""
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except (MarkedYAMLError, ReaderError, RecursionError):
        return []
    return list(_written(root, (), -1)) if root is not None else []


def _written(node: Any, path: Path_, key: int) -> Iterator[Written]:
    inside = node.value if isinstance(node.value, list) else None
    if inside is None:
        style = node.style or ""
    elif isinstance(node, MappingNode):
        style = "{" if node.flow_style else ":"
    else:
        style = "[" if node.flow_style else "-"
    yield Written(path, node.start_mark.index, node.end_mark.index, style, key)
    for index, part in enumerate(inside or ()):
        if isinstance(part, tuple):
            yield from _written(part[1], (*path, str(part[0].value)), part[0].start_mark.index)
        else:
            yield from _written(part, (*path, index), -1)
