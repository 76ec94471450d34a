"""The search of an exported archive: a page that lists every story told, and an index from which a script finds some of them.

Without script the list is whole, and the browser's own search finds in it. The script folds words by the tables that
`text.search_words` folds by; the index brings them along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from monitor.digests.render.catalogue import SHIPPED
from monitor.digests.render.clean import anchor, printable
from monitor.model.printed import Printed, PrintedItem
from monitor.search_index import printed_items
from monitor.text.locale import week_line
from monitor.text.search_words import ENDINGS, FOLDING, IGNORED
from monitor.web.assets import address
from monitor.web.pages import Crumb, Meta, Pages, print_page, title_of
from monitor.web.places import FolderLinks, edition_path, page_file
from monitor.web.words import site_words

PATH = "/search"


def search_files(pages: Pages) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The search page and its index in each language, as (file, what makes it)."""
    for language in SHIPPED:
        way = FolderLinks(page_file(PATH, language, pages.first), language, pages.first, pages.base_url)
        yield index_file(language), partial(_index, pages, way)
        yield way.here, partial(_page, pages, way)


def index_file(language: str) -> str:
    """Where the index of a language lies."""
    return f"search/stories.{language}.json"


def _page(pages: Pages, way: FolderLinks) -> bytes:
    words, language = site_words(way.language), way.language
    editions = []
    for digest in pages.files.digests:
        told = pages.store.printed_items(digest.id, language=language)
        for head in pages.store.edition_heads(digest.id):
            items = [(way.file(_path(item)), item) for item in told if item.key == head.key]
            if items:
                editions.append(
                    (f"{title_of(digest, language)}, {week_line(head.window.first_day, head.window.last_day, language)}", items)
                )
    meta = Meta(
        PATH, words.say("archive.search.title"), words.say("archive.search.description"), (Crumb("/", words.say("site.title")),)
    )
    script, index = way.file(address("search.js")), way.file(f"/{index_file(language)}")
    return print_page(pages, "search_files.html", language, way, meta, editions=editions, script=script, index=index).encode()


def _path(item: PrintedItem) -> str:
    place = anchor("i", item.item) if item.kind is Printed.ITEM else anchor("s", item.section)
    return edition_path(item.digest, item.week, item.language, place)


def _index(pages: Pages, way: FolderLinks) -> bytes:
    items = []
    for digest in pages.files.digests:
        for head in pages.store.edition_heads(digest.id):
            rendition = pages.store.rendition(head.id, way.language) if way.language in head.languages else None
            line = week_line(head.window.first_day, head.window.last_day, way.language)
            for item in printed_items(head, rendition) if rendition else ():
                place = printable(" · ".join((title_of(digest, way.language), line, item.section_title)))
                told = {"url": way.file(_path(item)), "headline": printable(item.headline), "lang": item.headline_language}
                items.append(told | {"place": place, "terms": " ".join(item.words)})
    return json.dumps(
        {
            "fold": FOLDING,
            "endings": ENDINGS,
            "ignored": sorted(IGNORED),
            "counted": site_words(way.language).say("archive.search.counted", n="{n}"),
            "items": items,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
