"""A page's own word on title, language and address is read in the shapes that sites use."""

import pytest

from monitor.articles.metadata import read_metadata, without_breadcrumb
from monitor.text.markup import parse_html

URL = "https://news.example.org/a/1"


def read(markup):
    return read_metadata(parse_html(markup), URL)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Home / Policy / Two harbours", "Two harbours"),
        ("Главная » Политика » Два порта", "Два порта"),
        ("Галоўная › Два порты", "Два порты"),
        ("Either / or", "Either / or"),
        ("Homeless / Policy", "Homeless / Policy"),
    ],
)
def test_breadcrumb_gives_its_last_part(line, expected):
    assert without_breadcrumb(line) == expected


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Two harbours share ships | Harbour News</title>", "Two harbours share ships"),
        ("<title>Harbour News</title><h1>Two harbours share ships</h1>", "Two harbours share ships"),
        (
            "<meta property=og:site_name content='The Daily'><meta property=og:title content='Two harbours - The Daily'>",
            "Two harbours",
        ),
        ('<script type=\'application/ld+json\'>[{"@type": "Article", "headline": "Two harbours"}]</script>', "Two harbours"),
        ("<h2>Two harbours</h2>", "Two harbours"),
        ("<p>nothing</p>", ""),
    ],
)
def test_title_is_found(markup, title):
    assert read(f"<html><body>{markup}</body></html>").title == title


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ("<html lang='be-BY'><p>x</p></html>", "be"),
        ("<html lang='EN'><p>x</p></html>", "en"),
        ("<html><head><meta property=og:locale content='ru_RU'></head></html>", "ru"),
        ("<html lang='???'><p>x</p></html>", ""),
    ],
)
def test_language_is_a_two_letter_code(markup, language):
    assert read(markup).language == language


def test_json_ld_in_a_graph_with_a_list_of_authors_agrees_with_meta():
    markup = """<head><meta name="author" content="Ada Berg, Ida Lund"><script type="application/ld+json">
    {"@graph": [{"@type": ["NewsArticle"], "author": [{"name": "Ada Berg"}, {"name": "Ida Lund"}], "datePublished": "2024-05-06"}]}
    </script></head>"""
    found = read(markup)
    assert found.author == "Ada Berg, Ida Lund"
    assert ("JSON-LD", "2024-05-06") in found.dates


def test_deep_json_ld_does_not_hang_or_fail():
    nested = "[" * 3000 + "]" * 3000
    assert read(f'<script type="application/ld+json">{nested}</script>').dates == ()


def test_days_of_change_and_claims_of_authors_are_read_beside_what_is_agreed():
    found = read(
        """<head><meta property="article:modified_time" content="2024-05-08T10:00:00Z"><meta name="author" content="Jon Holm">
        <script type="application/ld+json">{"@type": "NewsArticle", "author": "Ada Berg", "dateModified": "2024-05-07"}</script></head>"""
    )
    assert found.updates == ("2024-05-07", "2024-05-08T10:00:00Z")
    assert (found.author, found.claims) == ("", (("JSON-LD", "Ada Berg"), ("meta", "Jon Holm")))
