"""Brings rule, names and lexicon files into one shape without touching comments or meaning; it changes text, no file.

Edits are made at the places of values, never by writing the file anew, and one that would change what the file says is not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.rules.names import ENTRY_KEYS, LEXICON_KEYS, NAMES_KEYS
from monitor.rules.read_examples import EXAMPLE_KEYS, KINDS
from monitor.rules.read_match import CONDITION_KINDS, CUE_KEYS, DIRECTION_KEYS, MASK_KEYS, MATCH_KEYS, VETO_KEYS
from monitor.rules.read_rule import RULE_KEYS, SCOPE_KEYS
from monitor.rules.voice import DIGEST_KEYS
from monitor.text.located_yaml import Path_, Written, parse_located, written

Edit = tuple[int, int, str]
"""Characters `start`..`end` (half open) become this text."""

_CONDITION = (*CONDITION_KINDS, "within", "order", "in")
_CUE = ("anchor", *(key for key in CUE_KEYS if key != "anchor"))
_APART = frozenset({"terms", "match", "direction", "digest", "tests", "names"})
# Where a mapping stands ("*" for any key or index) → the order of its keys.
_ORDERS: Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]] = {
    "rule": {
        (): RULE_KEYS,
        ("scope",): SCOPE_KEYS,
        ("match",): MATCH_KEYS,
        ("match", "score", "*"): (*_CONDITION, "weight"),
        ("match", "mask", "*"): MASK_KEYS,
        ("match", "veto", "*"): (*_CONDITION, *VETO_KEYS),
        ("direction",): DIRECTION_KEYS,
        ("direction", "improves", "*"): (*_CONDITION, *_CUE),
        ("direction", "worsens", "*"): (*_CONDITION, *_CUE),
        ("digest",): DIGEST_KEYS,
        ("tests",): KINDS,
        ("tests", "*", "*"): EXAMPLE_KEYS,
    },
    "names": {(): NAMES_KEYS, ("names", "*"): ENTRY_KEYS},
    "lexicon": {(): LEXICON_KEYS},
}
# Where terms stand: everything below these places.
_TERMS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "rule": (("terms", "*"), ("match", "mask", "*", "terms"), ("match", "veto", "*", "terms")),
    "names": (("names", "*", "variants"),),
    "lexicon": (("terms",), ("exceptions",)),
}
_ROUNDS = 6


def formatted(text: str) -> str:
    """The file in canonical shape: keys in order, terms in quotes, no trailing spaces; a file that does not parse comes back as it was.

    What it says stays the same to the last value, comments stay with what they stand before, and doing it twice changes nothing.
    """
    for _ in range(_ROUNDS):
        before = text
        for step in (quote_terms, _order_entries, _order_blocks, _tidy):
            text = _if_it_says_the_same(text, step(text))
        if text == before:
            break
    return text


def _if_it_says_the_same(before: str, after: str) -> str:
    if before == after:
        return before
    one, other = _data(before), _data(after)
    return after if one is not None and one == other else before


def _data(text: str) -> Any:
    located, _ = parse_located(text, "")
    return located.data if located else None


def kind_of(data: Any) -> str:
    """What a parsed file is: rule, names or lexicon."""
    keys = set(data) if isinstance(data, dict) else set()
    if "names" in keys:
        return "names"
    return "lexicon" if "terms" in keys and not keys & {"match", "tests", "version"} else "rule"


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they must not overlap."""
    for start, end, new in sorted(set(edits), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def quote_terms(text: str) -> str:
    """Every bare term in quotes: a star, an @ or a colon in it then breaks nothing."""
    data = _data(text)
    places = _TERMS[kind_of(data)]
    edits = []
    for value in written(text):
        bare = not value.style and any(_below(value.path, place) for place in places)
        found = _at(data, value.path) if bare else None
        if isinstance(found, str) and found:
            edits.append((value.start, value.end, quoted(found)))
    return edited(text, edits)


def quoted(value: str) -> str:
    """A text in quotes for YAML; double ones, unless it holds a sign that they would read as their own."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _below(path: Path_, place: tuple[str, ...]) -> bool:
    return len(path) > len(place) and _fits(path[: len(place)], place)


def _fits(path: Path_, place: tuple[str, ...]) -> bool:
    return len(path) == len(place) and all(wanted in ("*", part) for part, wanted in zip(path, place, strict=True))


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _mappings(text: str) -> list[tuple[Written, list[Written], tuple[str, ...]]]:
    """Mappings whose keys have an order, with their values and that order; only those that are out of order."""
    orders = _ORDERS[kind_of(_data(text))]
    values = written(text)
    children: dict[Path_, list[Written]] = {}
    for value in values:
        if value.path:
            children.setdefault(value.path[:-1], []).append(value)
    found = []
    for value in values:
        order = next((keys for place, keys in orders.items() if _fits(value.path, place)), None)
        inside = children.get(value.path, [])
        if order and value.style in ("{", ":") and _sorted(inside, order) != inside:
            found.append((value, inside, order))
    return found


def _sorted(values: list[Written], order: tuple[str, ...]) -> list[Written]:
    ranks = {key: rank for rank, key in enumerate(order)}
    return sorted(values, key=lambda value: ranks.get(str(value.path[-1]), len(ranks)))


def _order_entries(text: str) -> str:
    """Mappings of short values: each pair moves into the slot of another, so that what stands between them stays."""
    edits: list[Edit] = []
    for _, inside, order in _mappings(text):
        within = text[inside[0].key : inside[-1].end]
        if "#" in within or any("\n" in text[value.key : value.end] for value in inside):
            continue
        pairs = [text[value.key : value.end] for value in _sorted(inside, order)]
        edits.extend((value.key, value.end, pair) for value, pair in zip(inside, pairs, strict=True))
    return edited(text, edits)


def _order_blocks(text: str) -> str:
    """Mappings by lines: whole blocks move, with the comments right above them."""
    for place in range(len(_mappings(text))):
        found = _mappings(text)
        if place >= len(found):
            break
        value, inside, order = found[place]
        if value.style == ":":
            text = _if_it_says_the_same(text, _moved(text, inside, order))
    return text


def _moved(text: str, inside: list[Written], order: tuple[str, ...]) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    heads = [text.count("\n", 0, value.key) for value in inside]
    column = inside[0].key - (text.rfind("\n", 0, inside[0].key) + 1)
    if len(set(heads)) < len(heads) or text[inside[0].key - column : inside[0].key].strip():
        return text
    # comments right above a key move with it; those above the first key belong to the file
    starts = [heads[0], *(_with_comments(lines, head, heads[0]) for head in heads[1:])]
    end = text.count("\n", 0, inside[-1].end)
    if (
        text[inside[-1].end - 1 : inside[-1].end] != "\n"
        and text[text.rfind("\n", 0, inside[-1].end) + 1 : inside[-1].end].strip()
    ):
        end += 1
    while end > heads[-1] + 1 and _outside(lines[end - 1], column):
        end -= 1
    bounds = [*starts, end]
    chunks = {value.path: lines[bounds[at] : bounds[at + 1]] for at, value in enumerate(inside)}
    rest = [_chunk(chunks[value.path], value, first=at == 0) for at, value in enumerate(_sorted(inside, order))]
    return "".join([*lines[: starts[0]], *(line for chunk in rest for line in chunk), *lines[end:]])


def _with_comments(lines: list[str], head: int, least: int) -> int:
    while head - 1 > least and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    return head


def _outside(line: str, column: int) -> bool:
    """Whether a line at the end of a block belongs to what follows: blank, or a comment further left."""
    bare = line.strip()
    return not bare or (bare.startswith("#") and len(line) - len(line.lstrip()) < column)


def _chunk(lines: list[str], value: Written, *, first: bool) -> list[str]:
    """A block without blank lines at its ends, and with one above it where it stands apart."""
    body = list(lines)
    while body and not body[-1].strip():
        body.pop()
    while body and not body[0].strip():
        body.pop(0)
    apart = len(value.path) == 1 and value.path[0] in _APART and len(body) > 1 and not first
    return ["\n", *body] if apart else body


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, no two blank lines together, one line end at the end; texts over several lines are left alone."""
    kept: set[int] = set()
    for value in written(text):
        if value.style not in ("{", "[", ":", "-") and "\n" in text[value.start : value.end]:
            kept.update(range(text.count("\n", 0, value.start), text.count("\n", 0, value.end)))
    found: list[str] = []
    for number, line in enumerate(text.split("\n")):
        short = line if number in kept else line.rstrip()
        if short or number in kept or (found and found[-1]):
            found.append(short)
    while found and not found[-1].strip():
        found.pop()
    return "\n".join(found) + "\n" if found else ""
