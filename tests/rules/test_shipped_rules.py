"""What the shipped rules, names and texts owe their readers, whatever the labelled articles say."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from monitor.model.match import Document, Field
from monitor.rules.engine import Engine
from monitor.rules.examples import run_examples
from monitor.rules.load import load_rules
from monitor.rules.schema import RuleSet
from monitor.rules.voice import voices

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
IDS = ("military-attaches", "cfe-inspections", "nato-buildup", "us-belarus-military", "belarus-russia-military")
READERS = ("en", "ru", "be")
VERDICTS = ("better", "worse", "unchanged")
SLOT = re.compile(r"\{(actors|count|sources|first_date|last_date)\}")
FOREIGN_LETTERS = {"be": "ищъї", "ru": "іўїєґ", "uk": "ыэўёъ"}
# Terms whose cue is meant to stay below a verdict: a routine briefing, numbers that match.
QUIET = {("military-attaches", "contact"), ("cfe-inspections", "compliance")}


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    return load_rules(RULES)


@pytest.fixture(scope="module")
def engine(shipped: RuleSet) -> Engine:
    return Engine(shipped)


def documents(*files: Path) -> list[Document]:
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [Document(line["id"], line["title"], line["text"], line["lang"], True) for line in lines]


def test_the_five_topics_ship(shipped):
    assert {rule.id for rule in shipped.rules} >= set(IDS)


@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize("rule", IDS)
def test_each_rule_finds_four_examples_in_each_reader_language(shipped, rule, language):
    examples = next(found.examples for found in shipped.rules if found.id == rule)
    found = [example for example in examples if example.kind == "should_match" and example.language == language]
    assert len(found) >= 4
    assert sum(example.direction is not None for example in found) >= 3


@pytest.mark.parametrize("rule", IDS)
def test_each_rule_refuses_four_look_alikes_and_says_why(shipped, rule):
    examples = next(found.examples for found in shipped.rules if found.id == rule)
    refused = [example for example in examples if example.kind == "should_not_match"]
    assert len(refused) >= 4
    assert all(example.because for example in refused)


def outcome(engine: Engine, texts: list[Document]) -> list[tuple[tuple[float, float], ...]]:
    return [tuple((match.score, match.direction_score) for match in engine.analyse(text).matches) for text in texts]


@pytest.mark.slow
@pytest.mark.parametrize("rule", IDS)
def test_no_term_can_be_dropped_unnoticed(shipped, rule):
    texts = documents(ROOT / "tests" / "rules" / "paraphrases.jsonl", ROOT / "tests" / "labelled.jsonl")
    whole = next(found for found in shipped.rules if found.id == rule)
    alone = dataclasses.replace(shipped, named=())
    before = outcome(Engine(dataclasses.replace(alone, rules=(whole,))), texts)
    idle = []
    for name, term in whole.terms.items():
        less = dataclasses.replace(whole, terms={**whole.terms, name: dataclasses.replace(term, phrases={})})
        rules = dataclasses.replace(alone, rules=(less,))
        engine = Engine(rules)
        alike = all(
            run_examples(dataclasses.replace(rules, rules=(dataclasses.replace(less, examples=(example,)),)), engine).ok
            for example in reversed(whole.examples)
        )
        if (rule, name) not in QUIET and alike and outcome(engine, texts) == before:
            idle.append(name)
    assert idle == []


def digest_texts(shipped: RuleSet) -> list[tuple[str, str, str, str, str]]:
    return [
        (rule, part, verdict, language, text)
        for rule, voice in voices(shipped).items()
        if rule in IDS
        for part in ("headline", "assessment", "outlook")
        for verdict, by_language in getattr(voice, part).items()
        for language, texts in by_language.items()
        for text in texts
    ]


def test_every_verdict_has_words_in_every_reader_language(shipped):
    found = {entry[:4] for entry in digest_texts(shipped)}
    assert found >= {
        (rule, part, verdict, language)
        for rule in IDS
        for part in ("headline", "assessment", "outlook")
        for verdict in VERDICTS
        for language in READERS
    }


def test_headlines_are_short_clauses_without_a_stop(shipped):
    for rule, part, verdict, language, text in digest_texts(shipped):
        if part == "headline":
            assert 5 <= len(text.split()) <= 16, (rule, verdict, language)
            assert text[0].isupper()
            assert text[-1] not in ".!?:", (rule, verdict, language)


def test_the_theses_hold_in_any_week(shipped):
    """No date, number or quotation that could be false in the week they are printed in, and no more than three sentences."""
    for rule, part, verdict, language, text in digest_texts(shipped):
        plain = SLOT.sub("", text)
        assert not re.search(r"\d|«|»|[\"“”{}]", plain), (rule, part, verdict, language)
        assert "Lukashenko" not in plain
        if part != "headline":
            assert text.endswith(".")
            assert 1 <= len(re.findall(r"[.!?](?:\s|$)", plain.replace("i.e.", "ie"))) <= 3, (rule, part, verdict, language)


def test_every_outlook_hedges(shipped):
    hedge = {"en": "likely", "ru": "вероят", "be": "верагод"}
    for rule, part, verdict, language, text in digest_texts(shipped):
        if part == "outlook":
            assert hedge[language] in text.casefold(), (rule, verdict, language)


def test_a_name_is_found_in_the_form_it_prints(shipped, engine):
    lost = []
    for named in shipped.names:
        assert set(READERS) <= set(named.printed), named.id
        for language in READERS:
            text = f"— {named.printed[language]}."
            found = engine.analyse(Document("x", "", text, language, True)).mentions
            if named.id not in {mention.name for mention in found}:
                lost.append((named.id, language, text))
    assert lost == []


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The carpenter came from Kent and bought a tusk", "carpenter, kent or tusk"),
        ("en", "A cooper in Austin saw a dragon", "cooper, austin or dragon"),
        ("ru", "На запад от дороги и на восток от неё", "zapad"),
        ("be", "Сонца сядае на захад", "zapad"),
        ("ru", "Дудка и шуплый коулун", "duda, schoup or coale"),
    ],
)
def test_common_words_name_nobody(engine, language, text, name):
    found = {mention.name for mention in engine.analyse(Document("x", "", text, language, True)).mentions}
    assert not found & set(re.findall(r"[a-z-]+", name))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lukashenko met Alexander Lukashenka's ministers"),
        ("ru", "Лукашенко"),
        ("be", "з Лукашэнкам, пра Лукашэнку"),
        ("be", "Łukašenka"),
        ("uk", "з Лукашенком"),
    ],
)
def test_the_president_is_one_person_in_every_spelling(engine, language, text):
    assert "lukashenka" in {mention.name for mention in engine.analyse(Document("x", text, "", language, True)).mentions}


def test_terms_are_written_in_the_alphabet_of_their_language():
    """A Russian letter in a Belarusian stem never matches, and looks right."""
    slips = []
    for file in sorted(RULES.rglob("*.yml")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            found = re.match(r"\s+(be|ru|uk): (\[.*)", line)
            wrong = set(FOREIGN_LETTERS[found[1]]) & set(found[2].casefold().split("], ")[0]) if found else set()
            if wrong:
                slips.append(f"{file.name}:{number} {found[1]} {''.join(sorted(wrong))}")
    assert slips == []


def test_a_promise_not_to_build_up_points_nowhere(engine):
    text = Document("x", "НАТО не будет наращивать контингент возле Беларуси", "", "ru", True)
    match = next(match for match in engine.analyse(text).matches if match.rule == "nato-buildup")
    assert any(cue.cancelled for cue in match.cues)


def test_an_unsure_language_loses_nothing(shipped, engine):
    """Feeds without a language: the other languages' terms are tried, and the article still matches."""
    lost = []
    for rule in shipped.rules:
        for example in rule.examples:
            if example.kind == "should_match" and rule.id in IDS:
                found = engine.analyse(Document("x", example.title, example.body, "", False)).matches
                if rule.id not in {match.rule for match in found}:
                    lost.append((rule.id, example.language, example.title))
    assert lost == []


def test_spans_stand_in_title_or_text(engine):
    for text in documents(ROOT / "tests" / "labelled.jsonl"):
        for match in engine.analyse(text).matches:
            assert match.spans
            assert {span.field for span in match.spans} <= {Field.TITLE, Field.TEXT}
