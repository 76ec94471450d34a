"""Who a copied text comes from: the agency that its copies name, else who published it first. It judges no pair of texts. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model.article import Article
from monitor.model.story import AnalysedArticle
from monitor.stories.order import first_appearance, has_date
from monitor.stories.words import fold_line
from monitor.text.dateline import read_dateline

_CREDIT = re.compile(
    r"^(?:source|sources|credit|(?:первоисточник|источник)|крыніца|джерело|źródło|šaltinis|©|\(c\))\s*(?:[:–—-]\s*)?"
    r"([^\W\d_][^\n:;,/]{1,40}?)\s*[.]?$",
    re.IGNORECASE,
)
_CREDITS_FROM_END = 3
"""Lines at the end of a text among which its credit stands."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The agency or publisher that a text comes from, "" where nobody is known, and why."""

    name: str
    reason: str


def origin_of(items: Sequence[AnalysedArticle]) -> Origin:
    """Name the origin of copies of one text: the agency most of them name in dateline or credit line, else the first publisher.

    Among agencies named equally often the one of the earliest article counts.
    """
    ordered = sorted(items, key=first_appearance)
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in ordered:
        agency, place = _agency(item.article)
        if agency:
            named[fold_line(agency)].append((agency, place))
    if named:
        most = max(named.values(), key=len)
        agency, place = most[0]
        return Origin(agency, f"named in the {place} of {len(most)} of {len(ordered)}")
    first = min((item.article for item in ordered if has_date(item.article)), key=_published, default=ordered[0].article)
    name = first.source.publisher or first.source.name
    if len(ordered) == 1:
        return Origin(name, "no agency is named, and nobody else carries it")
    return Origin(name, f"no agency is named; the first of {len(ordered)} to carry it, {first.published:%Y-%m-%d %H:%M} UTC")


def _published(article: Article) -> tuple[object, ...]:
    return article.published, article.first_seen, article.id


def _agency(article: Article) -> tuple[str, str]:
    """The agency that an article names, and where ("dateline", "credit"); ("", "") where it names none."""
    if agency := read_dateline(article.text[:200].partition("\n")[0]).agency:
        return agency, "dateline"
    for line in article.text[-400:].split("\n")[-_CREDITS_FROM_END:]:
        if credit := _CREDIT.match(line.strip()):
            return credit[1].strip(), "credit"
    return "", ""
