"""Profiles weigh rare words more, and see names through languages."""

import math

from monitor.stories.copies import fold_copies
from monitor.stories.profile import Kind, profiles_of
from monitor.text.vectors import cosine, key_of


def profiles(items):
    return profiles_of(fold_copies(items))


def test_vectors_have_unit_length(labelled):
    for profile in profiles([item for item, _ in labelled]):
        assert math.isclose(cosine(profile.terms, profile.terms), 1.0, rel_tol=1e-6)
        assert math.isclose(cosine(profile.names, profile.names), 1.0, rel_tol=1e-6)


def test_what_everybody_names_weighs_less_than_what_few_name(labelled):
    items = [item for item, _ in labelled]
    kask = next(profile for profile in profiles(items) if profile.group.lead.article.id == "acc-en")
    assert kask.names.weight(key_of(Kind.COUNTRY, "EE")) > kask.names.weight(key_of(Kind.NUMBER, "14")) * 0.5 > 0
    assert "tarmo" in kask.named


def test_text_without_names_has_terms_only(item):
    (profile,) = profiles([item("a", "ice broke in the night and ships went out again", "ice broke")])
    assert not len(profile.names)
    assert len(profile.terms)


def test_script_is_part_of_the_language(item):
    latin = item("a", "Biełaruś hatova da dyjałohu", "Biełaruś", language="be")
    cyrillic = item("b", "Беларусь гатова да дыялогу", "Беларусь", language="be", hours=1)
    first, second = profiles([latin, cyrillic])
    assert first.language != second.language


def test_empty_article_has_empty_vectors(item):
    (profile,) = profiles([item("a", "", "—")])
    assert cosine(profile.terms, profile.terms) == 0.0
