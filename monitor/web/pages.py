"""How a page of the site is printed: its words, its addresses, what search engines and shared links see of it. It answers no request.

The same page is printed for the live site and for a folder of files; `links` is what differs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.digests.render.catalogue import SHIPPED
from monitor.model.digest import Digest
from monitor.parts import Files
from monitor.store.promises import Store
from monitor.text.locale import own_name
from monitor.text.templates import Templates
from monitor.web.assets import address
from monitor.web.places import Links, in_language, page_file
from monitor.web.words import site_words

ARROWS = {"better": "↑", "worse": "↓", "unchanged": "→"}


class NotHere(LookupError):
    """There is no such page."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What pages are made from. `base_url` is the site's own address without a final slash, "" where it has none."""

    store: Store
    files: Files
    templates: Templates
    base_url: str
    now: datetime
    first: str = ""
    """Of a folder of files: the language of its "index.html"; "" on the live site, where addresses name a language with `?lang=`."""

    def address(self, path: str, language: str = "") -> str:
        """The absolute address of a page, in a language or whichever suits its reader; only where the site has an address."""
        if not self.first:
            return self.base_url + in_language(path, language)
        return f"{self.base_url}/{page_file(path, language or self.first, self.first).replace('index.html', '')}"

    def alternates(self, path: str) -> list[tuple[str, str]]:
        """(language, address) of a page in each of its languages, and "x-default"; nothing where the site has no address."""
        if not self.base_url:
            return []
        return [*((one, self.address(path, one)) for one in SHIPPED), ("x-default", self.address(path))]


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the home page."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page makes known; `path` is the same in every language."""

    path: str
    media_type: str
    title: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What stands in the head of a page: its path, what it is called and about, the way to it, its feeds, a picture of it.

    `card` is a path with the words that say the same; `data` is schema.org's description (JSON-LD).
    """

    path: str
    title: str
    description: str = ""
    crumbs: tuple[Crumb, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    card: tuple[str, str] = ("", "")
    data: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = True
    """Whether search engines may list it."""


def print_page(pages: Pages, name: str, language: str, links: Links, meta: Meta, **context: Any) -> str:
    """A page of the site as HTML, in one of the shipped languages."""
    words = site_words(language)
    return pages.templates.render(
        name,
        language=language,
        words=words,
        links=links,
        stylesheet=address("site.css"),
        title=meta.title,
        meta=meta,
        data=embedded_json(meta.data) if meta.data else "",
        canonical=pages.address(meta.path, language) if pages.base_url else "",
        base_url=pages.base_url,
        alternates=pages.alternates(meta.path) if meta.listed else (),
        tongues=[(one, own_name(one), links.to(meta.path, one), one == language) for one in SHIPPED],
        **context,
    )


def embedded_json(data: Mapping[str, Any]) -> str:
    """JSON that can stand in a script element: nothing in it closes the element, or begins a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")


def digest_of(pages: Pages, digest_id: str) -> Digest:
    """A digest of the files.

    Raises:
        NotHere: There is none of that name.
    """
    digest = pages.files.digest(digest_id)
    if digest is None:
        raise NotHere(digest_id)
    return digest


def title_of(digest: Digest | None, language: str, known_as: str = "") -> str:
    """The title in a language, else in the digest's first; `known_as` where its file is gone."""
    if digest is None:
        return known_as
    return digest.title.get(language) or next(iter(digest.title.values()), digest.id)


def best_language(wanted: str, there: Sequence[str]) -> str:
    """The language wanted where it is there, else the first that is."""
    return wanted if wanted in there else there[0]
