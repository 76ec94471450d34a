"""Makes an article of an entry and what its page yielded: which text, which date, which language, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.articles.identity import KnownLike, article_id, canonical_url_of, content_hash
from monitor.articles.metadata import agreed_author
from monitor.model.article import Article, DateSource, Entry, Extraction, Source, TextSource
from monitor.model.feed import Feed
from monitor.text.dateline import read_dateline
from monitor.text.language import judge_language
from monitor.text.markup import text_of

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Dates before this (1970, 0001) are a program's default, not a publication."""
TOLERANCE = timedelta(hours=1)
"""How far in the future of its first sight an article may say it was published (clocks differ); the rest is clamped."""
MUCH_LONGER = 1.2
"""How much longer the feed's text must be than the page's to be preferred: the page is cleaner."""
SHORT = 200
"""Texts below this many characters carry a reason."""


@dataclass(frozen=True, slots=True)
class Page:
    """What became of an entry's page: where it was found and what it yielded, or why there is none.

    `furniture` says what was cut from the extraction's text as the site's own, "" where nothing was.
    """

    final_url: str = ""
    extraction: Extraction | None = None
    why_not: str = ""
    furniture: str = ""


def make_article(
    entry: Entry, feed: Feed, page: Page, *, first_seen: datetime, known: KnownLike | None = None, backlog: bool = False
) -> Article:
    """The article of an entry, complete and consistent.

    Args:
        entry: As the feed gave it; its content or summary is the text where the page gives less.
        feed: Lends the source, and the language where the text leaves it open.
        page: The page's final address and extraction, or why the page was not read.
        first_seen: Now, aware UTC; ignored for a known article, which keeps the time it was first seen.
        known: The stored article that this entry revises: keeps its id, `first_seen` and date (F53), and counts a revision.
        backlog: True for an old entry of a feed's first poll.

    Returns:
        An article whose `published` is never after `first_seen` + 1 hour and whose `reason` says why text is missing or short.
    """
    now, first_seen = first_seen, known.first_seen if known else first_seen
    canonical = known.canonical_url if known and known.canonical_url else _canonical(entry, page)
    title = _title(entry, page)
    text, text_source, reason = _text(entry, page, title)
    language = judge_language(f"{title}\n{text}", hint=_language_hint(entry, feed, page))
    dateline = read_dateline(text.partition("\n")[0])
    published, published_source = published_of(entry, page.extraction, first_seen)
    new_hash = content_hash(title, text)
    return Article(
        id=known.id if known else article_id(canonical, feed_id=feed.id, guid=entry.guid, title=title),
        feed_id=feed.id,
        guid=entry.guid,
        url=entry.link,
        final_url=page.final_url or entry.link,
        canonical_url=canonical,
        title=title,
        text=text,
        language=language.code,
        language_sure=language.sure,
        published=published,
        published_source=published_source,
        first_seen=first_seen,
        source=_source(feed),
        author=author_of(entry, page.extraction),
        text_source=text_source,
        reason=reason,
        revision=known.revision + 1 if known and known.content_hash != new_hash else known.revision if known else 0,
        content_hash=new_hash,
        backlog=backlog,
        updated=updated_of(entry, page.extraction, published, now),
        agency=dateline.agency,
        dateline=dateline.text,
        language_confidence=language.confidence,
    )


def author_of(entry: Entry, extraction: Extraction | None) -> str:
    """The author whom two of feed, JSON-LD and meta name; "" where no two agree."""
    return agreed_author(
        (*((("feed", entry.author),) if entry.author else ()), *(extraction.author_claims if extraction else ()))
    )


def updated_of(entry: Entry, extraction: Extraction | None, published: datetime, now: datetime) -> datetime | None:
    """When the article was last changed by its feed, else by its page: later than `published`, not more than an hour after now."""
    for moment in (entry.updated, extraction.updated if extraction else None):
        if moment is not None:
            aware = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            if published < aware <= now + TOLERANCE:
                return aware
    return None


def published_of(entry: Entry, extraction: Extraction | None, first_seen: datetime) -> tuple[datetime, DateSource]:
    """When the article was published and how that is known: feed, page, page text, else when it was first seen.

    A rung with an absurd date is passed over: before 1995, or more than an hour after the article was first seen. So an entry
    that is dated anew at every poll keeps its place in time (F53).
    """
    rungs: list[tuple[datetime | None, DateSource]] = [(entry.published or entry.updated, DateSource.FEED)]
    if extraction is not None:
        rungs.append((extraction.published, extraction.published_source or DateSource.PAGE))
    for moment, source in rungs:
        if moment is None:
            continue
        aware = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        if EARLIEST <= aware <= first_seen + TOLERANCE:
            return aware, source
    return first_seen, DateSource.FIRST_SEEN


def _canonical(entry: Entry, page: Page) -> str:
    claim = page.extraction.canonical_url if page.extraction else ""
    return canonical_url_of(entry.link, page.final_url, claim)


def _title(entry: Entry, page: Page) -> str:
    """The feed's title, else the page's, else the beginning of the text."""
    from_page = page.extraction.title if page.extraction else ""
    if entry.title.strip() or from_page:
        return " ".join((entry.title.strip() or from_page).split())
    words = text_of(entry.content or entry.summary).split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")


def _text(entry: Entry, page: Page, title: str) -> tuple[str, TextSource, str]:
    """The longer of what page and feed give, where it came from, and why it is short."""
    from_page = page.extraction.text if page.extraction else ""
    from_feed = max((_feed_text(markup, title) for markup in (entry.content, entry.summary)), key=len)
    why = page.why_not or (page.extraction.reason if page.extraction else "") or ("" if from_page else "the page was not read")
    if from_page and len(from_feed) <= MUCH_LONGER * len(from_page):
        return from_page, TextSource.PAGE, "; ".join(filter(None, (why, page.furniture)))
    if from_feed:
        less = f"the page gave less ({why or f'{len(from_page)} characters'})" if page.extraction else why
        return from_feed, TextSource.FEED, f"text from the feed: {less}" if less else ""
    return "", TextSource.TITLE, f"title only: {why or 'page and feed give no text'}"


def _feed_text(markup: str, title: str) -> str:
    text = text_of(markup).strip()
    return "" if text == title.strip() else text


def _language_hint(entry: Entry, feed: Feed, page: Page) -> str:
    from_page = page.extraction.language if page.extraction and page.extraction.language_sure else ""
    return from_page or entry.language or feed.language


def _source(feed: Feed) -> Source:
    return Source(
        feed_id=feed.id,
        name=feed.name,
        publisher=feed.publisher or feed.name,
        country=feed.country,
        language=feed.language,
        stance=feed.stance,
        of_record=feed.of_record,
    )
