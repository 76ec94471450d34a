"""A headline is a source's, cleaned and of good form, or the rule's own; never longer than sixteen words."""

import pytest

from monitor.digests.headline import choose_headline, clean_title, form_of, has_verb, one_spelling, sentence_case
from monitor.digests.scope import scope_of
from monitor.model.article import Source
from monitor.model.digest import RuleVoice
from monitor.model.edition import Verdict
from monitor.model.feed import Stance
from monitor.model.match import Field, Mention

TEXT = "The frigate made a port call in Port Selma."
SOURCE = Source("tide", "Tide Agency", "Tide Holding", "VL", "en", Stance.STATE)


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("Frigate arrives in Port Selma - Tide Agency", "Frigate arrives in Port Selma"),
        ("Frigate arrives in Port Selma | Tide Agency", "Frigate arrives in Port Selma"),
        ("Frigate arrives in Port Selma – Foreign Ministry", "Frigate arrives in Port Selma – Foreign Ministry"),
        ("BREAKING: Frigate arrives in Port Selma.", "Frigate arrives in Port Selma"),
        ("Frigate arrives in Port Selma (video)", "Frigate arrives in Port Selma"),
        ("Frigate   arrives\n in Port-Selma", "Frigate arrives in Port-Selma"),
        ("Anti-ship drill ends", "Anti-ship drill ends"),
    ],
)
def test_title_is_cleaned_of_the_site_and_its_labels(title, cleaned):
    assert clean_title(title, SOURCE) == cleaned


@pytest.mark.parametrize(
    ("better", "worse", "why"),
    [
        ("Valdis opens its harbour to a frigate of Norrland", "Why does Valdis open its harbour to a frigate?", "no question"),
        ("Valdis opens its harbour to a frigate of Norrland", "Here's what we know about the frigate in the harbour", "no bait"),
        ("Valdis opens its harbour to a frigate of Norrland", "VALDIS OPENS ITS HARBOUR TO A FRIGATE OF NORRLAND", "no capitals"),
        ("Valdis opens its harbour to a frigate of Norrland", "A frigate of Norrland in the harbour of Valdis", "a clause"),
        ("Valdis opens its harbour to a frigate of Norrland", "Frigate arrives", "seven words and more"),
    ],
)
def test_form_prefers_a_plain_clause(better, worse, why):
    assert form_of(better, True, "en") > form_of(worse, True, "en")


@pytest.mark.parametrize(
    ("language", "text", "clause"),
    [("en", "Inspectors visit a base", True), ("en", "A visit to the base", False), ("ru", "Инспекторы посетили часть", True), ("ru", "О визите", False),
     ("be", "Інспектары наведалі часць", True), ("be", "Пра візіт", False)],
)  # fmt: skip
def test_clause_is_told_by_its_verb(language, text, clause):
    assert has_verb(text, language) is clause


def test_person_is_spelt_in_the_printed_form(world):
    item = world.article("a", "Haroun's frigate: Admiral Haroun arrives in Port Selma", TEXT)
    scope = scope_of(world.inputs(), "en")
    assert (
        one_spelling(item.article.title, item.analysis.mentions, scope, "en")
        == "Harun's frigate: Admiral Harun arrives in Port Selma"
    )


def test_title_case_becomes_sentence_case_where_the_text_writes_small(world):
    article = world.article(
        "a", "Frigate Makes A Port Call In Port Selma", "The frigate makes a call. It makes it in a port."
    ).article
    assert sentence_case(article.title, article) == "Frigate makes a port call in port Selma"


def choose(world, titles, verdict=Verdict.BETTER, voices=(), language="en", used=(), rules=()):
    voices = [*voices, *(RuleVoice(rule, rule, 1) for rule in rules)]
    items = [world.article(f"f{place}", title, TEXT, language=code) for place, (title, code) in enumerate(titles)]
    return choose_headline(items, list(voices), verdict, scope_of(world.inputs(), language), used)


GOOD = "Valdis opens its harbour to a frigate of Norrland"
FOREIGN = "Вальдия открывает гавань фрегату Норрландии впервые за годы"


def test_good_headline_in_the_language_comes_before_the_rules_own(world, voice):
    chosen = choose(world, [(FOREIGN, "ru"), (GOOD, "en")], voices=[voice], verdict=Verdict.UNCHANGED)
    assert (chosen.text, chosen.origin, chosen.language) == (GOOD, "a001", "en")


def test_a_good_headline_that_says_what_changed_comes_before_a_better_one_that_does_not(world, voice):
    said = "Crew of a frigate has been welcomed"
    assert choose(world, [(GOOD, "en"), (said, "en")], voices=[voice]).text == said
    assert choose(world, [(GOOD, "en"), (said, "en")], voices=[voice], verdict=Verdict.UNCHANGED).text == GOOD


def test_rules_own_comes_before_a_bad_or_foreign_one(world, voice):
    chosen = choose(world, [(FOREIGN, "ru"), ("Why a frigate?", "en")], voices=[voice])
    assert (chosen.text, chosen.origin) == ("Valdis lets a foreign frigate in", "rule")


def test_rules_own_is_not_printed_twice(world, voice):
    chosen = choose(world, [(FOREIGN, "ru")], voices=[voice], used={"Valdis lets a foreign frigate in"})
    assert (chosen.text, chosen.language) == (FOREIGN, "ru")


def test_headline_beyond_sixteen_words_is_cut_at_a_break(world):
    long = "Valdis opens its harbour to a frigate of Norrland, which has waited for months in the open sea off Port Selma"
    assert choose(world, [(long, "en")]).text == GOOD
    assert len(choose(world, [(" ".join(["word"] * 30), "en")]).text.split()) == 16


@pytest.mark.parametrize(
    ("verdict", "first"),
    [(Verdict.BETTER, "welcomed"), (Verdict.WORSE, "expelled"), (Verdict.UNCHANGED, "expelled")],
)
def test_a_headline_that_points_where_the_verdict_points_comes_first(world, verdict, first):
    titles = [
        ("Valdis has expelled the crew of a frigate of Norrland", "en"),
        ("Valdis has welcomed the crew of a frigate of Norrland", "en"),
    ]
    assert first in choose(world, titles, verdict=verdict, rules=("port-calls",)).text


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Гарун принял фрегат", "Гарун принял фрегат"),
        ("Гаруну показали фрегат", "Гаруну показали фрегат"),
        ("Геруну показали фрегат", "Гаруну показали фрегат"),
        ("Harun принял фрегат", "Harun принял фрегат"),
    ],
)
def test_person_keeps_the_case_ending_where_names_have_cases(world, names, title, printed):
    scope = scope_of(world.inputs(), "ru")
    end = len(title.split()[0])
    mentions = [Mention("harun", Field.TITLE, 0, end)]
    assert one_spelling(title, mentions, scope, "ru") == printed
