"""The home page and the lists of editions, by digest and year: each with its week, what it leads with, and the languages it is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.digests.render.catalogue import catalogue
from monitor.digests.render.typeset import bind
from monitor.model.digest import Digest
from monitor.model.printed import EditionHead, Printed, PrintedItem
from monitor.text.locale import own_name, week_line
from monitor.web.pages import ARROWS, Crumb, FeedLink, Meta, Pages, best_language, digest_of, print_page, title_of
from monitor.web.places import Links, card_path, digest_path, edition_path, feed_path
from monitor.web.words import site_words

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"


@dataclass(frozen=True, slots=True)
class Lead:
    """What an edition leads with in a section: the first headline, with the section's arrow and what that means in words."""

    verdict: str
    arrow: str
    word: str
    headline: str
    language: str


@dataclass(frozen=True, slots=True)
class Row:
    """An edition in a list. `path` leads to it in `language`, `tongues` are (language, its name, path)."""

    week: str
    line: str
    path: str
    language: str
    leads: tuple[Lead, ...]
    tongues: tuple[tuple[str, str, str], ...]


def home_page(pages: Pages, language: str, links: Links) -> str:
    """All digests, each with its latest edition."""
    words = site_words(language)
    shown = []
    for digest in pages.files.digests:
        heads = pages.store.edition_heads(digest.id)[:1]
        rows = _rows(pages, heads, language)
        subscribing = links.service(f"{digest_path(digest.id)}subscribe/")
        shown.append((digest.id, title_of(digest, language), promise_of(digest, language), rows, subscribing))
    meta = Meta("/", words.say("archive.home.title"), words.say("archive.home.description"))
    return print_page(pages, "home.html", language, links, meta, digests=shown)


def digest_page(pages: Pages, digest_id: str, language: str, links: Links) -> str:
    """All editions of a digest, newest first, by year.

    Raises:
        NotHere: There is no such digest.
    """
    digest, words = digest_of(pages, digest_id), site_words(language)
    years: dict[int, list[Row]] = defaultdict(list)
    heads = pages.store.edition_heads(digest.id)
    for head, row in zip(heads, _rows(pages, heads, language), strict=True):
        years[head.window.last_day.year].append(row)
    title = title_of(digest, language)
    there = {one for head in heads for one in head.languages}
    feeds = [(one, own_name(one), *feeds_of(digest, one)) for one in digest.languages if one in there]
    meta = Meta(
        digest_path(digest.id),
        title,
        promise_of(digest, language),
        (Crumb("/", words.say("site.title")),),
        tuple(feed for _, _, *both in feeds for feed in both),
        _card(heads, language, title),
    )
    return print_page(
        pages, "digest.html", language, links, meta,
        years=dict(years),
        feeds=feeds,
        latest=edition_path(digest.id, heads[0].week, best_language(language, heads[0].languages)) if heads else "",
        subscribing=links.service(f"{digest_path(digest.id)}subscribe/"),
    )  # fmt: skip


def promise_of(digest: Digest, language: str) -> str:
    """What the reader gets, in a language, else in the digest's first."""
    return bind(digest.promise.get(language) or next(iter(digest.promise.values()), ""))


def feeds_of(digest: Digest, language: str) -> tuple[FeedLink, FeedLink]:
    """The feeds of a digest in a language."""
    name = f"{title_of(digest, language)} ({own_name(language)})"
    return (
        FeedLink(feed_path(digest.id, language, "atom"), ATOM, f"{name}, Atom"),
        FeedLink(feed_path(digest.id, language, "json"), JSON_FEED, f"{name}, JSON"),
    )


def _card(heads: Iterable[EditionHead], language: str, title: str) -> tuple[str, str]:
    """The card of the newest edition."""
    for head in heads:
        shown = best_language(language, head.languages)
        return card_path(
            head.digest, head.week, shown
        ), f"{title}: {week_line(head.window.first_day, head.window.last_day, shown)}"
    return "", ""


def _rows(pages: Pages, heads: Iterable[EditionHead], language: str) -> list[Row]:
    """The rows of editions of one digest, in their order."""
    heads = list(heads)
    if not heads:
        return []
    leads: dict[tuple[str, str], dict[str, PrintedItem]] = defaultdict(dict)
    only = heads[0].key if len(heads) == 1 else None
    for shown in {best_language(language, head.languages) for head in heads}:
        for item in pages.store.printed_items(heads[0].digest, key=only, language=shown):
            if item.kind is Printed.ITEM:
                leads[item.key.isoformat(), shown].setdefault(item.section, item)
    rows = []
    for head in heads:
        shown = best_language(language, head.languages)
        row = Row(
            week=head.week,
            line=week_line(head.window.first_day, head.window.last_day, language),
            path=edition_path(head.digest, head.week, shown),
            language=shown,
            leads=tuple(_lead(item, language) for item in leads[head.key.isoformat(), shown].values()),
            tongues=tuple((one, own_name(one), edition_path(head.digest, head.week, one)) for one in head.languages),
        )
        rows.append(row)
    return rows


def _lead(item: PrintedItem, language: str) -> Lead:
    verdict = item.verdict.value
    word = catalogue(language).say(f"verdict.{verdict}.word")
    return Lead(verdict, ARROWS[verdict], word, bind(item.headline), item.headline_language)
