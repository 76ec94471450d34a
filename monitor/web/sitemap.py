"""What search engines are told: `sitemap.xml` with every public page in its languages (sitemaps.org), and `robots.txt` (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digests.render.catalogue import SHIPPED
from monitor.model.printed import EditionHead, Printed
from monitor.web.answers import answer, body_of, kept, pages_of
from monitor.web.pages import Pages
from monitor.web.places import digest_path, edition_path, story_path
from monitor.web.shelf import Body

MOST = 50_000
"""Addresses that one sitemap may hold."""
PRIVATE = ("/desk/", "/mark/", "/u/", "/search?", "/metrics")
_XML = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its absolute address, when it changed, and the addresses of it in all its languages."""

    url: str
    changed: datetime | None
    alternates: tuple[tuple[str, str], ...] = ()


def sitemap_entries(pages: Pages) -> Iterator[Entry]:
    """Every public page, newest editions first; nothing where the site has no address."""
    base = pages.base_url
    if not base:
        return
    yield from _in_languages(pages, "/", None)
    yield from _in_languages(pages, "/sources/", None)
    for digest in pages.files.digests:
        heads = pages.store.edition_heads(digest.id)
        yield from _in_languages(pages, digest_path(digest.id), max((head.frozen_at for head in heads), default=None))
        for head in heads:
            yield from _edition(base, head)
        stories = {item.story: item.key for item in reversed(pages.store.printed_items(digest.id)) if item.kind is Printed.ITEM}
        frozen = {head.key: head.frozen_at for head in heads}
        for story, key in reversed(stories.items()):
            yield from _in_languages(pages, story_path(digest.id, story), frozen.get(key))


def _in_languages(pages: Pages, path: str, changed: datetime | None) -> Iterator[Entry]:
    others = tuple(pages.alternates(path))
    for language in SHIPPED:
        yield Entry(pages.address(path, language), changed, others)


def _edition(base: str, head: EditionHead) -> Iterator[Entry]:
    others = tuple((one, base + edition_path(head.digest, head.week, one)) for one in head.languages)
    for _, url in others:
        yield Entry(url, head.frozen_at, others)


def sitemap_xml(pages: Pages) -> str:
    """The sitemap, its first `MOST` addresses."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<urlset {_XML}>"]
    for number, entry in enumerate(sitemap_entries(pages)):
        if number == MOST:
            break
        changed = f"<lastmod>{entry.changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if entry.changed else ""
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(code)} href={quoteattr(url)}/>' for code, url in entry.alternates
        )
        lines.append(f"<url><loc>{escape(entry.url)}</loc>{changed}{links}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def robots_txt(base_url: str) -> str:
    """Everything public may be read by anybody."""
    rules = "".join(f"Disallow: {path}\n" for path in PRIVATE)
    return f"User-agent: *\n{rules}" + (f"\nSitemap: {base_url}/sitemap.xml\n" if base_url else "")


def sitemap(request: Request) -> Body:
    """The sitemap."""
    return body_of(sitemap_xml(pages_of(request)).encode(), "application/xml; charset=utf-8")


def robots(request: Request) -> Response:
    """What robots are asked to leave alone."""
    return answer(request, body_of(robots_txt(request.app.state.site.sender.base_url).encode(), "text/plain; charset=utf-8"))


ROUTES = (
    Route("/sitemap.xml", kept(sitemap)),
    Route("/robots.txt", robots),
)
