"""Cuts from a page's tree what is no part of its article, while links and headings still show it; the extractor sees only the rest.

Extractors keep an unrelated article that follows "Similar articles", since it is prose like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from monitor.articles.clean import PROSE
from monitor.articles.furniture import (
    LONGEST_HEADING,
    is_also_heading,
    is_more_heading,
    is_newsletter_heading,
    may_begin_heading,
)
from monitor.articles.metadata import one_line
from monitor.text.written_dates import is_date_line

_PROSE_TAGS = frozenset({"p", "div", "blockquote", "li", "td", "section", "article", "font", "span"})
_ASIDE_TAGS = frozenset({"aside", "nav", "footer", "header", "form", "script", "style", "noscript"})
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HEADING_HOLDERS = frozenset(
    {"p", "div", "span", "strong", "b", "section", "header", "legend", "dt", "font", "em", "u", *_HEADING_TAGS}
)
_BANNER = re.compile(r"cookie|consent|gdpr|popup|modal", re.IGNORECASE)
_ARTICLE = 100
"""Characters of paragraphs before a heading from which it may end the article; fewer are a banner or a teaser."""
_LINKED = 0.6
"""Share of a block's characters inside links from which it is a list of links."""
_MOST_HEADINGS = 50
"""Headings of furniture that are looked at on one page; each costs a look at all its paragraphs."""
_OWN_WORDS = PROSE / 4
_OWN_CONTENT = 20
"""Characters beyond its heading that make a box of an element, and not a bare heading."""


@dataclass(frozen=True, slots=True)
class _Outline:
    """Document order: the place of every element, and place and length of the paragraphs that follow the page's title.

    Made once for a page; what is cut from the tree is forgotten here too.
    """

    order: dict[Any, int]
    prose: dict[int, int]

    def prose_between(self, start: int, end: int) -> int:
        """Characters of paragraphs that begin at places `start`..`end` (half open)."""
        return sum(length for place, length in self.prose.items() if start <= place < end)

    def prose_after(self, place: int, branch: Any) -> int:
        """Characters of paragraphs in `branch` after `place`."""
        return self.prose_between(place, max(self.order[element] for element in _elements(branch)) + 1)

    def forget(self, element: Any) -> None:
        """Take an element's paragraphs out, as it leaves the tree."""
        for part in _elements(element):
            self.prose.pop(self.order[part], None)


def prune(tree: Any) -> int:
    """Remove blocks of other articles, and everything after them where the article has ended; gives how many cuts were made."""
    headings = [element for element in tree.iter(*_HEADING_HOLDERS) if _is_heading(element)]
    if not headings:
        return 0
    outline = _outline(tree)
    cuts = 0
    for heading in headings[:_MOST_HEADINGS]:
        if _is_in(heading, tree):
            _cut(heading, outline)
            cuts += 1
    return cuts


def drop_unread(tree: Any) -> None:
    """Remove what no extractor reads, before the tree is copied for each of them: scripts but for JSON-LD, styles, drawings."""
    for element in list(tree.iter("script", "style", "svg", "link", "iframe")):
        if element.tag != "script" or "ld+json" not in (element.get("type") or "").lower():
            _take_out(element)


def _is_in(element: Any, tree: Any) -> bool:
    return any(ancestor is tree for ancestor in element.iterancestors())


def _is_heading(element: Any) -> bool:
    """An element that holds a furniture heading and nothing else; links and items of menus are none."""
    if len(element) > 3 or len(element.text or "") > 2 * LONGEST_HEADING:
        return False
    piece = _first_piece(element)
    if not piece or not may_begin_heading(piece):
        return False
    text = _short_line(element)
    if not text:
        return False
    if not (is_more_heading(text) or is_also_heading(text) or is_newsletter_heading(text)):
        return False
    if element.tag not in _HEADING_TAGS and _link_share(element, text) >= _LINKED:
        return False
    return not any(ancestor.tag in _ASIDE_TAGS for ancestor in element.iterancestors())


def _first_piece(element: Any) -> str:
    """The first of the element's texts that is not blank."""
    own = element.text
    if own and not own.isspace():
        return str(own)
    if not len(element):
        return ""
    return next((piece for piece in element.itertext() if not piece.isspace()), "")


def _short_line(element: Any) -> str:
    """The element's text if it is no longer than a heading, else "": a block's text is not put together only to be found long."""
    pieces: list[str] = []
    room = LONGEST_HEADING
    for piece in element.itertext():
        words = piece.split()
        room -= sum(map(len, words))
        if room < 0:
            return ""
        pieces.append(piece)
    text = " ".join("".join(pieces).split())
    return text if len(text) <= LONGEST_HEADING else ""


def _outline(tree: Any) -> _Outline:
    order = {element: place for place, element in enumerate(_elements(tree))}
    title = max((place for element, place in order.items() if element.tag == "h1"), default=-1)
    prose = {order[element]: length for element in tree.iter(*_PROSE_TAGS) if (length := _paragraph_length(element))}
    after_title = {place: length for place, length in prose.items() if place > title}
    return _Outline(order, after_title or prose)


def _cut(heading: Any, outline: _Outline) -> None:
    """Decide what a heading begins: a box of its own, the page's tail, or a box after which the article goes on."""
    place = outline.order[heading]
    branch, parent = heading, heading.getparent()
    while parent is not None and parent.tag not in {"body", "html"} and not outline.prose_between(outline.order[parent], place):
        branch, parent = parent, parent.getparent()
    before = outline.prose_between(0, place)
    text = one_line(heading)
    if parent is None or before < _ARTICLE:
        _drop_box(heading, outline)
    elif len(one_line(branch)) - len(text) > _OWN_CONTENT:
        _remove(branch if outline.prose_after(place, branch) <= before or is_more_heading(text) else heading, outline)
    else:
        following = [element for element in branch.itersiblings() if isinstance(element.tag, str)]
        for element in [branch, *_tail(text, following, before)]:
            _remove(element, outline)


def _tail(text: str, following: list[Any], before: int) -> list[Any]:
    """Of what follows a bare heading, that which goes with it.

    A subscription box goes with all that follows where it stands near the end, alone where it stands in the midst. After
    "read also", links go and the article resumes with the next paragraph; otherwise nothing of this article follows.
    """
    if is_newsletter_heading(text) and not is_more_heading(text):
        return following if 2 * sum(len(one_line(element)) for element in following) <= before else []
    links = _leading_links(following)
    rest = following[len(links) :]
    resumes = bool(links and rest) and is_also_heading(text) and bool(_paragraph_length(rest[0]))
    return links if resumes else following


def _leading_links(following: list[Any]) -> list[Any]:
    """The lists of links that stand directly after the heading; a linked headline begins another article and is none."""
    links: list[Any] = []
    for element in following:
        text = one_line(element)
        if text and (element.tag in _HEADING_TAGS or _link_share(element, text) < _LINKED or is_date_line(text)):
            break
        links.append(element)
    return links


def _drop_box(heading: Any, outline: _Outline) -> None:
    """Before the article: the heading and its list of links go, the rest stays."""
    parent = heading.getparent()
    if parent is not None and parent.tag in {"aside", "nav"}:
        _remove(parent, outline)
        return
    for element in _leading_links([sibling for sibling in heading.itersiblings() if isinstance(sibling.tag, str)]):
        _remove(element, outline)
    _remove(heading, outline)


def _paragraph_length(element: Any) -> int:
    """The characters of a block with a paragraph's length of its own words, not mostly links, outside furniture; else 0."""
    if not _has_words(element):
        return 0
    text = one_line(element)
    if len(text) < PROSE or _link_share(element, text) >= _LINKED:
        return 0
    return 0 if any(_is_furniture(ancestor) for ancestor in (element, *element.iterancestors())) else len(text)


def _has_words(element: Any) -> bool:
    """Whether an element has a good part of a paragraph in its own words, not its children's."""
    own = len(element.text.strip()) if element.text else 0
    for child in element:
        if own >= _OWN_WORDS:
            return True
        own += len(child.tail.strip()) if child.tail else 0
    return own >= _OWN_WORDS


def _is_furniture(element: Any) -> bool:
    return element.tag in _ASIDE_TAGS or bool(_BANNER.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _link_share(element: Any, text: str) -> float:
    linked = sum(len(one_line(link)) for link in element.iter("a")) if element.tag != "a" else len(text)
    return linked / len(text) if text else 1.0


def _elements(tree: Any) -> Iterator[Any]:
    return tree.iter("*")  # type: ignore[no-any-return]  # comments and such are not among them


def _remove(element: Any, outline: _Outline) -> None:
    """Take an element out of tree and outline."""
    outline.forget(element)
    _take_out(element)


def _take_out(element: Any) -> None:
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
