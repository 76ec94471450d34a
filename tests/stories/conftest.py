"""Articles to fold and group, and a small labelled set told in our own words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.model.article import Article, DateSource, Source
from monitor.model.match import Analysis, Direction, Field, Match, Mention
from monitor.model.story import AnalysedArticle

START = datetime(2024, 5, 6, 8, tzinfo=UTC)
LABELLED = Path(__file__).with_name("labelled.jsonl")
TELLINGS = Path(__file__).with_name("tellings.jsonl")


def build(name, text="", title="", *, host="", language="en", hours=0.0, dated=True, rules=(), mentions=(), url=""):
    at = START + timedelta(hours=hours)
    address = url or f"https://{host or name + '.example.org'}/{name}"
    article = Article(
        id=name,
        feed_id=host or name,
        guid=name,
        url=address,
        final_url=address,
        canonical_url=address,
        title=title or f"Title of {name}",
        text=text,
        language=language,
        language_sure=True,
        published=at,
        published_source=DateSource.FEED if dated else DateSource.FIRST_SEEN,
        first_seen=at + timedelta(minutes=20) if dated else START,
        source=Source(host or name, host or name),
    )
    matches = tuple(Match(rule, 1, "", 1.0, 1.0, Direction.NEUTRAL, 0.0, ()) for rule in rules)
    return AnalysedArticle(article, Analysis(name, matches, tuple(Mention(thing, Field.TEXT, 0, 1) for thing in mentions), ""))


@pytest.fixture
def item():
    return build


@pytest.fixture(scope="session")
def build_item():
    return build


def read_labelled(path):
    """Pairs (article, event) of a labelled set."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (build(row["id"], row["text"], row["title"], host=row["host"], language=row["lang"], hours=row["hours"]), row["event"])
        for row in rows
    ]


@pytest.fixture(scope="session")
def labelled():
    """A fortnight in which state, exile and western media tell eleven events, two of them alike."""
    return read_labelled(LABELLED)


@pytest.fixture(scope="session")
def tellings():
    """Thirteen events, each told in English, Russian, Belarusian, Ukrainian and Polish; most have a look-alike."""
    return read_labelled(TELLINGS)
