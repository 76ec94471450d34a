"""Leaves out what a site prints under all its articles, so that sharing it makes no copies. Pure."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from monitor.model.article import Article
from monitor.stories.order import host_of
from monitor.stories.words import fold_line

MANY_PAGES = 3
"""A block under so many addresses of one host is the site's, not the article's."""
_KEPT = 1 / 3
"""An article that would keep less of its text is left whole: then the text itself was published repeatedly."""


def own_text(articles: Sequence[Article], lines: Callable[[str], Sequence[int]] | None = None) -> Iterator[str]:
    """The text of each article in turn, without lines found under at least three addresses of its host.

    Addresses whose whole text is the same count once: a site that prints one article thrice has no block in common by that.
    Texts are given one at a time, so that a window of 100,000 articles is not held twice.

    Args:
        articles: Those of a window.
        lines: Gives `hashed_lines` of a text, perhaps from memory.
    """
    lines = lines or hashed_lines
    by_host: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_host[host_of(article)].append(article)
    common = {
        host: _common_lines(lines(article.text) for article in printed)
        for host, printed in by_host.items()
        if host and len(printed) >= MANY_PAGES
    }
    del by_host
    return (_without(article.text, common.get(host_of(article), frozenset()), lines) for article in articles)


def hashed_lines(text: str) -> array[int]:
    """A hash of 64 bits of each line of a text, folded."""
    folded = fold_line(text).split("\n")  # folding touches no line end
    return array("Q", (_hash(line) for line in folded))


def _hash(line: str) -> int:
    return int.from_bytes(hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _common_lines(texts: Iterable[Sequence[int]]) -> frozenset[int]:
    """Lines that at least three different texts have."""
    count: Counter[int] = Counter()
    seen: set[bytes] = set()
    for found in texts:
        whole = array("Q", found).tobytes()
        if whole not in seen:
            seen.add(whole)
            count.update(set(found))
    return frozenset(line for line, pages in count.items() if pages >= MANY_PAGES)


def _without(text: str, common: frozenset[int], lines: Callable[[str], Sequence[int]]) -> str:
    if not common:
        return text
    kept = "\n".join(line for line, known in zip(text.split("\n"), lines(text), strict=True) if known not in common)
    return kept if len(kept) >= _KEPT * len(text) else text
