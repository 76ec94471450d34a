"""Rules on an archive: what is passed over unread, what processes do, and that neither changes what is found."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.article import Article, DateSource, Source
from monitor.model.errors import StoreBusy
from monitor.model.feed import FeedState
from monitor.model.match import Analysis
from monitor.polling import document_of
from monitor.rules.backtest import BacktestCount
from monitor.rules.load import load_rules
from monitor.rules.marks import Judged
from monitor.rules.sieve import words_of
from monitor.rules.trial import NOTHING, Filed, PassedOver, Trial
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery
from monitor.trials import run
from monitor.trials.archive import Archive
from monitor.trials.run import try_rules

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
  threshold: 2.75
digest:
  section: Talks
  headline: {{better: {{en: "Talks go on"}}}}
  assessment: {{worse: {{en: "Talks ended."}}}}
tests:
  should_match: [{{lang: en, title: "{word} in the capital"}}]
  should_not_match: [{{lang: en, title: "Harvest"}}]
"""
FILL = "The harvest ended early this year, the ministry said after a long summer without rain in the south."
TEXTS = [
    ("Talks in the capital", FILL),
    ("Harvest ends", FILL),
    ("Harvest ends again", f"{FILL} Talks were held far from the fields; the capital is elsewhere."),
    ("Milk", f"{FILL} The talks in the capital go on."),
    ("Talks", FILL),
    ("Αθήνα", "Μια ομιλία στην πρωτεύουσα, talks in the capital"),
]


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "talks.yml").write_text(RULE.format(id="talks", word="talks", within=4), encoding="utf-8")
    return load_rules(folder)


def article(number, title, text):
    url = f"https://n.example/{number}"
    seen = NOW + timedelta(days=3 * number)
    source = Source("n", f"News {number % 2}")
    return Article(
        f"a{number}", "n", url, url, url, url, title, text, "en", True, seen, DateSource.FEED, seen, source, content_hash=url
    )


@pytest.fixture
def store():
    made = open_store("sqlite://")
    made.upgrade()
    found = [article(number, *text) for number, text in enumerate(TEXTS)]
    made.save_poll([(item, Analysis(item.id, (), (), "")) for item in found], FeedState("n"))
    yield made
    made.close()


def archive_of(store, labels=None):
    return Archive(store.count_articles(ArticleQuery()), store, labels or {}, None, None)


def outcomes(archive, *trials, jobs=1):
    return [(item.id, found) for item, found in try_rules(archive, trials, jobs)]


def counted(archive, rules, jobs=1):
    count = BacktestCount(rules.rules)
    for item, (outcome,) in try_rules(archive, (Trial(rules),), jobs):
        count.take(item, outcome)
    return count.result({})


def afresh(archive, rules):
    count, trial = BacktestCount(rules.rules), Trial(rules)
    for item in archive:
        count.take(item, trial.run(item.document))
    return count.result({})


def test_a_backtest_says_the_same_with_and_without_kept_words_and_as_evaluating_every_article(store, rules):
    labels = {"a1": Judged(relevant=frozenset({"talks"})), "a0": Judged(not_relevant=frozenset({"talks"}), whole=True)}
    archive = archive_of(store, labels)
    wanted = afresh(archive, rules)
    assert (wanted.rules[0].hits, wanted.rules[0].near, len(wanted.rules[0].missed)) == (1, 2, 1)
    assert [counted(archive, rules) for _ in range(3)] == [wanted] * 3
    assert all(head.words for head in store.heads(ArticleQuery(), words_of(document_of(article(0, "a", "b"))).form))


def test_the_second_backtest_reads_only_articles_that_a_rule_may_match(store, rules):
    archive = archive_of(store)
    first, second = (list(try_rules(archive, (Trial(rules),), 1)) for _ in range(2))
    assert all(isinstance(item, Filed) for item, _ in first)
    assert [item.id for item, _ in second if isinstance(item, PassedOver)] == ["a1", "a4"]
    assert all(found == (NOTHING,) for item, found in second if isinstance(item, PassedOver))
    assert [item.id for item, _ in second] == [item.id for item in archive]


def test_two_versions_are_tried_on_what_either_may_match(store, rules, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "talks.yml").write_text(RULE.format(id="talks", word="harvest", within=40), encoding="utf-8")
    trials = (Trial(rules), Trial(load_rules(other)))
    archive = archive_of(store)
    outcomes(archive, *trials)
    assert outcomes(archive, *trials) == [(item.id, tuple(trial.run(item.document) for trial in trials)) for item in archive]


def test_words_that_were_kept_in_another_form_are_made_anew(store, rules):
    old = words_of(document_of(article(1, "Nothing", "nothing")))
    store.save_words([(item.article, dataclasses.replace(old, form="older")) for item in store.articles(ArticleQuery())])
    archive = archive_of(store)
    assert [counted(archive, rules) for _ in range(2)] == [afresh(archive, rules)] * 2


def test_an_archive_that_cannot_be_written_is_read_all_the_same(store, rules, monkeypatch):
    def busy(_):
        raise StoreBusy("another writer")

    monkeypatch.setattr(store, "save_words", busy)
    archive = archive_of(store)
    assert [counted(archive, rules) for _ in range(2)] == [afresh(archive, rules)] * 2


@pytest.mark.parametrize(("jobs", "inline"), [(2, 0), (0, 2)], ids=["asked for", "once many were read"])
def test_worker_processes_find_the_same_in_the_same_order(store, rules, monkeypatch, jobs, inline):
    monkeypatch.setattr(run, "WORTH_PROCESSES", inline)
    monkeypatch.setattr(run, "CHUNK", 2)
    monkeypatch.setattr(run, "MOST_PASSED", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    archive = archive_of(store)
    alone = outcomes(archive, Trial(rules))
    assert outcomes(archive, Trial(rules), jobs=jobs) == alone


def test_an_article_that_vanishes_meanwhile_is_left_out(store, rules, monkeypatch):
    archive = archive_of(store)
    outcomes(archive, Trial(rules))
    whole = store.articles
    monkeypatch.setattr(store, "articles", lambda query: () if query.ids else whole(query))
    assert [item for item, _ in outcomes(archive, Trial(rules))] == ["a1", "a4"]
