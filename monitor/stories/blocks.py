"""Leaves out what a site prints under all its articles, so that sharing it makes no copies. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from monitor.model.article import Article
from monitor.stories.order import host_of
from monitor.stories.words import fold_line

MANY_PAGES = 3
"""A block under so many addresses of one host is the site's, not the article's."""
_KEPT = 1 / 3
"""An article that would keep less of its text is left whole: then the text itself was published repeatedly."""


def own_text(articles: Sequence[Article]) -> tuple[str, ...]:
    """The text of each article without lines found under at least three addresses of its host.

    Addresses whose whole text is the same count once: a site that prints one article thrice has no block in common by that.
    """
    by_host: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        by_host[host_of(article)].append(place)
    texts = [article.text for article in articles]
    for host, places in by_host.items():
        if host and len(places) >= MANY_PAGES:
            common = _common_lines([articles[place].text for place in places])
            for place in places:
                texts[place] = _without(articles[place].text, common)
    return tuple(texts)


def _common_lines(texts: Sequence[str]) -> frozenset[str]:
    """Folded lines that at least three different texts have."""
    distinct = {tuple(fold_line(line) for line in text.split("\n")) for text in texts}
    count = Counter(line for lines in distinct for line in set(lines))
    return frozenset(line for line, pages in count.items() if pages >= MANY_PAGES)


def _without(text: str, common: frozenset[str]) -> str:
    kept = "\n".join(line for line in text.split("\n") if fold_line(line) not in common)
    return kept if len(kept) >= _KEPT * len(text) else text
