"""Learns from a page where its list of news stands: which selector names many headlines and little else. Pure; a person decides.

Used where a person looks on: by `feeds add`, `feeds check`, and in the words of a failure. A poll never changes a selector by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median
from urllib.parse import urlsplit

from monitor.text.markup import Tree, base_url, one_line
from monitor.text.selectors import select, selector_problem
from monitor.text.urls import absolute_url, normalise_url, same_site

_LEAST = 3
"""Fewer headlines under one selector are no list."""
_ENOUGH = 40
"""More headlines than this make a selector no better."""
_LEVELS = 7
"""How many elements above a link may lend it their class."""
_TRIED = 60
"""Selectors that are tried on the page, those with most headlines first."""
_STABLE = re.compile(r"[A-Za-z_][\w-]{1,40}")
_GENERATED = re.compile(r"\d{3,}|[0-9a-f]{6,}|^(?:css|sc|jsx|svelte|_)[-_]|__[A-Za-z0-9]{5}$", re.IGNORECASE)
_FURNITURE = frozenset({"nav", "footer", "aside", "form"})
_FURNITURE_NAME = re.compile(
    r"menu|nav|foot|breadcrumb|share|social|lang|sidebar|widget|banner|tags?\b|pag(?:er|ination)|cookie", re.IGNORECASE
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_SHORTEST, _LONGEST, _WORDS = 20, 300, 3


@dataclass(frozen=True, slots=True)
class ListGuess:
    """A selector, the addresses that it names, how many of those read like headlines, and one of them."""

    links: str
    count: int
    headlines: int
    sample: str
    score: float


@dataclass(frozen=True, slots=True)
class _Headline:
    element: Tree
    key: str
    text: str


def guess_lists(tree: Tree, url: str, *, like: str = "") -> tuple[ListGuess, ...]:
    """Selectors that each name a list of headlines, best first; () where the page shows none.

    Args:
        tree: The page.
        url: Its address: only links to its own site count.
        like: A selector that has failed; guesses that resemble it come first.
    """
    headlines = [found for found in _links(tree, url) if _reads_like_headline(found.text) and not _in_furniture(found.element)]
    offers: dict[str, set[str]] = defaultdict(set)
    for found in headlines:
        for selector in _selectors_for(found.element):
            offers[selector].add(found.key)
    tried = sorted(offers, key=lambda selector: (-len(offers[selector]), len(selector), selector))[:_TRIED]
    texts = {found.key: found.text for found in reversed(headlines)}
    guesses = [guess for selector in tried if (guess := _judged(tree, url, selector, texts)) is not None]
    ranked = sorted(guesses, key=lambda guess: (-_likeness(guess.links, like), -guess.score, len(guess.links), guess.links))
    return tuple(_without_twins(ranked))


def _links(tree: Tree, url: str) -> Iterator[_Headline]:
    base, own = base_url(tree, url), normalise_url(url)
    for element in tree.iter("a"):
        target = absolute_url(base, element.get("href") or "") if element.get("href") else ""
        key = normalise_url(target)
        if key and key != own and same_site(target, url):
            yield _Headline(element, key, one_line(" ".join(element.itertext())))


def _reads_like_headline(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST and len(text.split()) >= _WORDS


def _in_furniture(element: Tree) -> bool:
    return any(
        above.tag in _FURNITURE or _FURNITURE_NAME.search(f"{above.get('class') or ''} {above.get('id') or ''}")
        for above in element.iterancestors()
        if above.tag not in {"body", "html"}
    )


def _selectors_for(link: Tree) -> Iterator[str]:
    """Selectors that name this link and, where it stands in a list, its neighbours."""
    heading = next((above.tag for above in list(link.iterancestors())[:3] if above.tag in _HEADINGS), "")
    own = f"{heading} a" if heading else "a"
    for name in _class_names(link):
        yield f"a.{name}"
    if heading:
        yield own
    for above in list(link.iterancestors())[:_LEVELS]:
        for name in _class_names(above):
            yield f"{above.tag}.{name} {'a' if above.tag in _HEADINGS else own}"
        identity = above.get("id") or ""
        if _STABLE.fullmatch(identity) and not _GENERATED.search(identity):
            yield f"#{identity} {own}"
        if above.tag in {"article", "main", "li", "td"}:
            yield f"{above.tag} {own}"
    parts = [part for part in urlsplit(link.get("href") or "").path.split("/") if part]
    if len(parts) >= 2 and re.fullmatch(r"[\w-]+", parts[0]):
        yield f'a[href*="/{parts[0]}/"]'


def _class_names(element: Tree) -> list[str]:
    names = (element.get("class") or "").split()[:6]
    return [name for name in names if _STABLE.fullmatch(name) and not _GENERATED.search(name)]


def _judged(tree: Tree, url: str, selector: str, texts: dict[str, str]) -> ListGuess | None:
    """What the selector names on the whole page: many headlines are good, other links beside them are not."""
    if selector_problem(selector):
        return None
    base, own = base_url(tree, url), normalise_url(url)
    named = [key for element in select(tree, selector) if (key := normalise_url(absolute_url(base, element.get("href") or "")))]
    keys = dict.fromkeys(key for key in named if key != own)
    found = [key for key in keys if key in texts]
    if len(found) < _LEAST:
        return None
    purity = len(found) / len(keys)
    length = min(median(len(texts[key]) for key in found) / 60, 1.5)
    score = min(len(found), _ENOUGH) * purity**2 * length * _trust(selector)
    sample = "".join(character for character in texts[found[0]] if character.isprintable())
    return ListGuess(selector, len(keys), len(found), sample, score)


def _trust(selector: str) -> float:
    """A class says what a list is for and outlives a neighbour with the same tags; part of an address says least."""
    return 0.5 if selector.startswith("a[") else 1.1 if "." in selector else 1.0


def _likeness(selector: str, wanted: str) -> float:
    """0 to 1 in coarse steps: resemblance counts only where it is plain."""
    ratio = SequenceMatcher(None, selector, wanted).ratio() if wanted else 0.0
    return round(ratio, 1) if ratio >= 0.6 else 0.0


def _without_twins(guesses: list[ListGuess]) -> Iterator[ListGuess]:
    """Of selectors that name the same number of links and begin with the same headline, the first."""
    seen = set()
    for guess in guesses:
        twin = (guess.count, guess.headlines, guess.sample)
        if twin not in seen:
            seen.add(twin)
            yield guess
