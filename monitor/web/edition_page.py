"""Dresses the page of an edition for the site: the way to its neighbours and to the sources of its stories, and what shared links show.

The frozen bytes stay as they are: pieces are put in between, each within marks of its own, and taken out again they leave what was
frozen. Nothing of an edition is read here but its data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.digests.render.clean import anchor
from monitor.model.edition import Rendition
from monitor.model.printed import EditionHead, Printed
from monitor.text.locale import week_line
from monitor.web.assets import address
from monitor.web.pages import Crumb, NotHere, Pages, embedded_json, title_of
from monitor.web.places import Links, card_path, digest_path, edition_path, feed_path, story_path
from monitor.web.words import site_words

BEGIN, END = "<!--site-->", "<!--/site-->"
_PIECE = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
_CHARSET = re.compile(r"<meta\s+charset=[^>]*>", re.IGNORECASE)
_OPENING = re.compile(r"<body[^>]*>(?:\s*<a class=\"skip\"[^>]*>.*?</a>)?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An edition before or after."""

    line: str
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """An edition among those of its digest that have its language; `folder` is its language, or language and revision."""

    head: EditionHead
    language: str
    folder: str
    previous: Neighbour | None
    next: Neighbour | None
    current: str = ""
    """Of a revision that was replaced: the path of what took its place."""


def place_of(heads: Sequence[EditionHead], head: EditionHead, language: str, current: str = "") -> Place:
    """Where an edition stands among `heads`, newest first; the neighbours of a replaced revision are those of what replaced it."""
    there = [one for one in heads if language in one.languages]
    at = next(number for number, one in enumerate(there) if one.key == head.key)
    folder = f"{language}-r{head.revision}" if current else language
    older, newer = there[at + 1 : at + 2], there[at - 1 : at] if at else []
    return Place(head, language, folder, _neighbour(older, language), _neighbour(newer, language), current)


def _neighbour(found: Sequence[EditionHead], language: str) -> Neighbour | None:
    if not found:
        return None
    [head] = found
    return Neighbour(
        week_line(head.window.first_day, head.window.last_day, language), edition_path(head.digest, head.week, language)
    )


def dressed_page(pages: Pages, rendition: Rendition, place: Place, links: Links) -> str:
    """The page of an edition as the site shows it."""
    head, words = place.head, site_words(place.language)
    digest = pages.files.digest(head.digest)
    title = title_of(digest, place.language, head.digest)
    line = week_line(head.window.first_day, head.window.last_day, place.language)
    stories = [
        (item.headline, item.headline_language, story_path(item.digest, item.story))
        for item in pages.store.printed_items(head.digest, key=head.key, language=place.language)
        if item.kind is Printed.ITEM
    ]
    given: dict[str, Any] = {
        "words": words,
        "links": links,
        "language": place.language,
        "place": place,
        "stylesheet": address("strip.css"),
        "crumbs": [Crumb("/", words.say("site.title")), *([Crumb(digest_path(head.digest), title)] if digest else [])],
        "stories": [] if place.current else stories,
        "frozen": edition_path(head.digest, head.week, place.folder) + "frozen.html",
        "base_url": pages.base_url,
        "card": card_path(head.digest, head.week, place.language),
        "json_feed": feed_path(head.digest, place.language, "json"),
        "title": f"{title}: {line}",
        "data": embedded_json(article_data(pages.base_url, rendition, place, title)),
    }
    pieces = {
        name: BEGIN + pages.templates.render(f"edition_{name}.html", **given).strip() + END for name in ("head", "above", "below")
    }
    return put_in(rendition.html, pieces)


def put_in(page: str, pieces: Mapping[str, str]) -> str:
    """The page with "head" after its character set (or the beginning of its head), "above" at the top of its body, "below" at its end."""
    at = _CHARSET.search(page) or re.search(r"<head[^>]*>", page, re.IGNORECASE)
    if at:
        page = page[: at.end()] + pieces["head"] + page[at.end() :]
    opening = _OPENING.search(page)
    if opening:
        page = page[: opening.end()] + pieces["above"] + page[opening.end() :]
    before, end, after = page.rpartition("</body>")
    return f"{before}{pieces['below']}{end}{after}" if end else page + pieces["below"]


def undressed(page: str) -> str:
    """The page as it was frozen."""
    return _PIECE.sub("", page)


def article_data(base_url: str, rendition: Rendition, place: Place, title: str) -> dict[str, Any]:
    """The edition as schema.org's Article."""
    data: dict[str, Any] = json.loads(rendition.json)
    head = place.head
    here = base_url + edition_path(head.digest, head.week, place.folder)
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": f"{title}: {data.get('window', {}).get('line', head.week)}"[:110],
        "inLanguage": place.language,
        "datePublished": head.due_at.isoformat(),
        "dateModified": (head.frozen_at if head.revision > 1 else head.due_at).isoformat(),
        "publisher": {"@type": "Organization", "name": title},
        "isAccessibleForFree": True,
        "hasPart": [
            {
                "@type": "Article",
                "headline": item["headline"],
                **({"url": f"{here}#{anchor('i', item['id'])}"} if base_url else {}),
            }
            for section in data.get("sections", ())
            for item in section.get("items", ())
        ],
    } | (
        {"url": here, "mainEntityOfPage": here, "image": [base_url + card_path(head.digest, head.week, place.language)]}
        if base_url
        else {}
    )


def find_edition(heads: Sequence[EditionHead], week: str) -> EditionHead:
    """The newest of a week.

    Raises:
        NotHere: There is none.
    """
    found = next((head for head in heads if head.week == week), None)
    if found is None:
        raise NotHere(week)
    return found
