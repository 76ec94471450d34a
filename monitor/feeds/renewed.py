"""Which entries of a document are new or edited since the last poll, told from the XML alone, before any of them is read.

A well-formed document is cut at its entries; each piece has a digest. Those known by their digest need no reading: a small document
of the others, with the same head and tail, goes to the parsers. What cannot be cut without doubt is read whole. Pure.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import pairwise

from monitor.feeds.document import FeedDocument
from monitor.feeds.fields import MAX_ENTRIES
from monitor.model.article import Entry, FeedHints, ParsedFeed
from monitor.model.feed import FeedState
from monitor.model.fetch import FetchResult
from monitor.text.markup import Tree, local_name

_ENTRY = frozenset({"item", "entry"})
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RECORD = struct.Struct("<8sI")
_NO_DIGEST = bytes(8)
_MOST = 2 * MAX_ENTRIES
SAME_DOCUMENT = "the same document as at the last poll"


@dataclass(frozen=True, slots=True)
class Cut:
    """A document in pieces: `head`, then one piece and one element for each entry, then `tail`; `total` counts entries beyond the
    1000 that are read.
    """

    whole: FeedDocument
    head: str
    pieces: tuple[str, ...]
    elements: tuple[Tree, ...]
    tail: str
    total: int
    digests: tuple[str, ...]

    def document(self, places: Iterable[int]) -> FeedDocument:
        """A document with the entries at these places only."""
        text = "".join((self.head, *(self.pieces[place] for place in places), self.tail))
        return replace(self.whole, text=text)


def cut_entries(document: FeedDocument, tree: Tree | None, base: str) -> Cut | None:
    """The document in pieces, or None where its entries are not one run of siblings or a tag could hide in text.

    Args:
        document: As `read_document` gave it.
        tree: Of a strict parse, None where it is not well formed.
        base: What relative links start from: a digest holds for it and for the attributes of the root.
    """
    if tree is None:
        return None
    elements = _run_of_entries(tree)
    text = document.text
    if not elements or len({(element.prefix, element.tag) for element in elements}) > 1:
        return None
    name = re.escape(":".join(filter(None, (elements[0].prefix, elements[0].tag.rpartition("}")[2]))))
    starts = [found.start() for found in re.finditer(f"<{name}(?=[\\s>/])", text)]
    if len(starts) != len(elements):  # some stand in text or comments: then there is no telling which
        return None
    ends = [found.end() for found in re.finditer(f"</{name}\\s*>", text[starts[-1] :])]
    if not ends:
        return None
    end = starts[-1] + ends[-1]
    pieces = tuple(text[start:stop] for start, stop in pairwise([*starts, end]))[:MAX_ENTRIES]
    around = repr(
        (base, sorted(tree.attrib.items()), sorted(tree.nsmap.items(), key=str), sorted(elements[0].getparent().attrib.items()))
    )
    key = blake2b(around.encode("utf-8", "surrogatepass")).digest()
    digests = tuple(blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8, key=key).hexdigest() for piece in pieces)
    return Cut(document, text[: starts[0]], pieces, elements[:MAX_ENTRIES], text[end:], len(elements), digests)


def _run_of_entries(tree: Tree) -> tuple[Tree, ...]:
    """The entries where they end the document as one run of siblings, in the channel or in the root; () elsewhere."""
    children = list(tree)
    holder = tree
    if not any(local_name(child) in _ENTRY for child in children):
        if not children or local_name(children[-1]) != "channel":
            return ()
        holder = children[-1]
    members = list(holder)
    first = next((place for place, child in enumerate(members) if local_name(child) in _ENTRY), len(members))
    run = tuple(members[first:])
    # an element between or after entries may say something of the feed; so may one beside the channel
    if any(local_name(child) not in _ENTRY for child in run) or (holder is not tree and len(children) != 1):
        return ()
    return run


def places_to_read(cut: Cut, seen: Mapping[str, datetime | None]) -> list[int] | None:
    """The places of entries that are new or edited; None where one of them shares its name with another entry.

    Such a guid tells nothing apart (F51), which only the whole document shows.
    """
    places = [place for place, digest in enumerate(cut.digests) if digest not in seen]
    if not places or len(places) == len(cut.pieces):
        return places
    names = [_names(element) for element in cut.elements]
    uses = Counter(name for each in names for name in each)
    if any(not names[place] or any(uses[name] > 1 for name in names[place]) for place in places):
        return None
    return places


def _names(element: Tree) -> frozenset[str]:
    """What the parsers may take for the identity of an entry; the link or the title where nothing names it."""
    about = element.get(_ABOUT)
    sure = {(child.text or "").strip() for child in element if local_name(child) in {"guid", "id"}} | (
        {about} if about else set()
    )
    if sure - {""}:
        return frozenset(sure - {""})
    named = (child for child in element if local_name(child) in {"identifier", "link", "title"})
    return frozenset({(child.text or child.get("href") or "").strip() for child in named} - {""})


def with_digests(entries: Sequence[Entry], cut: Cut | None, places: Sequence[int]) -> tuple[Entry, ...] | None:
    """The entries read from these places, each with its digest; None where the parser gave another number of them."""
    if cut is None or len(entries) != len(places):
        return None
    return tuple(replace(entry, digest=cut.digests[place]) for entry, place in zip(entries, places, strict=True))


def known_entry(feed_id: str, digest: str, published: datetime | None) -> Entry:
    """An entry that was read at an earlier poll: its date is all that is still needed of it."""
    return Entry(feed_id, "", "", published=published, digest=digest, known=True)


def remember(entries: Iterable[Entry]) -> str:
    """Digests and dates of entries that need no further reading, as text for `FeedState.seen`: 16 characters each."""
    records = []
    for entry in entries:
        date = entry.published or entry.updated
        seconds = int(date.timestamp()) if date else 0
        if 0 <= seconds < 2**32:
            records.append(_RECORD.pack(bytes.fromhex(entry.digest) or _NO_DIGEST, seconds))
    return base64.b64encode(b"".join(records[:_MOST])).decode()


def recall(seen: str, feed_id: str) -> tuple[Entry, ...]:
    """The entries that `remember` was given, in order, as known ones; () for text that it did not write."""
    return tuple(known_entry(feed_id, digest, date) for digest, date in _records(seen))


def _records(seen: str) -> list[tuple[str, datetime | None]]:
    try:
        records = list(_RECORD.iter_unpack(base64.b64decode(seen, validate=True)))
    except (binascii.Error, ValueError, struct.error):
        return []
    return [
        ("" if digest == _NO_DIGEST else digest.hex(), datetime.fromtimestamp(seconds, UTC) if seconds else None)
        for digest, seconds in records
    ]


def dates_by_digest(seen: str) -> dict[str, datetime | None]:
    """Digest → publication date, of those that have a digest."""
    return {digest: date for digest, date in _records(seen) if digest}


def digest_of(result: FetchResult) -> str:
    """32 hexadecimal digits for a whole answer: the same ones mean that nothing in it can have changed; "" for a partial one."""
    if result.body is None or result.status == 226:
        return ""
    around = f"{result.final_url}\n{result.headers.get('content-type', '')}".encode("utf-8", "surrogatepass")
    return blake2b(result.body, digest_size=16, key=blake2b(around).digest()).hexdigest()


def same_document(state: FeedState) -> ParsedFeed:
    """What reading the document again would give whose digest is `state.document`: known entries, and the wishes as they were."""
    hints = FeedHints(state.hint_s, None, frozenset(state.skip_hours), frozenset(state.skip_days))
    return ParsedFeed("", "", recall(state.seen, state.feed_id), hints, warning=SAME_DOCUMENT)
