"""Names for the parts of a draft that stay the same when it is composed anew: hashes of paragraphs, short marks of sentences, lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from monitor.model.desk import Edit, EditKind
from monitor.model.edition import Edition, EditionSection, Item, Role, Sentence

SHORTEST = 4
"""Hexadecimal digits of a mark; more where two sentences of an edition would share them."""
WATCH = "watch"
KINDS = ("thesis", "events", "background", "outlook")
ROLES = {"thesis": Role.THESIS, "events": Role.EVENT, "background": Role.BACKGROUND, "outlook": Role.OUTLOOK}
_KIND_OF = {
    Role.THESIS: "thesis",
    Role.EVENT: "events",
    Role.CLAIM: "events",
    Role.BACKGROUND: "background",
    Role.OUTLOOK: "outlook",
}


def one_line(text: str) -> str:
    """A text with its white space folded: how a draft prints it, and how two texts are compared."""
    return " ".join(text.split())


def first_difference(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def text_hash(text: str) -> str:
    """What a text is known by, whatever its white space."""
    return sha256(one_line(text).encode(errors="replace")).hexdigest()[:16]


def kind_of(paragraph: Sequence[Sentence]) -> str:
    """What a paragraph does in its item, by its first sentence."""
    return _KIND_OF[paragraph[0].role] if paragraph else KINDS[0]


def paragraph_hash(paragraph: Sequence[Sentence]) -> str:
    """What a paragraph is known by: its kind, and the sentences with the places they are from."""
    return text_hash("\n".join((kind_of(paragraph), *(f"{place_of(one)} {one.text}" for one in paragraph))))


def paragraph_hashes(paragraphs: Iterable[Sequence[Sentence]]) -> list[str]:
    """The hash of each paragraph; one that stands there already is told by its number."""
    seen: Counter[str] = Counter()
    hashes = []
    for paragraph in paragraphs:
        known = paragraph_hash(paragraph)
        seen[known] += 1
        hashes.append(known if seen[known] == 1 else f"{known}.{seen[known]}")
    return hashes


def place_of(sentence: Sentence) -> str:
    """The place that a sentence is quoted from; "" for own words."""
    if not sentence.citations:
        return ""
    first = sentence.citations[0]
    return f"{first.article} {first.field} {first.start} {first.end}"


def is_quoted(sentence: Sentence) -> bool:
    """True for a verbatim sentence of a source."""
    return not sentence.own and bool(sentence.citations)


def pool_of(item: Item, edits: Iterable[Edit]) -> tuple[Sentence, ...]:
    """The sentences that an item may print: its own, those only one side has, and those that the desk moved before."""
    moved = (
        one
        for edit in edits
        if edit.kind is EditKind.PARAGRAPHS and edit.where == item.id
        for paragraph in edit.paragraphs
        for one in paragraph
    )
    found = {(place_of(one), one.text): one for one in (*(told.sentence for told in item.one_sided), *moved, *item.sentences)}
    return tuple(found.values())


def marks_of(edition: Edition, edits: Sequence[Edit]) -> dict[tuple[str, str], str]:
    """(Place, text) of each quoted sentence → its mark ("q-3fa9"), unique in the edition and the same in every run."""
    keys = {
        (place_of(one), one.text)
        for section in edition.sections
        for item in section.items
        for one in pool_of(item, edits)
        if is_quoted(one)
    }
    return shortest({key: sha256("\n".join(key).encode(errors="replace")).hexdigest() for key in keys})


def shortest(hashes: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Each hash cut to the fewest digits that still part it from all others."""
    marks = {}
    for key, whole in sorted(hashes.items(), key=lambda pair: pair[1]):
        length = SHORTEST
        while any(other != whole and other.startswith(whole[:length]) for other in hashes.values()):
            length += 1
        marks[key] = f"q-{whole[:length]}"
    return marks


def items_of(section: EditionSection) -> str:
    """The name of the list of a section's items."""
    return f"items:{section.id}"


def notes_of(section: EditionSection) -> str:
    """The name of the list of a section's notes."""
    return f"notes:{section.id}"


def watch_id(sentence: Sentence) -> str:
    """The mark of a date ahead."""
    return f"w-{text_hash(place_of(sentence) + sentence.text)[:8]}"


def lists_of(edition: Edition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every list that the desk may shorten or put in another order, with the ids of its members."""
    for section in edition.sections:
        yield items_of(section), tuple(item.id for item in section.items)
        yield notes_of(section), tuple(note.story for note in section.notes)
    yield WATCH, tuple(watch_id(one.sentence) for one in edition.watch)
