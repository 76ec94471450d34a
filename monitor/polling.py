"""The steps of `poll`: one look at one feed, from the conditional request to stored, analysed articles, and its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.articles.extract import extract_article
from monitor.articles.identity import Known, Novelty, content_hash, known_as
from monitor.articles.make import Page, make_article
from monitor.feeds.parse import parse_feed
from monitor.feeds.schedule import after_failure, after_result, host_block_until, is_due
from monitor.model.article import Article, Entry, Extraction, ParsedFeed
from monitor.model.errors import FeedBusy, FetchFailed
from monitor.model.feed import Feed, FeedState, Validators
from monitor.model.fetch import Accept, FeedPoll, FetchRequest, FetchResult, PollOutcome
from monitor.model.match import Analysis, Document
from monitor.parts import Parts
from monitor.store.promises import ArticleQuery
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.text.urls import host_key, normalise_url

BACKLOG_AGE = timedelta(days=14)
"""Older entries of a feed's first poll are stored, but news to no scheduled edition (F54)."""


@dataclass(frozen=True, slots=True)
class Due:
    """Feeds that may be asked now, by host, and the others with the reason why not."""

    by_host: dict[str, list[tuple[Feed, FeedState]]]
    skipped: tuple[FeedPoll, ...]


def choose_due(parts: Parts, now: datetime, wanted: Sequence[str] = (), busy_hosts: frozenset[str] = frozenset()) -> Due:
    """Sort the catalogue into due and not due. Feeds named in `wanted` are looked at alone; they must still be due."""
    states = parts.store.feed_states()
    blocks = parts.store.host_blocks()
    by_host: dict[str, list[tuple[Feed, FeedState]]] = {}
    skipped = []
    for feed in parts.files.feeds:
        if wanted and feed.id not in wanted:
            continue
        state = states.get(feed.id) or FeedState(feed.id)
        host = host_key(feed.url)
        decision = is_due(feed, states.get(feed.id), now)
        blocked = blocks.get(host)
        if decision.due and blocked and blocked > now:
            reason = f"the host asked us to wait until {blocked:%Y-%m-%d %H:%M} UTC"
        elif decision.due and host not in busy_hosts:
            by_host.setdefault(host, []).append((feed, state))
            continue
        else:
            reason = "another poll of this host is under way" if decision.due else decision.reason
        skipped.append(FeedPoll(feed, PollOutcome.SKIPPED, reason, state, now))
    return Due(by_host, tuple(skipped))


def poll_host(parts: Parts, feeds: Sequence[tuple[Feed, FeedState]], done: Callable[[FeedPoll], None]) -> list[FeedPoll]:
    """Look at the due feeds of one host, one after the other; a 429 or 503 ends it for all of them."""
    polls = []
    for feed, state in feeds:
        if parts.stopping():
            break
        now = parts.clock()
        blocked = parts.store.host_blocks().get(host_key(feed.url))
        if blocked and blocked > now:
            poll = FeedPoll(
                feed, PollOutcome.SKIPPED, f"the host asked us to wait until {blocked:%Y-%m-%d %H:%M} UTC", state, now
            )
        else:
            poll = poll_feed(parts, feed, state, now)
        polls.append(poll)
        done(poll)
    return polls


def poll_feed(parts: Parts, feed: Feed, state: FeedState, now: datetime) -> FeedPoll:
    """One look at one feed. What was read is stored article by article; the feed's state and validators come last,
    so that a crash on the way only makes the next poll read the rest.
    """
    try:
        result, parsed = _read_feed(parts, feed, state)
    except FetchFailed as error:
        return _failed(parts, feed, state, error, now)
    if parsed is None:
        new_state = after_result(feed, state, result, None, now, parts.jitter)
        parts.store.save_poll([], new_state)
        return FeedPoll(feed, PollOutcome.NOT_MODIFIED, new_state.reason, new_state, now, elapsed_s=result.elapsed_s)
    stored, left = _store_news(parts, feed, state, parsed, now)
    new_state = after_result(feed, state, result, parsed, now, parts.jitter)
    if stored:
        new_state = replace(new_state, last_new_entry_at=now)
    if left:
        # without validators the next poll reads the whole feed, and so what is left
        new_state = replace(new_state, validators=Validators(), reason=f"{new_state.reason}; {left} pages left for the next poll")
    parts.store.save_poll([], new_state)
    return FeedPoll(feed, PollOutcome.FETCHED, new_state.reason, new_state, now, len(parsed.entries), stored, result.elapsed_s)


def _read_feed(parts: Parts, feed: Feed, state: FeedState) -> tuple[FetchResult, ParsedFeed | None]:
    """Fetch and parse; None for a 304. Validators belong to one address: another one in the catalogue makes them void."""
    validators = state.validators if state.validators_for == feed.url else Validators()
    result = parts.fetcher.fetch(FetchRequest(feed.url, Accept.FEED, parts.policy.max_feed_bytes, validators))
    if result.not_modified or result.body is None:
        return result, None
    content_type = result.headers.get("content-type", "")
    parsed = parts.compute.run(_parse, result.body, result.final_url, feed.id, content_type, result.status == 226)
    return result, parsed


def _parse(body: bytes, url: str, feed_id: str, content_type: str, partial: bool) -> ParsedFeed:  # picklable
    return parse_feed(body, url=url, feed_id=feed_id, content_type=content_type, partial=partial)


def _failed(parts: Parts, feed: Feed, state: FeedState, error: FetchFailed, now: datetime) -> FeedPoll:
    until = host_block_until(error, now)
    if until:
        parts.store.block_host(host_key(feed.url), until)
    new_state = after_failure(feed, state, error, now, parts.jitter)
    parts.store.save_poll([], new_state)
    return FeedPoll(feed, PollOutcome.FAILED, new_state.reason, new_state, now)


def _store_news(parts: Parts, feed: Feed, state: FeedState, parsed: ParsedFeed, now: datetime) -> tuple[int, int]:
    """Store what is new or revised; returns (articles stored, entries left because of the page limit or a busy host)."""
    news = list(choose_news(parts, feed, parsed.entries))
    stored = 0
    for entry, known in news:
        if parts.stopping() or (parts.pages_per_poll and stored >= parts.pages_per_poll):
            break
        try:
            article = read_article(parts, feed, entry, known, now, first_poll=state.first_polled_at is None)
        except FeedBusy as error:
            until = host_block_until(error, now)
            if until:
                parts.store.block_host(host_key(entry.link), until)
            break
        parts.store.save_poll([(article, analyse(parts, article))], state)
        stored += 1
    return stored, len(news) - stored


def choose_news(parts: Parts, feed: Feed, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Known]]:
    """The entries that are no stored article, or a changed one; of entries that mean one article, the first."""
    urls = {url for entry in entries if entry.link for url in (entry.link, normalise_url(entry.link))}
    known = parts.store.known_articles(feed.id, {e.guid for e in entries if e.guid}, urls, {e.title for e in entries if e.title})
    seen: set[str] = set()
    for entry in entries:
        decision = known_as(entry, known)
        key = (
            decision.article.id if decision.article else (normalise_url(entry.link) if entry.link else entry.guid or entry.title)
        )
        if decision.novelty is not Novelty.SAME and key not in seen:
            seen.add(key)
            yield entry, decision


def read_article(parts: Parts, feed: Feed, entry: Entry, known: Known, now: datetime, *, first_poll: bool) -> Article:
    """Fetch an entry's page under the same guards as feeds, and make the article.

    Raises:
        FeedBusy: The page's host answered 429 or 503: leave it and come back.
    """
    page = _read_page(parts, entry, now)
    old = entry.published is not None and now - entry.published > BACKLOG_AGE
    article = make_article(entry, feed, page, first_seen=now, known=known.article, backlog=first_poll and old)
    same_text = known.article is not None and content_hash(article.title, article.text) == known.article.content_hash
    return replace(article, revision=known.article.revision) if same_text and known.article else article


def _read_page(parts: Parts, entry: Entry, now: datetime) -> Page:
    if not entry.link:
        return Page(why_not="the entry has no link")
    try:
        result = parts.fetcher.fetch(FetchRequest(entry.link, Accept.PAGE, parts.policy.max_page_bytes))
        body, content_type = result.body or b"", result.headers.get("content-type", "")
        extraction = parts.compute.run(extract_page, body, result.final_url, content_type, now)
    except FeedBusy:
        raise
    except FetchFailed as error:
        return Page(why_not=f"page not read: {error.reason}")
    return Page(result.final_url, extraction)


def extract_page(body: bytes, url: str, content_type: str, now: datetime) -> Extraction:
    """`extract_article` with positional arguments, for `Compute.run`."""
    return extract_article(body, url=url, content_type=content_type, today=now.date())


def document_of(article: Article) -> Document:
    """What the rules read of an article."""
    source = article.source
    return Document(
        id=article.id,
        title=article.title,
        text=article.text,
        language=article.language,
        language_sure=article.language_sure,
        stance=source.stance.value,
        country=source.country.lower(),
        feed=article.feed_id,
    )


def analyse(parts: Parts, article: Article) -> Analysis:
    """What the rules in force find in an article."""
    return parts.files.engine.analyse(document_of(article))


def refresh_analyses(parts: Parts, query: ArticleQuery) -> int:
    """Apply the rules in force to stored articles that were read under others; returns how many."""
    stale = parts.store.articles(replace(query, stale_for=parts.files.ruleset, matched_only=False, rules=()))
    parts.store.save_analyses([analyse(parts, item.article) for item in stale])
    return len(stale)


def tie_stories(parts: Parts, now: datetime) -> int:
    """Fold copies and group stories among the matched articles of the last days; returns how many stories there are."""
    since = now - timedelta(days=parts.story_days)
    recent = parts.store.articles(ArticleQuery(seen_from=since, matched_only=True))
    stories = group_stories(fold_copies(recent))
    parts.store.save_stories({item.article.id: story.id for story in stories for item in story.articles})
    return len(stories)
