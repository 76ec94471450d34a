"""Furniture words are recognised in six languages, and prose that begins with them is not."""

import pytest

from monitor.articles.furniture import (
    ALSO_HEADINGS,
    MORE_HEADINGS,
    NEWSLETTER_HEADINGS,
    is_also_heading,
    is_call,
    is_counter,
    is_credit,
    is_more_heading,
    is_newsletter_heading,
    may_begin_heading,
)


@pytest.mark.parametrize(
    "line",
    ["Similar Articles", "RELATED POSTS:", "Check Also", "Comments (12)", "Похожие статьи", "Падобныя артыкулы", "Схожі новини"],
)
def test_headings_of_other_articles(line):
    assert is_more_heading(line)


@pytest.mark.parametrize(
    "line", ["Read also:", "Читайте также", "Чытайце таксама", "Читайте також", "Zobacz także", "Taip pat skaitykite"]
)
def test_read_also_standing_alone(line):
    assert is_also_heading(line)
    assert not is_more_heading(line)


@pytest.mark.parametrize("line", ["Subscribe to our newsletter", "Подписаться", "Падпісацца на рассылку"])
def test_subscription_headings(line):
    assert is_newsletter_heading(line)


@pytest.mark.parametrize(
    "line", ["Follow us on every network", "Share this", "Поделиться", "Читайте также: Хлеб", "View all", "Read more"]
)
def test_calls(line):
    assert is_call(line)


@pytest.mark.parametrize(
    "line", ["Photo: the town", "Фото: мэрия", "Image by the harbour", "© Harbour News", "By Ada Berg", "Fot. Jan Nowak"]
)
def test_credits(line):
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Comments by the minister angered both towns and led to a long debate in their councils last week.",
        "Related to this is the price of fuel, which both towns have to pay on their own in the coming winter.",
        "Photographers waited at the quay.",
        "By the end of March the ice had gone from both of the harbours and the ships went out again.",
        "Popular anger grew",
        "Read the agreement aloud, the mayor asked.",
        "Share prices of the ship yard fell by a tenth on Tuesday, and nobody could say for how long it would last.",
    ],
)
def test_prose_is_no_furniture(line):
    assert not any(
        test(line) for test in (is_more_heading, is_also_heading, is_newsletter_heading, is_call, is_counter, is_credit)
    )


@pytest.mark.parametrize(
    "line",
    [
        "1.2k views",
        "Views: 412",
        "128 Shares",
        "Просмотров: 1 204",
        "Прагляды: 412",
        "Комментарии (17)",
        "5 min read",
        "Время чтения: 3 мин.",
        "12 тыс. просмотров",
    ],
)
def test_counter_is_known(line):
    assert is_counter(line)


@pytest.mark.parametrize(
    "line",
    [
        "412 ships",
        "The film had 412 views in a week",
        "Views differ",
        "7 shares were sold to the town",
        "12 минут",
        "Комментарий министра",
    ],
)
def test_sentence_with_a_figure_is_no_counter(line):
    assert not is_counter(line)


HEADINGS = sorted({*MORE_HEADINGS, *ALSO_HEADINGS, *NEWSLETTER_HEADINGS})


@pytest.mark.parametrize("heading", HEADINGS)
def test_no_heading_is_passed_over_by_its_first_words(heading):
    for piece in (heading, heading.upper(), f" 25 {heading}", heading[:1], heading.split()[0], "— ", "12"):
        assert may_begin_heading(piece)


def test_a_piece_with_other_words_begins_no_heading():
    assert not may_begin_heading("Harbours share their ice breakers")
