"""All rule files of a folder at a glance: what they say, what is wrong with them, what they found of late, what labels say of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.model.errors import WrongFiles
from monitor.model.problem import Problem, Severity
from monitor.polling import document_of
from monitor.rules.backtest import week_of
from monitor.rules.engine import Engine
from monitor.rules.labels import FILE, labelled_articles
from monitor.rules.quality import Tally, evaluate_quality
from monitor.rules.schema import Rule, RuleCheck
from monitor.store.promises import ArticleQuery, Store
from monitor.trials.archive import last_seen
from monitor.trials.draft_trial import MOST_LABELLED
from monitor.trials.labels_file import labels_in_force
from monitor.trials.live import weeks_of

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One rule file. `rule` is None where it cannot be read; `weeks` counts what is stored from it, the last week last.

    `labels` is None where no article was labelled for it.
    """

    file: str
    rule: Rule | None
    errors: int
    warnings: int
    weeks: tuple[int, ...]
    labels: Tally | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All of them, by file, and the problems of files that are no rules (names, lexicons, filters, labels)."""

    rows: tuple[Row, ...]
    weeks: tuple[str, ...]
    others: tuple[Problem, ...]


def overview(folder: Path, files: tuple[str, ...], check: RuleCheck, store: Store, now: datetime) -> Overview:
    """The rule files named, with what the store holds of the last `WEEKS` weeks.

    Args:
        folder: Holds the files, and the labels beside them.
        files: Paths inside the folder.
        check: What reading the folder came to.
        store: Gives what was found, and the marks.
        now: The present; where nothing came of late, the weeks end with the archive.
    """
    until = last_seen(store, now) or now
    weeks = weeks_of(until - timedelta(weeks=WEEKS - 1), until)[-WEEKS:]
    rules = {rule.id: rule for rule in check.ruleset.rules} if check.ruleset else {}
    found = _matches(store, tuple(Path(file).stem for file in files), until)
    tallies, wrong = _tallies(folder, check, store)
    problems = Counter((problem.place.file, problem.severity) for problem in check.problems)
    rows = tuple(
        Row(
            file=file,
            rule=rules.get(rule),
            errors=problems[file, Severity.ERROR],
            warnings=problems[file, Severity.WARNING],
            weeks=tuple(found.get(rule, Counter())[week] for week in weeks),
            labels=tallies.get(rule),
        )
        for file in files
        for rule in [Path(file).stem]
    )
    elsewhere = tuple(problem for problem in check.problems if problem.place.file not in files)
    return Overview(rows, weeks, (*elsewhere, *wrong))


def _matches(store: Store, rules: tuple[str, ...], until: datetime) -> dict[str, Counter[str]]:
    """Rule → ISO week → stored matches."""
    query = ArticleQuery(published_from=until - timedelta(weeks=WEEKS), rules=rules, matched_only=True)
    found: dict[str, Counter[str]] = {}
    for item in store.articles(query):
        for match in item.analysis.matches:
            found.setdefault(match.rule, Counter())[week_of(item.article.published)] += 1
    return found


def _tallies(folder: Path, check: RuleCheck, store: Store) -> tuple[dict[str, Tally], tuple[Problem, ...]]:
    """Right, wrong and missed on labelled articles, of rules that somebody labelled articles for; and what is wrong with the labels."""
    if check.ruleset is None:
        return {}, ()
    try:
        labels = labels_in_force(folder / FILE, store)[-MOST_LABELLED:]
    except WrongFiles as error:
        return {}, tuple(error.problems)
    own = {label.rule for label in labels} & {rule.id for rule in check.ruleset.rules if rule.runs}
    if not own:
        return {}, ()
    ids = tuple({label.id for label in labels})
    stored = store.articles(ArticleQuery(ids=ids, without_analysis=True))
    documents = {item.article.id: document_of(item.article) for item in stored}
    articles = labelled_articles(labels, documents, [rule.id for rule in check.ruleset.rules])
    return dict(evaluate_quality(Engine(check.ruleset), articles, sorted(own)).by_rule), ()
