"""Makes the citation of a place in an article, with an address that leads to the very sentence."""

from __future__ import annotations

import re
from urllib.parse import quote, urldefrag

from monitor.model.article import Article, Source
from monitor.model.edition import Citation, SourceRef

_EDGE_WORDS = 4
_SHORT = 10
_WORD = re.compile(r"\S+")


def source_ref(source: Source) -> SourceRef:
    """The voice as an edition cites it."""
    return SourceRef(source.feed_id, source.name, source.stance, source.language, source.country, source.of_record)


def publisher_of(source: Source) -> str:
    """What makes two sources one voice: their publisher, else their name, else their feed."""
    return (source.publisher or source.name or source.feed_id).casefold()


def address_of(article: Article) -> str:
    """Where a reader finds the article."""
    return article.canonical_url or article.final_url or article.url


def cite(article: Article, field: str, start: int, end: int, *, fragment: bool = True) -> Citation:
    """The citation of `start`..`end` of "text" or "title"; `fragment` asks for a link to the very words."""
    url = address_of(article)
    if fragment and url and field == "text":
        url = f"{urldefrag(url).url}#:~:text={text_fragment(article.text[start:end])}"
    return Citation(article.id, url, article.title, field, start, end, source_ref(article.source), article.published)


def cite_title(article: Article) -> Citation:
    """The citation of the article as a whole."""
    return cite(article, "title", 0, len(article.title))


def text_fragment(sentence: str) -> str:
    """The directive that finds a sentence on its page: whole where short, else its first and last words (WICG text fragments)."""
    words = _WORD.findall(sentence)
    if len(words) <= _SHORT:
        return _encoded(" ".join(words))
    return f"{_encoded(' '.join(words[:_EDGE_WORDS]))},{_encoded(' '.join(words[-_EDGE_WORDS:]))}"


def _encoded(words: str) -> str:
    """Percent-encoded; hyphen, comma and ampersand too, which are syntax of the directive."""
    return quote(words, safe="").replace("-", "%2D")
