"""What inline tests exercise, phrase by phrase, and what dropping a phrase breaks."""

from types import SimpleNamespace

import pytest

from monitor.model.match import Analysis, Document
from monitor.rules.coverage import count_archive, cover, drop_each, phrases_of
from monitor.rules.engine import Engine


def exercised(coverage):
    return {(use.term, use.phrase.language, use.phrase.text) for use in coverage.phrases if use.tested}


@pytest.fixture
def quay(ruleset, harbour):
    return ruleset({"harbour.yml": harbour})


def test_a_phrase_counts_where_it_proves_a_match_and_a_veto_where_it_stops_one(quay):
    assert exercised(cover(quay)) == {
        ("grain", "en", "(grain|wheat)"),
        ("port", "en", "harbour*"),
        ("halt", "en", "halt*"),
        ("cooking", "en", "recipe*"),
    }


def test_the_share_is_of_all_phrases_of_the_rule(quay):
    coverage = cover(quay)
    assert len(coverage.phrases) == sum(1 for _ in phrases_of(quay.by_id["harbour"]))
    assert coverage.share == 4 / len(coverage.phrases)


def test_a_test_that_fails_exercises_nothing(ruleset, harbour):
    wrong = harbour.replace("direction: worsens}\n  should_not", "direction: improves}\n  should_not")
    assert wrong != harbour
    coverage = cover(ruleset({"harbour.yml": wrong}))
    assert exercised(coverage) == {("cooking", "en", "recipe*")}
    assert not coverage.rules[0].both


def test_a_rule_needs_tests_of_both_kinds(quay):
    [rule] = cover(quay).rules
    assert rule.both
    assert (dict(rule.must_match), rule.must_not) == ({"en": 1}, 1)


def test_a_mask_is_exercised_where_it_hides_something(ruleset, harbour):
    more = harbour.replace(
        "  should_not_match:\n",
        '  should_not_match:\n    - {lang: en, title: "Take what the harbour master says with a grain of salt, all of it"}\n',
    )
    assert ("mask:0", "en", "grain of salt") in exercised(cover(ruleset({"harbour.yml": more})))


def test_what_a_cue_needs_beside_its_first_word_is_exercised_too(ruleset, rule_text):
    text = rule_text(
        status="active",
        terms="{thing: {en: [thing]}, falls: {en: [falls]}, fast: {en: [fast, quickly]}}",
        direction="{worsens: [{near: [falls, fast], within: 3, score: -4}]}",
        tests='{should_match: [{title: "the thing falls so very fast today", direction: worsens}], should_not_match: [{title: nothing}]}',
    )
    assert exercised(cover(ruleset({"thing.yml": text}))) == {
        ("thing", "en", "thing"),
        ("falls", "en", "falls"),
        ("fast", "en", "fast"),
    }


def test_phrases_of_a_lexicon_are_counted_where_a_tested_phrase_refers_to_it(ruleset, rule_text):
    files = {
        "thing.yml": rule_text(terms='{thing: {en: ["@things"]}}', tests='{should_match: [{title: "a gadget"}]}'),
        "lexicons/things.yml": "schema: 1\nid: things\nterms: {en: [gadget, widget]}\n",
        "lexicons/unused.yml": "schema: 1\nid: unused\nterms: {en: [other]}\n",
    }
    coverage = cover(ruleset(files))
    assert [(use.owner, use.phrase.text, use.tested) for use in coverage.shared] == [
        ("@things", "gadget", True),
        ("@things", "widget", False),
    ]


def test_a_dropped_phrase_names_the_tests_that_miss_it(quay):
    rule = quay.by_id["harbour"]
    missed = {drop.phrase.text: [example.kind for example in drop.failing] for drop in drop_each(quay, rule)}
    assert missed["(grain|wheat)"] == ["should_match"]
    assert missed["halt*"] == ["should_match"], "its direction is asserted"
    assert missed["recipe*"] == ["should_not_match"]
    assert missed["=PORT"] == []
    assert set(missed) == {phrase.text for _, phrase in phrases_of(rule)}


def test_a_phrase_that_another_stands_in_for_is_not_missed(ruleset, rule_text):
    text = rule_text(terms="{thing: {en: [thing, =Thing]}}", tests='{should_match: [{title: "a thing, one more Thing"}]}')
    rules = ruleset({"thing.yml": text})
    assert {use.tested for use in cover(rules).phrases} == {True}
    assert [drop.failing for drop in drop_each(rules, rules.rules[0])] == [(), ()]


def test_an_archive_is_counted_by_rule_and_language(quay):
    engine = Engine(quay)
    titles = (
        "Harbour halts grain ships from the east for another week",
        "Bread",
        "Wheat piles up in the harbour, farmers say so",
    )
    documents = [Document(str(number), title, "", "en", True) for number, title in enumerate(titles)]
    archive = count_archive((document, engine.analyse(document)) for document in documents)
    assert (archive.hits, archive.articles, archive.unmatched, archive.several) == ({("harbour", "en"): 2}, 3, 1, 0)


def test_pairs_of_rules_that_match_the_same_articles_are_counted_most_first():
    def found(*rules):
        return Document("", "", "", "en"), Analysis("", tuple(SimpleNamespace(rule=rule) for rule in rules), (), "")

    archive = count_archive([found("a", "b", "c"), found("c", "b"), found("a")])
    assert archive.pairs == ((("b", "c"), 2), (("a", "b"), 1), (("a", "c"), 1))
    assert (archive.several, archive.unmatched) == (2, 0)
