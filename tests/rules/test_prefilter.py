import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.match import Document
from monitor.rules.load import load_rules
from monitor.rules.prefilter import Prefilter, coarse
from monitor.rules.trial import Trial
from monitor.text.fold import fold_word
from monitor.text.tokens import words

HARBOUR_WORDS = [
    "grain",
    "Wheat",
    "WHEAT",
    "harbour",
    "Harbours",
    "PORT",
    "port",
    "зерно",
    "Зерном",
    "зёрна",
    "пшеница",
    "пшеніца",
    "гавань",
    "ГАВАНИ",
    "гаванню",
    "збожжа",
    "збожжам",
    "recipe",
    "halts",
    "resumed",
    "turned",
    "away",
    "of",
    "salt",
    "Лукаше́нко",
    "НАТО",
    "й",
    "й",
    "ё",
    "ё",
    "э",
    "ў",
    "ь",
    "НАТ0",
    "gavan",
    "Łódź",
    "straße",
    "ʼ",
    "м'яч",
    "🚢",
    "αβγ",
    "٣",
    "²",
    "gr\xadain",
    "gra\u200bin",
    "ｇｒａｉｎ",
    "Зeрно",
    "grаin",
    "збoжжa",
]
TEXTS = st.lists(st.one_of(st.sampled_from(HARBOUR_WORDS), st.text(min_size=1, max_size=6)), max_size=14).map(" ".join)
LANGUAGES = st.sampled_from(["en", "ru", "be", "uk", "pl", ""])


@given(st.one_of(TEXTS, st.text(max_size=20)), st.sampled_from(["", "ru", "be"]))
def test_a_word_and_its_folding_are_the_same_in_one_byte_a_letter(text, kind):
    for word in words(text):
        folded = coarse(fold_word(word.original, kind)[0])
        whole = coarse(text)
        assert folded is None or whole is None or folded in whole, word.original


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("text", ["Беларусаў ўзмацненне йод ёлка їжак", "Białoruś Łukašenka šalis", "straße ﬁn"])
def test_normal_forms_are_one(form, text):
    assert coarse(unicodedata.normalize(form, text)) == coarse(text)


def test_letters_that_have_no_byte_are_not_guessed_at():
    assert coarse("Βήτα") is None
    assert coarse("🚢 – “Port”…") is not None


VARIANTS = [
    "",
    "require:\n    - any: [grain, port]",
    "require:\n    - {near: [grain, {any: [port, halt]}], within: 4}",
    "require:\n    - source_country: [ro]",
]


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_it_rejects_no_rule_matches(harbour, ruleset, engine, variant):
    usual = "require:\n    - grain\n    - any: [port, {source_country: [ro]}]"
    assert usual in harbour
    text = harbour.replace(usual, variant) if variant else harbour
    rules = ruleset({"harbour.yml": text}).rules
    made, quick = engine({"harbour.yml": text}), Prefilter(rules)

    @settings(max_examples=150)
    @given(TEXTS, TEXTS, LANGUAGES, st.booleans(), st.sampled_from(["", "ro"]))
    def hold(title, body, language, sure, country):
        document = Document("a", title, body, language, sure, country=country)
        if made.analyse(document).matches:
            assert quick.may_match(document)

    hold()


def test_it_rejects_what_lacks_the_words_and_every_language_out_of_scope(harbour, ruleset, article):
    quick = Prefilter(ruleset({"harbour.yml": harbour}).rules)
    long = "The ministers met in the capital for another round of talks on the budget. " * 3
    assert not quick.may_match(article("Talks", long))
    assert quick.may_match(article("Talks", long + "Wheat"))
    assert not quick.may_match(article("Зерно", long + "зерно", "pl"))
    assert quick.may_match(article("Зерно", "коротко", "pl")), "a text too short to show its language is tried in every one"


def test_a_rule_that_an_expression_opens_lets_everything_through(rule_text, ruleset, article):
    text = rule_text(terms='{thing: {en: ["re:thi?ngs?"]}}', status="active", owner="desk")
    assert Prefilter(ruleset({"thing.yml": text}).rules).may_match(article("Nothing of the kind"))


def test_a_trial_finds_what_production_finds_in_the_labelled_texts(engine):
    from json import loads

    data = Path(__file__).parents[2] / "../shared/data/labelled-dev.jsonl"
    if not data.exists():
        pytest.skip("no labelled texts beside the checkout")
    from monitor.rules.engine import Engine

    shipped = load_rules(Path(__file__).parents[2] / "rules")
    whole, alone = Engine(shipped), {rule.id: Trial(shipped, [rule]) for rule in shipped.rules}
    for line in data.read_text(encoding="utf-8").splitlines():
        value = loads(line)
        document = Document(value["id"], value["title"], value["text"], value["lang"], True)
        expected = {match.rule: match for match in whole.analyse(document).matches}
        found = {rule: trial.run(document).match(rule) for rule, trial in alone.items()}
        assert {rule: match for rule, match in found.items() if match} == expected
