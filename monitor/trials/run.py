"""Tries rules on an archive, article by article, in worker processes where there is enough to do; it counts and prints nothing."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from monitor.model.match import Document
from monitor.rules.trial import NOTHING, Filed, Outcome, Seen, Trial
from monitor.trials.archive import Archive

CHUNK = 100
MOST_PASSED = 2_000
WORTH_PROCESSES = 10_000
"""So many articles are evaluated in this process before others are started. Starting two costs 2.8 s, and two idle processors win that
back over some 5,000 articles; an archive of 100,000 whose words are kept has about as many to evaluate, and is faster without.
"""

Work = tuple[Document, frozenset[str] | None]
Tried = tuple[Seen, tuple[Outcome, ...]]

_trials: tuple[Trial, ...] = ()


def try_rules(archive: Archive, trials: tuple[Trial, ...], jobs: int = 0) -> Iterator[Tried]:
    """Each article with what each trial made of it, in the archive's order.

    Args:
        jobs: Worker processes; 0 chooses: as many as there are processors once many articles have been evaluated, none before.
    """
    seen = iter(archive) if archive.stored_by else archive.sifted(Trial.sieve(trials))
    chosen = jobs or os.cpu_count() or 1
    read = 0
    while jobs in (0, 1) and (chosen == 1 or read < WORTH_PROCESSES):
        item = next(seen, None)
        if item is None:
            return
        read += _to_run(item) is not None
        yield item, _outcomes(item, trials)
    # forkserver: a fork of a process that has a database open would share its locks
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(chosen, mp_context=context, initializer=_prepare, initargs=(trials,)) as pool:
        yield from _in_processes(pool, seen, chosen, len(trials))


def _to_run(item: Seen) -> Work | None:
    """What must be evaluated of an article, if anything."""
    return (item.document, item.possible) if isinstance(item, Filed) and item.stored is None else None


def _outcomes(item: Seen, trials: Sequence[Trial]) -> tuple[Outcome, ...]:
    work = _to_run(item)
    return _known(item, len(trials)) if work is None else tuple(trial.run(*work) for trial in trials)


def _known(item: Seen, trials: int) -> tuple[Outcome, ...]:
    """What is known without evaluating."""
    return ((item.stored if isinstance(item, Filed) else None) or NOTHING,) * trials


def _prepare(trials: tuple[Trial, ...]) -> None:
    global _trials  # noqa: PLW0603 — what a worker process works with, set once as it starts
    _trials = trials


def _work(portion: Sequence[Work]) -> list[tuple[Outcome, ...]]:
    return [tuple(trial.run(*work) for trial in _trials) for work in portion]


def _in_processes(pool: ProcessPoolExecutor, seen: Iterator[Seen], jobs: int, trials: int) -> Iterator[Tried]:
    waiting: deque[tuple[list[Seen], Future[list[tuple[Outcome, ...]]]]] = deque()
    portions = _portions(seen)
    while True:
        while len(waiting) < 3 * jobs and (portion := next(portions, None)):
            waiting.append((portion, pool.submit(_work, [work for item in portion if (work := _to_run(item))])))
        if not waiting:
            return
        portion, future = waiting.popleft()
        found = iter(future.result())
        for item in portion:
            yield item, _known(item, trials) if _to_run(item) is None else next(found)


def _portions(seen: Iterator[Seen]) -> Iterator[list[Seen]]:
    """Articles in lists that hold a fair piece of work each."""
    portion: list[Seen] = []
    work = 0
    for item in seen:
        portion.append(item)
        work += _to_run(item) is not None
        if work == CHUNK or len(portion) == MOST_PASSED:
            yield portion
            portion, work = [], 0
    if portion:
        yield portion
