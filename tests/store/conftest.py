"""Stores of every kind, empty and migrated, and makers of what goes into them."""

import os
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import psycopg
import pytest

from monitor.model.article import Article, DateSource, TextSource
from monitor.model.delivery import OutboxMessage, OutboxState, Subscribed, Subscription
from monitor.model.digest import Window
from monitor.model.edition import FrozenEdition, Rendition
from monitor.model.feed import FeedState, Stance
from monitor.model.match import Analysis, Cue, Direction, Field, Match, Mention, Span
from monitor.store.open import open_store

NOW = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)
POSTGRES = os.environ.get("MONITOR_TEST_POSTGRES_URL", "")


@dataclass
class Database:
    """A database and its opened store; `again()` opens it a second time, where that is possible."""

    url: str
    kind: str

    def __post_init__(self):
        self.opened = []
        self.store = self.again()

    def again(self, patience_s=5):
        store = open_store(self.url, busy_timeout_s=patience_s)
        self.opened.append(store)
        return store

    def close(self):
        for store in self.opened:
            store.close()


@pytest.fixture
def postgres_url():
    """A PostgreSQL database of one's own (a schema), dropped afterwards."""
    if not POSTGRES:
        pytest.skip("MONITOR_TEST_POSTGRES_URL is not set: run through tests/store/start_postgres.py")
    schema = f"t{uuid.uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    yield f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{schema}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def opened(url, kind):
    database = Database(url, kind)
    database.store.upgrade()
    yield database
    database.close()


@pytest.fixture(params=["file", "memory", "postgres"])
def database(request, tmp_path):
    """Every kind of store in turn."""
    urls = {"file": f"sqlite:///{tmp_path}/var/monitor.db", "memory": "sqlite://"}
    yield from opened(urls.get(request.param) or request.getfixturevalue("postgres_url"), request.param)


@pytest.fixture(params=["file", "postgres"])
def shared(request, tmp_path):
    """Every kind of store that two processes can use."""
    urls = {"file": f"sqlite:///{tmp_path}/monitor.db"}
    yield from opened(urls.get(request.param) or request.getfixturevalue("postgres_url"), request.param)


@pytest.fixture
def store(database):
    return database.store


@pytest.fixture
def in_memory():
    store = open_store("sqlite://")
    store.upgrade()
    yield store
    store.close()


def article(number=1, **changes):
    """An article with every field off its default."""
    site = f"https://news.example/{number}"
    fields = {
        "id": f"a{number:05}", "feed_id": "feed-1", "guid": f"guid-{number}", "url": f"{site}?utm=x", "final_url": site,
        "canonical_url": f"{site}/", "title": f"Заголовок {number}", "text": f"Первый абзац «{number}».\nВторой абзац.",
        "language": "ru", "language_sure": True, "published": NOW - timedelta(hours=2), "published_source": DateSource.PAGE,
        "first_seen": NOW + timedelta(minutes=number),
        "source": source(), "author": "А. Автор", "text_source": TextSource.FEED, "reason": "short: page had 3 words",
        "revision": 2, "content_hash": f"hash-{number}", "backlog": True,
        "updated": NOW, "agency": "Хваля", "dateline": "ГАВАНЬ (Хваля)", "language_confidence": 0.75,
    }  # fmt: skip
    return Article(**fields | changes)


def source():
    from monitor.model.article import Source

    return Source("feed-1", "Белая газета", "Издатель", "BY", "ru", Stance.EXILE, of_record=True)


def analysis(article_id="a00001", *rules, ruleset="rules-1"):
    span = Span(Field.TITLE, 0, 9, "Заголовок", "head", "заголов*")
    cue = Cue(Span(Field.TEXT, 3, 7, "вый ", "cue"), -1.5, "PROTEST", "cancelled by «не»")
    matches = tuple(
        Match(rule, 3, "hash", 2.0 + index, 1.0, Direction.WORSENS, -1.5, (span,), (cue,), "because")
        for index, rule in enumerate(rules)
    )
    return Analysis(article_id, matches, (Mention("someone", Field.TEXT, 1, 4),), ruleset)


def edition(key=date(2019, 3, 11), digest="weekly", **changes):
    end = datetime(key.year, key.month, key.day, 5, tzinfo=UTC)
    year, week, _ = (key - timedelta(days=1)).isocalendar()
    name = f"{year}-W{week:02}"
    window = Window(end - timedelta(days=7), end, name, key - timedelta(days=7), key - timedelta(days=1), True, 2)
    pages = {
        language: Rendition(
            language, f"Тема {language}", "<html>", "text", "# md", "{}", "<entry/>", "<html>{{UNSUBSCRIBE_URL}}", "t"
        )
        for language in ("ru", "en", "be")
    }
    fields = {
        "id": f"{digest}/{key}", "digest": digest, "key": key, "week": name, "window": window, "due_at": end,
        "frozen_at": end + timedelta(minutes=1), "number": 10, "inputs_hash": "inputs", "renditions": pages, "revision": 2,
    }  # fmt: skip
    return FrozenEdition(**fields | changes)


def wish(name="ann", digest="weekly", **changes):
    fields = {
        "id": 0, "digest": digest, "address": f"{name}@Example.org", "canonical": f"{name}@example.org", "language": "be",
        "state": Subscribed.ACTIVE, "created_at": NOW, "changed_at": NOW, "how": "command line",
    }  # fmt: skip
    return Subscription(**fields | changes)


def message(subscription, edition="weekly/2019-03-11", **changes):
    fields = {
        "id": 0, "edition": edition, "subscription": subscription, "recipient": f"r{subscription}@example.org",
        "language": "be", "message_id": f"<{edition}.{subscription}@example.org>", "state": OutboxState.PENDING,
        "body": f"body\0{subscription}".encode(), "envelope_from": "bounce@example.org",
    }  # fmt: skip
    return OutboxMessage(**fields | changes)


def frozen(store, people=3, **changes):
    """An edition frozen with a message to each of `people` new subscribers; gives their subscriptions."""
    number = edition(**changes)
    subscriptions = [store.subscribe(wish(f"{number.key}-{place}", number.digest)) for place in range(people)]
    assert store.freeze_edition(number, [message(person.id, number.id) for person in subscriptions])
    return subscriptions


@pytest.fixture
def make():
    """Makers: article, analysis, edition, wish, message, frozen, state; and NOW."""
    return SimpleNamespace(
        article=article, analysis=analysis, edition=edition, wish=wish, message=message, frozen=frozen, state=FeedState, now=NOW
    )
