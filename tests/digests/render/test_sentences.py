"""Sentences open with their day once, carry their sources, and stay as they were written."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from monitor.digests.render.idiom import idiom_of
from monitor.digests.render.sentences import line_view, paragraph_views
from monitor.model.edition import Role


@pytest.fixture(scope="module")
def english(digest):
    return idiom_of("en", digest)


def leads(sample, idiom, *paragraphs):
    item = replace(sample.ATTACHE_ITEM, paragraphs=paragraphs)
    return [line.lead for paragraph in paragraph_views(item, idiom) for line in paragraph.lines]


@pytest.fixture
def event(sample):
    def make(day, role=Role.EVENT, **options):
        return sample.said("It happened.", role, sample.INSPECTION, day=day and date(2019, 3, day), **options)

    return make


def test_a_day_is_named_once_in_a_paragraph(sample, english, event):
    assert leads(sample, english, (event(5), event(5), event(6))) == ["On March 5th, 2019:", "", "On March 6th, 2019:"]


def test_the_next_paragraph_of_a_day_says_so(sample, english, event):
    assert leads(sample, english, (event(5),), (event(5), event(5))) == ["On March 5th, 2019:", "On the same day:", ""]


def test_a_day_that_the_quotation_names_is_not_said_before_it(sample, english, event):
    named = replace(event(6), text="It happened on 6 March.", day_from="named")
    weekday = replace(event(6), text="It happened on Wednesday.", day_from="relative")
    other = replace(event(6), text="It happened on 16 March.", day_from="named")
    assert leads(sample, english, (event(5), named, weekday)) == ["On March 5th, 2019:", "", ""]
    assert leads(sample, english, (weekday, named), (named, weekday)) == ["On March 6th, 2019:", "", "", ""]
    assert leads(sample, english, (other,)) == ["On March 6th, 2019:"]


def test_own_words_between_do_not_break_a_day(sample, english, event):
    assert leads(sample, english, (event(5), sample.own("Own."), event(5))) == ["On March 5th, 2019:", "", ""]


def test_a_day_known_only_from_publication_says_published(sample, english, event):
    published = event(6, day_from="publication")
    assert leads(sample, english, (event(5), published, published)) == [
        "On March 5th, 2019:",
        "Published on March 6th, 2019:",
        "",
    ]


def test_publication_on_the_day_that_stands_needs_no_words(sample, english, event):
    assert leads(sample, english, (event(5), event(5, day_from="publication"), event(5))) == ["On March 5th, 2019:", "", ""]


def test_an_event_on_a_day_named_only_as_publication_is_said_to_be_of_it(sample, english, event):
    assert leads(sample, english, (event(5, day_from="publication"), event(5))) == [
        "Published on March 5th, 2019:",
        "On the same day:",
    ]


def test_a_new_paragraph_never_calls_a_publication_an_event_of_that_day(sample, english, event):
    assert leads(sample, english, (event(5),), (event(5, day_from="publication"),))[1] == "Published on March 5th, 2019:"


def test_whole_months_and_years_are_named_as_such(sample, english, event):
    year = replace(event(1, Role.BACKGROUND), day=date(1992, 1, 1), day_end=date(1992, 12, 31))
    month = replace(year, day=date(2016, 2, 1), day_end=date(2016, 2, 29))
    assert leads(sample, english, (year, month)) == ["Earlier, in 1992:", "In February 2016:"]


def test_background_is_told_as_earlier(sample, english, event):
    assert leads(sample, english, (event(5),), (event(1, Role.BACKGROUND), event(None, Role.BACKGROUND))) == [
        "On March 5th, 2019:",
        "Earlier, on March 1st, 2019:",
        "",
    ]


def test_several_days_are_a_range(sample, english, event):
    assert leads(sample, english, (event(6, day_end=date(2019, 3, 7)),)) == ["On March 6th – 7th, 2019:"]


def test_thesis_and_outlook_open_without_a_day(sample, english, event):
    assert leads(sample, english, (event(5, Role.THESIS),), (event(5, Role.OUTLOOK),)) == ["", ""]


def test_every_event_of_the_sample_shows_day_and_source(sample, english):
    for item in (sample.ATTACHE_ITEM, sample.INSPECTION_ITEM, sample.BUILDUP_ITEM):
        seen = ""  # a paragraph may go on with the day of the one before
        for paragraph in paragraph_views(item, english):
            for line in paragraph.lines:
                seen = line.lead or seen or (line.text if line.iso and str(int(line.iso[-2:])) in line.text else "")
                if line.role in ("event", "claim"):
                    assert seen, line.text
                    assert line.cites, line.text
                    assert line.cites[0].url.startswith("https://")


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({}, "Trom Daily (neighbour), March 8"),
        ({"role": Role.CLAIM}, "Trom Daily (neighbour), March 8"),
        ({"speaker": "the Defence Ministry"}, "the Defence Ministry via Trom Daily (neighbour), March 8"),
        ({"role": Role.CLAIM, "speaker": "It"}, "Trom Daily (neighbour), March 8"),
    ],
)
def test_a_source_tag_says_who_and_when(sample, english, event, changes, label):
    assert line_view(replace(event(6), **changes), english).cites[0].label == label


def test_the_same_article_again_is_ibid(sample, english, event):
    item = replace(sample.ATTACHE_ITEM, paragraphs=((event(5), event(6), replace(event(6), speaker="A deputy")),))
    (paragraph,) = paragraph_views(item, english)
    assert [line.cites[0].label for line in paragraph.lines] == ["Trom Daily (neighbour), March 8", "ibid.", "A deputy, ibid."]
    assert paragraph.lines[1].cites[0].url == sample.INSPECTION.url


def test_further_sources_are_named_and_then_counted(sample, english):
    sentence = sample.BUILDUP_ITEM.paragraphs[1][0]
    line = line_view(sentence, english)
    assert [cite.name for cite in line.cites] == [
        "Northern Pact newsroom",
        "Trom Daily",
        "The Lumen Courier",
        "Institute for Frontier Studies",
    ]
    assert (line.also, line.more) == ("also", "+2 more")


@pytest.mark.parametrize(
    ("language", "text", "marks"),
    [
        ("en", "Plain words.", "“”"),
        ("en", "“We will,” he said.", "‘’"),
        ("en", "Свой „груз“.", "‘’"),
        ("ru", "Просто слова.", "«»"),
        ("ru", "«Будем», — сказал он.", "„“"),
        ("be", 'Слова "у двукоссі".', "„“"),
    ],
)
def test_verbatim_text_is_quoted_without_touching_it(sample, digest, language, text, marks):
    line = line_view(sample.said(text, Role.EVENT, sample.INSPECTION), idiom_of(language, digest))
    assert line.before + line.after == marks
    assert line.text == text


def test_own_words_have_no_marks_and_foreign_ones_a_language(sample, english):
    assert line_view(sample.own("Ours."), english).before == ""
    assert line_view(sample.own("Ours."), english).lang == ""
    assert line_view(sample.said("Слова.", Role.EVENT, sample.INSPECTION, language="ru"), english).lang == "ru"


def test_days_are_counted_in_the_digests_zone(sample, digest):
    late = replace(sample.INSPECTION, published=sample.INSPECTION.published.replace(hour=22))
    line = line_view(sample.said("Late.", Role.EVENT, late), idiom_of("en", digest))
    assert line.cites[0].label.endswith("March 9")


def test_articles_are_numbered_over_the_item_and_named_in_full_once(edition, digest):
    item = edition.sections[0].items[0]
    paragraphs = paragraph_views(item, idiom_of("en", digest))
    numbers = {}
    for paragraph in paragraphs:
        named_before = set(numbers)
        for line in paragraph.lines:
            for cite in line.cites:
                numbers.setdefault(cite.mark, cite.page)
                assert numbers[cite.mark] == cite.page, "a number leads to one article"
        assert {cite.mark for cite in paragraph.sources} == {cite.mark for line in paragraph.lines for cite in line.cites}
        assert all(cite.told == (cite.mark in named_before) for cite in paragraph.sources)
    assert list(numbers) == [str(number) for number in range(1, len(numbers) + 1)]


def test_who_says_it_stands_beside_a_sentence_that_does_not_say(edition, digest):
    item = edition.sections[0].items[0]
    claims = [line.said for paragraph in paragraph_views(item, idiom_of("en", digest)) for line in paragraph.lines]
    assert [said for said in claims if said] == ["the Defence Ministry, in Russian", "in Belarusian"]


def test_plain_forms_name_a_place_after_the_last_of_its_sentences(edition, digest):
    item = edition.sections[0].items[0]
    for paragraph in paragraph_views(item, idiom_of("en", digest)):
        for line, following in pairwise(paragraph.lines):
            same = [cite.page for cite in line.cites] == [cite.page for cite in following.cites] != []
            assert line.runs_on == same
        assert not paragraph.lines[-1].runs_on
