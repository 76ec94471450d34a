"""The bytes of a feed made safe to parse, and what only an own look at the XML tells: hints, and the base of its links.

feedparser keeps only the last of several skipHours and expands internal entities; both are settled here before it is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from monitor.model.article import FeedHints
from monitor.model.errors import NotAFeed
from monitor.text.charset import charset_of, decode
from monitor.text.markup import Tree, clean_text, local_name
from monitor.text.urls import absolute_url

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
_ROOT_WITHIN = 65_536
_ENTITY = re.compile(r"""<!ENTITY\s+([\w:.-]+)\s+(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&([\w:.-]+);")
_NUMBERED = re.compile(r"&#([0-9]{1,40}|[xX][0-9a-fA-F]{1,40});")
_DOCTYPE = re.compile(r"\A((?:<!--.*?-->|\s)*)<!DOCTYPE\s+(?!html\b)[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_EXPANSION_LIMIT = 1_000_000
"""Characters that a document may gain by its own entities (F48)."""

_PERIODS = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_629_800.0, "yearly": 31_557_600.0}
_PERIOD_SLIPS = {"dayly": "daily", "always": "hourly", "hour": "hourly", "day": "daily", "week": "weekly", "month": "monthly"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as text without XML declaration and forbidden characters; `root` is "" where no feed begins in it.

    `based` says that xml:base stands somewhere in it, which has an effect on all of its entries.
    """

    text: str
    root: str
    based: bool = False


def read_document(body: bytes, content_type: str, url: str) -> FeedDocument:
    """Decode by the charset ladder (F41) and refuse entity bombs.

    Raises:
        NotAFeed: Its entities would make it grow beyond measure.
    """
    text = clean_text(decode(body, charset_of(content_type))).lstrip()
    text = _DECLARATION.sub("", text, count=1).lstrip()
    if "&#" in text:
        text = _NUMBERED.sub(_possible, text)
    text = _DOCTYPE.sub(r"\1", _expanded(text, url), count=1).lstrip()
    root = _ROOT.search(text, 0, _ROOT_WITHIN)
    return FeedDocument(text, root.group(1).lower() if root else "", "xml:base" in text)


def _possible(found: re.Match[str]) -> str:
    """A reference by number as it stands; "" where it names no character that XML allows, such as half a surrogate pair."""
    digits = found.group(1).lower()
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    allowed = code < 0x110000 and clean_text(chr(code))
    return found.group() if allowed else ""


def _expanded(text: str, url: str) -> str:
    """The text with its own internal entities resolved, so that no parser after us has any to resolve."""
    if "<!ENTITY" not in text:
        return text
    values = {name: double or single for name, double, single in _ENTITY.findall(text)}
    if _growth(text, values) > _EXPANSION_LIMIT:
        raise NotAFeed("an XML bomb: its entities would expand beyond a million characters", url=url)

    def value(found: re.Match[str]) -> str:
        inner = values.get(found.group(1))
        return found.group() if inner is None else _REFERENCE.sub(value, inner)

    head = _DOCTYPE.match(text)
    start = head.end() if head else 0
    return text[:start] + _REFERENCE.sub(value, text[start:])


def _growth(text: str, values: dict[str, str]) -> float:
    """Characters that internal entities would add, an upper bound; infinite where they refer to themselves."""
    sizes: dict[str, float] = {}

    def size(name: str, above: frozenset[str]) -> float:
        if name in above or len(above) > 40:
            return float("inf")
        if name not in sizes:
            inner = (size(used, above | {name}) for used in _REFERENCE.findall(values[name]) if used in values)
            sizes[name] = len(values[name]) + sum(inner)
        return sizes[name]

    used = Counter(name for name in _REFERENCE.findall(text) if name in values)
    return sum(size(name, frozenset()) * count for name, count in used.items())


def hints_of(tree: Tree | None) -> FeedHints:
    """ttl, sy:updatePeriod and sy:updateFrequency, skipHours and skipDays of the feed itself (F22, F23)."""
    heads = [] if tree is None else _heads(tree)
    values: dict[str, str] = {}
    hours: set[int] = set()
    days: set[int] = set()
    for element in heads:
        name = local_name(element)
        if name == "skiphours":
            hours |= {int(text) % 24 for text in _children_text(element) if text.isdecimal() and int(text) <= 24}
        elif name == "skipdays":
            days |= {_DAYS.index(text[:3].lower()) for text in _children_text(element) if text[:3].lower() in _DAYS}
        else:
            values.setdefault(name, (element.text or "").strip())
    return FeedHints(_minutes(values.get("ttl", "")), _period(values), frozenset(hours), frozenset(days))


def _heads(tree: Tree) -> list[Tree]:
    """The elements that describe the feed: children of the channel (RSS, RDF) or of the root (Atom)."""
    channel = next((child for child in tree if local_name(child) == "channel"), tree)
    # RSS 0.9x and 1.0 put some of them beside the channel
    beside = [] if channel is tree else [child for child in tree if local_name(child) != "item"]
    return [child for child in (*channel, *beside) if local_name(child) not in {"item", "entry", "channel"}]


def _children_text(element: Tree) -> list[str]:
    return [(child.text or "").strip() for child in element]


def _minutes(text: str) -> float | None:
    found = re.fullmatch(r"\d{1,7}", text)
    return float(text) * 60 or None if found else None


def _period(values: dict[str, str]) -> float | None:
    word = values.get("updateperiod", "").lower()
    period = _PERIODS.get(_PERIOD_SLIPS.get(word, word))
    frequency = values.get("updatefrequency", "")
    return period / max(int(frequency) if re.fullmatch(r"\d{1,6}", frequency) else 1, 1) if period else None


def link_base(tree: Tree | None, url: str) -> str:
    """What relative links of the document are relative to where it says nothing by xml:base (F56).

    For RSS the channel's link, for Atom the document's own address (RFC 4287 4.2.7).
    """
    if tree is None or local_name(tree) == "feed":
        return url
    for element in _heads(tree):
        if local_name(element) == "link" and (element.text or "").strip():
            return absolute_url(url, element.text) or url
    return url
