"""Reads the inline tests of a rule; `examples.py` runs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.model.feed import Stance
from monitor.model.match import Direction
from monitor.rules.read_match import SOURCES
from monitor.rules.reading import Path_, Reader, nearest
from monitor.rules.schema import Example, Term

KINDS = ("should_match", "should_not_match", "todo_match")
EXAMPLE_KEYS = (
    "lang",
    "title",
    "body",
    "source_country",
    "source_stance",
    "source_feed",
    "direction",
    "hits",
    "words",
    "because",
    "score",
    "note",
)
_SIDES = tuple(side.value for side in Direction)
_STANCES = tuple(stance.value for stance in Stance)
_STOPS = re.compile(r"veto:\d+|require:.+|threshold|languages")


def read_examples(reader: Reader, value: Any, terms: Mapping[str, Term]) -> tuple[Example, ...]:
    """The `tests` block. Unknown keys and assertions that cannot come true are E014."""
    path: Path_ = ("tests",)
    data = reader.mapping(value, path)
    reader.problems.extend(reader.file.unknown_keys(path, data, frozenset(KINDS), "E014"))
    return tuple(
        example
        for kind in KINDS
        for index, entry in enumerate(reader.sequence(data.get(kind), (*path, kind)))
        if (example := read_example(reader, entry, (*path, kind, index), terms))
    )


def read_example(
    reader: Reader, entry: Any, path: Path_, terms: Mapping[str, Term], keys: tuple[str, ...] = EXAMPLE_KEYS
) -> Example | None:
    """One test, whose kind and number end `path`."""
    data = reader.mapping(entry, path)
    if not data:
        return None
    reader.problems.extend(reader.file.unknown_keys(path, data, frozenset(keys), "E014"))
    if not data.get("title") and not data.get("body"):
        reader.add(path, "E003", "neither title nor body", "write title: …")
    hits = reader.texts(data, path, "hits")
    for name in hits:
        if name not in terms:
            reader.add((*path, "hits"), "E014", f'hits: no term "{name}"', nearest(name, terms))
    words = reader.texts(data, path, "words")
    for stretch in words:
        if not any(stretch in str(data.get(part) or "") for part in ("title", "body")):
            reader.add(
                (*path, "words"), "E014", f'words: "{stretch}" stands neither in title nor body', "copy it letter by letter"
            )
    kind = str(path[-2])
    direction = reader.choice(data, path, "direction", _SIDES, "")
    because = _because(reader, data, path, terms)
    if because and kind == "should_match":
        reader.add((*path, "because"), "E014", "because says what stops a rule; this test wants a match", "drop it")
    return Example(
        kind=kind,
        index=int(path[-1]),
        place=reader.place(path),
        title=reader.text(data, path, "title"),
        body=reader.text(data, path, "body"),
        language=reader.language(data["lang"], (*path, "lang")) if "lang" in data else "",
        country=reader.text(data, path, "source_country").lower(),
        stance=reader.choice(data, path, "source_stance", _STANCES, ""),
        feed=reader.text(data, path, "source_feed"),
        direction=Direction(direction) if direction else None,
        hits=hits,
        words=words,
        because=because,
        score=reader.number(data, path, "score") if "score" in data else None,
        note=reader.text(data, path, "note"),
    )


def _because(reader: Reader, data: Mapping[str, Any], path: Path_, terms: Mapping[str, Term]) -> str:
    because = reader.text(data, path, "because")
    if not because:
        return ""
    named = because.removeprefix("require:")
    known = {*(name for name in terms if ":" not in name), "near", "any", "all", *SOURCES}
    if not _STOPS.fullmatch(because) or (named != because and named not in known):
        stops = [*(f"require:{name}" for name in known), "threshold", "languages", "veto:0"]
        reader.add((*path, "because"), "E014", f'nothing can stop a rule at "{because}"', nearest(because, stops))
    return because
