"""Rows of the tables as dataclasses and back; the field names of the model are the column names. It runs no SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from hashlib import blake2b, sha256
from typing import Any, TypeVar

from monitor.model.article import Article
from monitor.model.delivery import OutboxKind, OutboxMessage, OutboxState, Sending, SendingState, Subscribed, Subscription
from monitor.model.edition import FrozenEdition, Rendition
from monitor.model.errors import StoreFailed
from monitor.model.match import Analysis, ArticleWords, Match, Mention
from monitor.model.printed import EditionHead
from monitor.model.story import AnalysedArticle
from monitor.store.codec import (
    dump,
    field_decoders,
    load,
    optional_text_time,
    plain,
    text_time,
    time_text,
)
from monitor.store.engine import Row, Value
from monitor.store.promises import ArticleHead, ArticleStamp, KnownArticle

T = TypeVar("T")
ARTICLE_COLUMNS = (
    "id", "feed_id", "guid", "url", "final_url", "canonical_url", "published", "first_seen", "backlog", "revision",
    "content_hash", "title", "text",
)  # fmt: skip
EDITION_COLUMNS = ("id", "digest", "key", "week", "frozen_at")
_ARTICLE_DETAILS = {name: read for name, read in field_decoders(Article).items() if name not in ARTICLE_COLUMNS}
_EDITION_DETAILS = {
    name: read for name, read in field_decoders(FrozenEdition).items() if name not in (*EDITION_COLUMNS, "renditions")
}


def _details(value: object, names: Mapping[str, Any]) -> str:
    """The fields that have no column of their own, as JSON text."""
    return dump({name: getattr(value, name) for name in names})


def _read_details(text: str, decoders: Mapping[str, Any]) -> dict[str, Any]:
    try:
        stored = json.loads(text)
        return {name: read(stored[name]) for name, read in decoders.items() if name in stored}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreFailed(f"a stored row cannot be read: {error}") from error


def _made(kind: type[T], parts: Mapping[str, Any]) -> T:
    try:
        return kind(**parts)
    except TypeError as error:
        raise StoreFailed(f"a stored {kind.__name__} cannot be read: {error}") from error


def article_row(article: Article) -> dict[str, Value]:
    """What the table `article` keeps."""
    row = {name: plain(getattr(article, name)) for name in ARTICLE_COLUMNS}
    return row | {"backlog": int(article.backlog), "details": _details(article, _ARTICLE_DETAILS)}


def article(row: Row) -> Article:
    """The article of a row."""
    parts: dict[str, Any] = {name: row[name] for name in ARTICLE_COLUMNS}
    parts |= _read_details(row["details"], _ARTICLE_DETAILS)
    parts |= {
        "published": text_time(row["published"]),
        "first_seen": text_time(row["first_seen"]),
        "backlog": bool(row["backlog"]),
    }
    return _made(Article, parts)


def known_article(row: Row) -> KnownArticle:
    """As much of a row as identity needs."""
    parts = {part.name: row[part.name] for part in fields(KnownArticle)}
    return KnownArticle(**parts | {"first_seen": text_time(row["first_seen"])})


def article_head(row: Row, form: str) -> ArticleHead:
    """What lists and tallies need of a row, with the words joined to it."""
    try:
        details = json.loads(row["details"])
        source, language = details["source"]["name"], details["language"]
    except (ValueError, TypeError, KeyError) as error:
        raise StoreFailed(f"a stored row cannot be read: {error}") from error
    words = None if row["words"] is None else ArticleWords(form, row["language"], row["words"])
    return ArticleHead(row["id"], row["url"], row["title"], text_time(row["published"]), source, language, words)


def article_stamp(row: Row) -> ArticleStamp:
    """What tells an article's state, of its row with those joined to it."""
    state = "\0".join(str(row[name]) for name in ("revision", "content_hash", "published", "ruleset"))
    return ArticleStamp(row["id"], blake2b(state.encode(), digest_size=8).digest(), row["story_id"] or "")


def words_row(article_id: str, words: ArticleWords) -> dict[str, Value]:
    """What the table `article_words` keeps."""
    return {"article_id": article_id, "form": words.form, "language": words.language, "words": words.words}


def article_keys(article: Article) -> set[str]:
    """The hashes under which an article is known: its guid and title within its feed, and its addresses in any feed."""
    return identity_keys(
        article.feed_id, [article.guid], [article.url, article.final_url, article.canonical_url], [article.title]
    )


def identity_keys(feed_id: str, guids: Iterable[str], urls: Iterable[str], titles: Iterable[str]) -> set[str]:
    """128 bits of SHA-256 in hex for each of them that is not empty: of fixed width, however long an address or guid is."""
    parts = [("url", url) for url in urls if url]
    parts += [(f"guid\x00{feed_id}", guid) for guid in guids if guid]
    parts += [(f"title\x00{feed_id}", title) for title in titles if title]
    return {sha256(f"{kind}\x00{text}".encode(errors="replace")).hexdigest()[:32] for kind, text in parts}


def analysis_row(analysis: Analysis) -> dict[str, Value]:
    """What the table `analysis` keeps."""
    return {
        "article_id": analysis.article_id,
        "ruleset": analysis.ruleset,
        "matches": dump(analysis.matches),
        "mentions": dump(analysis.mentions),
    }


def analysed_article(row: Row) -> AnalysedArticle:
    """An article and its analysis of one joined row; the analysis is empty where the row has none."""
    found = article(row)
    if row["ruleset"] is None:
        return AnalysedArticle(found, Analysis(found.id, (), (), ""))
    matches = load(tuple[Match, ...], row["matches"])
    return AnalysedArticle(found, Analysis(found.id, matches, load(tuple[Mention, ...], row["mentions"]), row["ruleset"]))


def edition_row(edition: FrozenEdition) -> dict[str, Value]:
    """What the table `edition` keeps."""
    row: dict[str, Value] = {name: plain(getattr(edition, name)) for name in EDITION_COLUMNS}
    return row | {"window_end": time_text(edition.window.end), "details": _details(edition, _EDITION_DETAILS)}


def rendition_rows(edition: FrozenEdition) -> list[dict[str, Value]]:
    """What the table `rendition` keeps: one row per language, in the edition's order."""
    return [
        {"edition": edition.id, "language": language, "place": place, "pages": dump(rendition)}
        for place, (language, rendition) in enumerate(edition.renditions.items())
    ]


def frozen_edition(row: Row, renditions: list[Row]) -> FrozenEdition:
    """An edition of its row and the rows of its renditions, in order."""
    parts: dict[str, Any] = {name: row[name] for name in EDITION_COLUMNS}
    parts |= _read_details(row["details"], _EDITION_DETAILS)
    # one that was corrected has its revision behind the date: see the migration that brought drafts
    parts |= {"key": date.fromisoformat(row["key"].partition("/")[0]), "frozen_at": text_time(row["frozen_at"])}
    parts["renditions"] = {page["language"]: load(Rendition, page["pages"]) for page in renditions}
    return _made(FrozenEdition, parts)


def edition_head(row: Row, languages: Sequence[str]) -> EditionHead:
    """An edition of its row alone, with the languages of its renditions."""
    parts: dict[str, Any] = {name: row[name] for name in EDITION_COLUMNS}
    parts |= _read_details(row["details"], _EDITION_DETAILS)
    key, frozen_at = date.fromisoformat(row["key"].partition("/")[0]), text_time(row["frozen_at"])
    kept = {part.name: parts[part.name] for part in fields(EditionHead) if part.name in parts}
    return _made(EditionHead, {"revision": 1} | kept | {"key": key, "frozen_at": frozen_at, "languages": tuple(languages)})


def message_row(message: OutboxMessage) -> dict[str, Value]:
    """What the table `outbox` keeps, without `id` and `body`."""
    row = {part.name: plain(getattr(message, part.name)) for part in fields(OutboxMessage) if part.name != "body"}
    del row["id"]
    return row | {"edition": message.edition or None, "domain": message.recipient.rpartition("@")[2].lower()}


def outbox_message(row: Row, body: bytes = b"") -> OutboxMessage:
    """The message of a row."""
    parts = {part.name: row[part.name] for part in fields(OutboxMessage) if part.name != "body"}
    parts |= {name: optional_text_time(row[name]) for name in ("next_at", "lease_until", "created_at", "sent_at")}
    kind, state = OutboxKind(row["kind"]), OutboxState(row["state"])
    return OutboxMessage(**parts | {"edition": row["edition"] or "", "kind": kind, "state": state, "body": body})


def sending(row: Row) -> Sending:
    """Where the sending of an edition stands, of its row."""
    counts = load(Mapping[str, int], row["counts"])
    return Sending(row["edition"], SendingState(row["state"]), text_time(row["changed_at"]), row["reason"], counts)


def subscription_row(subscription: Subscription) -> dict[str, Value]:
    """What the table `subscription` keeps, without `id`."""
    row = {part.name: plain(getattr(subscription, part.name)) for part in fields(Subscription)}
    del row["id"]
    return row


def subscription(row: Row) -> Subscription:
    """The subscription of a row."""
    found = Subscription(**{part.name: row[part.name] for part in fields(Subscription)})
    return replace(
        found,
        state=Subscribed(row["state"]),
        created_at=text_time(row["created_at"]),
        changed_at=text_time(row["changed_at"]),
    )
