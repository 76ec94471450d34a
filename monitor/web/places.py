"""Addresses of the site's pages, as a reader's browser asks for them and as files of an exported archive. It prints nothing.

A page is known by its path ("/weekly/", "/weekly/story/1f2e/") and, where it speaks the reader's language, by that: `?lang=be` on the
live site, `index.be.html` in a folder.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode


class Links(Protocol):
    """How one page leads to others."""

    def to(self, path: str, language: str = "") -> str:
        """The address of a page that speaks the reader's language, in that of the page it is asked on, or in `language`."""
        ...

    def file(self, path: str) -> str:
        """The address of what is the same for every reader: an edition, a feed, a picture, a stylesheet."""
        ...

    def service(self, path: str) -> str:
        """The address of what only the running service has, such as the page to subscribe on; "" where it has no address."""
        ...


@dataclass(frozen=True, slots=True)
class LiveLinks:
    """On the site: paths from the root. `language` is what the reader asked for with `?lang=`, so that links keep it; "" where the browser chose."""

    language: str = ""

    def to(self, path: str, language: str = "") -> str:
        """See `Links.to`."""
        return in_language(path, language or self.language)

    def file(self, path: str) -> str:
        """See `Links.file`."""
        return path

    def service(self, path: str) -> str:
        """See `Links.service`."""
        return in_language(path, self.language)


@dataclass(frozen=True, slots=True)
class FolderLinks:
    """In an exported archive: relative from the file `here` ("weekly/index.be.html"), in a `language`; `first` is that of "index.html"."""

    here: str
    language: str
    first: str
    base_url: str = ""

    def to(self, path: str, language: str = "") -> str:
        """See `Links.to`."""
        return self._from_here(page_file(path, language or self.language, self.first))

    def file(self, path: str) -> str:
        """See `Links.file`."""
        return self._from_here(file_of(path))

    def service(self, path: str) -> str:
        """See `Links.service`."""
        return self.base_url + in_language(path, self.language) if self.base_url else ""

    def _from_here(self, file: str) -> str:
        target, mark, anchor = file.partition("#")
        way = posixpath.relpath(target, posixpath.dirname(self.here) or ".")
        return quote(way, safe="/.-_~") + (f"#{anchor}" if mark else "")


def in_language(path: str, language: str) -> str:
    """A path with `?lang=`, before its anchor; as it is where `language` is ""."""
    if not language:
        return path
    bare, mark, anchor = path.partition("#")
    return f"{bare}{'&' if '?' in bare else '?'}{urlencode({'lang': language})}{mark}{anchor}"


def page_file(path: str, language: str, first: str) -> str:
    """The file of a page in a language: "/weekly/" in "be" is "weekly/index.be.html", or "weekly/index.html" where that is the first."""
    bare, mark, anchor = file_of(path).partition("#")
    return (bare if language == first else f"{bare.removesuffix('.html')}.{language}.html") + mark + anchor


def file_of(path: str) -> str:
    """The file behind a path: "/weekly/2019-W10/en/#i-1" is "weekly/2019-W10/en/index.html#i-1"."""
    bare, mark, anchor = path.partition("#")
    bare = bare.partition("?")[0].lstrip("/")
    if not bare or bare.endswith("/"):
        bare += "index.html"
    elif "." not in posixpath.basename(bare):
        bare += "/index.html"
    return bare + mark + anchor


def digest_path(digest: str) -> str:
    """The list of a digest's editions."""
    return f"/{quote(digest, safe='')}/"


def edition_path(digest: str, week: str, folder: str, anchor: str = "") -> str:
    """An edition; `folder` is its language, or language and revision ("en-r1")."""
    return f"{digest_path(digest)}{week}/{folder}/" + (f"#{anchor}" if anchor else "")


def card_path(digest: str, week: str, language: str) -> str:
    """The picture that stands for an edition where its address is shared."""
    return f"{digest_path(digest)}{week}/card.{language}.png"


def story_path(digest: str, story: str) -> str:
    """A story as its digest told it."""
    return f"{digest_path(digest)}story/{quote(story, safe='')}/"


def thread_path(digest: str, thread: str) -> str:
    """The stories of one matter, as the digest told them."""
    return f"{digest_path(digest)}thread/{quote(thread, safe='')}/"


def feed_path(digest: str, language: str, kind: str, number: int = 0) -> str:
    """A feed, `kind` "atom" or "json"; `number` from 1 is that of an archive document (RFC 5005), 0 the feed itself."""
    return f"{digest_path(digest)}feed.{language}{f'.{number}' if number else ''}.{kind}"
