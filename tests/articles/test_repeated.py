"""A site's furniture is known by its standing on many pages at their edges; what articles repeat of each other stays."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.repeated import KEPT_LINES, cut_repeated, learn_lines
from monitor.model.site import SiteLines

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ABOUT = "Our newsroom has told the harbour towns what happens in them since 1993; write to us if something escaped our notice."
OPENING = "Reading this costs nothing, since some four hundred people of the coast pay for it each month, and you may join them."
QUOTE = "“We waited too long for the ice breakers, and nobody will forgive us another winter like the last,” the mayor had said in May."


def body(number, lines=6):
    return [
        f"Paragraph {line} of article {number} tells of the harbour, its ships and crews, at the length of a paragraph."
        for line in range(lines)
    ]


def page(number, *, before=(), midst=(), after=(), lines=6):
    own = body(number, lines)
    return "\n".join([*before, *own[:3], *midst, *own[3:], *after])


def learnt(*texts):
    site = SiteLines("north.example", NOW)
    for text in texts:
        site = learn_lines(site, text, NOW)
    return site


def test_paragraph_at_the_end_of_most_pages_is_cut_with_its_reason():
    site = learnt(*(page(number, after=[ABOUT]) for number in range(9)))
    cut = cut_repeated(page(50, after=[ABOUT]), site)
    assert cut.text == page(50)
    assert cut.lines == (ABOUT,)
    assert cut.reason == "1 lines cut that north.example prints around its articles, on up to 9 of 9 pages"


def test_paragraph_at_the_beginning_of_most_pages_is_cut():
    site = learnt(*(page(number, before=[OPENING]) for number in range(9)))
    assert cut_repeated(page(50, before=[OPENING]), site).text == page(50)


@pytest.mark.parametrize("pages", [0, 1, 2, 7])
def test_few_pages_tell_nothing_of_a_paragraph(pages):
    text = page(50, after=[ABOUT])
    assert cut_repeated(text, learnt(*(page(number, after=[ABOUT]) for number in range(pages)))).text == text


def test_background_that_closes_the_articles_of_one_story_stays():
    others = [page(number) for number in range(30)]
    site = learnt(*others, *(page(100 + number, after=[ABOUT]) for number in range(5)), *(page(200 + n) for n in range(8)))
    text = page(50, after=[ABOUT])
    assert cut_repeated(text, site).text == text


def test_statement_quoted_in_the_midst_of_every_article_stays():
    site = learnt(*(page(number, midst=[QUOTE], lines=12) for number in range(20)))
    text = page(50, midst=[QUOTE], lines=12)
    assert cut_repeated(text, site).text == text


def test_statement_learnt_at_the_end_of_others_stays_in_the_midst_of_this_one():
    site = learnt(*(page(number, after=[QUOTE]) for number in range(20)))
    text = page(50, midst=[QUOTE], lines=12)
    assert cut_repeated(text, site).text == text


def test_short_line_that_is_no_sentence_goes_wherever_it_stands():
    site = learnt(*(page(number, midst=["Harbour Times on your telephone"]) for number in range(3)))
    cut = cut_repeated(page(50, midst=["Harbour Times on your telephone"]), site)
    assert cut.text == page(50)


def test_a_run_is_cut_only_from_the_edge_on():
    tail = [ABOUT, "A last paragraph of this article alone, which stands after the one that is repeated and is as long as that."]
    site = learnt(*(page(number, after=[ABOUT]) for number in range(9)))
    text = page(50, after=tail)
    assert cut_repeated(text, site).text == text


def test_an_article_that_is_the_repeated_text_is_left_whole():
    text = page(1)
    site = learnt(*(text for _ in range(20)))
    assert cut_repeated(text, site).text == text


def test_new_furniture_is_known_by_its_share_of_the_pages_since_it_came():
    site = learnt(*(page(number) for number in range(60)), *(page(100 + number, after=[ABOUT]) for number in range(8)))
    assert cut_repeated(page(50, after=[ABOUT]), site).text == page(50)


def test_lines_are_bounded_and_furniture_is_not_forgotten_for_the_many_lines_met_once():
    site = learnt(*(page(number, after=[ABOUT]) for number in range(300)))
    assert len(site.lines) == KEPT_LINES
    assert cut_repeated(page(5000, after=[ABOUT]), site).text == page(5000)


def test_lines_that_no_page_carries_any_more_are_forgotten():
    site = learnt(*(page(number, after=[ABOUT]) for number in range(9)))
    later = learn_lines(site, page(10), NOW + timedelta(days=61))
    assert all(line.last_seen > NOW for line in later.lines)


@given(st.lists(st.lists(st.sampled_from([ABOUT, QUOTE, OPENING, "Short", "", *body(1)]), max_size=8), max_size=12))
def test_no_article_loses_more_than_a_third(pages):
    texts = ["\n".join(lines) for lines in pages]
    site = learnt(*texts)
    for text in texts:
        cut = cut_repeated(text, site)
        assert len(cut.text) >= 0.6 * len(text) - 10
        assert [line for line in text.split("\n") if line not in cut.lines] == [
            line for line in cut.text.split("\n") if line not in cut.lines
        ]
