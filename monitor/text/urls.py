"""Addresses: what host they name, whether two are the same page, and how they are written; it asks no server.

The one home of publicsuffixlist. Comparison follows RFC 3986 section 6 where that keeps the meaning, and no further.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

MAX_URL = 2048
"""Longest address that is taken from a feed or a seed, characters (F47)."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DROPPED = re.compile(r"[\t\r\n]")  # browsers remove these anywhere in an address (WHATWG URL)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "%:/?#[]@!$&'()*+,;=~"
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_HOST_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?", re.IGNORECASE)

# Only names that no site is known to use for its own pages: a lost parameter would fold two pages into one.
_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "itm_",
    "hsa_",
    "oly_",
    "vero_",
    "piwik_",
    "matomo_",
    "_hs",
    "__hs",
    "wt_zmc",
    "fb_action_",
    "at_custom",
)
_TRACKING_WORDS = """
    fbclid gclid dclid gbraid wbraid gclsrc gad_source msclkid yclid ymclid ysclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid
    mkt_tok _openstat _ga _gl s_kwcid ef_id epik wickedid wickedsource rb_clickid sb_referer_host soc_src soc_trk ref_src ref_url
    cmpid xtor xtref ns_campaign ns_mchannel ns_source ns_linkname fb_ref fb_source action_object_map action_type_map
    action_ref_map mibextid guccounter guce_referrer guce_referrer_sig nr_email_referer pk_campaign pk_kwd pk_keyword pk_source
    pk_medium pk_content pk_cid ga_source ga_medium ga_term ga_content ga_campaign ga_place gs_lcp at_medium at_campaign
    at_campaign_type at_format at_link_id at_link_type at_link_origin at_ptr_name at_bbc_team
"""
_TRACKING = frozenset(_TRACKING_WORDS.split())


@lru_cache(maxsize=4096)  # one poll asks a dozen questions about each address
def _split(url: str) -> SplitResult | None:
    """The parts of an absolute http(s) address with a usable host and port, or None."""
    try:
        parts = urlsplit(_DROPPED.sub("", url.strip()))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname or port == 0:
        return None
    return parts if host_ascii(parts.hostname) else None


@lru_cache(maxsize=4096)
def is_http(url: str) -> bool:
    """True for an absolute http or https address with a host that can be written in ASCII."""
    return _split(url) is not None


@lru_cache(maxsize=4096)
def host_ascii(host: str) -> str:
    """A host in lower-case A-labels without final dot ("прэзідэнт.бел" → "xn--…"), an address as written; "" where it is neither."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        # label by label: the codec refuses long names as a whole, and underscores occur in real host names
        labels = [label if label.isascii() else label.encode("idna").decode("ascii") for label in host.split(".")]
    except UnicodeError:
        return ""
    usable = all(_HOST_LABEL.fullmatch(label) and len(label) <= 63 for label in labels)
    name = ".".join(labels)
    return name if usable and len(name) <= 253 else ""


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host of an http(s) address in lower-case A-labels, without port; "" where there is none."""
    parts = _split(url)
    return host_ascii(parts.hostname or "") if parts else ""


@lru_cache(maxsize=4096)
def port_of(url: str) -> int:
    """The port an http(s) address leads to, the scheme's own where it names none; 0 for other addresses."""
    parts = _split(url)
    return (parts.port or _DEFAULT_PORTS[parts.scheme.lower()]) if parts else 0


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=1)
def _registry_suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


@lru_cache(maxsize=4096)
def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The part of a host that one owner registered ("news.example.co.uk" → "example.co.uk"), by the Public Suffix List.

    Tenants of a hosting service are told apart ("a.blogspot.com"). An IP address and a bare suffix are given back unchanged.
    """
    name = host_ascii(host)
    return name if not name or _is_address(name) else (_suffixes().privatesuffix(name) or name)


def same_site(one: str, other: str) -> bool:
    """True where both addresses belong to the same registrable domain."""
    first, second = registrable_domain(host_of(one)), registrable_domain(host_of(other))
    return bool(first) and first == second


def host_key(url: str) -> str:
    """Whom to be polite to: requests to addresses with the same key are spaced and blocked together (F20, F26).

    The domain by the registry's suffixes, so that all tenants of one hosting service count as one host. IP addresses and
    names without a dot (localhost, a container's name) are keyed with their port: there each port is another server.
    "" for an address that is not http(s).
    """
    host = host_of(url)
    if not host or _is_address(host) or "." not in host:
        return f"{host}:{port_of(url)}" if host else ""
    return _registry_key(host)


@lru_cache(maxsize=4096)
def _registry_key(host: str) -> str:
    return _registry_suffixes().privatesuffix(host) or host


def absolute_url(base: str, link: str) -> str:
    """`link` as seen from `base`, absolute http(s), at most `MAX_URL` characters; "" for anything else (javascript:, mailto:)."""
    link = _DROPPED.sub("", link.strip())
    try:
        joined = urljoin(base, link)
    except ValueError:
        return ""
    return joined if len(joined) <= MAX_URL and is_http(joined) else ""


def without_fragment(url: str) -> str:
    """The address up to its `#`."""
    return url.partition("#")[0]


def request_target(url: str) -> str:
    """Path and query as they go on the wire: exactly as given, with only what HTTP cannot carry percent-encoded (F37)."""
    parts = urlsplit(_DROPPED.sub("", url.strip()))
    target = quote(parts.path or "/", safe=_PRINTABLE)
    return f"{target}?{quote(parts.query, safe=_PRINTABLE)}" if parts.query else target


def normalise_url(url: str) -> str:
    """The address as an identity: two spellings of one page give one string; idempotent.

    Lower-case scheme and host (A-labels), no default port, no user name, no fragment but `#!`, no tracking parameters, dot
    segments resolved, escapes in one spelling. Path case, trailing slash, order of parameters, `id` and `p` stay (F57).

    Returns:
        "" where `url` is not an absolute http(s) address.
    """
    parts = _split(url)
    if parts is None:
        return ""
    scheme = parts.scheme.lower()
    host = host_ascii(parts.hostname or "")
    name = f"[{host}]" if ":" in host else host
    netloc = name if parts.port in {None, _DEFAULT_PORTS[scheme]} else f"{name}:{parts.port}"
    path = _without_dots(_one_spelling(parts.path)) or "/"
    fragment = _one_spelling(parts.fragment) if parts.fragment.startswith("!") else ""
    return urlunsplit((scheme, netloc, path, _without_tracking(parts.query, host), fragment))


def _one_spelling(text: str) -> str:
    """Escapes of unreserved characters resolved, others in upper case, characters that need one escaped (RFC 3986 6.2.2)."""

    def spell(found: re.Match[str]) -> str:
        character = chr(int(found.group(1), 16))
        return character if character in _UNRESERVED else found.group(0).upper()

    escaped = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _ESCAPE.sub(spell, quote(escaped, safe=_KEPT, errors="replace"))


def _without_dots(path: str) -> str:
    """RFC 3986 5.2.4, for absolute paths."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _without_tracking(query: str, host: str) -> str:
    kept = (part for part in query.split("&") if part and not _is_tracking(part, host))
    return "&".join(_one_spelling(part) for part in kept)


def _is_tracking(part: str, host: str) -> bool:
    name, _, value = part.partition("=")
    key = unquote(name).lower()
    if key == "ref":  # only a site that names itself or a whole host is a referrer; other sites use ref as an id
        return unquote(value).lower().removeprefix("www.") == host.removeprefix("www.")
    return key in _TRACKING or key.startswith(_TRACKING_PREFIXES)
