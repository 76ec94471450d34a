"""Well-formed RSS 2.0 and Atom 1.0 of the common kind, read in one pass, ten times faster than by feedparser.

It reads only what it reads exactly as feedparser would, and steps back (None) from everything else: other formats, xml:base,
XHTML constructs, podcasts, unknown elements, odd dates. A property test holds the two readers together.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta, timezone

from monitor.feeds.document import FeedDocument
from monitor.feeds.fields import author_name, entry_link, language_code, plausible_date, title_text
from monitor.model.article import Entry, ParsedFeed
from monitor.text.markup import Tree

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FULL_TEXT = "{http://news.yandex.ru}full-text"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# What is read, and what has no part in an entry; any other element means: leave the document to feedparser.
_RSS_READ = frozenset({"title", "link", "guid", "description", "pubDate", "author", _CONTENT, f"{_DC}creator", _FULL_TEXT})
_RSS_IGNORED = frozenset({"category", "comments", "enclosure", f"{_DC}subject"})
_ATOM_READ = frozenset(
    f"{_ATOM}{name}" for name in ("title", "link", "id", "summary", "content", "published", "updated", "author")
)
_ATOM_IGNORED = frozenset({f"{_ATOM}category"})
_IGNORED_NAMESPACES = (
    "{http://purl.org/rss/1.0/modules/slash/}",
    "{http://wellformedweb.org/CommentAPI/}",
    "{com-wordpress:feed-additions:1}",
    "{http://news.yandex.ru}",
    "{http://purl.org/syndication/thread/1.0}",
    "{http://search.yahoo.com/mrss/}content",
    "{http://search.yahoo.com/mrss/}thumbnail",
)
_ODD = re.compile("<!DOCTYPE|<!ENTITY|xmlns:itunes|feedburner|[\x80-\x9f]|[\xc2-\xf4][\xa0-\xbf]")
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|([+-])(\d\d)(\d\d))"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}  # noqa: SIM905 - shorter


class _Unfamiliar(Exception):
    """Something that feedparser should look at."""


def read_plain(document: FeedDocument, tree: Tree | None, base: str, feed_id: str) -> ParsedFeed | None:
    """The feed without hints, or None where it is not of the common kind. `tree` must come from a strict parse."""
    if tree is None or document.based or _ODD.search(document.text):
        return None
    try:
        if tree.tag == "rss" and tree.get("version") == "2.0" and "xml:lang" not in document.text:
            return _rss(tree, base, feed_id)
        if tree.tag == f"{_ATOM}feed" and document.text.count("xml:lang") == (_LANG in tree.attrib):
            return _atom(tree, base, feed_id)
    except _Unfamiliar:
        pass
    return None


def _rss(root: Tree, base: str, feed_id: str) -> ParsedFeed:
    if len(root) != 1 or root[0].tag != "channel":
        raise _Unfamiliar
    channel = root[0]
    heads = {name: _single(channel, name) for name in ("title", "language")}
    entries = tuple(_item(item, base, feed_id) for item in channel if item.tag == "item")
    return ParsedFeed(title_text(heads["title"]), language_code(heads["language"]), entries)


def _item(item: Tree, base: str, feed_id: str) -> Entry:
    values: dict[str, str] = {}
    guid_is_link = False
    for child in item:
        tag = child.tag
        if tag in _RSS_READ:
            _put(values, tag, _text(child))
            if tag == "guid":
                guid_is_link = child.get("isPermaLink", "true") == "true"
        elif tag not in _RSS_IGNORED and not _ignored(tag):
            raise _Unfamiliar
    if ("author" in values and f"{_DC}creator" in values) or values.get("link") == "":
        raise _Unfamiliar
    guid = values.get("guid", "")
    link = values.get("link", guid if guid_is_link else "")
    content = values.get(_CONTENT, "") or values.get(_FULL_TEXT, "")
    summary = values.get("description", "")
    return Entry(
        feed_id=feed_id,
        link=entry_link(base, link, guid, guid_is_link=guid_is_link),
        title=title_text(values.get("title", "")),
        guid=guid,
        summary="" if summary == content else summary,
        content=content,
        published=_rfc822(values["pubDate"]) if "pubDate" in values else None,
        author=author_name(values.get("author", "") or values.get(f"{_DC}creator", "")),
    )


def _atom(root: Tree, base: str, feed_id: str) -> ParsedFeed:
    language = language_code(root.get(_LANG) or "")
    entries = tuple(_atom_entry(entry, base, feed_id, language) for entry in root if entry.tag == f"{_ATOM}entry")
    return ParsedFeed(title_text(_single(root, f"{_ATOM}title")), language, entries)


def _atom_entry(entry: Tree, base: str, feed_id: str, language: str) -> Entry:
    values: dict[str, str] = {}
    for child in entry:
        tag = child.tag
        if tag not in _ATOM_READ:
            if tag not in _ATOM_IGNORED and not _ignored(tag):
                raise _Unfamiliar
            continue
        name = tag.removeprefix(_ATOM)
        if name == "link":
            if child.get("rel", "alternate") == "alternate":
                _put(values, name, (child.get("href") or "").strip())
        elif name == "author":
            _put(values, name, _person(child))
        else:
            _put(values, name, _construct(child) if name in {"title", "summary", "content"} else _text(child))
    if not values.get("link"):  # then the id may stand in
        raise _Unfamiliar
    published = _rfc3339(values["published"]) if "published" in values else None
    updated = _rfc3339(values["updated"]) if "updated" in values else None
    content, summary = values.get("content", ""), values.get("summary", "")
    return Entry(
        feed_id=feed_id,
        link=entry_link(base, values.get("link", ""), "", guid_is_link=False),
        title=title_text(values.get("title", "")),
        guid=values.get("id", ""),
        summary="" if summary == content else summary,
        content=content,
        published=published or updated,
        updated=updated,
        author=author_name(values.get("author", "")),
        language=language if "title" in values else "",
    )


def _put(values: dict[str, str], name: str, value: str) -> None:
    if name in values:  # the second of its kind: which one counts is feedparser's to say
        raise _Unfamiliar
    values[name] = value


def _ignored(tag: object) -> bool:
    return isinstance(tag, str) and tag.startswith(_IGNORED_NAMESPACES)


def _text(element: Tree) -> str:
    if len(element):
        raise _Unfamiliar
    return (element.text or "").strip()


def _single(parent: Tree, tag: str) -> str:
    found = parent.findall(tag)
    if len(found) > 1:
        raise _Unfamiliar
    return _text(found[0]) if found else ""


def _person(element: Tree) -> str:
    if [child.tag for child in element if child.tag != f"{_ATOM}uri"] != [f"{_ATOM}name"]:
        raise _Unfamiliar
    return _single(element, f"{_ATOM}name")


def _construct(element: Tree) -> str:
    """A text construct as HTML; titles are text either way."""
    kind = element.get("type", "text")
    if kind not in {"text", "html"} or element.get("src") or element.get("mode"):
        raise _Unfamiliar
    text = _text(element)
    return html.escape(text, quote=False) if kind == "text" and element.tag != f"{_ATOM}title" else text


def _rfc822(text: str) -> datetime | None:
    found = _RFC822.fullmatch(text)
    if not found:
        raise _Unfamiliar
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        date = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=timezone(offset))
        return plausible_date(date.astimezone(UTC))
    except (ValueError, OverflowError):
        raise _Unfamiliar from None


def _rfc3339(text: str) -> datetime | None:
    if not _RFC3339.fullmatch(text):
        raise _Unfamiliar
    try:
        return plausible_date(datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0))
    except (ValueError, OverflowError):
        raise _Unfamiliar from None
