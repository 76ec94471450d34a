"""What earlier editions printed, read from their data: where a reader can read on in our own words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from monitor.model.edition import FrozenEdition


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """An item of an earlier edition: its headline by language with the headline's own language, and the articles it rests on.

    `own` are the analyst's words in it, in all languages.
    """

    story: str
    item: str
    week: str
    last_day: date
    articles: frozenset[str]
    headlines: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


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
                known = items.get(told["story"]) or _item(told, edition)
                headline = (told["headline"], told["headline_language"])
                items[told["story"]] = replace(
                    known, headlines={**known.headlines, language: headline}, own=known.own | _own_words(told)
                )
    return list(items.values())


def _item(told: Mapping[str, Any], edition: FrozenEdition) -> EarlierItem:
    articles = frozenset(source["article"] for source in told["sources"])
    return EarlierItem(told["story"], told["id"], edition.week, edition.window.last_day, articles)


def _own_words(told: Mapping[str, Any]) -> frozenset[str]:
    words = {sentence["text"] for sentence in told["sentences"] if sentence["own"]}
    return frozenset(words | ({told["headline"]} if told["headline_from"] == "rule" else set()))
