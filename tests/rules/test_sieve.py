from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.match import ArticleWords, Document
from monitor.rules import sieve
from monitor.rules.sieve import Sieve, form, words_of
from monitor.rules.trial import NEAR, NOTHING, Trial

WORDS = [
    "grain", "Wheat", "WHEAT", "harbour", "Harbours", "PORT", "port", "зерно", "Зерном", "зёрна", "пшеница", "пшеніца", "гавань",
    "ГАВАНИ", "гаванню", "збожжа", "збожжам", "recipe", "halts", "resumed", "turned", "away", "of", "salt", "Лукаше́нко", "НАТО", "й",
    "й", "ё", "э", "ў", "ь", "gavan", "Łódź", "straße", "ʼ", "м'яч", "O'Harbour", "grain-harbour", "🚢", "αβγ", "grainβ", "٣", "²",
    "gr\xadain", "gra\u200bin", "ｇｒａｉｎ", "Зeрно", "grаin", "збoжжa", "\n", "«grain»,", "harbour.", "ﬁne",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=6)), max_size=14).map(" ".join)
LANGUAGES = st.sampled_from(["en", "ru", "be", "uk", "pl", ""])
USUAL = "require:\n    - grain\n    - any: [port, {source_country: [ro]}]"
VARIANTS = {
    "as it is": (USUAL, USUAL),
    "any": (USUAL, "require:\n    - any: [grain, port]"),
    "all in any": (USUAL, "require:\n    - any: [{all: [grain, halt]}, {all: [port, resume]}]"),
    "near": (USUAL, "require:\n    - {near: [grain, {any: [port, halt]}], within: 4}"),
    "only the source": (USUAL, "require:\n    - source_country: [ro]"),
    "an expression": ('["(grain|wheat)"]', '["re:gr.in", "wheat"]'),
    "two words": ('["(grain|wheat)"]', '["grain <2> (of|away)", "=Wheat salt"]'),
    "a high threshold": ("threshold: 3", "threshold: 7"),
    "a negative weight": ("{term: grain, weight: 2}", "{term: grain, weight: -2}"),
    "letters that no byte has": ('["(grain|wheat)"]', '["αβγ", "grain"]'),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_rule_that_it_leaves_out_neither_matches_nor_nearly_matches(harbour, ruleset, variant):
    old, new = VARIANTS[variant]
    assert old in harbour
    rules = ruleset({"harbour.yml": harbour.replace(old, new)})
    trial, sifting = Trial(rules), Sieve(rules.rules, NEAR)

    @settings(max_examples=200)
    @given(TEXTS, TEXTS, LANGUAGES, st.booleans(), st.sampled_from(["", "ro"]))
    def hold(title, body, language, sure, country):
        document = Document("a", title, body, language, sure, country=country)
        possible = sifting.possible(words_of(document))
        outcome = Trial.run(trial, document)
        assert possible or outcome == NOTHING
        assert trial.run(document, possible) == outcome

    hold()


def kept(text, language="en"):
    return words_of(Document("a", "", text, language, True))


LONG = "The ministers met in the capital for another round of talks on the budget."


@pytest.mark.parametrize(
    ("text", "possible", "why"),
    [
        ("grain and the harbour", True, "both are there"),
        ("grain", False, "the second requirement lacks a word"),
        ("harbour", False, "the first requirement lacks a word"),
        ("grain and airport", False, "no word begins so"),
        ("ingrained in the harbour", False, "a part of a word is no word"),
        ("Wheat: the harbours", True, "case and signs do not count"),
    ],
)
def test_words_are_looked_for_whole_or_from_their_beginning(harbour, ruleset, text, possible, why):
    rules = ruleset({"harbour.yml": harbour.replace(", {source_country: [ro]}", "")})
    assert (Sieve(rules.rules, NEAR).possible(kept(f"{LONG} {text}")) == {"harbour"}) == possible, why


def test_a_phrase_needs_each_of_its_words(harbour, ruleset):
    text = harbour.replace('["(grain|wheat)"]', '["grain <2> salt"]').replace(", {source_country: [ro]}", "")
    sifting = Sieve(ruleset({"harbour.yml": text}).rules, NEAR)
    assert not sifting.possible(kept(f"{LONG} grain harbour"))
    assert sifting.possible(kept(f"{LONG} grain harbour salt"))


def test_an_article_in_a_language_out_of_scope_is_passed_over_and_one_of_no_trusted_language_is_not(harbour, ruleset):
    sifting = Sieve(ruleset({"harbour.yml": harbour}).rules, NEAR)
    assert not sifting.possible(kept(f"{LONG} grain harbour", "pl"))
    assert sifting.possible(kept("grain harbour", "pl")), "so short a text shows no language"


def test_each_word_is_kept_once_and_a_letter_without_a_byte_stands_for_none(harbour, ruleset):
    words = kept("grain Grain GRAIN grainβ").words
    assert words == b" grain grain\x00 "
    text = harbour.replace('["(grain|wheat)"]', '["grain*"]').replace("- any: [port, {source_country: [ro]}]", "- grain")
    assert Sieve(ruleset({"harbour.yml": text}).rules, NEAR).possible(ArticleWords(form(), "en", b" grain\x00 "))


def test_another_folding_makes_another_form(monkeypatch):
    before = form()
    monkeypatch.setattr(sieve, "coarse", lambda text: text.replace("e", "a").encode("cp1251", "ignore"))
    form.cache_clear()
    try:
        assert form() != before
    finally:
        form.cache_clear()


def test_of_several_rules_only_the_possible_ones_are_named(harbour, ruleset):
    other = harbour.replace("id: harbour", "id: other").replace('"(grain|wheat)"', '"timber"')
    rules = ruleset({"harbour.yml": harbour, "other.yml": other})
    article = kept(f"{LONG} timber in the harbour")
    assert Sieve(rules.rules, NEAR).possible(article) == {"other"}
    assert Sieve([], NEAR).possible(replace(article, language="ru")) == frozenset()
