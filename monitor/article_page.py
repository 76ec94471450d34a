"""Fetches the page of an entry: as robots.txt lets us, through redirectors, never a consent wall in place of the article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.articles.extract import Mode, extract_article
from monitor.articles.make import Page
from monitor.feeds import robots as rules
from monitor.feeds.redirectors import unresolved, unwrapped
from monitor.model.article import Extraction
from monitor.model.errors import FeedBusy, FetchFailed
from monitor.model.fetch import Accept, FetchRequest
from monitor.model.robots import Robots
from monitor.parts import Parts
from monitor.patience import patiently
from monitor.text.urls import host_key

_FORGOTTEN_AFTER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class PageRead:
    """What became of a page; `may_pass` says that trying again at a later poll can give more."""

    page: Page
    may_pass: bool = False


def read_page(parts: Parts, link: str, now: datetime) -> PageRead:
    """The page that an entry links, read; or why it was not.

    Raises:
        FeedBusy: Its host answered 429 or 503, or had asked to wait: leave it and come back.
    """
    if not link:
        return PageRead(Page(why_not="the entry has no link"))
    url = unwrapped(link)
    at = url if url != link else ""
    blocks = blocks_in_force(parts, now)
    decision = rules.may_fetch(robots_for(parts, url, blocks, now), url)
    if not decision.allowed:
        return PageRead(Page(at, why_not=f"page not read: {decision.reason}"), decision.passing)
    limit = parts.policy.max_page_bytes
    try:
        result = parts.fetcher.fetch(FetchRequest(url, Accept.PAGE, limit, delay_s=decision.delay_s, blocks=blocks))
        lost = unresolved(link, result.final_url)
        if lost:
            return PageRead(Page(at, why_not=lost))
        content_type = result.headers.get("content-type", "")
        extraction = parts.compute.run(extract_page, result.body or b"", result.final_url, content_type, now, parts.extraction)
    except FeedBusy:
        raise
    except FetchFailed as error:
        return PageRead(Page(at, why_not=f"page not read: {error.reason}"), error.transient)
    except Exception as error:  # noqa: BLE001 — told as the article's reason: a bug met on one page must not cost the feed
        why = f"page not read: internal error, please report it: {type(error).__name__}: {error}"
        return PageRead(Page(at, why_not=why))
    return PageRead(Page(result.final_url, extraction))


def extract_page(body: bytes, url: str, content_type: str, now: datetime, mode: Mode = "best") -> Extraction:
    """`extract_article` with positional arguments, for `Compute.run`."""
    return extract_article(body, url=url, content_type=content_type, today=now.date(), mode=mode)


def blocks_in_force(parts: Parts, now: datetime) -> dict[str, datetime]:
    """Host keys and addresses that asked not to be asked now → until when."""
    blocks = patiently(parts.store.host_blocks, parts.sleep, parts.stopping)
    return {key: until for key, until in blocks.items() if until > now}


def robots_for(parts: Parts, url: str, blocks: Mapping[str, datetime], now: datetime) -> Robots:
    """What robots.txt of the page's site says: as kept, or asked anew after a day; where it could not be asked, after an hour.

    Raises:
        FeedBusy: The host answered 429 or 503, or had asked to wait.
    """
    origin = rules.origin_of(url)
    kept = patiently(lambda: parts.store.robots(origin), parts.sleep, parts.stopping)
    if kept is not None and not rules.needs_asking(kept, now):
        return kept
    try:
        result = parts.fetcher.fetch(FetchRequest(f"{origin}/robots.txt", Accept.ROBOTS, rules.LIMIT, cut=True, blocks=blocks))
        fresh = rules.robots_of_body(origin, result.body or b"", rules.product_token(parts.policy.user_agent), now)
    except FeedBusy:
        raise
    except FetchFailed as error:
        fresh = rules.robots_of_failure(origin, error, kept, now)
    patiently(lambda: parts.store.save_robots(fresh, now - _FORGOTTEN_AFTER), parts.sleep, parts.stopping)
    return fresh


def site_of(link: str) -> str:
    """Whom the page of an entry is asked of, by host key: the page behind a redirector where its address names it."""
    return host_key(unwrapped(link))
