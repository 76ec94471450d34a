"""What a backtest costs over a plain read of the same rows of the store.

    python bench/bench_backtest.py [--articles N] [--about N]

One article in --about holds an example of a shipped rule, the others none of their words but frequent ones. The plain read is the
store's own `articles`, week by week, of every article in full: what a backtest that evaluates every article reads. A backtest reads
less than that (the heads and kept words of all, the whole rows of those that a rule may match), which is shown as a line of its own.
Its cost is reading, evaluating and counting, by the very functions of `monitor rules backtest`. All figures come from one run on one
machine: processor time, the least of several turns taken in turn with the plain read; only ratios mean anything elsewhere.
"""

import argparse
import os
import random
import tempfile
import time
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench_rules import vocabulary, zipf

from monitor.model.article import Article, DateSource, Source
from monitor.model.feed import FeedState
from monitor.polling import document_of
from monitor.rules.backtest import BacktestCount
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.sieve import words_of
from monitor.rules.trial import Trial
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery
from monitor.trials.archive import Archive
from monitor.trials.run import try_rules

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FOREIGN = ("министр", "бюджет", "город", "завод", "концерт", "школа", "погода", "футбол", "рынок", "дорога")


def articles(rules, count, about, words):
    """Invented articles of about 6.7 kB; one in `about` holds an inline example of a shipped rule in its midst."""
    random_ = random.Random(20261121)
    examples = [example for rule in rules.rules for example in rule.examples if example.language == "ru"]
    for number in range(count):
        text = zipf(random_, words, 420)
        title = " ".join(text[:8]).capitalize()
        if number % about == 0:
            example = random_.choice(examples)
            title, text[60:60] = example.title, example.body.split()
        body = "\n".join(" ".join(text[at : at + 50]).capitalize() + "." for at in range(0, len(text), 50))
        when = NOW + timedelta(minutes=7 * number)
        source = Source(f"feed{number % 40}", f"Feed {number % 40}")
        url = f"https://a{number % 40}.example/{number}"
        yield Article(
            f"{number:08x}", source.feed_id, url, url, url, url, title, body, "ru", True, when, DateSource.FEED, when, source
        )


def fill(store, made, engine):
    """Store articles with their analyses, without words: what an archive from before them looks like. Gives the bytes of the texts."""
    batch, size = [], 0
    for article in made:
        size += len(article.text.encode())
        batch.append((article, engine.analyse(document_of(article))))
        if len(batch) == 500:
            store.save_poll(batch, FeedState("feed0"))
            batch = []
    store.save_poll(batch, FeedState("feed0"))
    return size


def seconds(work, clock=time.process_time):
    start = clock()
    deque(work, maxlen=0)
    return clock() - start


def backtest(archive, trial, jobs=1):
    """Reading, evaluating and counting, as the command does it."""
    count = BacktestCount(trial.rules)
    for filed, (outcome,) in try_rules(archive, (trial,), jobs):
        count.take(filed, outcome)
        yield
    count.result({})


def afresh(archive, trial):
    """As `backtest`, with every article read and evaluated in full."""
    count = BacktestCount(trial.rules)
    for filed in archive:
        count.take(filed, trial.run(filed.document))
        yield
    count.result({})


def told(name, spent, read, count):
    print(f"{name:<58} {spent / count * 1e3:>8.3f} ms/article   ratio {spent / read:>5.2f}")


def compare(works, count, turns, clock=time.process_time):
    """The least time of each work, taken in turn; the first one is what the others are held against."""
    spent = {name: [] for name in works}
    for _ in range(turns):
        for name, work in works.items():
            spent[name].append(seconds(work(), clock))
    read = min(next(iter(spent.values())))
    for name, found in spent.items():
        told(name, min(found), read, count)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--about", type=int, default=20, help="one article in so many is about what the rules watch")
    given = parser.parse_args()
    rules = load_rules(Path(__file__).parent.parent / "rules")
    words = [*FOREIGN, *vocabulary(random.Random(7), 60_000)]
    count = given.articles
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        store = open_store(f"sqlite:///{file}")
        store.upgrade()
        size = fill(store, articles(rules, count, given.about, words), Engine(rules))
        archive = Archive(store.count_articles(ArticleQuery()), store, {}, None, None)
        every, one = Trial(rules), Trial(rules, [rules.by_id["military-attaches"]])
        print(f"{count:,} articles of {size / count / 1000:.1f} kB, one in {given.about} about the rules' matters")
        compare(
            {
                "plain read of the same rows": lambda: archive,
                "every article evaluated in full": lambda: afresh(archive, every),
                "first backtest of an archive without words (makes them)": lambda: backtest(archive, every),
            },
            count,
            1,
        )
        kept = sum(len(words_of(filed.document).words) for filed, _ in zip(archive, range(1000), strict=False)) / min(count, 1000)
        print(f"words kept: {kept:,.0f} bytes an article, {kept * count / size:.0%} of the texts\n")
        compare(
            {
                "plain read of the same rows": lambda: archive,
                "what a backtest of all shipped rules reads, unevaluated": lambda: archive.sifted(Trial.sieve([every])),
                "backtest of all shipped rules   (goal ≤ 1.5)": lambda: backtest(archive, every),
                "backtest of one rule (military-attaches)": lambda: backtest(archive, one),
                "backtest of all shipped rules, --stored": lambda: backtest(replace(archive, stored_by=rules.hash), every),
            },
            count,
            3,
        )
        jobs = os.cpu_count() or 1
        print("\ntime on the wall")
        compare(
            {
                "plain read of the same rows": lambda: archive,
                "backtest of all shipped rules, one process": lambda: backtest(archive, every),
                f"backtest of all shipped rules, {jobs} worker processes": lambda: backtest(archive, every, jobs),
            },
            count,
            1,
            time.perf_counter,
        )
        store.close()


if __name__ == "__main__":
    main()
