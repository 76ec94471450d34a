"""An entry is told apart from, or recognised as, an article that we have."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.identity import (
    MAX_REVISIONS,
    Novelty,
    article_id,
    canonical_url_of,
    content_hash,
    known_as,
    why_not_canonical,
)
from monitor.model.article import Entry

SEEN = datetime(2024, 5, 6, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Stored:
    id: str = "a1"
    feed_id: str = "harbour"
    guid: str = "guid-1"
    url: str = "https://example.org/news/17"
    canonical_url: str = "https://example.org/news/17"
    title: str = "Two harbours will share their ice breakers"
    content_hash: str = "hash"
    revision: int = 0
    first_seen: datetime = SEEN


ENTRY = Entry(
    feed_id="harbour", link="https://example.org/news/17", title=Stored.title, guid="guid-1", published=SEEN - timedelta(hours=2)
)


@pytest.mark.parametrize(
    ("entry", "stored", "novelty", "why"),
    [
        (ENTRY, (), Novelty.NEW, "nothing is known"),
        (ENTRY, (Stored(),), Novelty.SAME, "everything agrees"),
        (replace(ENTRY, guid="other"), (Stored(),), Novelty.SAME, "a feed that changes its guids keeps its addresses"),
        (
            replace(ENTRY, link="https://example.org/news/17?utm_source=rss"),
            (Stored(guid="x"),),
            Novelty.SAME,
            "tracking is no identity",
        ),
        (
            replace(ENTRY, guid="other", link="https://example.org/news/17?t=99"),
            (Stored(),),
            Novelty.SAME,
            "guid and address change each poll",
        ),
        (
            replace(ENTRY, guid="g", link="https://example.org/x/8?t=9"),
            (Stored(),),
            Novelty.SAME,
            "title and date within the feed",
        ),
        (
            replace(ENTRY, guid="g", link="https://example.org/x/8", published=None),
            (Stored(),),
            Novelty.NEW,
            "title alone is no identity",
        ),
        (
            replace(ENTRY, guid="g", link="https://example.org/x/8", published=SEEN + timedelta(hours=20)),
            (Stored(),),
            Novelty.NEW,
            "tomorrow's column of the same name is another article",
        ),
        (
            replace(ENTRY, guid="guid-1", link="https://example.org/x/8", title="Rye bread"),
            (Stored(),),
            Novelty.NEW,
            "one guid for all items",
        ),
        (replace(ENTRY, title="Two harbours share all their ships"), (Stored(),), Novelty.REVISED, "its title was edited"),
        (replace(ENTRY, title="Two harbours share all"), (Stored(revision=MAX_REVISIONS),), Novelty.SAME, "edited too often"),
        (replace(ENTRY, feed_id="other", title="Our headline"), (Stored(),), Novelty.SAME, "another feed does not revise it"),
        (
            replace(ENTRY, feed_id="other", link="https://example.org/y"),
            (Stored(),),
            Novelty.NEW,
            "a guid means nothing in another feed",
        ),
        (
            replace(ENTRY, guid="", link="https://example.org/", title="Rye"),
            (Stored(url="https://example.org/"),),
            Novelty.NEW,
            "home pages",
        ),
        (replace(ENTRY, title=Stored.title.upper() + "!"), (Stored(),), Novelty.SAME, "case and marks are no edit"),
    ],
)
def test_entry_is_recognised(entry, stored, novelty, why):
    found = known_as(entry, stored)
    assert found.novelty is novelty, f"{why}: {found.reason}"
    assert found.reason
    assert (found.article is None) == (novelty is Novelty.NEW)


def test_feed_that_changes_every_guid_gives_nothing_new_at_the_second_poll():
    stored = [
        Stored(id=f"a{n}", guid=f"first-{n}", url=f"https://example.org/n/{n}", canonical_url=f"https://example.org/n/{n}")
        for n in range(20)
    ]
    again = [replace(ENTRY, guid=f"second-{n}", link=f"https://example.org/n/{n}") for n in range(20)]
    assert all(known_as(entry, stored).novelty is Novelty.SAME for entry in again)


def test_new_content_of_a_known_entry_is_a_revision_and_the_same_content_is_none():
    assert known_as(ENTRY, [Stored()], new_hash="other").novelty is Novelty.REVISED
    assert known_as(replace(ENTRY, title="New title"), [Stored()], new_hash="hash").novelty is Novelty.SAME


@pytest.mark.parametrize(
    ("link", "final", "claim", "expected", "why"),
    [
        ("https://e.org/a?utm_source=x", "", "", "https://e.org/a", "the link, without tracking"),
        ("https://t.e.org/x", "https://e.org/a", "", "https://e.org/a", "where the link led"),
        ("https://e.org/a/5", "https://e.org/", "", "https://e.org/a/5", "a deleted article leads home"),
        ("https://e.org/a/5", "https://e.org/en", "", "https://e.org/a/5", "a home page by language"),
        ("https://e.org/a/5", "https://m.e.org/a/5", "https://e.org/a/5", "https://e.org/a/5", "the page's own word"),
        ("https://e.org/a/5", "https://e.org/a/5", "https://evil.net/a/5", "https://e.org/a/5", "another site's word"),
        ("", "", "", "", "nothing at all"),
    ],
)
def test_canonical_url(link, final, claim, expected, why):
    assert canonical_url_of(link, final, claim) == expected, why


@pytest.mark.parametrize(
    ("claim", "final"),
    [
        ("ftp://e.org/a", "https://e.org/a"),
        ("/a", "https://e.org/a"),
        ("https://[broken", "https://e.org/a"),
        ("https://e.org/index.html", "https://e.org/a"),
        ("https://e.org/news", "https://e.org/text/17"),
        ("https://e.org/text?page=2", "https://e.org/text?id=17"),
    ],
)
def test_claims_that_are_refused_say_why(claim, final):
    assert why_not_canonical(claim, final)


def test_ids_are_short_stable_and_fall_back_in_order():
    assert article_id("https://e.org/a") == article_id("https://e.org/a", feed_id="f", guid="g")
    assert len(article_id("https://e.org/a")) == 16
    assert article_id("", feed_id="f", guid="g") != article_id("", feed_id="h", guid="g")
    assert article_id("", feed_id="f", title="Two Harbours!") == article_id("", feed_id="f", title="two harbours")


def test_content_hash_ignores_spacing_case_and_marks_and_sees_words():
    assert content_hash("A title", "Some text.") == content_hash("a  title!", "some\ntext")
    assert content_hash("A title", "Some text.") != content_hash("A title", "Some other text.")
    assert content_hash("a b", "c") != content_hash("a", "b c"), "title and text are told apart"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_canonical_url_never_fails(link, final, claim):
    assert isinstance(canonical_url_of(link, final, claim), str)
