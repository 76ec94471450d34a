"""What editions print, item by item: the data of lists, story pages and search, made from the frozen editions and only from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.model.digest import Window
from monitor.model.edition import Verdict


class Printed(StrEnum):
    """How an edition tells a story: as an item, or in one line under "Also noted"."""

    ITEM = "item"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class EditionHead:
    """A frozen edition without its pages. `languages` are those it is printed in, in its order; `revision` counts from 1."""

    id: str
    digest: str
    key: date
    week: str
    window: Window
    due_at: datetime
    frozen_at: datetime
    revision: int
    inputs_hash: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A sentence that an item prints, or the headline of one of its sources; `source` is whose, "" for the desk's own words."""

    text: str
    language: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One story in one edition in one language. `place` is its order in the edition, from 0.

    `item` is its id within the edition (anchors are made of it), `verdict` that of its section, `lines` what a search may show of it:
    empty where nobody asked. `words` and `title_words` are those a search finds it by, as they are compared.
    """

    digest: str
    key: date
    week: str
    last_day: date
    language: str
    place: int
    kind: Printed
    story: str
    item: str
    section: str
    section_title: str
    verdict: Verdict
    headline: str
    headline_language: str
    lines: tuple[PrintedLine, ...] = ()
    words: tuple[str, ...] = ()
    title_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A page of what was found: `found` with their lines, best first; `counts` maps language to the number of hits in it, over all pages."""

    found: tuple[PrintedItem, ...]
    counts: dict[str, int]
