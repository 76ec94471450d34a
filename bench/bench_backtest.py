"""What a backtest costs over a plain read of the same rows of the store.

    python bench/bench_backtest.py [--articles N]

One article in --about holds an example of a shipped rule, the others none of their words; reading is what a backtest does without
any rule: the store's own `articles`, week by week. `--stored` takes the matches that the rows hold. All figures come from one run on one machine; only ratios mean anything.
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

from monitor.cli.archive_reader import WORTH_PROCESSES, Archive, try_rules
from monitor.model.article import Article, DateSource, Source
from monitor.model.feed import FeedState
from monitor.polling import document_of
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.trial import Trial
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery

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


def told(name, spent, read, count):
    print(f"{name:<44} {spent / count * 1e3:>8.3f} ms/article   ratio {spent / read:>4.1f}   (goal ≤ 1.5)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--about", type=int, default=20, help="one article in so many is about what the rules watch")
    given = parser.parse_args()
    rules = load_rules(Path(__file__).parent.parent / "rules")
    words = [*FOREIGN, *vocabulary(random.Random(7), 60_000)]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        store.upgrade()
        size = fill(store, articles(rules, given.articles, given.about, words), Engine(rules))
        archive = Archive(store.count_articles(ArticleQuery()), store, {}, None, None)
        print(
            f"{given.articles:,} articles of {size / given.articles / 1000:.1f} kB, one in {given.about} about the rules' matters\n"
        )
        count = given.articles
        read = min(seconds(archive) for _ in range(3))
        print(f"{'plain read of the same rows':<44} {read / count * 1e3:>8.3f} ms/article   ratio  1.0   (processor time)")
        trials = {
            "one rule (military-attaches)": Trial(rules, [rules.by_id["military-attaches"]]),
            "all shipped rules": Trial(rules),
        }
        for name, trial in trials.items():
            told(name, min(seconds(try_rules(archive, (trial,), 1)) for _ in range(2)), read, count)
        held = replace(archive, stored_by=rules.hash)
        told("all shipped rules, --stored", min(seconds(try_rules(held, (trial,))) for _ in range(2)), read, count)
        jobs = os.cpu_count() or 1
        if count >= WORTH_PROCESSES and jobs > 1:
            read = seconds(archive, time.perf_counter)
            print(f"{'plain read of the same rows':<44} {read / count * 1e3:>8.3f} ms/article   ratio  1.0   (time on the wall)")
            for name, trial in trials.items():
                told(f"{name}, {jobs} processes", seconds(try_rules(archive, (trial,), jobs), time.perf_counter), read, count)
        store.close()


if __name__ == "__main__":
    main()
