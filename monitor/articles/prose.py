"""Two plain opinions on which lines of a page are its article: the block that holds most prose, and all long paragraphs. Pure.

Neither is to be trusted alone. They look at nothing that trafilatura looks at in the same way, so that where they agree with it,
or with each other against it, that says something; and they cost a tenth of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from monitor.articles.clean import is_prose
from monitor.articles.metadata import one_line

_BLOCK_WORDS = """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section summary table tbody td th tr ul
"""
_BLOCKS = frozenset(_BLOCK_WORDS.split())
_SILENT_WORDS = """
    aside audio button canvas figcaption figure footer form head iframe input label map math nav noscript object picture script
    select style svg template textarea time video
"""
_SILENT = frozenset(_SILENT_WORDS.split())
_WHOLE = frozenset({"body", "html", "article", "main"})
_FURNITURE = re.compile(
    r"comment|disqus|sidebar|footer|share|social|related|recommend|promo|newsletter|subscri|advert|\bads?\b|banner|cookie|consent"
    r"|popup|modal|breadcrumb|\bmenu|\bnav|pagination|\btags?\b|widget|byline|author-|-author|caption|credit|outbrain|taboola"
    r"|sponsor|teaser|popular|most-read|trending|hidden|print-only|sr-only|visually",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display:\s*none", re.IGNORECASE)
_DEEPEST = 150
"""Levels of nesting that are looked into; a parser allows a few more, a page with so many is no page."""
_PARAGRAPH = 40
_LONG_PARAGRAPH = 60
_LINKED = 0.6
"""Share of a line's characters inside links from which it is navigation."""
_MOST = 0.5
"""Share of the page's paragraphs from which an element is kept, whatever its class says."""
_NEXT = 0.6
"""Share of a block's prose that one of its children must hold to be the article in its place."""


class _Line(NamedTuple):
    text: str
    linked: int
    element: Any


def densest_block(tree: Any) -> str:
    """The lines of the smallest block that holds most of the page's prose, without furniture in it; "" where there is no prose."""
    body = tree.find("body")
    body = tree if body is None else body
    lines = _Lines(_holders_of_most(body)).of(body)
    weights = _weights(line for line in lines if 2 * line.linked < len(line.text) and is_prose(line.text))
    if not weights:
        return ""
    inside = set(_heaviest(body, weights).iter())
    return "\n".join(line.text for line in lines if line.element in inside and line.linked <= _LINKED * len(line.text))


def long_paragraphs(tree: Any) -> str:
    """Every `<p>` of some length, wherever it stands on the page; lists, headings and text in bare blocks are not among them."""
    return "\n".join(line for element in tree.iter("p") if len(line := one_line(element)) >= _LONG_PARAGRAPH)


def _holders_of_most(body: Any) -> frozenset[Any]:
    """Elements that hold so much of the page's paragraphs that no name of theirs can make them furniture."""
    weights: dict[Any, int] = {}
    total = 0
    for paragraph in body.iter("p"):
        length = len(one_line(paragraph))
        if length >= _PARAGRAPH:
            total += length
            _add(weights, paragraph, length)
    return frozenset(element for element, length in weights.items() if length > _MOST * total)


def _weights(lines: Iterator[_Line]) -> dict[Any, int]:
    weights: dict[Any, int] = {}
    for line in lines:
        _add(weights, line.element, len(line.text))
    return weights


def _add(weights: dict[Any, int], element: Any, length: int) -> None:
    while element is not None:
        weights[element] = weights.get(element, 0) + length
        element = element.getparent()


def _heaviest(block: Any, weights: dict[Any, int]) -> Any:
    while True:
        child = max((child for child in block if isinstance(child.tag, str)), key=lambda item: weights.get(item, 0), default=None)
        if child is None or weights.get(child, 0) < _NEXT * weights.get(block, 1):
            return block
        if child.tag in {"p", "li", "td", "h1", "h2", "blockquote", "span"}:
            return block
        block = child


class _Lines:
    """Collects the visible lines of a tree, each with the length of its links and the block it stands in."""

    def __init__(self, kept: frozenset[Any]) -> None:
        self._kept = kept
        self._found: list[_Line] = []
        self._pieces: list[str] = []
        self._linked = 0

    def of(self, body: Any) -> list[_Line]:
        """All lines of `body`, in order."""
        self._walk(body, linked=False, depth=0)
        return self._found

    def _walk(self, element: Any, *, linked: bool, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT or depth > _DEEPEST or self._is_furniture(element):
            return
        breaks = tag in _BLOCKS or tag == "br"
        if breaks:
            self._end_line(element.getparent() if tag == "br" else element)
        linked = linked or tag == "a"
        self._say(element.text, linked)
        for child in element:
            self._walk(child, linked=linked, depth=depth + 1)
            self._say(child.tail, linked)
        if breaks:
            self._end_line(element)

    def _is_furniture(self, element: Any) -> bool:
        if (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or _HIDDEN.search(element.get("style") or "")
        ):
            return True
        if element.tag in _WHOLE or element in self._kept:
            return False
        return bool(_FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))

    def _say(self, text: str | None, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            self._linked += len(text.strip()) if linked else 0

    def _end_line(self, element: Any) -> None:
        text = " ".join("".join(self._pieces).split())
        if text:
            self._found.append(_Line(text, self._linked, element))
        self._pieces, self._linked = [], 0
