"""What an answer means for a person who keeps the catalogue, and what to do about it. Pure; words only."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.feeds.rhythm import dates
from monitor.model.article import ParsedFeed
from monitor.model.errors import (
    FeedBusy,
    FeedGone,
    FeedRefused,
    FeedUnreachable,
    FetchFailed,
    FetchForbidden,
    FetchTooLarge,
    NotAFeed,
)
from monitor.model.feed import Feed, FeedKind, Validators
from monitor.model.fetch import FetchResult

_OLD = timedelta(days=30)
_PERMANENT = frozenset({301, 308})


def advice_on_failure(error: FetchFailed, feed: Feed) -> tuple[str, str]:
    """What a failed look means, and what to do."""
    match error:
        case FeedBusy():
            return (
                "the host asks everybody, or us, to slow down",
                "nothing: polls wait as long as it asked; a longer `interval` helps",
            )
        case FeedGone():
            return (
                "the publisher says that there will be no more",
                "look for its successor with `monitor feeds add` and the site; then write `disabled:`",
            )
        case FeedUnreachable():
            return (
                "the server could not be asked, which may pass",
                "nothing for a day: polls go on, later and later; then look at the site in a browser",
            )
        case FetchTooLarge():
            return "it is larger than we read", "raise MONITOR_FETCH__MAX_FEED_BYTES if the source is worth it"
        case FetchForbidden():
            return _on_forbidden(error)
        case NotAFeed():
            return _on_no_feed(error, feed)
        case FeedRefused():
            return _on_refusal(error)
    return "it could not be read", "look at the site in a browser"


def _on_forbidden(error: FetchFailed) -> tuple[str, str]:
    if "robots.txt" in error.reason:
        return "its owner asks programs not to read this page", "look for a feed or a sitemap of the site, or ask the publisher"
    if "https to http" in error.reason:
        return "it leads from a protected address to an unprotected one", "write the https address that it should lead to"
    return "the address lies where this service does not go", "check it; MONITOR_FETCH__ALLOW_PRIVATE opens a network of your own"


def _on_refusal(error: FetchFailed) -> tuple[str, str]:
    if error.status == 404:
        return (
            "there is nothing at this address, at least now",
            "`monitor feeds add` with the address of the site finds the present one",
        )
    if error.status in {401, 403, 407, 451}:
        words = "the server does not let us in: many refuse unknown readers or data centres"
        return words, "ask the publisher to let the reader in; it names itself, and does not disguise"
    return "the server does not accept the request", "look at the address in a browser"


def _on_no_feed(error: FetchFailed, feed: Feed) -> tuple[str, str]:
    if "challenge" in error.reason:
        return (
            "a guard stands before the site that lets browsers pass only",
            "look for another address of the source, or ask the publisher",
        )
    if feed.kind is FeedKind.PAGE:
        return "the list of news was not found on the page", "correct `links:`, then check again; nothing that is stored is lost"
    if "instead of a page" in error.reason or "instead of a sitemap" in error.reason:
        return "the address holds another kind of source", "correct `kind:`"
    return (
        "there is no feed at this address",
        "`monitor feeds add` with the address finds a feed, or proposes how to read the page",
    )


def advice_on_success(feed: Feed, result: FetchResult, parsed: ParsedFeed, now: datetime) -> tuple[str, str]:
    """What a good look means, and what to do; the gravest matter comes first."""
    moved = _moved_to(result)
    if moved:
        return "it has moved for good", f"write url: {moved}"
    if not parsed.entries:
        wait = "" if feed.kind is FeedKind.SITEMAP else "; an empty source is an alarm after two polls"
        return f"it can be read and holds nothing{wait}", "look at the site: has it stopped, or does it publish elsewhere?"
    known = dates(parsed.entries, now)
    if known and now - known[-1] > _OLD:
        return (
            f"it can be read, but nothing in it is newer than {known[-1]:%Y-%m-%d}",
            "look at the site: does it publish elsewhere?",
        )
    if result.validators == Validators():
        words = "it can be read, but each look costs it the whole document: it tells no ETag and no Last-Modified"
        return words, "nothing: it is asked once a day, or oftener where entries would be lost"
    return "it can be read, and says cheaply whether it changed", "nothing"


def _moved_to(result: FetchResult) -> str:
    """Where the permanent redirects at the beginning of the way lead."""
    target = ""
    for hop in result.hops:
        if hop.status not in _PERMANENT:
            break
        target = hop.url
    return target


def per_week(parsed: ParsedFeed, now: datetime) -> float | None:
    """Entries a week, over the time that the dated ones span; None for fewer than two dates."""
    known = dates(parsed.entries, now)
    if len(known) < 2 or known[-1] == known[0]:
        return None
    return (len(known) - 1) / ((known[-1] - known[0]).total_seconds() / 604_800)
