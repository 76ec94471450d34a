"""Keeps what editions print, item by item, with the words a search finds it by; and reads editions without their pages."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from monitor.model.edition import Rendition, Verdict
from monitor.model.printed import EditionHead, Printed, PrintedItem, PrintedLine, SearchAnswer
from monitor.store.codec import load, time_text
from monitor.store.engine import Keeper, Row, Value, listed
from monitor.store.printed_promises import PrintedStore, SearchQuery
from monitor.store.rows import edition_head

_COLUMNS = """
    i.digest, i.key, i.week, i.last_day, i.language, i.place, i.kind, i.story, i.item, i.section, i.section_title, i.verdict,
    i.headline, i.headline_language
"""
_HEADS = "SELECT * FROM edition WHERE {} ORDER BY window_end DESC, frozen_at DESC, id DESC"
_LANGUAGES = """
    SELECT r.edition, r.language FROM rendition r JOIN edition e ON e.id = r.edition WHERE {} ORDER BY r.edition, r.place
"""
_PAGES = "SELECT pages FROM rendition WHERE edition = :edition AND language = :language"
_STAMP = """
    SELECT (SELECT COUNT(*) FROM edition) AS editions,
        (SELECT COUNT(*) FROM printed_edition p JOIN edition e ON e.id = p.edition AND e.key = p.key) AS kept
"""
_DROP_ITEMS = "DELETE FROM printed_item WHERE digest = :digest AND key = :key"
_PUT_EDITION = """
    INSERT INTO printed_edition (digest, key, edition, form) VALUES (:digest, :key, :edition, :form)
    ON CONFLICT (digest, key) DO UPDATE SET edition = excluded.edition, form = excluded.form
"""
_PUT_ITEM = """
    INSERT INTO printed_item (digest, key, week, last_day, language, place, kind, story, item, section, section_title, verdict,
        headline, headline_language, lines, words)
    VALUES (:digest, :key, :week, :last_day, :language, :place, :kind, :story, :item, :section, :section_title, :verdict,
        :headline, :headline_language, :lines, :words)
"""
_INDEXED = "SELECT edition FROM printed_edition WHERE form = :form"
_ITEMS = """
    SELECT {} FROM printed_item i
    WHERE i.digest = :digest AND (:every_key = 1 OR i.key = :key) AND (:every_language = 1 OR i.language = :language)
        AND (:every_story = 1 OR i.story IN @texts(stories))
    ORDER BY i.last_day DESC, i.key DESC, i.language, i.place
"""
_COUNTS = """
    SELECT i.language, COUNT(*) AS hits FROM printed_item i
    WHERE @found(words) AND (:every_digest = 1 OR i.digest = :digest) GROUP BY i.language ORDER BY i.language
"""
_SEARCH = """
    SELECT {}, i.lines FROM printed_item i
    WHERE @found(words) AND (:every_digest = 1 OR i.digest = :digest) AND i.language = :language
    ORDER BY CASE WHEN @found(titled) THEN 0 ELSE 1 END, i.last_day DESC, i.digest, i.key DESC, i.place
    LIMIT :most OFFSET :start
"""
_DAYS = """
    SELECT feed_id, SUBSTR(first_seen, 1, 10) AS day, COUNT(*) AS articles FROM article
    WHERE first_seen >= :since GROUP BY feed_id, SUBSTR(first_seen, 1, 10)
"""
_IN_TITLE = "ʰ"
"""Stands before a word that is in the headline: a letter, so that the index takes both for one word."""


class PrintedKeeper(Keeper, PrintedStore):
    """`PrintedStore` on any engine."""

    def edition_heads(self, digest: str = "", *, revisions: bool = False) -> tuple[EditionHead, ...]:
        """All, newest window first."""
        clauses = [*(["digest = :digest"] if digest else []), *([] if revisions else ["key NOT LIKE '%/%'"])]
        where, values = " AND ".join(clauses) or "1 = 1", {"digest": digest} if digest else {}
        with self._engine.reading() as statements:
            languages = defaultdict(list)
            for row in statements.run(_LANGUAGES.format(where), values):
                languages[row["edition"]].append(row["language"])
            return tuple(edition_head(row, languages[row["id"]]) for row in statements.run(_HEADS.format(where), values))

    def rendition(self, edition: str, language: str) -> Rendition | None:
        """One by edition and language."""
        with self._engine.reading() as statements:
            rows = statements.run(_PAGES, {"edition": edition, "language": language})
        return load(Rendition, rows[0]["pages"]) if rows else None

    def printed_stamp(self) -> str:
        """How many editions there are, which only grow in number, and of how many the newest revision is kept here."""
        with self._engine.reading() as statements:
            [row] = statements.run(_STAMP)
            return f"{row['editions']}/{row['kept']}"

    def save_printed(self, head: EditionHead, items: Sequence[PrintedItem], form: str) -> None:
        """Replace what is kept of an edition and of its revisions."""
        place: dict[str, Value] = {"digest": head.digest, "key": head.key.isoformat()}
        with self._engine.writing() as statements:
            statements.run(_DROP_ITEMS, place)
            statements.run(_PUT_EDITION, place | {"edition": head.id, "form": form})
            statements.run_many(_PUT_ITEM, map(_item_row, items))

    def indexed_editions(self, form: str) -> frozenset[str]:
        """Ids of the editions whose items are kept in this form."""
        with self._engine.reading() as statements:
            return frozenset(row["edition"] for row in statements.run(_INDEXED, {"form": form}))

    def printed_items(
        self, digest: str, *, key: date | None = None, language: str = "", stories: Sequence[str] | None = None
    ) -> tuple[PrintedItem, ...]:
        """Newest edition first, by language, in printing order; without lines and words."""
        values: dict[str, Value] = {
            "digest": digest,
            "key": key.isoformat() if key else "",
            "every_key": int(key is None),
            "language": language,
            "every_language": int(not language),
            "stories": listed(stories or ()),
            "every_story": int(stories is None),
        }
        with self._engine.reading() as statements:
            return tuple(_item(row) for row in statements.run(_ITEMS.format(_COLUMNS), values))

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Headlines that have every word first, then the newest."""
        wanted = [plain for word in query.words if (plain := "".join(sign for sign in word if sign.isalnum()))]
        if not wanted:
            return SearchAnswer((), {})
        values: dict[str, Value] = {
            "words": self._all_of(wanted),
            "digest": query.digest,
            "every_digest": int(not query.digest),
        }
        page: dict[str, Value] = {
            "titled": self._all_of([_IN_TITLE + word for word in wanted]),
            "language": query.language,
            "most": query.limit,
            "start": query.start,
        }
        with self._engine.reading() as statements:
            counts = {row["language"]: int(row["hits"]) for row in statements.run(_COUNTS, values)}
            rows = statements.run(_SEARCH.format(_COLUMNS), values | page)
        return SearchAnswer(tuple(_item(row) for row in rows), counts)

    def _all_of(self, words: Sequence[str]) -> str:
        """A query of the engine's own for texts that have all the words, each of letters and figures only, in its quotation marks."""
        said = self._engine.dialect.words
        return said["and"].join(said["word"].format(word) for word in words)

    def articles_by_day(self, since: datetime) -> dict[str, dict[date, int]]:
        """Feed → day (UTC) → articles first seen on it."""
        days: dict[str, dict[date, int]] = defaultdict(dict)
        with self._engine.reading() as statements:
            for row in statements.run(_DAYS, {"since": time_text(since)}):
                days[row["feed_id"]][date.fromisoformat(row["day"])] = int(row["articles"])
        return dict(days)


def _item_row(item: PrintedItem) -> dict[str, Value]:
    words = sorted({*item.words, *(_IN_TITLE + word for word in item.title_words)})
    return {
        "digest": item.digest,
        "key": item.key.isoformat(),
        "week": item.week,
        "last_day": item.last_day.isoformat(),
        "language": item.language,
        "place": item.place,
        "kind": item.kind.value,
        "story": item.story,
        "item": item.item,
        "section": item.section,
        "section_title": item.section_title,
        "verdict": item.verdict.value,
        "headline": item.headline,
        "headline_language": item.headline_language,
        "lines": json.dumps([[line.text, line.language, line.source] for line in item.lines], ensure_ascii=False),
        "words": " ".join(words),
    }


def _item(row: Row) -> PrintedItem:
    return PrintedItem(
        digest=row["digest"],
        key=date.fromisoformat(row["key"]),
        week=row["week"],
        last_day=date.fromisoformat(row["last_day"]),
        language=row["language"],
        place=row["place"],
        kind=Printed(row["kind"]),
        story=row["story"],
        item=row["item"],
        section=row["section"],
        section_title=row["section_title"],
        verdict=Verdict(row["verdict"]),
        headline=row["headline"],
        headline_language=row["headline_language"],
        lines=tuple(PrintedLine(*line) for line in json.loads(row.get("lines") or "[]")),
    )
