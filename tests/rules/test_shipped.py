"""The rules that ship: their own tests, and the same articles in every disguise that feeds deliver."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.rules.engine import Engine
from monitor.rules.examples import Outcome, example_document, run_examples
from monitor.rules.load import check_rules, load_rules
from monitor.rules.voice import voices

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="module")
def shipped():
    return load_rules(RULES)


@pytest.fixture(scope="module")
def engine(shipped):
    return Engine(shipped)


def test_nothing_is_wrong_with_the_shipped_rules():
    assert check_rules(RULES).problems == ()


def test_every_inline_test_passes_for_its_own_reason(shipped, engine):
    report = run_examples(shipped, engine)
    assert report.problems == ()
    assert report.count(Outcome.PASSED) > 50


def test_every_rule_says_what_it_must_and_must_not_find(shipped):
    for rule in shipped.rules:
        assert {"should_match", "should_not_match"} <= {example.kind for example in rule.examples}


def test_every_rule_has_words_for_each_verdict_in_each_language(shipped):
    for voice in voices(shipped).values():
        for texts in (voice.headline, voice.assessment):
            assert set(texts) == {"better", "worse", "unchanged"}
            assert all({"en", "be", "ru"} <= set(by_language) for by_language in texts.values())


def with_stress(text):
    return re.sub(r"(?<=[б-џ])([аеоуыіэюя])(?=[б-џ])", "\\1\u0301", text)


def with_soft_hyphens(text):
    return re.sub(r"(\w{3})(?=\w{2})", "\\1\u00ad", text)


def with_look_alikes(text):
    """One letter of every longer word in the other alphabet."""

    def disguise(found):
        word = found[0]
        pairs = dict(zip("аеосрху", "aeocpxy", strict=True)) if re.search("[а-яіў]", word) else {"a": "а", "e": "е", "o": "о"}
        at = next((at for at, letter in enumerate(word) if letter in pairs), None)
        return word if at is None else word[:at] + pairs[word[at]] + word[at + 1 :]

    return re.sub(r"[^\W\d_]{5,}", disguise, text)


DISGUISES = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "soft hyphens": with_soft_hyphens,
    "zero-width spaces": lambda text: with_soft_hyphens(text).replace("\u00ad", "\u200b"),
    "stress marks": with_stress,
    "look-alikes": with_look_alikes,
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguised_article_still_matches_and_points_the_same_way(shipped, engine, disguise):
    lost = []
    for rule in shipped.rules:
        for example in rule.examples:
            if example.kind != "should_match":
                continue
            plain = example_document(example)
            changed = replace(plain, title=disguise(plain.title), text=disguise(plain.text))
            before, _ = engine.evaluate(rule.id, plain)
            after, _ = engine.evaluate(rule.id, changed)
            if (after.stop, after.score, after.direction) != (before.stop, before.score, before.direction):
                lost.append((rule.id, changed.title, after.stop, before.score, after.score))
    assert lost == []


def test_every_span_slices_its_article(shipped, engine):
    for rule in shipped.rules:
        for example in rule.examples:
            document = example_document(example)
            analysis = engine.analyse(document)
            for match in analysis.matches:
                for span in (*match.spans, *(cue.span for cue in match.cues)):
                    assert getattr(document, span.field.value)[span.start : span.end] == span.text
            for mention in analysis.mentions:
                assert getattr(document, mention.field.value)[mention.start : mention.end].strip()
