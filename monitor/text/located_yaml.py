"""YAML files that people write, read with the place of every value and every problem told in their words.

The one home of ruamel.yaml. YAML 1.2: `no` stays text, a repeated key is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from monitor.model.problem import Place, Problem, Severity

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class LocatedFile:
    """A parsed file: plain `data` (dict, list, str, int, float, bool, None) and the place of each key and element."""

    file: str
    data: Any
    places: Mapping[Path_, Place] = field(default_factory=dict)
    key_places: Mapping[Path_, Place] = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Where the value at `path` stands; the nearest known parent's place if it has none of its own."""
        for length in range(len(path), -1, -1):
            found = self.places.get(tuple(path[:length]))
            if found:
                return found
        return Place(self.file, 1, 1)

    def key_place(self, *path: str | int) -> Place:
        """Where the key that ends `path` stands."""
        return self.key_places.get(tuple(path)) or self.place(*path)

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
    places: dict[Path_, Place] = {(): Place(name, 1, 1)}
    key_places: dict[Path_, Place] = {}
    data = _plain(tree, (), name, (places, key_places))
    return LocatedFile(name, data, places, key_places), []


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


Places = tuple[dict[Path_, Place], dict[Path_, Place]]


def _plain(node: Any, path: Path_, name: str, places: Places) -> Any:
    """Turn ruamel's tree into plain data, noting places on the way."""
    if isinstance(node, CommentedMap):
        return _plain_map(node, path, name, places)
    if isinstance(node, CommentedSeq):
        items = []
        for index, value in enumerate(node):
            line, column = node.lc.item(index)
            places[0][(*path, index)] = Place(name, line + 1, column + 1)
            items.append(_plain(value, (*path, index), name, places))
        return items
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node


def _plain_map(node: CommentedMap, path: Path_, name: str, places: Places) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in node.items():
        here = (*path, str(key))
        line, column = node.lc.key(key)
        places[1][here] = Place(name, line + 1, column + 1)
        line, column = node.lc.value(key)
        places[0][here] = Place(name, line + 1, column + 1)
        result[str(key)] = _plain(value, here, name, places)
    return result
