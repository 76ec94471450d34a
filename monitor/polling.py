"""The steps of `poll`: one look at one feed, from the conditional request to stored, analysed articles, and its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.article_page import PageRead, blocks_in_force, read_page, site_of
from monitor.articles.identity import Known, Novelty, content_hash, known_as
from monitor.articles.make import make_article
from monitor.feeds.health import notice_of
from monitor.feeds.parse import parse_feed
from monitor.feeds.renewed import SAME_DOCUMENT, digest_of, recall, remember, same_document
from monitor.feeds.schedule import (
    after_entries,
    after_failure,
    after_hold,
    after_result,
    host_blocks_of,
    is_due,
    remembers,
    spread,
    validators_to_send,
)
from monitor.listed_source import read_listed
from monitor.model.article import Article, DateSource, Entry, ParsedFeed
from monitor.model.errors import FeedBusy, FetchFailed, MonitorError, NotAFeed
from monitor.model.feed import Feed, FeedKind, FeedState, Validators
from monitor.model.fetch import Accept, FeedPoll, FetchRequest, FetchResult, PollOutcome
from monitor.model.match import Analysis, Document
from monitor.parts import Parts
from monitor.patience import patiently
from monitor.rules.sieve import words_of
from monitor.site_memory import Sites
from monitor.store.promises import ArticleQuery
from monitor.text.urls import host_key, normalise_url

BACKLOG_AGE = timedelta(days=14)
"""Older entries of a feed's first poll are stored, but news to no scheduled edition (F54)."""
REREAD_FOR = timedelta(days=2)
"""How long an article is asked for again whose page failed in a way that may pass (time-out, 5xx)."""
FAILED_PAGES_IN_A_ROW = 3
"""After so many, a site is taken to be down: the rest is left for the next poll."""


@dataclass(frozen=True, slots=True)
class Due:
    """Feeds that may be asked now, by host, and the others with the reason why not."""

    by_host: dict[str, list[tuple[Feed, FeedState]]]
    skipped: tuple[FeedPoll, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What was made of a feed's entries: `fresh` ones were new to the store, `stored` articles were written; those `left` are to be
    looked at again.
    """

    fresh: int
    stored: int
    left: tuple[Entry, ...]


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
        blocks = blocks_in_force(parts, now)
        if blocked := blocks.get(host_key(feed.url)):
            poll = FeedPoll(
                feed, PollOutcome.SKIPPED, f"the host asked us to wait until {blocked:%Y-%m-%d %H:%M} UTC", state, now
            )
        else:
            poll = poll_feed(parts, feed, state, now, blocks)
        polls.append(poll)
        done(poll)
    return polls


def poll_feed(parts: Parts, feed: Feed, state: FeedState, now: datetime, blocks: Mapping[str, datetime]) -> FeedPoll:
    """One look at one feed, past the hosts of `blocks`, which asked to be left alone. What was read is stored article by article; the feed's state and validators come last,
    so that a crash on the way only makes the next poll read the rest.
    """
    try:
        result, parsed = _read_feed(parts, feed, state, now, blocks)
        news = _store_news(parts, feed, state, parsed, now) if parsed else News(0, 0, ())
    except FetchFailed as error:
        return _failed(parts, feed, state, error, now)
    except MonitorError:
        raise
    except Exception as error:  # noqa: BLE001 — told as the feed's reason: a bug met in one document must not stop the other feeds
        bug = NotAFeed(f"internal error, please report it: {type(error).__name__}: {error}")
        return _failed(parts, feed, state, bug, now)
    new_state = after_result(feed, state, result, parsed, now, spread(feed.id, parts.jitter))
    if parsed is None:
        return _ended(parts, FeedPoll(feed, PollOutcome.NOT_MODIFIED, "", new_state, now, elapsed_s=result.elapsed_s), state)
    new_state = _with_news(feed, new_state, news, parsed, now)
    if feed.kind is FeedKind.FEED:
        new_state = _remembering(new_state, result, parsed, news)
    count = len(parsed.entries)
    return _ended(parts, FeedPoll(feed, PollOutcome.FETCHED, "", new_state, now, count, news.stored, result.elapsed_s), state)


def _ended(parts: Parts, poll: FeedPoll, before: FeedState) -> FeedPoll:
    """Store the feed's state, and say of a poll what is to be told: always its reason, and a change of state once."""
    _save(parts, [], poll.state)
    return replace(poll, reason=poll.state.reason, notice=notice_of(before.health, poll.state))


def _save(parts: Parts, articles: Sequence[tuple[Article, Analysis]], state: FeedState | None) -> None:
    patiently(lambda: parts.store.save_poll(articles, state), parts.sleep, parts.stopping)


def _with_news(feed: Feed, state: FeedState, news: News, parsed: ParsedFeed, now: datetime) -> FeedState:
    if parsed.partial:  # 226 gives new entries only: that the last poll's are absent is no loss
        state = replace(state, last_new_entry_at=now) if news.fresh else state
    else:
        state = after_entries(feed, state, news.fresh, len(parsed.entries), now)
    if not news.left:
        return state
    # without validators the next poll reads the whole feed, and so what is left
    reason = f"{state.reason}; {len(news.left)} pages left for the next poll"
    return replace(state, validators=Validators(), children=(), reason=reason)


def _remembering(state: FeedState, result: FetchResult, parsed: ParsedFeed, news: News) -> FeedState:
    """With what the next poll need not read again: entries that are settled, or the whole document where all of them are."""
    left = frozenset(news.left)
    settled = [entry for entry in parsed.entries if entry not in left]
    if parsed.partial:
        return replace(state, seen=remember([*settled, *recall(state.seen, state.feed_id)]), document="")
    whole = not left and (not parsed.warning or parsed.warning == SAME_DOCUMENT)
    return replace(state, seen=remember(settled), document=digest_of(result) if whole else "")


def _read_feed(
    parts: Parts, feed: Feed, state: FeedState, now: datetime, blocks: Mapping[str, datetime]
) -> tuple[FetchResult, ParsedFeed | None]:
    """Fetch and parse; None for a 304."""
    validators = validators_to_send(feed, state, now)
    if feed.kind is not FeedKind.FEED:
        return read_listed(parts, feed, state, validators, now)
    result = parts.fetcher.fetch(FetchRequest(feed.url, Accept.FEED, parts.policy.max_feed_bytes, validators, blocks=blocks))
    if result.not_modified or result.body is None:
        return result, None
    seen = state.seen if remembers(feed, state) else ""
    if seen and state.document and state.document == digest_of(result):
        return result, same_document(state)
    content_type = result.headers.get("content-type", "")
    parsed = parts.compute.run(_parse, result.body, result.final_url, feed.id, content_type, result.status == 226, seen)
    return result, parsed


def _parse(body: bytes, url: str, feed_id: str, content_type: str, partial: bool, seen: str) -> ParsedFeed:  # picklable
    return parse_feed(body, url=url, feed_id=feed_id, content_type=content_type, partial=partial, seen=seen)


def _failed(parts: Parts, feed: Feed, state: FeedState, error: FetchFailed, now: datetime) -> FeedPoll:
    _block(parts, error, feed.url, now)
    if isinstance(error, FeedBusy) and error.status is None:  # nobody was asked
        return _ended(parts, FeedPoll(feed, PollOutcome.SKIPPED, "", after_hold(state, error, now), now), state)
    new_state = after_failure(feed, state, error, now, spread(feed.id, parts.jitter))
    return _ended(parts, FeedPoll(feed, PollOutcome.FAILED, "", new_state, now), state)


def _block(parts: Parts, error: FetchFailed, url: str, now: datetime) -> None:
    for key, until in host_blocks_of(error, url, now).items():
        patiently(partial(parts.store.block_host, key, until), parts.sleep, parts.stopping)


def _store_news(parts: Parts, feed: Feed, state: FeedState, parsed: ParsedFeed, now: datetime) -> News:
    """Store what is new or revised; entries are left because of the page limit, a busy or silent host, or the service's end."""
    news = sorted(choose_news(parts, feed, parsed.entries, now), key=lambda item: item[1].novelty is not Novelty.NEW)
    blocks = blocks_in_force(parts, now)
    settled: set[int] = set()
    sites = Sites(parts)
    stored = in_a_row = 0
    for place, (entry, known) in enumerate(news):
        if parts.stopping() or in_a_row == FAILED_PAGES_IN_A_ROW or (parts.pages_per_poll and stored >= parts.pages_per_poll):
            break
        if entry.link and site_of(entry.link) in blocks:
            continue
        try:
            read = sites.cleaned(read_page(parts, entry.link, now), new=known.article is None, now=now)
        except FeedBusy as error:
            _block(parts, error, entry.link, now)
            break
        article = article_of(feed, state, entry, known, read, now)
        _save(parts, [(article, analyse(parts, article))], None)
        stored += 1
        failed = not article.content_hash
        in_a_row = in_a_row + 1 if failed else 0
        if not failed or now - article.first_seen >= REREAD_FOR:
            settled.add(place)
    sites.save(now)
    fresh = sum(1 for _, known in news if known.novelty is Novelty.NEW)
    return News(fresh, stored, tuple(entry for place, (entry, _) in enumerate(news) if place not in settled))


def choose_news(parts: Parts, feed: Feed, entries: Sequence[Entry], now: datetime) -> Iterator[tuple[Entry, Known]]:
    """The entries that are no stored article, a changed one, or one whose page is to be read again; of entries that mean one
    article, the first. Those that an earlier poll settled are passed over.
    """
    entries = [entry for entry in entries if not entry.known]
    if not entries:
        return
    urls = {url for entry in entries if entry.link for url in (entry.link, normalise_url(entry.link))}
    guids, titles = {e.guid for e in entries if e.guid}, {e.title for e in entries if e.title}
    known = patiently(lambda: parts.store.known_articles(feed.id, guids, urls, titles), parts.sleep, parts.stopping)
    seen: set[str] = set()
    for entry in entries:
        decision = known_as(entry, known)
        stands = decision.article
        key = stands.id if stands else (normalise_url(entry.link) if entry.link else entry.guid or entry.title)
        if stands and stands.feed_id == feed.id and not stands.content_hash and now - stands.first_seen < REREAD_FOR:
            decision = replace(decision, novelty=Novelty.REVISED, reason="its page could not be read before")
        if decision.novelty is not Novelty.SAME and key not in seen:
            seen.add(key)
            yield entry, decision


def article_of(feed: Feed, state: FeedState, entry: Entry, known: Known, read: PageRead, now: datetime) -> Article:
    """The article of an entry, whose page was read or could not be.

    One whose page failed in a way that may pass has no `content_hash`: it is not final, and read again at the next polls.
    """
    before = known.article
    if feed.kind is FeedKind.SITEMAP:  # lastmod tells when a page changed: no date to publish
        entry = replace(entry, updated=None)
    first_seen = before.first_seen if before else now
    of_first_poll = state.first_polled_at is None or first_seen <= state.first_polled_at
    old = entry.published is not None and first_seen - entry.published > BACKLOG_AGE
    article = make_article(entry, feed, read.page, first_seen=now, known=before, backlog=of_first_poll and old)
    if feed.kind is not FeedKind.FEED:
        article = replace(article, backlog=_is_old(article, of_first_poll=of_first_poll))
    if before and (read.may_pass or content_hash(article.title, article.text) == before.content_hash):
        article = replace(article, revision=before.revision)
    return replace(article, content_hash="") if read.may_pass else article


def _is_old(article: Article, *, of_first_poll: bool) -> bool:
    """Whether an article of a page or sitemap is no news: those show what is old at any time, and often tell no date (F54)."""
    if article.published_source is DateSource.FIRST_SEEN:
        return of_first_poll
    return article.first_seen - article.published > BACKLOG_AGE


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
    """What the rules in force find in an article, and the words by which others can pass it over later."""
    document = document_of(article)
    return replace(parts.files.engine.analyse(document), words=words_of(document))


def refresh_analyses(parts: Parts, query: ArticleQuery) -> int:
    """Apply the rules in force to stored articles that were read under others; returns how many."""
    stale = parts.store.articles(replace(query, stale_for=parts.files.ruleset, matched_only=False, rules=()))
    parts.store.save_analyses([analyse(parts, item.article) for item in stale])
    return len(stale)


def tie_stories(parts: Parts, now: datetime, *, fresh: bool = True) -> int:
    """Fold copies and group stories among the matched articles of the last days; returns how many stories there are.

    Without `fresh` articles this is needed only where one has no story yet: after a crash between storing and grouping. Of the
    articles that were there at the last time none is read again. Days are whole ones (UTC): what leaves the window leaves it at once.
    """
    since = (now - timedelta(days=parts.story_days)).replace(hour=0, minute=0, second=0, microsecond=0)
    recent = parts.store.stamps(ArticleQuery(seen_from=since, matched_only=True))
    if not fresh and all(stamp.story for stamp in recent):
        return len({stamp.story for stamp in recent})
    told = parts.stories.move(
        {stamp.id: stamp.state for stamp in recent}, lambda ids: parts.store.articles(ArticleQuery(ids=tuple(ids)))
    )
    kept = {stamp.id: stamp.story for stamp in recent}
    parts.store.save_stories({article: story for article, story in told.items() if kept.get(article) != story})
    return len(set(told.values()))
