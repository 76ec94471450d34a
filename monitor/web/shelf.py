"""Body pages of the archive, kept in memory as long as they are what would be printed. It prints nothing and answers nobody.

What they show is frozen: it changes only when an edition is frozen or corrected, by whichever process, or when the files in force
change. Both are looked at on every request; a page of another state is never given.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.parts import Files

MOST_BYTES = 32 * 1024 * 1024
"""Of all pages together, as they are and compressed: the last editions of a few digests in all their forms."""
WORTH_PACKING = 500
_PACKED = ("text/", "application/")


@dataclass(frozen=True, slots=True)
class Body:
    """A page or document ready to be sent: strong `tag` over its bytes, and `packed`, its bytes as gzip, "" where that gains nothing."""

    content: bytes
    media_type: str
    tag: str
    cache: str
    changed: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bytes = b""


@dataclass(frozen=True, slots=True)
class State:
    """What every page depends on: the store's stamp of what is published, and the files in force."""

    stamp: str
    files: Files

    def same(self, other: State | None) -> bool:
        """Whether pages printed in `other` are those of this state."""
        return other is not None and self.stamp == other.stamp and self.files is other.files


def tag_of(content: bytes) -> str:
    """A strong ETag over the bytes (RFC 9110 8.8.3)."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def packed(content: bytes, media_type: str) -> bytes:
    """The bytes as gzip, the same for the same bytes; b"" for what is small, or is compressed already."""
    if len(content) < WORTH_PACKING or not media_type.startswith(_PACKED):
        return b""
    return gzip.compress(content, 6, mtime=0)


class Shelf:
    """The pages asked for last, `most` bytes of them; all of one state."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._held = most, 0
        self._state: State | None = None
        self._pages: OrderedDict[Hashable, Body] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, state: State, key: Hashable) -> Body | None:
        """The page as it is in `state`, None where it has to be printed. A state that is not that of before empties the shelf."""
        with self._lock:
            if not state.same(self._state):
                self._pages.clear()
                self._held, self._state = 0, state
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, state: State, key: Hashable, page: Body) -> None:
        """Keep a page that was printed in `state`; not where the state has changed meanwhile."""
        size = len(page.content) + len(page.packed)
        with self._lock:
            if not state.same(self._state) or key in self._pages or size > self._most:
                return
            self._pages[key] = page
            self._held += size
            while self._held > self._most:
                _, gone = self._pages.popitem(last=False)
                self._held -= len(gone.content) + len(gone.packed)
