"""The page's date comes from the best place that is plausible, and says from where."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from trafilatura import load_html

from monitor.articles.dates import page_date, page_updated
from monitor.articles.metadata import PageMetadata, read_metadata
from monitor.model.article import DateSource
from monitor.text.markup import tree_text

TODAY = date(2026, 3, 1)
TEXT = "<p>The two harbour towns agreed to share their ice breakers next winter, the mayor of the northern one said.</p>"


def dated(body="", *, head="", url="https://example.org/a"):
    tree = load_html(
        f"<html><head><title>Two harbours share ships</title>{head}</head><body><h1>Two harbours share ships</h1>{body}{TEXT}</body></html>"
    )
    return page_date(tree, read_metadata(tree, url), tree_text(tree).split("\n"), url=url, today=TODAY)


LINKED = '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "%s"}]}</script>'
META = '<meta property="article:published_time" content="%s">'


@pytest.mark.parametrize(
    ("options", "day", "source", "where"),
    [
        ({"head": LINKED % "2024-05-06T10:00:00+03:00" + META % "2024-05-06"}, date(2024, 5, 6), DateSource.PAGE, "JSON-LD"),
        ({"head": META % "2024-05-06T10:00:00Z"}, date(2024, 5, 6), DateSource.PAGE, "meta article:published_time"),
        ({"head": META % "May 6, 2024"}, date(2024, 5, 6), DateSource.PAGE, "meta article:published_time"),
        ({"body": '<time datetime="2024-05-06T10:00">yesterday</time>'}, date(2024, 5, 6), DateSource.PAGE, "<time>"),
        ({"url": "https://example.org/2024/05/06/ships"}, date(2024, 5, 6), DateSource.PAGE, "address"),
        ({"url": "https://example.org/20240506/ships"}, date(2024, 5, 6), DateSource.PAGE, "address"),
        ({"body": "<p>6 May 2024, 10:00</p>"}, date(2024, 5, 6), DateSource.TEXT, "line"),
        ({"body": "<p>March 4 – March 10, 2019</p>"}, date(2019, 3, 10), DateSource.TEXT, "line"),
        ({"head": META % "2030-01-01", "body": "<p>6 May 2024</p>"}, date(2024, 5, 6), DateSource.TEXT, "line"),
        ({"head": META % "1970-01-01", "body": "<p>6 May 2024</p>"}, date(2024, 5, 6), DateSource.TEXT, "line"),
        (
            {"head": "<script type='application/ld+json'>{broken</script>" + META % "2024-05-06"},
            date(2024, 5, 6),
            DateSource.PAGE,
            "meta",
        ),
    ],
)
def test_date_and_its_place(options, day, source, where):
    found = dated(**options)
    assert (found.moment.date(), found.source) == (day, source)
    assert found.where.startswith(where)


def test_day_that_most_sources_name_outvotes_structured_data():
    found = dated('<time class="published" datetime="2024-05-06">6 May 2024</time><p>6 May 2024</p>', head=LINKED % "2024-05-01")
    assert (found.moment.date(), found.where) == (date(2024, 5, 6), "<time>")


def test_where_as_many_say_the_one_as_the_other_the_ladder_decides():
    head = LINKED % "2024-05-06" + META % "2024-05-06"
    body = '<time class="published" datetime="2024-05-01">1 May 2024</time><p>1 May 2024</p>'
    assert dated(body, head=head).where == "JSON-LD"


def test_a_source_that_repeats_its_day_has_one_vote():
    head = "".join(f'<meta name="{name}" content="2024-05-01">' for name in ("dc.date", "dcterms.issued", "pubdate", "date"))
    found = dated('<time class="published" datetime="2024-05-06">6 May 2024</time><p>6 May 2024</p>', head=head)
    assert found.moment.date() == date(2024, 5, 6)


def test_page_without_any_date_has_none():
    assert dated() is None


def test_page_keeps_its_own_offset():
    found = dated(head=META % "2024-05-06T23:30:00+03:00")
    assert found.moment == datetime(2024, 5, 6, 20, 30, tzinfo=UTC)
    assert found.moment.utcoffset() == timedelta(hours=3)


def test_day_of_the_address_holds_where_the_page_writes_utc():
    found = dated(head=META % "2024-05-06T22:30:00Z", url="https://example.org/2024/05/07/ships")
    assert found.moment == datetime(2024, 5, 6, 22, 30, tzinfo=UTC)
    assert found.moment.astimezone(timezone(found.moment.utcoffset())).date() == date(2024, 5, 7)


def test_time_of_day_is_taken_from_the_line_at_the_title():
    found = dated("<p>6 May 2024, 18:41</p>", head=META % "2024-05-06")
    assert (found.moment, found.source) == (datetime(2024, 5, 6, 18, 41, tzinfo=UTC), DateSource.PAGE)


def test_time_in_a_list_of_other_articles_is_not_the_articles():
    assert dated('<aside><time datetime="2024-05-06">6 May</time></aside><p>1 May 2024</p>').moment.date() == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("updates", "day"),
    [
        (("2024-05-07T10:00:00Z", "2024-05-01"), "2024-05-07"),
        (("no date", "2024-05-01"), "2024-05-01"),
        (("2099-01-01", "1970-01-01"), None),
        ((), None),
    ],
)
def test_the_first_plausible_day_of_change_is_taken(updates, day):
    found = page_updated(PageMetadata("", "", "", "", "", (), updates=updates), today=date(2026, 3, 1))
    assert (str(found.date()) if found else None) == day
