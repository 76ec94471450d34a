"""What is remembered of a site's pages, to tell its furniture from its articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A line that stood where furniture stands, by a hash of its words.

    `pages` counts the pages that carried it; `born` is how many pages of the site had been read before it was first met.
    """

    line: str
    pages: int
    born: int
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class SiteLines:
    """The lines met on a host's pages, and how many pages were read; `seen_at` is when the last one was."""

    host: str
    seen_at: datetime
    pages: int = 0
    lines: tuple[SiteLine, ...] = ()
