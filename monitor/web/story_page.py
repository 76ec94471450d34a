"""The page of a story: every source with stance, date, language and copies, the sentences that an edition cites from each, and its thread.

All of it was published: it is read from the frozen edition that told the story last. Only where a copied text comes from is asked of the
stored articles, as far as they are still there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digests.render.catalogue import SHIPPED, catalogue
from monitor.digests.render.clean import anchor, printable, safe_url, without_fragment_directive
from monitor.model.printed import EditionHead, Printed, PrintedItem
from monitor.store.promises import ArticleQuery
from monitor.stories.origin import Origin, origin_of
from monitor.text.locale import language_name, long_date, week_line
from monitor.web.answers import page_answer
from monitor.web.pages import ARROWS, Crumb, Meta, NotHere, Pages, digest_of, print_page, title_of
from monitor.web.places import Links, digest_path, edition_path, story_path, thread_path
from monitor.web.words import site_words


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence as printed, with the address of its very place."""

    text: str
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A source, or a copy of one. `facts` are its stance, day and language in words."""

    name: str
    title: str
    language: str
    url: str
    facts: str
    quotes: tuple[Quote, ...] = ()
    copies: tuple[Voice, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """An edition that tells the story."""

    line: str
    section: str
    path: str
    headline: str
    language: str


def story_page(pages: Pages, digest_id: str, story: str, language: str, links: Links) -> str:
    """The page of a story that a digest told as an item.

    Raises:
        NotHere: No such digest, or it did not tell the story.
    """
    digest, words = digest_of(pages, digest_id), site_words(language)
    told = _items(pages, digest_id, [story])
    if not told:
        raise NotHere(story)
    heads = {head.key: head for head in pages.store.edition_heads(digest_id)}
    shown = _in_language(told, language)
    section, item = _as_printed(pages, heads[shown.key], shown)
    title = title_of(digest, language)
    headline = printable(shown.headline)
    meta = Meta(
        story_path(digest_id, story),
        headline,
        words.say("archive.story.description", title=title),
        (Crumb("/", words.say("site.title")), Crumb(digest_path(digest_id), title)),
    )
    verdict = item["status"]["verdict"]
    return print_page(
        pages, "story.html", language, links, meta,
        headline_language=shown.headline_language,
        status=(verdict, ARROWS[verdict], catalogue(language).say(f"verdict.{verdict}.sentence")),
        section=section["title"],
        section_language=shown.language,
        count=words.count("archive.story.count", len(item["sources"])),
        voices=_voices(pages, item, language),
        tellings=[_telling(one, heads, language) for one in _one_each(told, language)],
        **_thread(pages, digest_id, story, language),
    )  # fmt: skip


def thread_page(pages: Pages, digest_id: str, thread: str, language: str, links: Links) -> str:
    """The stories of a thread that a digest told, oldest first.

    Raises:
        NotHere: No such digest, or it told none of them.
    """
    digest, words = digest_of(pages, digest_id), site_words(language)
    stories = _told_in_thread(pages, digest_id, thread, language)
    if not stories:
        raise NotHere(thread)
    heads = {head.key: head for head in pages.store.edition_heads(digest_id)}
    title = title_of(digest, language)
    meta = Meta(
        thread_path(digest_id, thread),
        words.say("archive.thread.title", headline=printable(stories[0].headline)),
        words.say("archive.thread.lede", title=title),
        (Crumb("/", words.say("site.title")), Crumb(digest_path(digest_id), title)),
    )
    told = [(story_path(digest_id, one.story), _telling(one, heads, language)) for one in stories]
    return print_page(pages, "thread.html", language, links, meta, stories=told)


def _items(pages: Pages, digest: str, stories: Sequence[str]) -> list[PrintedItem]:
    found = pages.store.printed_items(digest, stories=stories)
    return [item for item in found if item.kind is Printed.ITEM]


def _in_language(told: Sequence[PrintedItem], language: str) -> PrintedItem:
    """The newest telling in the language, else in the first of that edition."""
    newest = [item for item in told if item.key == told[0].key]
    return next((item for item in told if item.language == language), newest[0])


def _one_each(told: Sequence[PrintedItem], language: str) -> list[PrintedItem]:
    """One telling of each edition, newest first."""
    kept: dict[object, PrintedItem] = {}
    for item in told:
        if item.key not in kept or item.language == language:
            kept[item.key] = item
    return list(kept.values())


def _as_printed(pages: Pages, head: EditionHead, item: PrintedItem) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Section and item of an edition's data."""
    rendition = pages.store.rendition(head.id, item.language)
    for section in json.loads(rendition.json)["sections"] if rendition else ():
        for told in section["items"]:
            if told["story"] == item.story:
                return section, told
    raise NotHere(item.story)


def _telling(item: PrintedItem, heads: Mapping[Any, EditionHead], language: str) -> Telling:
    window = heads[item.key].window
    shown = item.language if item.language in SHIPPED else language
    path = edition_path(item.digest, item.week, item.language, anchor("i", item.item))
    line = week_line(window.first_day, window.last_day, shown if item.language != language else language)
    return Telling(line, item.section_title, path, printable(item.headline), item.headline_language)


def _voices(pages: Pages, item: Mapping[str, Any], language: str) -> list[Voice]:
    """The sources in the order of the edition, each with its copies."""
    folds = {fold["lead"]["article"]: fold["others"] for fold in item["copies"]}
    quotes = _quotes(item)
    origins = _origins(pages, folds)
    return [
        _voice(
            source,
            language,
            quotes=tuple(quotes.get(source["article"], ())),
            copies=tuple(_voice(copy, language) for copy in folds.get(source["article"], ())),
            origin=_origin_words(origins.get(source["article"]), language),
        )
        for source in item["sources"]
    ]


def _voice(source: Mapping[str, Any], language: str, **more: Any) -> Voice:
    words = catalogue(language)
    published = datetime.fromisoformat(source["published"])
    facts = [words.say(f"stance.{source['stance']}.short"), long_date(published.date(), language)]
    if source["language"]:
        facts.append(language_name(source["language"], language))
    if source["of_record"]:
        facts.append(site_words(language).say("archive.story.record"))
    url = safe_url(without_fragment_directive(source["url"]))
    return Voice(printable(source["source"]), printable(source["title"]), source["language"], url, " · ".join(facts), **more)


def _quotes(item: Mapping[str, Any]) -> dict[str, list[Quote]]:
    """Article → the sentences quoted from it."""
    quotes: dict[str, list[Quote]] = {}
    for sentence in item["sentences"]:
        if sentence["article"] and not sentence["own"]:
            quote = Quote(printable(sentence["text"]), sentence["language"], safe_url(sentence["url"]))
            quotes.setdefault(sentence["article"], []).append(quote)
    return quotes


def _origins(pages: Pages, folds: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Origin]:
    """Leading article → who its text comes from; nothing where the articles are gone."""
    ids = {lead: (lead, *(copy["article"] for copy in others)) for lead, others in folds.items()}
    wanted = tuple(one for group in ids.values() for one in group)
    if not wanted:
        return {}
    stored = {found.article.id: found for found in pages.store.articles(ArticleQuery(ids=wanted, without_analysis=True))}
    return {lead: origin_of([stored[one] for one in group]) for lead, group in ids.items() if all(one in stored for one in group)}


def _origin_words(origin: Origin | None, language: str) -> str:
    if origin is None or not origin.name:
        return ""
    key = "origin" if origin.reason.startswith("named in") else "first"
    return site_words(language).say(f"archive.story.{key}", name=printable(origin.name))


def _thread(pages: Pages, digest: str, story: str, language: str) -> dict[str, Any]:
    """The other stories of its thread that the digest told, oldest first, and the thread's path."""
    thread = pages.store.threads([story]).get(story, "")
    others = [one for one in _told_in_thread(pages, digest, thread, language) if one.story != story] if thread else []
    heads = {head.key: head for head in pages.store.edition_heads(digest)} if others else {}
    shown = [(story_path(digest, one.story), _telling(one, heads, language)) for one in others]
    return {"thread": thread_path(digest, thread) if others else "", "others": shown}


def _told_in_thread(pages: Pages, digest: str, thread: str, language: str) -> list[PrintedItem]:
    stories = [one.story for one in pages.store.thread(thread)]
    told: dict[str, list[PrintedItem]] = {}
    for item in _items(pages, digest, stories):
        told.setdefault(item.story, []).append(item)
    return [_in_language(told[story], language) for story in stories if story in told]


def story(request: Request) -> Response:
    """The page of a story."""
    given = request.path_params
    return page_answer(
        request, lambda pages, language, links: story_page(pages, given["digest"], given["story"], language, links)
    )


def thread(request: Request) -> Response:
    """The page of a thread."""
    given = request.path_params
    return page_answer(
        request, lambda pages, language, links: thread_page(pages, given["digest"], given["thread"], language, links)
    )


ROUTES = (
    Route("/{digest}/story/{story}/", story),
    Route("/{digest}/thread/{thread}/", thread),
)
