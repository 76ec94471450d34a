"""The articles that `rules backtest`, `diff` and `hygiene` look at: from the database, week by week, or from a file; it changes nothing."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click

from monitor.bootstrap import clock_of, open_database
from monitor.cli.jsonl import EPOCH, article_from, document_from, moment_from, read_lines
from monitor.cli.labels_file import labels_in_force
from monitor.cli.shared import settings, until_end
from monitor.model.errors import WrongUse
from monitor.model.match import Analysis, Document, Match
from monitor.model.story import AnalysedArticle
from monitor.polling import document_of
from monitor.rules.labels import FILE, judged_by_article
from monitor.rules.marks import UNJUDGED, Judged, judged_article
from monitor.rules.trial import Filed, Outcome, Trial
from monitor.store.promises import ArticleQuery, Store
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories

SLICE = timedelta(days=7)
CHUNK = 100
WORTH_PROCESSES = 10_000
"""With fewer articles than that, starting processes takes longer than they save."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where articles come from. `count` is how many there are; `labels` are those kept beside the rules, by article id or address."""

    count: int
    source: Store | tuple[Filed, ...]
    labels: Mapping[str, Judged]
    since: datetime | None
    until: datetime | None
    stored_by: str = ""
    """Hash of a rule set: what the database holds from it is given along."""

    def __iter__(self) -> Iterator[Filed]:
        """All of them; from a database those of one week at a time, so that an archive need not fit in memory."""
        if isinstance(self.source, tuple):
            yield from self.source
            return
        for query in self._slices(self.source):
            for item in self.source.articles(query):
                article = item.article
                judged = self.labels.get(article.id) or self.labels.get(article.url) or UNJUDGED
                analysis = item.analysis
                same = self.stored_by and analysis.ruleset == self.stored_by
                yield Filed(article, document_of(article), judged, stored=Outcome(analysis.matches) if same else None)

    def _slices(self, store: Store) -> Iterator[ArticleQuery]:
        whole = ArticleQuery(published_from=self.since, published_until=self.until)
        for earliest in store.articles(replace(whole, limit=1)):
            start, left = earliest.article.first_seen, self.count
            while left > 0:
                query = replace(whole, seen_from=start, seen_until=start + SLICE)
                found = store.count_articles(query)
                if found:
                    yield query
                left -= found
                start += SLICE


def open_archive(file: str | None, folder: Path, since: datetime | None, until: datetime | None = None) -> Archive:
    """The archive of the database, or of a file in the shape of `monitor match`, with the labels it brings, those that lie beside the rules, and
    the marks of the database.

    Raises:
        WrongUse: A line of the file is no article.
    """
    if file is None:
        store = until_end(open_database(settings()))
        labels = judged_by_article(labels_in_force(folder / FILE, store))
        count = store.count_articles(ArticleQuery(published_from=since, published_until=until))
        return Archive(count, store, labels, since, until)
    labels = judged_by_article(labels_in_force(folder / FILE))
    with click.open_file(file, encoding="utf-8") as stream:
        found = tuple(_filed(value, number, labels) for number, value in enumerate(read_lines(stream, file), start=1))
    kept = tuple(
        filed
        for filed in found
        if (since is None or filed.article.published >= since) and (until is None or filed.article.published < until)
    )
    return Archive(len(kept), kept, labels, since, until)


def _filed(value: dict[str, Any], number: int, labels: Mapping[str, Judged]) -> Filed:
    dated = value if value.get("published") else {**value, "published": value.get("date")}
    article = article_from(dated, number).article
    judged = judged_article(value)
    apart = labels.get(article.id) or labels.get(article.url)
    return Filed(article, document_from(value, number), judged.joined(apart) if apart else judged, article.published != EPOCH)


def moment(text: str, now: datetime) -> datetime:
    """A date ("2026-08-01"), or a time before now ("8w", "90d").

    Raises:
        WrongUse: It is neither.
    """
    number, unit = text[:-1], text[-1:].lower()
    if number.isdigit() and unit in "dw" and unit:
        return now - timedelta(days=int(number) * (7 if unit == "w" else 1))
    found = moment_from(text)
    if found is None:
        raise WrongUse(f'"{text}" is no date like 2026-08-01 and no span like 8w or 90d')
    return found


def since_option(text: str | None) -> datetime | None:
    """`--since` as a moment; None where it is not given."""
    return moment(text, clock_of(settings())()) if text else None


_trials: tuple[Trial, ...] = ()


def _prepare(trials: tuple[Trial, ...]) -> None:
    global _trials  # noqa: PLW0603 — what a worker process works with, set once as it starts
    _trials = trials


def _work(documents: Sequence[Document]) -> list[tuple[Outcome, ...]]:
    return [tuple(trial.run(document) for trial in _trials) for document in documents]


def try_rules(archive: Archive, trials: tuple[Trial, ...], jobs: int = 0) -> Iterator[tuple[Filed, tuple[Outcome, ...]]]:
    """Each article with what each trial made of it, in the archive's order.

    Args:
        jobs: Worker processes; 0 chooses: as many as there are processors for a large archive, none for a small one.
    """
    jobs = jobs or ((os.cpu_count() or 1) if archive.count >= WORTH_PROCESSES and not archive.stored_by else 1)
    if jobs == 1:
        for filed in archive:
            yield filed, (filed.stored,) if filed.stored is not None else tuple(trial.run(filed.document) for trial in trials)
        return
    # forkserver: a fork of a process that has a database open would share its locks
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(trials,)) as pool:
        yield from _in_processes(pool, iter(archive), jobs)


def _in_processes(pool: ProcessPoolExecutor, articles: Iterator[Filed], jobs: int) -> Iterator[tuple[Filed, tuple[Outcome, ...]]]:
    waiting: deque[tuple[list[Filed], Future[list[tuple[Outcome, ...]]]]] = deque()
    while True:
        while len(waiting) < 3 * jobs and (chunk := list(islice(articles, CHUNK))):
            waiting.append((chunk, pool.submit(_work, [filed.document for filed in chunk if filed.stored is None])))
        if not waiting:
            return
        chunk, future = waiting.popleft()
        found = iter(future.result())
        for filed in chunk:
            yield filed, (filed.stored,) if filed.stored is not None else next(found)


def stories_of(hits: Iterable[tuple[Filed, tuple[Match, ...]]]) -> dict[str, str]:
    """Article id → story id, grouped afresh from the matches of the trial: stored stories know only those of other rules."""
    items = [AnalysedArticle(filed.article, Analysis(filed.article.id, matches, (), "")) for filed, matches in hits]
    return {item.article.id: story.id for story in group_stories(fold_copies(items)) for item in story.articles}
