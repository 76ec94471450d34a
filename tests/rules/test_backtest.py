import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.article import Article, DateSource, Source
from monitor.model.errors import WrongUse
from monitor.model.match import Direction, Document
from monitor.rules.backtest import BacktestCount, proving_terms
from monitor.rules.marks import UNJUDGED, Judged
from monitor.rules.trial import Filed, Trial, chosen_rules

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT, WRONG = Judged(frozenset({"harbour"}), whole=True), Judged(whole=True)


def filed(name, title, judged=UNJUDGED, *, text="", language="en", source="Gazette", days=0):
    when = MONDAY + timedelta(days=days)
    url = f"https://a.example/{name}"
    article = Article(
        name, source, "", url, url, url, title, text, language, True, when, DateSource.FEED, when, Source(source, source)
    )
    return Filed(article, Document(name, title, text, language, True), judged)


@pytest.fixture
def count(harbour, ruleset):
    rules = ruleset({"harbour.yml": harbour})

    def made(*articles, stories=None, span=None):
        trial, counted = Trial(rules), BacktestCount(rules.rules)
        for item in articles:
            counted.take(item, trial.run(item.document))
        [tally] = counted.result(stories or {}, span).rules
        return counted.result(stories or {}, span), tally

    return made


def test_hits_stories_sources_and_weeks_are_counted(count):
    whole, tally = count(
        filed("a", "Harbour halts grain ships"),
        filed("b", "Grain harbour resumes work", source="Herald", days=8),
        filed("c", "Nothing here", days=14),
        stories={"a": "s", "b": "s"},
    )
    assert (whole.articles, whole.sources, whole.languages) == (3, 2, {"en": 3})
    assert (tally.hits, tally.stories, tally.sources) == (2, 1, 2)
    assert tally.per_week == pytest.approx(1.0)
    assert tally.weeks == {"2026-W10": 1, "2026-W11": 1}
    assert tally.directions == {Direction.IMPROVES: 1, Direction.WORSENS: 1, Direction.NEUTRAL: 0}


def test_a_given_span_divides_not_that_of_the_articles(count):
    _, tally = count(filed("a", "Harbour halts grain ships"), span=(MONDAY, MONDAY + timedelta(days=28)))
    assert tally.per_week == pytest.approx(0.25)


def test_no_rate_is_told_where_nothing_is_labelled(count):
    _, tally = count(filed("a", "Harbour halts grain ships"))
    assert (tally.precision, tally.recall, tally.unlabelled) == (None, None, 1)


def test_precision_covers_the_labelled_hits_alone_and_misses_are_named(count):
    _, tally = count(
        filed("a", "Harbour halts grain ships", RIGHT),
        filed("b", "Grain in the harbour", RIGHT),
        filed("c", "Grain of the old harbour", WRONG),
        filed("d", "Harbour of grain"),
        filed("e", "Harbour grain stays", replace(WRONG, either=frozenset({"harbour"}))),
        filed("f", "Ships wait at sea", RIGHT),
    )
    assert (tally.right, tally.wrong, tally.either, tally.unlabelled) == (2, 1, 1, 1)
    assert tally.precision == pytest.approx(2 / 3)
    assert tally.recall == pytest.approx(2 / 3)
    assert [item.id for item in tally.missed] == ["f"]
    assert [item.id for item in tally.false_positives] == ["c"]


def test_a_score_within_one_of_the_threshold_is_a_near_miss(count):
    text = (
        "Ships came in.\n" + "The day was long and warm in the old town by the sea. " * 3 + "Grain went to the harbour far away"
    )
    whole, tally = count(
        filed("near", "Ships came in", text="The harbour was quiet for a long while today, people said so. One sack of grain"),
        filed("far", "Grain and nothing else"),
        filed("hit", "Ships", text=text),
    )
    assert whole.articles == 3
    assert tally.hits == 1
    assert [(item.id, item.score) for item in tally.near_misses] == [("near", 2.5)]


def test_phrases_tell_hits_what_they_prove_alone_and_what_never_fired(count):
    _, tally = count(filed("a", "Harbour halts grain ships", RIGHT), filed("b", "PORT and harbour of wheat", RIGHT))
    by_phrase = {phrase.phrase: phrase for phrase in tally.phrases}
    assert (by_phrase["harbour*"].hits, by_phrase["harbour*"].only, by_phrase["harbour*"].right) == (2, 1, 2)
    assert by_phrase["halt*"].hits == 1, "direction cues count as well"
    assert {phrase.phrase for phrase in tally.never_fired} == {"turn* <2> away", "resum*"}, "only languages that the archive has"


def test_a_phrase_behind_most_false_positives_is_blamed(count):
    _, tally = count(
        filed("a", "Harbour halts grain ships", RIGHT),
        filed("b", "PORT wine and grain", WRONG),
        filed("c", "PORT grain side", WRONG),
    )
    assert {phrase.phrase for phrase in tally.phrases if phrase.blamed} == {"=PORT", "(grain|wheat)"}


def test_terms_that_only_mask_or_veto_are_not_expected_to_fire(harbour, ruleset):
    [rule] = ruleset({"harbour.yml": harbour}).rules
    assert proving_terms(rule) == {"grain", "port", "halt", "resume"}


def test_rules_are_chosen_by_name_drafts_too(harbour, rule_text, ruleset):
    found = ruleset({"harbour.yml": harbour, "thing.yml": rule_text()})
    assert [rule.id for rule in chosen_rules(found)] == ["harbour"]
    assert [rule.id for rule in chosen_rules(found, ["thing"])] == ["thing"]
    with pytest.raises(WrongUse, match="nope"):
        chosen_rules(found, ["nope"])


def test_a_trial_that_has_run_can_be_sent_to_another_process(harbour, ruleset):
    trial, document = Trial(ruleset({"harbour.yml": harbour})), Document("a", "Grain harbour", "", "en")
    assert pickle.loads(pickle.dumps(trial)).run(document) == trial.run(document)
    assert pickle.loads(pickle.dumps(trial)).run(document).matches


def test_a_draft_on_trial_runs(rule_text, ruleset):
    found = ruleset({"thing.yml": rule_text()})
    assert Trial(found).run(Document("a", "A thing", "", "en")).match("thing")
