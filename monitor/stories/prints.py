"""What is remembered of each article of a window, so that its stories are told without reading it again. It compares nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.model.article import Article
from monitor.model.story import AnalysedArticle
from monitor.stories.blocks import Lines, common_lines, lines_of, without
from monitor.stories.order import first_appearance, has_date, host_of
from monitor.stories.pairs import Side, side_of
from monitor.stories.profile import Counted, counted_alone, mentions_of, moment_of, rules_of

READ_AT_ONCE = 500
"""Articles whose texts are in memory at a time."""

Read = Callable[[Sequence[str]], Sequence[AnalysedArticle]]
"""Gives articles by id, in any order; those that are gone are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """An article as others are compared with it, some 5 kB. `number` tells it from others, and is used again when it is gone."""

    number: int
    id: str
    stamp: bytes
    """Tells this state of the article from others."""
    words: bytes
    """The same of what is in it: the rules may find something else in the same words."""
    appeared: tuple[datetime, datetime, str]
    host: str
    lines: Lines
    left_out: frozenset[int]
    """Lines that its host prints everywhere; `side` is without them."""
    side: Side
    counted: Counted
    rules: frozenset[str]
    mentions: frozenset[str]
    moment: float | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a window lost and gained. A print that is another one now is in both."""

    gone: tuple[Print, ...]
    come: tuple[Print, ...]


class Prints:
    """The prints of all articles of a window."""

    def __init__(self) -> None:
        self._by_id: dict[str, Print] = {}
        self._hosts: dict[str, dict[str, Print]] = defaultdict(dict)
        self._free: list[int] = []
        self._next = 0
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._by_id)

    def __iter__(self) -> Iterator[Print]:
        """All of them, in no order."""
        return iter(self._by_id.values())

    def move(self, stamps: Mapping[str, bytes], read: Read) -> Moved:
        """Have the articles of these ids, each in the state of its stamp; only what is new is read, and what its host now prints
        everywhere. Where reading fails nothing has changed.
        """
        gone = [known for known in self if stamps.get(known.id) != known.stamp]
        wanted = [name for name, stamp in stamps.items() if name not in self._by_id or self._by_id[name].stamp != stamp]
        reader = _Reader(read, wanted)
        lines = {item.article.id: (host_of(item.article), lines_of(item.article.text)) for item in reader.all()}
        common = self._common(gone, lines)
        changed = [
            known
            for host in common
            for known in self._hosts[host].values()
            if stamps.get(known.id) == known.stamp and _common_to(known.lines, common[host]) != known.left_out
        ]
        come = [
            self._made(item, stamps[item.article.id], *lines[item.article.id], common[lines[item.article.id][0]])
            for item in reader.all()
            if item.article.id in lines
        ]
        renewed = {item.article.id: item for item in _read(read, [known.id for known in changed])}
        come += [
            self._numbered(with_lines(known, common[known.host], renewed[known.id])) for known in changed if known.id in renewed
        ]
        moved = Moved((*gone, *changed), tuple(come))
        self._keep(moved)
        return moved

    def _common(self, gone: Sequence[Print], lines: Mapping[str, tuple[str, Lines]]) -> dict[str, frozenset[int]]:
        """The common lines of each host that printed any of these, as they will be."""
        leaving = {known.id for known in gone}
        printed: dict[str, list[Lines]] = {
            host: [] for host in (*(known.host for known in gone), *(host for host, _ in lines.values()))
        }
        for host, found in printed.items():
            found += [known.lines for name, known in self._hosts[host].items() if name not in leaving]
        for host, found_there in lines.values():
            printed[host].append(found_there)
        return {host: common_lines(host, found) for host, found in printed.items()}

    def _made(self, item: AnalysedArticle, stamp: bytes, host: str, lines: Lines, common: frozenset[int]) -> Print:
        article, words, left_out = item.article, _words_of(item.article, host), _common_to(lines, common)
        known = self._by_id.get(article.id)
        same = known if known and known.words == words else None
        return self._numbered(
            Print(
                number=-1,
                id=article.id,
                stamp=stamp,
                words=words,
                appeared=first_appearance(item),
                host=host,
                lines=lines,
                left_out=left_out,
                side=same.side if same and same.left_out == left_out else side_of(article, without(article.text, common)),
                counted=same.counted if same else replace(counted_alone(article), named_lines=""),
                rules=self._one_of(rules_of(item)),
                mentions=self._one_of(mentions_of(item)),
                moment=moment_of(article),
            )
        )

    def _one_of(self, names: frozenset[str]) -> frozenset[str]:
        """The same names; of equal sets one is kept, since many articles match the same rules."""
        return self._sets.setdefault(names, names)

    def _numbered(self, made: Print) -> Print:
        if self._free:
            return replace(made, number=self._free.pop())
        self._next += 1
        return replace(made, number=self._next - 1)

    def _keep(self, moved: Moved) -> None:
        for known in moved.gone:
            del self._by_id[known.id], self._hosts[known.host][known.id]
            self._free.append(known.number)
        for made in moved.come:
            self._by_id[made.id] = self._hosts[made.host][made.id] = made


class _Reader:
    """Reads the same articles twice without holding more than some at a time."""

    def __init__(self, read: Read, names: Sequence[str]) -> None:
        self._read, self._names = read, names
        self._few = _read(read, names) if len(names) <= READ_AT_ONCE else None

    def all(self) -> Iterable[AnalysedArticle]:
        return self._few if self._few is not None else _read_in_turn(self._read, self._names)


def with_lines(known: Print, common: frozenset[int], item: AnalysedArticle) -> Print:
    """The print of the same article where its host prints other lines everywhere."""
    text = without(item.article.text, common)
    return replace(known, left_out=_common_to(known.lines, common), side=side_of(item.article, text))


def among(prints: Sequence[Print], read: Read) -> list[Print]:
    """The same prints as if there were no others: what else their hosts print everywhere is not left out."""
    by_host: dict[str, list[Lines]] = defaultdict(list)
    for known in prints:
        by_host[known.host].append(known.lines)
    common = {host: common_lines(host, lines) for host, lines in by_host.items()}
    others = [known.id for known in prints if _common_to(known.lines, common[known.host]) != known.left_out]
    renewed = {item.article.id: item for item in _read_in_turn(read, others)}
    return [with_lines(known, common[known.host], renewed[known.id]) if known.id in renewed else known for known in prints]


def _words_of(article: Article, host: str) -> bytes:
    """A digest of all that sides and counts are made of."""
    dated = article.published.isoformat() if has_date(article) else ""
    parts = f"{host}\0{dated}\0{article.language}\0{article.title}\0{article.text}"
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _common_to(lines: Lines, common: frozenset[int]) -> frozenset[int]:
    return common.intersection(lines.distinct) if common else common


def _read_in_turn(read: Read, names: Sequence[str]) -> Iterator[AnalysedArticle]:
    for start in range(0, len(names), READ_AT_ONCE):
        yield from _read(read, names[start : start + READ_AT_ONCE])


def _read(read: Read, names: Sequence[str]) -> Sequence[AnalysedArticle]:
    return read(names) if names else ()
