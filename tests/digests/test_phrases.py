"""The words that composing makes itself: the same in every language, and 8 to 12 of them at a glance."""

import pytest

from monitor.digests import phrases


@pytest.mark.parametrize("language", phrases.LANGUAGES)
def test_every_glance_has_eight_to_twelve_words_with_every_label(language):
    for key in phrases._GLANCES["en"]:
        labels = (
            [words for code, words in phrases._LABELS[language].items()]
            if "{label}" in str(phrases._GLANCES["en"][key])
            else [""]
        )
        for label in labels:
            for n in (2, 3, 5, 21):
                words = phrases.glance(key, language, n=n, label_words=label).split()
                assert 8 <= len(words) <= 12, words


@pytest.mark.parametrize("table", [phrases._LABELS, phrases._GLANCES, phrases._REASONS])
def test_every_language_has_every_phrase(table):
    assert {tuple(sorted(words)) for words in table.values()} == {tuple(sorted(table["en"]))}


def test_russian_counts_sources_in_its_plural_forms():
    said = [phrases.glance("carried", "ru", n=n, label_words="визиты") for n in (2, 5, 21)]
    assert [words.split("сообща")[1].split(",")[0] for words in said] == [
        "ют 2 независимых источника",
        "ют 5 независимых источников",
        "ет 21 независимый источник",
    ]


def test_unknown_category_and_language_fall_back():
    assert phrases.label("NOVELTY/x", "better", "en") == "signs of improvement"
    assert phrases.label("consult", "better", "en") == "visits and talks"
    assert phrases.glance("quiet", "lt").startswith("No story")


def test_reason_tells_the_figures_as_the_language_writes_them():
    assert phrases.reason("Words", "en", -3.25, 2.0) == "Words; balance −3.2, threshold 2.0."
    assert phrases.reason("Слова", "ru", 4.0, 2.5) == "Слова; баланс +4,0, порог 2,5."
