"""Editions as a JSON Feed (jsonfeed.org, version 1.1): the entries of the Atom feed in its other form, whole editions as content."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urljoin

from monitor.digests.render.atom import ATOM, FeedDocument, feed_name
from monitor.digests.render.clean import printable, safe_url
from monitor.model.digest import Digest
from monitor.text.markup import parse_xml

JSON_TYPE = "application/feed+json"


def json_feed(digest: Digest, language: str, entries: Sequence[str], base_url: str, document: FeedDocument) -> str:
    """One document of the feed over its printed Atom entries, newest first; `next_url` leads to older ones.

    `base_url` is the address of the service, "" where there is none.
    """
    base = safe_url(base_url.rstrip("/") + "/") if base_url else ""
    home = urljoin(base, f"{quote(digest.id)}/") if base else ""
    before = document.number - 1 if document.number else document.archives
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": printable(digest.title.get(language) or next(iter(digest.title.values()), digest.id)),
        "language": language,
    }
    if home:
        feed |= {"home_page_url": home, "feed_url": home + feed_name(language, document.number, "json")}
        feed |= {"next_url": home + feed_name(language, before, "json")} if before else {}
    description = printable(digest.promise.get(language, ""))
    feed |= {"description": description} if description else {}
    return (
        json.dumps(feed | {"items": [item for entry in entries if (item := _item(entry))]}, ensure_ascii=False, indent=1) + "\n"
    )


def _item(entry: str) -> dict[str, Any]:
    root = parse_xml(entry.encode(), recover=False)
    if root is None:
        return {}
    text = {
        part: root.findtext(f"{{{ATOM}}}{part}", "") for part in ("id", "title", "summary", "content", "published", "updated")
    }
    link = root.find(f"{{{ATOM}}}link")
    item = {
        "id": text["id"],
        "title": text["title"],
        "summary": text["summary"],
        "content_html": text["content"],
        "date_published": text["published"],
        "date_modified": text["updated"],
        "language": root.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
    }
    if link is not None:
        item["url"] = link.get("href", "")
    return {key: value for key, value in item.items() if value}
