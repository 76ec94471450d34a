"""Marks that people give stored articles, "relevant for this rule or not": one format, one reader; it opens no file and no database.

They stand in `rules/labels.jsonl`, beside the rules they are about, one JSON object a line: git keeps who marked what and when, and a line can
be read, sorted and merged by hand. A later line for the same article and rule replaces an earlier one; nothing is ever rewritten, and a
mark is withdrawn by a line whose `relevant` is null. Every line must be a mark: one that is not is an error with its place, never passed over.
Marks of the store (readers' answers, the desk) count as well, below the file: readers' first, then the desk's, then the command line's.
Judgements of whole articles ("these rules and no other") are no marks: they come with the articles, as `labels`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.model.errors import WrongFiles
from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.model.match import Direction, Document
from monitor.model.problem import Place, Problem
from monitor.rules.marks import UNJUDGED, Judged
from monitor.rules.quality import Labelled

FILE = "labels.jsonl"
"""The name of the labels file in a folder of rules."""


@dataclass(frozen=True, slots=True)
class Label:
    """One mark. `id` and `url` are the article's; `direction` is what the rule should say of it, None where not judged; `at` is UTC.

    `relevant` is None where the mark is withdrawn. `source` and `edition` say where it was made; `url` is "" where only the id is known.
    """

    id: str
    url: str
    rule: str
    relevant: bool | None
    direction: Direction | None
    by: str
    at: datetime
    note: str = ""
    source: MarkSource = MarkSource.CLI
    edition: str = ""

    @property
    def origin(self) -> str:
        """Where it came from, for a list: "cli", "desk", or the edition whose reader answered."""
        return self.edition or self.source.value


def label_line(label: Label) -> str:
    """A mark as one line of the labels file, without its end."""
    data = {key: value for key, value in asdict(label).items() if value not in (None, "") or key in {"by", "relevant"}}
    if label.source is MarkSource.CLI:
        del data["source"]
    return json.dumps({**data, "at": label.at.strftime("%Y-%m-%dT%H:%M:%SZ")}, ensure_ascii=False)


def read_labels(text: str, file: str) -> tuple[Label, ...]:
    """The last mark of each article and rule, withdrawn ones too, in order of their lines.

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
    if value["relevant"] is not None and not isinstance(value["relevant"], bool):
        raise ValueError("relevant is true or false, or null for a mark withdrawn")
    at = datetime.fromisoformat(str(value["at"]))
    direction = Direction(value["direction"]) if value.get("direction") else None
    source = MarkSource(value.get("source") or MarkSource.CLI)
    text = {key: str(value.get(key) or "") for key in ("id", "url", "rule", "by", "note", "edition")}
    moment = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    return Label(
        text["id"],
        text["url"],
        text["rule"],
        value["relevant"],
        direction,
        text["by"],
        moment,
        text["note"],
        source,
        text["edition"],
    )


def label_of(mark: Mark, url: str = "") -> Label:
    """A mark of the store as a label; `url` is its article's, where that is known."""
    relevant = mark.verdict is MarkVerdict.RELEVANT
    return Label(mark.article, url, mark.rule, relevant, None, "", mark.at, "", mark.source, mark.edition)


_RANKS = {MarkSource.EDITION: 0, MarkSource.DESK: 1, MarkSource.CLI: 2}


def in_force(filed: Iterable[Label], marks: Iterable[Mark] = (), urls: Mapping[str, str] | None = None) -> tuple[Label, ...]:
    """What counts: of the store's marks the last one of the strongest source, and above all of them what the labels file says.

    A mark withdrawn in the file is withdrawn wherever it was made. Oldest first; `urls` gives addresses by article id.
    """
    stored = sorted(marks, key=lambda mark: (_RANKS[mark.source], mark.at))
    found = {(mark.article, mark.rule): label_of(mark, (urls or {}).get(mark.article, "")) for mark in stored}
    found |= {(label.id, label.rule): label for label in filed}
    return tuple(sorted((label for label in found.values() if label.relevant is not None), key=lambda label: label.at))


def judged_by_article(labels: Iterable[Label]) -> dict[str, Judged]:
    """Marks in force as judgements, by article id and by address; a rule that nobody marked on an article is unlabelled there."""
    found: dict[str, Judged] = {}
    for label in labels:
        rule = frozenset({label.rule})
        judged = Judged(
            relevant=rule if label.relevant else frozenset(),
            not_relevant=frozenset() if label.relevant else rule,
            direction=label.direction,
        )
        for name in filter(None, (label.id, label.url)):
            found[name] = found.get(name, UNJUDGED).joined(judged)
    return found


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
