"""What earlier editions printed, read from their data: where a reader can read on in our own words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.model.edition import FrozenEdition


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """An item of an earlier edition: its headline by language with the headline's own language, and the articles it rests on."""

    story: str
    item: str
    week: str
    last_day: date
    articles: frozenset[str]
    headlines: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def earlier_items(editions: Iterable[FrozenEdition], *, most: int) -> tuple[EarlierItem, ...]:
    """The items of editions, in the order given, until there are `most`."""
    found: list[EarlierItem] = []
    for edition in editions:
        if len(found) >= most:
            break
        found += _items_of(edition)
    return tuple(found[:most])


def _items_of(edition: FrozenEdition) -> list[EarlierItem]:
    items: dict[str, EarlierItem] = {}
    for language, rendition in edition.renditions.items():
        for section in json.loads(rendition.json)["sections"]:
            for told in section["items"]:
                known = items.get(told["story"])
                headline = (told["headline"], told["headline_language"])
                if known:
                    items[told["story"]] = EarlierItem(
                        known.story,
                        known.item,
                        known.week,
                        known.last_day,
                        known.articles,
                        {**known.headlines, language: headline},
                    )
                    continue
                articles = frozenset(source["article"] for source in told["sources"])
                items[told["story"]] = EarlierItem(
                    told["story"], told["id"], edition.week, edition.window.last_day, articles, {language: headline}
                )
    return list(items.values())
