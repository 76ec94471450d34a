"""Leaves out what a site prints under all its articles, so that sharing it makes no copies. Pure."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.model.article import Article
from monitor.stories.order import host_of
from monitor.stories.words import fold_line
from monitor.text.weights import frequent

MANY_PAGES = 3
"""A block under so many addresses of one host is the site's, not the article's."""
_KEPT = 1 / 3
"""An article that would keep less of its text is left whole: then the text itself was published repeatedly."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text as hashes of 64 bits: all of them as one, and the different ones, ascending."""

    whole: bytes
    distinct: array[int]


def own_text(articles: Sequence[Article]) -> Iterator[str]:
    """The text of each article in turn, without lines found under at least three addresses of its host.

    Addresses whose whole text is the same count once: a site that prints one article thrice has no block in common by that.
    Texts are given one at a time, so that a window of 100,000 articles is not held twice.
    """
    by_host: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_host[host_of(article)].append(article)
    common = {host: common_lines(host, (lines_of(article.text) for article in printed)) for host, printed in by_host.items()}
    del by_host
    return (without(article.text, common[host_of(article)]) for article in articles)


def lines_of(text: str) -> Lines:
    """A text's lines, folded."""
    found = _hashed(text)
    return Lines(hashlib.blake2b(found.tobytes(), digest_size=8).digest(), array("Q", sorted(set(found))))


def common_lines(host: str, printed: Iterable[Lines]) -> frozenset[int]:
    """Lines that at least three different texts of a host have; none where the host is not known."""
    texts = {lines.whole: lines.distinct for lines in printed} if host else {}
    return frequent(texts.values(), MANY_PAGES) if len(texts) >= MANY_PAGES else frozenset()


def without(text: str, common: AbstractSet[int]) -> str:
    """A text without these lines, unless hardly anything would be left."""
    if not common:
        return text
    kept = "\n".join(line for line, known in zip(text.split("\n"), _hashed(text), strict=True) if known not in common)
    return kept if len(kept) >= _KEPT * len(text) else text


def _hashed(text: str) -> array[int]:
    folded = fold_line(text).split("\n")  # folding touches no line end
    return array("Q", (_hash(line) for line in folded))


def _hash(line: str) -> int:
    return int.from_bytes(hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
