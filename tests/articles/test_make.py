"""An article takes the better text, the best date, and says why."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.identity import content_hash
from monitor.articles.make import Page, make_article, published_of
from monitor.model.article import DateSource, Entry, Extraction, TextSource
from monitor.model.feed import Feed, Stance

SEEN = datetime(2024, 5, 6, 12, tzinfo=UTC)
FEED = Feed(
    id="harbour", url="https://example.org/rss", name="Harbour News", country="NO", language="en", stance=Stance.INDEPENDENT
)
TEXT = "The two towns share their ice breakers next winter, the mayor said on Monday after a long meeting of both councils."
ENTRY = Entry(
    feed_id="harbour",
    link="https://example.org/a?utm_source=rss",
    title="Two harbours",
    guid="g1",
    published=SEEN - timedelta(hours=3),
)
FOUND = Extraction(
    title="Two harbours share ships", text=TEXT * 3, language="en", language_sure=True, canonical_url="https://example.org/a"
)


@dataclass(frozen=True)
class Stored:
    id: str = "kept-id"
    feed_id: str = "harbour"
    guid: str = "g1"
    url: str = "https://example.org/a"
    canonical_url: str = "https://example.org/a"
    title: str = "Two harbours"
    content_hash: str = "old"
    revision: int = 3
    first_seen: datetime = SEEN - timedelta(days=2)


def make(entry=ENTRY, page=None, **options):
    return make_article(entry, FEED, page or Page("https://example.org/a", FOUND), first_seen=SEEN, **options)


def test_article_has_all_it_needs():
    article = make(backlog=True)
    assert (article.title, article.text, article.text_source) == ("Two harbours", TEXT * 3, TextSource.PAGE)
    assert (article.canonical_url, article.url, article.final_url) == (
        "https://example.org/a",
        ENTRY.link,
        "https://example.org/a",
    )
    assert (article.published, article.published_source) == (ENTRY.published, DateSource.FEED)
    assert (article.source.name, article.source.publisher, article.source.country) == ("Harbour News", "Harbour News", "NO")
    assert (article.language, article.language_sure, article.backlog, article.reason) == ("en", True, True, "")
    assert article.content_hash == content_hash(article.title, article.text)


@pytest.mark.parametrize(
    ("content", "page", "source", "reason"),
    [
        (f"<p>{TEXT}</p>", Page("", FOUND), TextSource.PAGE, ""),
        (f"<p>{TEXT * 5}</p>", Page("", FOUND), TextSource.FEED, "text from the feed: the page gave less (345 characters)"),
        (f"<p>{TEXT}</p>", Page("", None, "robots.txt forbids it"), TextSource.FEED, "text from the feed: robots.txt forbids it"),
        ("", Page("", None, "410 Gone"), TextSource.TITLE, "title only: 410 Gone"),
        ("Two harbours", Page("", None, "410 Gone"), TextSource.TITLE, "title only: 410 Gone"),
        ("", Page("", replace(FOUND, text="", reason="challenge page")), TextSource.TITLE, "title only: challenge page"),
    ],
)
def test_the_better_text_is_kept_with_the_reason(content, page, source, reason):
    article = make(replace(ENTRY, content=content), page)
    assert article.text_source is source
    assert article.reason == reason.replace("345", str(len(TEXT * 3)))


@pytest.mark.parametrize(
    ("feed_date", "page_date", "expected", "source", "why"),
    [
        (SEEN - timedelta(hours=1), SEEN - timedelta(days=1), SEEN - timedelta(hours=1), DateSource.FEED, "the feed knows best"),
        (None, SEEN - timedelta(days=1), SEEN - timedelta(days=1), DateSource.PAGE, "the page, where the feed is silent"),
        (
            datetime(1970, 1, 1, tzinfo=UTC),
            SEEN - timedelta(days=1),
            SEEN - timedelta(days=1),
            DateSource.PAGE,
            "1970 is no date",
        ),
        (SEEN + timedelta(days=3), SEEN - timedelta(days=1), SEEN - timedelta(days=1), DateSource.PAGE, "the feed dates ahead"),
        (SEEN + timedelta(days=3), None, SEEN, DateSource.FIRST_SEEN, "nothing else is known"),
        (SEEN + timedelta(minutes=50), None, SEEN + timedelta(minutes=50), DateSource.FEED, "clocks differ by less than an hour"),
        (None, None, SEEN, DateSource.FIRST_SEEN, "nobody says"),
    ],
)
def test_publication_date_comes_from_the_best_plausible_source(feed_date, page_date, expected, source, why):
    extraction = replace(FOUND, published=page_date, published_source=DateSource.PAGE)
    assert published_of(replace(ENTRY, published=feed_date), extraction, SEEN) == (expected, source), why


def test_entry_with_only_an_update_time_is_dated_by_it():
    entry = replace(ENTRY, published=None, updated=SEEN - timedelta(hours=5))
    assert published_of(entry, None, SEEN) == (SEEN - timedelta(hours=5), DateSource.FEED)


def test_date_in_another_zone_comes_out_as_utc():
    local = datetime(2024, 5, 6, 13, tzinfo=timezone(timedelta(hours=3)))
    assert published_of(replace(ENTRY, published=local), None, SEEN)[0].isoformat() == "2024-05-06T10:00:00+00:00"


def test_revised_article_keeps_id_and_first_sight_and_is_not_redated():
    article = make(replace(ENTRY, published=SEEN), known=Stored())
    assert (article.id, article.first_seen, article.revision) == ("kept-id", Stored.first_seen, 4)
    assert article.published == Stored.first_seen, "the new date lies after the first sight, so it is not believed"


def test_unchanged_content_is_no_revision():
    same = Stored(content_hash=make().content_hash)
    assert make(known=same).revision == same.revision


@pytest.mark.parametrize(
    ("entry", "extraction", "title"),
    [
        (replace(ENTRY, title=" Two \n harbours "), FOUND, "Two harbours"),
        (replace(ENTRY, title=""), FOUND, "Two harbours share ships"),
        (
            replace(ENTRY, title="", summary=f"<b>{TEXT}</b>"),
            None,
            "The two towns share their ice breakers next winter, the mayor said…",
        ),
        (replace(ENTRY, title="", summary=""), None, ""),
    ],
)
def test_title_falls_back_to_page_and_text(entry, extraction, title):
    assert make(entry, Page("", extraction, "" if extraction else "not read")).title == title


def test_language_of_the_feed_settles_an_open_title():
    article = make_article(
        replace(ENTRY, title="Парад"), replace(FEED, language="be"), Page("", None, "not read"), first_seen=SEEN
    )
    assert (article.language, article.language_sure) == ("be", False)


MOMENTS = st.none() | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))


@given(MOMENTS, MOMENTS, MOMENTS)
def test_published_is_never_an_hour_after_first_sight(published, updated, on_page):
    entry = replace(ENTRY, published=published, updated=updated)
    moment, source = published_of(entry, replace(FOUND, published=on_page), SEEN)
    assert datetime(1995, 1, 1, tzinfo=UTC) <= moment <= SEEN + timedelta(hours=1)
    assert source is not DateSource.FIRST_SEEN or moment == SEEN


ADA = (("JSON-LD", "Ada Berg"), ("meta", "By Ada Berg"))


@pytest.mark.parametrize(
    ("feed", "claims", "author"),
    [
        ("Ada Berg", (), ""),
        ("", ADA[:1], ""),
        ("Ada Berg", ADA[:1], "Ada Berg"),
        ("by ada berg", ADA[1:], "ada berg"),
        ("Ida Lund", ADA, "Ada Berg"),
        ("Ida Lund", (ADA[0], ("meta", "Jon Holm")), ""),
        ("", (("meta", "Ada Berg"), ("meta", "Ada Berg")), ""),
        ("", (("JSON-LD", "—"), ("meta", "•")), ""),
    ],
)
def test_an_author_is_named_only_where_two_of_feed_json_ld_and_meta_agree(feed, claims, author):
    page = Page("https://example.org/a", replace(FOUND, author_claims=claims))
    assert make(replace(ENTRY, author=feed), page).author == author


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("feed", "page", "updated", "why"),
    [
        (SEEN - HOUR, SEEN - 2 * HOUR, SEEN - HOUR, "the feed's word goes before the page's"),
        (None, SEEN - HOUR, SEEN - HOUR, "the page's where the feed gives none"),
        (ENTRY.published, None, None, "the day of publication is no update"),
        (SEEN - 9 * HOUR, None, None, "nothing is updated before it was published"),
        (SEEN + 5 * HOUR, SEEN - HOUR, SEEN - HOUR, "a time to come is passed over"),
        (None, None, None, "nobody says"),
    ],
)
def test_an_update_is_a_date_of_its_own(feed, page, updated, why):
    found = make(replace(ENTRY, updated=feed), Page("", replace(FOUND, updated=page)))
    assert found.updated == updated, why
    assert found.published == ENTRY.published


def test_a_revised_article_may_be_updated_after_it_was_first_seen():
    assert make(replace(ENTRY, updated=SEEN - HOUR), known=Stored()).updated == SEEN - HOUR


def test_dateline_agency_and_confidence_are_carried():
    article = make(page=Page("", replace(FOUND, text=f"NORTHPORT, 4 March (Coast Wire) - {TEXT}\n{TEXT}")))
    assert (article.agency, article.dateline) == ("Coast Wire", "NORTHPORT, 4 March (Coast Wire)")
    assert article.language_confidence > 0.9
    assert (make().agency, make().dateline) == ("", "")


def test_the_furniture_that_was_cut_is_told_as_the_reason():
    assert make(page=Page("", FOUND, furniture="2 lines cut")).reason == "2 lines cut"
