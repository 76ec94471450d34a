"""The search over what editions told: a form, what was found with its words marked, and no more searches a minute than a reader needs.

Only what was published is found. A query is words and nothing else: no sign of it has a meaning to the database.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digests.render.clean import anchor, printable
from monitor.model.pace import Bucket, Pace, draw
from monitor.model.printed import EditionHead, Printed, PrintedItem, PrintedLine
from monitor.store.printed_promises import SearchQuery
from monitor.text.locale import own_name, week_line
from monitor.text.search_words import marked, query_words
from monitor.web.answers import page_answer
from monitor.web.pages import Crumb, Meta, Pages, print_page, title_of
from monitor.web.places import Links, edition_path, story_path
from monitor.web.visitor import prefix_of, visitor
from monitor.web.words import site_words

PER_PAGE = 20
MOST_PAGES = 50
LONGEST_QUERY = 200
"""Characters of a query that are read."""
SNIPPET = 240
"""Characters of a snippet, more or less."""
PACE = Pace(per_s=0.5, burst=30)
"""Of one reader's network; further networks together share `ALL`."""
ALL = Pace(per_s=20, burst=200)
_NETWORKS = 10_000
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was asked: `words` are those compared, `page` counts from 1."""

    text: str
    cut: bool
    words: tuple[str, ...]
    digest: str
    page: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A story found: where it is told, and a snippet. Pieces are (text, whether it is a word that was searched for)."""

    path: str
    story: str
    headline: Pieces
    headline_language: str
    place: str
    snippet: Pieces
    snippet_language: str
    source: str


class Patience:
    """How often each network may search, in memory: a search writes nothing, and a restart forgives."""

    def __init__(self, pace: Pace = PACE, everybody: Pace = ALL) -> None:
        self._pace, self._everybody = pace, everybody
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._all: Bucket | None = None
        self._lock = threading.Lock()

    def wait(self, network: str, now: datetime) -> float:
        """Seconds to wait before the next search; 0 where one may be made now, which counts as made."""
        with self._lock:
            bucket, wait = draw(self._buckets.get(network), self._pace, now)
            self._buckets[network] = bucket
            self._buckets.move_to_end(network)
            while len(self._buckets) > _NETWORKS:
                self._buckets.popitem(last=False)
            if not wait:
                self._all, wait = draw(self._all, self._everybody, now)
            return wait


def asked(query: str, digest: str, page: str) -> Asked:
    """A query of the address; what cannot be read of it is left out."""
    text = printable(query[: LONGEST_QUERY + 1])
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    return Asked(
        text[:LONGEST_QUERY],
        len(query) > LONGEST_QUERY,
        query_words(text[:LONGEST_QUERY]),
        digest,
        min(max(number, 1), MOST_PAGES),
    )


def search_page(pages: Pages, query: Asked, language: str, links: Links) -> str:
    """The form, and what was found."""
    words = site_words(language)
    digest = query.digest if pages.files.digest(query.digest) else ""
    answer = pages.store.search(SearchQuery(query.words, language, digest, (query.page - 1) * PER_PAGE, PER_PAGE))
    heads = {(head.digest, head.key): head for head in pages.store.edition_heads(digest)} if answer.found else {}
    total = answer.counts.get(language, 0)
    last = min(MOST_PAGES, max(1, math.ceil(total / PER_PAGE)))
    path = _path(query.text, digest)
    elsewhere = [(one, own_name(one), links.to(path, one), count) for one, count in answer.counts.items() if one != language]
    meta = Meta(
        path,
        words.say("archive.search.title"),
        words.say("archive.search.description"),
        (Crumb("/", words.say("site.title")),),
        listed=not query.text,
    )
    return print_page(
        pages, "search.html", language, links, meta,
        query=query, digest=digest, total=total, last=last, elsewhere=elsewhere,
        digests=[(one.id, title_of(one, language)) for one in pages.files.digests],
        hits=[_hit(pages, heads[item.digest, item.key], item, query.words) for item in answer.found if (item.digest, item.key) in heads],
        newer=links.to(_path(query.text, digest, query.page - 1)) if 1 < query.page <= last else "",
        older=links.to(_path(query.text, digest, query.page + 1)) if query.page < last else "",
        asked_language=links.to("/search").partition("lang=")[2],
    )  # fmt: skip


def _path(text: str, digest: str, page: int = 1) -> str:
    given = {"q": text, "digest": digest, "page": str(page) if page > 1 else ""}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/search?{query}" if query else "/search"


def _hit(pages: Pages, head: EditionHead, item: PrintedItem, wanted: Sequence[str]) -> Hit:
    words, window = site_words(item.language), head.window
    is_item = item.kind is Printed.ITEM
    line = week_line(window.first_day, window.last_day, item.language)
    title = title_of(pages.files.digest(item.digest), item.language, item.digest)
    place = [title, line, item.section_title, *([] if is_item else [words.say("archive.search.note")])]
    best = _best_line(item.lines, item.headline, set(wanted))
    return Hit(
        path=edition_path(
            item.digest, item.week, item.language, anchor("i", item.item) if is_item else anchor("s", item.section)
        ),
        story=story_path(item.digest, item.story) if is_item and pages.files.digest(item.digest) else "",
        headline=marked(printable(item.headline), set(wanted)),
        headline_language=item.headline_language,
        place=" · ".join(place),
        snippet=snippet(best.text, set(wanted)) if best else [],
        snippet_language=best.language if best else "",
        source=printable(best.source) if best else "",
    )


def _best_line(lines: Sequence[PrintedLine], headline: str, wanted: set[str]) -> PrintedLine | None:
    """The line with the most of the words, the first of them; the first line of all where none has any."""

    def distinct(line: PrintedLine) -> int:
        return len({query_words(piece)[0] for piece, hit in marked(line.text, wanted) if hit})

    others = [line for line in lines if line.text != headline]
    return max(others, key=distinct, default=None)


def snippet(text: str, wanted: Collection[str]) -> Pieces:
    """About `SNIPPET` characters around the first word wanted, in pieces; cut at spaces."""
    text = printable(text)
    if len(text) <= SNIPPET:
        return marked(text, wanted)
    first = next(
        (sum(len(piece) for piece, _ in marked(text, wanted)[:at]) for at, (_, hit) in enumerate(marked(text, wanted)) if hit), 0
    )
    start = max(0, min(first - SNIPPET // 3, len(text) - SNIPPET))
    start = text.find(" ", start) + 1 if start else 0
    end = text.rfind(" ", start + 1, start + SNIPPET) if len(text) > start + SNIPPET else len(text)
    end = end if end > first else min(len(text), start + SNIPPET)
    cut = marked(text[start:end], wanted)
    return [*([("… ", False)] if start else []), *cut, *([(" …", False)] if end < len(text) else [])]


def search(request: Request) -> Response:
    """The search page; 429 with the time to wait for a reader in too great a hurry."""
    given = request.query_params
    query = asked(given.get("q", ""), given.get("digest", ""), given.get("page", "1"))
    app = request.app
    wait = app.state.patience.wait(prefix_of(visitor(request)), app.state.site.clock()) if query.words else 0.0

    def made(pages: Pages, language: str, links: Links) -> str:
        if wait:
            words = site_words(language)
            meta = Meta("/search", words.say("archive.search.busy"), listed=False)
            return print_page(pages, "note.html", language, links, meta, text=words.count("archive.search.wait", math.ceil(wait)))
        return search_page(pages, query, language, links)

    answer = page_answer(request, made)
    if wait:
        answer.status_code = 429
        answer.headers["Retry-After"] = str(math.ceil(wait))
        answer.headers["Cache-Control"] = "no-store"
    return answer


ROUTES = (Route("/search", search),)
