"""Cuts from a page's tree what is no part of its article, while links and headings still show it; the extractor sees only the rest.

Extractors keep an unrelated article that follows "Similar articles", since it is prose like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from monitor.articles.clean import PROSE
from monitor.articles.furniture import LONGEST_HEADING, is_also_heading, is_more_heading, is_newsletter_heading
from monitor.articles.metadata import one_line
from monitor.articles.written_dates import is_date_line

_PROSE_TAGS = frozenset({"p", "div", "blockquote", "li", "td", "section", "article", "font", "span"})
_ASIDE_TAGS = frozenset({"aside", "nav", "footer", "header", "form", "script", "style", "noscript"})
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINKED = 0.6
"""Share of a block's characters inside links from which it is a list of links."""
_OWN_CONTENT = 20
"""Characters beyond its heading that make a box of an element, and not a bare heading."""


@dataclass(frozen=True, slots=True)
class _Outline:
    """Document order: the place of every element, and the places of the paragraphs that follow the page's title."""

    order: dict[Any, int]
    prose: tuple[int, ...]

    def has_prose(self, start: int, end: int) -> bool:
        return any(start <= place < end for place in self.prose)


def prune(tree: Any) -> int:
    """Remove blocks of other articles, and everything after them where the article has ended; gives how many cuts were made."""
    cuts = 0
    while (heading := _next_heading(tree)) is not None:
        _cut(heading, _outline(tree))
        cuts += 1
        if cuts > 50:
            break
    return cuts


def _next_heading(tree: Any) -> Any:
    for element in _elements(tree):
        if element.get("data-monitor-kept") is None and _is_heading(element):
            return element
    return None


def _is_heading(element: Any) -> bool:
    if element.tag in {"title", "option", "script", "style", "body", "html", "a", "button"} or not (element.text or len(element)):
        return False
    if len(element) > 3 or len(element.text or "") > LONGEST_HEADING:
        return False
    text = one_line(element)
    return 0 < len(text) <= LONGEST_HEADING and (is_more_heading(text) or is_also_heading(text) or is_newsletter_heading(text))


def _outline(tree: Any) -> _Outline:
    order = {element: place for place, element in enumerate(_elements(tree))}
    title = max((place for element, place in order.items() if element.tag == "h1"), default=-1)
    prose = [place for element, place in order.items() if _is_paragraph(element)]
    after_title = tuple(place for place in prose if place > title)
    return _Outline(order, after_title or tuple(prose))


def _cut(heading: Any, outline: _Outline) -> None:
    place = outline.order[heading]
    branch = heading
    parent = branch.getparent()
    while parent is not None and parent.tag not in {"body", "html"} and not outline.has_prose(outline.order[parent], place):
        branch, parent = parent, parent.getparent()
    if parent is None or not outline.has_prose(0, place):
        _drop_box(heading)
        return
    text = one_line(heading)
    own_content = len(one_line(branch)) - len(text) > _OWN_CONTENT
    following = [element for element in branch.itersiblings() if isinstance(element.tag, str)]
    if own_content:
        _remove(branch)
        return
    if is_newsletter_heading(text) and not is_more_heading(text):
        _cut_newsletter(branch, following, outline)
        return
    links = _leading_links(following)
    after = following[len(links) : len(links) + 1]
    resumes = bool(links or is_also_heading(text)) and bool(after) and _is_paragraph(after[0]) and is_also_heading(text)
    for element in [branch, *(links if resumes else following)]:
        _remove(element)


def _cut_newsletter(branch: Any, following: list[Any], outline: _Outline) -> None:
    """A box at the end goes with all that follows it; in the midst of the article only its heading goes."""
    rest = sum(len(one_line(element)) for element in following)
    before = sum(len(one_line(element)) for element, place in outline.order.items() if _precedes(element, place, branch, outline))
    for element in [branch, *(following if 2 * rest <= before else [])]:
        _remove(element)


def _precedes(element: Any, place: int, branch: Any, outline: _Outline) -> bool:
    return place < outline.order[branch] and place in outline.prose and element.tag != "article"


def _leading_links(following: list[Any]) -> list[Any]:
    """The lists of links that stand directly after the heading; a linked headline begins another article and is none."""
    links: list[Any] = []
    for element in following:
        text = one_line(element)
        if text and (element.tag in _HEADING_TAGS or _link_share(element, text) < _LINKED or is_date_line(text)):
            break
        links.append(element)
    return links


def _drop_box(heading: Any) -> None:
    """Before the article: the heading and its list of links go, the rest stays."""
    parent = heading.getparent()
    if parent is not None and parent.tag in {"aside", "nav"}:
        _remove(parent)
        return
    for element in _leading_links([sibling for sibling in heading.itersiblings() if isinstance(sibling.tag, str)]):
        _remove(element)
    _remove(heading)


def _is_paragraph(element: Any) -> bool:
    """A block with a paragraph's length of its own words, not mostly links, outside page furniture."""
    if element.tag not in _PROSE_TAGS:
        return False
    own = len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)
    if own < PROSE / 4:
        return False
    text = one_line(element)
    if len(text) < PROSE or _link_share(element, text) >= _LINKED:
        return False
    return not any(ancestor.tag in _ASIDE_TAGS for ancestor in element.iterancestors())


def _link_share(element: Any, text: str) -> float:
    linked = sum(len(one_line(link)) for link in element.iter("a")) if element.tag != "a" else len(text)
    return linked / len(text) if text else 1.0


def _elements(tree: Any) -> Iterator[Any]:
    return (element for element in tree.iter() if isinstance(element.tag, str))


def _remove(element: Any) -> None:
    """Take an element out of its tree, leaving the text that follows it where it stood."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    if tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)
