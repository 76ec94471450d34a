"""Reads what frozen editions print, item by item, and has the store keep it for lists, story pages and search. It prints nothing.

It is made from the editions alone, so that nothing is found which was not published, and may be made anew at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from monitor.model.edition import FrozenEdition, Rendition, Verdict
from monitor.model.printed import EditionHead, Printed, PrintedItem, PrintedLine
from monitor.store.promises import Store
from monitor.text.search_words import VERSION, search_words

FORM = f"1.{VERSION}"
"""How items and their words are made, here and in `text.search_words`."""
LONGEST_TEXT = 2000
"""Characters of one line that are kept."""


def head_of(edition: FrozenEdition) -> EditionHead:
    """A frozen edition without its pages."""
    return EditionHead(
        id=edition.id,
        digest=edition.digest,
        key=edition.key,
        week=edition.week,
        window=edition.window,
        due_at=edition.due_at,
        frozen_at=edition.frozen_at,
        revision=edition.revision,
        inputs_hash=edition.inputs_hash,
        languages=tuple(edition.renditions),
    )


def index_edition(store: Store, edition: FrozenEdition) -> None:
    """Keep what an edition prints; doing it again changes nothing."""
    _save(store, head_of(edition), edition.renditions.values())


def missing_editions(store: Store) -> list[EditionHead]:
    """The editions that a search would not find as it should: frozen by an older program, or just before it was killed."""
    kept = store.indexed_editions(FORM)
    return [head for head in store.edition_heads() if head.id not in kept]


def index_missing(store: Store, heads: Iterable[EditionHead], done: Callable[[EditionHead], None] = lambda _: None) -> int:
    """Keep what editions print, one edition in memory at a time; returns how many. It may be killed and begun again."""
    count = 0
    for head in heads:
        found = (store.rendition(head.id, language) for language in head.languages)
        _save(store, head, [rendition for rendition in found if rendition])
        done(head)
        count += 1
    return count


def _save(store: Store, head: EditionHead, renditions: Iterable[Rendition]) -> None:
    items = [item for rendition in renditions for item in printed_items(head, rendition)]
    store.save_printed(head, items, FORM)


def printed_items(head: EditionHead, rendition: Rendition) -> Iterator[PrintedItem]:
    """The items and notes of one language, in printing order."""
    data: Mapping[str, Any] = json.loads(rendition.json)
    place = 0
    for section in data.get("sections", ()):
        for kind, told in ((Printed.ITEM, "items"), (Printed.NOTE, "notes")):
            for item in section.get(told, ()):
                yield _printed(head, rendition.language, place, kind, section, item)
                place += 1


def _printed(
    head: EditionHead, language: str, place: int, kind: Printed, section: Mapping[str, Any], told: Mapping[str, Any]
) -> PrintedItem:
    is_item = kind is Printed.ITEM
    headline = str(told["headline"] if is_item else told["title"])
    lines = tuple(_lines(told) if is_item else _of_note(told))
    text = " ".join([headline, section["title"], *(f"{line.text} {line.source}" for line in lines)])
    return PrintedItem(
        digest=head.digest,
        key=head.key,
        week=head.week,
        last_day=head.window.last_day,
        language=language,
        place=place,
        kind=kind,
        story=told["story"],
        item=told["id"] if is_item else "",
        section=section["id"],
        section_title=section["title"],
        verdict=Verdict(section["status"]["verdict"]),
        headline=headline,
        headline_language=(told["headline_language"] if is_item else told["language"]) or language,
        lines=lines,
        words=tuple(sorted({word for _, _, word in search_words(text)})),
        title_words=tuple(sorted({word for _, _, word in search_words(headline)})),
    )


def _lines(item: Mapping[str, Any]) -> Iterator[PrintedLine]:
    """The sentences in printing order, then the headlines of all sources and of the copies folded behind them."""
    for sentence in item["sentences"]:
        yield PrintedLine(sentence["text"][:LONGEST_TEXT], sentence["language"], sentence["source"] or "")
        if translation := sentence.get("translation"):
            yield PrintedLine(translation["text"][:LONGEST_TEXT], "", sentence["source"] or "")
    copies = (copy for fold in item["copies"] for copy in fold["others"])
    for source in (*item["sources"], *copies):
        yield PrintedLine(source["title"][:LONGEST_TEXT], source["language"], source["source"])


def _of_note(note: Mapping[str, Any]) -> Iterator[PrintedLine]:
    yield PrintedLine(note["title"][:LONGEST_TEXT], note["language"], note["source"])
