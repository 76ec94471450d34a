"""All rule files at a glance: also those that are wrong, with what the store and the labels say of the others."""

from datetime import UTC, datetime

from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.polling import document_of
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.quality import Tally
from monitor.store.promises import ArticleQuery
from monitor.trials.drafts import check_with
from monitor.trials.overview import overview

NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)


def looked_at(rules, store, now=NOW):
    files = tuple(sorted(file.name for file in rules.glob("*.yml")))
    return overview(rules, files, check_with(rules, {}), store, now)


def analysed(store, rules):
    engine = Engine(load_rules(rules))
    store.save_analyses([engine.analyse(document_of(item.article)) for item in store.articles(ArticleQuery())])


def test_a_rule_has_its_matches_by_week_and_its_labels(rules, keep, article):
    store = keep(
        article(1, "Talks in the capital"), article(2, "Talks in the capital", days_ago=8), article(3, "Harvest", days_ago=1)
    )
    analysed(store, rules)
    store.record_marks([Mark("a2", "talks", MarkVerdict.NOT_RELEVANT, NOW, MarkSource.DESK)])
    found = looked_at(rules, store)
    [row] = found.rows
    assert (row.file, row.rule.id, row.errors, row.weeks[-3:], row.labels) == ("talks.yml", "talks", 0, (0, 1, 1), Tally(0, 1, 0))
    assert (len(found.weeks), found.weeks[-1], found.others) == (12, "2019-W10", ())


def test_an_archive_that_ended_long_ago_shows_its_last_weeks(rules, keep, article):
    store = keep(article(1, "Talks in the capital"))
    analysed(store, rules)
    found = looked_at(rules, store, NOW.replace(year=2026))
    assert (found.weeks[-1], found.rows[0].weeks[-1], found.rows[0].labels) == ("2019-W10", 1, None)


def test_what_is_wrong_is_counted_where_it_stands_and_hides_no_file(rules, keep, rule_text):
    (rules / "broken.yml").write_text(rule_text("broken").replace("within:", "withn:"), encoding="utf-8")
    (rules / "names").mkdir()
    (rules / "names" / "x.yml").write_text("names: 3\n", encoding="utf-8")
    found = looked_at(rules, keep())
    assert [(row.file, row.rule, row.errors) for row in found.rows] == [("broken.yml", None, 1), ("talks.yml", None, 0)]
    assert {problem.place.file for problem in found.others} == {"names/x.yml"}


def test_labels_that_cannot_be_read_are_told(rules, keep):
    (rules / "labels.jsonl").write_text("x\n", encoding="utf-8")
    assert [problem.code for problem in looked_at(rules, keep()).others] == ["L001"]
