"""Whether robots.txt lets us fetch an article's page, and how often (RFC 9309). Pure; it fetches nothing.

Feeds are not asked for it: whoever publishes a feed invites its readers. The pages that it links are another matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from monitor.model.errors import FeedBusy, FeedUnreachable, FetchFailed
from monitor.model.robots import Robots, RobotsRule, RobotsVerdict
from monitor.text.urls import host_of, request_target

KEPT_FOR = timedelta(hours=24)
"""How long an answer holds (RFC 9309 2.4)."""
ASKED_AGAIN_AFTER = timedelta(hours=1)
"""How long pages are left alone after a site could not be asked for its robots.txt."""
GIVEN_UP_AFTER = timedelta(days=30)
"""A robots.txt that could not be asked for so long is taken not to exist (RFC 9309 2.3.1.4)."""
LIMIT = 500 * 1024
"""Bytes of it that are read; the rest is left out (RFC 9309 2.5)."""
LONGEST_DELAY_S = 60.0
"""A longer Crawl-delay counts as this: it asks for a pace at which no news can be read."""

_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_MOST_RULES = 2000
_AS_WRITTEN = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class RobotsDecision:
    """Whether a page may be fetched now and why not; `passing` is True where that may change within hours."""

    allowed: bool
    reason: str = ""
    passing: bool = False
    delay_s: float = 0.0


def product_token(user_agent: str) -> str:
    """The name that robots.txt files know us by: the letters that a User-Agent begins with ("monitor" of "monitor/1.0 (…)")."""
    found = _TOKEN.match(user_agent)
    return found.group().lower() if found else ""


def origin_of(url: str) -> str:
    """Scheme, host and port as one robots.txt speaks for them: "https://example.org", "http://127.0.0.1:8000"."""
    parts = urlsplit(url)
    host = host_of(url)
    name = f"[{host}]" if ":" in host else host
    scheme = parts.scheme.lower()
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{name}" + ("" if parts.port in {None, usual} else f":{parts.port}")


def needs_asking(robots: Robots | None, now: datetime) -> bool:
    """True where nothing is known of an origin, or what is known is too old."""
    if robots is None or robots.asked_at > now:
        return True
    kept = ASKED_AGAIN_AFTER if robots.verdict is RobotsVerdict.UNREACHABLE else KEPT_FOR
    return now - robots.asked_at >= kept


def robots_of_body(origin: str, body: bytes, token: str, now: datetime) -> Robots:
    """What an answer of 200 says to us."""
    rules, delay_s = read_robots(body[:LIMIT].decode("utf-8-sig", "replace"), token)
    return Robots(origin, now, RobotsVerdict.RULES, rules, delay_s)


def robots_of_failure(origin: str, error: FetchFailed, before: Robots | None, now: datetime) -> Robots:
    """What follows from a failure: none to obey after a 4xx, nothing to be fetched for a while after a 5xx or no answer at all."""
    down = isinstance(error, FeedBusy | FeedUnreachable) or (error.status is not None and error.status >= 500)
    if not down:
        return Robots(origin, now, RobotsVerdict.NONE, reason=error.reason)
    since = (before.down_since if before else None) or now
    if now - since >= GIVEN_UP_AFTER:
        return Robots(origin, now, RobotsVerdict.NONE, reason=f"{error.reason}, for {GIVEN_UP_AFTER.days} days", down_since=since)
    return Robots(origin, now, RobotsVerdict.UNREACHABLE, reason=error.reason, down_since=since)


def may_fetch(robots: Robots, url: str) -> RobotsDecision:
    """Decide on one page of the origin: the longest pattern that matches decides, `Allow` where two are equally long."""
    if robots.verdict is RobotsVerdict.UNREACHABLE:
        reason = (
            f"robots.txt of {urlsplit(robots.origin).netloc} could not be read ({robots.reason}), so its pages are left for now"
        )
        return RobotsDecision(False, reason, passing=True)
    target = _spelled(request_target(url))
    matching = [rule for rule in robots.rules if _matches(_spelled(rule.path), target)]
    deciding = max(matching, key=lambda rule: (len(rule.path), rule.allow), default=None)
    if deciding is None or deciding.allow:
        return RobotsDecision(True, delay_s=robots.delay_s)
    return RobotsDecision(False, f"robots.txt of {urlsplit(robots.origin).netloc} disallows it (Disallow: {deciding.path[:80]})")


def read_robots(text: str, token: str) -> tuple[tuple[RobotsRule, ...], float]:
    """The rules and the Crawl-delay (seconds, at most 60) of all groups that name `token`, else of those for `*`.

    Lines that are no rule are passed over, as the RFC asks: an HTML page in place of the file forbids nothing.
    """
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    named = False
    agents: set[str] = set()
    heading = False
    for field, value in _records(text):
        if field == "user-agent":
            agents = agents if heading else set()
            heading = True
            agents.add("*" if value.startswith("*") else product_token(value))
            named = named or token in agents
        elif field in {"allow", "disallow", "crawl-delay"}:
            heading = False
            if token in agents:
                own.append((field, value))
            if "*" in agents:
                common.append((field, value))
    return _group(own if named else common)


def _records(text: str) -> Iterable[tuple[str, str]]:
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield field.strip().lower(), value.strip()


def _group(records: list[tuple[str, str]]) -> tuple[tuple[RobotsRule, ...], float]:
    rules = tuple(RobotsRule(field == "allow", value) for field, value in records if field != "crawl-delay" and value)
    delays = [_seconds(value) for field, value in records if field == "crawl-delay"]
    return rules[:_MOST_RULES], max(delays, default=0.0)


def _seconds(value: str) -> float:
    return min(float(value), LONGEST_DELAY_S) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value) else 0.0


def _spelled(path: str) -> str:
    """One spelling of a path or pattern: what needs an escape has one, in upper case, and nothing else has (RFC 9309 2.2.2)."""

    def plain(found: re.Match[str]) -> str:
        character = chr(int(found.group(1), 16))
        return character if _UNRESERVED.fullmatch(character) else found.group().upper()

    return _ESCAPE.sub(plain, quote(path, safe=_AS_WRITTEN))


def _matches(pattern: str, target: str) -> bool:
    """Match piece by piece between the `*`s: time grows with the lengths only, whatever the pattern."""
    ends = pattern.endswith("$")
    first, *others = (pattern[:-1] if ends else pattern).split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    if not others:
        return at == len(target) or not ends
    *middle, last = others
    for piece in middle:
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return target.endswith(last) and len(target) - len(last) >= at if ends else target.find(last, at) >= 0
