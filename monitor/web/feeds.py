"""The feeds of a digest, Atom and JSON, printed from the entries that were frozen; older ones in archive documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from monitor.digests.render.atom import ATOM_TYPE, atom_feed, feed_documents
from monitor.digests.render.feed_json import JSON_TYPE, json_feed
from monitor.model.printed import EditionHead
from monitor.web.pages import NotHere, Pages, digest_of


def feed_file(
    pages: Pages, digest_id: str, language: str, kind: str, number: int = 0, *, clean: Callable[[str], str] = str
) -> tuple[bytes, str, datetime]:
    """A document of a feed: its bytes, media type, and when it changed. `kind` is "atom" or "json", `number` 0 the feed itself.

    `clean` is what an entry goes through before it is printed.

    Raises:
        NotHere: No such digest, language, kind or number.
    """
    digest = digest_of(pages, digest_id)
    heads = [head for head in pages.store.edition_heads(digest.id) if language in head.languages]
    documents = {document.number: document for document in feed_documents(len(heads))}
    if not heads or number not in documents or kind not in {"atom", "json"}:
        raise NotHere(kind)
    document = documents[number]
    held = heads[len(heads) - document.end : len(heads) - document.start]
    entries = [(head, clean(_entry(pages, head, language))) for head in held]
    changed = max(head.frozen_at for head in held)
    if kind == "atom":
        return atom_feed(digest, language, entries, pages.base_url, document).encode(), ATOM_TYPE, changed
    text = json_feed(digest, language, [entry for _, entry in entries], pages.base_url, document)
    return text.encode(), JSON_TYPE, changed


def _entry(pages: Pages, head: EditionHead, language: str) -> str:
    rendition = pages.store.rendition(head.id, language)
    return rendition.atom_entry if rendition else ""
