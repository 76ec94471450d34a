"""Reads a page that lists news (`kind: page`) into entries, by the selectors of its seed. It fetches nothing.

An entry is its address: what the list shows beside it (order, teasers, advertising) makes nothing new. A list that the
selectors do not find is a failure told in words, never an empty source. Runs in worker processes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.feeds.classify import challenge_of, obstacle_of, title_words
from monitor.feeds.fields import MAX_ENTRIES, language_code, title_text
from monitor.feeds.link_patterns import link_filter, names_host
from monitor.feeds.listed_date import listed_date, machine_date
from monitor.feeds.page_guess import guess_lists
from monitor.model.article import Entry, ParsedFeed
from monitor.model.errors import NotAFeed
from monitor.model.feed import Feed
from monitor.text.charset import charset_of, decode
from monitor.text.markup import Tree, base_url, head_title, local_name, parse_html, tree_text
from monitor.text.selectors import select
from monitor.text.urls import absolute_url, normalise_url, same_site, without_fragment
from monitor.text.written_dates import is_date_line

_FEED_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE
)
_FEW = 2
"""So few links on a page with the marks of a challenge are the challenge's own."""
_DATE_DEPTH = 40
"""Lines of an item in which a date is looked for where the seed names no selector for it."""


@dataclass(frozen=True, slots=True)
class PageList:
    """What a page lists, and the address of the page that follows, "" where the seed asks for none or there is none."""

    parsed: ParsedFeed
    next_url: str = ""


@dataclass(slots=True)
class _Item:
    """One address of the list: the links that lead to it, and the largest element that holds no other item."""

    url: str
    links: list[Tree]
    whole: Tree


def parse_page(body: bytes, *, url: str, feed: Feed, now: datetime, content_type: str = "") -> PageList:
    """Read the list of a page.

    Entries are in document order, each address once, at most 1000; they have no guid. Titles are plain text, dates aware UTC or
    None. Links to the page itself are left out, and those to other sites unless a pattern of `include` names the site.

    Args:
        body: The decoded body of the answer.
        url: Where it came from after redirects.
        feed: A feed of `kind: page` with its selectors.
        now: When it was read: for dates without a year.
        content_type: The header's value.

    Raises:
        NotAFeed: No list was found: a challenge, another page, or selectors that name nothing; the reason says what was
            there instead, and which selectors would find a list.
    """
    text = decode(body, charset_of(content_type))
    tree = parse_html(text)
    base = absolute_url(url, feed.selectors.base) if feed.selectors.base else base_url(tree, url)
    elements = select(tree, feed.selectors.links) if feed.selectors.links else []
    items = _items(elements, base, url, feed)
    challenge = challenge_of(text) is not None and len(items) <= _FEW
    if not items or (challenge and obstacle_of(text, tree)):
        raise NotAFeed(_why_nothing(text, tree, elements, url, feed), url=url)
    entries = tuple(_entry(item, feed, now) for item in items[:MAX_ENTRIES])
    cut = f"only the first {MAX_ENTRIES} of {len(items)} links were read" if len(items) > MAX_ENTRIES else ""
    language = language_code(tree.get("lang") or "")
    parsed = ParsedFeed(title_text(head_title(tree)), language, entries, warning=cut)
    return PageList(parsed, _next_url(tree, base, url, feed))


def _items(elements: list[Tree], base: str, url: str, feed: Feed) -> list[_Item]:
    """The elements that the selector names, by the address that they lead to."""
    counts = link_filter(feed)
    abroad = any(names_host(pattern) for pattern in feed.include)
    items: dict[str, _Item] = {}
    for element in elements:
        link = _link_of(element)
        target = without_fragment(absolute_url(base, link.get("href"))) if link is not None else ""
        key = normalise_url(target)
        if not key or key == normalise_url(url) or not counts(target) or not (abroad or same_site(target, url)):
            continue
        known = items.setdefault(key, _Item(target, [], element))
        known.links.append(link)
    _find_wholes(items)
    return list(items.values())


def _link_of(element: Tree) -> Tree | None:
    """The element itself, the first link within it, or the link around it."""
    if element.tag == "a" and element.get("href"):
        return element
    within = element.xpath(".//a[@href][normalize-space()]") or element.xpath(".//a[@href]")
    around = element.xpath("ancestor::a[@href][1]")
    return next(iter((*within, *around)), None)


def _find_wholes(items: dict[str, _Item]) -> None:
    """Give each item the largest element around its links that holds no link of another item."""
    owners: dict[Tree, set[str]] = {}
    for key, item in items.items():
        for link in item.links:
            for element in (link, *link.iterancestors()):
                owners.setdefault(element, set()).add(key)
    for item in items.values():
        link = item.links[0]
        alone = [element for element in (link, *link.iterancestors()) if len(owners[element]) == 1]
        # a lone item owns the whole page: then what the selector named is all that is known to be its own
        bounded = [element for element in alone if element.tag not in {"body", "html", "main"}] or [link]
        item.whole = _of_one(link) if len(items) == 1 else bounded[-1]


def _of_one(link: Tree) -> Tree:
    """What surely belongs to the only item of a list: the list's element around its link, else the link."""
    return next(iter(link.xpath("ancestor-or-self::*[self::li or self::article or self::tr][1]")), link)


def _entry(item: _Item, feed: Feed, now: datetime) -> Entry:
    return Entry(
        feed_id=feed.id,
        link=item.url,
        title=_title(item, feed.selectors.title),
        published=_date(item, feed, now),
    )


def _title(item: _Item, selector: str) -> str:
    """By the selector, else the longest text of the item's links, else what stands for the text of a link to people who see none."""
    named = [title_text(_inner_text(element)) for element in select(item.whole, selector)] if selector else []
    texts = named or [title_text(_inner_text(link)) for link in item.links]
    silent = (link.get(name) or "" for link in item.links for name in ("title", "aria-label"))
    pictures = (image.get("alt") or "" for link in item.links for image in link.iter("img"))
    return max(texts, key=len, default="") or next((title_text(text) for text in (*silent, *pictures) if text.strip()), "")


def _inner_text(element: Tree) -> str:
    return " ".join(tree_text(element).split())


def _date(item: _Item, feed: Feed, now: datetime) -> datetime | None:
    """By the selector, else of `<time datetime>`, else of a line of the item that is a full date and nothing else."""
    if feed.selectors.date:
        found = (_date_of(element, feed.language, now) for element in select(item.whole, feed.selectors.date))
        return next((date for date in found if date), None)
    times = (machine_date(element.get("datetime") or "") for element in item.whole.iter("time"))
    written = (listed_date(line, feed.language, now) for line in _date_lines(item.whole))
    return next((date for date in (*times, *written) if date), None)


def _date_of(element: Tree, language: str, now: datetime) -> datetime | None:
    inner = element if element.get("datetime") else next(iter(element.xpath(".//*[@datetime]")), element)
    stamped = machine_date(inner.get("datetime") or element.get("content") or "")
    return stamped or listed_date(_inner_text(element), language, now)


def _date_lines(whole: Tree) -> Iterator[str]:
    pieces = (" ".join(str(text).split()) for text in whole.itertext())
    for _, line in zip(range(_DATE_DEPTH), filter(None, pieces), strict=False):
        if is_date_line(line):
            yield line


def _next_url(tree: Tree, base: str, url: str, feed: Feed) -> str:
    """Where the list goes on, on the same site only."""
    if not feed.selectors.next:
        return ""
    for element in select(tree, feed.selectors.next):
        link = element if element.get("href") else _link_of(element)
        target = without_fragment(absolute_url(base, link.get("href"))) if link is not None else ""
        if target and same_site(target, url) and normalise_url(target) != normalise_url(url):
            return target
    return ""


def _why_nothing(text: str, tree: Tree, elements: list[Tree], url: str, feed: Feed) -> str:
    """What was found in place of the list, and what to write instead."""
    if not text.strip():
        return "an empty body instead of the list"
    root = _FEED_ROOT.match(text)
    if root:
        kind = "sitemap" if root.group(1).lower() in {"urlset", "sitemapindex"} else "feed"
        return f"<{root.group(1).lower()}> instead of a page: write `kind: {kind}`"
    obstacle = obstacle_of(text, tree)
    if obstacle:
        return f"{obstacle[0]} instead of the list{obstacle[1]}"
    total = sum(1 for link in tree.iter("a") if link.get("href"))
    page = f"the page{title_words(tree)} has {total} links"
    if not total:
        return f"{page}: it is filled by a script, or no list; look for a feed or a sitemap"
    words = f'the selector "{feed.selectors.links}" names nothing'
    if elements:
        links = [link for link in map(_link_of, elements) if link is not None]
        names = f'the selector "{feed.selectors.links}" names {len(elements)} elements'
        left = "all lead elsewhere or are left out by include/exclude"
        words = f"{names}, but {left if links else f'none holds a link (the first is <{local_name(elements[0])}>)'}"
    near = guess_lists(tree, url, like=feed.selectors.links)[:3]
    told = "; ".join(f"`{guess.links}` names {guess.count}, such as “{guess.sample[:60]}”" for guess in near)
    return f"{words}; {page}; try {told}" if told else f"{words}; {page}, and no list of headlines is seen in it"
