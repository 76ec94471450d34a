"""One draft tried in full: what is wrong with it, what it finds beside the saved rule, its examples, and what labelled articles say."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.model.errors import WrongFiles
from monitor.model.match import Document
from monitor.model.problem import Problem, Severity
from monitor.polling import document_of
from monitor.rules.compare import Change, RuleChange, compare_rules
from monitor.rules.examples import ExampleReport, run_examples
from monitor.rules.labels import FILE, Label, judged_by_article, labelled_articles
from monitor.rules.quality import Labelled, Tally, evaluate_quality
from monitor.rules.schema import RuleCheck
from monitor.store.promises import ArticleQuery, Store
from monitor.trials.archive import archive_of, last_seen
from monitor.trials.drafts import DraftCheck, check_draft, check_with, inside
from monitor.trials.labels_file import labels_in_force
from monitor.trials.live import Bounds, Live, Version, try_live

MOST_LABELLED = 500
"""So many labelled articles, the latest marked, are held against a draft."""


class SavedRules:
    """Reads the saved rules once for as long as no file of the folder changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: object = None
        self._check: RuleCheck | None = None
        self._versions: dict[str, Version | None] = {}

    def check(self, folder: Path) -> RuleCheck:
        """The folder as it is now; places name files by their path inside."""
        with self._lock:
            state = (str(folder), tuple(sorted(_state(one) for one in inside(folder))))
            if self._check is None or self._state != state:
                self._check, self._state, self._versions = check_with(folder, {}), state, {}
            return self._check

    def version(self, folder: Path, file: str) -> Version | None:
        """The rule of a file, ready to run; None where the file is wrong, or there is none. Other files that are wrong do not matter."""
        found = self.check(folder)
        with self._lock:
            if file in self._versions:
                return self._versions[file]
        if found.ruleset is None:
            place = folder / file
            text = place.read_text(encoding="utf-8-sig", errors="replace") if place.is_file() else ""
            draft = check_draft(folder, file, text) if text else None
            rule, ruleset = (draft.rule, draft.check.ruleset) if draft else (None, None)
        else:
            rule, ruleset = found.ruleset.by_id.get(Path(file).stem), found.ruleset
        version = Version.of(rule, ruleset) if rule and ruleset else None
        with self._lock:
            self._versions[file] = version
        return version


def _state(file: Path) -> tuple[str, int, int]:
    status = file.stat()
    return str(file), status.st_mtime_ns, status.st_size


@dataclass(frozen=True, slots=True)
class LabelEffect:
    """What the saved rule and the draft make of `articles` labelled for the rule; `saved` is None where there is no saved rule."""

    draft: Tally
    saved: Tally | None
    articles: int


@dataclass(frozen=True, slots=True)
class Tried:
    """All about one draft. Without `live` it could not be tried: `check` tells why. `since`..`until` is what it was tried on.

    `change` is None where the draft says what the saved rule says. `labels_wrong` tells what keeps labels from counting.
    """

    check: DraftCheck
    live: Live | None = None
    examples: ExampleReport | None = None
    labels: LabelEffect | None = None
    change: RuleChange | None = None
    since: datetime | None = None
    until: datetime | None = None
    labels_wrong: tuple[Problem, ...] = ()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The draft's own findings that refuse nothing."""
        return tuple(problem for problem in self.check.own if problem.severity is not Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Draft:
    """What to try: the text for a file of a folder, set beside the `saved` one, on so many days of the archive."""

    folder: Path
    file: str
    text: str
    saved: Version | None
    days: int = 28


def try_draft(draft: Draft, store: Store, now: datetime, bounds: Bounds) -> Tried:
    """Try a draft on the newest articles; nothing of it is stored but the words of articles, as a backtest keeps them.

    Raises:
        WorldFailed: The folder cannot be read.
    """
    check = check_draft(draft.folder, draft.file, draft.text)
    if check.rule is None or check.check.ruleset is None:
        return Tried(check)
    version = Version.of(check.rule, check.check.ruleset)
    wrong: tuple[Problem, ...] = ()
    try:
        labels = labels_in_force(draft.folder / FILE, store)
    except WrongFiles as error:
        labels, wrong = (), tuple(error.problems)
    until = last_seen(store, now) or now
    since = until - timedelta(days=draft.days)
    archive = replace(archive_of(store, judged_by_article(labels), since, until + timedelta(hours=1)), newest=until)
    live = try_live(version, draft.saved, archive, bounds)
    return Tried(
        check=check,
        live=live,
        examples=run_examples(version.engine.ruleset, version.engine),
        labels=label_effect(version, draft.saved, labels, store),
        change=change_of(draft.saved, version),
        since=since,
        until=until,
        labels_wrong=wrong,
    )


def label_effect(draft: Version, saved: Version | None, labels: Sequence[Label], store: Store) -> LabelEffect:
    """Precision and recall of the draft and of the saved rule on the articles that somebody labelled for the rule."""
    own = [label for label in labels if label.rule == draft.rule.id][-MOST_LABELLED:]
    stored = store.articles(ArticleQuery(ids=tuple(label.id for label in own), without_analysis=True)) if own else ()
    documents: dict[str, Document] = {item.article.id: document_of(item.article) for item in stored}
    articles = labelled_articles(own, documents, (draft.rule.id,))
    return LabelEffect(
        _tally(draft, articles), _tally(saved, articles) if saved and saved.rule.id == draft.rule.id else None, len(articles)
    )


def _tally(version: Version, articles: Sequence[Labelled]) -> Tally:
    return evaluate_quality(version.engine, articles, (version.rule.id,)).micro


def change_of(saved: Version | None, draft: Version) -> RuleChange | None:
    """What the draft says that the saved rule does not, in the rule's own words; None where nothing, or there is none saved."""
    if saved is None:
        return None
    old = replace(saved.engine.ruleset, rules=(saved.rule,))
    new = replace(draft.engine.ruleset, rules=(draft.rule,))
    return next(iter(compare_rules(old, new)), None)


def no_change(change: RuleChange | None) -> tuple[Change, ...]:
    """The differences of a change; () where there is none."""
    return change.changes if change else ()
