"""The fields of an entry cleaned in one way, whichever reader found them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from monitor.feeds.redirectors import unwrapped
from monitor.model.article import Entry
from monitor.text.markup import one_line, text_of
from monitor.text.urls import absolute_url, is_http

MAX_ENTRIES = 1000
"""Entries taken from one document, in its order (F47)."""
MAX_TITLE = 2000
"""Characters of a title, or of a name, that are kept."""
_TITLE_LOOKED_AT = 20_000
_EARLIEST_YEAR = 1995  # an earlier date is a default that nobody filled in: 1970, 1904, 1601
_EMAIL_AND_NAME = re.compile(r"\S+@\S+\s*\((.+)\)|(.+?)\s*<\S+@\S+>")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])")


def title_text(markup: str) -> str:
    """A title as plain text in one line; of a very long one the beginning."""
    return one_line(text_of(markup[:_TITLE_LOOKED_AT]))[:MAX_TITLE]


def author_name(text: str) -> str:
    """The name without the mail address that RSS asks for."""
    found = _EMAIL_AND_NAME.fullmatch(text.strip())
    return title_text((found.group(1) or found.group(2)) if found else text)


def language_code(tag: str) -> str:
    """The primary subtag: "ru" of "ru-RU"; "" for anything that is no language tag."""
    found = _LANGUAGE.match(tag.strip().lower())
    return found.group() if found else ""


def plausible_date(date: datetime) -> datetime | None:
    """The date, or None where it is a default that nobody filled in (F53)."""
    return date if date.year >= _EARLIEST_YEAR else None


def entry_link(base: str, link: str, guid: str, *, guid_is_link: bool, original: str = "") -> str:
    """The page of an entry: the original behind a redirector where the feed or the link itself tells it (F59), else its link.

    `guid_is_link` says that `link` was taken from the guid: then it counts only if it is a whole address, not "12345".
    """
    given = link if not (guid_is_link and link == guid) or is_http(link) else ""
    return next((url for candidate in (original, given) if candidate and (url := absolute_url(base, candidate))), "")


def tidy_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that have an address or words, each once, with guids that tell them apart (others are blanked, F51).

    A link through a redirector becomes the page that it names, where it names one (F59).
    """
    direct = (replace(entry, link=page) if (page := unwrapped(entry.link)) != entry.link else entry for entry in entries)
    usable = [entry for entry in direct if entry.link or entry.title or entry.content or entry.summary]
    uses = Counter(guid for guid, _, _ in {(entry.guid, entry.link, entry.title) for entry in usable})
    telling = [replace(entry, guid="") if entry.guid and uses[entry.guid] > 1 else entry for entry in usable]
    first: dict[tuple[str, str, str], Entry] = {}
    for entry in telling:
        first.setdefault((entry.guid, entry.link, entry.title), entry)
    return list(first.values())
