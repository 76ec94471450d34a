"""A process to be killed: polls and sends against the database given, and tells each thing it was told is durable.

    kill_target.py DATABASE_URL ROUND

One line per commit on standard output: `saved <article id>`, `sent <message id>`.
"""

import os
import sys
from datetime import UTC, datetime, timedelta

from monitor.model.article import Article, DateSource, Source
from monitor.model.delivery import Receipt
from monitor.model.feed import FeedState
from monitor.model.match import Analysis, Direction, Match
from monitor.store.open import open_store

NOW = datetime(2019, 3, 4, tzinfo=UTC)


def tell(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def article(number: int) -> Article:
    url = f"https://news.example/{number}"
    return Article(
        f"a{number:07}", "feed", f"guid-{number}", url, url, url, f"title {number}", "text " * 200, "en", True, NOW, DateSource.FEED,
        NOW, Source("feed", "Feed"),
    )  # fmt: skip


def main(url: str, place: int) -> None:
    store = open_store(url)
    claimed = []
    for step in range(100_000):
        number = place * 100_000 + step
        item = article(number)
        match = Match("rule", 1, "hash", 1.0, 1.0, Direction.NEUTRAL, 0.0, ())
        store.save_poll([(item, Analysis(item.id, (match,), (), "rules"))], FeedState("feed", entries=number))
        tell(f"saved {item.id}")
        # Each round is later than the leases of the one before it.
        now = NOW + timedelta(hours=place)
        claimed = claimed or list(store.claim(f"worker-{place}", now, now + timedelta(minutes=30), 3))
        if claimed:
            message = claimed.pop(0)
            store.mark_sent(message.id, Receipt(250, "ok"), now)
            tell(f"sent {message.id}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
