"""JSON Feed 1 and 1.1 (jsonfeed.org) read into entries; feedparser does not know the format."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.feeds.fields import language_code, plausible_date, title_text
from monitor.model.article import Entry, ParsedFeed
from monitor.model.errors import NotAFeed
from monitor.text.urls import absolute_url, is_http


def looks_like_json(text: str) -> bool:
    """True where the body can only be JSON."""
    return text[:1] == "{"


def parse_json_feed(text: str, *, url: str, feed_id: str) -> ParsedFeed:
    """The entries of a JSON Feed, uncleaned of doubles; author and language of the feed stand for those that items leave out.

    Attachments and hubs are passed over, and `next_url` is not followed: it leads to older items.

    Raises:
        NotAFeed: It is not JSON, or JSON of another kind.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"JSON that does not parse: {str(error)[:120]}", url=url) from error
    if not isinstance(data, dict) or "jsonfeed.org/version" not in str(data.get("version", "")):
        raise NotAFeed("JSON that is no JSON Feed: it has no `version` of jsonfeed.org", url=url)
    items = data.get("items")
    if not isinstance(items, list):
        raise NotAFeed("a JSON Feed without `items`", url=url)
    language = language_code(_text(data, "language"))
    author = _author(data)
    entries = tuple(_entry(item, url, feed_id, author) for item in items if isinstance(item, dict))
    ended = "its publisher says that it has ended (`expired`)" if data.get("expired") is True else ""
    return ParsedFeed(title_text(_text(data, "title")), language, entries, warning=ended)


def _entry(item: Mapping[str, Any], url: str, feed_id: str, author: str) -> Entry:
    identity = item.get("id")
    guid = str(identity) if isinstance(identity, str | int | float) and not isinstance(identity, bool) else ""
    link = _text(item, "url") or _text(item, "external_url") or (guid if is_http(guid) else "")
    tags = item.get("tags")
    plain = html.escape(_text(item, "content_text")).replace("\n", "<br>")
    return Entry(
        feed_id=feed_id,
        link=absolute_url(url, link) if link else "",
        title=title_text(_text(item, "title")),
        guid=guid,
        summary=html.escape(_text(item, "summary")),
        content=_text(item, "content_html") or plain,
        published=_date(_text(item, "date_published")) or _date(_text(item, "date_modified")),
        updated=_date(_text(item, "date_modified")),
        author=_author(item) or author,
        language=language_code(_text(item, "language")),
        keywords=tuple(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip())[:20]
        if isinstance(tags, list)
        else (),
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _author(item: Mapping[str, Any]) -> str:
    listed = item.get("authors")
    authors = listed if isinstance(listed, list) and listed else [item.get("author")]
    names = [_text(author, "name") for author in authors if isinstance(author, dict)]
    return ", ".join(title_text(name) for name in names if name)


def _date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text)
        return plausible_date((date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        return None
