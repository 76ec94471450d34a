"""Makes title, text, date, language and address of a page's bytes; home of trafilatura. Pure: it downloads nothing and keeps no state.

trafilatura's own downloader is never used (it retries without TLS verification), and its `deduplicate` stays off (its cache
makes a result depend on the pages before).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from itertools import islice
from typing import Any, Literal, TypeAlias

from trafilatura import bare_extraction

from monitor.articles.agreement import agreement, most_agreed
from monitor.articles.clean import clean_lines, is_prose
from monitor.articles.dates import page_date, page_updated
from monitor.articles.layout_tables import flatten_layout_tables
from monitor.articles.metadata import read_metadata
from monitor.articles.prose import densest_block, long_paragraphs
from monitor.articles.prune import drop_unread, prune
from monitor.model.article import Extraction
from monitor.text.charset import charset_of, decode
from monitor.text.language import judge_language
from monitor.text.markup import clean_text, parse_page, tree_text

Mode: TypeAlias = Literal["fast", "best"]
"""`fast` believes one extractor; `best` asks others where a second, cheap opinion differs, and takes what most of them support."""
AGREED = 0.95
"""Agreement of two opinions from which no third is asked. Lower saves little time, higher wins nothing (measured)."""
SHORT = 200
"""Characters below which an article's text carries a reason."""
MOST_ELEMENTS = 50_000
"""Elements of a page above which it is not read: extractors take 0.1 ms and more for each. Of 1,171 pages of two benchmarks the
largest has a fifth of that.
"""
_WALL = 600
"""Characters of prose above which a page is an article, whatever else it says."""
_PARAGRAPH = 60
_ENOUGH = 1500
"""Characters of text that show its language."""
_MAX_LINES = 5000
_HTML_TYPES = ("text/html", "application/xhtml", "application/xml", "text/xml", "text/plain", "application/octet-stream")
_BINARY = (
    (b"%PDF", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|checking your browser|attention required! \| cloudflare|ddos protection by|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|enable javascript and cookies to continue|are you a robot|проверка браузера|подтвердите, что вы не робот",
    re.IGNORECASE,
)
_CHALLENGE_SCRIPT = re.compile(
    r"challenges\.cloudflare\.com|/cdn-cgi/challenge-platform|ddos-guard|cf-browser-verification", re.IGNORECASE
)
_CONSENT = re.compile(r"before you continue to|we value your privacy|cookie consent|zanim przejdziesz", re.IGNORECASE)
_MISSING = re.compile(
    r"^(?:error )?404\b|page not found|страница не найдена|старонка не знойдзена|сторінку не знайдено|strona nie", re.IGNORECASE
)
_SCRIPTED = re.compile(r"(?:enable|requires?|turn on|включите|уключыце|włącz) javascript", re.IGNORECASE)


def extract_article(body: bytes, *, url: str, content_type: str = "", today: date, mode: Mode = "best") -> Extraction:
    """Extract the article of a page.

    Args:
        body: The page's bytes, decoded from any transfer or content encoding.
        url: The address they came from (after redirects), for the canonical address and dates in addresses.
        content_type: The Content-Type header, for its media type and charset.
        today: The present day: a later publication date is passed over.
        mode: How many extractors are asked.

    Returns:
        Title, text, language, date, author (only where structured data agree), canonical address. `text` is "" or short
        where the page gives no more, and `reason` says why. Never raises, whatever the bytes.
    """
    why = _not_html(body, content_type)
    if why:
        return _nothing(why)
    page = clean_text(decode(body, charset_of(content_type)))
    tree = parse_page(page)
    if tree is None:
        return _nothing("not HTML: no markup in the body")
    if next(islice(tree.iter(), MOST_ELEMENTS, None), None) is not None:
        return _nothing(f"the page has more than {MOST_ELEMENTS:,} elements: no article has so many")
    metadata = read_metadata(tree, url)
    lines = tree_text(tree).split("\n")[:_MAX_LINES]
    why = _wall(page, metadata.title, lines)
    published = page_date(tree, metadata, lines, url=url, today=today)
    text = "" if why else "\n".join(_article_lines(tree, metadata.title, lines, mode))
    language = judge_language(f"{metadata.title}\n{text[:_ENOUGH]}", hint=metadata.language)
    return Extraction(
        title=metadata.title,
        text=text,
        language=language.code,
        language_sure=language.sure,
        published=published.moment if published else None,
        published_source=published.source if published else None,
        author=metadata.author,
        canonical_url=metadata.canonical_url,
        reason=why or _why_short(text, lines, page),
        author_claims=metadata.claims,
        updated=page_updated(metadata, today=today),
        language_confidence=language.confidence,
    )


def _nothing(why: str) -> Extraction:
    return Extraction(title="", text="", language="", language_sure=False, reason=why)


def _not_html(body: bytes, content_type: str) -> str:
    media_type = content_type.partition(";")[0].strip().lower()
    for start, name in _BINARY:
        if body.startswith(start):
            return f"not HTML: {name}"
    if media_type and not media_type.startswith(_HTML_TYPES):
        return f"not HTML: {media_type}"
    return "" if body.strip() else "the page is empty"


def _wall(page: str, title: str, lines: Sequence[str]) -> str:
    """Why the page is no article at all: a challenge, a consent wall, a missing page.

    Words count where the page says little else; scripts, which sites keep on good pages too, only where it says nothing.
    """
    prose = sum(len(line) for line in lines if is_prose(line))
    if prose > _WALL:
        return ""
    visible = "\n".join((title, *lines[:40]))
    if _CHALLENGE.search(visible) or (prose < SHORT and _CHALLENGE_SCRIPT.search(page[:20_000])):
        return "challenge page: the site asks for a browser"
    if _CONSENT.search(title) or (prose < SHORT and _CONSENT.search(visible)):
        return "consent page: the site asks to accept cookies first"
    return f"the page says it was not found: “{title}”" if _MISSING.search(title) else ""


def _article_lines(tree: Any, title: str, lines: Sequence[str], mode: Mode) -> tuple[str, ...]:
    """The paragraphs of the article: the extractors', cleaned; the page's own paragraphs where none finds any."""
    flatten_layout_tables(tree)
    drop_unread(tree)
    prune(tree)
    kept = _Opinions(tree, title, lines).best() if mode == "best" else _Opinions(tree, title, lines).first()
    if any(is_prose(line) for line in kept):
        return kept
    return tuple(line for line in clean_lines(lines, title) if is_prose(line))


class _Opinions:
    """What different extractors take for the article of one pruned tree, each cleaned alike."""

    def __init__(self, tree: Any, title: str, page: Sequence[str]) -> None:
        self._tree = tree
        self._title = title
        self._page = page

    def first(self) -> tuple[str, ...]:
        """What the quick way of trafilatura finds; the tree is used up."""
        return self._cleaned(_trafilatura(self._tree, fast=True))

    def best(self) -> tuple[str, ...]:
        """The quick way's text where the densest block says the same; else the one of four that the others support most."""
        quick = self._cleaned(self._asked(fast=True))
        densest = self._cleaned(densest_block(self._tree))
        if agreement("\n".join(quick), "\n".join(densest)) >= AGREED:
            return quick
        precise = self._cleaned(self._asked(precise=True))
        asked = (quick, precise, densest, self._cleaned(long_paragraphs(self._tree)))
        chosen = asked[most_agreed(["\n".join(opinion) for opinion in asked])]
        return chosen if any(is_prose(line) for line in chosen) else self._cleaned(self._asked())

    def _cleaned(self, text: str) -> tuple[str, ...]:
        return clean_lines(text.split("\n"), self._title, self._page)

    def _asked(self, *, fast: bool = False, precise: bool = False) -> str:
        return _trafilatura(deepcopy(self._tree), fast=fast, precise=precise)


def _trafilatura(tree: Any, *, fast: bool = False, precise: bool = False) -> str:
    """Its text of a tree, which it cuts to pieces."""
    document = bare_extraction(
        tree, fast=fast, favor_precision=precise, include_comments=False, deduplicate=False, with_metadata=False
    )
    return (document.text or "") if document is not None and not isinstance(document, dict) else ""


def _why_short(text: str, lines: Sequence[str], page: str) -> str:
    if len(text) >= SHORT:
        return ""
    if not text and _SCRIPTED.search(page):
        return "the page is drawn by JavaScript"
    longest = max((len(line) for line in lines), default=0)
    if not text and longest < _PARAGRAPH:
        return f"page has no paragraph longer than {longest} characters"
    return f"the article has only {len(text)} characters" if text else "no article was found among the page's text"
