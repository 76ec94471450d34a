"""A folder of rules with one rule, and a store with a few articles."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.article import Article, DateSource, Source
from monitor.model.feed import FeedState
from monitor.model.match import Analysis
from monitor.store.open import open_store

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
RULE = """\
schema: 1
id: {id}
version: 1
title: Talks
status: active
owner: desk
created: 2019-01-01
modified: 2019-01-01
scope: {{langs: [en]}}
terms:
  talks: {{en: ["{word}"]}}
  place: {{en: ["capital"]}}
match:
  require: [{{near: [talks, place], within: {within}}}]
  score: [{{term: talks, weight: 2}}]
  threshold: {threshold}
tests:
  should_match: [{{lang: en, title: "{word} in the capital"}}]
  should_not_match: [{{lang: en, title: "Harvest"}}]
"""
FILL = "The harvest ended early this year, the ministry said after a long summer without rain in the south."


def make_rule(name="talks", word="talks", within=4, threshold=2):
    return RULE.format(id=name, word=word, within=within, threshold=threshold)


def make_article(number, title, text=FILL, days_ago=0):
    url = f"https://n.example/{number}"
    seen = NOW - timedelta(days=days_ago)
    source = Source("n", f"News {number % 2}")
    return Article(
        f"a{number}", "n", url, url, url, url, title, text, "en", True, seen, DateSource.FEED, seen, source, content_hash=url
    )


@pytest.fixture
def rules(tmp_path):
    """A folder of rules with the rule "talks"."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "talks.yml").write_text(make_rule(), encoding="utf-8")
    return folder


@pytest.fixture
def keep():
    """Makes a store that holds the articles given."""
    made = []

    def make(*articles):
        store = open_store("sqlite://")
        made.append(store)
        store.upgrade()
        store.save_poll([(item, Analysis(item.id, (), (), "")) for item in articles], FeedState("n"))
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture
def article():
    """Makes an article: `article(1, "Title", "text", days_ago=3)`; its id is "a1"."""
    return make_article


@pytest.fixture
def rule_text():
    """Makes the text of a rule: `rule_text("talks", word="talks", within=4, threshold=2)`."""
    return make_rule
