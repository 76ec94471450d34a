"""Looks at a page or a sitemap with the parts of the service: its requests heed robots.txt and whoever asked not to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.article_page import blocks_in_force, robots_for
from monitor.feeds.robots import may_fetch
from monitor.feeds.source import Means, read_source
from monitor.model.article import Entry, ParsedFeed
from monitor.model.errors import FeedUnreachable, FetchForbidden
from monitor.model.feed import Feed, FeedState, Validators
from monitor.model.fetch import Accept, FetchRequest, FetchResult
from monitor.parts import Parts
from monitor.patience import patiently
from monitor.text.urls import normalise_url


def read_listed(
    parts: Parts, feed: Feed, state: FeedState, validators: Validators, now: datetime
) -> tuple[FetchResult, ParsedFeed | None]:
    """One look at a feed of `kind: page` or `kind: sitemap`; None where nothing changed.

    A person chose a feed for readers like this one; that a page may be read again and again, robots.txt tells (F39).

    Raises:
        FetchFailed: See `feeds.source.read_source`; FetchForbidden where robots.txt disallows the page.
    """

    def ask(url: str, accept: Accept, validators: Validators) -> FetchResult:
        blocks = blocks_in_force(parts, now)
        delay_s = 0.0
        limit = parts.policy.max_feed_bytes
        if accept is Accept.PAGE:
            decision = may_fetch(robots_for(parts, url, blocks, now), url)
            if not decision.allowed:
                raise (FeedUnreachable if decision.passing else FetchForbidden)(decision.reason, url=url)
            delay_s, limit = decision.delay_s, parts.policy.max_page_bytes
        return parts.fetcher.fetch(FetchRequest(url, accept, limit, validators, delay_s=delay_s, blocks=blocks))

    def any_known(entries: Sequence[Entry]) -> bool:
        urls = {url for entry in entries for url in (entry.link, normalise_url(entry.link))}
        return bool(patiently(lambda: parts.store.known_articles(feed.id, (), urls), parts.sleep, parts.stopping))

    means = Means(ask, parts.compute, parts.policy.max_feed_bytes, any_known)
    return read_source(feed, state, validators, now, means)
