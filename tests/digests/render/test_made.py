"""The coverage box says what was read and what was not."""

from dataclasses import replace

from monitor.digests.render.idiom import idiom_of
from monitor.digests.render.made import made_view
from monitor.model.edition import Coverage


def test_figures_have_their_words_in_the_right_number(edition, digest):
    coverage = Coverage(feeds_polled=1, articles_read=1204, articles_matched=21, copies_folded=0, stories=2)
    english = made_view(replace(edition, coverage=coverage), idiom_of("en", digest))
    assert english.figures == (
        ("1", "feed polled"),
        ("1,204", "articles read"),
        ("21", "articles matched a rule"),
        ("0", "copies folded"),
        ("2", "stories told apart"),
    )
    russian = made_view(replace(edition, coverage=coverage), idiom_of("ru", digest))
    assert [word for _, word in russian.figures][2] == "статья подошла под правила"
    assert english.failed_heading == "Every source could be read."


def test_failed_sources_are_named_with_reason_and_since(edition, digest):
    made = made_view(edition, idiom_of("en", digest))
    assert made.failed_heading == "2 sources could not be read or fell silent"
    assert (made.failed[0].name, made.failed[0].reason, made.failed[0].since) == (
        "Radio Lumen",
        "answers 403 to every request",
        "since February 26",
    )


def test_window_rules_and_missing_texts_are_told(edition, digest):
    made = made_view(edition, idiom_of("en", digest))
    assert made.notes == (
        "It covers what was first seen from March 4, 2019, 05:00 to March 11, 2019, 05:00 (UTC).",
        "3 articles had no readable text and were judged by their titles.",
        "Rule set 9c1fe20b7d44.",
    )
    past = replace(edition, window=replace(edition.window, by_publication=True, weeks=2))
    notes = made_view(past, idiom_of("en", digest)).notes
    assert notes[0].startswith("It covers what was published from")
    assert notes[1].startswith("It spans 2 weeks")


def test_spreads_go_from_most_to_least(edition, digest):
    made = made_view(edition, idiom_of("en", digest))
    assert made.spreads[0] == ("By language", "English 512, Russian 498, Belarusian 194")
    unknown = replace(edition, coverage=replace(edition.coverage, by_language={"?": 2, "qq": 1}, by_stance={"odd": 1}))
    assert made_view(unknown, idiom_of("en", digest)).spreads == (("By language", "? 2, qq 1"), ("By stance", "odd 1"))
