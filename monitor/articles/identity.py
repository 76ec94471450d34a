"""Which article an entry is: its address, its id, and whether it is known already. Pure; it fetches and stores nothing."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from monitor.model.article import Entry
from monitor.text.urls import normalise_url, registrable_domain

MAX_REVISIONS = 24
"""An entry that changes at every poll (a counter, a clock) is stored anew this often and then left alone (F52)."""

_TITLE_LETTERS = 12
"""Shorter titles ("News", "Weather") are no identity."""
_SAME_ITEM_SPAN = timedelta(days=7)
"""How long before an article was first seen its entry may say it was published, to be taken for the same by title."""

_WORD = re.compile(r"\w+")
_LIST_PAGE = re.compile(
    r"/(?:index\.\w+|news|all-?news|latest|archive|articles|posts|blog|feed|rss|category|tag|author|search|page)/?$",
    re.IGNORECASE,
)


class KnownLike(Protocol):
    """As much of a stored article as identity needs."""

    @property
    def id(self) -> str:
        """Its stable id."""
        ...

    @property
    def feed_id(self) -> str:
        """The feed that brought it."""
        ...

    @property
    def guid(self) -> str:
        """As that feed gave it, or ""."""
        ...

    @property
    def url(self) -> str:
        """As the feed linked it."""
        ...

    @property
    def canonical_url(self) -> str:
        """The normalised identity."""
        ...

    @property
    def title(self) -> str:
        """Its title."""
        ...

    @property
    def content_hash(self) -> str:
        """See `content_hash`."""
        ...

    @property
    def revision(self) -> int:
        """How often it was revised."""
        ...

    @property
    def first_seen(self) -> datetime:
        """Aware UTC."""
        ...


class Novelty(StrEnum):
    """What an entry is to us."""

    NEW = "new"
    SAME = "same"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Known:
    """The decision on one entry, with its reason; `article` is the stored one for SAME and REVISED."""

    novelty: Novelty
    reason: str
    article: KnownLike | None = None


def article_id(canonical_url: str, *, feed_id: str = "", guid: str = "", title: str = "") -> str:
    """A stable id of 16 hexadecimal digits (64-bit BLAKE2b): of the canonical URL, else of feed and guid, else of feed and title."""
    identity = canonical_url or (f"{feed_id}\n{guid}" if guid else f"{feed_id}\n\n{fold_title(title)}")
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def content_hash(title: str, text: str) -> str:
    """16 hexadecimal digits over the words of title and text: spacing, case and punctuation do not count as an edit."""
    words = "\n".join((fold_title(title), fold_title(text)))
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def fold_title(title: str) -> str:
    """The words of a title, compatibility-composed and case-folded, one space between them."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", title).casefold()))


def canonical_url_of(entry_link: str, final_url: str, page_canonical: str) -> str:
    """The normalised address that stands for the article (F57, F58).

    The page's own claim counts only where it names one page of the same registrable domain: not the home page, not a list,
    and without losing the number that tells this article from its neighbours. A final URL that is a mere home page
    (a deleted article, a consent wall) gives way to the address that the feed linked.
    """
    final = final_url or entry_link
    if entry_link and _is_home(final) and not _is_home(entry_link):
        final = entry_link
    if not final:
        return ""
    base = normalise_url(final)
    if page_canonical and not why_not_canonical(page_canonical, final):
        return normalise_url(page_canonical)
    return base


def why_not_canonical(claim: str, final_url: str) -> str:
    """Why a rel=canonical (or og:url) must not stand for the page at `final_url`; "" where it may."""
    try:
        claimed, final = urlsplit(claim.strip()), urlsplit(final_url)
        host, final_host = claimed.hostname or "", final.hostname or ""
    except ValueError:
        return "not an address"
    if claimed.scheme not in {"http", "https"} or not host:
        return "not an absolute http(s) address"
    if registrable_domain(host) != registrable_domain(final_host):
        return f"another site: {host}"
    if _is_home(claim):
        return "the home page"
    if final.path.rstrip("/") != claimed.path.rstrip("/"):
        if _LIST_PAGE.search(claimed.path) and not claimed.query:
            return "a list of articles"
        if final.path.startswith(claimed.path.rstrip("/") + "/") and not _ends_in_a_variant(final.path):
            return "the section above the page"
    lost = [number for number in _numbers(final.query) if number not in claim]
    return f"it loses {lost[0]}, which tells the page from its neighbours" if lost else ""


def known_as(entry: Entry, known: Sequence[KnownLike], *, new_hash: str = "") -> Known:
    """Whether the entry is an article that we have (F50–F53).

    Identity is (feed, guid), else the address, else title and date within the feed. Of a known article, only the feed that
    brought it can revise it: by another `new_hash` (see `content_hash`) where the text was read anew, else by another title.

    Args:
        entry: As the feed gave it.
        known: Stored articles that may be meant: those sharing guid or address, and the feed's recent ones for the title rung.
        new_hash: Hash of the entry's content as made now; "" before the page is read.
    """
    found, rung = _find(entry, known)
    if found is None:
        return Known(Novelty.NEW, "neither guid nor address nor title and date are known")
    if found.feed_id != entry.feed_id:
        return Known(Novelty.SAME, f"known by {rung}, from feed {found.feed_id}", found)
    changed = _change(entry, found, new_hash)
    if not changed:
        return Known(Novelty.SAME, f"known by {rung}", found)
    if found.revision >= MAX_REVISIONS:
        return Known(Novelty.SAME, f"known by {rung}; {changed}, but it was revised {found.revision} times already", found)
    return Known(Novelty.REVISED, f"known by {rung}; {changed}", found)


def _change(entry: Entry, found: KnownLike, new_hash: str) -> str:
    if new_hash:
        return "its content changed" if new_hash != found.content_hash else ""
    title = fold_title(entry.title)
    return "its title changed" if title and title != fold_title(found.title) else ""


def _find(entry: Entry, known: Sequence[KnownLike]) -> tuple[KnownLike | None, str]:
    """The first article that a rung of the ladder finds, and the rung's name."""
    link = normalise_url(entry.link) if entry.link else ""
    title = fold_title(entry.title)
    own = [article for article in known if article.feed_id == entry.feed_id]
    for article in own:
        if entry.guid and article.guid == entry.guid and not _guid_reused(link, title, article):
            return article, "guid"
    for article in [*own, *(article for article in known if article.feed_id != entry.feed_id)]:
        if link and link in {article.canonical_url, normalise_url(article.url)} and not _is_home(link):
            return article, "address"
    for article in own:
        if _same_by_title(entry, link, title, article):
            return article, "title and date"
    return None, ""


def _guid_reused(link: str, title: str, article: KnownLike) -> bool:
    """True where a feed gives one guid to several items: neither address nor title agree (F51)."""
    if not link or not title:
        return False
    return link not in {article.canonical_url, normalise_url(article.url)} and title != fold_title(article.title)


def _same_by_title(entry: Entry, link: str, title: str, article: KnownLike) -> bool:
    """True for a feed that changes guid and address at each poll.

    The entry's date must lie before the article was first seen, else a daily column ("Weather") would be taken for
    yesterday's; without a date, the path of the address must be the same.
    """
    if len(title) < _TITLE_LETTERS or title != fold_title(article.title):
        return False
    if link and urlsplit(link).path == urlsplit(normalise_url(article.url)).path and not _is_home(link):
        return not _numbers(urlsplit(link).query) or _before(entry.published, article.first_seen)
    return _before(entry.published, article.first_seen)


def _before(published: datetime | None, first_seen: datetime) -> bool:
    return published is not None and first_seen - _SAME_ITEM_SPAN <= published <= first_seen


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    path = re.sub(r"/(?:index|default|home)\.\w+$", "/", parts.path)
    return bool(re.fullmatch(r"/*(?:[a-z]{2}(?:[-_][a-z]{2,4})?)?/*", path, re.IGNORECASE)) and not parts.query


def _ends_in_a_variant(path: str) -> bool:
    return bool(re.search(r"/(?:amp|print|mobile|m|index\.\w+)/?$", path, re.IGNORECASE))


def _numbers(query: str) -> list[str]:
    return [value for _, value in parse_qsl(query) if value.isdigit()]
