"""Reads sitemaps (sitemaps.org 0.9) and news sitemaps into entries, and an index into the sitemaps below it. It fetches nothing.

A sitemap lists what a site holds, not what is new: only addresses dated after a horizon become entries. Runs in worker processes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.feeds.classify import not_a_feed
from monitor.feeds.decoding import Body
from monitor.feeds.fields import language_code, tidy_entries, title_text
from monitor.feeds.link_patterns import link_filter
from monitor.feeds.listed_date import machine_date
from monitor.model.article import Entry
from monitor.model.errors import NotAFeed
from monitor.model.feed import Feed, FeedState
from monitor.text.charset import charset_of, decode
from monitor.text.markup import Tree, local_name, parse_xml
from monitor.text.urls import absolute_url, normalise_url

MAX_URLS = 5000
"""Addresses taken from one sitemap, the newest (F46)."""
MAX_CHILDREN = 10
"""Sitemaps below an index that are read in one poll, those that moved last first."""
HORIZON = timedelta(days=3)
"""How old an entry may be: a sitemap is asked oftener, and its first poll must not read the archive (F54)."""
LONGEST_HORIZON = timedelta(days=14)
"""How far back a sitemap is read after a time without a good answer."""
_GZIP = b"\x1f\x8b"
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?=[/._-]|$)")
_DAY_ONLY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ChildLink:
    """A sitemap that an index names; `lastmod` as written, "" where there is none."""

    url: str
    lastmod: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One document read. `entries` are newest first; `children` is empty for a urlset.

    `total` counts its addresses, `undated` those of them that the patterns let through and that tell no date.
    """

    entries: tuple[Entry, ...] = ()
    children: tuple[ChildLink, ...] = ()
    is_index: bool = False
    total: int = 0
    undated: int = 0
    title: str = ""
    language: str = ""
    warning: str = ""


def horizon_of(state: FeedState | None, now: datetime) -> datetime:
    """From when on entries count: three days back, further after an outage, two weeks at most."""
    last = state.last_success_at if state else None
    since = min(now - HORIZON, last - timedelta(days=1)) if last else now - HORIZON
    return max(since, now - LONGEST_HORIZON)


def parse_sitemap(body: bytes, *, url: str, feed: Feed, since: datetime, max_bytes: int, content_type: str = "") -> Sitemap:
    """Read a sitemap, news sitemap or sitemap index, gzipped or plain.

    Entries have the address as their identity. `published` is the news date or a day that the address tells, `updated` is lastmod,
    which says nothing on publication; titles, language and keywords come from a news sitemap.

    Args:
        body: The decoded body of the answer; still gzipped where the file is (told by its first bytes, F32).
        url: Where it came from after redirects.
        feed: A feed of `kind: sitemap` with its patterns.
        since: The horizon, see `horizon_of`.
        max_bytes: Limit of the unpacked document.
        content_type: The header's value.

    Raises:
        NotAFeed: HTML, a challenge, broken XML, another kind of XML.
        FetchTooLarge: The unpacked document is over `max_bytes`.
        FeedUnreachable: The gzipped document is cut short; trying again can help.
    """
    plain = unpacked(body, max_bytes, url)
    text = decode(plain, charset_of(content_type))
    tree = parse_xml(plain, recover=False)
    if tree is None:
        tree = parse_xml(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    root = local_name(tree) if tree is not None else ""
    if root == "sitemapindex":
        return _index(tree, url)
    if root == "urlset":
        return _urlset(tree, url, feed, since)
    raise NotAFeed(_why_not(text, len(body), content_type, root), url=url)


def unpacked(body: bytes, max_bytes: int, url: str) -> bytes:
    """The body, unpacked where its first bytes are those of gzip, at most `max_bytes` long."""
    if not body.startswith(_GZIP):
        return body
    unpacking = Body("gzip", max_bytes, url)
    try:
        unpacking.add(body)
        return unpacking.finish()
    except zlib.error as error:
        raise NotAFeed(f"a gzip file that does not unpack: {error}", url=url) from error


def _why_not(text: str, size: int, content_type: str, root: str) -> str:
    if root in {"rss", "feed", "rdf"}:
        return f"<{root}> instead of a sitemap: write `kind: feed`"
    words = not_a_feed(text, size, content_type)
    return words.replace("instead of a feed", "instead of a sitemap").replace("no feed", "no sitemap")


def _index(tree: Tree, url: str) -> Sitemap:
    children: dict[str, ChildLink] = {}
    for element in _named(tree, "sitemap"):
        link = absolute_url(url, _text(element, "loc"))
        if link and normalise_url(link) != normalise_url(url):
            children.setdefault(normalise_url(link), ChildLink(link, _text(element, "lastmod")))
    return Sitemap(children=tuple(children.values())[:MAX_URLS], is_index=True, total=len(children))


def _urlset(tree: Tree, url: str, feed: Feed, since: datetime) -> Sitemap:
    counts = link_filter(feed)
    found: list[tuple[datetime, Entry]] = []
    total = undated = 0
    title = language = ""
    for element in _named(tree, "url"):
        total += 1
        parts = {local_name(child): child for child in reversed(element)}
        lastmod = _inner(parts.get("lastmod"))
        changed = machine_date(lastmod)
        if changed and "news" not in parts and _end_of(changed, lastmod) < since:
            continue  # most of a large sitemap: nothing published after the horizon was changed before it
        link = absolute_url(url, _inner(parts.get("loc")))
        if not link or not counts(link):
            continue
        entry, written = _entry(parts.get("news"), link, changed, feed.id)
        title, language = title or _publication(parts.get("news")), language or entry.language
        dated = entry.published or entry.updated
        undated += dated is None
        if dated and _end_of(dated, written or lastmod) >= since:
            found.append((dated, entry))
    found.sort(key=lambda item: item[0], reverse=True)
    entries = tidy_entries(entry for _, entry in found[:MAX_URLS])
    cut = f"only the newest {MAX_URLS} of {len(found)} addresses were read" if len(found) > MAX_URLS else ""
    return Sitemap(tuple(entries), total=total, undated=undated, title=title, language=language, warning=cut)


def _entry(news: Tree | None, link: str, changed: datetime | None, feed_id: str) -> tuple[Entry, str]:
    """The entry of an address, and its date of publication as written; a day in its address is written as a day."""
    parts = {local_name(child): child for child in reversed(news)} if news is not None else {}
    written = _inner(parts.get("publication_date"))
    published, in_link = machine_date(written), _day_in(link)
    language = _text(parts["publication"], "language") if "publication" in parts else ""
    keywords = (word.strip() for word in _inner(parts.get("keywords")).split(","))
    entry = Entry(
        feed_id=feed_id,
        link=link,
        title=title_text(_inner(parts.get("title"))),
        published=published or in_link,
        updated=changed,
        language=language_code(language),
        keywords=tuple(word for word in keywords if word)[:20],
    )
    return entry, written if published else f"{in_link:%Y-%m-%d}" if in_link else ""


def _publication(news: Tree | None) -> str:
    return next((title_text(_text(part, "name")) for part in _named(news, "publication")), "") if news is not None else ""


def _day_in(link: str) -> datetime | None:
    """The day that an address such as /2019/03/05/slug tells."""
    found = _DAY_IN_PATH.search(link)
    try:
        return datetime(int(found.group(1)), int(found.group(2)), int(found.group(3)), tzinfo=UTC) if found else None
    except ValueError:
        return None


def _end_of(dated: datetime, written: str) -> datetime:
    """The last moment that a date may mean: a day without a time lasts to its end."""
    return dated + timedelta(days=1) if _DAY_ONLY.fullmatch(written) else dated


def _named(element: Tree, name: str) -> Iterator[Tree]:
    return (child for child in element if local_name(child) == name)


def _text(element: Tree, name: str) -> str:
    """The text of the first child of that name, whatever its namespace, in one line."""
    return _inner(next(_named(element, name), None))


def _inner(element: Tree | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
