"""When a page says it was published: its address, structured data, its printed date line, and htmldate; home of htmldate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from htmldate import find_date

from monitor.articles.metadata import PageMetadata, one_line
from monitor.model.article import DateSource
from monitor.text.written_dates import is_date_line, written_dates

EARLIEST_YEAR = 1995
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)(?:(?P<mark>[/-])(0?[1-9]|1[0-2])(?P=mark)(0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?=[/_.]|$)"
)
_ISO = re.compile(r"^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?", re.IGNORECASE)
_RFC = re.compile(r"\d{1,2} \w{3} \d{4}")
_PUBLISHED = re.compile(r"publi|entry-date|post-date|posted|created|dateline", re.IGNORECASE)
_ELSEWHERE = re.compile(r"relat|similar|recent|popular|comment|sidebar|footer|widget|teaser|card", re.IGNORECASE)
_NEAR_ADDRESS = timedelta(days=2)
"""How far from midnight of the address's day a time may lie that gives that day its hour."""
_NEAR = 12
"""Lines around the title in which a printed date is the article's."""


@dataclass(frozen=True, slots=True)
class PageDate:
    """A publication moment, how good its source is, and where on the page it stood.

    `moment` is aware, in the page's own offset: its day is the day that the page's readers see.
    """

    moment: datetime
    source: DateSource
    where: str


def page_date(tree: Any, metadata: PageMetadata, lines: Sequence[str], *, url: str, today: date) -> PageDate | None:
    """The day that most sources name, of equals the first of this ladder: JSON-LD, meta, `<time>`, the line near the title, htmldate.

    A day in the address settles it. htmldate, which reads the whole page, is asked only where no day has two votes
    and more than any other: of single sources one in ten names a wrong day.

    Args:
        tree: The page as an lxml.html element (htmldate takes no other).
        metadata: What `read_metadata` gave.
        lines: The page's text lines in order, the title among them, for the printed date.
        url: The page's address.
        today: Dates later than tomorrow, and before 1995, are passed over.
    """
    named = _date_of_address(url)
    candidates = [found for found in _candidates(tree, metadata, lines) if _plausible(found.moment, today)]
    if named and _plausible(named, today):
        near = (_on_day(named, found) for found in candidates if abs(found.moment - named) < _NEAR_ADDRESS)
        return _with_clock(next(near, PageDate(named, DateSource.PAGE, "address")), lines, metadata.title)
    votes = _first_of_each_kind(candidates)
    if not _has_majority(votes):
        votes += _of_whole_page(tree, today)
    return _with_clock(_elected(votes), lines, metadata.title) if votes else None


def page_updated(metadata: PageMetadata, *, today: date) -> datetime | None:
    """When the page says it was last changed, the first plausible of what it says; None where it does not say."""
    moments = (_moment(value) for value in metadata.updates)
    return next((moment for moment in moments if moment and _plausible(moment, today)), None)


def _first_of_each_kind(candidates: Sequence[PageDate]) -> list[PageDate]:
    """One vote for each kind of source: a page that repeats a date in ten meta elements says it once."""
    kinds: dict[str, PageDate] = {}
    for found in candidates:
        kinds.setdefault(found.where.split()[0], found)
    return list(kinds.values())


def _of_whole_page(tree: Any, today: date) -> list[PageDate]:
    found = find_date(tree, original_date=True, min_date=f"{EARLIEST_YEAR}-01-01", max_date=today.isoformat())
    moment = _moment(found) if found else None
    return [PageDate(moment, DateSource.TEXT, "htmldate")] if moment else []


def _has_majority(votes: Sequence[PageDate]) -> bool:
    counts = [count for _, count in Counter(vote.moment.date() for vote in votes).most_common(2)]
    return bool(counts) and counts[0] >= 2 and counts[1:] != counts[:1]


def _elected(votes: Sequence[PageDate]) -> PageDate:
    count = Counter(vote.moment.date() for vote in votes)
    return max(votes, key=lambda vote: count[vote.moment.date()])


def _candidates(tree: Any, metadata: PageMetadata, lines: Sequence[str]) -> Iterator[PageDate]:
    for where, value in metadata.dates:
        if moment := _moment(value):
            yield PageDate(moment, DateSource.PAGE, where)
    for value in _time_elements(tree):
        if moment := _moment(value):
            yield PageDate(moment, DateSource.PAGE, "<time>")
    for line in _lines_near_title(lines, metadata.title):
        yield PageDate(written_dates(line)[-1].moment, DateSource.TEXT, f"line “{line}”")


def _moment(value: str) -> datetime | None:
    """A machine-written date with the offset it was written in; one without a zone is taken as UTC, as the page gives no better hint."""
    if match := _ISO.match(value):
        clock, zone = match.group(2) or "00:00", (match.group(3) or "+00:00").upper().replace("Z", "+00:00")
        try:
            return datetime.fromisoformat(f"{match.group(1)}T{clock}{zone}")
        except (ValueError, OverflowError):
            return None
    written = written_dates(value)
    return written[0].moment if written else None


def _date_of_address(url: str) -> datetime | None:
    """The date that a path names last ("/2019/11/18/"): an archive puts its own date first."""
    found = list(_URL_DATE.finditer(urlsplit(url).path))
    if not found:
        return None
    year, _, month, day, short_month, short_day = found[-1].groups()
    return _moment(f"{year}-{(month or short_month):0>2}-{(day or short_day):0>2}")


def _on_day(named: datetime, found: PageDate) -> PageDate:
    """The same instant in an offset that puts it on the day the address names: sites write UTC and mean their own day."""
    offsets = sorted(range(-12, 15), key=lambda hours: (abs(hours), hours))
    moments = (found.moment.astimezone(timezone(timedelta(hours=hours))) for hours in offsets)
    if found.moment.date() == named.date():
        return found
    return PageDate(next((moment for moment in moments if moment.date() == named.date()), named), found.source, found.where)


def _plausible(moment: datetime, today: date) -> bool:
    return moment.year >= EARLIEST_YEAR and moment.date() <= today + timedelta(days=1)


def _time_elements(tree: Any) -> Iterator[str]:
    """Values of `<time>` elements that mark publication, then of the first one that follows the title."""
    times = [element for element in tree.iter("time") if not _is_elsewhere(element)]
    for element in times:
        marks = " ".join(element.get(name) or "" for name in ("itemprop", "class", "pubdate"))
        if element.get("pubdate") is not None or _PUBLISHED.search(marks):
            yield element.get("datetime") or element.get("content") or one_line(element)
    for element in times[:1]:
        yield element.get("datetime") or one_line(element)


def _is_elsewhere(element: Any) -> bool:
    for ancestor in element.iterancestors():
        if ancestor.tag in {"aside", "footer", "nav"}:
            return True
        if ancestor.tag in {"body", "html"}:
            return False
        if _ELSEWHERE.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
    return False


def _lines_near_title(lines: Sequence[str], title: str) -> Iterator[str]:
    """Date lines by nearness to the title: after it first, then before it (a clock of the page stands further up)."""
    places = [index for index, line in enumerate(lines) if title and line == title]
    last, first = (places[-1], places[0]) if places else (-1, 0)
    after = [line for line in lines[last + 1 : last + 1 + _NEAR] if is_date_line(line) and written_dates(line)]
    before = [line for line in reversed(lines[max(0, first - _NEAR) : first]) if is_date_line(line) and written_dates(line)]
    if before and first and lines[first - 1] == before[0]:
        yield before[0]
    yield from after
    yield from before


def _with_clock(found: PageDate, lines: Sequence[str], title: str) -> PageDate:
    """The same day with the time of day that the date line near the title prints, where the source gave none."""
    if found.moment.hour or found.moment.minute:
        return found
    for line in _lines_near_title(lines, title):
        written = written_dates(line)[-1]
        if written.clock and written.day == found.moment.date():
            return PageDate(written.moment, found.source, found.where)
    return found
