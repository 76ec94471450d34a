"""A feed's bytes read into entries: RSS, RDF, Atom, CDF, JSON Feed. It fetches nothing.

The one home of feedparser, which opens files and addresses when it is given a string: it only ever gets a `BytesIO`.
Runs in worker processes: arguments, result and error can be pickled.
"""

from __future__ import annotations

import html
import io
import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser

from monitor.feeds.classify import not_a_feed
from monitor.feeds.document import FeedDocument, hints_of, link_base, read_document
from monitor.feeds.fields import MAX_ENTRIES, author_name, entry_link, language_code, plausible_date, tidy_entries, title_text
from monitor.feeds.json_feed import looks_like_json, parse_json_feed
from monitor.feeds.plain import read_plain
from monitor.feeds.renewed import Cut, cut_entries, dates_by_digest, known_entry, places_to_read, with_digests
from monitor.model.article import Entry, ParsedFeed
from monitor.model.errors import NotAFeed
from monitor.text.markup import Tree, clean_text, parse_xml

feedparser.api.PREFERRED_XML_PARSERS.clear()  # at each document it would search every path for a driver that is not there

_REPAIR_LIMIT = 150_000
"""Tags up to which a document that is not well formed is repaired: beyond, repair costs minutes."""
_ENTRY_START = re.compile(r"<(?:[\w.-]{1,32}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]{1,32}:)?(?:item|entry)\s*>", re.IGNORECASE)


def parse_feed(
    body: bytes, *, url: str, feed_id: str, content_type: str = "", partial: bool = False, seen: str = ""
) -> ParsedFeed:
    """Read a feed document.

    Entries are in document order, at most 1000, without doubles; titles are plain text; links are absolute http(s) or "";
    dates are aware UTC or None; a guid that does not tell entries apart is "". A feed without entries is a feed.

    Args:
        body: The decoded body of the answer.
        url: Where it came from after redirects; relative links start from there.
        feed_id: The feed in the catalogue.
        content_type: The header's value.
        partial: True for 226 IM Used.
        seen: What `renewed.remember` wrote of earlier polls: entries that stand in it unchanged are not read, but given as known.

    Raises:
        NotAFeed: HTML, a challenge, an empty body or broken XML without an entry; the reason says which.
    """
    document = read_document(body, content_type, url)
    if looks_like_json(document.text):
        parsed = _tidied(parse_json_feed(document.text, url=url, feed_id=feed_id))
    elif document.root:
        parsed = _read_xml(document, _Origin(url, feed_id, len(body), content_type), seen)
    else:
        raise NotAFeed(not_a_feed(document.text, len(body), content_type), url=url)
    return replace(parsed, partial=partial)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a document came from, and what the server said of it."""

    url: str
    feed_id: str
    size: int
    content_type: str


def _tidied(parsed: ParsedFeed) -> ParsedFeed:
    """Without doubles, and at most so many."""
    entries = tidy_entries(map(_writable, parsed.entries))
    warning = "; ".join(filter(None, (parsed.warning, _beyond(len(entries)))))
    return replace(parsed, entries=tuple(entries[:MAX_ENTRIES]), warning=warning)


def _read_xml(document: FeedDocument, origin: _Origin, seen: str) -> ParsedFeed:
    """Only what is new where the document can be cut at its entries; the whole otherwise."""
    tree = parse_xml(document.text.encode(), recover=False)
    cut = cut_entries(document, tree, link_base(tree, origin.url))
    known = dates_by_digest(seen) if cut else {}
    part = _read_part(cut, known, origin) if cut else None
    if part is not None:
        return part
    if cut and cut.total > MAX_ENTRIES:  # nothing is read that would not be kept
        document = cut.document(range(MAX_ENTRIES))
        tree = parse_xml(document.text.encode(), recover=False)
    read, tree = _read(document, tree, origin)
    broken = read.warning
    if not read.entries and (broken or not read.title) and _is_page(document.text):
        raise NotAFeed(not_a_feed(document.text, origin.size, origin.content_type), url=origin.url)
    if cut:
        read = replace(read, entries=with_digests(read.entries, cut, range(len(cut.pieces))) or read.entries)
    tidy = _tidied(replace(read, hints=hints_of(tree), warning=f"not well formed: {broken}" if broken else ""))
    if cut and cut.total > MAX_ENTRIES:
        tidy = replace(tidy, warning=_beyond(cut.total))
    if broken and not tidy.entries:  # the tag of an entry is no entry
        raise NotAFeed(f"broken XML without an entry: {broken}", url=origin.url)
    entries = (known_entry(e.feed_id, e.digest, known[e.digest]) if e.digest in known else e for e in tidy.entries)
    return replace(tidy, entries=tuple(entries))


def _read_part(cut: Cut, known: Mapping[str, datetime | None], origin: _Origin) -> ParsedFeed | None:
    """The feed with known entries in the places of those that were read before; None where the whole must be read."""
    places = places_to_read(cut, known)
    if places is None or len(places) == cut.total:
        return None
    small = cut.document(places)
    tree = parse_xml(small.text.encode(), recover=False)
    if tree is None:
        return None
    read, _ = _read(small, tree, origin)
    entries = with_digests(read.entries, cut, places)
    if entries is None or read.warning:
        return None
    fresh = {entry.digest: entry for entry in tidy_entries(map(_writable, entries))}
    standing = {digest: known_entry(origin.feed_id, digest, known[digest]) for digest in cut.digests if digest in known}
    both = standing | fresh
    ordered = tuple(both[digest] for digest in dict.fromkeys(cut.digests) if digest in both)
    return replace(read, entries=ordered, hints=hints_of(tree), warning=_beyond(cut.total))


def _beyond(total: int) -> str:
    return f"only the first {MAX_ENTRIES} of {total} entries were read" if total > MAX_ENTRIES else ""


def _read(document: FeedDocument, tree: Tree | None, origin: _Origin) -> tuple[ParsedFeed, Tree | None]:
    """By the quick reader where the document is of the common kind, by feedparser otherwise; and the tree, mended if need be."""
    quick = read_plain(document, tree, link_base(tree, origin.url), origin.feed_id)
    if quick is not None:
        return quick, tree
    _refuse_what_is_slow(document.text, origin.url)
    mended = tree if tree is not None else parse_xml(document.text)
    return read_with_feedparser(document, link_base(mended, origin.url), origin.feed_id), mended


def _writable(entry: Entry) -> Entry:
    """Without half surrogate pairs and controls, which references such as &#xD800; bring in and no encoding can write."""
    texts = {name: getattr(entry, name) for name in ("link", "title", "guid", "summary", "content", "author")}
    changed: dict[str, Any] = {name: clean for name, text in texts.items() if (clean := clean_text(text)) is not text}
    return replace(entry, **changed) if changed else entry


def _is_page(text: str) -> bool:
    return re.search(r"<html|<!doctype html", text[:2000], re.IGNORECASE) is not None


def _refuse_what_is_slow(text: str, url: str) -> None:
    """Refuse what feedparser and the mending of XML need minutes for: very many tags, or entries inside entries."""
    if text.count("<") > _REPAIR_LIMIT:
        raise NotAFeed(f"XML that is not well formed and too large to repair (over {_REPAIR_LIMIT} tags)", url=url)
    left_open = len(_ENTRY_START.findall(text)) - len(_ENTRY_END.findall(text))
    if left_open > MAX_ENTRIES:
        raise NotAFeed(f"XML that is not well formed: {left_open} entries are never closed", url=url)


def read_with_feedparser(document: FeedDocument, base: str, feed_id: str) -> ParsedFeed:
    """The feed without hints; `warning` holds what feedparser found broken, "" for a sound document."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if document.based:  # only then: with a base, feedparser turns guids into addresses
        headers["content-location"] = base
    # markup is stripped or kept as data by us: sanitising would cost a fifth and protect nothing here
    found = feedparser.parse(
        io.BytesIO(document.text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    broken = one_problem(found) if found.get("bozo") else ""
    return ParsedFeed(
        title=title_text(str(found.feed.get("title", ""))),
        language=language_code(str(found.feed.get("language") or "")),
        entries=tuple(_entry(item, base, feed_id) for item in found.entries),
        warning=broken or ("" if found.version else "no known kind of feed"),
    )


def one_problem(found: Mapping[str, Any]) -> str:
    """What feedparser complains of, without the place in a document that nobody sees."""
    return re.sub(r"^<unknown>:\d+:\d+: ", "", str(found.get("bozo_exception") or "not well formed"))[:160]


def _entry(item: Mapping[str, Any], base: str, feed_id: str) -> Entry:
    content, summary = _content(item)
    published, updated = _date(_plain(item, "published_parsed")), _date(_plain(item, "updated_parsed"))
    detail = item.get("title_detail") or {}
    guid = str(item.get("id", "")).strip()
    return Entry(
        feed_id=feed_id,
        link=entry_link(
            base,
            str(item.get("link") or ""),
            guid,
            guid_is_link=bool(item.get("guidislink")),
            original=str(item.get("feedburner_origlink") or ""),
        ),
        title=title_text(str(item.get("title", ""))),
        guid=guid,
        summary=summary,
        content=content,
        published=published or updated,
        updated=updated,
        author=author_name(str(item.get("author", ""))),
        language=language_code(str(detail.get("language") or "")),
    )


def _plain(item: Mapping[str, Any], key: str) -> Any:
    """A key without feedparser's mapping of old names, which warns."""
    return dict.get(item, key) if isinstance(item, dict) else item.get(key)


def _content(item: Mapping[str, Any]) -> tuple[str, str]:
    """The full text as the feed gives it, and the summary; one of them "" where both are the same."""
    pieces = [_as_html(piece) for piece in item.get("content", [])]
    content = max(pieces, key=len, default="") or str(item.get("yandex_full-text") or item.get("fulltext") or "")
    detail = item.get("summary_detail")
    # without a detail, it is feedparser's own copy of the content
    summary = _as_html(detail) if detail else "" if content else str(item.get("summary", ""))
    return content, "" if summary == content else summary


def _as_html(detail: Mapping[str, Any]) -> str:
    value = str(detail.get("value", ""))
    return html.escape(value, quote=False) if detail.get("type") == "text/plain" else value


def _date(parsed: Any) -> datetime | None:
    """A time tuple in UTC as a date; None for what cannot be one."""
    if not parsed:
        return None
    try:
        return plausible_date(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timegm(parsed)))
    except (ValueError, OverflowError, TypeError):
        return None
