"""Marks that people give stored articles, "relevant for this rule or not", as plain JSON Lines; it opens no file.

They stand in `rules/labels.jsonl`, beside the rules they are about: git keeps who marked what and when, and a line can be read, sorted
and merged by hand. A later line for the same article and rule replaces an earlier one; nothing is ever rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.model.errors import WrongFiles
from monitor.model.match import Direction, Document
from monitor.model.problem import Place, Problem
from monitor.rules.quality import Labelled

FILE = "labels.jsonl"
"""The name of the labels file in a folder of rules."""


@dataclass(frozen=True, slots=True)
class Label:
    """One mark. `id` and `url` are the article's; `direction` is what the rule should say of it, None where not judged; `at` is UTC."""

    id: str
    url: str
    rule: str
    relevant: bool
    direction: Direction | None
    by: str
    at: datetime
    note: str = ""


def label_line(label: Label) -> str:
    """A mark as one line of the labels file, without its end."""
    data = {key: value for key, value in asdict(label).items() if value not in (None, "") or key == "by"}
    return json.dumps({**data, "at": label.at.strftime("%Y-%m-%dT%H:%M:%SZ")}, ensure_ascii=False)


def read_labels(text: str, file: str) -> tuple[Label, ...]:
    """The marks in force, in order of their last line.

    Raises:
        WrongFiles: Lines that are no marks, all of them.
    """
    found: dict[tuple[str, str], Label] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            label = _label(json.loads(line))
        except (ValueError, RecursionError) as error:
            mend = '{"id": "…", "url": "…", "rule": "…", "relevant": true, "by": "…", "at": "2026-01-31T12:00:00Z"}'
            problems.append(Problem(Place(file, number, 1), "L001", f"no label: {error}", f"write {mend}"))
            continue
        found.pop((label.id, label.rule), None)
        found[label.id, label.rule] = label
    if problems:
        raise WrongFiles(problems)
    return tuple(found.values())


def _label(value: Any) -> Label:
    value = value if isinstance(value, dict) else {}
    missing = [key for key in ("id", "rule", "relevant", "at") if key not in value]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing")
    if value["relevant"] not in (True, False):
        raise ValueError("relevant is true or false")
    at = datetime.fromisoformat(str(value["at"]))
    direction = Direction(value["direction"]) if value.get("direction") else None
    text = {key: str(value.get(key) or "") for key in ("id", "url", "rule", "by", "note")}
    moment = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    return Label(text["id"], text["url"], text["rule"], bool(value["relevant"]), direction, text["by"], moment, text["note"])


def labelled_articles(labels: Iterable[Label], documents: Mapping[str, Document], rules: Iterable[str]) -> tuple[Labelled, ...]:
    """Marks as labelled articles. A rule that nobody marked on an article is neither right nor wrong there.

    The article's direction is that of its relevant marks where they agree; marks of articles that are not in `documents` are left out.
    """
    by_article: dict[str, list[Label]] = {}
    for label in labels:
        by_article.setdefault(label.id, []).append(label)
    every = frozenset(rules)
    found = []
    for name, marks in by_article.items():
        if name in documents:
            required = frozenset(mark.rule for mark in marks if mark.relevant)
            directions = {mark.direction for mark in marks if mark.relevant}
            direction = directions.pop() if len(directions) == 1 else None
            allowed = every - {mark.rule for mark in marks}
            found.append(Labelled(documents[name], required, allowed, direction))
    return tuple(found)
