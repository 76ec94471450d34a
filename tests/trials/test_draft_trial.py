"""A draft in full: what changed, what its examples and labelled articles say, and what cannot be tried."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.rules.examples import Outcome
from monitor.rules.quality import Tally
from monitor.trials import draft_trial
from monitor.trials.draft_trial import Draft, SavedRules, try_draft
from monitor.trials.live import Bounds

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
HITS = "Talks in the capital"


@pytest.fixture
def tried(rules, rule_text):
    saved = SavedRules()

    def make(text, store, file="talks.yml"):
        return try_draft(Draft(rules, file, text, saved.version(rules, file)), store, NOW, Bounds())

    return make


def marked(article, relevant):
    verdict = MarkVerdict.RELEVANT if relevant else MarkVerdict.NOT_RELEVANT
    return Mark(article, "talks", verdict, NOW, MarkSource.DESK)


def test_the_saved_text_tried_as_a_draft_changes_nothing(tried, keep, article, rule_text):
    found = tried(rule_text(), keep(article(1, HITS)))
    assert (found.change, found.live.hits, found.live.won, found.live.lost) == (None, 1, 0, 0)
    assert found.examples.ok
    assert found.until - found.since >= timedelta(days=28)


def test_a_change_is_told_in_the_words_of_the_rule_and_held_against_labels(tried, keep, article, rule_text):
    store = keep(
        article(1, HITS), article(2, "Negotiators in the capital"), article(3, "Harvest"), article(4, "Old", days_ago=400)
    )
    store.record_marks([marked("a1", True), marked("a2", False), marked("a3", True), marked("gone", True)])
    found = tried(rule_text(word="negotiators"), store)
    assert [(one.what, one.removed, one.added) for one in found.change.changes] == [
        ("terms.talks.en", ("talks",), ("negotiators",)),
        ("tests", ("should_match “talks in the capital”",), ("should_match “negotiators in the capital”",)),
    ]
    assert found.change.unversioned
    assert (found.labels.saved, found.labels.draft, found.labels.articles) == (Tally(1, 0, 1), Tally(0, 1, 2), 3)


def test_an_example_that_fails_is_told_with_its_line_and_reason(tried, keep, rule_text):
    found = tried(rule_text().replace('title: "Harvest"', 'title: "Talks in the capital"'), keep())
    [good, bad] = found.examples.results
    assert (good.outcome, bad.outcome, bad.example.place.line) == (Outcome.PASSED, Outcome.FAILED, 19)
    assert bad.failures


def test_a_draft_that_is_wrong_is_not_tried_and_says_why(tried, keep):
    found = tried("id: [", keep())
    assert found.live is None
    assert found.check.errors


def test_labels_that_cannot_be_read_are_told_and_the_draft_is_tried(tried, keep, article, rule_text, rules):
    (rules / "labels.jsonl").write_text("no label\n", encoding="utf-8")
    found = tried(rule_text(), keep(article(1, HITS)))
    assert (found.live.hits, [problem.code for problem in found.labels_wrong]) == (1, ["L001"])


def test_a_new_rule_has_nothing_to_be_compared_with(tried, keep, article, rule_text):
    found = tried(rule_text("bridges"), keep(article(1, HITS)), "bridges.yml")
    assert (found.change, found.labels.saved, found.live.hits) == (None, None, 1)


def test_saved_rules_are_read_anew_only_when_a_file_changed(rules, rule_text, monkeypatch):
    read = []
    check = draft_trial.check_with
    monkeypatch.setattr(draft_trial, "check_with", lambda *given: read.append(given) or check(*given))
    saved = SavedRules()
    assert saved.version(rules, "talks.yml") is saved.version(rules, "talks.yml")
    assert saved.check(rules).ruleset.by_id.keys() == {"talks"}
    assert len(read) == 1
    (rules / "talks.yml").write_text(rule_text(threshold=2.5), encoding="utf-8")
    assert saved.version(rules, "talks.yml").rule.threshold == 2.5
    assert saved.version(rules, "none.yml") is None


def test_a_saved_rule_is_known_although_another_file_is_wrong(rules):
    (rules / "broken.yml").write_text("id: [", encoding="utf-8")
    saved = SavedRules()
    assert saved.version(rules, "talks.yml").rule.id == "talks"
    assert saved.version(rules, "broken.yml") is None
