"""The keys of a seed that say how a page or sitemap is read: selectors and patterns, checked. It reports by code, without places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model.feed import FeedKind, Selectors
from monitor.text.selectors import selector_problem
from monitor.text.urls import is_http

_OF_PAGE = ("links", "title", "date", "next", "pages", "base")
_OF_BOTH = ("include", "exclude")
SELECTOR_KEYS = frozenset({*_OF_PAGE, *_OF_BOTH})
MOST_PAGES = 10
"""Pages of one list that a poll may read."""
_MOST_PATTERNS = 50

Wrong = tuple[str, str, str, str]
"""Key, code, what is wrong, how to mend it."""


@dataclass(frozen=True, slots=True)
class Sought:
    """How a source without a feed is read."""

    selectors: Selectors
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def read_sought(raw: Mapping[str, Any], kind: FeedKind, *, asked: bool) -> tuple[Sought, list[Wrong]]:
    """What a seed says on how to read its page or sitemap, and everything that is wrong with it.

    Args:
        raw: The seed's keys.
        kind: What it is.
        asked: False where it is disabled: then its selector may yet be missing.
    """
    wrong: list[Wrong] = []
    for key in (*_OF_PAGE, *_OF_BOTH):
        if raw.get(key) is not None and not _belongs(key, kind):
            words = f"`{key}` belongs to `kind: page`" + (" or `kind: sitemap`" if key in _OF_BOTH else "")
            wrong.append((key, "S017", f"{words}, and this is `kind: {kind.value}`", "write the kind, or remove the line"))
    if wrong or kind is FeedKind.FEED:
        return Sought(Selectors()), wrong
    if kind is FeedKind.PAGE and asked and not raw.get("links"):
        mend = "`monitor feeds add URL` proposes a selector, such as links: ul.news a"
        wrong.append(("links", "S004", "`links` is missing: which links of the page are its news", mend))
    texts = {key: _selector(raw, key, wrong) for key in ("links", "title", "date", "next")}
    selectors = Selectors(**texts, pages=_pages(raw, wrong), base=_base(raw, wrong))
    return Sought(selectors, _patterns(raw, "include", wrong), _patterns(raw, "exclude", wrong)), wrong


def _belongs(key: str, kind: FeedKind) -> bool:
    return kind is FeedKind.PAGE or (kind is FeedKind.SITEMAP and key in _OF_BOTH)


def _selector(raw: Mapping[str, Any], key: str, wrong: list[Wrong]) -> str:
    value = raw.get(key)
    if value is None or (key == "links" and value == ""):
        return ""
    if not isinstance(value, str):
        wrong.append((key, "S005", f"`{key}` is not text", "write a CSS selector in quotes"))
        return ""
    problem = selector_problem(value)
    if problem:
        wrong.append((key, "S018", f'"{value[:80]}" is no CSS selector: {problem}', 'such as "ul.news a" or "h3 > a"'))
    return value.strip()


def _pages(raw: Mapping[str, Any], wrong: list[Wrong]) -> int:
    value = raw.get("pages")
    if value is None:
        return 3 if raw.get("next") else 1
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_PAGES:
        wrong.append(("pages", "S019", f"`pages` is no number from 1 to {MOST_PAGES}", "pages: 3"))
        return 1
    if value > 1 and not raw.get("next"):
        wrong.append(("pages", "S019", "`pages` without `next`: nothing leads to the next page", "next: a.next"))
    return value


def _base(raw: Mapping[str, Any], wrong: list[Wrong]) -> str:
    value = raw.get("base")
    if value is None:
        return ""
    if not isinstance(value, str) or not is_http(value):
        wrong.append(("base", "S008", f'"{value}" is not an http or https address', "base: https://www.example.org/"))
        return ""
    return value.strip()


def _patterns(raw: Mapping[str, Any], key: str, wrong: list[Wrong]) -> tuple[str, ...]:
    value = raw.get(key)
    if value is None:
        return ()
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        wrong.append((key, "S005", f"`{key}` is no list of texts", f'{key}: ["/news/*"]'))
        return ()
    if len(listed) > _MOST_PATTERNS:
        wrong.append((key, "S020", f"more than {_MOST_PATTERNS} patterns", "say it with fewer, by *"))
    for item in listed:
        if (
            not item
            or any(character.isspace() for character in item)
            or not (item[0] in "/*[?" or is_http(item.replace("*", "x")))
        ):
            mend = f"*{item.strip()}*" if item.strip() and " " not in item.strip() else "/news/*"
            wrong.append((key, "S020", f'"{item[:80]}" is no pattern of a path or an address', f'such as "{mend}"'))
    return tuple(listed)
