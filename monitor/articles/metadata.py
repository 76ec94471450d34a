"""Reads what a page says of itself in structured form: title, address, language, author, dates. It judges no dates and no text.

Trees are lxml elements, used by their methods only; whoever parsed the page hands them in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from monitor.articles.identity import fold_title, why_not_canonical

ARTICLE_TYPES = frozenset(
    {"Article", "NewsArticle", "BlogPosting", "Report", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"}
    | {"LiveBlogPosting", "TechArticle", "WebPage", "SocialMediaPosting", "BackgroundNewsArticle", "Posting"}
)
_HOME_WORDS = frozenset(
    {"home", "главная", "галоўная", "головна", "strona główna", "pradžia", "titulinis", "start", "startseite", "accueil"}
)
_BREADCRUMB = re.compile(r"\s+[/»›>→|]\s+")
_SUFFIX = re.compile(r"\s+(\||-|–|—|::|»|«|•|·|/)\s+")
_LONGEST_TITLE = 300
_LONGEST_CLAIM = 1000
"""Characters of a declared title that are looked at: the search for the site's name goes through it part by part."""
_BY = re.compile(r"^\s*(?:by|автор|аўтар|autor|autorius)\b:?\s+", re.IGNORECASE)
_JSON_FAULTS = re.compile(r"[\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What the page says of itself. `dates` are (where, value) as written, best first; "" where it says nothing.

    `claims` are (voice, name) of authors; `updates` are the days of change as written, best first.
    """

    title: str
    canonical_url: str
    language: str
    author: str
    site: str
    dates: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, str], ...] = ()
    updates: tuple[str, ...] = ()


def read_metadata(tree: Any, url: str) -> PageMetadata:
    """Title, canonical address (F58 rules applied), language, author and dates of a parsed page."""
    metas = _metas(tree)
    linked = [item for item in _json_ld(tree) if ARTICLE_TYPES.intersection(_types(item))]
    site = metas.get("og:site_name", "") or next((name for item in linked if (name := _name(item.get("publisher")))), "")
    claims = tuple(_author_claims(metas, linked))
    return PageMetadata(
        title=_title(tree, metas, linked, site or _host_label(url)),
        canonical_url=_canonical(tree, metas, url),
        language=_language(tree, metas),
        author=agreed_author(claims),
        site=site,
        dates=tuple(_dates(metas, linked)),
        claims=claims,
        updates=tuple(_updates(metas, linked)),
    )


def without_breadcrumb(line: str) -> str:
    """The last part of "Home / Policy / What happened"; the line unchanged where it is no breadcrumb."""
    parts = [part.strip() for part in _BREADCRUMB.split(line.strip()) if part.strip()]
    return parts[-1] if len(parts) > 1 and parts[0].casefold() in _HOME_WORDS else line.strip()


def one_line(element: Any) -> str:
    """An element's text with its white space made single."""
    return " ".join("".join(element.itertext()).split())


def _metas(tree: Any) -> dict[str, str]:
    """The first content of each meta name, property or itemprop, names in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or element.get("datetime") or "").split())
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _json_ld(tree: Any) -> list[dict[str, Any]]:
    """All objects of all JSON-LD blocks, flat; a block that is no JSON is passed over, as search engines do."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            data = json.loads(_JSON_FAULTS.sub(" ", script.text or ""))
        except (ValueError, RecursionError):
            continue
        found.extend(_objects(data, 0))
    return found


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(key), depth + 1)


def _types(item: dict[str, Any]) -> list[str]:
    kinds = item.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _name(value: Any) -> str:
    """A person's or organisation's name in any of the shapes that JSON-LD allows."""
    if isinstance(value, list):
        return ", ".join(name for item in value if (name := _name(item)))
    if isinstance(value, dict):
        return _name(value.get("name"))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _dates(metas: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    exact = [item for item in linked if "WebPage" not in _types(item)]
    for item in [*exact, *linked]:
        if isinstance(item.get("datePublished"), str):
            yield "JSON-LD", item["datePublished"]
    for name in _DATE_METAS:
        if name in metas:
            yield f"meta {name}", metas[name]


_DATE_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "mediator_published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "date",
    "ptime",
    "og:pubdate",
    "datecreated",
)


def agreed_author(claims: Iterable[tuple[str, str]]) -> str:
    """The first name that two voices claim, "" where none is: extractors name a wrong author on 23 of 100 pages, and a wrong name is
    worse than none.

    Args:
        claims: (voice, name), the most trusted voice first; voices are feed, JSON-LD and meta.
    """
    named: dict[str, tuple[str, str]] = {}
    for voice, name in claims:
        first, printed = named.setdefault(fold_title(_BY.sub("", name)), (voice, _BY.sub("", name)))
        if first != voice and fold_title(printed):
            return printed
    return ""


def _author_claims(metas: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for item in linked:
        if name := _name(item.get("author")):
            yield "JSON-LD", name
    for meta in ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author"):
        if meta in metas:
            yield "meta", metas[meta]


def _updates(metas: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[str]:
    for item in linked:
        if isinstance(item.get("dateModified"), str):
            yield item["dateModified"]
    for meta in ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"):
        if meta in metas:
            yield metas[meta]


def _language(tree: Any, metas: dict[str, str]) -> str:
    claim = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or metas.get("og:locale") or ""
    return re.split(r"[-_]", claim.strip().lower())[0] if re.match(r"[a-zA-Z]{2,3}(?:[-_]|$)", claim.strip()) else ""


def _canonical(tree: Any, metas: dict[str, str], url: str) -> str:
    claims = [link.get("href") or "" for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for claim in [*claims, metas.get("og:url", "")]:
        try:
            absolute = urljoin(url, claim.strip()) if claim.strip() else ""
        except ValueError:
            continue
        if absolute and not why_not_canonical(absolute, url):
            return absolute
    return ""


def _title(tree: Any, metas: dict[str, str], linked: list[dict[str, Any]], site: str) -> str:
    """A heading that the page's own titles agree with; else og:title, the JSON-LD headline, <title>, and a lone heading.

    A <title> that is shorter than the page's only heading and says something else is the site's name.
    """
    headings = [without_breadcrumb(text) for h in tree.iter("h1") if 0 < len(text := one_line(h)) <= _LONGEST_TITLE]
    declared = next((one_line(title) for title in tree.iter("title")), "")
    social = metas.get("og:title", "") or metas.get("twitter:title", "")
    headline = next((value for item in linked if isinstance(value := item.get("headline"), str)), "")
    agreed = [
        text
        for text in headings
        if _agrees(fold_title(text), [fold_title(claim) for claim in (social, headline, declared)], site)
    ]
    if agreed:
        return max(agreed, key=len)
    body = fold_title(one_line(tree))
    claims = [
        _without_site(without_breadcrumb(claim[:_LONGEST_CLAIM]), site, body)
        for claim in (social, " ".join(headline.split()), declared)
        if claim
    ]
    lone = headings[0] if len(headings) == 1 else ""
    if claims and not (lone and claims[0] == declared and len(lone.split()) > len(declared.split())):
        return claims[0]
    return headings[0] if headings else next((text for h in tree.iter("h2") if (text := one_line(h))), "")


def _agrees(heading: str, claims: list[str], site: str) -> bool:
    """True where one of the page's own titles holds the heading, or is held by it; the site's name is no title."""
    if not heading or heading == fold_title(site):
        return False
    return any(claim and (heading in claim or (len(claim) >= 20 and claim in heading)) for claim in claims)


def _without_site(title: str, site: str, body: str) -> str:
    """A title without "| Site" or "- Site": a last part that is the site's name, or is short and nowhere in the page's words."""
    marks = list(_SUFFIX.finditer(title))
    while marks:
        mark = marks.pop()
        kept, last = title[: mark.start()].strip(), title[mark.end() :].strip()
        folded = fold_title(last)
        named = bool(folded) and folded.replace(" ", "") in {fold_title(site).replace(" ", ""), _host_label(last)}
        elsewhere = body.count(folded) - body.count(fold_title(title)) > 0
        short = len(folded.split()) <= 5 and len(kept) >= 15
        if not (named or (short and (mark.group(1) == "|" or not elsewhere))):
            break
        title = kept
    return title


def _host_label(url: str) -> str:
    host = (urlsplit(url).hostname or "") if "://" in url else ""
    return host.removeprefix("www.").split(".")[0]
