"""Extracted lines lose furniture and keep prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.clean import clean_lines, is_prose

TITLE = "Two harbours will share their ice breakers"
PROSE = "The two harbour towns agreed on Tuesday to share their ice breakers next winter, the mayor of the northern one said."
SECOND = "Fishermen on both shores welcomed the news, since ice kept their boats in port for six weeks during the last season."


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (TITLE, "the title again"),
        (TITLE.upper(), "the title in capitals"),
        (f"Home / Policy / {TITLE}", "a breadcrumb"),
        ("• 1", "a counter"),
        ("___", "a rule"),
        ("18 November 2019, 18:41", "a date line"),
        ("by", "a bare by-line"),
        ("Photo: press service of the town", "a credit"),
        ("Фото носит иллюстративный характар", "a caption in another script"),
        ("Фота носіць ілюстрацыйны характар. Источник: сайт", "a caption"),
        ("Share on Facebook", "a call"),
        ("Подписывайтесь на наш канал", "a call in Russian"),
        ("Read also: Rye bread divides the capital", "an offer"),
        ("Чытайце таксама: Жытні хлеб падзяліў сталіцу", "an offer in Belarusian"),
    ],
)
def test_furniture_between_paragraphs_is_dropped(line, why):
    assert clean_lines([PROSE, line, SECOND], TITLE) == (PROSE, SECOND), why


@pytest.mark.parametrize(
    "line",
    [
        "“We have waited ten years for this,” she said.",
        "— Мы ждали этого десять лет.",
        "What the towns will pay",
        "On 18 November 2019 the first talks had failed for want of money and of a common language.",
        "Follow us into the engine room, said the captain of the older ship, and nobody of the visitors wanted to stay behind.",
        "- a list item of the agreement",
    ],
)
def test_own_lines_are_kept(line):
    assert clean_lines([PROSE, line, SECOND], TITLE) == (PROSE, line, SECOND)


@pytest.mark.parametrize(
    "heading",
    ["Similar articles", "Related posts (3)", "Читайте также:", "Чытайце таксама", "Комментарии", "Recent news from here"],
)
def test_nothing_is_kept_after_the_heading_of_other_articles(heading):
    assert clean_lines([PROSE, heading, "Rye bread divides the capital", SECOND], TITLE) == (PROSE,)


def test_heading_of_other_articles_before_any_prose_cuts_nothing():
    assert clean_lines(["Latest news", PROSE, SECOND], TITLE) == (PROSE, SECOND)


def test_what_stands_above_the_title_is_dropped_also_where_the_extractor_lost_the_title():
    assert clean_lines(["Projects", "Politics", TITLE, PROSE], TITLE) == (PROSE,)
    assert clean_lines(["Projects", "Politics", PROSE], TITLE, ["Projects", "Politics", TITLE, PROSE]) == (PROSE,)


def test_subheading_below_the_title_stays():
    assert clean_lines(["What was agreed", PROSE], TITLE, [TITLE, "What was agreed", PROSE]) == ("What was agreed", PROSE)


def test_subscription_box_in_the_midst_loses_its_heading_only():
    lines = [PROSE, "Subscribe to our newsletter", SECOND, PROSE + " Again.", SECOND + " Again."]
    assert clean_lines(lines, TITLE) == (PROSE, SECOND, PROSE + " Again.", SECOND + " Again.")


def test_article_in_two_scripts_keeps_both():
    cyrillic = "Рыбаки на обоих берегах обрадовались новости про ледоколы двух городов"
    assert clean_lines(["Fishermen on both shores welcomed the news of ice breakers", cyrillic], "") == (
        "Fishermen on both shores welcomed the news of ice breakers",
        cyrillic,
    )


def test_prose_is_long_or_a_sentence():
    assert is_prose(PROSE)
    assert is_prose("Nobody in the harbour was hurt.")
    assert not is_prose("Ship news")


@given(st.lists(st.text(max_size=90), max_size=12), st.text(max_size=40))
def test_cleaning_twice_changes_no_more(lines, title):
    once = clean_lines(lines, title)
    assert all(" ".join(line.split()) in {" ".join(other.split()) for other in lines} for line in once)
    assert set(clean_lines(once, title)) <= set(once)
