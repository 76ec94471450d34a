"""Tells a site's own furniture by its standing on many of the site's pages, and cuts it from later articles. Pure.

An extractor sees one page, and takes a paragraph about the newsroom for one of the article. That such a line stands on page after
page is not enough: a follow-up repeats what its forerunner said, and three articles quote one statement. So only what stands
where furniture stands can go: a whole run of repeated lines at the beginning or the end, or a short line that is no sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.articles.clean import is_prose
from monitor.articles.identity import fold_title
from monitor.model.site import SiteLine, SiteLines

HEAD = 3
"""Lines from the beginning of an article in which furniture may stand, and at the end:"""
TAIL = 5
PAGES = 3
"""Pages that must have carried a line before it is cut from another."""
SHORT_SHARE = 0.2
"""Share of the site's pages since it was first met that must have carried a short line that is no sentence."""
PROSE_SHARE = 0.5
"""The same for a paragraph: the background that closes the articles of one story is on fewer of a site's pages."""
PROSE_AMONG = 8
"""Pages of the site from which the share says something of a paragraph: the first few may all be of one story."""
MOST_LOST = 1 / 3
"""Share of an article's characters above which nothing is cut: then it is the text that is repeated, not the furniture."""
KEPT_LINES = 300
"""Lines remembered of a host."""
FORGOTTEN_AFTER = timedelta(days=60)
"""A line that no page carried for so long is forgotten: sites are rebuilt."""
_SHORT_LINES = 12
"""Short lines of one page that are learnt; a page with more is a list, and its lines are its content."""


@dataclass(frozen=True, slots=True)
class Cut:
    """An article's text after the decision; `lines` are those that went, and `reason` says why, "" where none did."""

    text: str
    lines: tuple[str, ...] = ()
    reason: str = ""


def cut_repeated(text: str, site: SiteLines) -> Cut:
    """The text without the lines that its site prints around its articles.

    Args:
        text: Paragraphs separated by newlines.
        site: What was learnt from other pages of the host.
    """
    lines = text.split("\n")
    known = {line.line: line for line in site.lines if line.pages >= PAGES}
    repeated = [_is_repeated(line, site.pages, known) for line in lines]
    start = _run(repeated[:HEAD])
    end = _run(repeated[: -TAIL - 1 : -1])
    gone = [
        again and (place < start or place >= len(lines) - end or not is_prose(lines[place]))
        for place, again in enumerate(repeated)
    ]
    lost = tuple(line for line, goes in zip(lines, gone, strict=True) if goes)
    if not lost or sum(map(len, lost)) > MOST_LOST * len(text):
        return Cut(text)
    kept = "\n".join(line for line, goes in zip(lines, gone, strict=True) if not goes)
    most = max(known[_hash(line)].pages for line in lost)
    return Cut(
        kept, lost, f"{len(lost)} lines cut that {site.host} prints around its articles, on up to {most} of {site.pages} pages"
    )


def learn_lines(site: SiteLines, text: str, now: datetime) -> SiteLines:
    """The site with one more page, of whose article `text` is as it was extracted; at most `KEPT_LINES` lines, old ones forgotten."""
    met = _worth_learning(text.split("\n"))
    lines = {line.line: line for line in site.lines if now - line.last_seen <= FORGOTTEN_AFTER}
    for line in met:
        known = lines.get(line) or SiteLine(line, 0, site.pages, now)
        lines[line] = replace(known, pages=known.pages + 1, last_seen=now)
    # of those met once the oldest go first: a site's furniture is met again before its turn comes
    kept = sorted(lines.values(), key=lambda line: (line.line in met, line.pages > 1, line.last_seen, line.pages), reverse=True)
    return SiteLines(site.host, now, site.pages + 1, tuple(kept[:KEPT_LINES]))


def _worth_learning(lines: Sequence[str]) -> frozenset[str]:
    short = [line for line in lines if not is_prose(line)]
    edges = [*lines[:HEAD], *lines[-TAIL:], *(short if len(short) <= _SHORT_LINES else ())]
    return frozenset(_hash(line) for line in edges if line.strip())


def _is_repeated(line: str, pages: int, known: Mapping[str, SiteLine]) -> bool:
    found = known.get(_hash(line))
    if found is None:
        return False
    since = max(pages - found.born, 1)
    if is_prose(line):
        return since >= PROSE_AMONG and found.pages >= PROSE_SHARE * since
    return found.pages >= SHORT_SHARE * since


def _run(repeated: Sequence[bool]) -> int:
    return next((place for place, again in enumerate(repeated) if not again), len(repeated))


def _hash(line: str) -> str:
    return hashlib.blake2b(fold_title(line).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
