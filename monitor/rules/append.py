"""Adds an item to a list of a rule file as text, so that comments and layout stay; it knows no rule and opens no file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from monitor.rules.format import edited
from monitor.text.located_yaml import Path_, Written, parse_located, written


def with_item(text: str, path: Sequence[str], item: str) -> str:
    """The text with `item`, one line of YAML, at the end of the list at `path`; the list is made where it is missing.

    Raises:
        ValueError: The text does not parse, something other than a list stands there, or the result would say anything else besides.
    """
    values = {value.path: value for value in written(text)}
    wanted = tuple(path)
    known = next((wanted[:length] for length in range(len(wanted), -1, -1) if wanted[:length] in values), None)
    if known is None:
        raise ValueError("the file does not parse")
    there, rest = values[known], wanted[len(known) :]
    if not rest and there.style not in ("[", "-"):
        raise ValueError(f"{'.'.join(wanted)} is not a list")
    if rest and there.style not in ("{", ":"):
        raise ValueError(f"{'.'.join(known)} is not a mapping")
    after = (
        _inside_brackets(text, values, there, rest, item) if there.style in "[{" else _by_lines(text, values, there, rest, item)
    )
    if _data(after) != _appended(_data(text), wanted, _data(item)):
        raise ValueError(f"{'.'.join(wanted)} is written in a way that only a person can add to")
    return after


def _inside_brackets(text: str, values: dict[Path_, Written], there: Written, rest: Path_, item: str) -> str:
    for name in reversed(rest[1:]):
        item = f"{{{name}: [{item}]}}" if name == rest[-1] else f"{{{name}: {item}}}"
    if rest:
        item = f"{rest[0]}: {item if len(rest) > 1 else f'[{item}]'}"
    inner = [value.end for path, value in values.items() if path[:-1] == there.path and path != there.path]
    at = max(inner, default=there.start + 1)
    return edited(text, [(at, at, f", {item}" if inner else item)])


def _by_lines(text: str, values: dict[Path_, Written], there: Written, rest: Path_, item: str) -> str:
    """After the last line of what stands there, comments behind it included."""
    leaves = [
        value.end for path, value in values.items() if path[: len(there.path)] == there.path and value.style not in ("-", ":")
    ]
    last = len(text[: max(leaves)].rstrip()) if leaves else there.end
    at = text.find("\n", last)
    at = len(text) if at < 0 else at
    indent = there.start - (text.rfind("\n", 0, there.start) + 1)
    lines = [f"{' ' * (indent + 2 * depth)}{name}:" for depth, name in enumerate(rest)]
    lines.append(f"{' ' * (indent + 2 * len(rest))}- {item}")
    return text[:at] + "\n" + "\n".join(lines) + (text[at:] or "\n")


def _data(text: str) -> Any:
    located, _ = parse_located(text, "")
    return located.data if located else None


def _appended(data: Any, path: Path_, item: Any) -> Any:
    """Plain data with the item at the end of the list at `path`."""
    if not path:
        return [*(data or []), item]
    here = data if isinstance(data, dict) else {}
    return {**here, path[0]: _appended(here.get(path[0]), path[1:], item)}


def next_version(text: str, today: date) -> str:
    """The text with its version raised by one and `modified` set, where they stand."""
    edits = []
    for value in written(text):
        if value.path == ("version",) and text[value.start : value.end].isdigit():
            edits.append((value.start, value.end, str(int(text[value.start : value.end]) + 1)))
        if value.path == ("modified",):
            edits.append((value.start, value.end, today.isoformat()))
    return edited(text, edits)
