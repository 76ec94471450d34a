"""What folding copies and grouping stories costs beside finding equal texts only, in the same run, and how it grows.

Run: .venv/bin/python bench/bench_stories.py [ARTICLES]
"""

import hashlib
import random
import sys
import time
from datetime import UTC, datetime, timedelta

from monitor.model.article import Article, DateSource, Source
from monitor.model.match import Analysis
from monitor.model.story import AnalysedArticle
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.words import words_of

START = datetime(2024, 5, 6, tzinfo=UTC)
ONSETS, VOWELS = "bcdfghklmnprstvz", "aeiou"


def made_word(rng):
    return "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(rng.randint(2, 4)))


def articles(count, rng):
    """Made-up articles of about 400 words over two weeks; 15 % are cut copies of the one before."""
    words = [made_word(rng) for _ in range(20_000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    made = []
    lines = []
    for number in range(count):
        if number and rng.random() < 0.15:
            lines = lines[: len(lines) * 3 // 4]
        else:
            names = [made_word(rng).capitalize() for _ in range(12)]
            lines = []
            for _ in range(22):
                line = rng.choices(words, weights, k=16)
                line.insert(rng.randrange(1, 16), rng.choice(names))
                line.insert(rng.randrange(1, 16), str(rng.randint(2, 5000)))
                lines.append(" ".join(line).capitalize() + ".")
        moment = START + timedelta(minutes=number % 20_000)
        url = f"https://host{number % 300}.example.org/{number}"
        article = Article(
            f"a{number}",
            "f",
            url,
            url,
            url,
            url,
            lines[0][:60],
            "\n".join(lines),
            "en",
            True,
            moment,
            DateSource.FEED,
            moment,
            Source("f", "f"),
        )
        made.append(AnalysedArticle(article, Analysis(article.id, (), (), "")))
    return made


def seconds(function, *arguments):
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def equal_only(items):
    """The peer: group by a digest of the folded words, which finds no edited copy."""
    return len({hashlib.blake2b(" ".join(words_of(item.article.text).words).encode()).digest() for item in items})


def main():
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    for count in (largest // 4, largest):
        items = articles(count, random.Random(2))
        equal, distinct = seconds(equal_only, items)
        copies, groups = seconds(fold_copies, items)
        stories, found = seconds(group_stories, groups)
        print(f"{count} articles: equal texts only {count / equal:,.0f}/s ({distinct} texts)")
        print(f"  fold_copies {count / copies:,.0f}/s ({len(groups)} groups), ratio {copies / equal:.2f}")
        print(f"  group_stories {len(groups) / stories:,.0f}/s ({len(found)} stories), ratio {stories / equal:.2f}")


if __name__ == "__main__":
    main()
