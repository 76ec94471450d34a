"""Links that go through a redirector: what page they mean, where the address itself tells (F59). Pure; it asks nobody.

Where the address does not tell, the fetcher follows it like any redirect, and `unresolved` says whether that led anywhere.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from urllib.parse import parse_qs, urlsplit

from monitor.text.urls import MAX_URL, host_of, is_http

_MOST_LAYERS = 3
# Host suffix → (path pattern, names of the parameter that holds the address). Facts of each service's own links.
_PARAMETERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("google", r"/url/?$", ("q", "url")),
    ("consent.google", r"/", ("continue",)),
    ("consent.youtube.com", r"/", ("continue",)),
    ("consent.yahoo.com", r"/", ("returnUrl", "originalUrl")),
    ("guce.yahoo.com", r"/", ("returnUrl", "originalUrl")),
    ("facebook.com", r"/(?:l|flx/warn)(?:\.php|/)", ("u",)),
    ("l.instagram.com", r"/", ("u",)),
    ("vk.com", r"/away(?:\.php)?$", ("to",)),
    ("youtube.com", r"/redirect$", ("q",)),
    ("bing.com", r"/news/apiclick\.aspx$", ("url",)),
    ("duckduckgo.com", r"/l/?$", ("uddg",)),
    ("safelinks.protection.outlook.com", r"/", ("url",)),
    ("getpocket.com", r"/redirect$", ("url",)),
    ("out.reddit.com", r"/", ("url",)),
    ("t.umblr.com", r"/redirect$", ("z",)),
    ("slack-redir.net", r"/link$", ("url",)),
    ("linkedin.com", r"/(?:redir/redirect|safety/go)$", ("url",)),
)
_SHORTENER_HOSTS = """
    t.co bit.ly tinyurl.com goo.gl ow.ly buff.ly dlvr.it is.gd fb.me lnkd.in trib.al ift.tt clck.ru vk.cc u.to cutt.ly rb.gy
    lnk.to feedproxy.google.com news.google.com
"""
_SHORTENERS = frozenset(_SHORTENER_HOSTS.split())
_WALLS = ("consent.google", "consent.youtube.com", "consent.yahoo.com", "guce.yahoo.com", "accounts.google", "login.yahoo.com")
_GOOGLE = re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}")
_GOOGLE_HOST = re.compile(r"((?:consent|accounts)\.google)(?:\.[a-z]{2,3}){1,2}")
_NEWS_ID = re.compile(r"/(?:rss/)?(?:articles|read)/([\w-]{20,2000})=*$")
_INNER_URL = re.compile(rb"https?://[\x21-\x7e]+")


def unwrapped(url: str) -> str:
    """The page that a redirector's address names, or `url` itself where it names none."""
    for _ in range(_MOST_LAYERS):
        inner = _named_in(url)
        if not inner:
            break
        url = inner
    return url


def is_redirector(url: str) -> bool:
    """True for an address that only leads elsewhere: a shortener's, or one that names its page."""
    host = host_of(url)
    if host == "feeds.feedburner.com":
        return urlsplit(url).path.startswith("/~r/")
    return host in _SHORTENERS or bool(_named_in(url))


def unresolved(link: str, final_url: str) -> str:
    """Why what came from `final_url` is not the page that `link` meant; "" where it may be.

    A wall for consent or login, or the redirector itself, which would need a script to be run.
    """
    host = _family(host_of(final_url))
    if any(host == wall or host.endswith("." + wall) for wall in _WALLS):
        return f"unresolved: {host_of(link)} led to a wall at {host_of(final_url)}"
    if is_redirector(final_url):
        return f"unresolved: {host_of(final_url)} does not say where the link leads"
    if is_redirector(link) and urlsplit(final_url).path in {"", "/"} and not urlsplit(final_url).query:
        return f"unresolved: {host_of(link)} led to a home page"
    return ""


def _family(host: str) -> str:
    """Google's hosts are the same service under many countries' domains."""
    if _GOOGLE.fullmatch(host):
        return "google"
    found = _GOOGLE_HOST.fullmatch(host)
    return found.group(1) if found else host


def _named_in(url: str) -> str:
    """The address that one layer names, or ""."""
    if len(url) > MAX_URL or not is_http(url):
        return ""
    parts, host = urlsplit(url), _family(host_of(url))
    if host == "news.google.com":
        return _in_news_id(parts.path)
    for suffix, path, names in _PARAMETERS:
        if (host == suffix or host.endswith("." + suffix)) and re.match(path, parts.path):
            values = parse_qs(parts.query)
            found = (value for name in names for value in values.get(name, ()))
            return next((value for value in found if is_http(value) and len(value) <= MAX_URL), "")
    return ""


def _in_news_id(path: str) -> str:
    """The address inside the id of a Google News article; ids since 2024 hold none and give ""."""
    found = _NEWS_ID.search(path)
    if not found:
        return ""
    try:
        data = urlsafe_b64decode(found.group(1) + "=" * (-len(found.group(1)) % 4))
    except (NotBase64, ValueError):
        return ""
    # a protocol buffer: tag 0x22, a length of one or two bytes, the address
    inner = _INNER_URL.search(data)
    if not inner or inner.start() < 2:
        return ""
    before, last = data[inner.start() - 2 : inner.start()]
    length = (before & 0x7F) | (last << 7) if before >= 0x80 else last
    address = inner.group()[:length].decode("ascii")
    return address if is_http(address) else ""
