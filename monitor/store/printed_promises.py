"""What a store promises of editions as the public site reads them: without their pages, item by item, and by the words in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from monitor.model.edition import Rendition
from monitor.model.printed import EditionHead, PrintedItem, SearchAnswer


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Items to find: those that have every one of `words` (as `text.search_words` makes them), in one language, of one digest or of all.

    `start` and `limit` cut a page out of the result.
    """

    words: tuple[str, ...]
    language: str
    digest: str = ""
    start: int = 0
    limit: int = 20


class PrintedStore(Protocol):
    """What editions print. It is made from frozen editions and may be made anew at any time; nothing else is found by the public."""

    def edition_heads(self, digest: str = "", *, revisions: bool = False) -> tuple[EditionHead, ...]:
        """All, newest window first; with `revisions` those too that a correction replaced."""
        ...

    def rendition(self, edition: str, language: str) -> Rendition | None:
        """One of an edition by its id, in a language."""
        ...

    def printed_stamp(self) -> str:
        """Another text whenever an edition was frozen or corrected, or what it prints was kept for the first time, by any process."""
        ...

    def save_printed(self, head: EditionHead, items: Sequence[PrintedItem], form: str) -> None:
        """Keep the items of an edition in place of what was kept of it and of its revisions; `form` names how their words were made."""
        ...

    def indexed_editions(self, form: str) -> frozenset[str]:
        """Ids of the editions whose items are kept in this form."""
        ...

    def printed_items(
        self, digest: str, *, key: date | None = None, language: str = "", stories: Sequence[str] | None = None
    ) -> tuple[PrintedItem, ...]:
        """Those of a digest: of one edition or all, in one language or all, of some stories or all; newest edition first, in printing order.

        They come without lines and words.
        """
        ...

    def search(self, query: SearchQuery) -> SearchAnswer:
        """A page of what was found, with lines: headlines that have every word first, then the newest. Nothing for a query without words."""
        ...

    def articles_by_day(self, since: datetime) -> dict[str, dict[date, int]]:
        """Feed → day (UTC) → articles first seen on it, from `since` on; days without any are absent."""
        ...
