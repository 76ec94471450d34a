"""Finds the feeds of a page for `feeds add` and `feeds check`: those it names, and where they usually lie. It fetches nothing.

A poll never uses this: a feed that became a page is told to the operator, not replaced in silence (F43).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.text.markup import Tree, base_url, link_rel, links, parse_html
from monitor.text.urls import absolute_url, normalise_url

WELL_KNOWN = (
    "/feed",
    "/feed/",
    "/rss",
    "/rss/",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/index.rdf",
)
"""Paths under which sites keep their feed without naming it, most usual first."""

_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/feed+json": "JSON Feed",
    "application/rdf+xml": "RSS",
    "application/json": "JSON Feed",
    "application/xml": "XML",
    "text/xml": "XML",
}
_COMMENTS = re.compile(r"comment|/replies\b|коммент|каментар", re.IGNORECASE)
_OTHER_JSON = re.compile(r"oembed|wp-json|manifest", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"\s*sitemap\s*:\s*(\S+)", re.IGNORECASE)
_ROBOTS_LIMIT = 500 * 1024
_LOOKS_LIKE_FEED = re.compile(r"(?:/|\.|=|\b)(?:rss|atom|feeds?)(?:2|\.xml|\.json|\.atom|\.rss)?/?(?:$|[?&])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedCandidate:
    """An address that should be a feed, and how it was found: "link" (named by the page), "anchor" (linked in its text)."""

    url: str
    title: str = ""
    kind: str = ""
    found: str = "link"


def find_feeds(body: bytes | str, url: str) -> tuple[FeedCandidate, ...]:
    """The feeds that a page names, comment feeds left out: `<link rel=alternate>` first, else links that look like a feed.

    Args:
        body: The page.
        url: Its own address; `<base>` is heeded.
    """
    tree = parse_html(body)
    named = _named(tree, url)
    return _distinct(named or _linked(tree, url))


def well_known_feeds(url: str) -> tuple[FeedCandidate, ...]:
    """Where to look when a page names no feed: beside its own path first, then at the root of its host."""
    places = []
    beside = url if url.endswith("/") else f"{url}/"
    for start in (beside, absolute_url(url, "/")):
        places += [FeedCandidate(absolute_url(start, path.lstrip("/")), found="well-known") for path in WELL_KNOWN]
    return _distinct(place for place in places if place.url)


def named_sitemaps(robots: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, absolute, each once, at most ten."""
    lines = robots[:_ROBOTS_LIMIT].decode("utf-8", "replace").splitlines()
    found = (_SITEMAP_LINE.match(line) for line in lines)
    links = (absolute_url(url, match.group(1)) for match in found if match)
    first: dict[str, str] = {}
    for link in filter(None, links):
        first.setdefault(normalise_url(link), link)
    return tuple(first.values())[:10]


def _named(tree: Tree, url: str) -> list[FeedCandidate]:
    base = base_url(tree, url)
    found = []
    for link in (*link_rel(tree, "alternate"), *link_rel(tree, "feed")):
        mime = link.get("type", "").partition(";")[0].strip().lower()
        target = absolute_url(base, link.get("href", "")) if link.get("href", "").strip() else ""
        kind = _TYPES.get(mime, "")
        title = " ".join(link.get("title", "").split())
        plain_json = mime == "application/json" and _OTHER_JSON.search(target)
        if (
            target
            and (kind or "feed" in link.get("rel", "").lower().split())
            and not plain_json
            and not _COMMENTS.search(f"{target} {title}")
        ):
            found.append(FeedCandidate(target, title, kind))
    return found


def _linked(tree: Tree, url: str) -> list[FeedCandidate]:
    return [
        FeedCandidate(link.url, link.text, found="anchor")
        for link in links(tree, url)
        if _LOOKS_LIKE_FEED.search(link.url) and not _COMMENTS.search(f"{link.url} {link.text}")
    ]


def _distinct(candidates: Iterable[FeedCandidate]) -> tuple[FeedCandidate, ...]:
    first: dict[str, FeedCandidate] = {}
    for candidate in candidates:
        first.setdefault(normalise_url(candidate.url), candidate)
    return tuple(first.values())
