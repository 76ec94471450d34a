"""The recorded weeks, matched by the shipped rules and composed with the shipped digest, in all its languages."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from monitor.demo.corpus import load_corpus
from monitor.demo.weeks import WEEKS
from monitor.digests.check import check_edition
from monitor.digests.compose import compose_edition
from monitor.digests.due import due_of_week
from monitor.digests.inputs import EditionInputs, ReadCounts
from monitor.digests.load import load_digests
from monitor.model.article import Article, DateSource, Source
from monitor.model.edition import Role
from monitor.model.match import Document
from monitor.model.story import AnalysedArticle
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.voice import voices
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "be", "ru")
EDITIONS = [(week, language) for week in WEEKS for language in LANGUAGES]


@cache
def analysed():
    """Every page of the recorded weeks as an article with what the shipped rules find in it."""
    ruleset = load_rules(ROOT / "rules")
    engine = Engine(ruleset)
    items = []
    for page in load_corpus().pages:
        outlet = page.outlet
        source = Source(outlet.id, outlet.name, "", outlet.country, page.language, outlet.stance)
        article = Article(
            page.id, outlet.id, "", page.url, page.url, page.url, page.title, "\n".join(page.paragraphs), page.language, True,
            page.published.astimezone(UTC), DateSource.FEED, page.published.astimezone(UTC), source,
        )  # fmt: skip
        document = Document(
            page.id, page.title, article.text, page.language, True, outlet.stance.value, outlet.country, outlet.id
        )
        items.append(AnalysedArticle(article, engine.analyse(document)))
    return ruleset, tuple(items)


@cache
def inputs(week):
    ruleset, items = analysed()
    (digest,) = load_digests(ROOT / "digests")
    due = due_of_week(digest, week, datetime(2030, 1, 1, tzinfo=UTC))
    rules = {rule for section in digest.sections for rule in section.rules}
    matched = [item for item in items if any(match.rule in rules for match in item.analysis.matches)]
    now = [item for item in matched if due.window.start <= item.article.published < due.window.end]
    before = [item for item in matched if item.article.published < due.window.start]
    return EditionInputs(
        digest, due.window, due.key, due.due_at, 10, group_stories(fold_copies(now)), group_stories(fold_copies(before)),
        tuple(ruleset.names), voices(ruleset), counts=ReadCounts(len(items), len(matched)), base_url="https://digest.example",
    )  # fmt: skip


@cache
def edition(week, language):
    return compose_edition(inputs(week), language)


@pytest.mark.parametrize(("week", "language"), EDITIONS)
def test_edition_of_a_recorded_week_keeps_its_promises(week, language):
    ruleset, items = analysed()
    articles = {item.article.id: item.article for item in items}
    assert check_edition(edition(week, language), articles, ruleset.names) == []


@pytest.mark.parametrize(("week", "language"), EDITIONS)
def test_edition_of_a_recorded_week_tells_something(week, language):
    items = [item for section in edition(week, language).sections for item in section.items]
    assert items
    told = [sentence for item in items for sentence in item.sentences]
    assert {Role.EVENT, Role.OUTLOOK} <= {sentence.role for sentence in told}
    assert sum(sentence.role is Role.EVENT and sentence.day_from != "publication" for sentence in told) >= len(items)


def all_items():
    return [item for week, language in EDITIONS for section in edition(week, language).sections for item in section.items]


def test_items_have_the_length_of_the_model_newsletter():
    """Three to five paragraphs and 120 to 320 words where three sources and more have that much to say; most of the others too."""
    rich = [item for item in all_items() if len(item.sources) >= 3]
    words = [sum(len(sentence.text.split()) for sentence in item.sentences) for item in rich]
    assert len(rich) >= 12
    assert all(3 <= len(item.paragraphs) <= 5 for item in rich)
    assert sum(120 <= count <= 320 for count in words) >= 0.9 * len(words), words
    paragraphs = [sum(len(sentence.text.split()) for sentence in paragraph) for item in rich for paragraph in item.paragraphs]
    assert sum(count <= 109 for count in paragraphs) >= 0.95 * len(paragraphs)


def test_most_printed_sentences_are_in_the_language_of_the_edition():
    for language in LANGUAGES:
        told = [
            sentence
            for week in WEEKS
            for section in edition(week, language).sections
            for item in section.items
            for sentence in item.sentences
        ]
        assert sum(sentence.language == language for sentence in told) >= 0.6 * len(told), language


def test_headlines_are_clauses_of_seven_to_sixteen_words_mostly():
    lengths = [len(item.headline.split()) for item in all_items()]
    assert max(lengths) <= 16
    assert sum(length >= 7 for length in lengths) >= 0.9 * len(lengths)
    assert not [item.headline for item in all_items() if item.headline.endswith(("?", "."))]


def test_same_week_composed_twice_is_the_same():
    assert compose_edition(inputs(WEEKS[0]), "en") == edition(WEEKS[0], "en")
