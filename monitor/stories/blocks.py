"""Leaves out what a site prints under all its articles, so that sharing it makes no copies. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from monitor.model.article import Article
from monitor.stories.order import host_of
from monitor.stories.words import fold_word

MANY_PAGES = 3
"""A block under so many addresses of one host is the site's, not the article's."""
_KEPT = 1 / 3
"""An article that would keep less of its text is left whole: then the text itself was published repeatedly."""


def own_text(articles: Sequence[Article]) -> tuple[str, ...]:
    """The text of each article without lines found under at least three addresses of its host.

    Addresses whose whole text is the same count once: a site that prints one article thrice has no block in common by that.
    """
    pages: dict[tuple[str, str], set[str]] = defaultdict(set)
    folded = [[fold_word(line) for line in article.text.split("\n")] for article in articles]
    for article, lines in zip(articles, folded, strict=True):
        host, whole = host_of(article), "\n".join(lines)
        for line in set(lines):
            pages[host, line].add(whole)
    common = {block for block, texts in pages.items() if len(texts) >= MANY_PAGES and block[0]}
    return tuple(_without(article, lines, common) for article, lines in zip(articles, folded, strict=True))


def _without(article: Article, folded: Sequence[str], common: set[tuple[str, str]]) -> str:
    host = host_of(article)
    kept = [line for line, key in zip(article.text.split("\n"), folded, strict=True) if (host, key) not in common]
    text = "\n".join(kept)
    return text if len(text) >= _KEPT * len(article.text) else article.text
