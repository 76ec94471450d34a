"""What a site's robots.txt lets us fetch, as it is kept between polls (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RobotsVerdict(StrEnum):
    """What is known of a robots.txt: its rules, that there is none, or that the site cannot be asked just now."""

    RULES = "rules"
    NONE = "none"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class RobotsRule:
    """One `Allow` or `Disallow` line: `path` is its pattern, where `*` stands for anything and a final `$` for the end."""

    allow: bool
    path: str


@dataclass(frozen=True, slots=True)
class Robots:
    """The answer of one origin ("https://example.org"), reduced to what concerns us.

    `rules` are those of our own group, or of `*` where we have none; `delay_s` is its Crawl-delay, 0 without one.
    `down_since` is set while the site cannot be asked, and is when that began.
    """

    origin: str
    asked_at: datetime
    verdict: RobotsVerdict
    rules: tuple[RobotsRule, ...] = ()
    delay_s: float = 0.0
    reason: str = ""
    down_since: datetime | None = None
