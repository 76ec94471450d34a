"""Which addresses of a page or sitemap count: the `include:` and `exclude:` patterns of a seed. Pure."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from monitor.model.feed import Feed
from monitor.text.urls import is_http


def link_filter(feed: Feed) -> Callable[[str], bool]:
    """A test of absolute addresses: True where one of `include` fits (or there is none) and none of `exclude` does."""
    return lambda url: (not feed.include or fits_one(url, feed.include)) and not fits_one(url, feed.exclude)


def fits_one(url: str, patterns: tuple[str, ...]) -> bool:
    """True where a pattern fits the whole of path and query, or of the address where the pattern is one.

    `*` stands for anything, `?` for one character, `[0-9]` for one of those; case counts.
    """
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return any(fnmatchcase(url if names_host(pattern) else path, pattern) for pattern in patterns)


def names_host(pattern: str) -> bool:
    """True for a pattern over whole addresses, "https://other.example/*"."""
    return is_http(pattern.replace("*", "x").replace("?", "x").replace("[", "x").replace("]", "x"))
