"""Feeds to and from OPML 2.0 (opml.org/spec2.opml): what other readers understand, and in a namespace of ours what they do not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import groupby

from monitor.feeds.catalogue import parse_interval
from monitor.feeds.catalogue_selectors import MOST_PAGES
from monitor.feeds.catalogue_writing import interval_text
from monitor.model.errors import WrongFiles
from monitor.model.feed import Feed, FeedKind, Selectors, Stance
from monitor.model.problem import Place, Problem
from monitor.text.markup import Tree, local_name, one_line, parse_xml, xml_bytes, xml_element
from monitor.text.selectors import selector_problem
from monitor.text.urls import MAX_URL, host_of, is_http, normalise_url

_OURS = "{urn:monitor-digest:opml}"
_DEFAULT = Feed("", "", "")
_SELECTORS = ("links", "title", "date", "next", "base")


def read_opml(body: bytes, *, name: str = "OPML") -> tuple[Feed, ...]:
    """The feeds of an OPML document in its order, each address once; the nearest outline without address names the group.

    Ids that the document does not give are made from host and path, and are unique in the result.

    Raises:
        WrongFiles: It is not OPML, or an outline has an address that cannot be a feed; all problems at once, with the name
            of the outline.
    """
    root = parse_xml(body, recover=False)
    if root is None or local_name(root) != "opml":
        words = "does not parse as XML" if root is None else f"is not OPML: its root is <{local_name(root)}>"
        raise WrongFiles([Problem(Place(name, 1, 1), "S016", words, "export it again from the reader it came from")])
    feeds: dict[str, Feed] = {}
    problems: list[Problem] = []
    for outline in root.iter("outline"):
        url = (_attribute(outline, "xmlUrl", "xmlurl") or _address_of_ours(outline)).strip()
        if not url:
            continue
        if not is_http(url) or len(url) > MAX_URL:
            words = f'the outline "{_name(outline)}" has no address of a feed: {url[:100]}'
            problems.append(Problem(Place(name, outline.sourceline or 0, 1), "S008", words, "http and https addresses are read"))
            continue
        feeds.setdefault(normalise_url(url), _feed(outline, url, {feed.id for feed in feeds.values()}))
    if problems:
        raise WrongFiles(problems)
    return tuple(feeds.values())


def write_opml(feeds: Iterable[Feed], title: str, now: datetime) -> bytes:
    """An OPML document, one outline per group; `read_opml` gives the same feeds back, those of a group together."""
    ordered = sorted(feeds, key=lambda feed: feed.group)
    outlines = [
        xml_element("outline", {"text": group}, [_outline(feed) for feed in members])
        if group
        else xml_element("outline", {"text": "feeds", f"{_OURS}group": ""}, [_outline(feed) for feed in members])
        for group, members in groupby(ordered, key=lambda feed: feed.group)
    ]
    head = [
        xml_element("title", {}, text=title),
        xml_element("dateCreated", {}, text=format_datetime(now, usegmt=now.utcoffset() == timedelta(0))),
    ]
    return xml_bytes("opml", {"version": "2.0"}, [xml_element("head", {}, head), xml_element("body", {}, outlines)])


def feed_id_for(url: str, taken: Iterable[str] = ()) -> str:
    """A readable id for an address that is not among `taken` ("belta.by" → "belta-by")."""
    host = host_of(url).removeprefix("www.")
    slug = re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:40] or "feed"
    used = set(taken)
    if slug not in used:
        return slug
    digest = hashlib.sha256(normalise_url(url).encode()).hexdigest()
    return next(name for length in range(4, 24) if (name := f"{slug}-{digest[:length]}") not in used)


def _outline(feed: Feed) -> Tree:
    plain = {
        "text": feed.name,
        "title": feed.name,
        # a page or sitemap under xmlUrl would be taken for a feed by other readers, and fail there for ever
        **({"type": "rss", "xmlUrl": feed.url} if feed.kind is FeedKind.FEED else {"type": "link", "url": feed.url}),
        "htmlUrl": feed.home,
        "language": feed.language,
    }
    ours = {
        "id": feed.id,
        "publisher": feed.publisher,
        "country": feed.country,
        "stance": feed.stance.value,
        "kind": feed.kind.value,
        "interval": interval_text(feed.interval),
        "disabled": feed.disabled,
        "seen": feed.seen,
        "note": feed.note,
        "of_record": "true" if feed.of_record else "",
        **({key: getattr(feed.selectors, key) for key in _SELECTORS} if feed.kind is FeedKind.PAGE else {}),
        "pages": str(feed.selectors.pages) if feed.selectors.pages > 1 else "",
        "include": " ".join(feed.include),
        "exclude": " ".join(feed.exclude),
    }
    attributes = plain | {f"{_OURS}{key}": value for key, value in ours.items()}
    return xml_element("outline", {key: value for key, value in attributes.items() if value})


def _attribute(outline: Tree, *names: str) -> str:
    return next((str(value) for name in names if (value := outline.get(name))), "")


def _address_of_ours(outline: Tree) -> str:
    """The address of a page or sitemap, which only this program reads."""
    return _attribute(outline, "url") if outline.get(f"{_OURS}kind") in {FeedKind.PAGE.value, FeedKind.SITEMAP.value} else ""


def _name(outline: Tree) -> str:
    return one_line(_attribute(outline, "title", "text"))


def _group(outline: Tree) -> str:
    """The stem of the seed file that the outline's folder names."""
    parent = outline.getparent()
    if parent is None or local_name(parent) != "outline" or parent.get(f"{_OURS}group") == "":
        return ""
    return _attribute(parent, "text", "title")


def _feed(outline: Tree, url: str, taken: set[str]) -> Feed:
    ours = {key.removeprefix(_OURS): str(value) for key, value in outline.attrib.items() if str(key).startswith(_OURS)}
    wanted = ours.get("id", "")
    feed = Feed(
        id=wanted if wanted and wanted not in taken else feed_id_for(url, taken),
        url=url,
        name=_name(outline) or host_of(url),
        publisher=ours.get("publisher", ""),
        country=ours.get("country", ""),
        language=_attribute(outline, "language")[:2].lower(),
        group=_group(outline),
        home=_attribute(outline, "htmlUrl", "htmlurl"),
        interval=parse_interval(ours.get("interval", "")) or _DEFAULT.interval,
        disabled=ours.get("disabled", ""),
        seen=ours.get("seen", ""),
        note=ours.get("note", ""),
        of_record=ours.get("of_record") == "true",
    )
    stance, kind = ours.get("stance", ""), ours.get("kind", "")
    known = replace(
        feed,
        stance=Stance(stance) if stance in set(Stance) else feed.stance,
        kind=FeedKind(kind) if kind in set(FeedKind) else feed.kind,
    )
    return known if known.kind is FeedKind.FEED else _as_read(known, ours)


def _as_read(feed: Feed, ours: dict[str, str]) -> Feed:
    """The page or sitemap with what tells how it is read; a page whose selector does not come along is kept, not polled."""
    texts = {key: ours.get(key, "") for key in _SELECTORS}
    usable = {key: text for key, text in texts.items() if key == "base" or not text or not selector_problem(text)}
    pages = ours.get("pages", "")
    selectors = Selectors(**usable, pages=min(int(pages), MOST_PAGES) if pages.isdecimal() and int(pages) else 1)
    read = replace(feed, include=tuple(ours.get("include", "").split()), exclude=tuple(ours.get("exclude", "").split()))
    if feed.kind is FeedKind.SITEMAP:
        return read
    lost = "" if selectors.links or feed.disabled else "the list it came from gave no selector for its links"
    return replace(read, selectors=selectors, disabled=feed.disabled or lost)
