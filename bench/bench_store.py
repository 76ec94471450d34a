"""How much the store costs over bare apsw, in the same run on the same disk.

    python bench/bench_store.py [--rounds N] [--messages N] [--articles N] [--postgres URL]

Both sides keep the same promises: WAL, synchronous=FULL, one commit per outcome of a message, one commit per poll of a feed.
The bare loops prepare nothing and translate nothing: they are what is left when all of `monitor.store` is taken away.
"""

import argparse
import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import apsw

from monitor.model.article import Article, DateSource, Source
from monitor.model.delivery import OutboxMessage, OutboxState, Receipt, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition
from monitor.model.feed import FeedState
from monitor.model.match import Analysis, Direction, Field, Match, Span
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery

NOW = datetime(2019, 3, 4, tzinfo=UTC)
BODY = b"x" * 70_000
PER_POLL = 20
BATCH = 100
# Pages read back by a claim, rewritten by nothing: the body lies apart, as in the store, so that the ratio is of code alone.
SCHEMA = """
CREATE TABLE outbox (id INTEGER PRIMARY KEY, state TEXT, attempt INTEGER, lease TEXT, code INTEGER, words TEXT, at TEXT);
CREATE INDEX open ON outbox (id) WHERE state IN ('pending', 'deferred', 'claimed');
CREATE TABLE body (message INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE article (id TEXT PRIMARY KEY, guid TEXT, url TEXT, final TEXT, canonical TEXT, at TEXT, title TEXT, text TEXT);
CREATE INDEX a1 ON article (guid); CREATE INDEX a2 ON article (url); CREATE INDEX a3 ON article (final);
CREATE INDEX a4 ON article (canonical); CREATE INDEX a5 ON article (at);
CREATE TABLE found (article TEXT, rule TEXT, json TEXT, PRIMARY KEY (article, rule));
CREATE TABLE feed (id TEXT PRIMARY KEY, state TEXT);
"""


def bare(folder):
    connection = apsw.Connection(str(folder / "bare.db"))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "FULL")
    connection.execute(SCHEMA)
    return connection


def rate(work, count):
    start = perf_counter()
    work()
    return count / (perf_counter() - start)


def bare_marks(connection, turn, count):
    numbers = range(turn * count, (turn + 1) * count)
    with connection:
        connection.executemany("INSERT INTO outbox VALUES (?, 'pending', 0, NULL, NULL, '', NULL)", ((n,) for n in numbers))
        connection.executemany("INSERT INTO body VALUES (?, ?)", ((n, BODY) for n in numbers))

    def send():
        while True:
            connection.execute("BEGIN IMMEDIATE")
            taken = connection.execute(
                "UPDATE outbox SET state = 'claimed', attempt = attempt + 1, lease = ? WHERE id IN (SELECT id FROM outbox "
                "WHERE state IN ('pending', 'deferred', 'claimed') AND (lease IS NULL OR lease <= ?) ORDER BY id LIMIT ?) RETURNING id",
                ("2019-03-04T01", "2019-03-04T00", BATCH),
            ).fetchall()
            for (number,) in taken:
                connection.execute("SELECT body FROM body WHERE message = ?", (number,)).fetchall()
            connection.execute("COMMIT")
            if not taken:
                return
            for (number,) in taken:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "UPDATE outbox SET state='sent', lease=NULL, code=250, words='ok', at='x' WHERE id = ?", (number,)
                )
                connection.execute("DELETE FROM body WHERE message = ?", (number,))
                connection.execute("COMMIT")

    return rate(send, count)


def store_marks(store, turn, people):
    key = date(2019, 3, 4) + timedelta(days=7 * turn)
    window = Window(NOW - timedelta(days=7), NOW, "2019-W09", date(2019, 2, 25), date(2019, 3, 3))
    edition = FrozenEdition(f"weekly/{key}", "weekly", key, "2019-W09", window, NOW, NOW, 1, "", {})
    messages = [
        OutboxMessage(0, edition.id, person.id, person.canonical, "en", f"<{turn}.{person.id}@x>", OutboxState.PENDING, BODY)
        for person in people
    ]
    store.freeze_edition(edition, messages)

    def send():
        while taken := store.claim("bench", NOW, NOW + timedelta(minutes=10), BATCH):
            for message in taken:
                store.mark_sent(message.id, Receipt(250, "ok", "Q"), NOW)

    return rate(send, len(messages))


def polls(turn, count):
    """Polls of one feed: articles with 3 kB of Cyrillic text (6 kB stored), each with one match of two spans."""
    spans = tuple(Span(Field.TEXT, place, place + 7, "attaché", "attache") for place in (10, 90))
    text = "Слова и предложения. " * 150
    batch = []
    for number in range(turn * count, (turn + 1) * count):
        url = f"https://news.example/{number}"
        item = Article(
            f"a{number:08}", "feed", f"g{number}", url, url, f"{url}/", f"Title {number}", text, "ru", True, NOW, DateSource.FEED,
            NOW + timedelta(seconds=number), Source("feed", "Feed"),
        )  # fmt: skip
        found = Analysis(item.id, (Match("rule", 1, "hash", 2.0, 1.0, Direction.NEUTRAL, 0.0, spans),), (), "rules")
        batch.append((item, found))
        if len(batch) == PER_POLL:
            yield batch
            batch = []


def bare_polls(connection, turn, count):
    batches = list(polls(turn, count))

    def save():
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            for item, found in batch:
                connection.execute(
                    "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        item.id,
                        item.guid,
                        item.url,
                        item.final_url,
                        item.canonical_url,
                        str(item.first_seen),
                        item.title,
                        item.text,
                    ),
                )
                spans = [{"start": span.start, "end": span.end, "text": span.text} for span in found.matches[0].spans]
                connection.execute("INSERT INTO found VALUES (?, ?, ?)", (item.id, "rule", json.dumps(spans)))
            connection.execute("INSERT OR REPLACE INTO feed VALUES ('feed', '{}')")
            connection.execute("COMMIT")

    return rate(save, count)


def store_polls(store, turn, count):
    batches = list(polls(turn, count))

    def save():
        for place, batch in enumerate(batches):
            store.save_poll(batch, FeedState("feed", entries=place))

    return rate(save, count)


def prepared(store, count):
    """A store with `count` subscribers."""
    store.upgrade()
    for number in range(count):
        name = f"{number}@example.org"
        store.subscribe(Subscription(0, "weekly", name, name, "en", Subscribed.ACTIVE, NOW, NOW))
    return store, store.subscriptions()


def told(what, kind, rates, bare_rates):
    ratios = [mine / peer for mine, peer in zip(rates, bare_rates, strict=True)]
    print(
        f"{what:<15} {kind:<11} {median(rates):7.0f}/s   {median(ratios):5.2f} of bare apsw "
        f"({min(ratios):.2f}–{max(ratios):.2f}, {median(bare_rates):.0f}/s)"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="bare and store take turns; medians are printed")
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--articles", type=int, default=800)
    parser.add_argument("--postgres", default="", help="the URL of an empty PostgreSQL database, measured as well")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        connection = bare(folder)
        stores = {"SQLite": prepared(open_store(f"sqlite:///{folder}/store.db"), asked.messages)}
        if asked.postgres:
            stores["PostgreSQL"] = prepared(open_store(asked.postgres), asked.messages)
        rates = {(what, kind): [] for what in ("outbox marks", "articles saved") for kind in ("bare", *stores)}
        for turn in range(asked.rounds):
            rates["outbox marks", "bare"].append(bare_marks(connection, turn, asked.messages))
            rates["articles saved", "bare"].append(bare_polls(connection, turn, asked.articles))
            for kind, (store, people) in stores.items():
                rates["outbox marks", kind].append(store_marks(store, turn, people))
                rates["articles saved", kind].append(store_polls(store, turn, asked.articles))
        for (what, kind), found in rates.items():
            if kind != "bare":
                told(what, kind, found, rates[what, "bare"])
        for kind, (store, _) in stores.items():
            print(
                f"articles read   {kind:<11} {rate(lambda s=store: s.articles(ArticleQuery()), asked.articles * asked.rounds):7.0f}/s"
            )
            store.close()
        connection.close()


if __name__ == "__main__":
    main()
