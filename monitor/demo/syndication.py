"""Feed documents as different publishing systems write them: RSS 2.0, RSS 1.0, Atom, JSON Feed, news sitemap, a bare page. Pure text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from monitor.demo.corpus import Outlet, Page, Syndication
from monitor.demo.furniture import WORDS

NEWEST = 15
"""How many entries a feed shows."""

MEDIA_TYPES = {
    Syndication.RSS: "application/rss+xml",
    Syndication.ATOM: "application/atom+xml",
    Syndication.JSON: "application/feed+json",
    Syndication.RDF: "application/rdf+xml",
    Syndication.SITEMAP: "application/xml",
    Syndication.PAGE: "text/html",
}


def feed_document(outlet: Outlet, pages: Sequence[Page]) -> str:
    """The feed of `outlet` with its newest `pages` (newest first); markup in content is escaped as feeds do."""
    return WRITERS[outlet.syndication](outlet, pages[:NEWEST])


def _tracked(page: Page) -> str:
    """The address as feeds hand it out, with campaign parameters."""
    return f"{page.url}{'&' if '?' in page.url else '?'}utm_source=rss&utm_medium=feed"


def _local(page: Page) -> datetime:
    return page.published.astimezone(ZoneInfo(page.outlet.zone))


def _declaration(outlet: Outlet) -> str:
    return f'<?xml version="1.0" encoding="{outlet.charset}"?>\n'


def _body(page: Page) -> str:
    """Full text or a teaser, as HTML."""
    if page.outlet.full_text:
        return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in page.paragraphs)
    return f"<p>{escape(page.paragraphs[0])} <a href={quoteattr(_tracked(page))}>…</a></p>"


def _rss(outlet: Outlet, pages: Sequence[Page]) -> str:
    items = []
    for page in pages:
        full = f"<content:encoded>{escape(_body(page))}</content:encoded>" if outlet.full_text else ""
        items.append(
            f"<item><title>{escape(page.title)}</title><link>{escape(_tracked(page))}</link>"
            f'<guid isPermaLink="false">{outlet.host}/{page.id}</guid><pubDate>{format_datetime(_local(page))}</pubDate>'
            f"<description>{escape(_teaser(page))}</description>{full}</item>\n"
        )
    return (
        _declaration(outlet)
        + '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        + f"<title>{escape(outlet.name)}</title><link>http://{outlet.host}/</link><description>{escape(outlet.name)}</description>"
        + f"<language>{outlet.language}</language><ttl>60</ttl>\n{''.join(items)}</channel></rss>\n"
    )


def _teaser(page: Page) -> str:
    lead = page.paragraphs[0]
    return lead if len(lead) <= 300 else lead[:300].rsplit(" ", 1)[0] + "…"


def _atom(outlet: Outlet, pages: Sequence[Page]) -> str:
    entries = []
    for page in pages:
        stamp = _local(page).isoformat()
        entries.append(
            f"<entry><id>tag:{outlet.host},2016:{page.id}</id><title>{escape(page.title)}</title>"
            f"<link rel='alternate' href={quoteattr(page.url)}/><published>{stamp}</published><updated>{stamp}</updated>"
            f"<content type='html'>{escape(_body(page))}</content></entry>\n"
        )
    newest = _local(pages[0]).isoformat() if pages else "2016-01-01T00:00:00+03:00"
    return (
        _declaration(outlet)
        + f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{outlet.language}'><id>tag:{outlet.host},2016:feed</id>"
        + f"<title>{escape(outlet.name)}</title><updated>{newest}</updated><link rel='self' href={quoteattr(outlet.feed_url)}/>\n"
        + f"{''.join(entries)}</feed>\n"
    )


def _rdf(outlet: Outlet, pages: Sequence[Page]) -> str:
    items = "".join(
        f"<item rdf:about={quoteattr(page.url)}><title>{escape(page.title)}</title><link>{escape(page.url)}</link>"
        f"<description>{escape(_teaser(page))}</description><dc:date>{_local(page).isoformat()}</dc:date></item>\n"
        for page in pages
    )
    sequence = "".join(f"<rdf:li rdf:resource={quoteattr(page.url)}/>" for page in pages)
    return (
        _declaration(outlet)
        + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        + ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        + f"<channel rdf:about={quoteattr(outlet.feed_url)}><title>{escape(outlet.name)}</title><link>http://{outlet.host}/</link>"
        + f"<description>{escape(outlet.name)}</description><items><rdf:Seq>{sequence}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _json(outlet: Outlet, pages: Sequence[Page]) -> str:
    items = [
        {
            "id": f"{outlet.host}/{page.id}",
            "url": page.url,
            "title": page.title,
            "content_html": _body(page),
            "date_published": _local(page).isoformat(),
            "language": page.language,
        }
        for page in pages
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"http://{outlet.host}/",
        "feed_url": outlet.feed_url,
        "language": outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _sitemap(outlet: Outlet, pages: Sequence[Page]) -> str:
    urls = "".join(
        f"<url><loc>{escape(page.url)}</loc><news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{page.language}</news:language></news:publication>"
        f"<news:publication_date>{_local(page).isoformat()}</news:publication_date>"
        f"<news:title>{escape(page.title)}</news:title></news:news></url>\n"
        for page in pages
    )
    return (
        _declaration(outlet)
        + '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        + f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}</urlset>\n'
    )


def _page(outlet: Outlet, pages: Sequence[Page]) -> str:
    """A list of notices as an office's site shows it: a menu, a pinned subject that leaves again, each notice linked twice."""
    words = WORDS[outlet.language]
    menu = "".join(f'<li><a href="/{place}/">{escape(name)}</a></li>' for place, name in enumerate(words.menu))
    items = [
        f'<li class="notice"><a href={quoteattr(page.path)}><img src="/img/{page.id}.jpg" alt=""/></a>'
        f"<h3><a href={quoteattr(page.path + '?utm_source=list')}>{escape(page.title)}</a></h3>"
        f'<time datetime="{_local(page).isoformat()}">{_local(page):%d.%m.%Y, %H:%M}</time><p>{escape(_teaser(page))}</p></li>\n'
        for page in pages
    ]
    if len(pages) % 2:
        items.insert(1, f'<li class="pinned"><a href="/subscribe/">{escape(words.subscribe)}</a></li>\n')
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"><head><title>{escape(outlet.name)}</title></head>\n<body><nav><ul>{menu}</ul></nav>'
        f'<main><h1>{escape(words.latest)}</h1>\n<ul class="notices">{"".join(items)}</ul></main>'
        f"<footer><p>{escape(words.rights)}</p></footer></body></html>\n"
    )


WRITERS: dict[Syndication, Callable[[Outlet, Sequence[Page]], str]] = {
    Syndication.RSS: _rss,
    Syndication.ATOM: _atom,
    Syndication.JSON: _json,
    Syndication.RDF: _rdf,
    Syndication.SITEMAP: _sitemap,
    Syndication.PAGE: _page,
}
