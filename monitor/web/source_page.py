"""The page of the sources: where the digests read, how that goes, and how much each publishes; and the same as OPML for feed readers.

Addresses that hold a password or lead into a private network are shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digests.render.catalogue import catalogue
from monitor.digests.render.clean import printable, safe_url
from monitor.digests.render.sparkline import blocks
from monitor.feeds.health import shown_state
from monitor.feeds.opml import write_opml
from monitor.model.feed import Feed, FeedHealth, FeedState, Selectors
from monitor.text.locale import language_name, long_date, number, short_date
from monitor.web.answers import answer, body_of, page_answer, pages_of
from monitor.web.headers import OPEN
from monitor.web.pages import Crumb, Meta, Pages, print_page
from monitor.web.places import Links
from monitor.web.words import site_words

WEEKS = 12
ORDER = (
    FeedHealth.HEALTHY, FeedHealth.SILENT, FeedHealth.FAILING, FeedHealth.BLOCKED, FeedHealth.MOVED, FeedHealth.GONE, FeedHealth.NEW,
    FeedHealth.DISABLED,
)  # fmt: skip
OPML_PATH = "/sources/feeds.opml"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE)
_SECRET = re.compile(r"key|token|secret|pass|auth|sig|session|user", re.IGNORECASE)
_INSIDE = ("localhost", ".local", ".internal", ".lan", ".home.arpa", ".test")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in the list. `spark` and `counts` are its articles a week, oldest first."""

    name: str
    home: str
    facts: str
    state: tuple[str, ...]
    detail: str
    spark: str
    counts: str


def source_page(pages: Pages, language: str, links: Links) -> str:
    """All sources by state, the well ones first."""
    words = site_words(language)
    states = pages.store.feed_states()
    weeks = _weeks(pages)
    rows: dict[FeedHealth, list[SourceRow]] = {health: [] for health in ORDER}
    for feed in sorted(pages.files.feeds, key=lambda one: one.name.casefold()):
        state = shown_state(feed, states.get(feed.id))
        rows[state.health].append(_row(pages, feed, state, weeks.get(feed.id, (0,) * WEEKS), language))
    groups = [
        (health.value, words.say(f"archive.health.{health.value}"), words.say(f"archive.health.{health.value}.words"), found)
        for health, found in rows.items()
        if found
    ]
    meta = Meta(
        "/sources/", words.say("archive.sources.title"), words.say("archive.sources.lede"), (Crumb("/", words.say("site.title")),)
    )
    as_of = words.say("archive.sources.as_of", day=long_date(pages.now.date(), language))
    return print_page(pages, "sources.html", language, links, meta, groups=groups, opml=OPML_PATH, as_of=as_of)


def _row(pages: Pages, feed: Feed, state: FeedState, weeks: tuple[int, ...], language: str) -> SourceRow:
    words, printed = site_words(language), catalogue(language)
    facts = [printed.say(f"stance.{feed.stance.value}.short")]
    if feed.language:
        facts.append(language_name(feed.language, language))
    if feed.of_record:
        facts.append(words.say("archive.story.record"))
    moments = (("success", state.last_success_at), ("entry", state.last_new_entry_at))
    said = [words.say(f"archive.sources.{what}", day=_day(moment, pages.now, language)) for what, moment in moments if moment]
    if not state.last_success_at and state.health is not FeedHealth.DISABLED:
        said.insert(0, words.say("archive.sources.never"))
    well = state.health in {FeedHealth.HEALTHY, FeedHealth.NEW}
    counts = words.say("archive.sources.counts", counts=", ".join(number(count, language) for count in weeks))
    home = public_address(feed.home or _origin(feed.url))
    return SourceRow(
        printable(feed.name),
        home,
        " · ".join(facts),
        tuple(said),
        "" if well else without_addresses(state.reason),
        blocks(weeks),
        counts,
    )


def _day(moment: datetime, now: datetime, language: str) -> str:
    """The year is told where it is another than that of the page."""
    return (short_date if moment.year == now.year else long_date)(moment.date(), language)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/" if parts.netloc else ""


def _weeks(pages: Pages) -> dict[str, tuple[int, ...]]:
    """Feed → articles in each of the last weeks, this one (the last seven days) last."""
    today = pages.now.date()
    first = today - timedelta(days=7 * WEEKS - 1)
    days = pages.store.articles_by_day(datetime(first.year, first.month, first.day, tzinfo=pages.now.tzinfo))
    return {feed: weekly(counts, first) for feed, counts in days.items()}


def weekly(days: Mapping[date, int], first: date) -> tuple[int, ...]:
    """Counts by day as counts in the `WEEKS` weeks that begin with `first`."""
    counts = [0] * WEEKS
    for day, count in days.items():
        if 0 <= (week := (day - first).days // 7) < WEEKS:
            counts[week] += count
    return tuple(counts)


def public_address(url: str) -> str:
    """The address as anybody may see it; "" where it holds what looks like a secret, or leads into a private network."""
    clean = safe_url(url)
    parts = urlsplit(clean)
    host = (parts.hostname or "").lower()
    if not host or "@" in parts.netloc or any(_SECRET.search(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        return ""
    try:
        inside = not ip_address(host).is_global
    except ValueError:
        inside = "." not in host or host.endswith(_INSIDE)
    return "" if inside else clean


def without_addresses(reason: str) -> str:
    """What a program saw, with each address that nobody may see cut to "…"."""
    return printable(_ADDRESS.sub(lambda found: public_address(found[0]) or "…", reason))


def public_opml(pages: Pages) -> bytes:
    """The sources that are read, as OPML, without what is the desk's own: notes, reasons, selectors, and addresses that nobody may see."""
    feeds = [
        replace(
            feed, note="", seen="", disabled="", selectors=Selectors(), include=(), exclude=(), home=public_address(feed.home)
        )
        for feed in pages.files.feeds
        if not feed.disabled and public_address(feed.url)
    ]
    return write_opml(
        feeds, site_words("en").say("archive.sources.title"), pages.now.replace(hour=0, minute=0, second=0, microsecond=0)
    )


def sources(request: Request) -> Response:
    """The page of the sources."""
    return page_answer(request, source_page)


def opml(request: Request) -> Response:
    """The sources as OPML."""
    return answer(request, body_of(public_opml(pages_of(request)), "text/x-opml; charset=utf-8", headers=OPEN))


ROUTES = (
    Route("/sources/", sources),
    Route(OPML_PATH, opml),
)
