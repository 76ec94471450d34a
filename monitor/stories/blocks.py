"""Leaves out what a site prints under all its articles, so that sharing it makes no copies. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from monitor.model.article import Article
from monitor.stories.order import host_of
from monitor.stories.words import fold_line

MANY_PAGES = 3
"""A block under so many addresses of one host is the site's, not the article's."""
_KEPT = 1 / 3
"""An article that would keep less of its text is left whole: then the text itself was published repeatedly."""


def own_text(articles: Sequence[Article]) -> Iterator[str]:
    """The text of each article in turn, without lines found under at least three addresses of its host.

    Addresses whose whole text is the same count once: a site that prints one article thrice has no block in common by that.
    Texts are given one at a time, so that a window of 100,000 articles is not held twice.
    """
    by_host: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_host[host_of(article)].append(article)
    common = {
        host: _common_lines([article.text for article in printed])
        for host, printed in by_host.items()
        if host and len(printed) >= MANY_PAGES
    }
    del by_host
    return (_without(article.text, common.get(host_of(article), frozenset())) for article in articles)


def _common_lines(texts: Sequence[str]) -> frozenset[str]:
    """Folded lines that at least three different texts have."""
    distinct = {tuple(fold_line(line) for line in text.split("\n")) for text in texts}
    count = Counter(line for lines in distinct for line in set(lines))
    return frozenset(line for line, pages in count.items() if pages >= MANY_PAGES)


def _without(text: str, common: frozenset[str]) -> str:
    if not common:
        return text
    kept = "\n".join(line for line in text.split("\n") if fold_line(line) not in common)
    return kept if len(kept) >= _KEPT * len(text) else text
