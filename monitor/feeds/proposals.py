"""How an address could be read: the feeds behind it, or a page or sitemap where it has none. It asks through the function given to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.feeds.classify import challenge_of, not_a_feed, obstacle_of
from monitor.feeds.discover import find_feeds, named_sitemaps, well_known_feeds
from monitor.feeds.page_guess import ListGuess, guess_lists
from monitor.feeds.parse import parse_feed
from monitor.feeds.sitemap import unpacked
from monitor.model.errors import FeedBusy, FetchFailed, NotAFeed
from monitor.model.feed import Feed, FeedKind, Selectors
from monitor.model.fetch import FetchResult
from monitor.text.charset import decode
from monitor.text.markup import head_title, local_name, parse_html, parse_xml

MOST_TRIED = 4
"""Feeds that a page names which are asked for, until one is a feed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way to read a source, the best first; `why` tells how it was found, `guess` what a guessed selector names."""

    feed: Feed
    why: str
    guess: ListGuess | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """All ways that were found, and what was tried in vain, each in a line."""

    proposals: tuple[Proposal, ...]
    tried: tuple[str, ...] = ()


Get = Callable[[str], FetchResult]
"""A GET that raises FetchFailed."""


def propose(url: str, get: Get, robots: Callable[[str], bytes], tell: Callable[[str], None]) -> Findings:
    """Every way to read `url`.

    It is a feed or a sitemap itself; or a page that names feeds; or its site keeps one at a usual place; or robots.txt names
    sitemaps, and the page shows a list of headlines. A page that names its feeds costs two requests (F29); usual places are asked only
    where none is named.

    Args:
        url: An address of a source, or of its site.
        get: Asks; the same address never twice.
        robots: The robots.txt of an address's site, empty where there is none.
        tell: Told of each step that may take long.

    Raises:
        FetchFailed: The address itself could not be asked.
        NotAFeed: A challenge, a login or a consent page stands there.
    """
    result = get(url)
    own = _as_feed(result) or _as_sitemap(result)
    if own:
        return Findings((Proposal(own, "the address itself"),))
    body = result.body or b""
    text = decode(body)
    tree = parse_html(text)
    obstacle = obstacle_of(text, tree)
    if challenge_of(text) is not None and obstacle:
        raise NotAFeed(not_a_feed(text, len(body)), url=url)
    tried: list[str] = []
    named = [
        (found.url, f"named by the page{f': {found.title}' if found.title else ''}")
        for found in find_feeds(text, result.final_url)
    ]
    found = _first_feeds(named, get, tried)
    if not found:
        places = well_known_feeds(result.final_url)
        usual = (*places[:3], *places[10:]) if len(places) > 10 else places
        tell(f"the page names no feed; asking {len(usual)} usual places and robots.txt, one after the other")
        found = _first_feeds([(place.url, "at a usual place") for place in usual], get, tried, quiet=True)
    if found:
        return Findings(tuple(found), tuple(tried))
    return Findings((*_page_proposals(result, text), *_sitemaps(result, get, robots, tried)), tuple(tried))


def _first_feeds(places: list[tuple[str, str]], get: Get, tried: list[str], *, quiet: bool = False) -> list[Proposal]:
    """The first place that holds a feed, checked, and the other named ones as they are."""
    for number, (url, why) in enumerate(places if quiet else places[:MOST_TRIED]):
        try:
            feed = _as_feed(get(url))
        except FeedBusy:
            raise
        except FetchFailed as error:
            feed = None
            if not quiet:
                tried.append(f"{url}: {error.reason}")
        if feed:
            rest = [] if quiet else places[number + 1 :]
            return [Proposal(feed, why), *(Proposal(Feed("", other, other), f"{words}; not asked") for other, words in rest)]
        if not quiet and not (tried and tried[-1].startswith(url)):
            tried.append(f"{url}: no feed")
    if quiet:
        tried.append(f"{len(places)} usual places: none is a feed")
    return []


def _as_feed(result: FetchResult) -> Feed | None:
    try:
        kind = result.headers.get("content-type", "")
        parsed = parse_feed(result.body or b"", url=result.final_url, feed_id="new", content_type=kind)
    except NotAFeed:
        return None
    return Feed("", result.final_url, parsed.title or result.final_url, language=parsed.language[:2])


def _as_sitemap(result: FetchResult) -> Feed | None:
    try:
        tree = parse_xml(unpacked(result.body or b"", 50 * 1024 * 1024, result.final_url), recover=False)
    except FetchFailed:
        return None
    if tree is None or local_name(tree) not in {"urlset", "sitemapindex"}:
        return None
    return Feed("", result.final_url, result.final_url, kind=FeedKind.SITEMAP)


def _page_proposals(result: FetchResult, text: str) -> list[Proposal]:
    """The page with the selectors that would find a list of headlines on it."""
    tree = parse_html(text)
    language = (tree.get("lang") or "")[:2].lower()
    page = Feed("", result.final_url, head_title(tree) or result.final_url, language=language, kind=FeedKind.PAGE)
    return [
        Proposal(
            replace(page, selectors=Selectors(guess.links)),
            f"{guess.headlines} of {guess.count} links read like headlines",
            guess,
        )
        for guess in guess_lists(tree, result.final_url)[:3]
    ]


def _sitemaps(result: FetchResult, get: Get, robots: Callable[[str], bytes], tried: list[str]) -> list[Proposal]:
    """The sitemaps that robots.txt names; those called news first, the first of them checked."""
    links = named_sitemaps(robots(result.final_url), result.final_url)
    tried.append(f"robots.txt: {len(links) or 'no'} sitemap{'' if len(links) == 1 else 's'}")
    ordered = sorted(links, key=lambda link: "news" not in link.lower())
    proposals = []
    for link in ordered[:3]:
        try:
            feed = _as_sitemap(get(link))
        except FeedBusy:
            raise
        except FetchFailed as error:
            tried.append(f"{link}: {error.reason}")
            continue
        if feed:
            proposals.append(Proposal(feed, "named by robots.txt"))
    return proposals
